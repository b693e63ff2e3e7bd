//! One row of a table of a user: its cells by the names of their columns.

use csv::StringRecord;

use super::table_error::TableError;

/// The cells of a row by the names of their columns.
#[derive(Clone, Copy)]
pub(crate) struct UserRow<'a> {
    pub(super) line: u64,
    pub(super) heads: &'a [Option<&'static str>],
    pub(super) cells: &'a StringRecord,
    /// Whether numbers of the table may have a decimal comma.
    pub(super) decimal_comma: bool,
}

/// What people write where there is nothing.
const NOTHING: [&str; 5] = ["", ".", "NA", "N/A", "#N/A"];

/// Whether a cell says that there is nothing.
fn absent(cell: &str) -> bool {
    NOTHING
        .iter()
        .any(|nothing| nothing.eq_ignore_ascii_case(cell))
}

impl<'a> UserRow<'a> {
    /// Line of the text, from 1.
    pub(crate) const fn line(&self) -> u64 {
        self.line
    }

    /// Whether the table has a column.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.heads.contains(&Some(column))
    }

    /// A cell as it stands.
    fn cell(&self, column: &str) -> Option<&'a str> {
        let index = self.heads.iter().position(|head| *head == Some(column))?;
        self.cells.get(index)
    }

    /// A cell; what is empty, a point or `NA` is absent.
    pub(crate) fn text(&self, column: &str) -> Option<&'a str> {
        self.cell(column).filter(|text| !absent(text))
    }

    /// Whether the row is a remark by its column `C`.
    pub(crate) fn is_remark(&self) -> Result<bool, TableError> {
        match self.text("C") {
            None | Some("0") => Ok(false),
            Some(mark) if mark.eq_ignore_ascii_case("C") => Ok(true),
            Some(_) => Err(self.bad("C", "must be C (the row is a remark) or absent")),
        }
    }

    /// A cell at fault.
    pub(crate) fn bad(&self, column: &'static str, allowed: impl Into<String>) -> TableError {
        TableError::BadCell {
            line: self.line,
            column,
            value: self.cell(column).unwrap_or_default().to_string(),
            allowed: allowed.into(),
        }
    }

    /// A finite number; absent where the cell is.
    pub(crate) fn signed(&self, column: &'static str) -> Result<Option<f64>, TableError> {
        self.number_with(column, f64::NEG_INFINITY)
    }

    /// A finite number of at least 0; absent where the cell is.
    pub(crate) fn number(&self, column: &'static str) -> Result<Option<f64>, TableError> {
        self.number_with(column, 0.0)
    }

    fn number_with(&self, column: &'static str, least: f64) -> Result<Option<f64>, TableError> {
        let Some(text) = self.text(column) else {
            return Ok(None);
        };
        match self.parse(text).filter(|number| *number >= least) {
            Some(number) => Ok(Some(number)),
            None if text.contains(',') && !self.decimal_comma => {
                let allowed = "must have a decimal point, and no comma";
                Err(self.bad(column, allowed))
            }
            None if least < 0.0 => Err(self.bad(column, "must be a finite number")),
            None => Err(self.bad(column, "must be a finite number of at least 0")),
        }
    }

    /// A text as a finite number.
    pub(crate) fn parse(&self, text: &str) -> Option<f64> {
        let number: f64 = self.pointed(text).parse().ok()?;
        // A zero has no sign here.
        number.is_finite().then_some(number + 0.0)
    }

    /// A number as it was typed, with a decimal point.
    pub(crate) fn pointed(&self, text: &str) -> String {
        match self.decimal_comma {
            true => text.replacen(',', ".", 1),
            false => text.to_string(),
        }
    }
}
