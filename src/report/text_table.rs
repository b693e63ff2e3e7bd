//! A table of text with aligned columns.

use std::fmt;

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

    /// The table as CSV, for a spreadsheet.
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
            let _ = writer.write_record(row);
        }
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

impl fmt::Display for TextTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let cell = |row: &Vec<String>, k: usize| row.get(k).cloned().unwrap_or_default();
        let width = |k: usize| {
            self.rows
                .iter()
                .map(|row| cell(row, k).chars().count())
                .max()
        };
        let widths: Vec<usize> = (0..columns).map(|k| width(k).unwrap_or(0)).collect();
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
