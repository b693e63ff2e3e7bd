//! From a network, its schedule and the times wanted to a trajectory.

use super::control::{Controller, shortest};
use super::explicit;
use super::interpolant::Interpolant;
use super::kernel::{Kernel, LinearPart};
use super::options::check_times;
use super::scales::Scales;
use super::statistics::Statistics;
use super::step::{SUDDEN, Trial, Workspace};
use super::stop::Stop;
use super::tolerance::Tolerance;
use super::trajectory::{Path, Trajectory};
use super::{Keep, Method, Options, SolverError};
use crate::cancel::CancelToken;
use crate::network::{Action, Network, Schedule};

/// Integrates a network from time 0 to the last requested time.
///
/// Outputs are at the requested `times` (h). Steps are never shortened to reach an output; they
/// end at every event of the schedule and start afresh after it. An output at the time of an
/// event shows the state after the event.
///
/// # Errors
/// [`SolverError`]: options or times out of range, an event that does not fit the network, or an
/// integration that cannot go on, with the time reached, the pool and advice.
///
/// # Example
/// ```
/// use biodist::network::{Network, RateLaw, Schedule};
/// use biodist::solver::{Options, integrate};
///
/// let mut builder = Network::builder("decay");
/// let (a, b) = (builder.pool_with("a", 1.0), builder.pool("b"));
/// let k = builder.parameter("k", 0.1);
/// builder.transfer("a to b", a, b, RateLaw::linear(k));
/// let network = builder.build()?;
/// let run = integrate(&network, &Schedule::new(), &[0.0, 10.0], &Options::default())?;
/// assert!((run.pool(0)[1] - (-1.0_f64).exp()).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn integrate(
    network: &Network,
    schedule: &Schedule,
    times: &[f64],
    options: &Options,
) -> Result<Trajectory, SolverError> {
    Integrator::new(network)?.run(network, schedule, times, options)
}

/// The part of an integration that depends on the topology alone: analysed once, used many times.
#[derive(Debug, Clone)]
pub struct Integrator {
    kernel: Kernel,
    workspace: Workspace,
    scales: Scales,
    token: Option<CancelToken>,
}

impl Integrator {
    /// Analyses the pattern of a network.
    ///
    /// # Errors
    /// [`SolverError::TooLarge`] for a network of which a step would take too much.
    pub fn new(network: &Network) -> Result<Self, SolverError> {
        let kernel = Kernel::new(network)?;
        Ok(Self {
            workspace: Workspace::new(&kernel),
            scales: Scales::new(network),
            token: None,
            kernel,
        })
    }

    /// Sets a token that can end [`Self::run`] at the next step (of [`Method::Dop853`]: at the next output), and sees the
    /// time reached, h.
    #[must_use]
    pub fn with_token(mut self, token: CancelToken) -> Self {
        self.token = Some(token);
        self
    }

    /// Entries of the factors, fill included, and of them the diagonal: the size of the work. Besides
    /// the pools it may have sums of pools that rates look at.
    #[must_use]
    pub fn factor_entries(&self) -> (usize, usize) {
        (self.kernel.symbolic.entries(), self.kernel.symbolic.size())
    }

    pub(super) const fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// Integrates a network of the same topology; values and initial amounts may differ.
    ///
    /// # Errors
    /// As [`integrate`].
    pub fn run(
        &mut self,
        network: &Network,
        schedule: &Schedule,
        times: &[f64],
        options: &Options,
    ) -> Result<Trajectory, SolverError> {
        self.run_with(network, schedule, times, options, &mut Alone)
    }

