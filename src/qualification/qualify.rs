//! The whole ladder.

use serde::Serialize;

use super::check::Check;
use super::claims::{self, ClaimRow};
use super::prediction::{self, Predicted};
use super::scores::{Scores, Skill, mean};
use super::verdict::Verdict;
use super::{arithmetic, invariance};
use crate::assembly::AssemblyError;
use crate::data::DataError;
use crate::evidence::{EvidenceError, Split, published};
use crate::fit::{FitError, Residual, calibration_residuals};
use crate::physiology::PhysiologyError;
use crate::population::{Band, PopulationError};
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
    if draws < Band::LEAST_DRAWS {
        return Err(QualificationError::Population(PopulationError::BadNumber {
            field: "draws",
            value: draws as f64,
            allowed: "at least 40 for a 95 % interval",
        }));
    }
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

    /// Validation rows with a value or a range; limits and counts have neither a factor nor a width.
    pub fn quantities(&self) -> impl Iterator<Item = &Predicted> {
        self.validation.iter().filter(|row| row.is_quantity())
    }

    /// Values and ranges whose median prediction is within a factor of two, and all of them.
    #[must_use]
    pub fn within_twofold(&self) -> (usize, usize) {
        let near = self
            .quantities()
            .filter(|row| row.fold_error.is_some_and(|fold| fold <= 2.0));
        (near.count(), self.quantities().count())
    }

    /// Values and ranges that their 95 % interval holds, and all of them.
    #[must_use]
    pub fn coverage(&self) -> (usize, usize) {
        let held = self
            .quantities()
            .filter(|row| row.found.is_held_by(row.low, row.high));
        (held.count(), self.quantities().count())
    }

    /// Mean width of the intervals of values and ranges in decades, and of how many: those that do not reach 0.
    #[must_use]
    pub fn mean_decades(&self) -> Option<(f64, usize)> {
        mean(self.quantities().map(Predicted::decades))
    }

    /// How many values and ranges lie in each quarter of their predicted distribution, from low to high.
    #[must_use]
    pub fn quarters(&self) -> [usize; 4] {
        let mut quarters = [0; 4];
        for pit in self.quantities().filter_map(|row| row.pit) {
            quarters[((4.0 * pit) as usize).min(3)] += 1;
        }
        quarters
    }

    /// The mean ranked probability score of values and ranges in decades, and of how many, for one way of predicting.
    #[must_use]
    pub fn mean_crps(&self, of: impl Fn(&Skill) -> Scores) -> Option<(f64, usize)> {
        mean(self.validation.iter().map(|row| of(&row.skill).crps))
    }

    /// The same of the rows that are shares of a whole: those of which knowing nothing has a score.
    #[must_use]
    pub fn mean_crps_of_shares(&self, of: impl Fn(&Skill) -> Scores) -> Option<(f64, usize)> {
        let shares = self.validation.iter().map(|row| &row.skill);
        let shares = shares.filter(|skill| skill.nothing.crps.is_some());
        mean(shares.map(|skill| of(skill).crps))
    }

    /// The mean log score of limits and counts, and of how many, for one way of predicting.
    #[must_use]
    pub fn mean_log_score(&self, of: impl Fn(&Skill) -> Scores) -> Option<(f64, usize)> {
        let rows = self.validation.iter().filter(|row| !row.is_quantity());
        mean(rows.map(|row| of(&row.skill).log_score))
    }

    /// Everything as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}
