//! Rows as long as an index can reach, and the loops over them.
//!
//! A pool is addressed by a `u16`, and a row has room for every `u16`: so the compiler knows that no
//! index is out of bounds and checks none, in safe code. Only the pages in use are ever touched.

use std::ops::IndexMut;

/// One number a pool: a [`Row`] of single numbers, or a slice of several side by side.
pub(crate) trait Amounts<V>: IndexMut<usize, Output = V> + AsRef<[V]> + AsMut<[V]> {}

impl<V, A: IndexMut<usize, Output = V> + AsRef<[V]> + AsMut<[V]> + ?Sized> Amounts<V> for A {}

/// Numbers in a row: one for every `u16`, and a little more, so that the beginnings of neighbouring
/// rows do not compete for the same places of the cache.
pub(super) const STRIDE: usize = (1 << 16) + 72;

/// One number a pool, in elimination order.
pub(super) type Row = [f64; STRIDE];

/// Rows of zeros, straight from zeroed memory.
pub(super) fn zeros(rows: usize) -> Vec<f64> {
    vec![0.0; rows * STRIDE]
}

/// The memory of [`zeros`] as rows.
pub(super) fn rows(memory: &mut [f64]) -> &mut [Row] {
    memory.as_chunks_mut().0
}

/// `sum += term`.
pub(super) fn add(sum: &mut [f64], term: &[f64]) {
    for (value, term) in sum.iter_mut().zip(term) {
        *value += term;
    }
}

/// `sum += factor * Σ weights[j] * vectors[j]`, over as many weights as there are vectors.
///
/// One pass over memory whatever the number of vectors, which is up to eight.
pub(super) fn add_combination(sum: &mut [f64], weights: &[f64], factor: f64, vectors: &[Row]) {
    match vectors.len() {
        1 => fused::<1>(sum, weights, factor, vectors),
        2 => fused::<2>(sum, weights, factor, vectors),
        3 => fused::<3>(sum, weights, factor, vectors),
        4 => fused::<4>(sum, weights, factor, vectors),
        5 => fused::<5>(sum, weights, factor, vectors),
        6 => fused::<6>(sum, weights, factor, vectors),
        7 => fused::<7>(sum, weights, factor, vectors),
        _ => fused::<8>(sum, weights, factor, vectors),
    }
}

fn fused<const N: usize>(sum: &mut [f64], weights: &[f64], factor: f64, vectors: &[Row]) {
    let size = sum.len();
    let weights: [f64; N] = std::array::from_fn(|j| weights[j] * factor);
    let vectors: [&[f64]; N] = std::array::from_fn(|j| &vectors[j][..size]);
    for (k, value) in sum.iter_mut().enumerate() {
        let mut total = *value;
        for j in 0..N {
            total += weights[j] * vectors[j][k];
        }
        *value = total;
    }
}
