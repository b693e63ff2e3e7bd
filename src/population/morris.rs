//! Screening: which inputs do anything at all.

use serde::Serialize;

use super::PopulationError;
use super::draw::{Stream, at_least};

/// What one input does to the answer when it alone is moved, from many places.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Effect {
    /// Mean of the sizes of the effects (`mu*` of Campolongo et al. 2007): how much it matters.
    pub size: f64,
    /// Mean of the effects with their signs.
    pub mean: f64,
    /// Standard deviation of the effects: how much it depends on the others.
    pub spread: f64,
}

/// Elementary effects of Morris (1991, Technometrics 33:161) of a function on the unit cube.
///
/// From each of `walks` random places every input is moved once, in random order, by two thirds of its
/// range on a grid of four levels: `walks (inputs + 1)` evaluations, all points first and then one call.
///
/// # Errors
/// [`PopulationError::BadNumber`] for fewer than two walks or no inputs, and for more or fewer answers than points; whatever
/// the function says.
///
/// # Example
/// ```
/// use biodist::population::{PopulationError, morris};
/// let effects = morris(2, 20, 1, |points| {
///     Ok::<_, PopulationError>(points.iter().map(|x| 3.0 * x[0]).collect())
/// })?;
/// assert!((effects[0].size - 3.0).abs() < 1e-12 && effects[1].size < 1e-12);
/// # Ok::<(), PopulationError>(())
/// ```
pub fn morris(
    inputs: usize,
    walks: usize,
    seed: u64,
    answers: impl FnOnce(&[Vec<f64>]) -> Result<Vec<f64>, PopulationError>,
) -> Result<Vec<Effect>, PopulationError> {
    at_least("inputs", inputs, 1)?;
    at_least("walks", walks, 2)?;
    let mut stream = Stream::new(seed);
    let (mut points, mut moves) = (vec![], vec![]);
    for _ in 0..walks {
        // Levels 1/8, 3/8, 5/8, 7/8: the ends of a range that has none are avoided.
        let mut point: Vec<f64> = (0..inputs)
            .map(|_| 0.125 + 0.25 * stream.below(4) as f64)
            .collect();
        points.push(point.clone());
        for input in stream.order(inputs) {
            let step = if point[input] < 0.5 { 0.5 } else { -0.5 };
            point[input] += step;
            points.push(point.clone());
            moves.push((input, step));
        }
    }
    let answers = complete(answers(&points)?, points.len())?;
    let mut effects = vec![vec![]; inputs];
    for (walk, answers) in answers.chunks_exact(inputs + 1).enumerate() {
        let moves = &moves[walk * inputs..(walk + 1) * inputs];
        for (pair, (input, step)) in answers.windows(2).zip(moves) {
            effects[*input].push((pair[1] - pair[0]) / step);
        }
    }
    Ok(effects.iter().map(|effects| summary(effects)).collect())
}

fn summary(effects: &[f64]) -> Effect {
    let count = effects.len() as f64;
    let mean = effects.iter().sum::<f64>() / count;
    let squares: f64 = effects.iter().map(|effect| (effect - mean).powi(2)).sum();
    Effect {
        size: effects.iter().map(|effect| effect.abs()).sum::<f64>() / count,
        mean,
        spread: (squares / (count - 1.0)).sqrt(),
    }
}

/// Refuses answers that are not one number for each of `count` points.
pub(super) fn complete(answers: Vec<f64>, count: usize) -> Result<Vec<f64>, PopulationError> {
    if answers.len() != count {
        return Err(PopulationError::BadNumber {
            field: "answers",
            value: answers.len() as f64,
            allowed: "one for each point",
        });
    }
    match answers.iter().position(|value| !value.is_finite()) {
        None => Ok(answers),
        Some(draw) => Err(PopulationError::NotFinite {
            draw,
            value: answers[draw],
        }),
    }
}
