//! Draws from the posterior by the no-U-turn sampler.

use std::collections::HashMap;

use nuts_rs::{
    Chain, CpuLogpFunc, CpuMath, CpuMathError, DiagNutsSettings, HasDims, LogpError, Settings,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::Serialize;

use super::convergence::{ess_bulk, ess_tail, r_hat};
use super::tables::short;
use super::{Draws, Fit, FitError, Fitted};
use crate::cancel::Tally;
use crate::population::{Band, quantile};
use crate::report::TextTable;

/// How much is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampling {
    /// Chains, each from a point of its own; at least 2, so that they can disagree.
    pub chains: usize,
    /// Draws of each chain that only tune the sampler.
    pub warmup: usize,
    /// Draws of each chain that are kept; at least 4.
    pub draws: usize,
    /// Seed: the same one gives the same draws.
    pub seed: u64,
}

impl Default for Sampling {
    /// Four chains of 500 draws after 500 of warm-up.
    fn default() -> Self {
        Self {
            chains: 4,
            warmup: 500,
            draws: 500,
            seed: 1,
        }
    }
}

/// One number, sampled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampledNumber {
    /// Its id.
    pub id: String,
    /// Species of its row; empty for all.
    pub species: String,
    /// Median, in the unit of the registry.
    pub median: f64,
    /// Lower end of the interval of 95 %.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Split R-hat of the ranks: above 1.01 the chains have not met.
    pub r_hat: f64,
    /// Independent draws that the middle is worth.
    pub ess_bulk: f64,
    /// Independent draws that the ends are worth.
    pub ess_tail: f64,
}

/// Draws from the posterior, and whether to believe them.
#[derive(Debug, Clone)]
pub struct Sampled {
    /// The numbers.
    pub numbers: Vec<SampledNumber>,
    /// All draws, chain after chain.
    pub draws: Draws,
    /// Draws that left the region that the sampler can follow; any is a reason for doubt.
    pub divergent: usize,
}

impl Sampled {
    /// The numbers with their intervals and whether to believe them.
    #[must_use]
    pub fn table(&self) -> TextTable {
        let heads = ["number", "median", "95 %", "R-hat", "ESS bulk", "ESS tail"];
        let mut table = TextTable::new(heads);
        for n in &self.numbers {
            table.row([
                n.id.clone(),
                short(n.median),
                format!("{} to {}", short(n.low), short(n.high)),
                format!("{:.3}", n.r_hat),
                format!("{:.0}", n.ess_bulk),
                format!("{:.0}", n.ess_tail),
            ]);
        }
        table
    }

    /// Whether chains have met (R-hat at most 1.01), every number is worth 100 draws a chain at least
    /// (Vehtari 2021), and nothing diverged.
    #[must_use]
    pub fn is_reliable(&self, sampling: &Sampling) -> bool {
        let enough = 100.0 * sampling.chains as f64;
        let good =
            |n: &SampledNumber| n.r_hat <= 1.01 && n.ess_bulk >= enough && n.ess_tail >= enough;
        self.divergent == 0 && self.numbers.iter().all(good)
    }
}

impl Fit {
    /// Samples the posterior: chains begin about what a search found.
    ///
    /// # Errors
    /// [`FitError::BadNumber`] for too few chains or draws; [`FitError::Unbounded`] when a number has no
    /// prior; [`FitError::Stopped`]; [`FitError::Sampler`] with the words of the sampler.
    ///
    /// # Example
    /// ```
    /// use biodist::evidence::{Split, published};
    /// use biodist::fit::{Fit, Sampling, Unknown};
    ///
    /// let mut spheres = published()?.only(Split::Calibration);
    /// spheres.retain(|experiment| experiment.source == "lung_microspheres_1961");
    /// let sieve = ["lung.sieve_diameter", "lung.sieve_spread"];
    /// let fit = Fit::new(spheres, sieve.map(Unknown::new).into())?;
    /// let found = fit.search(1, 1)?;
    /// let sampled = fit.sample(&found, &Sampling::default())?;
    /// assert!(sampled.numbers.iter().all(|number| number.r_hat < 1.05));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sample(&self, found: &Fitted, sampling: &Sampling) -> Result<Sampled, FitError> {
        let least = [
            ("chains", sampling.chains, 2, "at least 2"),
            ("warmup", sampling.warmup, 20, "at least 20"),
            ("draws", sampling.draws, 4, "at least 4"),
            (
                "draws of all chains",
                sampling.chains.saturating_mul(sampling.draws),
                Band::LEAST_DRAWS,
                "at least 40 for a 95 % interval",
            ),
        ];
        if let Some((field, value, _, allowed)) = least.iter().find(|(_, v, l, _)| v < l) {
            return Err(FitError::BadNumber {
                field,
                value: *value as f64,
                allowed,
            });
        }
        if let Some(free) = self.priors.iter().position(|counts| !counts) {
            return Err(FitError::Unbounded {
                id: self.unknowns[free].id.clone(),
            });
        }
        let starts = self.draws_about(found, sampling.chains, sampling.seed)?;
        let all = sampling.chains * (sampling.warmup + sampling.draws);
        let tally = Tally::new(self.token.as_ref(), all, "draws");
        let fit = self.like(found);
        let one = |(chain, start): (usize, &Vec<f64>)| fit.chain(chain, start, sampling, &tally);
        #[cfg(feature = "parallel")]
        let chains: Result<Vec<_>, FitError> = {
            use rayon::prelude::*;
            starts.scores().par_iter().enumerate().map(one).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let chains: Result<Vec<_>, FitError> =
            starts.scores().iter().enumerate().map(one).collect();
        let (chains, divergent): (Vec<Vec<Vec<f64>>>, Vec<usize>) = chains?.into_iter().unzip();
        let numbers = (0..self.unknowns.len()).map(|k| self.number(k, &chains));
        Ok(Sampled {
            numbers: numbers.collect(),
            divergent: divergent.iter().sum(),
            draws: Draws {
                fit,
                scores: chains.concat(),
            },
        })
    }

