//! Quantiles over draws, and how far the draws leave them open.

use serde::Serialize;

use super::PopulationError;
use super::draw::at_least;

/// The middle and the 95 % interval of one answer, each with the error that comes from the number of draws.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Band {
    /// 2.5 % of the draws lie below.
    pub low: f64,
    /// Half of the draws lie below.
    pub middle: f64,
    /// 2.5 % of the draws lie above.
    pub high: f64,
    /// Between which draws endless draws would have the lower end, with 95 %; `None`: beyond all draws.
    pub low_within: [Option<f64>; 2],
    /// The same of the middle.
    pub middle_within: [Option<f64>; 2],
    /// The same of the upper end.
    pub high_within: [Option<f64>; 2],
}

impl Band {
    /// Least draws behind a 95 % interval: with fewer, no draw lies beyond its ends.
    pub const LEAST_DRAWS: usize = 40;
    /// Least draws whose error of the ends is bounded on both sides.
    pub const LEAST_DRAWS_OF_ERRORS: usize = 146;
}

/// For each answer its band over the draws; `answers` has one row a draw.
///
/// Quantiles between draws are interpolated (type 7 of Hyndman and Fan 1996, Am Stat 50:361). The error from the
/// number of draws is that of order statistics: for independent draws the number below a quantile is binomial. Draws of
/// a Latin hypercube scatter less.
///
/// # Errors
/// [`PopulationError::BadNumber`] for less than 40 draws, and for rows of different lengths;
/// [`PopulationError::NotFinite`].
pub fn bands(answers: &[Vec<f64>]) -> Result<Vec<Band>, PopulationError> {
    at_least("draws", answers.len(), Band::LEAST_DRAWS)?;
    let count = answers[0].len();
    if let Some(row) = answers.iter().find(|row| row.len() != count) {
        return Err(PopulationError::BadNumber {
            field: "answers of a draw",
            value: row.len() as f64,
            allowed: "the same for all draws",
        });
    }
    for (draw, row) in answers.iter().enumerate() {
        if let Some(value) = row.iter().find(|value| !value.is_finite()) {
            return Err(PopulationError::NotFinite {
                draw,
                value: *value,
            });
        }
    }
    let shares = [0.025, 0.5, 0.975];
    let ranks = shares.map(|share| ranks(answers.len(), share));
    let one = |answer: usize| {
        let mut values: Vec<f64> = answers.iter().map(|row| row[answer]).collect();
        values.sort_by(f64::total_cmp);
        let [low, middle, high] = shares.map(|share| quantile(&values, share));
        let within = |[low, high]: [Option<usize>; 2]| [low, high].map(|k| k.map(|k| values[k]));
        Band {
            low,
            middle,
            high,
            low_within: within(ranks[0]),
            middle_within: within(ranks[1]),
            high_within: within(ranks[2]),
        }
    };
    Ok((0..count).map(one).collect())
}

/// The value with a share of the sorted values below it; there is at least one.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, rest) = (place.floor() as usize, place.fract());
    let above = sorted[(below + 1).min(sorted.len() - 1)];
    sorted[below] + rest * (above - sorted[below])
}

/// The places, in sorted draws from 0, between which a quantile lies with 95 %; `None` beyond all draws.
fn ranks(count: usize, share: f64) -> [Option<usize>; 2] {
    let n = count as f64;
    let ln_all = libm::lgamma(n + 1.0);
    let chance = |k: usize| {
        let k = k as f64;
        let ways = ln_all - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
        libm::exp(ways + k * libm::log(share) + (n - k) * libm::log1p(-share))
    };
    // Draws below the quantile: with fewer than `low` of them, or more than `high`, in 2.5 % each.
    let (mut sum, mut low) = (chance(0), 0);
    while sum <= 0.025 {
        low += 1;
        sum += chance(low);
    }
    let (mut sum, mut high) = (chance(count), count);
    while sum <= 0.025 {
        high -= 1;
        sum += chance(high);
    }
    [low.checked_sub(1), (high < count).then_some(high)]
}

#[cfg(test)]
mod tests {
    use super::*;

    // scipy 1.17.1, binom.cdf(k, n, q): 1-based ranks l = max{l: cdf(l-1) <= 0.025} and u = min{u: sf(u-1) <= 0.025}.
    #[test]
    fn ranks_are_those_of_the_binomial_distribution() {
        assert_eq!(ranks(200, 0.025), [Some(0), Some(10)]);
        assert_eq!(ranks(200, 0.5), [Some(85), Some(114)]);
        assert_eq!(ranks(200, 0.975), [Some(189), Some(199)]);
        assert_eq!(ranks(1000, 0.025), [Some(15), Some(35)]);
        assert_eq!(ranks(145, 0.025), [None, Some(8)]);
        assert_eq!(ranks(40, 0.975), [Some(36), None]);
        assert!(ranks(Band::LEAST_DRAWS_OF_ERRORS, 0.025)[0].is_some());
        assert!(ranks(Band::LEAST_DRAWS_OF_ERRORS - 1, 0.025)[0].is_none());
    }
}
