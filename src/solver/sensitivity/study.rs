//! How outputs change with parameters.

use super::sweep::{Direction, Sweep};
use crate::network::{Action, Network, NetworkError, ParameterId, PoolId, Schedule};
use crate::solver::integrate::{Follower, Integrator, Stride};
use crate::solver::kernel::Kernel;
use crate::solver::lanes::LANES;
use crate::solver::{Method, Options, SolverError, Trajectory};

/// A run with the derivatives of every amount at the requested times with respect to some parameters.
#[derive(Debug, Clone)]
pub struct Sensitivities {
    /// The run itself, with the bits of a run without sensitivities.
    pub trajectory: Trajectory,
    parameters: Vec<ParameterId>,
    directions: usize,
    sweeps: Vec<Sweep>,
}

/// Integrates a network and, beside it, the sensitivities of all amounts to some parameters.
///
/// Eight parameters at a time share the factors of the run, whose steps they follow: their error is of
/// the order of its tolerance and is not controlled on its own. A parameter that an event sets counts up
/// to that event.
///
/// # Errors
/// As [`integrate`](crate::solver::integrate); [`SolverError::Network`] for a parameter of another network;
/// [`SolverError::BadOption`] for [`Method::Dop853`].
///
/// # Example
/// ```
/// use biodist::network::{Network, RateLaw, Schedule};
/// use biodist::solver::{Options, sensitivities};
///
/// let mut builder = Network::builder("decay");
/// let (a, b) = (builder.pool_with("a", 1.0), builder.pool("b"));
/// let k = builder.parameter("k", 0.1);
/// builder.transfer("a to b", a, b, RateLaw::linear(k));
/// let network = builder.build()?;
/// let run = sensitivities(&network, &Schedule::new(), &[10.0], &Options::default(), &[k])?;
/// let found = run.of(a, k).unwrap()[0];
/// assert!((found + 10.0 * (-1.0_f64).exp()).abs() < 1e-5); // d exp(-k t)/dk = -t exp(-k t)
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sensitivities(
    network: &Network,
    schedule: &Schedule,
    times: &[f64],
    options: &Options,
    parameters: &[ParameterId],
) -> Result<Sensitivities, SolverError> {
    let each = parameters.iter().map(|id| vec![(*id, 1.0)]);
    let directions: Vec<Direction> = each.collect();
    let found = sensitivities_along(network, schedule, times, options, &directions)?;
    Ok(Sensitivities {
        parameters: parameters.to_vec(),
        ..found
    })
}

/// As [`sensitivities`], along directions in the parameters: each a list of parameters that change
/// together, with their weights.
///
/// What one number of a model does to all the rates that it enters is one direction, however many they
/// are. Read the result with [`Sensitivities::along`].
///
/// # Errors
/// As [`sensitivities`].
pub fn sensitivities_along(
    network: &Network,
    schedule: &Schedule,
    times: &[f64],
    options: &Options,
    directions: &[Vec<(ParameterId, f64)>],
) -> Result<Sensitivities, SolverError> {
    if options.method != Method::Rodas5P {
        return Err(SolverError::BadOption {
            field: "method",
            value: f64::NAN,
            allowed: "rodas5_p, whose factors the sensitivities share",
        });
    }
    let count = network.parameters().len();
    let mut ids = directions.iter().flatten().map(|(id, _)| id);
    if let Some(id) = ids.find(|id| id.index() >= count) {
        return Err(SolverError::Network(NetworkError::ForeignId {
            transfer: "(sensitivity)".to_string(),
            kind: "parameter",
            index: id.index(),
            count,
        }));
    }
    let mut integrator = Integrator::new(network)?;
    let blocks = directions.chunks(LANES);
    let sweep = |block| Sweep::new(network, integrator.kernel(), block, times.len());
    let mut sweeps: Vec<Sweep> = blocks.map(sweep).collect();
    let trajectory = integrator.run_with(network, schedule, times, options, &mut sweeps)?;
    for sweep in &mut sweeps {
        sweep.finish(times.len());
    }
    Ok(Sensitivities {
        trajectory,
        parameters: vec![],
        directions: directions.len(),
        sweeps,
    })
}

impl Sensitivities {
    /// The parameters, as they were asked for.
    #[must_use]
    pub fn parameters(&self) -> &[ParameterId] {
        &self.parameters
    }

    /// How a pool changes with a parameter at the requested times, amount per unit of the parameter;
    /// `None` for what was not asked for.
    #[must_use]
    pub fn of(&self, pool: PoolId, parameter: ParameterId) -> Option<Vec<f64>> {
        let number = self.parameters.iter().position(|id| *id == parameter)?;
        self.along(pool, number)
    }

    /// How a pool changes along a direction, by its number from 0, at the requested times; `None` for a
    /// pool or a direction that is not there.
    #[must_use]
    pub fn along(&self, pool: PoolId, direction: usize) -> Option<Vec<f64>> {
        let sweep = self.sweeps.get(direction / LANES)?;
        let lane = direction % LANES;
        let times = self.trajectory.times().len();
        (direction < self.directions && pool.index() < self.trajectory.size).then(|| {
            (0..times)
                .map(|t| sweep.at(t, pool.index(), lane))
                .collect()
        })
    }
}

impl Follower for Vec<Sweep> {
    fn event(&mut self, action: Action) {
        self.iter_mut().for_each(|sweep| sweep.event(action));
    }

    fn begin(&mut self, values: &[f64]) {
        self.iter_mut().for_each(|sweep| sweep.begin(values));
    }

    fn step(&mut self, kernel: &Kernel, stride: &Stride<'_>, times: &[f64]) {
        self.iter_mut()
            .for_each(|sweep| sweep.step(kernel, stride, times));
    }
}
