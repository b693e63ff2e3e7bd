//! Predictions of the rows that were kept for validation.

use serde::Serialize;

use super::{Fit, FitError, Fitted};
use crate::evidence::{Finding, Predictive, count_interval};

/// A row that was never fitted, beside what the fit predicts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeldOut {
    /// The experiment.
    pub experiment: String,
    /// What was measured.
    pub name: String,
    /// What was found.
    pub found: Finding,
    /// The prediction at the most probable values.
    pub model: f64,
    /// The 95 % interval of a reading: from what the fit leaves uncertain, and the scatter of the measurement. For a
    /// count, of the number of animals. `None` where some number has no bound.
    pub interval: Option<(f64, f64)>,
}

impl HeldOut {
    /// Whether the interval holds the finding: contains a value or a count, or reaches a limit or a range.
    #[must_use]
    pub fn is_held(&self) -> Option<bool> {
        let (low, high) = self.interval?;
        Some(self.found.is_held_by(low, high))
    }
}

/// Least draws behind an interval.
const LEAST: usize = 40;

impl Fit {
    /// Predicts the rows for validation, with `draws` draws about the result of a search.
    ///
    /// # Errors
    /// [`FitError::BadNumber`] for less than 40 draws; the reason why the model fails at one of them.
    pub fn predictions(
        &self,
        found: &Fitted,
        draws: usize,
        seed: u64,
    ) -> Result<Vec<HeldOut>, FitError> {
        if self.held_out.is_empty() {
            return Ok(vec![]);
        }
        if draws < LEAST {
            return Err(FitError::BadNumber {
                field: "draws",
                value: draws as f64,
                allowed: "at least 40 for a 95 % interval",
            });
        }
        let fit = self.like(found);
        let best = fit.held_out_values(&found.scores())?;
        let drawn = match self.draws_about(found, draws, seed) {
            Ok(drawn) => Some(drawn),
            Err(FitError::Unbounded { .. }) => None,
            Err(error) => return Err(error),
        };
        let mut values = vec![];
        for scores in drawn.iter().flat_map(|drawn| drawn.scores()) {
            values.push(fit.held_out_values(scores)?);
        }
        let rows = fit.held_out.iter().flat_map(|experiment| {
            let data = experiment.data.iter();
            data.map(move |datum| (experiment, datum))
        });
        let one = |(k, (experiment, datum)): (usize, (&_, &crate::evidence::Datum))| {
            let experiment: &crate::evidence::Experiment = experiment;
            let of_row: Vec<f64> = values.iter().map(|draw| draw[k]).collect();
            let interval = (!of_row.is_empty()).then(|| {
                let reading = Predictive::new(of_row, datum);
                match datum.found {
                    Finding::Positive { of, limit, .. } => {
                        let (low, high) = count_interval(&reading.counts(of, limit));
                        (low as f64, high as f64)
                    }
                    _ => reading.interval(),
                }
            });
            HeldOut {
                experiment: experiment.name.clone(),
                name: datum.name.clone(),
                found: datum.found,
                model: best[k],
                interval,
            }
        };
        Ok(rows.enumerate().map(one).collect())
    }

    fn held_out_values(&self, scores: &[f64]) -> Result<Vec<f64>, FitError> {
        let answers = self.answers(true, scores, false)?;
        Ok(answers
            .into_iter()
            .flat_map(|answer| answer.values)
            .collect())
    }
}
