//! What rate laws calculate with: one number, or several side by side.

use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// A number, or several numbers on which every operation works one by one.
///
/// So each law is written once, and one run and many runs at a time have the same bits.
pub(crate) trait Number:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
{
    /// This number, everywhere.
    fn of(value: f64) -> Self;

    /// Chooses `below` where `sign` is negative and `other` elsewhere.
    fn choose(sign: Self, below: Self, other: Self) -> Self;

    /// Itself, or zero where it is negative.
    #[inline(always)]
    fn at_least_zero(self) -> Self {
        Self::choose(self, Self::of(0.0), self)
    }
}

impl Number for f64 {
    #[inline(always)]
    fn of(value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn choose(sign: Self, below: Self, other: Self) -> Self {
        if sign < 0.0 { below } else { other }
    }
}
