//! Eight numbers side by side, on which every operation works one by one.

use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::network::Number;

/// How many subjects go side by side: what one register of AVX-512 holds.
pub(super) const LANES: usize = 8;

/// One number of each subject.
///
/// Nothing is ever added across lanes, and no multiplication is fused with an addition, so that each
/// lane has the bits of a run of its own.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[repr(align(64))]
pub(super) struct Lanes(pub(super) [f64; LANES]);

impl Lanes {
    /// Each lane made from its number.
    #[inline(always)]
    pub(super) fn each(of: impl Fn(usize) -> f64) -> Self {
        let mut lanes = Self::default();
        for (lane, value) in lanes.0.iter_mut().enumerate() {
            *value = of(lane);
        }
        lanes
    }
}

impl Number for Lanes {
    #[inline(always)]
    fn of(value: f64) -> Self {
        Self([value; LANES])
    }

    #[inline(always)]
    fn choose(sign: Self, below: Self, other: Self) -> Self {
        Self::each(|lane| f64::choose(sign.0[lane], below.0[lane], other.0[lane]))
    }
}

macro_rules! operation {
    ($($trait:ident $name:ident $assign_trait:ident $assign:ident $op:tt;)+) => {$(
        impl $trait for Lanes {
            type Output = Self;
            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                Self::each(|lane| self.0[lane] $op other.0[lane])
            }
        }
        impl $assign_trait for Lanes {
            #[inline(always)]
            fn $assign(&mut self, other: Self) {
                *self = *self $op other;
            }
        }
    )+};
}

operation! {
    Add add AddAssign add_assign +;
    Sub sub SubAssign sub_assign -;
    Mul mul MulAssign mul_assign *;
}

impl Div for Lanes {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Self::each(|lane| self.0[lane] / other.0[lane])
    }
}

/// The same factor for every lane.
impl Mul<f64> for Lanes {
    type Output = Self;
    #[inline(always)]
    fn mul(self, factor: f64) -> Self {
        Self::each(|lane| self.0[lane] * factor)
    }
}

impl Neg for Lanes {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self::each(|lane| -self.0[lane])
    }
}
