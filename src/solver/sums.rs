//! Sums of pools that rates look at, as unknowns of their own.
//!
//! A rate that looks at the sum of `n` pools has `n` partial derivatives, all alike. Where many
//! transfers look at large sums, as with many size classes that share one room, the matrix fills up
//! with the square of the number of pools. With an unknown `z` for each different sum and the row
//! `z - Σ y = 0` it stays sparse, and the numbers are the same up to rounding.
//!
//! Not for sums that are reported: nothing here is seen from outside.

use super::sparse_lu::Symbolic;
use crate::network::{Network, PoolId, Transfer};

/// The different sums of at least two pools in a network, each with its pools.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums(Vec<Vec<PoolId>>);

/// A sum in elimination order.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    /// Its place among the unknowns, behind all pools.
    pub(super) at: usize,
    /// The pools in it, and where each stands in the row of the sum.
    pub(super) members: Vec<(u32, u32)>,
}

impl Sums {
    pub(super) fn of(network: &Network) -> Self {
        let laws = network.transfers().iter().map(|transfer| &transfer.law);
        let mut sums: Vec<_> = laws.map(|law| law.others().to_vec()).collect();
        sums.retain(|pools| pools.len() > 1);
        sums.sort();
        sums.dedup();
        Self(sums)
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// The transfer as it looks at the sum itself, which stands behind all `pools`.
    pub(super) fn stand_in(&self, transfer: &Transfer, pools: usize) -> Transfer {
        let others = transfer.law.others();
        let sum = self.0.binary_search_by(|sum| sum.as_slice().cmp(others));
        let mut transfer = transfer.clone();
        if let Ok(number) = sum {
            transfer.law = transfer.law.looking_at(vec![PoolId::at(pools + number)]);
        }
        transfer
    }

    /// The entries of the rows of the sums, as (row, column).
    pub(super) fn entries(&self, pools: usize) -> impl Iterator<Item = (usize, usize)> {
        let sums = self.0.iter().enumerate();
        sums.flat_map(move |(number, sum)| {
            sum.iter().map(move |pool| (pools + number, pool.index()))
        })
    }

    /// The sums with their places in the matrix.
    pub(super) fn lay_out(&self, symbolic: &Symbolic, place: &[usize]) -> Vec<Sum> {
        let lay_out = |(number, sum): (usize, &Vec<PoolId>)| {
            let at = place[symbolic.pools() + number];
            let member = |pool: &PoolId| {
                let pool = place[pool.index()];
                (pool as u32, symbolic.position(at, pool) as u32)
            };
            Sum {
                at,
                members: sum.iter().map(member).collect(),
            }
        };
        self.0.iter().enumerate().map(lay_out).collect()
    }
}
