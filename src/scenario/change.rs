//! What a scenario states beyond values that hold all the time.

use serde::{Deserialize, Serialize};

use crate::units::Time;

/// A parameter that has another value for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Id of the parameter.
    pub parameter: String,
    /// Its value while the change lasts, in the unit of the registry.
    pub value: f64,
    /// When it begins.
    #[serde(default)]
    pub from: Time,
    /// When the parameter returns; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
}

/// Whether the response of the host is computed, and whether it acts on the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// The host responds to the cells and leaves them alone.
    OneWay,
    /// Mediators activate natural killer cells, which lyse.
    Feedback,
}

/// A correlation between two parameters that the scenario states with a spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correlation {
    /// Ids of the two.
    pub between: [String; 2],
    /// Correlation of their standard scores (of their logarithms; of the odds, for a share), between -1 and 1.
    pub r: f64,
}
