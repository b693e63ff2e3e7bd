//! How readings scatter about what the model predicts: one definition for fits and for predictions.

use serde::{Deserialize, Serialize};

use crate::organ::cumulative;

/// How readings scatter about the value `m` that the model predicts.
///
/// Fits and predictions share this definition: a fit maximises the density of the readings under it, and a
/// prediction adds the same scatter to its draws.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ErrorModel {
    /// Normal about `m` with this standard deviation, in the unit of the measure.
    Sd(f64),
    /// Normal about `m` with a standard deviation of this share of `m`: a coefficient of variation.
    Cv(f64),
    /// Lognormal about `m` with this geometric standard deviation, above 1.
    Gsd(f64),
}

/// Least prediction that has a logarithm here: far below one cell of any dose.
pub(super) const LEAST: f64 = 1e-30;

impl ErrorModel {
    /// How many standard deviations the prediction lies above a reading, and the slope of that with the prediction.
    pub(super) fn distance(self, model: f64, reading: f64) -> (f64, f64) {
        let kept = model.max(LEAST);
        match self {
            Self::Sd(sd) => ((model - reading) / sd, 1.0 / sd),
            Self::Cv(cv) => ((1.0 - reading / kept) / cv, reading / kept / (cv * kept)),
            Self::Gsd(gsd) => (
                libm::log(kept / reading) / libm::log(gsd),
                1.0 / (kept * libm::log(gsd)),
            ),
        }
    }

    /// The probability that a reading is at most `reading` when the model predicts `model`.
    pub(crate) fn at_most(self, model: f64, reading: f64) -> f64 {
        match self {
            // A lognormal reading is above 0.
            Self::Gsd(_) if reading <= 0.0 => 0.0,
            _ => cumulative(-self.distance(model, reading).0),
        }
    }

    /// The logarithm of the probability density of a reading when the model predicts `model`.
    pub(crate) fn ln_density(self, model: f64, reading: f64) -> f64 {
        if matches!(self, Self::Gsd(_)) && reading <= 0.0 {
            return f64::NEG_INFINITY;
        }
        let z = self.distance(model, reading).0;
        -0.5 * z * z - self.ln_width(model, reading)
    }

    /// The logarithm of the width of the density, `sd sqrt(2 pi)`, in the unit of the reading.
    pub(super) fn ln_width(self, model: f64, reading: f64) -> f64 {
        let width = match self {
            Self::Sd(sd) => libm::log(sd),
            Self::Cv(cv) => libm::log(cv * model.max(LEAST)),
            Self::Gsd(gsd) => libm::log(reading * libm::log(gsd)),
        };
        width + 0.5 * libm::log(std::f64::consts::TAU)
    }

    /// The same scatter, multiplied: standard deviations by the factor, geometric ones on their logarithm.
    pub(crate) fn times(self, factor: f64) -> Self {
        match self {
            Self::Sd(sd) => Self::Sd(sd * factor),
            Self::Cv(cv) => Self::Cv(cv * factor),
            Self::Gsd(gsd) => Self::Gsd(libm::pow(gsd, factor)),
        }
    }

    /// The prediction at which a reading is most likely: the reading itself, and less than it where the scatter
    /// grows with the prediction.
    pub(super) fn most_likely(self, reading: f64) -> f64 {
        match self {
            Self::Sd(_) | Self::Gsd(_) => reading,
            Self::Cv(cv) => reading * 2.0 / (1.0 + (4.0 * cv).mul_add(cv, 1.0).sqrt()),
        }
    }

    /// The greatest probability that a reading above 0 has to lie above a limit, under any prediction.
    ///
    /// Less than 1 where a large prediction has a scatter as large.
    pub(super) fn most_above(self) -> f64 {
        match self {
            Self::Sd(_) | Self::Gsd(_) => 1.0,
            Self::Cv(cv) => cumulative(1.0 / cv),
        }
    }

    /// The prediction under which a reading lies between two ends with the greatest probability.
    pub(super) fn between(self, low: f64, high: f64) -> f64 {
        match self {
            Self::Sd(_) => 0.5 * (low + high),
            Self::Gsd(_) => (low * high).sqrt(),
            // Where the densities at both ends, each by its end, are equal: a quadratic in 1 / m.
            Self::Cv(cv) => {
                let (width, squares) = (high - low, high * high - low * low);
                let last = 2.0 * cv * cv * libm::log(high / low) * squares;
                squares / (width + (width * width + last).sqrt())
            }
        }
    }
}
