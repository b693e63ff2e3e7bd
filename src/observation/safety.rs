//! How much of the pulmonary bed the cells block.
//!
//! Cells that lodge at random among `N` places block the share `1 - exp(-L/N)` of them, and with flow
//! through the rest alone the resistance of the bed rises by the factor `1 / (1 - share)`. Living and
//! dead cells in the lung block alike until they are released or washed off.
//!
//! `N` is `lung.obstruction_capacity` per gram. It was read from one experiment in mice and is uncertain
//! by a factor of three either way; clotting, which kills as well, is not in it. The intervals here
//! carry that uncertainty and no other. Not for deciding on a dose.

use std::fmt;

use serde::Serialize;

use super::ObservationError;
use crate::instant;
use crate::organ::{Place, State, cumulative, quantile};
use crate::physiology::Organ;
use crate::simulation::Run;
use crate::units::Time;

/// The load of the pulmonary bed over a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Obstruction {
    /// Reported times, h.
    pub times: Vec<f64>,
    /// Cells in the vessels of the lung that block, living and dead.
    pub load: Vec<f64>,
    /// Blocked share of the bed, 0 to 1.
    pub blocked: Vec<f64>,
    /// The same at the ends of the interval of 95 % of the capacity.
    pub interval: Vec<[f64; 2]>,
    /// Probability, from the uncertainty of the capacity alone, that more than `lethal` was blocked at
    /// some time.
    pub chance_of_lethal: f64,
    /// Blocked share that kills a healthy host.
    pub lethal: f64,
    /// Cells per place of the bed where most is blocked.
    #[serde(skip)]
    filled: f64,
}

impl Run {
    /// How much of the pulmonary bed was blocked at the reported times.
    ///
    /// # Errors
    /// [`ObservationError::Data`] from the registry.
    ///
    /// # Example
    /// ```
    /// use biodist::prelude::*;
    /// let run = Scenario::new(Host::human(73.kg()))
    ///     .dose(Dose::new(100e6.cells(), Product::bone_marrow_msc()).over(10.minutes()))
    ///     .simulate()?;
    /// let lung = run.lung_obstruction()?;
    /// assert!(lung.peak() < 0.05 && lung.resistance_at_peak() > 1.0);
    /// # Ok::<(), biodist::Error>(())
    /// ```
    pub fn lung_obstruction(&self) -> Result<Obstruction, ObservationError> {
        let lung = Place::Organ(Organ::LUNG);
        let load = self.course(
            "lung, lodged and dead".to_string(),
            &self.pools_in(&lung, &[State::Lodged, State::Debris])?,
        );
        let capacities = self.capacities()?;
        let gsd = self
            .model
            .parameters
            .quantity("lung", "obstruction_capacity")?
            .gsd;
        let far = libm::pow(gsd, quantile(0.975));
        let lethal = self.model.parameters.get("lung", "lethal_obstruction")?;
        // Cells per place at which the lethal share is blocked.
        let deadly = -libm::log1p(-lethal);
        let (mut blocked, mut interval, mut worst) = (vec![], vec![], 0.0_f64);
        for (time, cells) in load.times.iter().zip(&load.cells) {
            let begun = |from: f64| instant::reached(from, *time);
            let before = capacities.iter().rev().find(|(from, _)| begun(*from));
            let filled = cells / before.map_or(f64::INFINITY, |(_, capacity)| *capacity);
            blocked.push(share(filled));
            interval.push([share(filled / far), share(filled * far)]);
            worst = worst.max(filled);
        }
        Ok(Obstruction {
            times: load.times,
            load: load.cells,
            blocked,
            interval,
            chance_of_lethal: chance(worst / deadly, gsd),
            lethal,
            filled: worst,
        })
    }

    /// The places in the bed that cells can block, from each time on.
    fn capacities(&self) -> Result<Vec<(f64, f64)>, ObservationError> {
        let scenario = &self.model.scenario;
        let mass = self.model.body.tissue(&Organ::LUNG).map_or(0.0, |t| t.mass);
        let times = scenario.switch_times().unwrap_or_default();
        let mut capacities = vec![];
        for time in std::iter::once(0.0).chain(times) {
            // What was assembled has been checked at all these times.
            if let Ok(parameters) = scenario.parameters_at(time) {
                let capacity = parameters.get("lung", "obstruction_capacity")?;
                capacities.push((time, mass * capacity));
            }
        }
        Ok(capacities)
    }
}

/// Blocked share of a bed with so many cells a place.
fn share(filled: f64) -> f64 {
    // Noise of the solver may stand a hair below zero.
    0.0 - libm::expm1(-filled.max(0.0))
}

/// Probability that the true ratio to the lethal load is above 1.
fn chance(ratio: f64, gsd: f64) -> f64 {
    if ratio <= 0.0 {
        0.0
    } else if gsd > 1.0 {
        cumulative(libm::log(ratio) / libm::log(gsd))
    } else if ratio > 1.0 {
        1.0
    } else {
        0.0
    }
}

impl Obstruction {
    /// Number of the reported time at which most is blocked.
    fn worst(&self) -> usize {
        let order = |a: &usize, b: &usize| self.blocked[*a].total_cmp(&self.blocked[*b]);
        (0..self.blocked.len()).max_by(order).unwrap_or(0)
    }

    /// The greatest blocked share, 0 to 1.
    #[must_use]
    pub fn peak(&self) -> f64 {
        self.blocked.get(self.worst()).copied().unwrap_or(0.0)
    }

    /// Its interval of 95 %.
    #[must_use]
    pub fn peak_interval(&self) -> [f64; 2] {
        let found = self.interval.get(self.worst());
        found.copied().unwrap_or([0.0, 0.0])
    }

    /// When most is blocked.
    #[must_use]
    pub fn time_of_peak(&self) -> Time {
        let found = self.times.get(self.worst());
        Time::new(found.copied().unwrap_or(0.0))
    }

    /// Resistance of the pulmonary bed at that time, relative to the unblocked one. Infinite above 709 cells per
    /// place, where no number can hold it.
    #[must_use]
    pub fn resistance_at_peak(&self) -> f64 {
        // The open share is exp(-filled), also where the blocked share rounds to 1.
        libm::exp(self.filled)
    }
}

/// A time as people write it: the reported times are not finer.
fn three_digits(time: Time) -> String {
    let text = time.to_string();
    let rounded = text.split_once(' ').and_then(|(number, unit)| {
        let number: f64 = number.parse().ok()?;
        let rounded: f64 = format!("{number:.2e}").parse().ok()?;
        Some(format!("{rounded} {unit}"))
    });
    rounded.unwrap_or(text)
}

impl fmt::Display for Obstruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| two_digits(100.0 * share);
        let [low, high] = self.peak_interval();
        write!(
            f,
            "pulmonary bed: {} % blocked at most (95 %: {} to {} %), at {}; resistance x {:.2}; {} % chance of more than \
             {} %",
            percent(self.peak()),
            percent(low),
            percent(high),
            three_digits(self.time_of_peak()),
            self.resistance_at_peak(),
            percent(self.chance_of_lethal),
            percent(self.lethal),
        )
    }
}

/// What a number that is uncertain by a factor of three has of digits.
fn two_digits(value: f64) -> String {
    let rounded: f64 = format!("{value:.1e}").parse().unwrap_or(value);
    match rounded {
        rounded if rounded > 0.0 && rounded < 0.01 => "< 0.01".to_string(),
        rounded => rounded.to_string(),
    }
}
