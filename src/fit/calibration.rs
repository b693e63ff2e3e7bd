//! The calibration of the defaults of the registry.

use serde::Deserialize;

use super::{Fit, FitError, Fitted, Prior, Residual, Told, Unknown};
use crate::evidence::{EvidenceError, Experiment, Split, published};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    #[serde(rename = "unknown")]
    unknowns: Vec<Unknown>,
}

/// A calibration: the fit of all numbers of its plan, and that of those which the data tell.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// Of every number of the plan.
    pub everything: Fitted,
    /// The second fit, without the numbers that the first found not told.
    pub fit: Fit,
    /// What it found: the fitted rows of the registry.
    pub told: Fitted,
}

/// The plan: the numbers that are sought, with their priors.
///
/// # Errors
/// [`FitError::Evidence`] if the embedded plan is damaged.
pub fn plan() -> Result<Vec<Unknown>, FitError> {
    let read: Result<Plan, _> = toml::from_str(include_str!("calibration.toml"));
    let plan = read.map_err(|error| FitError::Evidence {
        experiment: "calibration.toml".to_string(),
        source: Box::new(EvidenceError::Toml {
            reason: error.to_string(),
        }),
    })?;
    let before = |unknown: Unknown| unknown.with_prior(Prior::Starting);
    Ok(plan.unknowns.into_iter().map(before).collect())
}

/// The published experiments with their rows for calibration.
///
/// # Errors
/// [`FitError::Evidence`] if the embedded experiments are damaged.
pub fn calibration_rows() -> Result<Vec<Experiment>, FitError> {
    let all = published().map_err(|source| FitError::Evidence {
        experiment: "published.toml".to_string(),
        source: Box::new(source),
    })?;
    Ok(all.only(Split::Calibration))
}

/// Calibrates the defaults anew: the plan against the rows for calibration, then once more without the
/// numbers that these rows do not tell, which stay as they were.
///
/// Gives the values of `src/data/fitted.csv` again. Takes a minute or a few.
///
/// # Errors
/// As [`Fit::search`].
pub fn calibrate(starts: usize, seed: u64) -> Result<Calibration, FitError> {
    let unknowns = plan()?;
    let everything = Fit::new(calibration_rows()?, unknowns.clone())?.search(starts, seed)?;
    let estimates = unknowns.into_iter().zip(&everything.estimates);
    let kept = estimates.filter(|(_, estimate)| estimate.told != Told::Nothing);
    let fit = Fit::new(
        calibration_rows()?,
        kept.map(|(unknown, _)| unknown).collect(),
    )?;
    let told = fit.search(starts, seed)?;
    Ok(Calibration {
        everything,
        fit,
        told,
    })
}

/// The rows for calibration beside the model with the registry as it is; nothing is fitted anew.
///
/// # Errors
/// [`FitError::Evidence`] with the experiment that failed.
pub fn calibration_residuals() -> Result<Vec<Residual>, FitError> {
    let plan = plan()?.into_iter();
    let here = plan.map(|unknown| unknown.with_prior(Prior::Registry));
    let fit = Fit::new(calibration_rows()?, here.collect())?;
    let look = fit.look(&vec![0.0; fit.unknowns.len()], false)?;
    Ok(fit.residuals(&look, &look))
}
