//! Tables of what was measured.

use std::fmt;

use super::observed_row::{COLUMNS, Cells, Read};
use super::{Assay, ReadingUnit, Value};
use crate::data::{SkippedRow, TableError, UserTable};
use crate::scenario::Label;
use crate::units::Time;

/// A table of measurements.
///
/// | column | needed | what |
/// |---|---|---|
/// | `time_h` | yes | when, h since the start of the run |
/// | `organ` | yes | a place of the run, or `body` |
/// | `value` | yes | a number of at least 0; `<5` where nothing was found above 5; `BLQ` or `ND` with a limit in `LLOQ` |
/// | `unit` | no | as [`ReadingUnit::text`] writes it; absent: `cells` |
/// | `assay` | no | an instrument, or `living cells`; absent: the label of the scenario for `%ID` and `%ID/g`, living cells for `cells` and `cells/g` |
/// | `label` | no | the label that the instrument reads; absent: the one that it reads always |
/// | `id` | no | the subject |
/// | `CENS`, `BLQ` | no | 1: the value is a limit |
/// | `LLOQ`, `LOQ` | no | the limit; a value below it is that limit |
/// | `MDV`, `EVID`, `AMT` | no | a row that is no measurement by these is skipped |
/// | `C` | no | `C`: the row is a remark |
///
/// Columns are separated by commas, semicolons or tabs; heads may be in any case. `%ID` is of the cells of all
/// administrations that have begun by then. Rows without a value are skipped, see [`Self::skipped`].
///
/// ```
/// use biodist::observation::Observed;
/// use biodist::prelude::*;
/// let observed = Observed::from_csv("time_h,organ,value,unit\n1,lung,80,%ID\n24,lung,<10,%ID\n")?;
/// let run = Scenario::new(Host::mouse(25.g()))
///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
///     .labelled(Label::chromium_51())
///     .simulate()?;
/// let model = run.beside(&observed.rows()[0])?.detected().unwrap_or(0.0);
/// assert!(50.0 < model && model < 100.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    rows: Vec<ObservedRow>,
    unread: Vec<String>,
    skipped: Vec<SkippedRow>,
}

/// One measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedRow {
    /// Line of the text, from 1 with the heads.
    pub line: u64,
    /// The subject, if the table has any.
    pub subject: Option<String>,
    /// When.
    pub time: Time,
    /// Name of a place, or `body`.
    pub organ: String,
    /// How it was measured.
    pub measured_by: MeasuredBy,
    /// What was found.
    pub value: Value,
    /// The value with the digits that were typed, after a `<` if it is a limit.
    pub typed: String,
    /// In this unit.
    pub unit: ReadingUnit,
}

/// How a measurement was made.
#[derive(Debug, Clone, PartialEq)]
pub enum MeasuredBy {
    /// Living cells were counted.
    LivingCells,
    /// A label was read, by an instrument that is not named; without a name it is the label of the scenario.
    Label(Option<Label>),
    /// An instrument.
    Assay(Assay),
}

impl fmt::Display for MeasuredBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LivingCells => f.pad("living cells"),
            Self::Label(None) => f.pad("the label"),
            Self::Label(Some(label)) => label.fmt(f),
            Self::Assay(assay) => assay.fmt(f),
        }
    }
}

impl Observed {
    /// Reads a table from CSV.
    ///
    /// # Errors
    /// [`TableError`] with all faults of the table, each naming line, column, value and what is allowed.
    pub fn from_csv(text: &str) -> Result<Self, TableError> {
        let mut table = UserTable::read(text, &COLUMNS)?;
        let mut faults = std::mem::take(&mut table.faults);
        let mut skipped = std::mem::take(&mut table.skipped);
        let mut rows = vec![];
        for row in table.rows() {
            match Cells(&row).read(&mut faults) {
                Some(Read::Row(row)) => rows.push(*row),
                Some(Read::Skip(why)) => {
                    let line = row.line();
                    skipped.push(SkippedRow { line, why });
                }
                None => {}
            }
        }
        skipped.sort_by_key(|row| row.line);
        let unread = table.unread;
        faults.or(Self {
            rows,
            unread,
            skipped,
        })
    }

    /// The measurements, in the order of the table.
    #[must_use]
    pub fn rows(&self) -> &[ObservedRow] {
        &self.rows
    }

    /// Columns of the table that have no meaning here.
    #[must_use]
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// Rows that were not read: remarks, and rows that hold no measurement.
    #[must_use]
    pub fn skipped(&self) -> &[SkippedRow] {
        &self.skipped
    }
}

impl fmt::Display for ObservedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            time,
            organ,
            measured_by,
            typed,
            unit,
            ..
        } = self;
        write!(f, "{organ}, {measured_by}, at {time}: {typed} {unit}")
    }
}
