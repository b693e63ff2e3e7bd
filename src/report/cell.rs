//! Cells of CSV that a spreadsheet opens without running anything.

use std::borrow::Cow;

/// How formulas begin, also in the wide signs of East Asian keyboards.
const FIRST: [char; 11] = [
    '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// Writes a text as a cell of CSV: in quotes where it needs them, and never a formula.
///
/// A spreadsheet takes a cell for a formula that begins with `=`, `+`, `-`, `@`, a tab or a return. Such a text gets an
/// apostrophe in front, which spreadsheets do not show. Numbers, ranges of numbers and a lone `-` stay as they are.
///
/// ```
/// use biodist::report::csv_cell;
/// assert_eq!(csv_cell("=cmd|/C calc!A0"), "'=cmd|/C calc!A0");
/// assert_eq!(csv_cell("a, \"b\""), "\"a, \"\"b\"\"\"");
/// for number in ["-1.5e-3", "+2", "-0.1 to 0.3", "-"] {
///     assert_eq!(csv_cell(number), number);
/// }
/// ```
#[must_use]
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    let text = not_a_formula(text);
    match text.contains([',', '"', '\n', '\r']) {
        true => Cow::Owned(format!("\"{}\"", text.replace('"', "\"\""))),
        false => text,
    }
}

/// The text, with an apostrophe in front of what would be a formula.
pub(super) fn not_a_formula(text: &str) -> Cow<'_, str> {
    let number = |word: &str| word.parse::<f64>().is_ok() || ["to", "-"].contains(&word);
    match text.starts_with(FIRST) && !text.split(' ').all(number) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}
