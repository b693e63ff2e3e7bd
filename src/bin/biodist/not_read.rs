//! What a table of a user holds and was not read: said, so that a misspelt column is seen.

use biodist::data::SkippedRow;
use biodist::scenario::DosingTable;

use crate::terminal::Terminal;

/// Names in a note; more are counted.
const SHOWN: usize = 10;

/// Columns and rows that were not read.
pub fn of(terminal: &Terminal, name: &str, columns: &[String], rows: &[SkippedRow]) {
    for (what, items) in [("columns", some(columns)), ("rows", some(rows))] {
        if !items.is_empty() {
            terminal.note(format_args!("{name}: {what} not read: {items}"));
        }
    }
}

/// As [`of`], and the subjects that are given nothing.
pub fn of_dosing(terminal: &Terminal, name: &str, table: &DosingTable) {
    of(terminal, name, table.unread(), table.skipped());
    let idle: Vec<&str> = table.without_dose().collect();
    if !idle.is_empty() {
        let idle = some(&idle);
        terminal.note(format_args!(
            "{name}: not run, since they are given nothing: {idle}"
        ));
    }
}

/// The first of a list, and how many there are besides.
fn some(items: &[impl ToString]) -> String {
    let shown = items.iter().take(SHOWN).map(ToString::to_string);
    let more = items.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| format!("and {more} more"));
    shown.chain(more).collect::<Vec<_>>().join(", ")
}
