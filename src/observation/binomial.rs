//! Binomial counts and their sums, accurate from certain to hopeless.

use std::f64::consts::{PI, TAU};

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

    /// Counts with a probability of at least `1e-30` of the greatest: the first, and all of them.
    fn window(self) -> (u64, Vec<f64>) {
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

/// The distribution of a sum of independent binomial counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sum {
    parts: Vec<Binomial>,
    how: How,
}

#[derive(Debug, Clone, PartialEq)]
enum How {
    /// One binomial: closed form.
    One(Binomial),
    /// Probabilities of the counts from the first on, convolved.
    Table(u64, Vec<f64>),
    /// Too wide for a table: the Fourier series of a window.
    Fourier(Fourier),
}

/// Multiplications that a table may cost.
const TABLE_COST: f64 = 1e8;

impl Sum {
    pub(super) fn new(counts: impl Iterator<Item = Binomial>) -> Self {
        let mut parts: Vec<Binomial> = vec![];
        for count in counts.filter(|count| count.n > 0 && count.p > 0.0) {
            match parts.iter_mut().find(|b| b.p.total_cmp(&count.p).is_eq()) {
                Some(same) => same.n += count.n,
                None => parts.push(count),
            }
        }
        let how = match parts[..] {
            [] => How::One(Binomial { n: 0, p: 0.0 }),
            [one] => How::One(one),
            _ if table_cost(&parts) <= TABLE_COST => {
                let (first, table) = convolve(&parts);
                How::Table(first, table)
            }
            _ => How::Fourier(Fourier::new(&parts)),
        };
        Self { parts, how }
    }

    pub(super) fn most(&self) -> u64 {
        self.parts.iter().map(|part| part.n).sum()
    }

    /// Not `sum`, whose value for no parts is the negative zero.
    fn total(&self, of: impl Fn(Binomial) -> f64) -> f64 {
        self.parts.iter().fold(0.0, |sum, part| sum + of(*part))
    }

    pub(super) fn mean(&self) -> f64 {
        self.total(|part| part.mean())
    }

    pub(super) fn variance(&self) -> f64 {
        self.total(|part| part.variance())
    }

    pub(super) fn ln_none(&self) -> f64 {
        self.total(|part| part.ln_none())
    }

    pub(super) fn pmf(&self, k: u64) -> f64 {
        match &self.how {
            How::One(one) => one.pmf(k),
            How::Table(first, table) => {
                let place = k.checked_sub(*first).and_then(|k| usize::try_from(k).ok());
                place.and_then(|k| table.get(k)).copied().unwrap_or(0.0)
            }
            How::Fourier(series) => series.between(k, k),
        }
    }

    pub(super) fn tail(&self, k: u64, above: bool) -> f64 {
        match &self.how {
            How::One(one) => one.tail(k, above),
            How::Table(first, table) => {
                let below = k
                    .saturating_add(1)
                    .saturating_sub(*first)
                    .min(table.len() as u64) as usize;
                let part = if above {
                    &table[below..]
                } else {
                    &table[..below]
                };
                part.iter().sum::<f64>().min(1.0)
            }
            How::Fourier(series) if above => 1.0 - series.between(0, k),
            How::Fourier(series) => series.between(0, k),
        }
    }

    /// The least count of which at most `k` has at least the probability `q`, with 0 < q < 1.
    pub(super) fn quantile(&self, q: f64) -> u64 {
        let reached = |k| match q <= 0.5 {
            true => self.tail(k, false) >= q,
            false => self.tail(k, true) <= 1.0 - q,
        };
        let (mut low, mut high) = (0, self.most());
        while low < high {
            let middle = low + (high - low) / 2;
            if reached(middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }
}

/// About how many multiplications the convolution takes: windows are 24 standard deviations wide.
fn table_cost(parts: &[Binomial]) -> f64 {
    let width = |variance: f64| 24.0 * variance.sqrt() + 40.0;
    let (mut cost, mut variance) = (0.0, 0.0);
    for part in parts {
        cost += width(variance) * width(part.variance());
        variance += part.variance();
    }
    cost
}

fn convolve(parts: &[Binomial]) -> (u64, Vec<f64>) {
    let (mut first, mut table) = (0, vec![1.0]);
    for part in parts {
        let (begin, window) = part.window();
        let mut next = vec![0.0; table.len() + window.len() - 1];
        for (k, have) in table.iter().enumerate() {
            for (sum, add) in next[k..].iter_mut().zip(&window) {
                *sum += have * add;
            }
        }
        first += begin;
        table = next;
    }
    (first, table)
}

/// The characteristic function at the frequencies of a window round the mean, outside of which
/// less than 1e-30 lies (Hong 2013, Comput Stat Data Anal 59:41, cut to what is not zero).
#[derive(Debug, Clone, PartialEq)]
struct Fourier {
    /// First count of the window, and how many there are.
    first: f64,
    width: f64,
    /// Size and angle of each term from frequency 1 on.
    terms: Vec<(f64, f64)>,
}

impl Fourier {
    fn new(parts: &[Binomial]) -> Self {
        let (mean, variance) = parts.iter().fold((0.0, 0.0), |(m, v), part| {
            (m + part.mean(), v + part.variance())
        });
        let half = (12.0 * variance.sqrt() + 100.0).ceil();
        let width = 2.0 * half + 1.0;
        let mut terms = vec![];
        loop {
            let angle = TAU / width * (terms.len() + 1) as f64;
            let (mut size, mut turn) = (0.0, 0.0);
            for Binomial { n, p } in parts {
                let lost = 2.0 * p * (1.0 - p) * (1.0 - libm::cos(angle));
                size += 0.5 * *n as f64 * libm::log1p(-lost);
                turn +=
                    *n as f64 * libm::atan2(p * libm::sin(angle), 1.0 - p + p * libm::cos(angle));
            }
            if size < -46.0 || angle > PI {
                break;
            }
            terms.push((libm::exp(size), turn));
        }
        Self {
            first: mean.round() - half,
            width,
            terms,
        }
    }

    /// The probability of a count from `low` to `high`, to about 1e-10.
    fn between(&self, low: u64, high: u64) -> f64 {
        let last = self.first + self.width - 1.0;
        let (low, high) = ((low as f64).max(self.first), (high as f64).min(last));
        if high < low {
            return 0.0;
        }
        let count = high - low + 1.0;
        let mut sum = count;
        for (k, (size, turn)) in self.terms.iter().enumerate() {
            let angle = TAU / self.width * (k + 1) as f64;
            let kernel = libm::sin(0.5 * angle * count) / libm::sin(0.5 * angle);
            sum += 2.0 * size * kernel * libm::cos(turn - 0.5 * angle * (low + high));
        }
        (sum / self.width).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three ways to the same sum: table, Fourier series, and one binomial.
    #[test]
    fn three_ways_agree() {
        let halves = [
            Binomial { n: 40_000, p: 0.3 },
            Binomial { n: 60_000, p: 0.3 },
        ];
        let one = Binomial { n: 100_000, p: 0.3 };
        let (first, table) = convolve(&halves);
        let series = Fourier::new(&halves);
        for k in [29_000, 29_500, 29_999, 30_000, 30_123, 31_000] {
            let exact = one.pmf(k);
            let tabled = table[(k - first) as usize];
            assert!(
                (tabled / exact - 1.0).abs() < 1e-11,
                "{k}: {tabled} {exact}"
            );
            assert!((series.between(k, k) - exact).abs() < 1e-13, "{k}");
            let below = one.tail(k, false);
            assert!((series.between(0, k) - below).abs() < 1e-10, "{k}");
        }
    }

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
