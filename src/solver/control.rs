//! Step size control: a proportional-integral controller.
//!
//! Source: K. Gustafsson (1991), Control theoretic techniques for stepsize selection in explicit
//! Runge-Kutta methods, ACM TOMS 17:533; Hairer & Wanner, Solving ODE II, IV.2.

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

    /// After a rejected step with this error: the factor for the next trial.
    pub(crate) fn rejected(&mut self, error: f64) -> f64 {
        self.rejected = true;
        (SAFETY * libm::pow(error, -1.0 / ORDER)).clamp(SMALLEST, 0.9)
    }

    /// After a step that gave no numbers at all.
    pub(crate) fn refused(&mut self) -> f64 {
        self.rejected = true;
        0.1
    }
}
