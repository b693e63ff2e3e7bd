//! Why a study could not be made.

use crate::cancel::Stopped;
use crate::data::DataError;
use crate::observation::ObservationError;
use crate::scenario::ScenarioError;
use crate::simulation::SimulationError;

/// A study that cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PopulationError {
    /// A number of draws, inputs or levels that makes no sense.
    #[error("{field} = {value}: must be {allowed}")]
    BadNumber {
        /// Which.
        field: &'static str,
        /// What was given.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A parameter that has no spread.
    #[error("'{id}' has no spread: its GSD is 1, so that nothing can be drawn")]
    NoSpread {
        /// The parameter.
        id: String,
    },
    /// A number that says nothing of how subjects differ.
    #[error(
        "'{id}' is not a number of the variability table: it ends with _cv, as in \
         lung.mass_fraction_cv, or is a mass_exponent, body.truncation or body.least_remainder"
    )]
    NotOfVariability {
        /// The parameter.
        id: String,
    },
    /// A body that could not be drawn.
    #[error(
        "subject {subject}: in {tries} draws no body closed; are coefficients of variation or extra \
         organs too great?"
    )]
    NoBody {
        /// Number of the subject, from 0.
        subject: usize,
        /// How many bodies were drawn.
        tries: usize,
    },
    /// An answer that is not a number.
    #[error("draw {draw} gave {value}, which is not a number to reckon with")]
    NotFinite {
        /// Number of the draw, from 0.
        draw: usize,
        /// The answer.
        value: f64,
    },
    /// Somebody or a deadline ended it.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// A number of the registry.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The scenario.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// A run.
    #[error("draw {draw}: {source}")]
    Simulation {
        /// Number of the draw, from 0.
        draw: usize,
        /// What went wrong.
        source: SimulationError,
    },
    /// A look at a run.
    #[error("draw {draw}: {source}")]
    Observation {
        /// Number of the draw, from 0.
        draw: usize,
        /// What went wrong.
        source: ObservationError,
    },
}
