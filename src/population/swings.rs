//! One number at a time, from end to end: what a tornado shows.

use serde::Serialize;

use super::PopulationError;
use super::draw::at_least;
use super::morris::complete;

/// The answers when one input alone is moved to its ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Swing {
    /// The answer at the low end of the input.
    pub low: f64,
    /// The answer at its high end.
    pub high: f64,
}

impl Swing {
    /// The coordinates of the ends: those of the interval of 95 %.
    pub const ENDS: [f64; 2] = [0.025, 0.975];
}

/// The answer in the middle of the unit cube, and at the [ends](Swing::ENDS) of each input while the others stay in
/// the middle: `2 inputs + 1` evaluations, in one call.
///
/// It shows directions and sizes in the unit of the answer. What two inputs do together it does not see:
/// [`morris`](super::morris) and [`sobol`](super::sobol) do.
///
/// # Errors
/// [`PopulationError::BadNumber`] without inputs; [`PopulationError::NotFinite`]; whatever the function says.
///
/// # Example
/// ```
/// use biodist::population::{PopulationError, swings};
/// let (middle, swings) = swings(2, |points| {
///     Ok::<_, PopulationError>(points.iter().map(|x| 10.0 - 4.0 * x[0]).collect())
/// })?;
/// assert_eq!(middle, 8.0);
/// assert!((swings[0].low - 9.9).abs() < 1e-12 && (swings[0].high - 6.1).abs() < 1e-12);
/// assert_eq!(swings[1].low, swings[1].high);
/// # Ok::<(), PopulationError>(())
/// ```
pub fn swings(
    inputs: usize,
    answers: impl FnOnce(&[Vec<f64>]) -> Result<Vec<f64>, PopulationError>,
) -> Result<(f64, Vec<Swing>), PopulationError> {
    at_least("inputs", inputs, 1)?;
    let middle = vec![0.5; inputs];
    let mut points = vec![middle.clone()];
    for input in 0..inputs {
        for end in Swing::ENDS {
            let mut point = middle.clone();
            point[input] = end;
            points.push(point);
        }
    }
    let answers = complete(answers(&points)?, points.len())?;
    let swings = answers[1..].chunks_exact(2).map(|ends| Swing {
        low: ends[0],
        high: ends[1],
    });
    Ok((answers[0], swings.collect()))
}
