//! Who is simulated: the scenario itself, or each subject of a dosing table.

use std::path::Path;

use biodist::scenario::DosingTable;
use biodist::solver::Options;
use biodist::{Run, Scenario};

use crate::failure::Failure;
use crate::input::Input;
use crate::terminal::Terminal;

/// A run, and whose it is.
pub struct Subject {
    /// As the dosing table calls it; none without one.
    pub id: Option<String>,
    /// What became of the cells.
    pub run: Run,
}

impl Subject {
    /// The subject of a scenario without a dosing table.
    pub fn of(scenario: &Scenario, options: &Options) -> Result<Self, Failure> {
        let run = scenario.simulate_with(options)?;
        Ok(Self { id: None, run })
    }

    /// Every subject of a dosing table, each like the scenario but for the doses.
    pub fn of_table(
        terminal: &Terminal,
        file: &Path,
        like: &Scenario,
        options: &Options,
    ) -> Result<Vec<Self>, Failure> {
        let input = Input::read(file)?;
        let named = |failure: Failure| failure.of(&input.name);
        let table = DosingTable::from_csv(&input.text);
        let table = table.map_err(|error| named(error.into()))?;
        unread(terminal, &input.name, table.unread());
        let scenarios = table.scenarios(like);
        let scenarios = scenarios.map_err(|error| named(error.into()))?;
        let one = |(id, scenario): (String, Scenario)| {
            let run = scenario.simulate_with(options);
            let of_subject = |error| named(Failure::from(error).of(&format!("subject {id}")));
            let run = run.map_err(of_subject)?;
            Ok(Self { id: Some(id), run })
        };
        scenarios.into_iter().map(one).collect()
    }
}

/// Says which columns were not read, so that a misspelt one is seen.
pub fn unread(terminal: &Terminal, name: &str, columns: &[String]) {
    if !columns.is_empty() {
        terminal.note(format_args!(
            "{name}: columns not read: {}",
            columns.join(", ")
        ));
    }
}
