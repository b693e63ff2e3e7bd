//! Random numbers, and the choice of one rate among many.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// 2^53, up to which `f64` has every whole number.
pub(super) const WHOLE: f64 = 9_007_199_254_740_992.0;

/// Rates with their sums in a binary tree: a change and a draw cost the logarithm of their number,
/// and no rounding builds up, since every sum is made anew from its two parts.
pub(super) struct SumTree {
    leaves: usize,
    sums: Vec<f64>,
}

impl SumTree {
    pub(super) fn new(count: usize) -> Self {
        let leaves = count.next_power_of_two();
        Self {
            leaves,
            sums: vec![0.0; 2 * leaves],
        }
    }

    pub(super) fn total(&self) -> f64 {
        self.sums[1]
    }

    pub(super) fn get(&self, index: usize) -> f64 {
        self.sums[self.leaves + index]
    }

    pub(super) fn set(&mut self, index: usize, rate: f64) {
        let mut node = self.leaves + index;
        self.sums[node] = rate;
        while node > 1 {
            node /= 2;
            self.sums[node] = self.sums[2 * node] + self.sums[2 * node + 1];
        }
    }

    /// The rate into whose part of the total the share falls; never one that is zero.
    pub(super) fn pick(&self, share: f64) -> usize {
        let mut rest = share * self.total();
        let mut node = 1;
        while node < self.leaves {
            let (left, right) = (self.sums[2 * node], self.sums[2 * node + 1]);
            node *= 2;
            // Rounding may point past the end of what is there.
            if rest >= left && right > 0.0 {
                rest -= left;
                node += 1;
            }
        }
        node - self.leaves
    }
}

/// ChaCha8 with its key set to the seed: a published stream, the same for every version.
pub(super) struct Random(ChaCha8Rng);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Uniform on 0..1, without 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / WHOLE
    }

    /// Exponential with mean 1. The logarithm of `libm` has the same bits everywhere.
    pub(super) fn exponential(&mut self) -> f64 {
        -libm::log(1.0 - self.unit())
    }

    /// A whole number whose mean is the amount.
    pub(super) fn whole(&mut self, amount: f64) -> f64 {
        let whole = amount.floor();
        let rest = amount - whole;
        if rest > 0.0 && self.unit() < rest {
            whole + 1.0
        } else {
            whole
        }
    }
}
