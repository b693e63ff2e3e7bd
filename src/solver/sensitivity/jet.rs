//! A number with its derivatives along two directions, so that rate laws need not be differentiated
//! twice by hand.

use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::network::Number;
use crate::solver::lanes::Lanes;

/// `value + slope a + turn b + both a b` with `a² = b² = 0`: derivatives along eight parameters at once
/// (`slope`), along one direction of the state (`turn`), and along both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jet {
    pub(super) value: f64,
    pub(super) slope: Lanes,
    pub(super) turn: f64,
    pub(super) both: Lanes,
}

impl Number for Jet {
    #[inline(always)]
    fn of(value: f64) -> Self {
        Self {
            value,
            slope: Lanes::default(),
            turn: 0.0,
            both: Lanes::default(),
        }
    }

    #[inline(always)]
    fn choose(sign: Self, below: Self, other: Self) -> Self {
        if sign.value < 0.0 { below } else { other }
    }
}

impl Add for Jet {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            slope: self.slope + other.slope,
            turn: self.turn + other.turn,
            both: self.both + other.both,
        }
    }
}

impl Neg for Jet {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self {
            value: -self.value,
            slope: -self.slope,
            turn: -self.turn,
            both: -self.both,
        }
    }
}

impl Sub for Jet {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Jet {
    type Output = Self;
    /// The product rule, twice.
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        let crossed = self.slope * other.turn + other.slope * self.turn;
        Self {
            value: self.value * other.value,
            slope: self.slope * other.value + other.slope * self.value,
            turn: self.turn * other.value + other.turn * self.value,
            both: self.both * other.value + other.both * self.value + crossed,
        }
    }
}

impl Div for Jet {
    type Output = Self;
    /// From `self = quotient * other` by the product rule.
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let inverse = 1.0 / other.value;
        let value = self.value * inverse;
        let slope = (self.slope - other.slope * value) * inverse;
        let turn = (self.turn - other.turn * value) * inverse;
        let crossed = slope * other.turn + other.slope * turn;
        let both = (self.both - other.both * value - crossed) * inverse;
        Self {
            value,
            slope,
            turn,
            both,
        }
    }
}

impl AddAssign for Jet {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Jet {
    #[inline(always)]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl MulAssign for Jet {
    #[inline(always)]
    fn mul_assign(&mut self, other: Self) {
        *self = *self * other;
    }
}
