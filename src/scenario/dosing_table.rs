//! Dosing tables as pharmacometricians write them: one row an event, several subjects.

use std::collections::HashSet;

use super::Scenario;
use super::dosing_columns::COLUMNS;
use super::dosing_row::{Row, subject};
use super::dosing_template::dose;
use crate::data::{SkippedRow, TableError, TableFaults, UserTable};
use crate::instant;
use crate::units::Time;

/// Doses and times of observation of one or more subjects, in the form of NONMEM.
///
/// | column | needed | what |
/// |---|---|---|
/// | `TIME` | yes | when, h; within a subject it never falls; below 0 only in an observation, which is skipped |
/// | `AMT` | yes | cells of one administration, dead ones included |
/// | `ID` | no | subject, in every row; its rows stand together. Without the column all rows are of one |
/// | `EVID` | no | 1 a dose, 0 or 2 a time to report; absent: a dose where `AMT` is above 0 |
/// | `MDV` | no | 0 or 1; not 0 in a dose |
/// | `RATE` | no | cells/h that enter; absent or 0: a bolus, unless `DUR` says otherwise |
/// | `DUR`, `TINF` | no | how long it takes, h; not together with `RATE` |
/// | `ADDL`, `II` | no | how many more of the same dose, and the time between, h |
/// | `ALAG`, `ALAG1`, `LAG`, `TLAG` | no | from `TIME` to the first cell, h; absent: that of the scenario's dose |
/// | `F1` | no | share that enters; absent: that of the scenario's dose |
/// | `ROUTE` | no | a route of the scenario or a known one, by name; absent: that of the scenario's first dose |
/// | `PRODUCT` | no | a product of the scenario or of the tables, by name; absent: that of the first dose |
/// | `C` | no | `C`: the row is a remark |
///
/// Columns that would change what a row means and cannot be honoured are refused by name: `SS`, `CMT`, `CENS` and others.
/// Columns that mean nothing here are not read, see [`Self::unread`].
///
/// Lag and loss are those of the first dose of the scenario by the same route, of the same product if there is one.
///
/// Columns are separated by commas, semicolons or tabs. Heads may be in any case, and the first may begin with a `#`. A
/// cell that is empty, a `.` or `NA` is absent. Rows that begin with a `#` are skipped, see [`Self::skipped`].
///
/// ```
/// use biodist::prelude::*;
/// use biodist::scenario::DosingTable;
///
/// let table = DosingTable::from_csv("ID,TIME,AMT,DUR,ADDL,II,EVID\n1,0,1e8,0.5,2,168,1\n1,24,.,.,.,.,0\n")?;
/// let like = Scenario::new(Host::human(73.kg()))
///     .dose(Dose::new(1.cells(), Product::bone_marrow_msc()))
///     .until(1.days());
/// let (subject, scenario) = &table.scenarios(&like)?[0];
/// assert_eq!(subject, "1");
/// assert_eq!(scenario.doses[0].repeat.unwrap().times, 3);
/// assert_eq!(scenario.until, 336.5.hours()); // later than the scenario had it: the last dose is given
/// assert!(scenario.check().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct DosingTable {
    blocks: Vec<Block>,
    unread: Vec<String>,
    skipped: Vec<SkippedRow>,
}

/// The rows of one subject.
#[derive(Debug, Clone, PartialEq)]
struct Block {
    subject: String,
    rows: Vec<Row>,
}

/// What is wrong with a dosing table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DosingTableError {
    /// The table itself.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A table without doses.
    #[error("subject '{subject}' has no dose: give a row with AMT above 0 and EVID 1")]
    NoDose {
        /// The subject.
        subject: String,
    },
    /// A product that the table leaves to the scenario, which has no dose to take it from.
    #[error("the table has no column 'PRODUCT' and the scenario no dose to take the product from")]
    NoProduct,
}

