//! Shares of the variance: how much of the uncertainty of the answer each input is responsible for.

use serde::Serialize;

use super::PopulationError;
use super::draw::{Stream, at_least, latin_hypercube};
use super::morris::complete;

/// An index with its interval of 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Index {
    /// The estimate.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// The two indices of one input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Indices {
    /// Share of the variance that would go if this input alone were known.
    pub first: Index,
    /// Share of the variance that would stay if everything else were known.
    pub total: Index,
}

/// Resamples behind an interval.
const RESAMPLES: usize = 200;

/// Indices of Sobol of a function on the unit cube, with intervals from resampling.
///
/// Estimators of Saltelli et al. (2010, Comput Phys Commun 181:259) for the first and of Jansen (1999)
/// for the total, on two Latin hypercubes of `count` points: `count (inputs + 2)` evaluations, all points
/// first and then one call.
///
/// # Errors
/// [`PopulationError::BadNumber`] for fewer than four points or no inputs; whatever the function says. A
/// function that does not vary has indices of 0.
///
/// # Example
/// ```
/// use biodist::population::{PopulationError, sobol};
/// // x0 + 2 x1: a fifth and four fifths of the variance.
/// let indices = sobol(2, 2000, 1, |points| {
///     Ok::<_, PopulationError>(points.iter().map(|x| x[0] + 2.0 * x[1]).collect())
/// })?;
/// assert!((indices[0].first.value - 0.2).abs() < 0.03);
/// assert!((indices[1].total.value - 0.8).abs() < 0.03);
/// # Ok::<(), PopulationError>(())
/// ```
pub fn sobol(
    inputs: usize,
    count: usize,
    seed: u64,
    answers: impl FnOnce(&[Vec<f64>]) -> Result<Vec<f64>, PopulationError>,
) -> Result<Vec<Indices>, PopulationError> {
    at_least("points", count, 4)?;
    // One hypercube of twice the inputs, so that its two halves are independent.
    let both = latin_hypercube(count, 2 * inputs, seed)?;
    let mut points: Vec<Vec<f64>> = both.iter().map(|row| row[..inputs].to_vec()).collect();
    points.extend(both.iter().map(|row| row[inputs..].to_vec()));
    for input in 0..inputs {
        points.extend(both.iter().map(|row| {
            let mut mixed = row[..inputs].to_vec();
            mixed[input] = row[inputs + input];
            mixed
        }));
    }
    let answers = complete(answers(&points)?, points.len())?;
    let (a, rest) = answers.split_at(count);
    let (b, mixed) = rest.split_at(count);
    let mut stream = Stream::new(seed ^ 0x5eed);
    let resamples: Vec<Vec<usize>> = (0..RESAMPLES)
        .map(|_| (0..count).map(|_| stream.below(count)).collect())
        .collect();
    let all: Vec<usize> = (0..count).collect();
    let indices = mixed.chunks_exact(count).map(|mixed| {
        let estimate = |rows: &[usize]| estimate(a, b, mixed, rows);
        let [first, total] = estimate(&all);
        let draws: Vec<[f64; 2]> = resamples.iter().map(|rows| estimate(rows)).collect();
        Indices {
            first: interval(first, draws.iter().map(|d| d[0]).collect()),
            total: interval(total, draws.iter().map(|d| d[1]).collect()),
        }
    });
    Ok(indices.collect())
}

/// First and total index from some of the rows.
fn estimate(a: &[f64], b: &[f64], mixed: &[f64], rows: &[usize]) -> [f64; 2] {
    let count = rows.len() as f64;
    let mean = rows.iter().map(|k| a[*k] + b[*k]).sum::<f64>() / (2.0 * count);
    let square = |x: f64| (x - mean) * (x - mean);
    let variance = rows
        .iter()
        .map(|k| square(a[*k]) + square(b[*k]))
        .sum::<f64>()
        / (2.0 * count);
    if variance <= 0.0 {
        return [0.0, 0.0];
    }
    // Centred: the estimator is the same and loses fewer digits.
    let first = rows.iter().map(|k| (b[*k] - mean) * (mixed[*k] - a[*k]));
    let total = rows.iter().map(|k| (a[*k] - mixed[*k]).powi(2));
    [
        first.sum::<f64>() / count / variance,
        total.sum::<f64>() / (2.0 * count) / variance,
    ]
}

fn interval(value: f64, mut draws: Vec<f64>) -> Index {
    draws.sort_by(f64::total_cmp);
    let at = |share: f64| draws[((draws.len() - 1) as f64 * share).round() as usize];
    Index {
        value,
        low: at(0.025),
        high: at(0.975),
    }
}
