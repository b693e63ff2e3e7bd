//! Sparse LU on a pattern that never changes.
//!
//! The symbolic part (elimination order, fill, index lists) is done once a
//! topology; the numeric part only walks flat lists. There is no pivoting: the
//! matrices here are `I/(γh) - J` with `J` the Jacobian of a network of
//! transfers, whose columns sum to zero, so that for linear networks the matrix
//! is a column diagonally dominant M-matrix, for which Gaussian elimination in
//! any symmetric order is stable (Funderlic & Plemmons 1981, Linear Algebra
//! Appl 41:99). A vanishing pivot of a nonlinear network leaves numbers that are
//! not finite, and the integrator takes a shorter step.

use std::collections::BTreeSet;
use std::ops::Mul;

use super::tableau::STAGES;
use super::vector::Amounts;
use crate::network::Number;

/// Order, fill and index lists for one sparsity pattern.
#[derive(Debug, Clone)]
pub(crate) struct Symbolic {
    /// Unknowns that are pools; those behind them are sums of pools.
    pools: usize,
    size: usize,
    /// `order[k]` is the original index that is eliminated as number `k`.
    order: Vec<usize>,
    /// Where column `k` below the diagonal stands in the values: `lower[k]..lower[k + 1]`.
    lower: Vec<usize>,
    /// Row and column of each entry below the diagonal, column after column: neighbours in the list
    /// add to different unknowns, so that the processor need not wait for the last sum.
    lower_at: Vec<(u16, u16)>,
    /// Where row `k` right of the diagonal stands, likewise.
    upper: Vec<usize>,
    /// Row and column of each entry right of the diagonal, row after row.
    upper_at: Vec<(u16, u16)>,
    /// Where each product of a lower and an upper entry is subtracted, in order of use.
    targets: Vec<u32>,
}

/// Positions in the value array: the diagonal first, then lower columns, then upper rows.
impl Symbolic {
    /// Analyses a pattern given as (row, column) pairs of original indices.
    ///
    /// The diagonal is always present. The order is Markowitz's on the diagonal: the pivot with
    /// the least product of remaining row and column counts is eliminated next; the `sums` behind
    /// the pools come after all pools.
    pub(crate) fn new(
        (pools, sums): (usize, usize),
        entries: impl Iterator<Item = (usize, usize)>,
    ) -> Self {
        let size = pools + sums;
        let mut rows = vec![BTreeSet::new(); size];
        let mut columns = vec![BTreeSet::new(); size];
        for (row, column) in entries.filter(|(row, column)| row != column) {
            rows[row].insert(column);
            columns[column].insert(row);
        }
        let mut left: BTreeSet<usize> = (0..size).collect();
        let mut order = Vec::with_capacity(size);
        let mut pivots = Vec::with_capacity(size);
        while let Some(&pivot) = left
            .iter()
            .min_by_key(|&&k| (k >= pools, rows[k].len() * columns[k].len()))
        {
            left.remove(&pivot);
            order.push(pivot);
            let below = std::mem::take(&mut columns[pivot]);
            let right = std::mem::take(&mut rows[pivot]);
            for &row in &below {
                rows[row].remove(&pivot);
                for &column in right.iter().filter(|column| **column != row) {
                    rows[row].insert(column);
                    columns[column].insert(row);
                }
            }
            for column in &right {
                columns[*column].remove(&pivot);
            }
            pivots.push((below, right));
        }
        Self::lay_out(pools, order, &pivots)
    }

    fn lay_out(
        pools: usize,
        order: Vec<usize>,
        pivots: &[(BTreeSet<usize>, BTreeSet<usize>)],
    ) -> Self {
        let mut symbolic = Self {
            pools,
            size: order.len(),
            order,
            lower: vec![],
            lower_at: vec![],
            upper: vec![],
            upper_at: vec![],
            targets: vec![],
        };
        let place = symbolic.place();
        let sorted = |set: &BTreeSet<usize>| {
            let mut list: Vec<usize> = set.iter().map(|original| place[*original]).collect();
            list.sort_unstable();
            list
        };
        let (mut lower, mut lower_at) = (vec![0], vec![]);
        let (mut upper, mut upper_at) = (vec![0], vec![]);
        for (k, (below, right)) in pivots.iter().enumerate() {
            lower_at.extend(sorted(below).iter().map(|row| (*row as u16, k as u16)));
            lower.push(lower_at.len());
            upper_at.extend(
                sorted(right)
                    .iter()
                    .map(|column| (k as u16, *column as u16)),
            );
            upper.push(upper_at.len());
        }
        (symbolic.lower, symbolic.lower_at) = (lower, lower_at);
        (symbolic.upper, symbolic.upper_at) = (upper, upper_at);
        symbolic.targets = symbolic.find_targets();
        symbolic
    }

    fn find_targets(&self) -> Vec<u32> {
        let mut targets = vec![];
        for k in 0..self.size {
            for &(row, _) in &self.lower_at[self.lower[k]..self.lower[k + 1]] {
                for &(_, column) in &self.upper_at[self.upper[k]..self.upper[k + 1]] {
                    targets.push(self.position(row.into(), column.into()) as u32);
                }
            }
        }
        targets
    }

    /// Place in the value array of the entry at elimination indices `row`, `column`.
    ///
    /// Every pair asked for is in the pattern by construction.
    pub(crate) fn position(&self, row: usize, column: usize) -> usize {
        match row.cmp(&column) {
            std::cmp::Ordering::Equal => row,
            std::cmp::Ordering::Greater => {
                let range = self.lower[column]..self.lower[column + 1];
                let rows = &self.lower_at[range.clone()];
                let before = rows.partition_point(|at| usize::from(at.0) < row);
                self.size + range.start + before
            }
            std::cmp::Ordering::Less => {
                let range = self.upper[row]..self.upper[row + 1];
                let columns = &self.upper_at[range.clone()];
                let before = columns.partition_point(|at| usize::from(at.1) < column);
                self.size + self.lower_at.len() + range.start + before
            }
        }
    }

