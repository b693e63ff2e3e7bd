//! How much work one question may ask for.

use std::num::NonZeroUsize;
use std::time::Duration;

use crate::scenario::{Fault, Scenario, ScenarioError};
use crate::solver::Options;

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
    /// Steps of the integrator.
    pub steps: usize,
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
            steps: 20_000,
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
        ];
        let counts = counts.map(|(field, count, most)| (field, count as f64, most as f64));
        let others = [
            ("until (h)", scenario.until.value(), self.horizon),
            (
                "doses",
                doses.sum::<u64>() as f64,
                self.administrations as f64,
            ),
        ];
        let all = counts.into_iter().chain(others);
        let faults: Vec<Fault> = all
            .filter(|(_, value, most)| value > most)
            .map(|(field, value, most)| Fault {
                field: field.to_string(),
                value: value.to_string(),
                allowed: format!("must be at most {most} on this page"),
            })
            .collect();
        match faults.is_empty() {
            true => Ok(()),
            false => Err(ScenarioError::Invalid { faults }),
        }
    }

    /// What the integrator is told.
    pub(super) fn options(&self) -> Options {
        Options {
            max_steps: self.steps,
            ..Options::default()
        }
    }
}