    /// As [`Self::run`], with something that follows every accepted step.
    pub(super) fn run_with(
        &mut self,
        network: &Network,
        schedule: &Schedule,
        times: &[f64],
        options: &Options,
        follower: &mut impl Follower,
    ) -> Result<Trajectory, SolverError> {
        options.check()?;
        check_times(times)?;
        schedule.check(network)?;
        let schedule = schedule.aligned(times);
        let end = times.last().copied().unwrap_or(0.0);
        let mut run = Progress::new(network, times, options);
        run.stop = Stop {
            token: self.token.clone(),
            end: times.last().copied().unwrap_or(0.0),
        };
        let start = (network.initial(), network.values());
        let absolute = self
            .scales
            .absolute(network, start, (&schedule, end), options);
        run.tolerance.absolute.extend(absolute);
        if options.method == Method::Rodas5P {
            let unordered = run.tolerance.absolute.clone();
            self.kernel.permute(&unordered, &mut run.tolerance.absolute);
        }
        let mut events = schedule.events().iter().peekable();
        let mut now = 0.0;
        loop {
            while let Some(event) = events.next_if(|event| event.time <= now) {
                for action in &event.actions {
                    action.apply(&mut run.state, &mut run.values);
                    follower.event(*action);
                }
            }
            if now >= end {
                break;
            }
            let until = events.peek().map_or(end, |event| event.time.min(end));
            match options.method {
                Method::Rodas5P => self.advance(&mut run, (now, until), follower)?,
                Method::Dop853 => explicit::advance(&mut run, now, until)?,
            }
            now = until;
            run.stop.show(now);
        }
        Ok(run.finish())
    }

    /// Rodas5P from `now` to `until`, over which nothing happens.
    fn advance(
        &mut self,
        run: &mut Progress,
        (now, until): (f64, f64),
        follower: &mut impl Follower,
    ) -> Result<(), SolverError> {
        let Self {
            kernel, workspace, ..
        } = self;
        run.statistics().starts += 1;
        kernel.set_values(&run.values, &mut workspace.part);
        follower.begin(&run.values);
        kernel.permute(&run.state, workspace.state().0);
        workspace.refresh_slope(kernel, &run.values);
        run.statistics().derivatives += 1;
        let mut controller = Controller::new();
        let mut h = workspace.first_step(kernel, &run.values, &run.tolerance, (now, until - now));
        let mut below = None;
        let mut last_step = 0.0;
        let mut time = now;
        while time < until {
            run.check_progress(kernel, workspace, (time, h), until, below)?;
            let last = h >= until - time;
            let step = if last { until - time } else { h };
            let statistics = &mut run.trajectory.statistics;
            let sudden = step > SUDDEN * last_step;
            let trial = workspace.try_step(
                kernel,
                &run.values,
                (step, sudden),
                &run.tolerance,
                statistics,
            );
            below = None;
            let factor = match trial {
                Trial::Error(error) if error <= 1.0 => {
                    run.statistics().steps += 1;
                    // The sum would miss `until` by a rounding, on either side.
                    let end = if last { until } else { time + step };
                    run.record((time, end), workspace, kernel);
                    let stride = workspace.stride((time, end), step);
                    follower.step(kernel, &stride, &run.trajectory.times);
                    run.stop.show(time);
                    time = end;
                    last_step = step;
                    workspace.accept();
                    workspace.refresh_slope(kernel, &run.values);
                    run.statistics().derivatives += 1;
                    controller.accepted(error)
                }
                rejected => {
                    if let Trial::BelowZero(pool, amount) = rejected {
                        below = Some((pool, amount));
                    }
                    controller.after(rejected)
                }
            };
            h = step * factor;
        }
        run.trajectory.statistics.rejected =
            run.trajectory.statistics.factorisations - run.trajectory.statistics.steps;
        kernel.restore(workspace.state().0, &mut run.state);
        Ok(())
    }
}

/// An accepted step as it was made: what is needed to repeat it for something else.
pub(super) struct Stride<'a> {
    pub(super) start: f64,
    pub(super) end: f64,
    pub(super) h: f64,
    /// The state at the start, in elimination order.
    pub(super) y: &'a [f64],
    /// The stages, each with room for so many numbers.
    pub(super) stages: (&'a [f64], usize),
    /// Factors of the stage matrix.
    pub(super) matrix: &'a [f64],
    pub(super) part: &'a LinearPart,
}

impl Stride<'_> {
    /// A stage by its number from 0.
    #[inline(always)]
    pub(super) fn stage(&self, number: usize) -> &[f64] {
        let (stages, room) = self.stages;
        &stages[number * room..][..room]
    }
}

