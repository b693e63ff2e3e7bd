//! Where a number comes from.

use serde::{Deserialize, Serialize};

/// A publication, or the statement that a number is assumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Short key used by the tables.
    pub key: String,
    /// Authors, title, journal, year.
    pub citation: String,
    /// Address, when there is one.
    pub link: String,
}
