//! One printed number, and how far from it the model may be.

use serde::{Deserialize, Serialize};

use super::chance::{Cost, tail, within};
use super::error_model::LEAST;
use super::{ErrorModel, EvidenceError, Measure};

/// What a row may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// May set numbers of the registry.
    Calibration,
    /// Is shown and scored, never fitted.
    Validation,
}

/// What was found: a number, or less than a number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Finding {
    /// This value.
    Value(f64),
    /// Less than this: "not detected", "fewer than".
    Below(f64),
    /// More than this.
    Above(f64),
    /// Between these two.
    Between(f64, f64),
    /// So many of so many animals were positive, with an assay that sees this much.
    Positive {
        /// Animals above the limit.
        animals: u32,
        /// All animals.
        of: u32,
        /// The limit, in the unit of the measure.
        limit: f64,
    },
}

/// One printed number.
///
/// In a file:
///
/// ```toml
/// name = "retained in the beating heart after an hour, %"
/// found = { value = 17.6 }
/// error = { sd = 11.5 }
/// measure = { what = "cells", places = ["heart"], time = "1 h", unit = "percent_dose" }
/// split = "calibration"
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Datum {
    /// What was measured, with its unit, in words.
    pub name: String,
    /// What was found.
    pub found: Finding,
    /// How it scatters.
    pub error: ErrorModel,
    /// What the model says in its place.
    pub measure: Measure,
    /// What it may be used for.
    pub split: Split,
    /// What a reader must know about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Finding {
    /// The one value that stands for the finding in tables: for a range its middle by ratios.
    #[must_use]
    pub fn typical(&self) -> f64 {
        match *self {
            Self::Value(value) | Self::Below(value) | Self::Above(value) => value,
            Self::Between(low, high) if low > 0.0 => (low * high).sqrt(),
            Self::Between(low, high) => 0.5 * (low + high),
            Self::Positive { limit, .. } => limit,
        }
    }

    /// By what factor the model is off, at least 1; 1 inside a range or on the right side of a bound.
    ///
    /// `None` for counts of animals, which have no such factor, and where one of the two is not above 0.
    #[must_use]
    pub fn fold_error(&self, model: f64) -> Option<f64> {
        let fold = |a: f64, b: f64| (a > 0.0 && b > 0.0).then(|| (a / b).max(b / a));
        match *self {
            Self::Value(value) => fold(model, value),
            Self::Below(limit) if model <= limit => Some(1.0),
            Self::Above(limit) if model >= limit => Some(1.0),
            Self::Between(low, high) if (low..=high).contains(&model) => Some(1.0),
            Self::Below(limit) | Self::Above(limit) => fold(model, limit),
            Self::Between(low, _) if model < low => fold(model, low),
            Self::Between(_, high) => fold(model, high),
            Self::Positive { .. } => None,
        }
    }

    /// Whether an interval of readings, or for counts of animals, holds the finding: contains a value or a count, or
    /// reaches a limit or a range.
    #[must_use]
    pub fn is_held_by(&self, low: f64, high: f64) -> bool {
        match *self {
            Self::Value(value) => (low..=high).contains(&value),
            Self::Below(limit) => low <= limit,
            Self::Above(limit) => high >= limit,
            Self::Between(a, b) => low <= b && high >= a,
            Self::Positive { animals, .. } => (low..=high).contains(&f64::from(animals)),
        }
    }

    /// The finding in words: `17.6`, `< 1000`, `2 to 5.4`, `9 of 10`.
    #[must_use]
    pub fn text(&self) -> String {
        let n = |value: f64| match value.abs() {
            size if size >= 1e5 || (size > 0.0 && size < 1e-3) => format!("{value:e}"),
            _ => value.to_string(),
        };
        match *self {
            Self::Value(value) => n(value),
            Self::Below(limit) => format!("< {}", n(limit)),
            Self::Above(limit) => format!("> {}", n(limit)),
            Self::Between(low, high) => format!("{} to {}", n(low), n(high)),
            Self::Positive { animals, of, .. } => format!("{animals} of {of} positive"),
        }
    }
}

