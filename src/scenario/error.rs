//! What can be wrong with a scenario: all of it at once.

use std::fmt;

use crate::data::DataError;

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
        write!(f, "{} = {}: {}", self.field, self.value, self.allowed)
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
    /// A number of the registry.
    #[error(transparent)]
    Data(#[from] DataError),
}

fn list(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("\n  {fault}")).collect()
}
