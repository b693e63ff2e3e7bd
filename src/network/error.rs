//! What can be wrong with a network.

/// A network that cannot be built, or was used with numbers that do not fit it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// A name stands for two things of one kind.
    #[error("{kind} '{name}' is declared twice: names must be unique")]
    DuplicateName {
        /// Pool, parameter or transfer.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A name that was never declared.
    #[error("{place}: unknown {kind} '{name}'; near names: {near}")]
    UnknownName {
        /// Pool or parameter.
        kind: &'static str,
        /// The unknown name.
        name: String,
        /// Where it was used.
        place: String,
        /// Declared names that look alike.
        near: String,
    },
    /// An identifier of another network.
    #[error(
        "transfer '{transfer}' uses {kind} number {index}, but the network has {count}: identifiers belong to the builder that gave them"
    )]
    ForeignId {
        /// The transfer.
        transfer: String,
        /// Pool or parameter.
        kind: &'static str,
        /// Its number.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// A transfer from a pool to itself.
    #[error("transfer '{transfer}' goes from pool '{pool}' to itself: remove it or change an end")]
    SelfTransfer {
        /// The transfer.
        transfer: String,
        /// Its one pool.
        pool: String,
    },
    /// A pool that no transfer touches and whose start was not stated.
    #[error(
        "pool '{pool}' is a dead end: no transfer reaches or leaves it; connect it, remove it, or state what it starts with"
    )]
    Unconnected {
        /// The pool.
        pool: String,
    },
    /// No pools at all.
    #[error("a network needs at least one pool")]
    Empty,
    /// A number outside what its meaning allows.
    #[error("{field} = {value} is not allowed: it must be {allowed}")]
    BadNumber {
        /// What was set.
        field: String,
        /// The value.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A vector of the wrong length.
    #[error("{what} has {found} values but the network needs {expected}")]
    WrongLength {
        /// The vector.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length that fits.
        expected: usize,
    },
    /// A transfer in a file lacks a field of its law, or has one too many.
    #[error("transfer '{transfer}' with law '{law}': {fault}; the law takes {allowed}")]
    BadTransfer {
        /// The transfer.
        transfer: String,
        /// Its law.
        law: String,
        /// What is wrong.
        fault: String,
        /// The fields the law takes.
        allowed: &'static str,
    },
    /// A file that is not a network in JSON.
    #[error("not a network file: {reason} (line {line}, column {column})")]
    Json {
        /// What the reader met.
        reason: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
}
