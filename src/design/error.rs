//! Why a question could not be answered.

use crate::data::DataError;
use crate::evidence::EvidenceError;
use crate::observation::ObservationError;
use crate::population::PopulationError;
use crate::scenario::ScenarioError;
use crate::simulation::SimulationError;

/// A question that cannot be answered.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DesignError {
    /// A number of the question that makes no sense.
    #[error("{field} = {value}: must be {allowed}")]
    BadNumber {
        /// Which.
        field: &'static str,
        /// What was given.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Nothing to choose from, or nothing to reckon with.
    #[error("a question needs at least one {what}")]
    Nothing {
        /// What is missing.
        what: &'static str,
    },
    /// A target that no cell reaches in some draw, so that no dose gives the exposure.
    #[error("no living cell reaches {target} in {host}: no dose can be compared")]
    NotReached {
        /// The target.
        target: String,
        /// In whom.
        host: String,
    },
    /// The registry.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A scenario.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// A run.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    /// A look at a run.
    #[error(transparent)]
    Observation(#[from] ObservationError),
    /// Draws.
    #[error(transparent)]
    Population(#[from] PopulationError),
    /// A measurement.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
}
