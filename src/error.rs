//! The one error of the crate, for the user's `?` and for bindings to other languages.

use crate::assembly::AssemblyError;
use crate::data::{DataError, TableError};
use crate::design::DesignError;
use crate::evidence::EvidenceError;
use crate::fit::FitError;
use crate::network::NetworkError;
use crate::observation::ObservationError;
use crate::organ::WiringError;
use crate::physiology::PhysiologyError;
use crate::population::PopulationError;
use crate::qualification::QualificationError;
use crate::scenario::{DosingTableError, ScenarioError};
use crate::simulation::SimulationError;
use crate::solver::SolverError;
use crate::units::UnitError;

/// Any error of the crate. Every variant keeps the error of the layer that found the fault.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A text that is not a quantity.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// The registry.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A body.
    #[error(transparent)]
    Physiology(#[from] PhysiologyError),
    /// A scenario.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// A dosing table.
    #[error(transparent)]
    DosingTable(#[from] DosingTableError),
    /// A network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// An organ module.
    #[error(transparent)]
    Wiring(#[from] WiringError),
    /// An assembly.
    #[error(transparent)]
    Assembly(#[from] AssemblyError),
    /// An integration.
    #[error(transparent)]
    Solver(#[from] SolverError),
    /// A picture.
    #[cfg(feature = "plot")]
    #[error(transparent)]
    Plot(#[from] crate::plot::PlotError),
    /// A look at a run.
    #[error(transparent)]
    Observation(#[from] ObservationError),
    /// A table of measurements.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A study of many runs.
    #[error(transparent)]
    Population(#[from] PopulationError),
    /// A measurement beside the model.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// A fit.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// A question before an experiment.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// A qualification.
    #[error(transparent)]
    Qualification(#[from] QualificationError),
}

impl From<SimulationError> for Error {
    fn from(error: SimulationError) -> Self {
        match error {
            SimulationError::Assembly(error) => Self::Assembly(error),
            SimulationError::Solver(error) => Self::Solver(error),
        }
    }
}

/// What kind of error it is: the first thing a binding needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The user's input can be corrected.
    Input,
    /// The embedded data are at fault.
    Data,
    /// The numerics failed.
    Numerics,
    /// Nothing failed: somebody or a deadline ended the call.
    Stopped,
}

impl Error {
    /// The kind of the error.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Data(DataError::BadRow { .. }) => ErrorKind::Data,
            Self::Population(PopulationError::Stopped(_)) | Self::Fit(FitError::Stopped(_)) => {
                ErrorKind::Stopped
            }
            Self::Solver(error)
            | Self::Population(PopulationError::Simulation {
                source: SimulationError::Solver(error),
                ..
            }) => match error {
                SolverError::StepTooSmall { .. }
                | SolverError::TooManySteps { .. }
                | SolverError::NotFinite { .. } => ErrorKind::Numerics,
                SolverError::Stopped(_) => ErrorKind::Stopped,
                _ => ErrorKind::Input,
            },
            _ => ErrorKind::Input,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerics_that_fail_in_a_draw_are_numerics() {
        let strained = SolverError::TooManySteps {
            steps: 3,
            time: 1.0,
            end: 2.0,
            pool: "lung.lodged".to_string(),
            advice: "raise max_steps",
        };
        let refused = SolverError::BadOption {
            field: "rtol",
            value: 7.0,
            allowed: "less",
        };
        for (source, kind) in [(strained, ErrorKind::Numerics), (refused, ErrorKind::Input)] {
            assert_eq!(Error::from(source.clone()).kind(), kind);
            let draw = PopulationError::Simulation {
                draw: 4,
                source: SimulationError::Solver(source),
            };
            assert_eq!(Error::from(draw).kind(), kind);
        }
    }
}
