//! Why a measurement could not be put beside the model.

use crate::assembly::AssemblyError;
use crate::data::DataError;
use crate::observation::ObservationError;
use crate::scenario::ScenarioError;
use crate::solver::SolverError;

/// An experiment that makes no sense, or that the model cannot answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// The file.
    #[error("{reason}")]
    Toml {
        /// What the reader says, with line and column.
        reason: String,
    },
    /// A number of a datum.
    #[error("{name}: {field} = {value}: must be {allowed}")]
    BadNumber {
        /// The datum, in the words of its row.
        name: String,
        /// Which number.
        field: &'static str,
        /// What was given.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A place that the model does not have.
    #[error("{name}: there is no place '{place}'; near names: {near}")]
    UnknownPlace {
        /// The datum.
        name: String,
        /// What was asked for.
        place: String,
        /// Places that look alike.
        near: String,
    },
    /// A datum that compares with a control arm, in an experiment without one.
    #[error("{name}: 'relative' needs a control arm, and the experiment has none")]
    NoControl {
        /// The datum.
        name: String,
    },
    /// A measure inside another that cannot stand there.
    #[error("{name}: a half-life needs two measures of cells or readings, at different times")]
    NoHalfLife {
        /// The datum.
        name: String,
    },
    /// A source that the table of sources does not have.
    #[error("experiment '{name}': unknown source '{source_key}'")]
    UnknownSource {
        /// The experiment.
        name: String,
        /// Its source.
        source_key: String,
    },
    /// A number of the registry.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The scenario of an experiment.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// Its assembly.
    #[error(transparent)]
    Assembly(#[from] AssemblyError),
    /// Its integration.
    #[error(transparent)]
    Solver(#[from] SolverError),
    /// An instrument.
    #[error(transparent)]
    Observation(#[from] ObservationError),
}
