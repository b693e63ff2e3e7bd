//! Tables with a last column of prose, which is wrapped to the terminal.

use std::fmt::Write;

use biodist::report::TextTable;

/// A table of text.
pub struct Listing {
    heads: Vec<&'static str>,
    /// Which columns hold numbers, and are aligned right.
    numbers: Vec<bool>,
    rows: Vec<Vec<String>>,
}

const GAP: &str = "  ";
/// The least width of the column of prose.
const PROSE: usize = 32;

impl Listing {
    /// Heads; those that end in `#` are of columns of numbers.
    pub fn new(heads: &[&'static str]) -> Self {
        Self {
            heads: heads
                .iter()
                .map(|head| head.trim_end_matches('#'))
                .collect(),
            numbers: heads.iter().map(|head| head.ends_with('#')).collect(),
            rows: vec![],
        }
    }

    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// For a spreadsheet.
    pub fn to_csv(&self) -> String {
        let mut table = TextTable::new(self.heads.iter().copied());
        for row in &self.rows {
            table.row(row.iter().cloned());
        }
        table.to_csv()
    }

    /// Aligned; wrapped if a width is given.
    pub fn to_text(&self, width: Option<usize>) -> String {
        let heads: Vec<String> = self.heads.iter().map(ToString::to_string).collect();
        let all = || std::iter::once(&heads).chain(&self.rows);
        let last = self.heads.len() - 1;
        let widths: Vec<usize> = (0..last)
            .map(|k| all().map(|row| row[k].chars().count()).max().unwrap_or(0))
            .collect();
        let indent: usize = widths.iter().map(|width| width + GAP.len()).sum();
        let room = width.map_or(usize::MAX, |width| width.saturating_sub(indent).max(PROSE));
        let mut text = String::new();
        for row in all() {
            for (k, width) in widths.iter().enumerate() {
                let _ = match self.numbers[k] {
                    true => write!(text, "{:>width$}{GAP}", row[k]),
                    false => write!(text, "{:<width$}{GAP}", row[k]),
                };
            }
            for (number, line) in wrapped(&row[last], room).iter().enumerate() {
                match number {
                    0 => text.push_str(line),
                    _ => {
                        let _ = write!(text, "\n{:indent$}{line}", "");
                    }
                }
            }
            text.truncate(text.trim_end_matches(' ').len());
            text.push('\n');
        }
        text
    }
}

/// Lines of at most `room` letters, broken between words.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        let full = !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room;
        if full {
            lines.push(word.to_string());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
