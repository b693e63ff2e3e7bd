//! Readings: a run as an instrument sees it.

use std::f64::consts::LN_2;
use std::fmt;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::Serialize;

use super::ObservationError;
use super::assay::{Assay, Decay, ReadingUnit};
use super::region::Region;
use crate::organ::{PoolKey, State, quantile};
use crate::simulation::Run;
use crate::units::Time;

/// One value, or that there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Above the limit of the instrument, in the unit of the reading.
    Detected(f64),
    /// Below it: not zero, but less than this.
    NotDetected {
        /// The limit, in the unit of the reading.
        limit: f64,
    },
}

impl Value {
    /// The value, if there is one.
    #[must_use]
    pub const fn detected(self) -> Option<f64> {
        match self {
            Self::Detected(value) => Some(value),
            Self::NotDetected { .. } => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Detected(value) => format!("{value:.3e}"),
            Self::NotDetected { limit } => format!("< {limit:.1e}"),
        };
        f.pad(&text)
    }
}

/// What an instrument reads in one region over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reading {
    /// The instrument with its label.
    pub assay: Assay,
    /// Where.
    pub region: Region,
    /// When, h.
    pub times: Vec<f64>,
    /// What is read, in `assay.unit`.
    pub values: Vec<Value>,
}

/// The numbers of the instrument and its label, looked up once.
struct Scale {
    /// Signal of living cells, remains in place, in phagocytes, and of free label.
    weights: [f64; 4],
    decay: f64,
    /// The unit in cells.
    unit: f64,
    /// The limit in cells.
    limit: f64,
    noise: f64,
}

impl Run {
    /// Reads a region with an instrument at some times.
    ///
    /// # Errors
    /// [`ObservationError`]: an instrument, a label, a unit or a place that does not fit, a label
    /// that the scenario does not carry, a time outside the run.
    ///
    /// # Example
    /// ```
    /// use biodist::observation::{Assay, ReadingUnit};
    /// use biodist::prelude::*;
    /// let run = Scenario::new(Host::mouse(20.g()))
    ///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
    ///     .labelled(Label::chromium_51())
    ///     .simulate()?;
    /// let counter = Assay::gamma_counter(Label::chromium_51()).in_unit(ReadingUnit::PercentDose);
    /// let lung = run.read(&counter, Organ::LUNG, &[1.hours(), 24.hours()])?;
    /// assert!(lung.values[0].detected().unwrap() > lung.values[1].detected().unwrap());
    /// # Ok::<(), biodist::Error>(())
    /// ```
    pub fn read(
        &self,
        assay: &Assay,
        region: impl Into<Region>,
        times: &[Time],
    ) -> Result<Reading, ObservationError> {
        let region = region.into();
        assay.check(&self.model.parameters)?;
        self.check_region(&region)?;
        let pools = self.read_pools(assay)?;
        let scale = self.scale(assay, &region)?;
        let mut noise = Noise::new(assay, &region);
        let mut values = vec![];
        for time in times {
            let state = self.trajectory.at(time.value())?;
            let mut signal = 0.0;
            for (pool, key) in &pools {
                let share = self.share(&region, key, assay.rinsed);
                signal += weight(&scale.weights, key.state) * share * state[*pool];
            }
            let faded = (-scale.decay * time.value()).exp();
            let seen = signal * faded * noise.factor(scale.noise);
            let corrected = match assay.decay {
                Decay::Corrected => faded,
                Decay::Raw => 1.0,
            };
            values.push(if seen > scale.limit {
                Value::Detected(seen / corrected * scale.unit)
            } else {
                // When nothing is left at all, no amount could have been seen.
                let limit = match corrected > 0.0 {
                    true => scale.limit / corrected * scale.unit,
                    false => f64::INFINITY,
                };
                Value::NotDetected { limit }
            });
        }
        Ok(Reading {
            assay: assay.clone(),
            region,
            times: times.iter().map(|time| time.value()).collect(),
            values,
        })
    }

