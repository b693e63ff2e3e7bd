//! Who is simulated: the scenario itself, or each subject of a dosing table.

use std::path::Path;

use biodist::scenario::DosingTable;
use biodist::solver::Options;
use biodist::{Run, Scenario};

use crate::failure::Failure;
use crate::input::Input;
use crate::terminal::Terminal;
use crate::{describe, not_read, progress};

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
        not_read::of_dosing(terminal, &input.name, &table);
        let scenarios = table.scenarios(like);
        let scenarios = scenarios.map_err(|error| named(error.into()))?;
        let bar = progress::bar(terminal, scenarios.len());
        let mut longer = vec![];
        let one = |(id, mut scenario): (String, Scenario)| {
            if scenario.until > like.until {
                longer.push(format!("{id} until {}", scenario.until));
            }
            // Pictures and pages say whose they are.
            scenario.title = format!("{}, subject {id}", describe::title(&scenario));
            let run = scenario.simulate_with(options);
            let of_subject = |error| named(Failure::from(error).of(&format!("subject {id}")));
            let run = run.map_err(of_subject)?;
            bar.inc(1);
            Ok(Self { id: Some(id), run })
        };
        let subjects = scenarios.into_iter().map(one).collect();
        bar.finish_and_clear();
        if !longer.is_empty() {
            let longer = longer.join(", ");
            terminal.note(format_args!(
                "followed longer than the scenario, for doses or observations: {longer}"
            ));
        }
        subjects
    }
}

/// A name for the files of each subject that is one name on every system of files, and no two alike.
pub fn file_names(subjects: &[Subject]) -> Vec<Option<String>> {
    let mut taken: Vec<String> = vec![];
    let name = |subject: &Subject| {
        let id = subject.id.as_ref()?;
        let plain = |c: char| {
            if c.is_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        };
        let plain: String = id.chars().map(plain).collect();
        let mut name = plain.clone();
        let mut number = 2;
        while taken.contains(&name.to_lowercase()) {
            name = format!("{plain}_{number}");
            number += 1;
        }
        taken.push(name.to_lowercase());
        Some(name)
    };
    subjects.iter().map(name).collect()
}
