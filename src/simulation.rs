//! One simulation: a scenario, its model, and the path of every cell.

use serde::Serialize;

use crate::assembly::{AssemblyError, Model};
use crate::cancel::{CancelToken, Stopped};
use crate::instant;
use crate::organ::PoolKey;
use crate::scenario::{Label, Scenario};
use crate::solver::{Integrator, Options, SolverError, Statistics, Trajectory, integrate};
use crate::units::Time;

/// Why a scenario could not be simulated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// It could not be assembled.
    #[error(transparent)]
    Assembly(#[from] AssemblyError),
    /// It could not be integrated.
    #[error(transparent)]
    Solver(#[from] SolverError),
}

impl SimulationError {
    /// How far it came, if it was [cancelled](crate::cancel) and did not fail.
    #[must_use]
    pub const fn stopped(&self) -> Option<Stopped> {
        match self {
            Self::Solver(SolverError::Stopped(stopped)) => Some(*stopped),
            _ => None,
        }
    }
}

/// A finished simulation, with everything that went into it.
///
/// Look at it with `run.ledger(time)`, `run.viable(organ)`, `run.kinetics(place, states)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Scenario, body, parameters, network and atlas.
    pub model: Model,
    /// Amounts in every pool over time, cells.
    pub trajectory: Trajectory,
}

impl Scenario {
    /// Simulates with default tolerances.
    ///
    /// # Errors
    /// [`SimulationError`]: every fault of the scenario, or a failed integration.
    ///
    /// # Example
    /// ```
    /// use biodist::prelude::*;
    /// let run = Scenario::new(Host::mouse(25.g()))
    ///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
    ///     .until(1.days())
    ///     .simulate()?;
    /// let lung = run.viable(Organ::LUNG)?;
    /// assert!(lung.at_end() < 0.1 * 5e5);
    /// # Ok::<(), biodist::Error>(())
    /// ```
    pub fn simulate(&self) -> Result<Run, SimulationError> {
        self.simulate_with(&Options::default())
    }

    /// Simulates with tolerances and method of your own.
    ///
    /// # Errors
    /// As [`Self::simulate`].
    pub fn simulate_with(&self, options: &Options) -> Result<Run, SimulationError> {
        self.assemble()?.simulate(options)
    }

    /// As [`Self::simulate_with`], with a token that can end it on the way.
    ///
    /// # Errors
    /// As [`Self::simulate`]; [`SolverError::Stopped`].
    pub fn simulate_with_token(
        &self,
        options: &Options,
        token: &CancelToken,
    ) -> Result<Run, SimulationError> {
        self.assemble()?.simulate_with_token(options, token)
    }
}

impl Model {
    /// Integrates the model.
    ///
    /// # Errors
    /// [`SimulationError::Solver`] with the time reached, the pool and advice.
    pub fn simulate(&self, options: &Options) -> Result<Run, SimulationError> {
        let times = self.report_times();
        let trajectory = integrate(&self.network, &self.schedule, &times, options)?;
        Ok(Run {
            model: self.clone(),
            trajectory,
        })
    }

    /// As [`Self::simulate`], with a token that can end it on the way.
    ///
    /// # Errors
    /// As [`Self::simulate`]; [`SolverError::Stopped`] with the time reached.
    pub fn simulate_with_token(
        &self,
        options: &Options,
        token: &CancelToken,
    ) -> Result<Run, SimulationError> {
        let times = self.report_times();
        let mut integrator = Integrator::new(&self.network)?.with_token(token.clone());
        let trajectory = integrator.run(&self.network, &self.schedule, &times, options)?;
        Ok(Run {
            model: self.clone(),
            trajectory,
        })
    }

    /// The times that a run reports, h: those of the scenario, or a grid.
    #[must_use]
    pub fn report_times(&self) -> Vec<f64> {
        report_times(&self.scenario)
    }
}

