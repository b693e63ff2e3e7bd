//! What the model says in the place of each datum, and how that changes with numbers of the registry.

use super::sight::{Arm, Bench, Sight, Term};
use super::{EvidenceError, Experiment};
use crate::assembly::Model;
use crate::network::{Network, ParameterId};
use crate::scenario::Scenario;
use crate::solver::{
    Keep, Options, Sensitivities, SolverError, Trajectory, integrate, sensitivities_along,
};

/// A number of the registry that is set for a prediction.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Id in the registry.
    pub id: String,
    /// Its value, in the unit of the registry.
    pub value: f64,
    /// Values a little below and above it, for slopes.
    pub around: [f64; 2],
    /// How far apart these two are on the scale on which slopes are wanted.
    pub step: f64,
}

impl Input {
    /// A number whose slope is not asked for.
    #[must_use]
    pub fn new(id: impl Into<String>, value: f64) -> Self {
        Self {
            id: id.into(),
            value,
            around: [value; 2],
            step: 1.0,
        }
    }
}

/// What the model says in the place of each datum of an experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// One value a datum, in the unit of its measure.
    pub values: Vec<f64>,
    /// For each datum one slope an input; empty unless asked for.
    pub slopes: Vec<Vec<f64>>,
}

/// Paths of the arms; nothing for arms that need not be run.
type Paths = Vec<Option<Trajectory>>;

impl Experiment {
    /// What the model says, with these numbers in place of those of the registry.
    ///
    /// # Errors
    /// [`EvidenceError`]: names and numbers that do not fit, a run that fails.
    ///
    /// # Example
    /// ```
    /// use biodist::evidence::{Input, published};
    /// let retained = published()?.experiments.iter().find(|e| e.name.contains("beating")).unwrap();
    /// let told = retained.predict(&[])?;
    /// let other = retained.predict(&[Input::new("heart.contraction", 0.0)])?;
    /// assert!(other.values[0] > 2.0 * told.values[0]);
    /// # Ok::<(), biodist::evidence::EvidenceError>(())
    /// ```
    pub fn predict(&self, inputs: &[Input]) -> Result<Prediction, EvidenceError> {
        let times = self.times();
        let arms = self.arms(inputs, None)?;
        let mut paths: Paths = vec![];
        for arm in &arms {
            paths.push(match &arm.model {
                None => None,
                Some(model) => {
                    let network = &model.network;
                    Some(integrate(network, &model.schedule, &times, &options())?)
                }
            });
        }
        let sights = self.sights(&arms, &times)?;
        Ok(Prediction {
            values: values(&sights, &paths),
            slopes: vec![],
        })
    }

    /// As [`Self::predict`], with the slopes of every value on the scale of every input.
    ///
    /// By forward sensitivities of the run, along what each input does to the rates of the network. What an
    /// input does to a dose itself (viability) has none and is taken from two more runs.
    ///
    /// # Errors
    /// As [`Self::predict`].
    pub fn predict_with_slopes(&self, inputs: &[Input]) -> Result<Prediction, EvidenceError> {
        let times = self.times();
        let arms = self.arms(inputs, None)?;
        let mut moved = vec![];
        for number in 0..inputs.len() {
            let side = |k: usize| self.arms(inputs, Some((number, inputs[number].around[k])));
            moved.push([side(0)?, side(1)?]);
        }
        let mut runs = vec![];
        for (number, arm) in arms.iter().enumerate() {
            runs.push(run_along(arm, number, &moved, inputs, &times)?);
        }
        let paths: Paths = (runs.iter())
            .map(|run| run.as_ref().map(|run| run.found.trajectory.clone()))
            .collect();
        let sights = self.sights(&arms, &times)?;
        let values_here = values(&sights, &paths);
        let amount = |term: &Term| at(&paths, term);
        let mut slopes = vec![vec![0.0; inputs.len()]; sights.len()];
        for (number, [low, high]) in moved.iter().enumerate() {
            let told = [self.sights(low, &times)?, self.sights(high, &times)?];
            let slope = |term: &Term| {
                let run = runs[term.arm].as_ref();
                run.map_or(0.0, |run| run.slope(term, number))
            };
            for (datum, sight) in sights.iter().enumerate() {
                let by_weights = told[1][datum].value(&amount) - told[0][datum].value(&amount);
                slopes[datum][number] =
                    sight.change(&amount, &slope) + by_weights / inputs[number].step;
            }
        }
        Ok(Prediction {
            values: values_here,
            slopes,
        })
    }

    /// All times at which some measure looks, h, in order.
    fn times(&self) -> Vec<f64> {
        let mut times: Vec<f64> = (self.data.iter())
            .flat_map(|datum| datum.measure.times())
            .collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        times
    }

