//! How accurate a step must be in each pool.

/// How far below zero a step may take a pool, over the relative tolerance and the amount that is in it.
const SLACK: f64 = 1e-6;

/// The accuracy asked of each pool, in the order of elimination or of the network, as the owner says.
#[derive(Debug, Clone, Default)]
pub(super) struct Tolerance {
    pub(super) relative: f64,
    pub(super) absolute: Vec<f64>,
}

impl Tolerance {
    /// The tolerance of one pool for a step that leads from one amount to another.
    #[inline(always)]
    pub(super) fn of(&self, pool: usize, old: f64, new: f64) -> f64 {
        allowed(self.absolute[pool], self.relative, old, new)
    }

    /// How far below zero a step may take one pool from an amount.
    #[inline(always)]
    pub(super) fn slack(&self, pool: usize, old: f64) -> f64 {
        slack(self.absolute[pool], self.relative, old)
    }
}

/// How far below zero a step may take a pool from an amount.
///
/// Far less than the tolerance of the step: negative amounts are seen, and drive rates backwards.
#[inline(always)]
pub(super) fn slack(absolute: f64, relative: f64, old: f64) -> f64 {
    absolute + SLACK * relative * old.abs()
}

/// The tolerance of a pool for a step that leads from one amount to another.
#[inline(always)]
pub(super) fn allowed(absolute: f64, relative: f64, old: f64, new: f64) -> f64 {
    absolute + relative * old.abs().max(new.abs())
}
