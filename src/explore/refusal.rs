//! Questions that are not answered, and why: what the page shows beside a control.

use axum::http::StatusCode;
use serde::Serialize;

use crate::assembly::AssemblyError;
use crate::evidence::EvidenceError;
use crate::observation::ObservationError;
use crate::scenario::ScenarioError;
use crate::simulation::SimulationError;
use crate::solver::SolverError;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("Host is '{0}': this page answers to its own address only")]
    WrongHost(String),
    #[error("the question comes from the page of '{0}'")]
    WrongOrigin(String),
    #[error("there is nothing at {0}")]
    NotFound(String),
    #[error("{0} is not allowed here")]
    WrongMethod(String),
    #[error("Content-Type is '{0}': must be application/json or application/toml")]
    WrongType(String),
    #[error("the question is longer than {most} bytes")]
    TooLong { most: usize },
    #[error("the question did not arrive in time")]
    TooSlow,
    #[error("too many simulations at once; try again in a moment")]
    Busy,
    #[error("not a question in JSON: {0}")]
    NotJson(String),
    #[error("not text in UTF-8")]
    NotText,
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    #[error(transparent)]
    Simulation(SimulationError),
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    #[error(transparent)]
    Observation(#[from] ObservationError),
    #[error(
        "this scenario is more work than the page takes on: fewer doses, products, classes of size or labels, or a \
         shorter time; `biodist run` has no such bound"
    )]
    TooMuchWork,
    #[error("the simulation broke off")]
    Broken,
}

impl From<SimulationError> for Refusal {
    fn from(error: SimulationError) -> Self {
        match error {
            SimulationError::Solver(SolverError::TooManySteps { .. } | SolverError::Stopped(_)) => {
                Self::TooMuchWork
            }
            other => Self::Simulation(other),
        }
    }
}

impl From<SolverError> for Refusal {
    fn from(error: SolverError) -> Self {
        SimulationError::from(error).into()
    }
}

/// A refusal as the page reads it.
#[derive(Debug, Serialize)]
pub(super) struct Message {
    error: String,
    /// One line for each field that is wrong.
    faults: Vec<FaultLine>,
}

#[derive(Debug, Serialize)]
struct FaultLine {
    field: String,
    value: String,
    allowed: String,
}

impl Refusal {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::WrongHost(_) => StatusCode::MISDIRECTED_REQUEST,
            Self::WrongOrigin(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::WrongMethod(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::WrongType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotJson(_)
            | Self::NotText
            | Self::Scenario(ScenarioError::Toml { .. } | ScenarioError::OtherFormat { .. }) => {
                StatusCode::BAD_REQUEST
            }
            Self::Scenario(_)
            | Self::Simulation(_)
            | Self::Evidence(_)
            | Self::Observation(_)
            | Self::TooMuchWork => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(super) fn message(&self) -> Message {
        let faults = match self {
            Self::Scenario(error) => faults(error),
            Self::Simulation(SimulationError::Assembly(AssemblyError::Scenario(error))) => {
                faults(error)
            }
            _ => vec![],
        };
        Message {
            error: self.to_string(),
            faults,
        }
    }
}

fn faults(error: &ScenarioError) -> Vec<FaultLine> {
    let ScenarioError::Invalid { faults } = error else {
        return vec![];
    };
    let lines = faults.iter().map(|fault| FaultLine {
        field: fault.field.clone(),
        value: fault.value.clone(),
        allowed: fault.allowed.clone(),
    });
    lines.collect()
}