    /// Draws of one chain, and how many of them diverged.
    fn chain(
        &self,
        number: usize,
        start: &[f64],
        sampling: &Sampling,
        tally: &Tally<'_>,
    ) -> Result<(Vec<Vec<f64>>, usize), FitError> {
        let settings = DiagNutsSettings {
            num_tune: sampling.warmup as u64,
            num_draws: sampling.draws as u64,
            maxdepth: 8,
            ..DiagNutsSettings::default()
        };
        // A stream of its own for each chain.
        let mut random = ChaCha8Rng::seed_from_u64(sampling.seed);
        random.set_stream(number as u64);
        let math = CpuMath::new(Density(self));
        let fail = |reason: String| match tally.check() {
            Ok(()) => FitError::Sampler { reason },
            Err(stopped) => stopped.into(),
        };
        let mut chain = settings
            .new_chain(number as u64, math, &mut random)
            .map_err(|error| fail(error.to_string()))?;
        chain
            .set_position(start)
            .map_err(|error| fail(error.to_string()))?;
        let (mut draws, mut divergent) = (vec![], 0);
        for draw in 0..sampling.warmup + sampling.draws {
            tally.check()?;
            let (position, told) = chain.draw().map_err(|error| fail(error.to_string()))?;
            tally.count();
            if draw >= sampling.warmup {
                draws.push(position.to_vec());
                divergent += usize::from(told.diverging);
            }
        }
        Ok((draws, divergent))
    }

    fn number(&self, k: usize, chains: &[Vec<Vec<f64>>]) -> SampledNumber {
        let of = |chain: &Vec<Vec<f64>>| chain.iter().map(|draw| draw[k]).collect();
        let scores: Vec<Vec<f64>> = chains.iter().map(of).collect();
        let mut sorted = scores.concat();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| self.value(k, quantile(&sorted, share));
        let unknown = &self.unknowns[k];
        // A chain that never moved has no spread: it has not met any other, and is worth one draw.
        SampledNumber {
            id: unknown.id.clone(),
            species: unknown.species.clone().unwrap_or_default(),
            median: at(0.5),
            low: at(0.025),
            high: at(0.975),
            r_hat: r_hat(&scores).unwrap_or(f64::INFINITY),
            ess_bulk: ess_bulk(&scores).unwrap_or(1.0),
            ess_tail: ess_tail(&scores).unwrap_or(1.0),
        }
    }
}

/// The posterior as the sampler asks for it.
struct Density<'a>(&'a Fit);

/// A place where the model cannot be run: the sampler turns back there.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct Nowhere(#[from] FitError);

impl LogpError for Nowhere {
    fn is_recoverable(&self) -> bool {
        !matches!(self.0, FitError::Stopped(_))
    }
}

impl HasDims for Density<'_> {
    fn dim_sizes(&self) -> HashMap<String, u64> {
        HashMap::from([("unconstrained_parameter".to_string(), self.dim() as u64)])
    }
}

impl CpuLogpFunc for Density<'_> {
    type LogpError = Nowhere;
    type ExpandedVector = Vec<f64>;
    type FlowParameters = ();

    fn dim(&self) -> usize {
        self.0.unknowns.len()
    }

    fn logp(&mut self, position: &[f64], gradient: &mut [f64]) -> Result<f64, Nowhere> {
        let found = self.0.posterior(position)?;
        gradient.copy_from_slice(&found.gradient);
        Ok(found.log)
    }

    fn expand_vector<R: nuts_rs::rand::Rng + ?Sized>(
        &mut self,
        _: &mut R,
        position: &[f64],
    ) -> Result<Vec<f64>, CpuMathError> {
        Ok(position.to_vec())
    }
}
