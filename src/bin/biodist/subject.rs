//! Who is simulated: the scenario itself, or each subject of a dosing table.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use biodist::scenario::DosingTable;
use biodist::solver::Options;
use biodist::{Run, Scenario};

use crate::failure::{Failure, readable};
use crate::input::Input;
use crate::terminal::Terminal;
use crate::{describe, interrupt, not_read};

/// Somebody who has not been simulated yet.
pub struct Subject {
    /// As the dosing table calls it; none without one.
    pub id: Option<String>,
    /// A name for the files of the subject.
    pub name: Option<String>,
    scenario: Scenario,
    /// The dosing table, for messages.
    table: String,
}

/// A run, and whose it is.
pub struct Simulated {
    /// As the dosing table calls it; none without one.
    pub id: Option<String>,
    /// A name for the files of the subject.
    pub name: Option<String>,
    /// What became of the cells.
    pub run: Run,
}

/// Letters of an id.
const LONGEST: usize = 100;
/// Letters of an id in the names of files.
const IN_FILES: usize = 40;
/// Letters of the title of a scenario before that of its subjects.
const TITLE: usize = 150;
/// Subjects that a note names.
const NAMED: usize = 10;

impl Subject {
    /// The subject of a scenario without a dosing table.
    pub fn of(scenario: Scenario) -> Self {
        Self {
            id: None,
            name: None,
            scenario,
            table: String::new(),
        }
    }

    /// Every subject of a dosing table, each like the scenario but for the doses.
    pub fn of_table(
        terminal: &Terminal,
        file: &Path,
        like: &Scenario,
    ) -> Result<Vec<Self>, Failure> {
        let input = Input::read(file)?;
        let named = |failure: Failure| failure.of(&input.name);
        let table = DosingTable::from_csv(&input.text);
        let table = table.map_err(|error| named(error.into()))?;
        not_read::of_dosing(terminal, &input.name, &table);
        let scenarios = table.scenarios(like);
        let scenarios = scenarios.map_err(|error| named(error.into()))?;
        let (mut names, mut longer) = (FileNames::default(), vec![]);
        let mut subjects = vec![];
        for (id, mut scenario) in scenarios {
            check_id(&id).map_err(named)?;
            if scenario.until > like.until {
                longer.push(format!("{id} until {}", scenario.until));
            }
            // Pictures and pages say whose they are.
            let title: String = describe::title(&scenario).chars().take(TITLE).collect();
            scenario.title = format!("{title}, subject {id}");
            subjects.push(Self {
                name: Some(names.of(&id)),
                id: Some(id),
                scenario,
                table: input.name.clone(),
            });
        }
        followed_longer(terminal, &longer);
        // What is wrong with any of them is found before the first is simulated.
        for subject in &subjects {
            let checked = subject.scenario.check();
            checked.map_err(|error| subject.said(error.into()))?;
        }
        Ok(subjects)
    }

    /// Simulates.
    pub fn simulate(self, options: &Options) -> Result<Simulated, Failure> {
        let run = self
            .scenario
            .simulate_with_token(options, interrupt::token());
        let run = run.map_err(|error| self.said(error.into()))?;
        Ok(Simulated {
            id: self.id,
            name: self.name,
            run,
        })
    }

    fn said(&self, failure: Failure) -> Failure {
        match &self.id {
            Some(id) => failure.of(&format!("subject {id}")).of(&self.table),
            None => failure,
        }
    }
}

/// An id stands in tables, titles and names of files.
fn check_id(id: &str) -> Result<(), Failure> {
    let good = id.chars().count() <= LONGEST && !id.chars().any(char::is_control);
    match good {
        true => Ok(()),
        false => Err(Failure::input(format!(
            "ID = {}: must have at most {LONGEST} letters, and none that controls a terminal",
            readable(&id.chars().take(LONGEST).collect::<String>())
        ))),
    }
}

fn followed_longer(terminal: &Terminal, longer: &[String]) {
    if longer.is_empty() {
        return;
    }
    let shown = &longer[..longer.len().min(NAMED)];
    let more = match longer.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    terminal.note(format_args!(
        "followed longer than the scenario, for doses or observations: {}{more}",
        shown.join(", ")
    ));
}

/// Names for the files of subjects: each is one name on every system of files, and no two are alike.
#[derive(Default)]
struct FileNames {
    /// Names that are taken, with the number that the next of that name gets.
    taken: HashMap<String, usize>,
}

impl FileNames {
    fn of(&mut self, id: &str) -> String {
        let sign = |c: char| match c.is_alphanumeric() || c == '-' {
            true => c,
            false => '_',
        };
        let plain: String = id.chars().take(IN_FILES).map(sign).collect();
        let mut name = plain.clone();
        loop {
            if let Entry::Vacant(free) = self.taken.entry(name.to_lowercase()) {
                free.insert(2);
                return name;
            }
            let number = self.taken.entry(plain.to_lowercase()).or_insert(2);
            name = format!("{plain}_{number}");
            *number += 1;
        }
    }
}
