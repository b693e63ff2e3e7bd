//! Chances under the normal distribution as costs, with slopes and curvatures.

use crate::organ::cumulative;

/// How unlikely a finding is, and how that changes with what the model predicts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cost {
    /// Minus the logarithm of the likelihood above its least: 0 at the best prediction.
    pub(crate) cost: f64,
    /// Its derivative to the value of the model.
    pub(crate) slope: f64,
    /// Curvature on the way to the minimum: expected for plain values, observed otherwise; never negative.
    pub(crate) curvature: f64,
}

impl Cost {
    /// The same above another least.
    pub(super) fn above(self, least: f64) -> Self {
        Self {
            cost: (self.cost - least).max(0.0),
            ..self
        }
    }
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

/// `-ln(Phi(a) - Phi(b))` with `a > b`, each with its slope: the finding lies between two ends.
pub(super) fn within((a, da): (f64, f64), (b, db): (f64, f64)) -> Cost {
    // Far on one side the other end does not count, and the difference would cancel.
    if b > 6.0 {
        return tail(-b, -db);
    }
    if a < -6.0 {
        return tail(a, da);
    }
    let chance = (cumulative(a) - cumulative(b)).max(f64::MIN_POSITIVE);
    let (pa, pb) = (bell(a), bell(b));
    let g = (pa * da - pb * db) / chance;
    Cost {
        cost: -libm::log(chance),
        slope: -g,
        curvature: ((a * pa * da * da - b * pb * db * db) / chance + g * g).max(0.0),
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
