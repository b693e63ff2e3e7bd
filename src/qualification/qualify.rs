//! The whole ladder.

use serde::Serialize;

use super::check::Check;
use super::claims::{self, ClaimRow};
use super::prediction::{self, Predicted, Verdict};
use super::{arithmetic, invariance};
use crate::assembly::AssemblyError;
use crate::data::DataError;
use crate::evidence::{EvidenceError, Split, published};
use crate::fit::{FitError, Residual, calibration_residuals};
use crate::physiology::PhysiologyError;
use crate::population::PopulationError;
use crate::scenario::ScenarioError;
use crate::simulation::{Run, SimulationError};
use crate::solver::SolverError;

/// Where the qualification was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// Name and version of the program.
    pub program: &'static str,
    /// Operating system and processor family.
    pub system: String,
    /// Threads.
    pub threads: usize,
    /// Whether the program was compiled with optimisation.
    pub optimised: bool,
}

/// What was found on this machine.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Qualification {
    /// Where.
    pub machine: Machine,
    /// Draws behind each predicted interval.
    pub draws: usize,
    /// Seed of the draws.
    pub seed: u64,
    /// Verification.
    pub checks: Vec<Check>,
    /// Calibration: rows that set numbers of the registry, beside the model.
    pub calibration: Vec<Residual>,
    /// Validation: rows that never did, beside their predictions.
    pub validation: Vec<Predicted>,
    /// The claims of the founding review.
    pub claims: Vec<ClaimRow>,
}

/// Why a qualification could not be made: not that a criterion failed, which is a result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum QualificationError {
    /// The registry.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A body.
    #[error(transparent)]
    Physiology(#[from] PhysiologyError),
    /// A scenario.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// An assembly.
    #[error(transparent)]
    Assembly(#[from] AssemblyError),
    /// A simulation.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    /// An integration.
    #[error(transparent)]
    Solver(#[from] SolverError),
    /// Draws.
    #[error(transparent)]
    Population(#[from] PopulationError),
    /// An experiment.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// The calibration.
    #[error(transparent)]
    Fit(#[from] FitError),
}

/// Climbs the whole ladder: verification, calibration rows, validation with `draws` draws a row, claims.
///
/// The same seed gives the same report on one system. Takes some ten seconds with 200 draws.
///
/// # Errors
/// [`QualificationError`] when something cannot be run at all. A criterion that is not met, and a prediction
/// that fails, are in the result.
pub fn qualify(draws: usize, seed: u64) -> Result<Qualification, QualificationError> {
    let mut checks = arithmetic::checks()?;
    checks.extend(invariance::checks()?);
    let mut validation = vec![];
    for experiment in published()?.only(Split::Validation) {
        validation.extend(prediction::predict(&experiment, draws, seed)?);
    }
    Ok(Qualification {
        machine: Machine {
            program: Run::PROGRAM,
            system: format!("{}, {}", std::env::consts::OS, std::env::consts::ARCH),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            optimised: !cfg!(debug_assertions),
        },
        draws,
        seed,
        checks,
        calibration: calibration_residuals()?,
        validation,
        claims: claims::rows()?,
    })
}

impl Qualification {
    /// Whether every criterion of verification is met. Predictions do not count here.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.checks.iter().all(|check| check.passed)
    }

    /// Validation rows with a verdict.
    #[must_use]
    pub fn with_verdict(&self, verdict: Verdict) -> usize {
        let rows = self.validation.iter();
        rows.filter(|row| row.verdict == verdict).count()
    }

    /// Validation rows within a factor of two, and rows that have such a factor.
    #[must_use]
    pub fn within_twofold(&self) -> (usize, usize) {
        let folds = self
            .validation
            .iter()
            .filter(|row| !matches!(row.found, crate::evidence::Finding::Positive { .. }));
        let folds: Vec<Option<f64>> = folds.map(|row| row.fold_error).collect();
        let near = folds.iter().flatten().filter(|fold| **fold <= 2.0);
        (near.count(), folds.len())
    }

    /// Everything as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}
