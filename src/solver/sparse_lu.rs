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

use std::ops::Mul;

use super::SolverError;
use super::elimination::{Elimination, MOST};
use super::places::Places;
use super::tableau::STAGES;
use crate::network::Number;

/// Products up to which the place of each is kept in a list: 16 MB.
const MOST_LISTED: usize = 1 << 22;

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
    lower_at: Places,
    /// Where row `k` right of the diagonal stands, likewise.
    upper: Vec<usize>,
    /// Row and column of each entry right of the diagonal, row after row.
    upper_at: Places,
    /// Number of products of a lower and an upper entry.
    count: usize,
    products: Products,
}

/// How the products find their places.
#[derive(Debug, Clone)]
enum Products {
    /// Where each is subtracted, in order of use.
    Listed(Vec<u32>),
    /// Too many for a list: row after row is spread out, for which it needs the entries below the
    /// diagonal by rows.
    Spread(Rows),
}

/// The entries below the diagonal by rows.
#[derive(Debug, Clone, Default)]
struct Rows {
    /// Row `k` is `starts[k]..starts[k + 1]`.
    starts: Vec<usize>,
    /// Column of each, and its place in the value array.
    at: Vec<(u32, u32)>,
}

/// Positions in the value array: the diagonal first, then lower columns, then upper rows.
impl Symbolic {
    /// Analyses a pattern given as (row, column) pairs of original indices.
    ///
    /// The diagonal is always present; the order is that of [`Elimination::of`].
    ///
    /// # Errors
    /// [`SolverError::TooLarge`] when a factorisation would take too much.
    pub(crate) fn new(
        (pools, sums): (usize, usize),
        entries: impl Iterator<Item = (usize, usize)>,
    ) -> Result<Self, SolverError> {
        let elimination = Elimination::of((pools, sums), entries, MOST);
        let elimination = elimination.ok_or(SolverError::TooLarge { pools })?;
        Ok(Self::lay_out(pools, elimination, MOST_LISTED))
    }

    fn lay_out(pools: usize, elimination: Elimination, most_listed: usize) -> Self {
        let Elimination {
            order,
            mut pivots,
            products: count,
            ..
        } = elimination;
        let size = order.len();
        let mut place = vec![0; size];
        for (k, &original) in order.iter().enumerate() {
            place[original] = k as u32;
        }
        let (mut lower, mut upper) = (vec![0], vec![0]);
        for (below, right) in &mut pivots {
            for list in [&mut *below, right] {
                list.iter_mut().for_each(|k| *k = place[*k as usize]);
                list.sort_unstable();
            }
            lower.push(lower[lower.len() - 1] + below.len());
            upper.push(upper[upper.len() - 1] + right.len());
        }
        let columns = pivots.iter().enumerate();
        let below = columns.flat_map(|(k, (below, _))| below.iter().map(move |r| (*r as usize, k)));
        let lower_at = Places::new(size, below);
        let rows = pivots.iter().enumerate();
        let right = rows.flat_map(|(k, (_, right))| right.iter().map(move |c| (k, *c as usize)));
        let upper_at = Places::new(size, right);
        let mut symbolic = Self {
            pools,
            size,
            order,
            lower,
            lower_at,
            upper,
            upper_at,
            count,
            products: Products::Spread(Rows::default()),
        };
        symbolic.products = match count <= most_listed {
            true => Products::Listed(symbolic.list_products(&pivots)),
            false => Products::Spread(symbolic.list_rows()),
        };
        symbolic
    }

    fn list_products(&self, pivots: &[(Vec<u32>, Vec<u32>)]) -> Vec<u32> {
        let mut targets = Vec::with_capacity(self.count);
        for (below, right) in pivots {
            for row in below {
                let places = right
                    .iter()
                    .map(|column| self.position(*row as usize, *column as usize));
                targets.extend(places.map(|place| place as u32));
            }
        }
        targets
    }

    fn list_rows(&self) -> Rows {
        let mut entries: Vec<_> = (self.lower_at.iter().enumerate())
            .map(|(number, (row, column))| (row, column as u32, (self.size + number) as u32))
            .collect();
        entries.sort_unstable();
        let row_starts = (0..=self.size).map(|row| entries.partition_point(|entry| entry.0 < row));
        Rows {
            starts: row_starts.collect(),
            at: entries
                .iter()
                .map(|(_, column, at)| (*column, *at))
                .collect(),
        }
    }

