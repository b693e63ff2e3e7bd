//! The result of an integration: amounts over time.

use super::interpolant::Interpolant;
use super::statistics::Statistics;
use super::{Options, SolverError};
use crate::instant;

/// Amounts of every pool at the requested times, and the path between them if it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    pub(super) size: usize,
    pub(super) times: Vec<f64>,
    pub(super) states: Vec<f64>,
    pub(super) path: Path,
    pub(super) statistics: Statistics,
    pub(super) options: Options,
    pub(super) total: f64,
}

/// Every step: start, end, and five vectors (y0, y1, k1, k2, k3) one after another.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Path {
    pub(super) starts: Vec<f64>,
    pub(super) ends: Vec<f64>,
    pub(super) vectors: Vec<f64>,
}

impl Path {
    /// Adds a step, turning its vectors from the given order into that of the network.
    pub(super) fn push(&mut self, span: (f64, f64), step: &Interpolant, order: &[usize]) {
        let size = order.len();
        let (start, end) = span;
        let [k1, k2, k3] = step.dense;
        self.starts.push(start);
        self.ends.push(end);
        for vector in [step.y0, step.y1, k1, k2, k3] {
            let begin = self.vectors.len();
            self.vectors.resize(begin + size, 0.0);
            let target = &mut self.vectors[begin..];
            for (value, &pool) in vector.iter().zip(order) {
                target[pool] = *value;
            }
        }
    }
}

impl Trajectory {
    /// The requested times, h.
    #[must_use]
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// Amounts of all pools at the requested time number `index`, if there is one.
    #[must_use]
    pub fn state(&self, index: usize) -> Option<&[f64]> {
        self.states.get(index * self.size..(index + 1) * self.size)
    }

    /// Amounts of all pools, one slice a requested time.
    pub fn states(&self) -> impl Iterator<Item = &[f64]> {
        self.states.chunks_exact(self.size.max(1))
    }

    /// The amount in one pool at every requested time.
    #[must_use]
    pub fn pool(&self, index: usize) -> Vec<f64> {
        self.states().map(|state| state[index]).collect()
    }

    /// Work done.
    #[must_use]
    pub const fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// The options of the run.
    #[must_use]
    pub const fn options(&self) -> Options {
        self.options
    }

    /// The amount in the whole network, which no transfer and no event changes.
    #[must_use]
    pub const fn total(&self) -> f64 {
        self.total
    }

    /// Amounts of all pools at any time of the run. At the time of an event, or within a few roundings of it: after it.
    ///
    /// # Errors
    /// [`SolverError::OutsideRun`] outside the run, or when the path was not kept and the time is
    /// not one of the requested times.
    pub fn at(&self, time: f64) -> Result<Vec<f64>, SolverError> {
        if let Some(known) = instant::among(&self.times, time) {
            return Ok(self.state(known).unwrap_or_default().to_vec());
        }
        let (piece, theta) = self.locate(time)?;
        let interpolant = self.piece(piece);
        Ok((0..self.size).map(|i| interpolant.at(i, theta)).collect())
    }

    /// The step that holds `time`, and where in it.
    fn locate(&self, time: f64) -> Result<(usize, f64), SolverError> {
        let path = &self.path;
        let (start, end) = self.span();
        let outside = |hint| {
            Err(SolverError::OutsideRun {
                time,
                start,
                end,
                hint,
            })
        };
        if path.starts.is_empty() {
            return outside(
                ": only the requested times were kept; keep the path to ask for others",
            );
        }
        if !(instant::reached(start, time) && instant::reached(time, end)) {
            return outside("");
        }
        let after = path.starts.partition_point(|t| instant::reached(*t, time));
        let piece = after.saturating_sub(1);
        let (from, to) = (path.starts[piece], path.ends[piece]);
        let theta = (time - from) / (to - from);
        Ok((piece, theta.clamp(0.0, 1.0)))
    }

    /// First and last time of the run, h.
    #[must_use]
    pub fn span(&self) -> (f64, f64) {
        match (self.path.starts.first(), self.path.ends.last()) {
            (Some(first), Some(last)) => (*first, *last),
            _ => {
                let first = self.times.first().copied().unwrap_or(0.0);
                (first, self.times.last().copied().unwrap_or(0.0))
            }
        }
    }

    /// Number of steps kept.
    #[must_use]
    pub fn pieces(&self) -> usize {
        self.path.starts.len()
    }

    /// Start and length of a kept step, h.
    #[must_use]
    pub fn piece_span(&self, piece: usize) -> (f64, f64) {
        let start = self.path.starts[piece];
        (start, self.path.ends[piece] - start)
    }

    /// Sum of some pools within a kept step, at `theta` in 0..=1 of its length.
    #[must_use]
    pub fn sum_within(&self, piece: usize, theta: f64, pools: &[usize]) -> f64 {
        let interpolant = self.piece(piece);
        pools.iter().map(|pool| interpolant.at(*pool, theta)).sum()
    }

    fn piece(&self, piece: usize) -> Interpolant<'_> {
        let vector = |k: usize| {
            let start = (piece * 5 + k) * self.size;
            &self.path.vectors[start..start + self.size]
        };
        Interpolant {
            y0: vector(0),
            y1: vector(1),
            dense: [vector(2), vector(3), vector(4)],
        }
    }
}