impl Datum {
    /// # Errors
    /// [`EvidenceError::BadNumber`].
    pub(super) fn check(&self) -> Result<(), EvidenceError> {
        let bad = |field, value, allowed| {
            Err(EvidenceError::BadNumber {
                name: self.name.clone(),
                field,
                value,
                allowed,
            })
        };
        let (kind, scatter, least) = match self.error {
            ErrorModel::Sd(sd) => ("sd", sd, 0.0),
            ErrorModel::Cv(cv) => ("cv", cv, 0.0),
            ErrorModel::Gsd(gsd) => ("gsd", gsd, 1.0),
        };
        if !(scatter.is_finite() && scatter > least) {
            let allowed = if least > 0.0 {
                "finite and more than 1"
            } else {
                "finite and more than 0"
            };
            return bad(kind, scatter, allowed);
        }
        let values = match self.found {
            Finding::Value(v) | Finding::Below(v) | Finding::Above(v) => vec![v],
            Finding::Between(low, high) if low < high => vec![low, high],
            Finding::Between(_, high) => return bad("between", high, "more than the lower end"),
            Finding::Positive { animals, of, .. } if animals > of || of == 0 => {
                return bad(
                    "animals",
                    f64::from(animals),
                    "at most as many as there were",
                );
            }
            Finding::Positive { limit, .. } => vec![limit],
        };
        let zero = matches!(self.error, ErrorModel::Sd(_));
        match values
            .into_iter()
            .find(|v| !(v.is_finite() && (zero || *v > 0.0)))
        {
            None => Ok(()),
            Some(value) => bad(
                "found",
                value,
                "finite, and above 0 unless the error is an sd",
            ),
        }
    }

    /// Minus the logarithm of the greatest likelihood that any prediction could give the finding.
    ///
    /// With it, [`Self::cost`] is normalised: a density for values, a probability for everything else.
    pub(crate) fn least_cost(&self) -> f64 {
        let error = self.error;
        match self.found {
            Finding::Value(value) => -error.ln_density(error.most_likely(value), value),
            Finding::Below(_) => 0.0,
            Finding::Above(_) => -libm::log(error.most_above()),
            Finding::Between(low, high) => {
                let best = error.between(low, high);
                within(error.distance(best, low), error.distance(best, high)).cost
            }
            Finding::Positive { animals, of, .. } => {
                let (all, yes) = (f64::from(of), f64::from(animals));
                let share = (yes / all).min(error.most_above());
                let part = |count: f64, share: f64| match count > 0.0 {
                    true => -count * libm::log(share),
                    false => 0.0,
                };
                part(yes, share) + part(all - yes, 1.0 - share) - ln_choose(of, animals)
            }
        }
    }

    /// How unlikely the finding is if the model is right with this value.
    pub(crate) fn cost(&self, model: f64) -> Cost {
        let from = |reading: f64| self.error.distance(model, reading);
        match self.found {
            Finding::Value(value) => self.cost_of(value, model),
            Finding::Below(limit) => {
                let (z, dz) = from(limit);
                tail(-z, -dz)
            }
            Finding::Above(limit) => {
                let (z, dz) = from(limit);
                tail(z, dz).above(self.least_cost())
            }
            Finding::Between(low, high) => within(from(low), from(high)).above(self.least_cost()),
            Finding::Positive { animals, of, limit } => {
                let (z, dz) = from(limit);
                let (yes, no) = (tail(z, dz), tail(-z, -dz));
                let (k, rest) = (f64::from(animals), f64::from(of - animals));
                let both = Cost {
                    cost: k * yes.cost + rest * no.cost,
                    slope: k * yes.slope + rest * no.slope,
                    curvature: k * yes.curvature + rest * no.curvature,
                };
                both.above(self.least_cost() + ln_choose(of, animals))
            }
        }
    }

    /// The cost of a plain value: half a square, and with a scatter that grows with the prediction the logarithm of
    /// its width.
    fn cost_of(&self, value: f64, model: f64) -> Cost {
        let (z, dz) = self.error.distance(model, value);
        let ErrorModel::Cv(cv) = self.error else {
            return Cost {
                cost: 0.5 * z * z,
                slope: z * dz,
                curvature: dz * dz,
            };
        };
        let (kept, best) = (model.max(LEAST), self.error.most_likely(value));
        let least = self.error.distance(best, value).0;
        Cost {
            cost: (0.5 * (z * z - least * least) + libm::log(kept / best)).max(0.0),
            slope: z * dz + 1.0 / kept,
            // The expected information of a normal distribution whose deviation is cv times its mean.
            curvature: (1.0 / (cv * cv) + 2.0) / (kept * kept),
        }
    }
}

