//! Readings: a run as an instrument sees it.

use std::fmt;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::Serialize;

use super::ObservationError;
use super::assay::{Assay, Decay};
use super::region::Region;
use crate::organ::quantile;
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
        let lens = self.model.lens(assay, &region)?;
        let mut noise = Noise::new(assay, &region);
        let mut values = vec![];
        for time in times {
            let state = self.trajectory.at(time.value())?;
            let faded = lens.faded(time.value());
            let unit = lens.unit(&self.model, time.value());
            let seen = lens.signal(&state) * faded * noise.factor(lens.noise);
            let corrected = match assay.decay {
                Decay::Corrected => faded,
                Decay::Raw => 1.0,
            };
            values.push(if seen > lens.limit {
                Value::Detected(seen / corrected * unit)
            } else {
                // When nothing is left at all, no amount could have been seen.
                let limit = match corrected > 0.0 && unit > 0.0 {
                    true => lens.limit / corrected * unit,
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
        let spread = libm::log1p(variation * variation).sqrt();
        // The middle of one of 2^53 equal intervals: never 0 or 1.
        let uniform = ((random.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        libm::exp(spread * quantile(uniform) - 0.5 * spread * spread)
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
