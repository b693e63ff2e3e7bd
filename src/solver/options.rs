//! What a run asks of the integrator.

use serde::{Deserialize, Serialize};

use super::SolverError;

/// The integration method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Rosenbrock method of order 5, L-stable, sparse (Steinebach 2023). For everything.
    #[default]
    Rodas5P,
    /// Explicit Runge-Kutta method of order 8(5,3) of `ode_solvers`. Slow on stiff networks.
    Dop853,
}

/// Which parts of the path are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// The amounts at the requested times only.
    Outputs,
    /// Also every step, so that any time can be asked for afterwards.
    #[default]
    Path,
}

/// Tolerances, method and limits.
///
/// ```
/// use biodist::solver::Options;
/// let strict = Options { rtol: 1e-9, ..Options::default() };
/// assert!(strict.check().is_ok());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Relative tolerance of one step; default 1e-6.
    pub rtol: f64,
    /// Absolute tolerance of one step, in amount, of every pool. Absent: `1e-6 * rtol *` the most that the
    /// pool can hold during the run, as the rates bound it; far less for pools that can grow by themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub atol: Option<f64>,
    /// The method.
    pub method: Method,
    /// What is kept.
    pub keep: Keep,
    /// Steps after which a run is given up; default 1 000 000.
    pub max_steps: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rtol: 1e-6,
            atol: None,
            method: Method::default(),
            keep: Keep::default(),
            max_steps: 1_000_000,
        }
    }
}

impl Options {
    /// Default options with another relative tolerance.
    #[must_use]
    pub fn with_rtol(rtol: f64) -> Self {
        Self {
            rtol,
            ..Self::default()
        }
    }

    /// Whether the numbers can be used.
    ///
    /// # Errors
    /// [`SolverError::BadOption`] with the field, its value and what is allowed.
    pub fn check(&self) -> Result<(), SolverError> {
        let bad = |field, value, allowed| {
            Err(SolverError::BadOption {
                field,
                value,
                allowed,
            })
        };
        if !(1e-13..=0.1).contains(&self.rtol) {
            return bad("rtol", self.rtol, "between 1e-13 and 0.1");
        }
        match self.atol {
            Some(atol) if !(atol.is_finite() && atol >= 0.0) => {
                bad("atol", atol, "finite and at least 0")
            }
            _ if self.max_steps == 0 => bad("max_steps", 0.0, "at least 1"),
            _ => Ok(()),
        }
    }
}

/// Whether output times can be used: at least one, finite, and increasing.
pub(super) fn check_times(times: &[f64]) -> Result<(), SolverError> {
    let bad = |index: usize, allowed| {
        Err(SolverError::BadTimes {
            index,
            value: times.get(index).copied().unwrap_or(f64::NAN),
            allowed,
        })
    };
    if times.is_empty() {
        return bad(0, "at least one time");
    }
    for (index, time) in times.iter().enumerate() {
        if !(time.is_finite() && *time >= 0.0) {
            return bad(index, "finite and at least 0");
        }
        if index > 0 && *time <= times[index - 1] {
            return bad(index, "increasing, without repeats");
        }
    }
    Ok(())
}
