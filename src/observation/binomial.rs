//! Binomial counts, accurate from certain to hopeless.

use std::f64::consts::TAU;

/// The number of cells, of `n` that act alike and on their own, that are where each is with
/// probability `p`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Binomial {
    pub(super) n: u64,
    pub(super) p: f64,
}

impl Binomial {
    pub(super) fn mean(self) -> f64 {
        self.n as f64 * self.p
    }

    pub(super) fn variance(self) -> f64 {
        self.mean() * (1.0 - self.p)
    }

    /// Logarithm of the probability that none is there: `n ln(1 - p)`.
    pub(super) fn ln_none(self) -> f64 {
        // No cells are certainly not there, even with p = 1.
        if self.n == 0 {
            return 0.0;
        }
        self.n as f64 * libm::log1p(-self.p)
    }

    /// The probability of exactly `k`.
    ///
    /// Loader (2000), Fast and accurate computation of binomial probabilities: the large logarithms
    /// of the factorials are cancelled by hand, so that a billion cells cost no digits.
    pub(super) fn pmf(self, k: u64) -> f64 {
        let Self { n, p } = self;
        if k > n {
            return 0.0;
        }
        if p <= 0.0 || p >= 1.0 {
            let certain = if p <= 0.0 { 0 } else { n };
            return if k == certain { 1.0 } else { 0.0 };
        }
        if k == 0 {
            return libm::exp(self.ln_none());
        }
        let (all, hit, miss) = (n as f64, k as f64, (n - k) as f64);
        if k == n {
            return libm::exp(all * libm::log(p));
        }
        let excess = hit - all * p;
        let exponent = stirling_error(all)
            - stirling_error(hit)
            - stirling_error(miss)
            - deviance(hit, all * p, excess)
            - deviance(miss, all * (1.0 - p), -excess);
        libm::exp(exponent) * (all / (TAU * hit * miss)).sqrt()
    }

    /// The probability of at most `k`, or of more than `k` if `above`, without loss in either tail.
    pub(super) fn tail(self, k: u64, above: bool) -> f64 {
        if k >= self.n {
            return if above { 0.0 } else { 1.0 };
        }
        // Terms are added from the side of the mean outwards, where they fall.
        let mean = self.mean();
        match above {
            true if k as f64 + 1.0 >= mean => self.sum_up(k + 1),
            true => 1.0 - self.sum_down(k),
            false if k as f64 <= mean => self.sum_down(k),
            false => 1.0 - self.sum_up(k + 1),
        }
    }

    fn sum_down(self, from: u64) -> f64 {
        let odds = (1.0 - self.p) / self.p;
        let mut term = self.pmf(from);
        let mut sum = term;
        for k in (1..=from).rev() {
            term *= k as f64 / (self.n - k + 1) as f64 * odds;
            sum += term;
            if term <= 1e-18 * sum {
                break;
            }
        }
        sum
    }

    fn sum_up(self, from: u64) -> f64 {
        let odds = self.p / (1.0 - self.p);
        let mut term = self.pmf(from);
        let mut sum = term;
        for k in from..self.n {
            term *= (self.n - k) as f64 / (k + 1) as f64 * odds;
            sum += term;
            if term <= 1e-18 * sum {
                break;
            }
        }
        sum
    }

    /// The logarithm of the mean of `exp(slope k)`, and the binomial whose chances are multiplied by `exp(slope k)` and
    /// made to sum to 1 again (Esscher 1932).
    pub(super) fn tilted(self, slope: f64) -> (f64, Self) {
        let Self { n, p } = self;
        let (ln_mean, p) = if p >= 1.0 {
            (slope, 1.0)
        } else if slope > 0.0 {
            let rest = p + (1.0 - p) * libm::exp(-slope);
            (slope + libm::log(rest), p / rest)
        } else {
            let less = p * libm::expm1(slope);
            (libm::log1p(less), p * libm::exp(slope) / (1.0 + less))
        };
        (n as f64 * ln_mean, Self { n, p })
    }

    /// Counts with a probability of at least `1e-30` of the greatest: the first, and all of them.
    pub(super) fn window(self) -> (u64, Vec<f64>) {
        let mode = ((self.n as f64 + 1.0) * self.p).floor().min(self.n as f64) as u64;
        let top = self.pmf(mode);
        let below: Vec<f64> = (0..mode)
            .rev()
            .map(|k| self.pmf(k))
            .take_while(|p| *p > 1e-30 * top)
            .collect();
        let above = (mode + 1..=self.n)
            .map(|k| self.pmf(k))
            .take_while(|p| *p > 1e-30 * top);
        let first = mode - below.len() as u64;
        let up = below.iter().rev().copied().chain([top]).chain(above);
        (first, up.collect())
    }
}

/// `ln x! - ln(sqrt(2 pi x) (x/e)^x)` for whole x > 0.
fn stirling_error(x: f64) -> f64 {
    if x < 16.0 {
        return libm::lgamma(x + 1.0) - (x + 0.5) * libm::log(x) + x - 0.5 * libm::log(TAU);
    }
    let square = x * x;
    let inner = 1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * square)) / square;
    (1.0 / 12.0 - (1.0 / 360.0 - inner / square) / square) / x
}

/// `x ln(x/m) + m - x`, with `d = x - m` given: no cancellation when x is near m.
fn deviance(x: f64, m: f64, d: f64) -> f64 {
    if d.abs() >= 0.1 * (x + m) {
        return x * libm::log(x / m) - d;
    }
    let v = d / (x + m);
    let mut sum = d * v;
    let mut power = 2.0 * x * v;
    for j in 1..100 {
        power *= v * v;
        let next = sum + power / f64::from(2 * j + 1);
        // Nothing is added any more.
        if (next - sum).abs() <= 0.0 {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `ln x!` by sums of logarithms.
    #[test]
    fn the_error_of_stirling() {
        let mut ln = 0.0;
        for x in 1..40 {
            let x = f64::from(x);
            ln += x.ln();
            let stirling = 0.5 * (TAU * x).ln() + x * (x.ln() - 1.0);
            assert!((stirling_error(x) - (ln - stirling)).abs() < 1e-13, "{x}");
        }
    }
}
