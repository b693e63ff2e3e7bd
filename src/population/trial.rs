//! Subjects run side by side on one network.

use std::ops::Range;

use super::{Cohort, PopulationError};
use crate::assembly::Model;
use crate::cancel::Tally;
use crate::network::Network;
use crate::observation::ObservationError;
use crate::simulation::{Run, SimulationError};
use crate::solver::{Ensemble, Keep, Options, Subject};

/// Subjects assembled at a time by one thread: enough to fill eight lanes many times over, few enough to
/// share the work.
const SHARD: usize = 128;

type Answer = Result<Vec<f64>, PopulationError>;

impl Cohort {
    /// Runs the first `count` subjects and looks at each: one row of answers a subject, in their order.
    ///
    /// All subjects share one network, so that eight are integrated side by side (see
    /// [`Ensemble`]); a run has the reported times of the scenario and nothing between them. With the
    /// feature `parallel`, on all threads, with the same answers.
    ///
    /// # Errors
    /// [`PopulationError`] of the first subject that fails; [`PopulationError::Stopped`].
    ///
    /// # Example
    /// ```
    /// use biodist::population::{Cohort, bands};
    /// use biodist::prelude::*;
    ///
    /// let scenario = Scenario::new(Host::mouse(25.g()))
    ///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
    ///     .report_at([24.hours()])
    ///     .until(1.days());
    /// let mice = Cohort::of(&scenario, 1)?;
    /// let answers = mice.run(40, |run| Ok(vec![run.ledger(24.hours())?.viable(Organ::LUNG)]))?;
    /// let alive = bands(&answers)?[0]; // how mice differ
    /// assert!(alive.low < alive.middle && alive.middle < alive.high);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run(
        &self,
        count: usize,
        look: impl Fn(&Run) -> Result<Vec<f64>, ObservationError> + Sync,
    ) -> Result<Vec<Vec<f64>>, PopulationError> {
        if count == 0 {
            return Ok(vec![]);
        }
        let reference = self.model(0)?;
        let times = reference.report_times();
        let ensemble = Ensemble::new(
            &reference.network,
            &reference.schedule,
            &times,
            &self.options,
        );
        let ensemble = ensemble.map_err(|error| failed(0, error.into()))?;
        let tally = Tally::new(self.token.as_ref(), count, "subjects");
        let ensemble = match tally.token() {
            Some(token) => ensemble.with_token(token),
            None => ensemble,
        };
        let shards = count.div_ceil(SHARD);
        let shard = |number: usize| {
            let range = number * SHARD..((number + 1) * SHARD).min(count);
            self.shard((&ensemble, &tally), &reference.network, range, &look)
        };
        #[cfg(feature = "parallel")]
        let answers: Vec<Vec<Answer>> = {
            use rayon::prelude::*;
            (0..shards).into_par_iter().map(shard).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let answers: Vec<Vec<Answer>> = (0..shards).map(shard).collect();
        answers.into_iter().flatten().collect()
    }

    /// The assembled scenario of one subject.
    fn model(&self, number: usize) -> Result<Model, PopulationError> {
        let assembled = self.subject(number)?.assemble();
        assembled.map_err(|error| failed(number, error.into()))
    }

    /// Some subjects, on one thread.
    fn shard(
        &self,
        (ensemble, tally): (&Ensemble<'_>, &Tally<'_>),
        network: &Network,
        range: Range<usize>,
        look: &impl Fn(&Run) -> Result<Vec<f64>, ObservationError>,
    ) -> Vec<Answer> {
        let look = |draw: usize, run: &Run| {
            let answer = look(run);
            tally.count();
            answer.map_err(|source| PopulationError::Observation { draw, source })
        };
        let failed = |draw: usize, source: SimulationError| match source.stopped() {
            Some(stopped) => tally.stopped(stopped).into(),
            None => failed(draw, source),
        };
        let part = tally.token();
        let mut answers: Vec<Answer> = range.clone().map(|_| Ok(vec![])).collect();
        let mut alike = vec![];
        for (answer, number) in answers.iter_mut().zip(range.clone()) {
            if let Err(stopped) = tally.check() {
                *answer = Err(stopped.into());
                continue;
            }
            match self.model(number) {
                Ok(model) if same_shape(&model.network, network) => alike.push((number, model)),
                Ok(model) => {
                    let run = match &part {
                        Some(token) => model.simulate_with_token(&self.options, token),
                        None => model.simulate(&self.options),
                    };
                    let run = run.map_err(|error| failed(number, error));
                    *answer = run.and_then(|run| look(number, &run));
                }
                Err(error) => *answer = Err(error),
            }
        }
        let subjects: Vec<Subject> = alike.iter().map(|(_, model)| subject(model)).collect();
        let mut alike: Vec<_> = alike.into_iter().map(Some).collect();
        ensemble.run(subjects, |place, outcome| {
            let Some((number, model)) = alike[place].take() else {
                return;
            };
            let outcome = outcome.map(|outcome| {
                let total = model.network.initial().iter().sum();
                Run {
                    trajectory: ensemble.trajectory(outcome, total),
                    model,
                }
            });
            let run = outcome.map_err(|error| failed(number, error.into()));
            answers[number - range.start] = run.and_then(|run| look(number, &run));
        });
        answers
    }
}

const fn failed(draw: usize, source: SimulationError) -> PopulationError {
    PopulationError::Simulation { draw, source }
}

/// Tolerances of [`Cohort::run`] unless said otherwise.
pub(super) fn default_options() -> Options {
    Options {
        keep: Keep::Outputs,
        ..Options::with_rtol(1e-4)
    }
}

/// Whether two networks differ in numbers alone.
fn same_shape(one: &Network, other: &Network) -> bool {
    one.pools() == other.pools()
        && one.parameters() == other.parameters()
        && one.transfers() == other.transfers()
}

/// The numbers of a model.
fn subject(model: &Model) -> Subject {
    Subject::of(&model.network).on(model.schedule.clone())
}
