//! One row of the ladder of verification.

use serde::Serialize;

/// A check with its oracle, the criterion that was set for it, and what was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// Number on the ladder.
    pub id: &'static str,
    /// What is checked.
    pub what: String,
    /// Against what.
    pub oracle: &'static str,
    /// The most that is allowed, in words with its number.
    pub criterion: String,
    /// What was found, in words with its number.
    pub found: String,
    /// Whether the criterion is met.
    pub passed: bool,
}

impl Check {
    /// A number that must not exceed a limit.
    pub(super) fn at_most(
        id: &'static str,
        what: impl Into<String>,
        oracle: &'static str,
        (found, limit): (f64, f64),
    ) -> Self {
        Self {
            id,
            what: what.into(),
            oracle,
            criterion: format!("at most {limit:.0e}"),
            found: format!("{found:.1e}"),
            // Not a number passes nothing.
            passed: found <= limit,
        }
    }

    /// A statement that must hold.
    pub(super) fn holds(
        id: &'static str,
        what: impl Into<String>,
        oracle: &'static str,
        (found, passed): (String, bool),
    ) -> Self {
        Self {
            id,
            what: what.into(),
            oracle,
            criterion: "holds".to_string(),
            found,
            passed,
        }
    }
}
