//! Step size control: a proportional-integral controller.
//!
//! Source: K. Gustafsson (1991), Control theoretic techniques for stepsize selection in explicit
//! Runge-Kutta methods, ACM TOMS 17:533; Hairer & Wanner, Solving ODE II, IV.2.

use super::step::Trial;

/// Order of the embedded method plus one.
const ORDER: f64 = 5.0;
const SAFETY: f64 = 0.9;
const SMALLEST: f64 = 0.2;
const LARGEST: f64 = 8.0;

/// Proposes the next step from the errors of this one and the last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Controller {
    last: f64,
    rejected: bool,
}

impl Controller {
    pub(crate) const fn new() -> Self {
        Self {
            last: 1e-4,
            rejected: false,
        }
    }

    /// After an accepted step with this error: the factor for the next step.
    pub(crate) fn accepted(&mut self, error: f64) -> f64 {
        let error = error.max(1e-10);
        // The product of two powers, by the way that takes a third of their time.
        let power = 0.4 * libm::log(self.last) - 0.7 * libm::log(error);
        let factor = SAFETY * libm::exp(power / ORDER);
        // A step after a rejection does not grow: the error would strike again.
        let largest = if self.rejected { 1.0 } else { LARGEST };
        self.last = error.max(1e-4);
        self.rejected = false;
        factor.clamp(SMALLEST, largest)
    }

    /// After a trial step that is not accepted: the factor for the next one.
    pub(crate) fn after(&mut self, trial: Trial) -> f64 {
        self.rejected = true;
        match trial {
            Trial::Error(error) if error.is_finite() => {
                (SAFETY * libm::pow(error, -1.0 / ORDER)).clamp(SMALLEST, 0.9)
            }
            // No numbers at all.
            Trial::Error(_) => 0.1,
            Trial::TooLong | Trial::BelowZero(..) => 0.3,
        }
    }
}

/// The shortest first step, over the stretch that lies ahead.
const SHORTEST: f64 = 1e-12;

/// The length below which a step at a time, both h, is lost in rounding.
pub(crate) fn shortest(time: f64) -> f64 {
    (4.0 * f64::EPSILON * time).max(1e-290)
}

/// What the first evaluations give about the size of amounts and of their changes, each a root mean square
/// over the pools of what is divided by the tolerance.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct FirstStep {
    /// Amounts.
    pub(crate) amount: f64,
    /// Slopes.
    pub(crate) slope: f64,
}

/// The root mean square of what a function gives for the first `count` numbers.
pub(crate) fn mean(count: usize, of: impl Fn(usize) -> f64) -> f64 {
    let squares = (0..count).map(|k| {
        let value = of(k);
        value * value
    });
    (squares.sum::<f64>() / count as f64).sqrt()
}

impl FirstStep {
    /// The length, h, of an explicit step that changes the amounts little.
    pub(crate) fn probe(self, span: f64) -> f64 {
        let h = if self.amount < 1e-5 || self.slope < 1e-5 {
            1e-6
        } else {
            0.01 * self.amount / self.slope
        };
        h.min(span)
    }

    /// The first step, h, from the change of the slopes over the probe.
    ///
    /// Source: Hairer, Norsett & Wanner, Solving ODE I, II.4, with both evaluations.
    pub(crate) fn length(self, probe: f64, change: f64, (time, span): (f64, f64)) -> f64 {
        let largest = self.slope.max(change / probe);
        let h = if largest <= 1e-15 {
            (probe * 1e-3).max(1e-6)
        } else {
            libm::pow(0.01 / largest, 1.0 / ORDER)
        };
        // Slopes out of empty pools are steep beside tiny tolerances: a step is only a trial, and not too short.
        let least = (SHORTEST * span).max(16.0 * shortest(time));
        h.min(100.0 * probe).max(least).min(span)
    }
}
