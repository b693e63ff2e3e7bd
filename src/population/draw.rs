//! Drawing uncertain numbers.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::PopulationError;
use crate::data::{Quantity, Unit};
use crate::organ::quantile;

/// A number with its spread.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertain {
    /// Id in the registry.
    pub id: String,
    /// Its unit.
    pub unit: Unit,
    /// Median.
    pub value: f64,
    /// Geometric standard deviation, more than 1.
    pub gsd: f64,
    /// Between which ends it lies.
    pub range: Range,
}

/// Between which ends a number lies, which says on what scale it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// Above 0: drawn by ratios.
    Positive,
    /// A share, 0 to 1: drawn by its odds.
    Share,
    /// A geometric standard deviation, above 1: its logarithm is drawn by ratios.
    AboveOne,
}

impl Uncertain {
    /// A row of the registry; `None` when it has no spread or is 0.
    pub(crate) fn of(row: &Quantity, id: &str, value: f64) -> Option<Self> {
        (row.gsd > 1.0 && value > 0.0).then(|| Self {
            id: id.to_string(),
            unit: row.unit,
            value,
            gsd: row.gsd,
            range: match row.unit {
                Unit::Fraction => Range::Share,
                _ if row.name() == "diameter_gsd" => Range::AboveOne,
                _ => Range::Positive,
            },
        })
    }

    /// The value below which a share of the draws lies; `share` between 0 and 1, both excluded.
    ///
    /// Lognormal about the value. What has another end than 0 is drawn on the scale of its [`Range`], with
    /// the spread that makes its own relative spread the same near its median, and never leaves it.
    #[must_use]
    pub fn at(&self, share: f64) -> f64 {
        self.at_score(quantile(share))
    }

    /// The value at a standard score: 0 is the median, 1.96 the end of the interval of 95 %.
    #[must_use]
    pub fn at_score(&self, score: f64) -> f64 {
        self.range.shifted(self.value, score * libm::log(self.gsd))
    }
}

impl Range {
    /// A value moved by so much on the logarithmic scale, without leaving the range.
    pub(super) fn shifted(self, value: f64, z: f64) -> f64 {
        match self {
            Self::Share if value < 1.0 => {
                let against = (1.0 - value) / value * libm::exp(-z / (1.0 - value));
                1.0 / (1.0 + against)
            }
            Self::AboveOne if value > 1.0 => {
                let middle = libm::log(value);
                libm::exp(middle * libm::exp(z / middle))
            }
            Self::Positive => value * libm::exp(z),
            _ => value,
        }
    }
}

impl Uncertain {
    /// The spread with which a value would reach `high` at one standard score, on the same range.
    pub(crate) fn gsd_reaching(&self, value: f64, high: f64) -> f64 {
        let odds = |share: f64| libm::log(share / (1.0 - share));
        match self.range {
            Range::Positive => high / value,
            Range::Share => libm::exp((odds(high) - odds(value)) * (1.0 - value)),
            Range::AboveOne => {
                libm::exp(libm::log(libm::log(high) / libm::log(value)) * libm::log(value))
            }
        }
    }
}

/// A seeded stream of numbers between 0 and 1, both excluded: the same bits everywhere.
pub(super) struct Stream(ChaCha8Rng);

impl Stream {
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// One of 2^64 streams of a seed, which do not overlap.
    pub(super) fn numbered(seed: u64, number: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(number);
        Self(generator)
    }

    /// A standard score no farther from 0 than `limit`, which is at least 1 (the polar method of
    /// Marsaglia and Bray; what lies beyond is drawn anew).
    pub(super) fn score(&mut self, limit: f64) -> f64 {
        loop {
            let (x, y) = (2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                let score = x * (-2.0 * libm::log(square) / square).sqrt();
                if score.abs() <= limit {
                    return score;
                }
            }
        }
    }

    pub(super) fn unit(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A whole number below `end`, with a bias far below what matters.
    pub(super) fn below(&mut self, end: usize) -> usize {
        ((self.unit() * end as f64) as usize).min(end - 1)
    }

    /// A random order of `count` things (Fisher and Yates).
    pub(super) fn order(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        for last in (1..count).rev() {
            order.swap(last, self.below(last + 1));
        }
        order
    }
}

/// Points in the unit cube, one a row, of which each coordinate has one point in each of `count` equal
/// parts (McKay, Beckman and Conover 1979, Technometrics 21:239). The same seed gives the same points.
///
/// # Errors
/// [`PopulationError::BadNumber`] for no points or no coordinates.
pub fn latin_hypercube(
    count: usize,
    inputs: usize,
    seed: u64,
) -> Result<Vec<Vec<f64>>, PopulationError> {
    at_least("draws", count, 1)?;
    at_least("inputs", inputs, 1)?;
    let mut stream = Stream::new(seed);
    let mut points = vec![vec![0.0; inputs]; count];
    for input in 0..inputs {
        for (point, part) in points.iter_mut().zip(stream.order(count)) {
            point[input] = (part as f64 + stream.unit()) / count as f64;
        }
    }
    Ok(points)
}

pub(super) fn at_least(
    field: &'static str,
    value: usize,
    least: usize,
) -> Result<(), PopulationError> {
    if value >= least {
        return Ok(());
    }
    Err(PopulationError::BadNumber {
        field,
        value: value as f64,
        allowed: match least {
            1 => "at least 1",
            2 => "at least 2",
            4 => "at least 4",
            _ => "at least 40 for a 95 % interval",
        },
    })
}
