//! The distribution of a reading: what is predicted, with all that is uncertain, and the scatter of the measurement.

use super::{Datum, ErrorModel, Finding};

/// The distribution of a reading: a mixture over draws of the prediction, each with the scatter of the measurement.
///
/// A reading that its scatter would carry beyond the ends of its quantity counts as the end: a share of the dose
/// is never more than the whole.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Predictive {
    /// Draws of the prediction, in order.
    values: Vec<f64>,
    error: ErrorModel,
    ends: (f64, f64),
}

/// Halvings of a bracket: to the last bit, nearly.
const HALVINGS: usize = 100;
/// Least reading above 0 that is told from 0.
const TINY: f64 = 1e-30;

impl Predictive {
    /// Of the reading of a datum, with draws of its prediction, of which there is at least one.
    pub(crate) fn new(mut values: Vec<f64>, datum: &Datum) -> Self {
        values.sort_by(f64::total_cmp);
        Self {
            values,
            error: datum.error,
            ends: datum.measure.ends(),
        }
    }

    fn mean(&self, of: impl Fn(f64) -> f64) -> f64 {
        self.values.iter().map(|value| of(*value)).sum::<f64>() / self.values.len() as f64
    }

    /// The probability that a reading is at most so much.
    pub(crate) fn at_most(&self, reading: f64) -> f64 {
        match reading {
            reading if reading < self.ends.0 => 0.0,
            reading if reading >= self.ends.1 => 1.0,
            _ => self.mean(|value| self.error.at_most(value, reading)),
        }
    }

    /// The reading below which a share of the distribution lies, 0 < share < 1.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        if self.at_most(self.ends.0) >= share {
            return self.ends.0;
        }
        let (mut low, mut high) = (self.ends.0, self.ends.1);
        let positive = low >= 0.0;
        if positive {
            if self.at_most(TINY) >= share {
                return low;
            }
            low = low.max(TINY);
        } else {
            low = -1.0;
            while self.at_most(low) >= share && low > -1e300 {
                low *= 2.0;
            }
        }
        if !high.is_finite() {
            high = 1.0;
            while self.at_most(high) < share && high < 1e300 {
                high *= 2.0;
            }
        }
        // By ratios, so that small readings keep their digits.
        let between = |low: f64, high: f64| match positive {
            true => libm::exp(libm::log(low) * 0.5 + libm::log(high) * 0.5),
            false => 0.5 * (low + high),
        };
        for _ in 0..HALVINGS {
            let middle = between(low, high);
            if self.at_most(middle) < share {
                low = middle;
            } else {
                high = middle;
            }
        }
        between(low, high).min(self.ends.1)
    }

    /// The greatest reading that there can be.
    pub(crate) const fn most(&self) -> f64 {
        self.ends.1
    }

    /// Whether an interval holds every reading that there can be.
    pub(crate) fn is_whole(&self, low: f64, high: f64) -> bool {
        low <= self.ends.0 && high >= self.ends.1
    }

    /// The median of the predictions themselves, without the scatter of the measurement.
    pub(crate) fn middle(&self) -> f64 {
        let half = self.values.len() / 2;
        match self.values.len() % 2 {
            0 => 0.5 * (self.values[half - 1] + self.values[half]),
            _ => self.values[half],
        }
    }

    /// The 95 % interval of a reading.
    pub(crate) fn interval(&self) -> (f64, f64) {
        (self.quantile(0.025), self.quantile(0.975))
    }

    /// The probability of each count of animals above a limit, from none to all.
    pub(crate) fn counts(&self, of: u32, limit: f64) -> Vec<f64> {
        let mut chances = vec![0.0; of as usize + 1];
        for value in &self.values {
            let p = 1.0 - self.error.at_most(*value, limit);
            for (sum, chance) in chances.iter_mut().zip(binomial(of, p)) {
                *sum += chance / self.values.len() as f64;
            }
        }
        chances
    }

    /// The logarithm of the likelihood of a finding: of a density for a value, of a probability for all else.
    pub(crate) fn ln_likelihood(&self, found: &Finding) -> f64 {
        match *found {
            // A reading at the end of its quantity is all that would lie beyond.
            Finding::Value(value) if value >= self.ends.1 => {
                let below = |v| self.error.at_most(v, self.ends.1);
                libm::log(self.mean(|value| 1.0 - below(value)))
            }
            Finding::Value(reading) => {
                let density = |value| self.error.ln_density(value, reading);
                let most = self.values.iter().map(|v| density(*v));
                let most = most.fold(f64::NEG_INFINITY, f64::max);
                if most == f64::NEG_INFINITY {
                    return most;
                }
                most + libm::log(self.mean(|value| libm::exp(density(value) - most)))
            }
            Finding::Below(limit) => libm::log(self.at_most(limit)),
            Finding::Above(limit) => libm::log(1.0 - self.at_most(limit)),
            Finding::Between(low, high) => {
                libm::log((self.at_most(high) - self.at_most(low)).max(0.0))
            }
            Finding::Positive { animals, of, limit } => {
                let chance = self.counts(of, limit)[animals.min(of) as usize];
                libm::log(chance)
            }
        }
    }
}

