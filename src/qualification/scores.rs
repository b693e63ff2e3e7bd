//! Proper scores of predictions, and baselines to hold them against.

use serde::Serialize;

use crate::evidence::{Datum, Finding, Predictive};

/// How well one way of predicting did on one row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Scores {
    /// Continuous ranked probability score of the logarithm of a reading, in decades: 0 is best. Six decades about the
    /// finding count. For a range the finding is spread evenly over it. `None` for limits and counts.
    pub crps: Option<f64>,
    /// Minus the logarithm of the probability of what was found: 0 is best, and 9.2 the worst that is counted. `None`
    /// for values.
    pub log_score: Option<f64>,
}

/// The scores of the model on one row, and those of baselines.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Skill {
    /// Of the predictions, with all that is uncertain.
    pub model: Scores,
    /// Of the medians of the registry as if they were exact: the scatter of the measurement alone.
    pub exact: Scores,
    /// Of the registry before its calibration.
    pub before: Scores,
    /// Of knowing nothing: every share of the dose in six decades, or every count, is as likely. Limits have a half.
    pub nothing: Scores,
}

/// Decades about a finding that count, on each side.
const DECADES: i32 = 6;
/// Probabilities below this count as this: some hundred draws cannot tell them.
const LEAST_CHANCE: f64 = 1e-4;
/// Points of a decade.
const POINTS: i32 = 50;

impl Scores {
    /// Of the distribution of a reading.
    pub(super) fn of(reading: &Predictive, datum: &Datum) -> Self {
        match datum.found {
            Finding::Value(value) => Self::of_distribution((value, value), |x| reading.at_most(x)),
            Finding::Between(low, high) => {
                let mut scores = Self::of_distribution((low, high), |x| reading.at_most(x));
                scores.log_score = Some(surprise(reading, datum));
                scores
            }
            _ => Self {
                crps: None,
                log_score: Some(surprise(reading, datum)),
            },
        }
    }

    /// Of knowing nothing about a quantity that ends at `most`.
    pub(super) fn of_nothing(found: &Finding, most: f64) -> Self {
        let even = |x: f64| (libm::log10(x / most) / f64::from(DECADES) + 1.0).clamp(0.0, 1.0);
        match *found {
            Finding::Below(_) | Finding::Above(_) => Self {
                crps: None,
                log_score: Some(libm::log(2.0)),
            },
            Finding::Positive { of, .. } => Self {
                crps: None,
                log_score: Some(libm::log(f64::from(of) + 1.0)),
            },
            _ if !most.is_finite() => Self {
                crps: None,
                log_score: None,
            },
            Finding::Value(value) => Self::of_distribution((value, value), even),
            Finding::Between(low, high) => Self {
                log_score: Some(-libm::log(even(high) - even(low))),
                ..Self::of_distribution((low, high), even)
            },
        }
    }

    /// The score of a distribution of readings against a value, or a range over whose logarithm it is spread evenly.
    fn of_distribution((low, high): (f64, f64), at_most: impl Fn(f64) -> f64) -> Self {
        let middle = 0.5 * (libm::log10(low) + libm::log10(high));
        let step = 1.0 / f64::from(POINTS);
        let found = |x: f64| match high > low {
            true => {
                ((x - libm::log10(low)) / (libm::log10(high) - libm::log10(low))).clamp(0.0, 1.0)
            }
            false => f64::from(u8::from(x >= middle)),
        };
        // Middles of parts, so that the step of a value lies between two.
        let parts = -DECADES * POINTS..DECADES * POINTS;
        let square = |k: i32| {
            let x = middle + (f64::from(k) + 0.5) * step;
            (at_most(libm::pow(10.0, x)) - found(x)).powi(2)
        };
        let sum: f64 = parts.map(square).sum();
        Self {
            crps: middle.is_finite().then_some(sum * step),
            log_score: None,
        }
    }
}

/// Minus the logarithm of the probability of a finding.
fn surprise(reading: &Predictive, datum: &Datum) -> f64 {
    -reading
        .ln_likelihood(&datum.found)
        .max(libm::log(LEAST_CHANCE))
}

/// The mean of what there is, and of how many.
pub(super) fn mean(values: impl Iterator<Item = Option<f64>>) -> Option<(f64, usize)> {
    let values: Vec<f64> = values.flatten().collect();
    (!values.is_empty()).then(|| {
        (
            values.iter().sum::<f64>() / values.len() as f64,
            values.len(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organ::cumulative;

    // The score of a normal distribution in closed form (Gneiting and Raftery 2007, J Am Stat Assoc 102:359, equation
    // 5): s (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)), here of a decimal logarithm with s = 0.3.
    #[test]
    fn the_ranked_score_of_a_lognormal_has_its_closed_form() {
        for z in [0.0, 0.5, -2.0] {
            let at_most = |x: f64| cumulative((x.log10() - 1.0) / 0.3);
            let value = 10_f64.powf(1.0 + 0.3 * z);
            let found = Scores::of_distribution((value, value), at_most)
                .crps
                .unwrap();
            let density = (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
            let wanted = 0.3
                * (z * (2.0 * cumulative(z) - 1.0) + 2.0 * density
                    - 1.0 / std::f64::consts::PI.sqrt());
            assert!((found - wanted).abs() < 1e-3, "{z}: {found} {wanted}");
        }
    }

    // Nothing is known of six decades below the whole: the probability of one of them is a sixth.
    #[test]
    fn knowing_nothing_has_its_closed_form() {
        let range = Scores::of_nothing(&Finding::Between(1.0, 10.0), 100.0);
        assert!((range.log_score.unwrap() - 6.0_f64.ln()).abs() < 1e-12);
        // Uniform over 6 decades, found in the middle: 2 * integral of (x / 6)^2 from 0 to 3 = 1/2.
        let middle = Scores::of_nothing(&Finding::Value(0.1), 100.0);
        assert!((middle.crps.unwrap() - 0.5).abs() < 1e-3, "{middle:?}");
        let open = Scores::of_nothing(&Finding::Value(0.1), f64::INFINITY);
        assert_eq!((open.crps, open.log_score), (None, None));
    }
}
