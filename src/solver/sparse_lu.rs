//! Sparse LU on a pattern that never changes.
//!
//! The symbolic part (elimination order, fill, index lists) is done once a
//! topology; the numeric part only walks flat lists. There is no pivoting: the
//! matrices here are `I/(γh) - J` with `J` the Jacobian of a network of
//! transfers, whose columns sum to zero, so that for linear networks the matrix
//! is a column diagonally dominant M-matrix, for which Gaussian elimination in
//! any symmetric order is stable (Funderlic & Plemmons 1981, Linear Algebra
//! Appl 41:99). A vanishing pivot of a nonlinear network is reported and the
//! integrator takes a shorter step.

use std::collections::BTreeSet;

/// Order, fill and index lists for one sparsity pattern.
#[derive(Debug, Clone)]
pub(crate) struct Symbolic {
    size: usize,
    /// `order[k]` is the original index that is eliminated as number `k`.
    order: Vec<usize>,
    /// Where column `k` below the diagonal stands in the values: `lower[k]..lower[k + 1]`.
    lower: Vec<usize>,
    lower_row: Vec<u32>,
    /// Where row `k` right of the diagonal stands, counted from `upper_base`.
    upper: Vec<usize>,
    upper_col: Vec<u32>,
    /// Where each product of a lower and an upper entry is subtracted, in order of use.
    targets: Vec<u32>,
}

/// Positions in the value array: the diagonal first, then lower columns, then upper rows.
impl Symbolic {
    /// Analyses a pattern given as (row, column) pairs of original indices.
    ///
    /// The diagonal is always present. The order is Markowitz's on the diagonal: the pivot with
    /// the least product of remaining row and column counts is eliminated next.
    pub(crate) fn new(size: usize, entries: impl Iterator<Item = (usize, usize)>) -> Self {
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
            .min_by_key(|&&k| rows[k].len() * columns[k].len())
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
        Self::lay_out(size, order, &pivots)
    }

    fn lay_out(
        size: usize,
        order: Vec<usize>,
        pivots: &[(BTreeSet<usize>, BTreeSet<usize>)],
    ) -> Self {
        let mut place = vec![0; size];
        for (k, &original) in order.iter().enumerate() {
            place[original] = k;
        }
        let sorted = |set: &BTreeSet<usize>| {
            let mut list: Vec<usize> = set.iter().map(|original| place[*original]).collect();
            list.sort_unstable();
            list
        };
        let (mut lower, mut lower_row) = (vec![0], vec![]);
        let (mut upper, mut upper_col) = (vec![0], vec![]);
        for (below, right) in pivots {
            lower_row.extend(sorted(below).iter().map(|k| *k as u32));
            lower.push(lower_row.len());
            upper_col.extend(sorted(right).iter().map(|k| *k as u32));
            upper.push(upper_col.len());
        }
        let mut symbolic = Self {
            size,
            order,
            lower,
            lower_row,
            upper,
            upper_col,
            targets: vec![],
        };
        symbolic.targets = symbolic.find_targets();
        symbolic
    }

    fn find_targets(&self) -> Vec<u32> {
        let mut targets = vec![];
        for k in 0..self.size {
            for &row in &self.lower_row[self.lower[k]..self.lower[k + 1]] {
                for &column in &self.upper_col[self.upper[k]..self.upper[k + 1]] {
                    targets.push(self.position(row as usize, column as usize) as u32);
                }
            }
        }
        targets
    }

    /// Place in the value array of the entry at elimination indices `row`, `column`.
    ///
    /// Every pair asked for is in the pattern by construction.
    pub(crate) fn position(&self, row: usize, column: usize) -> usize {
        let within = |list: &[u32], wanted: usize| list.partition_point(|k| (*k as usize) < wanted);
        match row.cmp(&column) {
            std::cmp::Ordering::Equal => row,
            std::cmp::Ordering::Greater => {
                let range = self.lower[column]..self.lower[column + 1];
                self.size + range.start + within(&self.lower_row[range], row)
            }
            std::cmp::Ordering::Less => {
                let range = self.upper[row]..self.upper[row + 1];
                let base = self.size + self.lower_row.len();
                base + range.start + within(&self.upper_col[range], column)
            }
        }
    }

