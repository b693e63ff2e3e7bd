//! What can be wrong with a scenario: all of it at once.

use std::fmt;

use crate::data::DataError;
use crate::names::shortened;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where, as a path into the scenario: `doses[0].over`.
    pub field: String,
    /// What stands there.
    pub value: String,
    /// What may stand there.
    pub allowed: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [field, value] = [&self.field, &self.value].map(|text| shortened(text, SHOWN_LETTERS));
        write!(f, "{field} = {value}: {}", self.allowed)
    }
}

/// A scenario that cannot be run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// Every fault found.
    #[error("the scenario has {} fault(s):{}", faults.len(), list(faults))]
    Invalid {
        /// The faults, in the order of the scenario.
        faults: Vec<Fault>,
    },
    /// A text that is not a scenario.
    #[error("not a scenario file: {reason}")]
    Toml {
        /// What the reader says, with line and column.
        reason: String,
        /// Where in the text the fault begins, in bytes, when known.
        offset: Option<usize>,
    },
    /// A text of another kind.
    #[error("this is {format}, not TOML")]
    OtherFormat {
        /// What it is: JSON, HTML, XML, RTF.
        format: &'static str,
    },
    /// A number of the registry.
    #[error(transparent)]
    Data(#[from] DataError),
}

/// Faults that a message lists; more are counted.
const SHOWN: usize = 20;
/// Letters of a field and of a value that a message shows.
const SHOWN_LETTERS: usize = 200;

fn list(faults: &[Fault]) -> String {
    let shown = faults.iter().take(SHOWN);
    let mut lines: String = shown.map(|fault| format!("\n  {fault}")).collect();
    if let more @ 1.. = faults.len().saturating_sub(SHOWN) {
        lines.push_str(&format!("\n  and {more} more"));
    }
    lines
}