    /// The original indices of the pools in the order of elimination.
    pub(crate) fn order(&self) -> &[usize] {
        &self.order[..self.pools]
    }

    /// The elimination index of each original index, sums included.
    pub(crate) fn place(&self) -> Vec<usize> {
        let mut place = vec![0; self.size];
        for (k, &original) in self.order.iter().enumerate() {
            place[original] = k;
        }
        place
    }

    /// Number of pools: the first rows.
    pub(crate) const fn pools(&self) -> usize {
        self.pools
    }

    /// Number of multiplications of one step, roughly: a factorisation and its solves.
    pub(crate) fn work(&self) -> usize {
        self.targets.len() + STAGES * self.entries()
    }

    /// Number of rows.
    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    /// Length of the value array: the pattern with its fill.
    pub(crate) fn entries(&self) -> usize {
        self.size + self.lower_at.len() + self.upper_at.len()
    }

    /// Row and column of every entry of the value array, in its order.
    pub(crate) fn places(&self) -> impl Iterator<Item = (u16, u16)> {
        let diagonal = (0..self.size).map(|k| (k as u16, k as u16));
        diagonal
            .chain(self.lower_at.iter().copied())
            .chain(self.upper_at.iter().copied())
    }

    /// Factors in place into `L D U` with unit triangles; the diagonal holds the inverse of `D`.
    ///
    /// A pivot of zero leaves numbers that are not finite, in the solutions too.
    #[inline(always)]
    pub(crate) fn factor<V: Number>(&self, values: &mut [V]) {
        let upper_base = self.size + self.lower_at.len();
        let mut targets = self.targets.iter();
        for k in 0..self.size {
            let inverse = V::of(1.0) / values[k];
            values[k] = inverse;
            let right = upper_base + self.upper[k]..upper_base + self.upper[k + 1];
            for below in self.size + self.lower[k]..self.size + self.lower[k + 1] {
                let multiplier = values[below] * inverse;
                values[below] = multiplier;
                for (column, target) in right.clone().zip(targets.by_ref()) {
                    let product = multiplier * values[column];
                    values[*target as usize] -= product;
                }
            }
            for entry in &mut values[right] {
                *entry *= inverse;
            }
        }
    }

    /// Solves with factored values, in place, in elimination order; one matrix may serve several
    /// right-hand sides side by side. What stands behind the pools is taken as zero.
    #[inline(always)]
    pub(crate) fn solve<M, V, A>(&self, values: &[M], x: &mut A)
    where
        M: Copy,
        V: Number + Mul<M, Output = V>,
        A: Amounts<V> + ?Sized,
    {
        x.as_mut()[self.pools..self.size].fill(V::of(0.0));
        let (diagonal, rest) = values.split_at(self.size);
        let (lower, upper) = rest.split_at(self.lower_at.len());
        for (&(row, column), value) in self.lower_at.iter().zip(lower) {
            let known = x[usize::from(column)] * *value;
            x[usize::from(row)] -= known;
        }
        for (x, inverse) in x.as_mut().iter_mut().zip(diagonal) {
            *x = *x * *inverse;
        }
        for (&(row, column), value) in self.upper_at.iter().zip(upper).rev() {
            let known = x[usize::from(column)] * *value;
            x[usize::from(row)] -= known;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::vector::{rows, zeros};
    use super::*;

    #[test]
    fn agrees_with_dense_lu() {
        // A ring with a hub: fill is unavoidable.
        let n = 9;
        let mut dense = nalgebra::DMatrix::<f64>::zeros(n, n);
        for i in 0..n {
            dense[(i, i)] = 4.0 + i as f64;
            dense[((i + 1) % n, i)] = -1.0;
            dense[(0, i)] = if i == 0 { 5.0 } else { -0.5 };
        }
        let entries = (0..n * n).map(|k| (k / n, k % n));
        let nonzero: Vec<_> = entries.filter(|&(i, j)| dense[(i, j)] != 0.0).collect();
        let symbolic = Symbolic::new((n, 0), nonzero.iter().copied());
        let mut place = vec![0; n];
        for (k, &original) in symbolic.order().iter().enumerate() {
            place[original] = k;
        }
        let mut values = vec![0.0; symbolic.entries()];
        for (i, j) in nonzero {
            values[symbolic.position(place[i], place[j])] = dense[(i, j)];
        }
        symbolic.factor(&mut values);
        let right = nalgebra::DVector::from_fn(n, |i, _| 1.0 + (i * i) as f64);
        let mut memory = zeros(1);
        let x = &mut rows(&mut memory)[0];
        for (value, &original) in x.iter_mut().zip(symbolic.order()) {
            *value = right[original];
        }
        symbolic.solve(&values, x);
        let expected = dense.lu().solve(&right).unwrap();
        for (k, &original) in symbolic.order().iter().enumerate() {
            approx::assert_relative_eq!(x[k], expected[original], max_relative = 1e-13);
        }
    }

    #[test]
    fn a_zero_pivot_shows_in_the_solution() {
        let symbolic = Symbolic::new((2, 0), [(0, 1), (1, 0)].into_iter());
        let mut values = vec![0.0; symbolic.entries()];
        symbolic.factor(&mut values);
        let mut memory = zeros(1);
        let x = &mut rows(&mut memory)[0];
        x[..2].fill(1.0);
        symbolic.solve(&values, x);
        assert!(x[..2].iter().any(|x| !x.is_finite()));
    }
}
