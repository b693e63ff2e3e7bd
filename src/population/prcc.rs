//! Partial rank correlation: how steadily the answer rises or falls with each input.

use nalgebra::DMatrix;

use super::PopulationError;
use super::draw::at_least;
use super::morris::complete;

/// Partial rank correlation coefficients (-1 to 1) between each input and the answer, with the linear
/// effect of the other inputs on the ranks taken off both (Marino et al. 2008, J Theor Biol 254:178).
///
/// `points` has one row a draw. An input or an answer that does not vary has 0.
///
/// # Errors
/// [`PopulationError::BadNumber`] for fewer draws than inputs and two; [`PopulationError::NotFinite`].
pub fn prcc(points: &[Vec<f64>], answers: &[f64]) -> Result<Vec<f64>, PopulationError> {
    let inputs = points.first().map_or(0, Vec::len);
    at_least("inputs", inputs, 1)?;
    if points.len() < inputs + 2 || answers.len() != points.len() {
        return Err(PopulationError::BadNumber {
            field: "draws",
            value: points.len() as f64,
            allowed: "one an answer, and two more than inputs",
        });
    }
    let answers = complete(answers.to_vec(), points.len())?;
    let mut columns: Vec<Vec<f64>> = (0..inputs)
        .map(|input| ranks(points.iter().map(|row| row[input]).collect()))
        .collect();
    columns.push(ranks(answers));
    let varies: Vec<usize> = (0..columns.len())
        .filter(|k| columns[*k].iter().any(|rank| *rank != 0.0))
        .collect();
    let size = varies.len();
    let correlation = DMatrix::from_fn(size, size, |i, j| {
        let (a, b) = (&columns[varies[i]], &columns[varies[j]]);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    });
    let mut result = vec![0.0; inputs];
    let last = size.saturating_sub(1);
    if varies.last() == Some(&inputs)
        && let Some(inverse) = correlation.try_inverse()
    {
        for (place, input) in varies[..last].iter().enumerate() {
            let scale = (inverse[(place, place)] * inverse[(last, last)]).sqrt();
            result[*input] = -inverse[(place, last)] / scale;
        }
    }
    Ok(result)
}

/// Ranks about their mean; equal values share theirs.
fn ranks(values: Vec<f64>) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let middle = (values.len() - 1) as f64 / 2.0;
    let mut start = 0;
    while start < order.len() {
        let same = order[start..]
            .iter()
            .take_while(|k| values[**k].total_cmp(&values[order[start]]).is_eq())
            .count();
        let rank = start as f64 + (same - 1) as f64 / 2.0 - middle;
        for k in &order[start..start + same] {
            ranks[*k] = rank;
        }
        start += same;
    }
    ranks
}
