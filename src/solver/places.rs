//! Pairs of unknowns, and the loops over them in which a run spends its time.
//!
//! Up to 65 536 unknowns are addressed by a `u16`, and a row of single numbers has room for every
//! `u16`: so the compiler knows that no index is out of bounds and checks none, in safe code. More
//! unknowns are addressed by a `u32`, with checks. The arithmetic is the same.

use std::ops::{IndexMut, Mul, Range};

use crate::network::Number;

/// How many unknowns a `u16` can address.
pub(super) const ROOM: usize = 1 << 16;

/// Rows and columns of entries.
#[derive(Debug, Clone)]
pub(super) enum Places {
    Short(Vec<(u16, u16)>),
    Long(Vec<(u32, u32)>),
}

/// An index as it is kept.
trait Short: Copy {
    fn wide(self) -> usize;
}

impl Short for u16 {
    #[inline(always)]
    fn wide(self) -> usize {
        self.into()
    }
}

impl Short for u32 {
    #[inline(always)]
    fn wide(self) -> usize {
        self as usize
    }
}

fn wide<I: Short>((row, column): (I, I)) -> (usize, usize) {
    (row.wide(), column.wide())
}

impl Places {
    /// Keeps pairs of `size` unknowns.
    pub(super) fn new(size: usize, pairs: impl Iterator<Item = (usize, usize)>) -> Self {
        match size <= ROOM {
            true => Self::Short(pairs.map(|(r, c)| (r as u16, c as u16)).collect()),
            false => Self::Long(pairs.map(|(r, c)| (r as u32, c as u32)).collect()),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Short(pairs) => pairs.len(),
            Self::Long(pairs) => pairs.len(),
        }
    }

    pub(super) fn at(&self, number: usize) -> (usize, usize) {
        match self {
            Self::Short(pairs) => wide(pairs[number]),
            Self::Long(pairs) => wide(pairs[number]),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.len()).map(|number| self.at(number))
    }

    /// How many of a range of pairs come before the first that is not `early`.
    pub(super) fn before(
        &self,
        range: Range<usize>,
        early: impl Fn((usize, usize)) -> bool,
    ) -> usize {
        match self {
            Self::Short(pairs) => pairs[range].partition_point(|pair| early(wide(*pair))),
            Self::Long(pairs) => pairs[range].partition_point(|pair| early(wide(*pair))),
        }
    }

    /// `x[row] -= x[column] * value` for every pair, from the first to the last.
    #[inline(always)]
    pub(super) fn forward<M, V>(&self, values: &[M], x: &mut [V])
    where
        M: Copy,
        V: Number + Mul<M, Output = V>,
    {
        match self {
            Self::Short(pairs) => {
                let pairs = pairs.iter().zip(values);
                match x.first_chunk_mut::<ROOM>() {
                    Some(x) => subtract(pairs, x),
                    None => subtract(pairs, x),
                }
            }
            Self::Long(pairs) => subtract(pairs.iter().zip(values), x),
        }
    }

    /// As [`Self::forward`], from the last to the first.
    #[inline(always)]
    pub(super) fn backward<M, V>(&self, values: &[M], x: &mut [V])
    where
        M: Copy,
        V: Number + Mul<M, Output = V>,
    {
        match self {
            Self::Short(pairs) => {
                let pairs = pairs.iter().zip(values).rev();
                match x.first_chunk_mut::<ROOM>() {
                    Some(x) => subtract(pairs, x),
                    None => subtract(pairs, x),
                }
            }
            Self::Long(pairs) => subtract(pairs.iter().zip(values).rev(), x),
        }
    }

    /// `to[row] += from[column] * value` for every pair.
    #[inline(always)]
    pub(super) fn add_products<M, V>(&self, values: &[M], from: &[V], to: &mut [V])
    where
        M: Copy,
        V: Number + Mul<M, Output = V>,
    {
        match self {
            Self::Short(pairs) => {
                let pairs = pairs.iter().zip(values);
                match (from.first_chunk::<ROOM>(), to.first_chunk_mut::<ROOM>()) {
                    (Some(from), Some(to)) => add(pairs, from, to),
                    _ => add(pairs, from, to),
                }
            }
            Self::Long(pairs) => add(pairs.iter().zip(values), from, to),
        }
    }
}

#[inline(always)]
fn subtract<'a, I, M, V, X>(pairs: impl Iterator<Item = (&'a (I, I), &'a M)>, x: &mut X)
where
    I: Short + 'a,
    M: Copy + 'a,
    V: Number + Mul<M, Output = V>,
    X: IndexMut<usize, Output = V> + ?Sized,
{
    for (&(row, column), value) in pairs {
        let known = x[column.wide()] * *value;
        x[row.wide()] -= known;
    }
}

#[inline(always)]
fn add<'a, I, M, V, X>(pairs: impl Iterator<Item = (&'a (I, I), &'a M)>, from: &X, to: &mut X)
where
    I: Short + 'a,
    M: Copy + 'a,
    V: Number + Mul<M, Output = V>,
    X: IndexMut<usize, Output = V> + ?Sized,
{
    for (&(row, column), value) in pairs {
        to[row.wide()] += from[column.wide()] * *value;
    }
}
