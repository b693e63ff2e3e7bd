//! Dosing tables as pharmacometricians write them: one row an event, several subjects.

use std::collections::BTreeMap;

use super::dosing_row::{Given, Row};
use super::{Dose, Product, Route, Scenario};
use crate::data::{TableError, UserTable};
use crate::names::near;
use crate::units::Time;

/// Doses and times of observation of one or more subjects, in the form of NONMEM.
///
/// | column | needed | what |
/// |---|---|---|
/// | `TIME` | yes | when, h; within a subject it never falls |
/// | `AMT` | yes | cells of one administration, dead ones included |
/// | `ID` | no | subject, in every row; without the column all rows are of one |
/// | `EVID` | no | 1 a dose, 0 an observation; absent: a dose where `AMT` is above 0 |
/// | `RATE` | no | cells/h; absent or 0: a bolus, unless `DUR` says otherwise |
/// | `DUR` | no | how long it takes, h; not together with `RATE` |
/// | `ADDL`, `II` | no | how many more of the same dose, and the time between, h |
/// | `ROUTE` | no | a route of the scenario or a known one, by name; absent: that of the scenario's first dose |
/// | `PRODUCT` | no | a product of the scenario or of the tables, by name; absent: that of the first dose |
/// | `SS` | no | 0: a steady state is not supported |
///
/// Columns are separated by commas, semicolons or tabs. Heads may be in any case, and the first may begin with a `#`. A
/// cell that is empty or a `.` is absent. Other columns are not read.
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
    rows: Vec<Row>,
    unread: Vec<String>,
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

/// The columns that are read.
const COLUMNS: [&str; 11] = [
    "ID", "TIME", "AMT", "EVID", "RATE", "DUR", "ADDL", "II", "ROUTE", "PRODUCT", "SS",
];

impl DosingTable {
    /// Reads a table from CSV.
    ///
    /// # Errors
    /// [`DosingTableError`], naming line, column, value and what is allowed.
    pub fn from_csv(text: &str) -> Result<Self, DosingTableError> {
        let table = UserTable::read(text, &COLUMNS, &["TIME", "AMT"])?;
        let mut rows: Vec<Row> = vec![];
        for cells in table.rows() {
            let row = Row::read(&cells)?;
            let before = rows.iter().rev().find(|other| other.subject == row.subject);
            if let Some(before) = before
                && row.time < before.time
            {
                let allowed = format!("must not be before {} h, the row above it", before.time);
                return Err(cells.bad("TIME", allowed).into());
            }
            rows.push(row);
        }
        Ok(Self {
            rows,
            unread: table.unread(),
        })
    }

    /// Columns of the table that have no meaning here.
    #[must_use]
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// A scenario for each subject, by the order of their first rows: that of `like` with the doses of the
    /// subject in place of its own.
    ///
    /// Where the subject is observed, these times are reported. The run goes on to the last dose and observation
    /// if `like` ends before, and a day longer after a bolus that would be its end.
    ///
    /// # Errors
    /// [`DosingTableError::NoDose`]; [`DosingTableError::NoProduct`]; [`TableError::BadCell`] for a route
    /// that nobody knows. Names of products are checked with the scenario.
    pub fn scenarios(&self, like: &Scenario) -> Result<Vec<(String, Scenario)>, DosingTableError> {
        let mut order: Vec<&str> = vec![];
        let mut of_subject: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
        for row in &self.rows {
            let rows = of_subject.entry(&row.subject).or_default();
            if rows.is_empty() {
                order.push(&row.subject);
            }
            rows.push(row);
        }
        let rows = |subject: &str| of_subject.get(subject).map_or(&[][..], Vec::as_slice);
        let one = |subject: &&str| {
            let scenario = scenario(like, subject, rows(subject))?;
            Ok(((*subject).to_string(), scenario))
        };
        order.iter().map(one).collect()
    }
}

fn scenario(like: &Scenario, subject: &str, rows: &[&Row]) -> Result<Scenario, DosingTableError> {
    let mut scenario = like.clone();
    scenario.doses.clear();
    let mut observed: Vec<Time> = vec![];
    let mut last = like.until.value();
    for row in rows {
        let Some(given) = &row.given else {
            let time = Time::new(row.time);
            if observed.last() != Some(&time) {
                observed.push(time);
            }
            last = last.max(row.time);
            continue;
        };
        let mut dose = Dose::new(given.amount, product(like, given)?)
            .by(route(like, given, row.line)?)
            .at(Time::new(row.time))
            .over(given.over);
        dose.repeat = given.repeat;
        let start = dose.starts().last().copied().unwrap_or(row.time);
        last = last.max(start + given.over.value());
        scenario.doses.push(dose);
    }
    if scenario.doses.is_empty() {
        return Err(DosingTableError::NoDose {
            subject: subject.to_string(),
        });
    }
    // A bolus at the very end would leave no time to follow its cells.
    let bolus_at_end = scenario.doses.iter().any(|dose| {
        dose.over.value() <= 0.0 && dose.starts().last().is_some_and(|start| *start >= last)
    });
    scenario.until = Time::new(if bolus_at_end { last + 24.0 } else { last });
    if !observed.is_empty() {
        scenario.report = observed;
    }
    Ok(scenario)
}

fn product(like: &Scenario, given: &Given) -> Result<Product, DosingTableError> {
    let mut products = like.doses.iter().map(|dose| &dose.product);
    match &given.product {
        None => products.next().cloned().ok_or(DosingTableError::NoProduct),
        Some(kind) => {
            let own = products.find(|product| product.kind == *kind).cloned();
            Ok(own.unwrap_or_else(|| Product::new(kind.as_str())))
        }
    }
}

fn route(like: &Scenario, given: &Given, line: u64) -> Result<Route, DosingTableError> {
    let mut routes = like.doses.iter().map(|dose| &dose.route);
    let Some(name) = &given.route else {
        let first = routes.next().cloned();
        return Ok(first.unwrap_or_else(Route::intravenous));
    };
    let plain = name.to_lowercase().replace(' ', "_");
    if let Some(own) = routes.find(|route| route.name == *name) {
        return Ok(own.clone());
    }
    if Route::known().any(|known| known == plain) {
        return Ok(Route::from(plain));
    }
    let allowed = format!(
        "unknown route; near names: {}",
        near(&plain, Route::known())
    );
    Err(DosingTableError::Table(TableError::BadCell {
        line,
        column: "ROUTE",
        value: name.clone(),
        allowed,
    }))
}
