//! What a fit found.

use serde::Serialize;

use super::scatter::Scatter;
use crate::evidence::{Finding, Split};

/// What the data say of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Its variance is less than half of that of the prior.
    Well,
    /// They narrow it, by a tenth of the variance or more.
    Little,
    /// They leave it where the prior had it: not identifiable from these data.
    Nothing,
}

impl Told {
    /// In a word.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Little => "little",
            Self::Nothing => "no",
        }
    }
}

/// One number, found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// Its id.
    pub id: String,
    /// Species of its row; empty for all.
    pub species: String,
    /// The most probable value, in the unit of the registry: the mode on the scale of the score.
    ///
    /// Under a prior of the registry that is the mode of the logarithm (of the odds, for a share). Under a prior
    /// between two bounds it is the mode of the score, which draws a value that the data hardly constrain to the
    /// middle of the bounds by ratios.
    pub value: f64,
    /// Lower end of the interval of 95 %.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Its spread, as the registry states it.
    pub gsd: f64,
    /// Median of the prior.
    pub prior: f64,
    /// Its score: how far it moved, in standard deviations of the prior.
    pub score: f64,
    /// Standard deviation of the score: 1 for what the data do not tell.
    pub deviation: f64,
    /// What the data say of it.
    pub told: Told,
}

/// One datum beside what the fitted model says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Residual {
    /// The experiment.
    pub experiment: String,
    /// Key of its source.
    pub source: String,
    /// What was measured.
    pub name: String,
    /// What was found.
    pub found: Finding,
    /// What the model says.
    pub model: f64,
    /// What the model said before.
    pub before: f64,
    /// Signed root of twice what the cost is above its least: standard deviations for plain values.
    pub residual: f64,
    /// By what factor the model is off; `None` for counts.
    pub fold_error: Option<f64>,
    /// What the row may be used for.
    pub split: Split,
}

/// What a fit found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fitted {
    /// The numbers, in the order of the unknowns.
    pub estimates: Vec<Estimate>,
    /// Their correlations, on the scale of scores.
    pub correlations: Vec<Vec<f64>>,
    /// Data beside the model.
    pub residuals: Vec<Residual>,
    /// Minus the logarithm of the posterior, as [`Fit::cost`](super::Fit::cost).
    pub cost: f64,
    /// The same at the medians of the priors.
    pub cost_before: f64,
    /// Logarithm of the likelihood of the data, normalised: of densities for values, of probabilities for all else.
    pub log_likelihood: f64,
    /// How the data scatter beside what their errors state; `None` unless it was estimated.
    pub scatter: Option<Scatter>,
    /// How many starts there were, and how many ended within 0.1 of the best cost.
    pub starts: (usize, usize),
}

impl Fitted {
    /// The scores, for [`Fit::predict`](super::Fit::predict) and the rest.
    #[must_use]
    pub fn scores(&self) -> Vec<f64> {
        self.estimates
            .iter()
            .map(|estimate| estimate.score)
            .collect()
    }

    /// How many numbers were fitted, with the scatter if it was estimated.
    #[must_use]
    pub const fn fitted_count(&self) -> usize {
        self.estimates.len() + self.scatter.is_some() as usize
    }

    /// The criterion of Akaike, `2 k - 2 ln L`, with all `k` fitted numbers.
    ///
    /// For fits to the same rows, and without priors: a prior that counts moves the values away from the greatest
    /// likelihood.
    #[must_use]
    pub fn aic(&self) -> f64 {
        2.0 * self.fitted_count() as f64 - 2.0 * self.log_likelihood
    }

    /// The criterion of Schwarz, `k ln n - 2 ln L`, with all `k` fitted numbers and `n` rows; as [`Self::aic`].
    #[must_use]
    pub fn bic(&self) -> f64 {
        let rows = self.residuals.len() as f64;
        libm::log(rows) * self.fitted_count() as f64 - 2.0 * self.log_likelihood
    }

    /// Numbers that the data do not identify.
    #[must_use]
    pub fn not_told(&self) -> Vec<&str> {
        let untold = self.estimates.iter().filter(|e| e.told == Told::Nothing);
        untold.map(|estimate| estimate.id.as_str()).collect()
    }

    /// Pairs whose correlation is stronger than a limit: the data tell their combination better than each.
    #[must_use]
    pub fn entangled(&self, limit: f64) -> Vec<(&str, &str, f64)> {
        let mut pairs = vec![];
        for (i, row) in self.correlations.iter().enumerate() {
            for (j, value) in row.iter().enumerate().take(i) {
                if value.abs() > limit {
                    let ids = (&self.estimates[j].id, &self.estimates[i].id);
                    pairs.push((ids.0.as_str(), ids.1.as_str(), *value));
                }
            }
        }
        pairs
    }
}
