//! What a measurement would teach about a prediction.

use serde::Serialize;

use super::DesignError;
use super::joint::{Joint, each};
use crate::evidence::{ErrorModel, Experiment, Input};
use crate::scenario::Scenario;

/// A measurement that could be made, and what it would do to a prediction.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Worth {
    /// The experiment.
    pub experiment: String,
    /// The measurement.
    pub name: String,
    /// Its correlation with the prediction, both as logarithms, -1 to 1.
    pub correlation: f64,
    /// Spread of the prediction before: a geometric standard deviation.
    pub gsd_before: f64,
    /// The spread that is expected after one measurement with its error.
    pub gsd_after: f64,
}

impl Worth {
    /// The share of the variance of the prediction's logarithm that would be gone, 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        1.0 - (libm::log(self.gsd_after) / libm::log(self.gsd_before)).powi(2)
    }
}

/// Least value that has a logarithm here.
const LEAST: f64 = 1e-30;

/// Ranks measurements by how much one of them, with the error that its row states, would narrow a prediction:
/// the first datum of `prediction`. What was found in any of them is not looked at.
///
/// The prediction and all measurements are drawn together, and what is expected to be left of the variance is
/// reckoned by linear regression of logarithms (preposterior analysis under a normal approximation). Best
/// first.
///
/// # Errors
/// [`DesignError::Nothing`] without a prediction or a measurement; [`DesignError::BadNumber`] for fewer than
/// 10 draws; an experiment that cannot be run.
pub fn worth(
    prediction: &Experiment,
    candidates: &[Experiment],
    draws: usize,
    seed: u64,
) -> Result<Vec<Worth>, DesignError> {
    let all: Vec<&Experiment> = std::iter::once(prediction).chain(candidates).collect();
    for (what, missing) in [
        ("prediction", prediction.data.is_empty()),
        ("measurement", candidates.iter().all(|e| e.data.is_empty())),
    ] {
        if missing {
            return Err(DesignError::Nothing { what });
        }
    }
    if draws < 10 {
        return Err(DesignError::BadNumber {
            field: "draws",
            value: draws as f64,
            allowed: "at least 10",
        });
    }
    let scenarios: Vec<&Scenario> = all.iter().map(|e| &e.scenario).collect();
    let drawn = Joint::of(&scenarios)?.draws(draws, seed)?;
    let rows = each(&drawn, |values| {
        let mut row = vec![];
        for (experiment, values) in all.iter().zip(values) {
            let inputs = values.iter().map(|(id, value)| Input::new(id, *value));
            let told = experiment.predict(&inputs.collect::<Vec<_>>())?.values;
            row.extend(told.into_iter().map(|value| libm::log(value.max(LEAST))));
        }
        Ok(row)
    })?;
    let column = |k: usize| rows.iter().map(|row| row[k]).collect::<Vec<f64>>();
    let answer = column(0);
    let mut place = prediction.data.len();
    let mut found = vec![];
    for experiment in candidates {
        for datum in &experiment.data {
            let values = column(place);
            place += 1;
            let error = match datum.error {
                ErrorModel::Gsd(gsd) => libm::log(gsd),
                ErrorModel::Cv(cv) => libm::log(cv.mul_add(cv, 1.0)).sqrt(),
                // An error that does not grow with the reading, as a share of the middle one.
                ErrorModel::Sd(sd) => (sd / libm::exp(mean(&values))).min(1e3),
            };
            found.push(judge(&answer, &values, error, experiment, &datum.name));
        }
    }
    found.sort_by(|a, b| a.gsd_after.total_cmp(&b.gsd_after));
    Ok(found)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn covariance(a: &[f64], b: &[f64]) -> f64 {
    let (x, y) = (mean(a), mean(b));
    let sum: f64 = a.iter().zip(b).map(|(a, b)| (a - x) * (b - y)).sum();
    sum / (a.len() as f64 - 1.0)
}

fn judge(answer: &[f64], values: &[f64], error: f64, of: &Experiment, name: &str) -> Worth {
    let (before, spread) = (covariance(answer, answer), covariance(values, values));
    let shared = covariance(answer, values);
    let scale = (before * spread).sqrt();
    let left = before - shared * shared / (spread + error * error).max(f64::MIN_POSITIVE);
    Worth {
        experiment: of.name.clone(),
        name: name.to_string(),
        correlation: if scale > 0.0 { shared / scale } else { 0.0 },
        gsd_before: libm::exp(before.sqrt()),
        gsd_after: libm::exp(left.max(0.0).sqrt()),
    }
}
