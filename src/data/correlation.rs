//! Numbers that data tell together better than each.

use serde::{Deserialize, Serialize};

/// How two fitted numbers hang together, on the scales on which they are drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correlation {
    /// Id of one number.
    pub a: String,
    /// Species of its row.
    pub a_species: String,
    /// Id of the other.
    pub b: String,
    /// Species of its row.
    pub b_species: String,
    /// Their correlation, -1 to 1.
    pub r: f64,
}