/// How unlikely each count is: the probability of all counts that are as likely or less, 1 for the likeliest.
///
/// What is below 0.05 lies outside the 95 % interval of a count.
pub(crate) fn rarities(chances: &[f64]) -> Vec<f64> {
    let rarity = |chance: &f64| {
        // As likely, but for rounding.
        let less = chances
            .iter()
            .filter(|other| **other <= chance * (1.0 + 1e-9));
        less.sum::<f64>().min(1.0)
    };
    chances.iter().map(rarity).collect()
}

/// The 95 % interval of a count with these probabilities: from the first to the last that is not too unlikely.
pub(crate) fn count_interval(chances: &[f64]) -> (usize, usize) {
    let rarities = rarities(chances);
    let held = |rarity: &f64| *rarity >= 0.05;
    let first = rarities.iter().position(held).unwrap_or(0);
    let last = rarities.iter().rposition(held);
    (first, last.unwrap_or(chances.len() - 1))
}

/// The chances of none to all of `of`, each with probability `p`: one after the other.
fn binomial(of: u32, p: f64) -> Vec<f64> {
    let mut row = vec![1.0];
    for _ in 0..of {
        let mut next = vec![0.0; row.len() + 1];
        for (k, chance) in row.iter().enumerate() {
            next[k] += chance * (1.0 - p);
            next[k + 1] += chance * p;
        }
        row = next;
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Measure, Split};
    use crate::physiology::Organ;

    fn datum(error: ErrorModel, measure: Measure) -> Datum {
        Datum {
            name: "n".to_string(),
            found: Finding::Value(1.0),
            error,
            measure,
            split: Split::Validation,
            note: String::new(),
        }
    }

    fn ratio() -> Measure {
        let share = || Box::new(Measure::Stopping { organ: Organ::LUNG });
        Measure::Ratio {
            of: share(),
            to: share(),
        }
    }

    // One draw: the distribution is that of the error, whose quantiles have closed forms.
    #[test]
    fn one_draw_has_the_quantiles_of_its_error() {
        let z = 1.959_963_984_540_054;
        for (error, wanted) in [
            (ErrorModel::Sd(0.5), [3.0 - 0.5 * z, 3.0 + 0.5 * z]),
            (ErrorModel::Cv(0.2), [3.0 - 0.6 * z, 3.0 + 0.6 * z]),
            (
                ErrorModel::Gsd(1.3),
                [3.0 * 1.3_f64.powf(-z), 3.0 * 1.3_f64.powf(z)],
            ),
        ] {
            let one = Predictive::new(vec![3.0], &datum(error, ratio()));
            let (low, high) = one.interval();
            assert!((low / wanted[0] - 1.0).abs() < 1e-9, "{error:?} {low}");
            assert!((high / wanted[1] - 1.0).abs() < 1e-9, "{error:?} {high}");
        }
    }

    #[test]
    fn no_interval_leaves_the_ends_of_its_quantity() {
        let share = Measure::Stopping { organ: Organ::LUNG };
        for error in [ErrorModel::Sd(0.2), ErrorModel::Gsd(1.4)] {
            let most = Predictive::new(vec![0.9, 0.95], &datum(error, share.clone()));
            let (low, high) = most.interval();
            assert!(low > 0.3 && high <= 1.0, "{error:?} {low} {high}");
        }
        let least = Predictive::new(vec![0.01], &datum(ErrorModel::Sd(0.2), share));
        assert!(least.interval().0.abs() < 1e-15);
        assert!(least.quantile(0.5) > 0.0);
    }

    // Two draws far apart: half of the chance about each.
    #[test]
    fn a_mixture_is_the_mean_of_its_parts() {
        let both = Predictive::new(vec![1e-3, 1e3], &datum(ErrorModel::Gsd(1.1), ratio()));
        assert!((both.at_most(1.0) - 0.5).abs() < 1e-12);
        assert!((both.quantile(0.25) / 1e-3 - 1.0).abs() < 1e-6);
        assert!((both.middle() - 500.0005).abs() < 1e-9);
        let counts = both.counts(2, 1.0);
        // Both or none, whichever the draw.
        assert!((counts[0] - 0.5).abs() < 1e-12 && (counts[2] - 0.5).abs() < 1e-12);
        let found = Finding::Positive {
            animals: 2,
            of: 2,
            limit: 1.0,
        };
        assert!((both.ln_likelihood(&found) - 0.5_f64.ln()).abs() < 1e-12);
    }
}
