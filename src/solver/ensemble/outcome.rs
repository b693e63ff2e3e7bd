//! What is kept of one subject.

use crate::solver::statistics::Statistics;

/// Amounts in the watched pools of one subject at the requested times.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    width: usize,
    pub(super) amounts: Vec<f64>,
    pub(super) statistics: Statistics,
}

impl Outcome {
    pub(super) fn new(width: usize, times: usize) -> Self {
        Self {
            width,
            amounts: vec![0.0; width * times],
            statistics: Statistics::default(),
        }
    }

    /// The watched pools at the requested time number `index`, if there is one.
    #[must_use]
    pub fn state(&self, index: usize) -> Option<&[f64]> {
        let start = index.checked_mul(self.width)?;
        self.amounts.get(start..start + self.width)
    }

    pub(super) fn row_mut(&mut self, index: usize) -> &mut [f64] {
        let start = index * self.width;
        &mut self.amounts[start..start + self.width]
    }

    /// The watched pools at every requested time.
    pub fn states(&self) -> impl Iterator<Item = &[f64]> {
        self.amounts.chunks_exact(self.width.max(1))
    }

    /// One watched pool, by its number among them, at every requested time.
    #[must_use]
    pub fn pool(&self, number: usize) -> Vec<f64> {
        self.states().map(|state| state[number]).collect()
    }

    /// Work done.
    #[must_use]
    pub const fn statistics(&self) -> Statistics {
        self.statistics
    }
}