/// Goes along with a run, step by step.
pub(super) trait Follower {
    /// Something happened at once.
    fn event(&mut self, action: Action);
    /// A stretch without events begins, with these values.
    fn begin(&mut self, values: &[f64]);
    /// A step was accepted.
    fn step(&mut self, kernel: &Kernel, stride: &Stride<'_>, times: &[f64]);
}

/// Nothing goes along.
struct Alone;

impl Follower for Alone {
    fn event(&mut self, _: Action) {}
    fn begin(&mut self, _: &[f64]) {}
    fn step(&mut self, _: &Kernel, _: &Stride<'_>, _: &[f64]) {}
}

/// One integration under way, in network order.
pub(super) struct Progress<'a> {
    pub(super) network: &'a Network,
    pub(super) state: Vec<f64>,
    pub(super) values: Vec<f64>,
    pub(super) tolerance: Tolerance,
    pub(super) trajectory: Trajectory,
    pub(super) stop: Stop,
    next_output: usize,
}

impl<'a> Progress<'a> {
    fn new(network: &'a Network, times: &[f64], options: &Options) -> Self {
        let total: f64 = network.initial().iter().sum();
        let size = network.pools().len();
        Self {
            network,
            state: network.initial().to_vec(),
            values: network.values().to_vec(),
            tolerance: Tolerance {
                relative: options.rtol,
                absolute: vec![],
            },
            stop: Stop::default(),
            next_output: 0,
            trajectory: Trajectory {
                size,
                times: times.to_vec(),
                states: vec![0.0; times.len() * size],
                path: Path::default(),
                statistics: Statistics::default(),
                options: *options,
                total,
            },
        }
    }

    pub(super) fn statistics(&mut self) -> &mut Statistics {
        &mut self.trajectory.statistics
    }

    pub(super) fn keeps_path(&self) -> bool {
        self.trajectory.options.keep == Keep::Path
    }

    /// The next requested time not yet written.
    pub(super) fn next_time(&self) -> Option<f64> {
        self.trajectory.times.get(self.next_output).copied()
    }

    /// The outputs before the end of an accepted step, and the step itself if the path is kept.
    ///
    /// An output at the very end waits for the next step, or for the event there.
    fn record(&mut self, span: (f64, f64), workspace: &mut Workspace, kernel: &Kernel) {
        let due = self.next_time().is_some_and(|t| t < span.1);
        if !due && !self.keeps_path() {
            return;
        }
        let interpolant = workspace.interpolant();
        self.write(span, &interpolant, kernel.symbolic.order());
    }

    /// As [`Self::record`], from vectors in the given order of pools.
    pub(super) fn write(&mut self, span: (f64, f64), path: &Interpolant, order: &[usize]) {
        let size = self.state.len();
        let (start, end) = span;
        while let Some(t) = self.next_time().filter(|t| *t < end) {
            let theta = ((t - start) / (end - start)).max(0.0);
            let first = self.next_output * size;
            let output = &mut self.trajectory.states[first..first + size];
            for (k, &pool) in order.iter().enumerate() {
                output[pool] = path.at(k, theta);
            }
            self.next_output += 1;
        }
        if self.keeps_path() {
            self.trajectory.path.push(span, path, order);
        }
    }

    /// Writes the outputs that are left, all at the final time.
    fn finish(mut self) -> Trajectory {
        let size = self.state.len();
        let start = self.next_output * size;
        for output in self.trajectory.states[start..].chunks_exact_mut(size) {
            output.copy_from_slice(&self.state);
        }
        self.trajectory
    }

    fn check_progress(
        &self,
        kernel: &Kernel,
        workspace: &mut Workspace,
        (time, h): (f64, f64),
        until: f64,
        below: Option<(usize, f64)>,
    ) -> Result<(), SolverError> {
        self.stop.check(time)?;
        let name = |k: usize| self.network.pools()[kernel.symbolic.order()[k]].clone();
        let (_, slope) = workspace.state();
        if let Some(pool) = slope.iter().position(|slope| !slope.is_finite()) {
            return Err(SolverError::not_finite(time, name(pool)));
        }
        if h < shortest(time) && time + h < until {
            if let Some((pool, amount)) = below {
                return Err(SolverError::below_zero(time, name(pool), amount));
            }
            let worst = name(workspace.worst(&self.tolerance));
            return Err(SolverError::step_too_small(time, h, worst));
        }
        let tried = self.trajectory.statistics.factorisations;
        if tried >= self.trajectory.options.max_steps {
            let end = self.trajectory.times.last().copied().unwrap_or(until);
            let worst = name(workspace.worst(&self.tolerance));
            return Err(SolverError::too_many_steps(tried, (time, end), worst));
        }
        Ok(())
    }
}