    /// The pools that the instrument sees: those of its label, or the cells themselves.
    fn read_pools(&self, assay: &Assay) -> Result<Vec<(usize, &PoolKey)>, ObservationError> {
        let atlas = &self.model.atlas;
        let Some(label) = &assay.label else {
            return Ok(atlas.keys().iter().enumerate().collect());
        };
        match atlas.labels().iter().find(|pools| pools.label == *label) {
            Some(pools) => Ok(pools.pools().collect()),
            None => Err(ObservationError::NotLabelled {
                label: label.name().to_string(),
            }),
        }
    }

    fn scale(&self, assay: &Assay, region: &Region) -> Result<Scale, ObservationError> {
        let parameters = &self.model.parameters;
        let number = |name| assay.number(parameters, name);
        let label = |name, absent| assay.of_label(parameters, name, absent);
        let grams = self.grams(region);
        let known = |grams: Option<f64>| {
            grams.ok_or_else(|| ObservationError::NoMass {
                region: region.to_string(),
            })
        };
        let dose = self.model.total_dose();
        let becquerel = label("activity", 0.0)? * label("efficiency", 1.0)?;
        let mut unit = match assay.unit {
            ReadingUnit::Cells | ReadingUnit::CellsPerGram => 1.0,
            ReadingUnit::PercentDose | ReadingUnit::PercentDosePerGram => 100.0 / dose,
            ReadingUnit::Becquerel => becquerel,
            ReadingUnit::CountsPerMinute => 60.0 * becquerel * number("yield")?,
            ReadingUnit::CopiesPerMicrogram => label("copies", 0.0)? / number("host_dna")?,
            ReadingUnit::CellsRecovered => number("yield")?,
        };
        if assay.unit.is_per_gram() {
            unit /= known(grams)?;
        }
        let share = number("limit_share")?;
        let mut limit = number("limit")?;
        if share > 0.0 {
            limit += share * number("host_cells")? * known(grams)?;
        }
        if assay.label.is_none() {
            // So many living cells must be there for the limit to be found.
            limit /= number("yield")?;
        }
        Ok(Scale {
            weights: [
                label("counts_viable", 1.0)?,
                label("counts_debris", 0.0)?,
                label("counts_ingested", 0.0)?,
                label("counts_free", 0.0)?,
            ],
            decay: LN_2 / label("half_life", f64::INFINITY)?,
            unit,
            limit,
            noise: number("noise")?,
        })
    }
}

/// The signal of the contents of a pool, by their state.
fn weight(weights: &[f64; 4], state: State) -> f64 {
    let [viable, debris, ingested, free] = *weights;
    match state {
        State::Debris => debris,
        State::Ingested => ingested,
        State::Free => free,
        state if state.is_viable() => viable,
        _ => 0.0,
    }
}

/// Lognormal noise, the same for the same seed, instrument and region.
struct Noise(Option<ChaCha8Rng>);

impl Noise {
    fn new(assay: &Assay, region: &Region) -> Self {
        let named = |seed: u64| {
            // FNV-1a, so that each instrument and region has its own noise.
            let name = format!("{assay} {region}");
            name.bytes()
                .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
                })
        };
        Self(
            assay
                .seed
                .map(|seed| ChaCha8Rng::seed_from_u64(named(seed))),
        )
    }

    /// A factor with mean 1 and this coefficient of variation.
    fn factor(&mut self, variation: f64) -> f64 {
        let Some(random) = &mut self.0 else {
            return 1.0;
        };
        let spread = (variation * variation).ln_1p().sqrt();
        // The middle of one of 2^53 equal intervals: never 0 or 1.
        let uniform = ((random.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        (spread * quantile(uniform) - 0.5 * spread * spread).exp()
    }
}

impl fmt::Display for Reading {
    /// A header and two columns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} in {}, {}", self.assay, self.region, self.assay.unit)?;
        for (time, value) in self.times.iter().zip(&self.values) {
            writeln!(f, "{:>10}  {value}", Time::new(*time).to_string())?;
        }
        Ok(())
    }
}
