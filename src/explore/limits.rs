//! How much work one question may ask for.

use std::num::NonZeroUsize;
use std::time::Duration;

use crate::data::Parameters;
use crate::scenario::{Fault, Scenario, ScenarioError};
use crate::solver::Options;
use crate::units::Mass;

/// Bounds of one question and of all at once, so that no input keeps the machine busy.
///
/// ```
/// use biodist::explore::Limits;
/// let strict = Limits { horizon: 240.0, ..Limits::default() };
/// assert!(strict.horizon < Limits::default().horizon);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Bytes of one question.
    pub bytes: usize,
    /// The longest time that cells are followed, h.
    pub horizon: f64,
    /// Administrations, repetitions included.
    pub administrations: u64,
    /// Classes of size.
    pub size_classes: usize,
    /// Labels.
    pub labels: usize,
    /// Extra organs.
    pub organs: usize,
    /// Conditions of the host.
    pub conditions: usize,
    /// Changes of parameters in time.
    pub changes: usize,
    /// Parameters that differ from the tables.
    pub parameters: usize,
    /// Times to report.
    pub report: usize,
    /// Kinds of cells that are followed apart: distinct products (also by preparation, viability or size) times classes
    /// of size, once more for each label.
    pub strands: usize,
    /// Times at which numbers change, by conditions and by changes, times `strands`: each asks for a network of its own.
    pub switches: usize,
    /// Steps of the integrator.
    pub steps: usize,
    /// Pools of the network.
    pub pools: usize,
    /// Steps times pools: what a simulation costs in time and in memory (a million: about half a second and 50 MB).
    pub work: usize,
    /// How long a simulation may take.
    pub computing: Duration,
    /// Cells in all.
    pub cells: f64,
    /// How many times heavier or lighter than the animal of the tables a host may be.
    pub weight: f64,
    /// Connections at once.
    pub connections: usize,
    /// How long the head of a request may take to arrive; a connection that asks for nothing is closed after as long.
    pub head: Duration,
    /// After so long a connection is closed when its last answer is given, and after twice as long in any case.
    pub life: Duration,
    /// After so long a silence a connection is closed.
    pub silence: Duration,
    /// Simulations at once.
    pub simultaneous: NonZeroUsize,
    /// How long a question may arrive, and then wait for its turn.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 * 1024,
            horizon: 2.0 * 365.0 * 24.0,
            administrations: 100,
            size_classes: 8,
            labels: 4,
            organs: 8,
            conditions: 16,
            changes: 32,
            parameters: 1_000,
            report: 120,
            strands: 40,
            switches: 400,
            steps: 20_000,
            pools: 6_000,
            work: 4_000_000,
            computing: Duration::from_secs(30),
            cells: 1e13,
            weight: 10.0,
            connections: 128,
            head: Duration::from_secs(5),
            life: Duration::from_secs(60),
            silence: Duration::from_secs(30),
            simultaneous: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            patience: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// Refuses a scenario that asks for too much, before anything is computed.
    pub(super) fn check(&self, scenario: &Scenario) -> Result<(), ScenarioError> {
        let repeats = scenario.doses.iter().map(|dose| dose.repeat);
        let doses = repeats.map(|repeat| repeat.map_or(1, |repeat| u64::from(repeat.times)));
        let labels = 1 + scenario.labels.len();
        let strands = scenario
            .products()
            .len()
            .saturating_mul(scenario.size_classes)
            .saturating_mul(labels);
        let counts = [
            ("size_classes", scenario.size_classes, self.size_classes),
            ("labels", scenario.labels.len(), self.labels),
            ("host.organs", scenario.host.organs.len(), self.organs),
            (
                "host.conditions",
                scenario.host.conditions.len(),
                self.conditions,
            ),
            ("changes", scenario.changes.len(), self.changes),
            ("parameters", scenario.parameters.len(), self.parameters),
            ("report", scenario.report.len(), self.report),
            (
                "distinct products x size_classes x (1 + labels)",
                strands,
                self.strands,
            ),
        ];
        let counts = counts.map(|(field, count, most)| (field, count as f64, most as f64));
        let others = [
            (
                "until (d)",
                scenario.until.value() / 24.0,
                self.horizon / 24.0,
            ),
            (
                "doses",
                doses.sum::<u64>() as f64,
                self.administrations as f64,
            ),
        ];
        let all = counts.into_iter().chain(others);
        let faults = all.filter_map(|(field, value, most)| fault(field, value, most));
        refused(faults)?;
        self.check_sizes(scenario)?;
        // The counts above bound the work of finding these. A scenario at fault has none, and is told so later.
        let switches = scenario.switch_times().map_or(0, |times| times.len());
        refused(fault(
            "changes of numbers in time x strands",
            (switches * strands) as f64,
            self.switches as f64,
        ))
    }

    /// Refuses what no animal is, and more cells than it has.
    fn check_sizes(&self, scenario: &Scenario) -> Result<(), ScenarioError> {
        let Ok(tables) = Parameters::for_host(scenario.host.species.name(), None) else {
            // A species that nobody knows: the scenario is told so with all its faults.
            return Ok(());
        };
        let usual = tables.get("body", "reference_weight")?;
        let weight = scenario.host.weight.map_or(usual, Mass::value);
        let mut faults = vec![];
        if !(usual / self.weight..=usual * self.weight).contains(&weight) {
            faults.push(Fault {
                field: "host.weight (g)".to_string(),
                value: weight.to_string(),
                allowed: format!(
                    "must be {} to {} g on this page; the tables have {usual} g",
                    usual / self.weight,
                    usual * self.weight
                ),
            });
        }
        for (index, dose) in scenario.doses.iter().enumerate() {
            let field = format!("doses[{index}].amount (cells)");
            faults.extend(fault(&field, dose.cells(weight), self.cells));
        }
        refused(faults)
    }

    /// Refuses a network with too many pools before it is analysed.
    pub(super) fn check_pools(&self, pools: usize) -> Result<(), ScenarioError> {
        refused(fault("pools", pools as f64, self.pools as f64))
    }

    /// What the integrator is told about a network of so many pools.
    pub(super) fn options(&self, pools: usize) -> Options {
        Options {
            max_steps: self.steps.min(self.work / pools.max(1)).max(1),
            ..Options::default()
        }
    }
}

/// What is greater than it may be.
fn fault(field: &str, value: f64, most: f64) -> Option<Fault> {
    (value > most).then(|| Fault {
        field: field.to_string(),
        value: value.to_string(),
        allowed: format!("must be at most {most} on this page"),
    })
}

fn refused(faults: impl IntoIterator<Item = Fault>) -> Result<(), ScenarioError> {
    let faults: Vec<Fault> = faults.into_iter().collect();
    match faults.is_empty() {
        true => Ok(()),
        false => Err(ScenarioError::Invalid { faults }),
    }
}