    /// The columns present in a row, fill included, in elimination order.
    pub(crate) fn row(&self, row: usize) -> Vec<usize> {
        let left = (0..row).filter(|&column| {
            let range = self.lower[column]..self.lower[column + 1];
            self.lower_row[range].binary_search(&(row as u32)).is_ok()
        });
        let right = &self.upper_col[self.upper[row]..self.upper[row + 1]];
        left.chain([row])
            .chain(right.iter().map(|column| *column as usize))
            .collect()
    }

    /// The original indices in the order of elimination.
    pub(crate) fn order(&self) -> &[usize] {
        &self.order
    }

    /// Number of rows.
    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    /// Length of the value array: the pattern with its fill.
    pub(crate) fn entries(&self) -> usize {
        self.size + self.lower_row.len() + self.upper_col.len()
    }

    /// Factors in place; afterwards the diagonal holds the inverse pivots.
    ///
    /// # Errors
    /// The elimination index of a pivot that is zero or not finite.
    pub(crate) fn factor(&self, values: &mut [f64]) -> Result<(), usize> {
        let (diagonal, rest) = values.split_at_mut(self.size);
        let upper_base = self.lower_row.len();
        let mut targets = self.targets.iter();
        for k in 0..self.size {
            let inverse = 1.0 / diagonal[k];
            if !inverse.is_finite() {
                return Err(k);
            }
            diagonal[k] = inverse;
            let right = upper_base + self.upper[k]..upper_base + self.upper[k + 1];
            for below in self.lower[k]..self.lower[k + 1] {
                rest[below] *= inverse;
                let multiplier = rest[below];
                for column in right.clone() {
                    let product = multiplier * rest[column];
                    let Some(&target) = targets.next() else { break };
                    let target = target as usize;
                    match target.checked_sub(self.size) {
                        None => diagonal[target] -= product,
                        Some(target) => rest[target] -= product,
                    }
                }
            }
        }
        Ok(())
    }

    /// Solves with factored values, in place, in elimination order.
    pub(crate) fn solve(&self, values: &[f64], x: &mut [f64]) {
        let (diagonal, rest) = values.split_at(self.size);
        let (lower, upper) = rest.split_at(self.lower_row.len());
        for k in 0..self.size {
            let known = x[k];
            let range = self.lower[k]..self.lower[k + 1];
            for (row, value) in self.lower_row[range.clone()].iter().zip(&lower[range]) {
                x[*row as usize] -= value * known;
            }
        }
        for k in (0..self.size).rev() {
            let range = self.upper[k]..self.upper[k + 1];
            let mut sum = x[k];
            for (column, value) in self.upper_col[range.clone()].iter().zip(&upper[range]) {
                sum -= value * x[*column as usize];
            }
            x[k] = sum * diagonal[k];
        }
    }
}

#[cfg(test)]
mod tests {
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
        let symbolic = Symbolic::new(n, nonzero.iter().copied());
        let mut place = vec![0; n];
        for (k, &original) in symbolic.order().iter().enumerate() {
            place[original] = k;
        }
        let mut values = vec![0.0; symbolic.entries()];
        for (i, j) in nonzero {
            values[symbolic.position(place[i], place[j])] = dense[(i, j)];
        }
        symbolic.factor(&mut values).unwrap();
        let right = nalgebra::DVector::from_fn(n, |i, _| 1.0 + (i * i) as f64);
        let mut x: Vec<f64> = symbolic.order().iter().map(|&o| right[o]).collect();
        symbolic.solve(&values, &mut x);
        let expected = dense.lu().solve(&right).unwrap();
        for (k, &original) in symbolic.order().iter().enumerate() {
            approx::assert_relative_eq!(x[k], expected[original], max_relative = 1e-13);
        }
    }

    #[test]
    fn a_zero_pivot_is_reported() {
        let symbolic = Symbolic::new(2, [(0, 1), (1, 0)].into_iter());
        let mut values = vec![0.0; symbolic.entries()];
        assert_eq!(symbolic.factor(&mut values), Err(0));
    }
}
