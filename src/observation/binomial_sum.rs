//! Sums of binomial counts, accurate from certain to hopeless.

use std::f64::consts::{PI, TAU};

use super::binomial::Binomial;

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
        let near = match &self.how {
            How::One(one) => return one.pmf(k),
            How::Table(first, table) => {
                let place = k.checked_sub(*first).and_then(|k| usize::try_from(k).ok());
                place.and_then(|k| table.get(k)).copied().unwrap_or(0.0)
            }
            How::Fourier(series) => series.between(k, k),
        };
        if near > self.far() {
            return near;
        }
        self.far_away(k, k, |how, slope, factor| match how {
            How::One(one) => factor * one.pmf(k),
            How::Table(first, table) => factor * weigh(*first, table, k, slope, |at| at == k),
            How::Fourier(series) => factor * series.between(k, k),
        })
    }

    /// The probability of at most `k`, or of more than `k` if `above`, without loss in either tail.
    pub(super) fn tail(&self, k: u64, above: bool) -> f64 {
        if k >= self.most() {
            return if above { 0.0 } else { 1.0 };
        }
        let near = self.near_tail(k, above);
        if matches!(self.how, How::One(_)) || near > self.far() {
            return near;
        }
        let end = if above { k + 1 } else { k };
        self.far_away(end, k, |how, slope, factor| match how {
            How::One(one) => factor * one.pmf(end),
            How::Table(first, table) => {
                let counted = |at: u64| if above { at >= end } else { at <= end };
                factor * weigh(*first, table, end, slope, counted)
            }
            How::Fourier(series) => factor * series.falling(end, slope),
        })
    }

    /// As [`Self::tail`], with an absolute error of about 1e-10.
    fn near_tail(&self, k: u64, above: bool) -> f64 {
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
                // Not `sum`, whose value for no terms is the negative zero.
                part.iter().fold(0.0, |sum, term| sum + term).min(1.0)
            }
            How::Fourier(series) if above => 1.0 - series.between(0, k),
            How::Fourier(series) => series.between(0, k),
        }
    }

    /// Below this a probability has lost digits: it is found from a sum that is likely there.
    const fn far(&self) -> f64 {
        match self.how {
            How::One(_) | How::Table(..) => 1e-9,
            How::Fourier(_) => 1e-4,
        }
    }

    /// A probability far from the mean, from the sum whose chances are multiplied by `exp(slope count)` so that its
    /// mean is `end`: what is asked of that sum, with the slope and the factor of the chance of `end`.
    fn far_away(&self, end: u64, k: u64, ask: impl Fn(&How, f64, f64) -> f64) -> f64 {
        let certain = self.parts.iter().filter(|part| part.p >= 1.0);
        let least: u64 = certain.map(|part| part.n).sum();
        let most = self.most();
        if k > most || end < least {
            return 0.0;
        }
        // The ends themselves are out of reach of any slope.
        let target = (end as f64).clamp(least as f64 + 0.5, most as f64 - 0.5);
        let mean = |slope: f64| self.total(|part| part.tilted(slope).1.mean());
        let (mut low, mut high) = (-STEEPEST, STEEPEST);
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            if mean(middle) < target {
                low = middle;
            } else {
                high = middle;
            }
        }
        let slope = 0.5 * (low + high);
        let ln_mean = self.total(|part| part.tilted(slope).0);
        let there = Self::new(self.parts.iter().map(|part| part.tilted(slope).1));
        ask(&there.how, slope, libm::exp(ln_mean - slope * end as f64))
    }

    /// The least count of which at most `k` has at least the probability `q`, with 0 < q < 1.
    pub(super) fn quantile(&self, q: f64) -> u64 {
        let tail = |k, above| match q.min(1.0 - q) > 1e-6 {
            true => self.near_tail(k, above),
            false => self.tail(k, above),
        };
        let reached = |k| match q <= 0.5 {
            true => tail(k, false) >= q,
            false => tail(k, true) <= 1.0 - q,
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

/// The steepest slope of a tilted sum.
const STEEPEST: f64 = 700.0;

/// The chances of a table at some counts, each by `exp(slope (end - count))`.
fn weigh(first: u64, table: &[f64], end: u64, slope: f64, counted: impl Fn(u64) -> bool) -> f64 {
    let chances = table.iter().enumerate();
    let chances = chances.map(|(place, chance)| (first + place as u64, chance));
    let there = chances.filter(|(at, _)| counted(*at));
    there.fold(0.0, |sum, (at, chance)| {
        sum + chance * libm::exp(slope * (end as f64 - at as f64))
    })
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

    /// The sum of the chances from a count on, upwards for a slope above 0 and downwards below, each by
    /// `exp(-|slope| distance)`: a geometric series for every frequency.
    ///
    /// The slope is so steep that nothing comes from beyond the window.
    fn falling(&self, from: u64, slope: f64) -> f64 {
        let (fall, way) = (libm::exp(-slope.abs()), slope.signum());
        let mut sum = 1.0 / (1.0 - fall);
        for (k, (size, turn)) in self.terms.iter().enumerate() {
            let angle = TAU / self.width * (k + 1) as f64;
            let phase = turn - angle * from as f64;
            // The real part of exp(i phase) / (1 - fall exp(-i way angle)).
            let (re, im) = (1.0 - fall * libm::cos(angle), fall * way * libm::sin(angle));
            let real = (libm::cos(phase) * re + libm::sin(phase) * im) / (re * re + im * im);
            sum += 2.0 * size * real;
        }
        sum / self.width
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

    // mpmath 1.4.1 with 60 digits: the sums of the convolved chances.
    #[test]
    fn far_tails_keep_their_digits() {
        let near = |found: f64, wanted: f64| {
            assert!((found / wanted - 1.0).abs() < 1e-11, "{found:e} {wanted:e}");
        };
        let few = [Binomial { n: 60, p: 0.01 }, Binomial { n: 80, p: 0.002 }];
        let few = Sum::new(few.into_iter());
        near(few.tail(40, true), 1.141_718_859_550_856_4e-59);
        near(few.tail(60, true), 4.530_609_595_943_334e-102);
        near(few.tail(100, true), 1.145_273_577_911_227e-204);
        near(few.pmf(40), 1.010_923_885_329_551e-57);
        near(few.pmf(100), 8.343_971_989_652_625e-202);
        assert!(few.tail(140, true) == 0.0 && few.tail(140, true).is_sign_positive());
        let many = [Binomial { n: 200, p: 0.9 }, Binomial { n: 300, p: 0.7 }];
        let many = Sum::new(many.into_iter());
        near(many.tail(100, false), 2.808_519_235_223_097e-182);
        near(many.tail(150, false), 7.276_106_721_073_524e-126);
        near(many.tail(200, false), 6.063_594_004_851_058e-81);
        // A part that is certain moves all counts.
        let certain = [Binomial { n: 200, p: 0.9 }, Binomial { n: 300, p: 0.7 }];
        let all = Binomial { n: 10, p: 1.0 };
        let moved = Sum::new(certain.into_iter().chain([all]));
        near(moved.tail(160, false), 7.276_106_721_073_524e-126);
        assert!(moved.tail(9, false) <= 0.0 && moved.tail(9, true) > 1.0 - 1e-12);
    }

    // Both ways to a tail beyond six standard deviations, where the series is the only one for large counts.
    #[test]
    fn far_tails_of_the_series_are_those_of_one_binomial() {
        let halves = [
            Binomial { n: 40_000, p: 0.3 },
            Binomial { n: 60_000, p: 0.3 },
        ];
        let one = Binomial { n: 100_000, p: 0.3 };
        let series = Sum {
            parts: halves.to_vec(),
            how: How::Fourier(Fourier::new(&halves)),
        };
        for (k, above) in [
            (31_500, true),
            (33_000, true),
            (28_000, false),
            (27_000, false),
        ] {
            let (_, there) = one.tilted(0.0);
            let wanted = there.tail(k, above);
            let end = if above { k + 1 } else { k };
            let found = series.far_away(end, k, |_, slope, factor| {
                let tilted = halves.map(|half| half.tilted(slope).1);
                factor * Fourier::new(&tilted).falling(end, slope)
            });
            assert!(
                (found / wanted - 1.0).abs() < 1e-8,
                "{k}: {found:e} {wanted:e}"
            );
        }
    }
}
