//! Tables that users write: heads, records, and what is skipped between them.

use std::fmt;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::table_error::{TableError, TableFaults};
use super::user_row::UserRow;
use super::user_text::{Heads, Record, records};
use crate::names::near;

/// The columns that a table may have.
pub(crate) struct Columns {
    /// All that have a meaning.
    pub(crate) known: &'static [&'static str],
    /// Those that must be there.
    pub(crate) needed: &'static [&'static str],
    /// Those that hold numbers.
    pub(crate) numbers: &'static [&'static str],
}

/// A row of a table that was not read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedRow {
    /// Line of the text, from 1.
    pub line: u64,
    /// Why it was not read.
    pub why: &'static str,
}

impl fmt::Display for SkippedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} ({})", self.line, self.why)
    }
}

/// A table as text. Its columns are separated by commas, semicolons, tabs or, as in NONMEM, blanks; its heads may be in any case, and the first
/// may begin with a `#`. Rows that begin with a `#`, rows of separators alone and a first line `sep=;` are not read.
pub(crate) struct UserTable {
    /// Of each column, what it is; none for one that is not read.
    heads: Vec<Option<&'static str>>,
    rows: Vec<(u64, StringRecord)>,
    decimal_comma: bool,
    pub(crate) unread: Vec<String>,
    pub(crate) skipped: Vec<SkippedRow>,
    /// Rows that do not fit the heads.
    pub(crate) faults: TableFaults,
}

impl UserTable {
    /// Reads a table.
    pub(crate) fn read(text: &str, columns: &Columns) -> Result<Self, TableError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = &text.replace("\r\n", "\n").replace('\r', "\n");
        let found = Heads::find(text, columns.needed)?;
        let names = found.names.iter();
        let names: Vec<&str> = names.map(|name| name.trim().trim_matches('"')).collect();
        let is = |name: &&str| {
            let known = columns.known.iter();
            known.copied().find(|own| own.eq_ignore_ascii_case(name))
        };
        let mut table = Self {
            heads: names.iter().map(is).collect(),
            rows: vec![],
            decimal_comma: false,
            unread: vec![],
            skipped: found.skipped,
            faults: TableFaults::default(),
        };
        table.check_heads(columns, &names)?;
        let width = names.iter().rposition(|name| !name.is_empty());
        let width = width.map_or(0, |last| last + 1);
        for record in records(found.body, found.line, found.separator) {
            table.add(&record?, found.separator, width)?;
        }
        if table.rows.is_empty() && table.faults.is_empty() {
            return Err(TableError::NoRows);
        }
        table.unread = table.without_meaning(&names);
        table.decimal_comma = found.separator != b',' && !table.has_points(columns.numbers);
        Ok(table)
    }

    fn check_heads(&self, columns: &Columns, names: &[&str]) -> Result<(), TableError> {
        for column in columns.known {
            let count = self.heads.iter().filter(|head| **head == Some(column));
            match count.count() {
                0 if columns.needed.contains(column) => {
                    let near = near(
                        column,
                        names.iter().copied().filter(|name| !name.is_empty()),
                    );
                    return Err(TableError::NoColumn { column, near });
                }
                0 | 1 => {}
                _ => return Err(TableError::TwoColumns { column }),
            }
        }
        Ok(())
    }

    fn add(&mut self, record: &Record<'_>, separator: u8, width: usize) -> Result<(), TableError> {
        let line = record.line;
        if record.text.trim_start_matches(' ').starts_with('#') {
            self.skipped.push(SkippedRow {
                line,
                why: "a remark",
            });
            return Ok(());
        }
        let cells = cells(record, separator)?;
        let filled = cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.is_empty());
        let last = filled.last().map(|(k, _)| k);
        let Some(last) = last else { return Ok(()) };
        // Separators after the last head are no cells.
        if last >= self.heads.len() || cells.len() < width {
            self.faults.push(TableError::WrongLength {
                line,
                text: record.text.trim_end().chars().take(60).collect(),
                found: cells.len().max(last + 1),
                expected: width,
            });
            return Ok(());
        }
        self.rows.push((line, cells));
        Ok(())
    }

    /// Columns with cells that have no meaning here.
    fn without_meaning(&self, names: &[&str]) -> Vec<String> {
        let filled = |column: usize| {
            let mut rows = self.rows.iter();
            rows.any(|(_, cells)| cells.get(column).is_some_and(|cell| !cell.is_empty()))
        };
        let unread = names.iter().enumerate().filter(|(k, name)| {
            let nameless = name.is_empty();
            self.heads[*k].is_none() && (!nameless || filled(*k))
        });
        unread
            .map(|(k, name)| match name.is_empty() {
                true => format!("column {} (no head)", k + 1),
                false => (*name).to_string(),
            })
            .collect()
    }

    /// Whether a number of the table has a decimal point.
    fn has_points(&self, numbers: &[&'static str]) -> bool {
        let columns: Vec<usize> = (0..self.heads.len())
            .filter(|k| self.heads[*k].is_some_and(|head| numbers.contains(&head)))
            .collect();
        let number = |cell: &str| cell.trim_start_matches('<').trim().to_string();
        self.rows.iter().any(|(_, cells)| {
            let mut numbers = columns.iter().filter_map(|k| cells.get(*k));
            numbers.any(|cell| cell.contains('.') && number(cell).parse::<f64>().is_ok())
        })
    }

    /// The rows, from the top down.
    pub(crate) fn rows(&self) -> impl Iterator<Item = UserRow<'_>> {
        self.rows.iter().map(|(line, cells)| UserRow {
            line: *line,
            heads: &self.heads,
            cells,
            decimal_comma: self.decimal_comma,
        })
    }
}

/// The cells of one record; where blanks separate them, any number of them does.
fn cells(record: &Record<'_>, separator: u8) -> Result<StringRecord, TableError> {
    if separator == b' ' {
        return Ok(record.text.split_whitespace().collect());
    }
    // Without quotes there is nothing to interpret.
    if !record.text.contains('"') {
        let cells = record.text.split(char::from(separator));
        return Ok(cells.map(str::trim).collect());
    }
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .trim(Trim::All)
        .has_headers(false)
        .buffer_capacity(record.text.len().max(16))
        .from_reader(record.text.as_bytes());
    let mut cells = StringRecord::new();
    let read = reader.read_record(&mut cells);
    read.map_err(|error| TableError::Csv {
        reason: format!("line {}: {error}", record.line),
    })?;
    Ok(cells)
}
