//! Chances under the normal distribution as costs, with slopes and curvatures.

use crate::organ::cumulative;

/// How unlikely a finding is, and how that changes with what the model says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cost {
    /// Minus the logarithm of the likelihood, 0 at its best for plain values.
    pub(crate) cost: f64,
    /// Its derivative to the value of the model.
    pub(crate) slope: f64,
    /// Curvature on the way to the minimum: of Gauss and Newton for plain values, expected otherwise.
    pub(crate) curvature: f64,
}

/// `-ln Phi(z)`: the finding lies on the right side of a limit.
pub(super) fn tail(z: f64, dz: f64) -> Cost {
    let ratio = hazard(z);
    Cost {
        cost: -log_cumulative(z),
        slope: -ratio * dz,
        // -(ln Phi)'' = ratio (ratio + z), which is never negative.
        curvature: (ratio * (ratio + z)).max(0.0) * dz * dz,
    }
}

/// `-ln(Phi(a) - Phi(b))` with `a > b`: the finding lies between two ends.
pub(super) fn within(a: f64, b: f64, dz: f64) -> Cost {
    // Far on one side the other end does not count, and the difference would cancel.
    if b > 6.0 {
        return tail(-b, -dz);
    }
    if a < -6.0 {
        return tail(a, dz);
    }
    let chance = (cumulative(a) - cumulative(b)).max(f64::MIN_POSITIVE);
    let (pa, pb) = (bell(a), bell(b));
    let g = (pa - pb) / chance;
    Cost {
        cost: -libm::log(chance),
        slope: -g * dz,
        curvature: ((a * pa - b * pb) / chance + g * g).max(0.0) * dz * dz,
    }
}

/// Density of the standard normal distribution.
fn bell(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / std::f64::consts::TAU.sqrt()
}

/// `bell / Phi`; below -30 by its asymptotic series, where both underflow.
fn hazard(z: f64) -> f64 {
    if z < -30.0 {
        -z + 1.0 / -z
    } else {
        bell(z) / cumulative(z)
    }
}

/// `ln Phi`; below -30 by its asymptotic series.
fn log_cumulative(z: f64) -> f64 {
    if z < -30.0 {
        -0.5 * z * z - libm::log(-z) - 0.5 * libm::log(std::f64::consts::TAU) - 1.0 / (z * z)
    } else {
        libm::log(cumulative(z))
    }
}