/// The logarithm of the number of ways to choose so many animals.
fn ln_choose(of: u32, animals: u32) -> f64 {
    let ln_factorial = |n: u32| libm::lgamma(f64::from(n) + 1.0);
    ln_factorial(of) - ln_factorial(animals) - ln_factorial(of - animals)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn datum(found: Finding, error: ErrorModel) -> Datum {
        Datum {
            name: "n".to_string(),
            found,
            error,
            measure: Measure::Passing {
                organ: crate::physiology::Organ::LUNG,
            },
            split: Split::Calibration,
            note: String::new(),
        }
    }

    #[test]
    fn slopes_are_those_of_the_costs() {
        let findings = [
            Finding::Value(3.0),
            Finding::Below(3.0),
            Finding::Above(3.0),
            Finding::Between(2.0, 3.0),
            Finding::Positive {
                animals: 3,
                of: 10,
                limit: 2.0,
            },
        ];
        for found in findings {
            for error in [
                ErrorModel::Sd(0.4),
                ErrorModel::Cv(0.2),
                ErrorModel::Gsd(1.3),
            ] {
                let datum = datum(found, error);
                for model in [0.5_f64, 1.9, 2.5, 3.3, 9.0] {
                    let h = 1e-5 * model;
                    let (up, down) = (datum.cost(model + h).cost, datum.cost(model - h).cost);
                    let found = datum.cost(model);
                    let wanted = (up - down) / (2.0 * h);
                    let tolerance = 1e-5 * (1.0 + wanted.abs());
                    assert!(
                        (found.slope - wanted).abs() < tolerance,
                        "{datum:?} {model}"
                    );
                    assert!(found.cost.is_finite() && found.curvature >= 0.0);
                }
            }
        }
    }

    #[test]
    fn the_least_cost_is_reached_and_is_0() {
        let counts = |animals| Finding::Positive {
            animals,
            of: 8,
            limit: 2.0,
        };
        for found in [
            Finding::Value(3.0),
            Finding::Between(2.0, 3.0),
            Finding::Above(2.0),
            counts(0),
            counts(2),
            counts(8),
        ] {
            for error in [
                ErrorModel::Sd(0.4),
                ErrorModel::Cv(0.2),
                ErrorModel::Gsd(1.3),
            ] {
                let datum = datum(found, error);
                let costs = (1..60_000).map(|k| datum.cost(0.001 * f64::from(k)).cost);
                let best = costs.fold(f64::INFINITY, f64::min);
                assert!((0.0..1e-4).contains(&best), "{datum:?} {best}");
            }
        }
    }

    // Densities of readings integrate to 1, and chances of counts sum to 1, at any prediction.
    #[test]
    fn likelihoods_are_normalised() {
        for error in [
            ErrorModel::Sd(0.4),
            ErrorModel::Cv(0.2),
            ErrorModel::Gsd(1.3),
        ] {
            for model in [2.0, 3.0] {
                let likelihood = |found: Finding| {
                    let datum = datum(found, error);
                    (-datum.cost(model).cost - datum.least_cost()).exp()
                };
                let density = |k: i32| likelihood(Finding::Value(0.001 * f64::from(k) - 0.0005));
                let all: f64 = (1..20_000).map(density).sum::<f64>() * 0.001;
                assert!((all - 1.0).abs() < 1e-6, "{error:?} {model}: {all}");
                let count = |animals| {
                    likelihood(Finding::Positive {
                        animals,
                        of: 7,
                        limit: 2.5,
                    })
                };
                let all: f64 = (0..=7).map(count).sum();
                assert!((all - 1.0).abs() < 1e-9, "{error:?} {model}: {all}");
                let sides = [
                    Finding::Below(2.0),
                    Finding::Between(2.0, 3.0),
                    Finding::Above(3.0),
                ];
                let all: f64 = sides.map(likelihood).iter().sum();
                assert!((all - 1.0).abs() < 1e-9, "{error:?} {model}: {all}");
            }
        }
    }

    #[test]
    fn a_limit_is_the_edge_of_a_very_wide_range() {
        let gsd = ErrorModel::Gsd(1.5);
        let below = datum(Finding::Below(3.0), gsd);
        let wide = datum(Finding::Between(1e-12, 3.0), gsd);
        for model in [0.1, 3.0, 40.0] {
            let (a, b) = (below.cost(model), wide.cost(model));
            assert!((a.cost - b.cost).abs() < 1e-9 * (1.0 + a.cost));
        }
        // On the limit the chance is a half.
        assert!((below.cost(3.0).cost - 2.0_f64.ln()).abs() < 1e-12);
        // A range that shrinks is a value: costs differ by a constant.
        let value = datum(Finding::Value(2.0), gsd);
        let narrow = datum(Finding::Between(1.9999, 2.0001), gsd);
        let rise = |d: &Datum| d.cost(3.0).cost - d.cost(2.0).cost;
        assert!((rise(&value) - rise(&narrow)).abs() < 1e-6);
    }
}
