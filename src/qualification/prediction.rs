//! Validation: predictions with their uncertainty against rows that were never fitted.

use serde::Serialize;

use super::qualify::QualificationError;
use crate::evidence::{ErrorModel, Experiment, Finding, Input};
use crate::organ::{cumulative, quantile};
use crate::population::{Study, bands, latin_hypercube};

/// How a prediction and a measurement stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The middle of the prediction is within a factor of two; for counts and bounds: on the right side.
    Met,
    /// The middle is not, but the interval of 95 % holds the measurement.
    Held,
    /// Neither.
    Missed,
}

impl Verdict {
    /// In a word, for tables.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Held => "held by the interval",
            Self::Missed => "MISSED",
        }
    }
}

/// A measurement beside its prediction.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Predicted {
    /// The experiment.
    pub experiment: String,
    /// Key of its source.
    pub source: String,
    /// What was measured.
    pub name: String,
    /// What was found.
    pub found: Finding,
    /// The same in words.
    pub found_text: String,
    /// Middle of the prediction, or, for counts, the expected number of animals.
    pub middle: f64,
    /// Lower end of the interval of 95 %, with the error of the measurement.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// By what factor the middle is off; `None` for counts, and where the model says nothing at all.
    pub fold_error: Option<f64>,
    /// The verdict.
    pub verdict: Verdict,
    /// What a reader must know about the row.
    pub note: String,
}

/// Predicts every datum of an experiment with draws from the spreads of the registry.
pub(super) fn predict(
    experiment: &Experiment,
    draws: usize,
    seed: u64,
) -> Result<Vec<Predicted>, QualificationError> {
    let study = Study::of(&experiment.scenario)?;
    let inputs = study.inputs();
    let points = latin_hypercube(draws, inputs.len(), seed)?;
    let one = |point: &Vec<f64>| {
        let pairs = inputs.iter().zip(study.correlated(point));
        let drawn: Vec<Input> = pairs
            .map(|(input, share)| Input::new(&input.id, input.at(share)))
            .collect();
        Ok(experiment.predict(&drawn)?.values)
    };
    #[cfg(feature = "parallel")]
    let told: Result<Vec<Vec<f64>>, QualificationError> = {
        use rayon::prelude::*;
        points.par_iter().map(one).collect()
    };
    #[cfg(not(feature = "parallel"))]
    let told: Result<Vec<Vec<f64>>, QualificationError> = points.iter().map(one).collect();
    let told = told?;
    // Errors of measurement: one hypercube beside that of the numbers.
    let errors = latin_hypercube(draws, experiment.data.len(), seed + 1)?;
    let rows = experiment.data.iter().enumerate().map(|(k, datum)| {
        let values: Vec<f64> = told.iter().map(|row| row[k]).collect();
        let scattered = values.iter().zip(&errors).map(|(value, shares)| {
            let z = quantile(shares[k]);
            vec![match datum.error {
                ErrorModel::Sd(sd) => value + sd * z,
                ErrorModel::Cv(cv) => value * (1.0 + cv * z),
                ErrorModel::Gsd(gsd) => value * libm::pow(gsd, z),
            }]
        });
        let band = bands(&scattered.collect::<Vec<_>>())[0];
        let plain = bands(&values.iter().map(|value| vec![*value]).collect::<Vec<_>>())[0];
        let (middle, low, high, verdict) = match datum.found {
            Finding::Positive { animals, of, limit } => {
                let gsd = match datum.error {
                    ErrorModel::Gsd(gsd) => gsd,
                    _ => 2.0,
                };
                count(&values, (animals, of), (limit, gsd))
            }
            found => {
                let verdict = verdict(&found, plain.middle, (band.low, band.high));
                (plain.middle, band.low, band.high, verdict)
            }
        };
        Predicted {
            experiment: experiment.name.clone(),
            source: experiment.source.clone(),
            name: datum.name.clone(),
            found: datum.found,
            found_text: datum.found.text(),
            middle,
            low,
            high,
            fold_error: datum.found.fold_error(plain.middle),
            verdict,
            note: datum.note.clone(),
        }
    });
    Ok(rows.collect())
}

fn verdict(found: &Finding, middle: f64, (low, high): (f64, f64)) -> Verdict {
    let overlaps = match *found {
        Finding::Value(value) => (low..=high).contains(&value),
        Finding::Below(limit) => low <= limit,
        Finding::Above(limit) => high >= limit,
        Finding::Between(a, b) => low <= b && high >= a,
        Finding::Positive { .. } => false,
    };
    match found.fold_error(middle) {
        Some(fold) if fold <= 2.0 => Verdict::Met,
        _ if overlaps => Verdict::Held,
        _ => Verdict::Missed,
    }
}

/// Animals that should be positive: the mean and an interval of 95 % over draws and chance.
fn count(
    values: &[f64],
    (animals, of): (u32, u32),
    (limit, gsd): (f64, f64),
) -> (f64, f64, f64, Verdict) {
    let n = of as usize;
    let mut chances = vec![0.0; n + 1];
    for value in values {
        let z = libm::log(value.max(f64::MIN_POSITIVE) / limit) / libm::log(gsd);
        let p = cumulative(z);
        // Binomial, one animal after the other.
        let mut row = vec![1.0];
        for _ in 0..n {
            let mut next = vec![0.0; row.len() + 1];
            for (k, chance) in row.iter().enumerate() {
                next[k] += chance * (1.0 - p);
                next[k + 1] += chance * p;
            }
            row = next;
        }
        for (sum, chance) in chances.iter_mut().zip(row) {
            *sum += chance / values.len() as f64;
        }
    }
    let mean: f64 = chances.iter().enumerate().map(|(k, c)| k as f64 * c).sum();
    let reached = |share: f64| {
        let mut sum = 0.0;
        let place = chances.iter().position(|chance| {
            sum += chance;
            sum >= share
        });
        place.unwrap_or(n) as f64
    };
    let (low, high) = (reached(0.025), reached(0.975));
    let seen = f64::from(animals);
    let verdict = match (low..=high).contains(&seen) {
        // The same side of the middle, and not only possible.
        true if (mean - seen).abs() <= 0.25 * f64::from(of) => Verdict::Met,
        true => Verdict::Held,
        false => Verdict::Missed,
    };
    (mean, low, high, verdict)
}
