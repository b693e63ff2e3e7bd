//! An estimated residual scale: one factor for the errors of all data.

use serde::Serialize;

use super::problem::Fit;
use super::{FitError, Fitted};
use crate::evidence::Datum;
use crate::organ::quantile;

/// How the data scatter beside what their errors state.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Scatter {
    /// By what all errors are multiplied (geometric ones on their logarithm): for plain values the root of the mean
    /// square of the residuals, over the degrees of freedom.
    pub factor: f64,
    /// Degrees of freedom: rows less numbers, where a number that its prior holds counts for less than one.
    pub freedom: f64,
}

/// The factor is sought between the inverse of this and this.
const WIDEST: f64 = 1e6;
/// Rounds of fitting and rescaling, which nearly always end after two or three.
const ROUNDS: usize = 50;
const GOLDEN: f64 = 0.618_033_988_749_894_9;

impl Scatter {
    /// Half of the width of an interval of 95 %, in standard deviations.
    pub(super) fn reach(scatter: Option<Self>) -> f64 {
        reach(scatter.map_or(f64::INFINITY, |scatter| scatter.freedom))
    }
}

impl Fit {
    /// A search, the scatter of its residuals, a search with this scatter, until both agree.
    pub(super) fn search_scatter(&self, starts: usize, seed: u64) -> Result<Fitted, FitError> {
        let rows = self.data().count() as f64;
        let mut fit = self.with_errors_times(1.0);
        let mut found = fit.search(starts, seed)?;
        let free: Vec<usize> = (0..self.unknowns.len()).collect();
        let mut factor = 1.0_f64;
        for _ in 0..ROUNDS {
            let scores = found.scores();
            let look = fit.look(&scores, true)?;
            let held = (fit.covariance(&look) * fit.prior.precision()).trace();
            let freedom = rows - (self.unknowns.len() as f64 - held);
            if freedom <= 0.0 {
                let numbers = self.unknowns.len();
                return Err(FitError::NoScatter {
                    reason: format!("{rows} rows are too few for {numbers} numbers"),
                });
            }
            let next = self.scatter_about(&look.values, freedom)?;
            let settled = libm::log(next / factor).abs() < 1e-7;
            factor = next;
            fit = self.with_errors_times(factor);
            let before = fit.look(&vec![0.0; scores.len()], false)?;
            let (_, scores) = fit.descend(scores, &free)?;
            let scatter = Some(Scatter { factor, freedom });
            found = fit.found(&scores, &before, scatter, found.starts)?;
            if settled {
                break;
            }
        }
        // The criteria of Akaike and Schwarz take the greatest likelihood, whose scatter is that of all rows.
        let values: Vec<f64> = found.residuals.iter().map(|row| row.model).collect();
        let likeliest = self.scatter_about(&values, rows)?;
        found.log_likelihood = -self.unlikelihood(&values, likeliest);
        Ok(found)
    }

    /// Minus the logarithm of the likelihood of the data about given predictions, with errors so many times as great.
    fn unlikelihood(&self, values: &[f64], factor: f64) -> f64 {
        let rows = self.data().zip(values).map(|(datum, value)| {
            let scaled = Datum {
                error: datum.error.times(factor),
                ..datum.clone()
            };
            scaled.cost(*value).cost + scaled.least_cost()
        });
        rows.sum()
    }

    /// The most likely factor, with so many degrees of freedom, by the golden section on its logarithm.
    fn scatter_about(&self, values: &[f64], freedom: f64) -> Result<f64, FitError> {
        let lost = values.len() as f64 - freedom;
        let at = |ln: f64| self.unlikelihood(values, libm::exp(ln)) - lost * ln;
        let end = libm::log(WIDEST);
        let (mut low, mut high) = (-end, end);
        let inner = |low: f64, high: f64| {
            let step = GOLDEN * (high - low);
            (high - step, low + step)
        };
        let (mut a, mut b) = inner(low, high);
        let (mut at_a, mut at_b) = (at(a), at(b));
        while high - low > 1e-9 {
            if at_a < at_b {
                (high, b, at_b) = (b, a, at_a);
                a = inner(low, high).0;
                at_a = at(a);
            } else {
                (low, a, at_a) = (a, b, at_b);
                b = inner(low, high).1;
                at_b = at(b);
            }
        }
        let found = 0.5 * (low + high);
        if found.abs() > end - 1.0 {
            return Err(FitError::NoScatter {
                reason: "the residuals are all 0, or the data bound no scatter".to_string(),
            });
        }
        Ok(libm::exp(found))
    }
}

/// Half of the width of an interval of 95 %, in standard deviations, with so many degrees of freedom, above 0.
fn reach(freedom: f64) -> f64 {
    // Beyond this the two distributions agree to seven digits.
    if freedom > 1e7 {
        return quantile(0.975);
    }
    let (mut low, mut high) = (0.0, 1.0);
    while beyond(high, freedom) > 0.025 && high < 1e100 {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if beyond(middle, freedom) > 0.025 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The probability of more than `t`, for `t` of at least 0.
fn beyond(t: f64, freedom: f64) -> f64 {
    0.5 * beta(freedom / (freedom + t * t), 0.5 * freedom, 0.5)
}

/// The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22).
fn beta(x: f64, a: f64, b: f64) -> f64 {
    // Where it converges fast.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta(1.0 - x, b, a);
    }
    let ln = |x: f64| libm::lgamma(x);
    let front = libm::exp(ln(a + b) - ln(a) - ln(b) + a * libm::log(x) + b * libm::log1p(-x)) / a;
    // The method of Lentz: numerators and denominators, neither of which may vanish.
    let kept = |value: f64| match value.abs() < 1e-300 {
        true => 1e-300,
        false => value,
    };
    let (mut c, mut d) = (1.0, 1.0 / kept(1.0 - (a + b) * x / (a + 1.0)));
    let mut sum = d;
    for m in 1..10_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        for term in [even, odd] {
            d = 1.0 / kept(term.mul_add(d, 1.0));
            c = kept(1.0 + term / c);
            sum *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-14 {
            break;
        }
    }
    front * sum
}