    /// The arms with the inputs set, one of them perhaps to another value.
    fn arms(
        &self,
        inputs: &[Input],
        other: Option<(usize, f64)>,
    ) -> Result<Vec<Arm>, EvidenceError> {
        let run = !self.times().is_empty();
        let set = |scenario: &Scenario| {
            let mut scenario = scenario.clone();
            for (number, input) in inputs.iter().enumerate() {
                let value = match other {
                    Some((k, value)) if k == number => value,
                    _ => input.value,
                };
                scenario = scenario.with(&input.id, value);
            }
            Arm::new(scenario, run)
        };
        [Some(&self.scenario), self.control.as_ref()]
            .into_iter()
            .flatten()
            .map(set)
            .collect()
    }

    fn sights(&self, arms: &[Arm], times: &[f64]) -> Result<Vec<Sight>, EvidenceError> {
        let told = self.data.iter().map(|datum| {
            let bench = Bench {
                arms,
                arm: 0,
                times,
                datum,
            };
            bench.sight(&datum.measure)
        });
        told.collect()
    }
}

fn options() -> Options {
    Options {
        keep: Keep::Outputs,
        ..Options::with_rtol(1e-7)
    }
}

fn at(paths: &Paths, term: &Term) -> f64 {
    let path = paths[term.arm].as_ref();
    path.map_or(0.0, |path| amount(path, term))
}

fn amount(path: &Trajectory, term: &Term) -> f64 {
    path.state(term.time).map_or(0.0, |state| state[term.pool])
}

fn values(sights: &[Sight], paths: &Paths) -> Vec<f64> {
    let amount = |term: &Term| at(paths, term);
    sights.iter().map(|sight| sight.value(&amount)).collect()
}

/// A run of one arm with its sensitivities.
struct Along {
    found: Sensitivities,
    /// By input: the direction it goes along, or amounts below and above it.
    ways: Vec<Way>,
    step: Vec<f64>,
    /// Slopes by direction, then pool, then time.
    slopes: Vec<Vec<Vec<f64>>>,
}

/// How the slopes of amounts to an input are known.
enum Way {
    /// The input does nothing to this arm.
    Still,
    Direction(usize),
    Runs(Box<[Trajectory; 2]>),
}

impl Along {
    fn slope(&self, term: &Term, input: usize) -> f64 {
        match &self.ways[input] {
            Way::Still => 0.0,
            Way::Direction(direction) => self.slopes[*direction][term.pool][term.time],
            Way::Runs(runs) => {
                let [low, high] = runs.as_ref();
                (amount(high, term) - amount(low, term)) / self.step[input]
            }
        }
    }
}

fn run_along(
    arm: &Arm,
    number: usize,
    moved: &[[Vec<Arm>; 2]],
    inputs: &[Input],
    times: &[f64],
) -> Result<Option<Along>, EvidenceError> {
    let Some(model) = &arm.model else {
        return Ok(None);
    };
    let (network, schedule) = (&model.network, &model.schedule);
    let (mut directions, mut ways) = (vec![], vec![]);
    for (input, [low, high]) in inputs.iter().zip(moved) {
        let (Some(low), Some(high)) = (&low[number].model, &high[number].model) else {
            continue;
        };
        let same_doses = low.schedule == high.schedule
            && low.network.initial() == high.network.initial()
            && low.network.values().len() == high.network.values().len();
        if same_doses {
            let values = (low.network.values(), high.network.values());
            let direction = direction(network, values, input);
            ways.push(match direction.is_empty() {
                true => Way::Still,
                false => Way::Direction(directions.len()),
            });
            if !direction.is_empty() {
                directions.push(direction);
            }
        } else {
            let run = |model: &Model| integrate(&model.network, &model.schedule, times, &options());
            ways.push(Way::Runs(Box::new([run(low)?, run(high)?])));
        }
    }
    let found = sensitivities_along(network, schedule, times, &options(), &directions)?;
    let pools = network.pools().iter().map(|name| network.pool(name));
    let pools = pools
        .collect::<Result<Vec<_>, _>>()
        .map_err(SolverError::Network)?;
    let slopes = (0..directions.len())
        .map(|k| {
            pools
                .iter()
                .filter_map(|pool| found.along(*pool, k))
                .collect()
        })
        .collect();
    Ok(Some(Along {
        found,
        ways,
        step: inputs.iter().map(|input| input.step).collect(),
        slopes,
    }))
}

/// What an input does to the parameters of the network.
fn direction(
    network: &Network,
    (low, high): (&[f64], &[f64]),
    input: &Input,
) -> Vec<(ParameterId, f64)> {
    let rises = low
        .iter()
        .zip(high)
        .map(|(low, high)| (high - low) / input.step);
    let names = network.parameters().iter().zip(rises);
    names
        .filter(|(_, rise)| *rise != 0.0)
        .filter_map(|(name, rise)| Some((network.parameter(name).ok()?, rise)))
        .collect()
}
