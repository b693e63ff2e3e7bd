//! Tables that users write: columns by name, cells as text, and what can be wrong with them.

use csv::{Position, ReaderBuilder, StringRecord, Trim};

use crate::names::near;

/// What is wrong with a table of a user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A text that is not a table.
    #[error("not a table: {reason}")]
    Csv {
        /// What the reader says, with the line.
        reason: String,
    },
    /// A column that must be there.
    #[error("there is no column '{column}'; columns that look like it: {near}")]
    NoColumn {
        /// The column.
        column: &'static str,
        /// Columns of the table that look alike.
        near: String,
    },
    /// A column that is there more than once.
    #[error("there is more than one column '{column}': rename or remove all but one")]
    TwoColumns {
        /// The column.
        column: &'static str,
    },
    /// Heads and nothing below them.
    #[error("the table has no rows")]
    NoRows,
    /// A cell that cannot be used.
    #[error("line {line}, {column} = '{value}': {allowed}")]
    BadCell {
        /// Line of the text, from 1 with the heads.
        line: u64,
        /// The column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What may stand there.
        allowed: String,
    },
}

/// A table as text. Its columns are separated by commas, semicolons or tabs; its heads may be in any case, and the first
/// may begin with a `#`.
pub(crate) struct UserTable {
    /// Of each column, what it is; none for one that is not read.
    heads: Vec<Option<&'static str>>,
    records: Vec<StringRecord>,
    unread: Vec<String>,
}

impl UserTable {
    /// Reads a table with some `known` columns, of which some are `needed`.
    pub(crate) fn read(
        text: &str,
        known: &[&'static str],
        needed: &[&'static str],
    ) -> Result<Self, TableError> {
        // Lines that end with two marks would be counted wrongly.
        let text = &text.replace("\r\n", "\n");
        let mut reader = ReaderBuilder::new()
            .delimiter(separator(text))
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        let broken = |error: csv::Error| TableError::Csv {
            reason: error.to_string(),
        };
        let names = reader.headers().map_err(broken)?.clone();
        let names: Vec<&str> = names
            .iter()
            .map(|name| name.trim_start_matches(['\u{feff}', '#']).trim())
            .collect();
        let is = |name: &str| known.iter().find(|own| own.eq_ignore_ascii_case(name));
        let heads: Vec<Option<&'static str>> = names.iter().map(|name| is(name).copied()).collect();
        for column in known {
            match heads.iter().filter(|head| **head == Some(column)).count() {
                0 if needed.contains(column) => {
                    let near = near(column, names.iter().copied());
                    return Err(TableError::NoColumn { column, near });
                }
                0 | 1 => {}
                _ => return Err(TableError::TwoColumns { column }),
            }
        }
        let records: Vec<StringRecord> =
            reader.records().collect::<Result<_, _>>().map_err(broken)?;
        if records.is_empty() {
            return Err(TableError::NoRows);
        }
        let unread = names.iter().filter(|name| is(name).is_none());
        Ok(Self {
            unread: unread.map(|name| (*name).to_string()).collect(),
            heads,
            records,
        })
    }

    /// Columns that have no meaning here.
    pub(crate) fn unread(&self) -> Vec<String> {
        self.unread.clone()
    }

    /// The rows, from the top down.
    pub(crate) fn rows(&self) -> impl Iterator<Item = UserRow<'_>> {
        self.records.iter().map(|record| UserRow {
            heads: &self.heads,
            record,
        })
    }
}

/// What separates the columns: what the line of heads has most of.
fn separator(text: &str) -> u8 {
    let heads = text.lines().next().unwrap_or_default();
    let count = |mark: u8| heads.bytes().filter(|byte| *byte == mark).count();
    // Of equals the last one is the greatest.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|mark| count(*mark))
        .unwrap_or(b',')
}

/// The cells of a row by the names of their columns.
pub(crate) struct UserRow<'a> {
    heads: &'a [Option<&'static str>],
    record: &'a StringRecord,
}

impl<'a> UserRow<'a> {
    /// Line of the text, from 1 with the heads.
    pub(crate) fn line(&self) -> u64 {
        self.record.position().map_or(0, Position::line)
    }

    /// Whether the table has a column.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.heads.contains(&Some(column))
    }

    /// A cell; what is empty or a point is absent.
    pub(crate) fn text(&self, column: &str) -> Option<&'a str> {
        let index = self.heads.iter().position(|head| *head == Some(column))?;
        let text = self.record.get(index)?;
        (!text.is_empty() && text != ".").then_some(text)
    }

    /// A cell at fault.
    pub(crate) fn bad(&self, column: &'static str, allowed: impl Into<String>) -> TableError {
        TableError::BadCell {
            line: self.line(),
            column,
            value: self.text(column).unwrap_or_default().to_string(),
            allowed: allowed.into(),
        }
    }

    /// A finite number of at least 0, with a decimal point; absent where the cell is.
    pub(crate) fn number(&self, column: &'static str) -> Result<Option<f64>, TableError> {
        let Some(text) = self.text(column) else {
            return Ok(None);
        };
        match amount(text) {
            Some(number) => Ok(Some(number)),
            None if text.contains(',') => {
                Err(self.bad(column, "must have a decimal point, and no comma"))
            }
            None => Err(self.bad(column, "must be a finite number of at least 0")),
        }
    }
}

/// A finite number of at least 0.
pub(crate) fn amount(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}