impl DosingTable {
    /// Reads a table from CSV.
    ///
    /// # Errors
    /// [`DosingTableError`] with all faults of the table, each naming line, column, value and what is allowed.
    pub fn from_csv(text: &str) -> Result<Self, DosingTableError> {
        let mut table = UserTable::read(text, &COLUMNS)?;
        let mut faults = std::mem::take(&mut table.faults);
        let mut skipped = std::mem::take(&mut table.skipped);
        let mut blocks: Vec<Block> = vec![];
        let mut known: HashSet<String> = HashSet::new();
        for cells in table.rows() {
            let line = cells.line();
            match faults.take(cells.is_remark()) {
                Some(false) => {}
                Some(true) => {
                    let why = "marked C";
                    skipped.push(SkippedRow { line, why });
                    continue;
                }
                None => continue,
            }
            let subject = faults.take(subject(&cells));
            let (row, Some(subject)) = (Row::read(&cells, &mut faults), subject) else {
                continue;
            };
            if blocks.last().is_none_or(|block| block.subject != subject) {
                if !known.insert(subject.to_string()) {
                    faults.push(cells.bad("ID", AGAIN));
                }
                let subject = subject.to_string();
                blocks.push(Block {
                    subject,
                    rows: vec![],
                });
            }
            let (Some(row), Some(block)) = (row, blocks.last_mut()) else {
                continue;
            };
            let before = block.rows.last().map_or(row.time, |before| before.time);
            if !instant::reached(before, row.time) {
                let allowed = format!("must not be before {before} h, the row above it");
                faults.push(cells.bad("TIME", allowed));
            }
            if row.time < 0.0 {
                let why = "before time 0";
                skipped.push(SkippedRow { line, why });
            }
            block.rows.push(row);
        }
        skipped.sort_by_key(|row| row.line);
        let unread = table.unread;
        Ok(faults.or(Self {
            blocks,
            unread,
            skipped,
        })?)
    }

    /// Columns of the table that have no meaning here.
    #[must_use]
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// Rows that were not read: remarks, and observations before time 0.
    #[must_use]
    pub fn skipped(&self) -> &[SkippedRow] {
        &self.skipped
    }

    /// Subjects that were observed and given nothing; there is nothing to follow in them.
    pub fn without_dose(&self) -> impl Iterator<Item = &str> {
        let none = self.blocks.iter().filter(|block| !block.has_dose());
        none.map(|block| block.subject.as_str())
    }

    /// A scenario for each subject that is given something, in the order of the table: that of `like` with the doses of
    /// the subject in place of its own.
    ///
    /// Where the subject is observed, these times are reported. The run goes on to the last dose and observation
    /// if `like` ends before, and a day longer after a bolus that would be its end.
    ///
    /// # Errors
    /// As [`Self::subjects`].
    pub fn scenarios(&self, like: &Scenario) -> Result<Vec<(String, Scenario)>, DosingTableError> {
        Ok(self.subjects(like)?.collect())
    }

    /// As [`Self::scenarios`], one after the other.
    ///
    /// # Errors
    /// [`DosingTableError::NoDose`]; [`DosingTableError::NoProduct`]; [`TableError::BadCell`] for each route and product
    /// that nobody knows.
    pub fn subjects<'a>(
        &'a self,
        like: &'a Scenario,
    ) -> Result<impl ExactSizeIterator<Item = (String, Scenario)> + 'a, DosingTableError> {
        let given: Vec<&Block> = self
            .blocks
            .iter()
            .filter(|block| block.has_dose())
            .collect();
        if let (true, Some(first)) = (given.is_empty(), self.blocks.first()) {
            let subject = first.subject.clone();
            return Err(DosingTableError::NoDose { subject });
        }
        let mut faults = TableFaults::default();
        for row in given.iter().flat_map(|block| &block.rows) {
            if let Some(given) = &row.given
                && let Some(None) = faults.take(dose(like, row.line, given))
            {
                return Err(DosingTableError::NoProduct);
            }
        }
        faults.or(())?;
        let one = |block: &Block| (block.subject.clone(), scenario(like, &block.rows));
        Ok(given.into_iter().map(one))
    }
}

/// Why an ID that comes again is refused.
const AGAIN: &str = "this subject has rows further up, and those of another stand between them: put the rows of a subject \
                     together, or give another subject another ID";

impl Block {
    fn has_dose(&self) -> bool {
        self.rows.iter().any(|row| row.given.is_some())
    }
}

fn scenario(like: &Scenario, rows: &[Row]) -> Scenario {
    let mut scenario = like.clone();
    scenario.doses.clear();
    let mut observed: Vec<f64> = vec![];
    let mut last = like.until.value();
    for row in rows {
        let Some(given) = &row.given else {
            if row.time >= 0.0 {
                observed.push(row.time);
                last = last.max(row.time);
            }
            continue;
        };
        // Every row was looked up before, and its faults told.
        let Ok(Some(dose)) = dose(like, row.line, given) else {
            continue;
        };
        let dose = dose.at(Time::new(row.time));
        let start = dose.starts().last().copied().unwrap_or(row.time);
        last = last.max(start + given.over.value());
        scenario.doses.push(dose);
    }
    // A bolus at the very end would leave no time to follow its cells.
    let bolus_at_end = scenario.doses.iter().any(|dose| {
        let start = dose.starts().last().copied();
        dose.over.value() <= 0.0 && start.is_some_and(|start| instant::reached(last, start))
    });
    scenario.until = Time::new(if bolus_at_end { last + 24.0 } else { last });
    instant::distinct(&mut observed);
    if !observed.is_empty() {
        scenario.report = observed.into_iter().map(Time::new).collect();
    }
    scenario
}
