//! Quantiles over draws.

use serde::Serialize;

/// The middle and an interval of 95 % of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Band {
    /// 2.5 % of the draws lie below.
    pub low: f64,
    /// Half of the draws lie below.
    pub middle: f64,
    /// 2.5 % of the draws lie above.
    pub high: f64,
}

/// For each answer its band over the draws; `answers` has one row a draw.
///
/// Quantiles between draws are interpolated (type 7 of Hyndman and Fan 1996, Am Stat 50:361).
#[must_use]
pub fn bands(answers: &[Vec<f64>]) -> Vec<Band> {
    let count = answers.iter().map(Vec::len).min().unwrap_or(0);
    (0..count)
        .map(|answer| {
            let mut values: Vec<f64> = answers.iter().map(|row| row[answer]).collect();
            values.sort_by(f64::total_cmp);
            let at = |share: f64| {
                let place = share * (values.len() - 1) as f64;
                let (below, rest) = (place.floor() as usize, place.fract());
                let above = values[(below + 1).min(values.len() - 1)];
                values[below] + rest * (above - values[below])
            };
            Band {
                low: at(0.025),
                middle: at(0.5),
                high: at(0.975),
            }
        })
        .collect()
}
