//! What can be wrong with data.

use crate::names::shortened;

/// A number or a name that the registry does not accept.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A row of a table that cannot be used.
    #[error("table {table}, line {line}: {fault}")]
    BadRow {
        /// The table.
        table: &'static str,
        /// Line, from 1 with the header.
        line: u64,
        /// What is wrong.
        fault: String,
    },
    /// A name that is not in the registry.
    #[error("unknown {kind} '{}'; near names: {near}", shortened(name, 200))]
    UnknownName {
        /// Parameter, species, product, organ or source.
        kind: &'static str,
        /// The name.
        name: String,
        /// Known names that look alike.
        near: String,
    },
    /// A value outside what the unit allows.
    #[error("{id} = {value} {unit} is not allowed: it must be {allowed}")]
    OutOfRange {
        /// The parameter.
        id: String,
        /// The value.
        value: f64,
        /// Its unit.
        unit: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Correlations that no set of numbers can have: their matrix is not positive definite.
    #[error("the correlations between {} contradict each other: no numbers can have all of them", ids.join(", "))]
    NotCorrelations {
        /// The numbers that are correlated.
        ids: Vec<String>,
    },
}
