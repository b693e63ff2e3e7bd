//! A table of text with aligned columns.

use std::borrow::Cow;
use std::fmt;

use super::cell::not_a_formula;

/// Rows of text; the first column is aligned left, the others right.
///
/// ```
/// use biodist::report::TextTable;
/// let mut table = TextTable::new(["organ", "cells"]);
/// table.row(["lung", "95"]);
/// assert_eq!(table.to_string(), "organ  cells\nlung      95\n");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextTable {
    rows: Vec<Vec<String>>,
}

impl TextTable {
    /// Starts with the heads of the columns.
    #[must_use]
    pub fn new<S: Into<String>>(heads: impl IntoIterator<Item = S>) -> Self {
        Self {
            rows: vec![heads.into_iter().map(Into::into).collect()],
        }
    }

    /// Adds a row; missing cells stay empty.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) -> &mut Self {
        self.rows.push(cells.into_iter().map(Into::into).collect());
        self
    }

    /// The rows, heads first.
    #[must_use]
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// The same in pieces that are not wider than so many letters, each with the first column; one column at least
    /// stands beside it.
    ///
    /// ```
    /// use biodist::report::TextTable;
    /// let mut table = TextTable::new(["organ", "1 h", "1 d", "3 d"]);
    /// table.row(["lung", "95.1", "7.6", "0.1"]);
    /// let pieces = table.folded(20);
    /// assert_eq!(pieces[0].to_string(), "organ   1 h  1 d\nlung   95.1  7.6\n");
    /// assert_eq!(pieces[1].to_string(), "organ  3 d\nlung   0.1\n");
    /// ```
    #[must_use]
    pub fn folded(&self, width: usize) -> Vec<Self> {
        let widths = self.widths();
        let first = widths.first().copied().unwrap_or(0);
        let mut pieces: Vec<Vec<usize>> = vec![];
        let mut room = 0;
        for (column, own) in widths.iter().enumerate().skip(1) {
            match pieces.last_mut() {
                Some(piece) if own + 2 <= room => piece.push(column),
                _ => {
                    pieces.push(vec![0, column]);
                    room = width.saturating_sub(first);
                }
            }
            room = room.saturating_sub(own + 2);
        }
        if pieces.is_empty() {
            return vec![self.clone()];
        }
        let cut = |columns: &Vec<usize>| {
            let cells =
                |row: &Vec<String>| columns.iter().map(|k| cell(row, *k).to_string()).collect();
            let rows = self.rows.iter().map(cells).collect();
            Self { rows }
        };
        pieces.iter().map(cut).collect()
    }

    /// Letters of the widest cell of each column.
    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |k| {
            self.rows
                .iter()
                .map(|row| cell(row, k).chars().count())
                .max()
        };
        (0..columns).map(|k| width(k).unwrap_or(0)).collect()
    }

    /// The table as CSV, for a spreadsheet; no cell is a formula (see [`csv_cell`](super::csv_cell)).
    ///
    /// ```
    /// use biodist::report::TextTable;
    /// let mut table = TextTable::new(["organ", "cells, alive"]);
    /// table.row(["lung", "95"]);
    /// assert_eq!(table.to_csv(), "organ,\"cells, alive\"\nlung,95\n");
    /// ```
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(vec![]);
        for row in &self.rows {
            // Writing to memory cannot fail.
            let cells = row.iter().map(|cell| not_a_formula(cell));
            let _ = writer.write_record(cells.map(Cow::into_owned));
        }
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

/// A cell; what is missing is empty.
fn cell(row: &[String], column: usize) -> &str {
    row.get(column).map_or("", String::as_str)
}

impl fmt::Display for TextTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        for row in &self.rows {
            let mut line = String::new();
            for (k, width) in widths.iter().enumerate() {
                match k {
                    0 => line.push_str(&format!("{:<width$}", cell(row, k))),
                    _ => line.push_str(&format!("  {:>width$}", cell(row, k))),
                }
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