/// What is needed to repeat a run and to read its numbers elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record<'a> {
    /// Name and version of the program.
    pub program: &'static str,
    /// What was asked.
    pub scenario: &'a Scenario,
    /// Tolerances and method.
    pub options: Options,
    /// Work done.
    pub statistics: Statistics,
    /// What the user should know.
    pub notes: &'a [String],
    /// Names of the products.
    pub products: &'a [String],
    /// Times, h.
    pub times: &'a [f64],
    /// Pools with their contents.
    pub pools: Vec<PoolRecord<'a>>,
}

/// One pool of a [`Record`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PoolRecord<'a> {
    /// Its name.
    pub name: &'a str,
    /// The label, if it holds that and not cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<&'a Label>,
    /// What it holds.
    #[serde(flatten)]
    pub key: &'a PoolKey,
    /// Cells at each time; of a label, that of so many freshly labelled cells, not decayed.
    pub amounts: Vec<f64>,
}

impl Run {
    /// The program that made the run.
    pub const PROGRAM: &'static str = concat!("biodist ", env!("CARGO_PKG_VERSION"));

    /// The run as plain data, for serde.
    #[must_use]
    pub fn record(&self) -> Record<'_> {
        let (model, trajectory) = (&self.model, &self.trajectory);
        let names = model.network.pools();
        let cells = model.atlas.keys().iter().enumerate();
        let cells = cells.map(|(index, key)| (index, key, None));
        let labels = model.atlas.labels().iter().flat_map(|pools| {
            let label = Some(&pools.label);
            pools.pools().map(move |(index, key)| (index, key, label))
        });
        Record {
            program: Self::PROGRAM,
            scenario: &model.scenario,
            options: trajectory.options(),
            statistics: trajectory.statistics(),
            notes: &model.notes,
            products: model.atlas.products(),
            times: trajectory.times(),
            pools: cells
                .chain(labels)
                .map(|(index, key, label)| PoolRecord {
                    name: &names[index],
                    label,
                    key,
                    amounts: trajectory.pool(index),
                })
                .collect(),
        }
    }

    /// The run as JSON, every digit kept.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(&self.record()).unwrap_or_default()
    }

    /// Amounts as CSV: `time_h` and one column a pool, every digit kept.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(vec![]);
        // Writing to memory cannot fail.
        let _ = writer.write_field("time_h");
        let _ = writer.write_record(self.model.network.pools());
        for (time, state) in self.trajectory.times().iter().zip(self.trajectory.states()) {
            let _ = writer.write_field(time.to_string());
            let _ = writer.write_record(state.iter().map(f64::to_string));
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

/// The times of a scenario, or a grid that is fine after every dose: from one second on, in
/// equal ratios.
fn report_times(scenario: &Scenario) -> Vec<f64> {
    let end = scenario.until.value();
    if !scenario.report.is_empty() {
        let mut times: Vec<f64> = scenario.report.iter().map(|time| time.value()).collect();
        // The run always goes to its end, so that no dose is left in its syringe.
        if times
            .last()
            .is_some_and(|last| !instant::reached(end, *last))
        {
            times.push(end);
        }
        return times;
    }
    let mut starts: Vec<f64> = scenario
        .doses
        .iter()
        .flat_map(crate::scenario::Dose::starts)
        .collect();
    starts.push(0.0);
    instant::distinct(&mut starts);
    let points = (2_400 / starts.len()).clamp(10, 200);
    let mut times = vec![];
    for (index, start) in starts.iter().enumerate() {
        let stop = starts.get(index + 1).copied().unwrap_or(end);
        times.push(*start);
        let span = stop - start;
        let second = Time::new(1.0 / 3600.0).value().min(0.1 * span);
        times.extend((0..points).map(|k| {
            let share = f64::from(k as u32) / points as f64;
            start + second * libm::pow(span / second, share)
        }));
    }
    times.push(end);
    times.retain(|time| *time <= end);
    instant::distinct(&mut times);
    times
}
