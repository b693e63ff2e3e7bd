//! A table of measurements, and whose each of them is.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use biodist::observation::Observed;

use crate::beside::Beside;
use crate::failure::Failure;
use crate::input::Input;
use crate::not_read;
use crate::subject::{Simulated, Subject};
use crate::terminal::Terminal;

/// Subjects that a message names.
const NAMED: usize = 10;

/// A table of measurements, and where it comes from.
pub struct Measurements {
    name: String,
    table: Observed,
    /// Numbers of the rows of each subject; those of nobody are of all.
    rows: HashMap<Option<String>, Vec<usize>>,
}

impl Measurements {
    /// Reads them from a file.
    pub fn read(terminal: &Terminal, file: &Path) -> Result<Self, Failure> {
        let input = Input::read(file)?;
        let table = Observed::from_csv(&input.text);
        let table = table.map_err(|error| Failure::from(error).of(&input.name))?;
        not_read::of(terminal, &input.name, table.unread(), table.skipped());
        let mut rows: HashMap<Option<String>, Vec<usize>> = HashMap::new();
        for (number, row) in table.rows().iter().enumerate() {
            rows.entry(row.subject.clone()).or_default().push(number);
        }
        let name = input.name;
        Ok(Self { name, table, rows })
    }

    /// Whether every row is of somebody who is simulated.
    pub fn check(&self, subjects: &[Subject]) -> Result<(), Failure> {
        let known = || subjects.iter().filter_map(|one| one.id.as_deref());
        let ids: HashSet<&str> = known().collect();
        let stranger = self.table.rows().iter().find_map(|row| {
            let id = row.subject.as_deref()?;
            (!ids.is_empty() && !ids.contains(id)).then_some((row.line, id))
        });
        let Some((line, id)) = stranger else {
            return Ok(());
        };
        let first: Vec<&str> = known().take(NAMED).collect();
        let more = if ids.len() > NAMED { ", ..." } else { "" };
        let said = format!(
            "line {line}, id = '{id}': the dosing table has the subjects {}{more}",
            first.join(", ")
        );
        Err(Failure::input(said).of(&self.name))
    }

    /// The measurements of a subject. Rows without an id, and all rows where runs have none, are of every one.
    pub fn beside(&self, subject: &Simulated) -> Result<Beside, Failure> {
        let mut mine: Vec<usize> = match &subject.id {
            Some(_) => {
                let of = [&None, &subject.id].map(|id| self.rows.get(id));
                of.into_iter().flatten().flatten().copied().collect()
            }
            None => (0..self.table.rows().len()).collect(),
        };
        mine.sort_unstable();
        let rows = mine.into_iter().map(|number| &self.table.rows()[number]);
        Beside::of(&self.name, &subject.run, rows)
    }
}
