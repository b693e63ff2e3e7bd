//! What became of a case.

use std::fmt::{Debug, Display};

pub enum Verdict {
    /// It ran, and every promise holds.
    Fine,
    /// A typed error, by its variants.
    Refused(String),
    /// A promise does not hold.
    Fault(String),
}

/// The longest message that a user may be shown.
const LONGEST: usize = 50_000;

/// Counts an error by its variants, outermost first; one that does not speak is a fault.
pub fn refused(stage: &str, error: &(impl Debug + Display)) -> Verdict {
    let debug = format!("{error:?}");
    let end = debug.find(|c: char| !c.is_alphanumeric() && c != '(');
    let variants = debug[..end.unwrap_or(debug.len())].replace('(', ".");
    let said = error.to_string();
    match said.trim().len() {
        0 => Verdict::Fault(format!("{stage}: {variants} has no message")),
        length if length > LONGEST => Verdict::Fault(format!(
            "{stage}: {variants} has a message of {length} bytes"
        )),
        _ => Verdict::Refused(format!("{stage}: {variants}")),
    }
}

/// The first fault of several checks, each of which names its own.
pub fn first_of(checks: impl IntoIterator<Item = Result<(), String>>) -> Verdict {
    match checks.into_iter().find_map(Result::err) {
        None => Verdict::Fine,
        Some(fault) => Verdict::Fault(fault),
    }
}

/// A number that a user would be shown.
pub fn finite(what: &str, value: f64) -> Result<(), String> {
    match value.is_finite() {
        true => Ok(()),
        false => Err(format!("{what} is {value}")),
    }
}
