//! Whether chains have met, and how many independent draws they are worth.
//!
//! Rank-normalised split R-hat and effective sample sizes of bulk and tails, as Vehtari, Gelman, Simpson,
//! Carpenter and Bürkner (2021, Bayesian Analysis 16:667) define them.

use crate::organ::quantile;

/// Draws of one number: one row a chain, all of one length.
type Chains = Vec<Vec<f64>>;

/// R-hat: 1 for chains that say the same; above 1.01 they have not met. The larger of that of the ranks and
/// that of the distances from the median. `None` for fewer than four draws a chain, unequal chains, or draws
/// that are all the same.
#[must_use]
pub fn r_hat(chains: &[Vec<f64>]) -> Option<f64> {
    let halves = split(chains)?;
    let mut all: Vec<f64> = halves.iter().flatten().copied().collect();
    all.sort_by(f64::total_cmp);
    let median = at(&all, 0.5);
    let folded = halves
        .iter()
        .map(|chain| chain.iter().map(|x| (x - median).abs()).collect());
    let folded: Chains = folded.collect();
    Some(ratio(&ranked(&halves))?.max(ratio(&ranked(&folded))?))
}

/// Independent draws that the middle of the distribution is worth.
///
/// `None` as for [`r_hat`].
#[must_use]
pub fn ess_bulk(chains: &[Vec<f64>]) -> Option<f64> {
    effective(&ranked(&split(chains)?))
}

/// Independent draws that the ends of the interval of 90 % are worth, the lesser of the two.
///
/// `None` as for [`r_hat`].
#[must_use]
pub fn ess_tail(chains: &[Vec<f64>]) -> Option<f64> {
    let halves = split(chains)?;
    let mut all: Vec<f64> = halves.iter().flatten().copied().collect();
    all.sort_by(f64::total_cmp);
    let side = |share: f64| {
        let end = at(&all, share);
        let below = |x: &f64| f64::from(u8::from(*x <= end));
        let chains = halves.iter().map(|c| c.iter().map(below).collect());
        effective(&chains.collect::<Chains>())
    };
    Some(side(0.05)?.min(side(0.95)?))
}

/// Each chain as its two halves, which shows drift as disagreement.
fn split(chains: &[Vec<f64>]) -> Option<Chains> {
    let length = chains.first()?.len();
    let even = chains.iter().all(|chain| chain.len() == length);
    let finite = chains.iter().flatten().all(|x| x.is_finite());
    let half = length / 2;
    (even && finite && half >= 2).then(|| {
        let halves = |chain: &Vec<f64>| [chain[..half].to_vec(), chain[length - half..].to_vec()];
        chains.iter().flat_map(halves).collect()
    })
}

/// The value with a share of the sorted values below it.
fn at(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let low = place.floor() as usize;
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (place - low as f64) * (sorted[high] - sorted[low])
}

/// Every value by the normal quantile of its rank among all; equal ones share the mean rank.
fn ranked(chains: &[Vec<f64>]) -> Chains {
    let length = chains[0].len();
    let all: Vec<f64> = chains.iter().flatten().copied().collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| all[*a].total_cmp(&all[*b]));
    let mut scores = vec![0.0; all.len()];
    let mut from = 0;
    while from < order.len() {
        let same = |k: &usize| all[*k].total_cmp(&all[order[from]]).is_eq();
        let to = from + order[from..].iter().take_while(|k| same(k)).count();
        let rank = (from + to + 1) as f64 / 2.0;
        let score = quantile((rank - 0.375) / (all.len() as f64 + 0.25));
        order[from..to].iter().for_each(|k| scores[*k] = score);
        from = to;
    }
    scores.chunks(length).map(<[f64]>::to_vec).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Mean variance within chains, and the estimate of the whole variance.
fn variances(chains: &[Vec<f64>]) -> (f64, f64) {
    let n = chains[0].len() as f64;
    let means: Vec<f64> = chains.iter().map(|chain| mean(chain)).collect();
    let spread = |values: &[f64], middle: f64| {
        let squares: f64 = values.iter().map(|x| (x - middle).powi(2)).sum();
        squares / (values.len() as f64 - 1.0)
    };
    let within = chains
        .iter()
        .zip(&means)
        .map(|(chain, m)| spread(chain, *m));
    let within = within.sum::<f64>() / chains.len() as f64;
    (
        within,
        within * (n - 1.0) / n + spread(&means, mean(&means)),
    )
}

fn ratio(chains: &[Vec<f64>]) -> Option<f64> {
    let (within, whole) = variances(chains);
    (within > 0.0).then(|| (whole / within).sqrt())
}

/// Effective sample size with the initial monotone sequence of Geyer (1992).
fn effective(chains: &[Vec<f64>]) -> Option<f64> {
    let (within, whole) = variances(chains);
    let length = chains[0].len();
    let count = (chains.len() * length) as f64;
    if !(within > 0.0 && whole > 0.0) {
        return None;
    }
    let means: Vec<f64> = chains.iter().map(|chain| mean(chain)).collect();
    let covariance = |lag: usize| {
        let of = |(chain, m): (&Vec<f64>, &f64)| {
            let pairs = chain.iter().zip(&chain[lag..]);
            pairs.map(|(a, b)| (a - m) * (b - m)).sum::<f64>() / length as f64
        };
        chains.iter().zip(&means).map(of).sum::<f64>() / chains.len() as f64
    };
    // Variances of chains are by n, within is by n - 1: the estimate of Stan's reference manual.
    let bessel = length as f64 / (length as f64 - 1.0);
    let correlation = |lag: usize| match lag {
        0 => 1.0,
        _ => 1.0 - (within - bessel * covariance(lag)) / whole,
    };
    let (mut sum, mut least) = (0.0, f64::INFINITY);
    let mut lag = 0;
    while lag + 1 < length {
        let pair = correlation(lag) + correlation(lag + 1);
        if pair < 0.0 {
            break;
        }
        least = pair.min(least);
        sum += least;
        lag += 2;
    }
    // Chains that alternate are worth more than they have draws; the bound is that of Stan.
    let time = (2.0 * sum - 1.0).max(1.0 / libm::log10(count));
    Some(count / time)
}
