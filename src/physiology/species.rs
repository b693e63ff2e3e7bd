//! The species of the physiology table.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A species with a complete set of physiology, by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Species(String);

impl Species {
    /// The names that have a complete set, smallest animal first.
    pub const ALL: [&'static str; 8] = [
        "mouse",
        "rat",
        "rabbit",
        "monkey",
        "dog",
        "pig",
        "human_female",
        "human_male",
    ];

    /// A species by name; `human` is the reference man. The name is checked at assembly.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name under which the species stands in the tables.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.0.as_str() {
            "human" => "human_male",
            other => other,
        }
    }

    /// Whether this is a man or a woman.
    #[must_use]
    pub fn is_human(&self) -> bool {
        self.0.starts_with("human")
    }
}

impl fmt::Display for Species {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.replace('_', " "))
    }
}