    /// Place in the value array of the entry at elimination indices `row`, `column`.
    ///
    /// Every pair asked for is in the pattern by construction.
    pub(crate) fn position(&self, row: usize, column: usize) -> usize {
        match row.cmp(&column) {
            std::cmp::Ordering::Equal => row,
            std::cmp::Ordering::Greater => {
                let range = self.lower[column]..self.lower[column + 1];
                let start = self.size + range.start;
                start + self.lower_at.before(range, |at| at.0 < row)
            }
            std::cmp::Ordering::Less => {
                let range = self.upper[row]..self.upper[row + 1];
                let start = self.size + self.lower_at.len() + range.start;
                start + self.upper_at.before(range, |at| at.1 < column)
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
        self.count + STAGES * self.entries()
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
    pub(crate) fn places(&self) -> impl Iterator<Item = (usize, usize)> {
        let diagonal = (0..self.size).map(|k| (k, k));
        diagonal
            .chain(self.lower_at.iter())
            .chain(self.upper_at.iter())
    }

    /// Factors in place into `L D U` with unit triangles; the diagonal holds the inverse of `D`.
    ///
    /// A pivot of zero leaves numbers that are not finite, in the solutions too.
    #[inline(always)]
    pub(crate) fn factor<V: Number>(&self, values: &mut [V]) {
        match &self.products {
            Products::Listed(targets) => self.factor_listed(targets, values),
            Products::Spread(rows) => self.factor_spread(rows, values),
        }
    }

    #[inline(always)]
    fn factor_listed<V: Number>(&self, targets: &[u32], values: &mut [V]) {
        let upper_base = self.size + self.lower_at.len();
        let mut targets = targets.iter();
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

    /// The same products in the same order for every entry, a row at a time.
    fn factor_spread<V: Number>(&self, rows: &Rows, values: &mut [V]) {
        let base = self.size + self.lower_at.len();
        let mut spread = vec![V::of(0.0); self.size];
        let right = |k: usize| self.upper[k]..self.upper[k + 1];
        for row in 0..self.size {
            let below = &rows.at[rows.starts[row]..rows.starts[row + 1]];
            for &(column, at) in below {
                spread[column as usize] = values[at as usize];
            }
            spread[row] = values[row];
            for entry in right(row) {
                spread[self.upper_at.at(entry).1] = values[base + entry];
            }
            for &(column, at) in below {
                let column = column as usize;
                let multiplier = spread[column] * values[column];
                values[at as usize] = multiplier;
                let entries = &values[base..][right(column)];
                for (entry, value) in right(column).zip(entries) {
                    let product = multiplier * *value;
                    spread[self.upper_at.at(entry).1] -= product;
                }
            }
            values[row] = V::of(1.0) / spread[row];
            for entry in right(row) {
                values[base + entry] = spread[self.upper_at.at(entry).1];
            }
        }
        for row in 0..self.size {
            let inverse = values[row];
            for entry in &mut values[base..][right(row)] {
                *entry *= inverse;
            }
        }
    }

    /// Solves with factored values, in place, in elimination order; one matrix may serve several
    /// right-hand sides side by side. What stands behind the pools is taken as zero.
    #[inline(always)]
    pub(crate) fn solve<M, V>(&self, values: &[M], x: &mut [V])
    where
        M: Copy,
        V: Number + Mul<M, Output = V>,
    {
        x[self.pools..self.size].fill(V::of(0.0));
        let (diagonal, rest) = values.split_at(self.size);
        let (lower, upper) = rest.split_at(self.lower_at.len());
        self.lower_at.forward(lower, x);
        for (x, inverse) in x.iter_mut().zip(diagonal) {
            *x = *x * *inverse;
        }
        self.upper_at.backward(upper, x);
    }
}

#[cfg(test)]
mod tests {
    use super::super::lanes::Lanes;
    use super::super::vector::{rows, stride, zeros};
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
        let symbolic = Symbolic::new((n, 0), nonzero.iter().copied()).unwrap();
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
        let mut memory = zeros(1, n);
        let [x] = rows(&mut memory, stride(n));
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
        let symbolic = Symbolic::new((2, 0), [(0, 1), (1, 0)].into_iter()).unwrap();
        let mut values = vec![0.0; symbolic.entries()];
        symbolic.factor(&mut values);
        let mut memory = zeros(1, 2);
        let [x] = rows(&mut memory, stride(2));
        x[..2].fill(1.0);
        symbolic.solve(&values, x);
        assert!(x[..2].iter().any(|x| !x.is_finite()));
    }

    /// Rows that are spread out give the bits of listed products, for one number and for several.
    #[test]
    fn both_ways_to_factor_have_the_same_bits() {
        let n = 40_usize;
        let grid = (0..n * n).map(|k| (k / n, k % n));
        let filled =
            |&(i, j): &(usize, usize)| i == j || (i * 7 + j * 11) % 9 == 0 || i.abs_diff(j) == 1;
        let entries: Vec<_> = grid.filter(filled).collect();
        let analyse = |most_listed| {
            let elimination = Elimination::of((n, 0), entries.iter().copied(), MOST).unwrap();
            Symbolic::lay_out(n, elimination, most_listed)
        };
        let (listed, spread) = (analyse(usize::MAX), analyse(0));
        assert!(matches!(listed.products, Products::Listed(_)));
        assert!(matches!(spread.products, Products::Spread(_)));
        let place = listed.place();
        let mut values = vec![0.0; listed.entries()];
        for (k, &(i, j)) in entries.iter().enumerate() {
            let value = if i == j {
                9.0
            } else {
                -0.1 - (k % 13) as f64 / 7.0
            };
            values[listed.position(place[i], place[j])] = value;
        }
        let mut lanes: Vec<_> = values.iter().map(|value| Lanes::of(*value)).collect();
        let mut others = values.clone();
        listed.factor(&mut values);
        spread.factor(&mut others);
        spread.factor(&mut lanes);
        assert_eq!(values, others);
        assert!(
            values
                .iter()
                .zip(&lanes)
                .all(|(value, lanes)| lanes == &Lanes::of(*value))
        );
    }
}
