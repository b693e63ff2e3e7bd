//! What can be wrong with a table of a user: all of it at once.

use std::fmt;

/// What is wrong with a table of a user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A text that is not a table.
    #[error("not a table: {reason}")]
    Csv {
        /// Why, with the line.
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
    /// A row that does not fit its heads.
    #[error(
        "line {line}, '{text}': {found} cell(s) under {expected} heads; a remark begins with '#', and a number with a \
         decimal comma needs semicolons between the columns"
    )]
    WrongLength {
        /// Line of the text, from 1.
        line: u64,
        /// Its beginning.
        text: String,
        /// Cells of the row.
        found: usize,
        /// Heads of the table.
        expected: usize,
    },
    /// A cell that cannot be used.
    #[error("line {line}, {column} = '{value}': {allowed}")]
    BadCell {
        /// Line of the text, from 1.
        line: u64,
        /// The column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What may stand there.
        allowed: String,
    },
    /// Several faults.
    #[error("the table has {} faults:{}", faults.len() + more, List(faults, *more))]
    Several {
        /// The first of them, from the top down.
        faults: Vec<TableError>,
        /// How many there are besides.
        more: usize,
    },
}

struct List<'a>(&'a [TableError], usize);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(faults, more) = self;
        for fault in *faults {
            write!(f, "\n  {fault}")?;
        }
        match more {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

/// Faults that are listed; more of them are counted.
const LISTED: usize = 20;

/// Gathers the faults of a table.
#[derive(Debug, Default)]
pub(crate) struct TableFaults {
    listed: Vec<TableError>,
    more: usize,
}

impl TableFaults {
    pub(crate) fn push(&mut self, fault: TableError) {
        match self.listed.len() < LISTED {
            true => self.listed.push(fault),
            false => self.more += 1,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// What came well; its fault is kept.
    pub(crate) fn take<T>(&mut self, found: Result<T, TableError>) -> Option<T> {
        found.map_err(|fault| self.push(fault)).ok()
    }

    /// The table, if it has no fault.
    pub(crate) fn or<T>(mut self, table: T) -> Result<T, TableError> {
        match (self.listed.pop(), self.listed.is_empty()) {
            (None, _) => Ok(table),
            (Some(only), true) if self.more == 0 => Err(only),
            (Some(last), _) => {
                self.listed.push(last);
                Err(TableError::Several {
                    faults: self.listed,
                    more: self.more,
                })
            }
        }
    }
}
