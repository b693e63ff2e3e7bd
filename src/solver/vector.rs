//! Rows of numbers, and the loops over them.

use super::places::ROOM;

/// A little more than is used, so that the beginnings of neighbouring rows do not compete for the same
/// places of the cache.
const GAP: usize = 72;

/// How far most rows stand apart.
const SHORT: usize = ROOM + GAP;

/// How far rows of `size` numbers stand apart: each has room for every `u16`. Only the pages in use are
/// ever touched.
pub(super) fn stride(size: usize) -> usize {
    size.max(ROOM) + GAP
}

/// Rows of zeros, straight from zeroed memory.
pub(super) fn zeros(rows: usize, size: usize) -> Vec<f64> {
    vec![0.0; rows * stride(size)]
}

/// The memory of [`zeros`] as rows, or the first of them.
#[inline(always)]
pub(super) fn rows<const N: usize>(memory: &mut [f64], stride: usize) -> [&mut [f64]; N] {
    let mut rest = memory;
    std::array::from_fn(|_| {
        let (row, others) = std::mem::take(&mut rest).split_at_mut(stride);
        rest = others;
        row
    })
}

/// `sum += term`.
pub(super) fn add(sum: &mut [f64], term: &[f64]) {
    for (value, term) in sum.iter_mut().zip(term) {
        *value += term;
    }
}

/// `sum += factor * Σ weights[j] * vectors[j]`, the vectors being rows one after another.
///
/// One pass over memory whatever the number of vectors, which is up to eight.
pub(super) fn add_combination(
    sum: &mut [f64],
    weights: &[f64],
    factor: f64,
    (vectors, stride): (&[f64], usize),
) {
    match stride {
        SHORT => add_rows(sum, weights, factor, vectors.as_chunks::<SHORT>().0),
        _ => add_long_rows(sum, weights, factor, (vectors, stride)),
    }
}

/// Kept apart, so that what it needs costs the others nothing.
#[cold]
#[inline(never)]
fn add_long_rows(
    sum: &mut [f64],
    weights: &[f64],
    factor: f64,
    (vectors, stride): (&[f64], usize),
) {
    let vectors: Vec<&[f64]> = vectors.chunks_exact(stride).collect();
    add_rows(sum, weights, factor, &vectors);
}

#[inline(always)]
fn add_rows(sum: &mut [f64], weights: &[f64], factor: f64, vectors: &[impl AsRef<[f64]>]) {
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

#[inline(always)]
fn fused<const N: usize>(
    sum: &mut [f64],
    weights: &[f64],
    factor: f64,
    vectors: &[impl AsRef<[f64]>],
) {
    let size = sum.len();
    let weights: [f64; N] = std::array::from_fn(|j| weights[j] * factor);
    let vectors: [&[f64]; N] = std::array::from_fn(|j| &vectors[j].as_ref()[..size]);
    for (k, value) in sum.iter_mut().enumerate() {
        let mut total = *value;
        for j in 0..N {
            total += weights[j] * vectors[j][k];
        }
        *value = total;
    }
}
