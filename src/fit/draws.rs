//! Sets of numbers drawn from what a fit knows, with their correlations.

use nalgebra::{DMatrix, DVector};

use super::{Fit, FitError, Fitted};
use crate::organ::quantile;
use crate::population::latin_hypercube;
use crate::scenario::Scenario;

/// Above this deviation of a score, in those of a prior, nothing bounds a number.
const UNBOUNDED: f64 = 1e3;

/// Sets of numbers, each as probable as the data and the priors make it.
///
/// For a prediction with its uncertainty, run [`Self::scenario`] for each draw and take
/// [`bands`](crate::population::bands).
#[derive(Debug, Clone)]
pub struct Draws {
    pub(super) fit: Fit,
    /// One row a draw, one column an unknown.
    pub(super) scores: Vec<Vec<f64>>,
}

impl Draws {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// Standard scores, one row a draw, one column an unknown.
    #[must_use]
    pub fn scores(&self) -> &[Vec<f64>] {
        &self.scores
    }

    /// Values of one unknown, by its number, in the unit of the registry.
    #[must_use]
    pub fn values(&self, unknown: usize) -> Vec<f64> {
        let scores = self.scores.iter().map(|draw| draw[unknown]);
        scores.map(|score| self.fit.value(unknown, score)).collect()
    }

    /// Another scenario with the numbers of a draw: those whose row its species takes, except what it states
    /// itself.
    ///
    /// # Errors
    /// [`FitError::BadNumber`] for a draw that is not there; [`FitError::Data`] for a species without such a
    /// number.
    pub fn scenario(&self, draw: usize, scenario: &Scenario) -> Result<Scenario, FitError> {
        let Some(scores) = self.scores.get(draw) else {
            return Err(FitError::BadNumber {
                field: "draw",
                value: draw as f64,
                allowed: "less than the number of draws",
            });
        };
        let mut set = scenario.clone();
        for (number, unknown) in self.fit.unknowns().iter().enumerate() {
            let stated = scenario.parameters.contains_key(&unknown.id);
            if !stated && unknown.concerns(scenario)? {
                set = set.with(&unknown.id, self.fit.value(number, scores[number]));
            }
        }
        Ok(set)
    }
}

impl Fit {
    /// Draws from the normal distribution about what a search found, with its correlations: the quick
    /// neighbour of sampling, and right where the intervals are small.
    ///
    /// # Errors
    /// [`FitError::BadNumber`] for no draws; [`FitError::Unbounded`] for a number that nothing bounds.
    pub fn draws_about(&self, found: &Fitted, count: usize, seed: u64) -> Result<Draws, FitError> {
        let (estimates, correlations) = (&found.estimates, &found.correlations);
        let wide = |deviation: f64| !(deviation.is_finite() && deviation < UNBOUNDED);
        if let Some(estimate) = estimates.iter().find(|e| wide(e.deviation)) {
            return Err(FitError::Unbounded {
                id: estimate.id.clone(),
            });
        }
        let points =
            latin_hypercube(count, estimates.len(), seed).map_err(|_| FitError::BadNumber {
                field: "count",
                value: count as f64,
                allowed: "at least 1",
            })?;
        let covariance = DMatrix::from_fn(estimates.len(), estimates.len(), |i, j| {
            correlations[i][j] * estimates[i].deviation * estimates[j].deviation
        });
        let root = covariance.cholesky().ok_or_else(|| FitError::Unbounded {
            id: estimates
                .iter()
                .map(|e| e.id.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        })?;
        let middle = DVector::from_vec(found.scores());
        let draw = |point: Vec<f64>| {
            let normal = DVector::from_iterator(point.len(), point.into_iter().map(quantile));
            (root.l() * normal + &middle).as_slice().to_vec()
        };
        Ok(Draws {
            fit: self.like(found),
            scores: points.into_iter().map(draw).collect(),
        })
    }
}
