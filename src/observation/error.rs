//! Why a run could not be looked at.

use crate::solver::SolverError;

/// A question that a run cannot answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ObservationError {
    /// A place that the model does not have.
    #[error("the run has no place '{name}'; near names: {near}")]
    UnknownPlace {
        /// What was asked for.
        name: String,
        /// Places of the model that look alike.
        near: String,
    },
    /// The path between the reported times was not kept.
    #[error("kinetics need the whole path: run with Keep::Path")]
    NoPath,
    /// A time outside the run, or an exact answer to a model that is not linear.
    #[error(transparent)]
    Solver(#[from] SolverError),
}
