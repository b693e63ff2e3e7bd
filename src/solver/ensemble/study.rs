//! What is common to all subjects, and how they are run.

use std::borrow::Cow;

use super::run::Runner;
use super::{Outcome, Subject};
use crate::cancel::CancelToken;
use crate::network::{Allowed, Network, NetworkError, Schedule};
use crate::solver::kernel::Kernel;
use crate::solver::options::check_times;
use crate::solver::scales::Scales;
use crate::solver::stop::Stop;
use crate::solver::trajectory::{Path, Trajectory};
use crate::solver::{Options, SolverError};

/// A network analysed once, ready for any number of subjects.
///
/// ```
/// use biodist::network::{Network, RateLaw, Schedule};
/// use biodist::solver::{Ensemble, Options, Subject};
///
/// let mut builder = Network::builder("decay");
/// let (a, b) = (builder.pool_with("a", 1.0), builder.pool("b"));
/// let k = builder.parameter("k", 0.1);
/// builder.transfer("a to b", a, b, RateLaw::linear(k));
/// let network = builder.build()?;
///
/// let schedule = Schedule::new();
/// let times = [1.0, 10.0];
/// let ensemble = Ensemble::new(&network, &schedule, &times, &Options::default())?.watching(&[a])?;
/// let subjects = (1..=100).map(|k| Subject::of(&network).with(&network, "k", 0.01 * f64::from(k)));
/// let subjects = subjects.collect::<Result<Vec<_>, _>>()?;
/// let mut left = vec![0.0; 100];
/// ensemble.run(subjects, |number, outcome| {
///     if let Ok(outcome) = outcome {
///         left[number] = outcome.pool(0)[1]; // in a, after 10 h
///     }
/// });
/// assert!((left[99] - (-10.0_f64).exp()).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Ensemble<'a> {
    pub(super) network: &'a Network,
    pub(super) schedule: Cow<'a, Schedule>,
    pub(super) times: &'a [f64],
    pub(super) options: Options,
    pub(super) kernel: Kernel,
    pub(super) scales: Scales,
    /// The elimination index of each pool.
    pub(super) place: Vec<usize>,
    /// The watched pools, as elimination indices.
    pub(super) watched: Vec<usize>,
    pub(super) arch: pulp::Arch,
    allowed: &'a [Option<Allowed>],
    pub(super) stop: Stop,
}

impl<'a> Ensemble<'a> {
    /// Analyses a network. All pools are watched until [`Self::watching`] says otherwise.
    ///
    /// `options.method` and `options.keep` do not apply: the method is Rodas5P, and outputs are kept.
    ///
    /// # Errors
    /// [`SolverError`]: options or times out of range, an event that does not fit the network.
    pub fn new(
        network: &'a Network,
        schedule: &'a Schedule,
        times: &'a [f64],
        options: &Options,
    ) -> Result<Self, SolverError> {
        options.check()?;
        check_times(times)?;
        schedule.check(network)?;
        let kernel = Kernel::new(network)?;
        Ok(Self {
            network,
            schedule: schedule.aligned(times),
            times,
            options: *options,
            watched: kernel.symbolic.place()[..network.pools().len()].to_vec(),
            place: kernel.symbolic.place(),
            scales: Scales::new(network),
            arch: pulp::Arch::new(),
            allowed: network.allowances(),
            stop: Stop {
                token: None,
                end: times.last().copied().unwrap_or(0.0),
            },
            kernel,
        })
    }

    /// Keeps the amounts of these pools only, in this order.
    ///
    /// # Errors
    /// [`SolverError::Network`] with [`NetworkError::ForeignId`] for a pool of another network.
    pub fn watching(mut self, pools: &[crate::network::PoolId]) -> Result<Self, SolverError> {
        let order = self.kernel.symbolic.order();
        let place = |pool: usize| order.iter().position(|original| *original == pool);
        let mut watched = vec![];
        for pool in pools {
            let index = pool.index();
            watched.push(place(index).ok_or(NetworkError::ForeignId {
                transfer: "(watched)".to_string(),
                kind: "pool",
                index,
                count: order.len(),
            })?);
        }
        self.watched = watched;
        Ok(self)
    }

    /// Sets a token that can end [`Self::run`] on the way: each subject that is not done has
    /// [`SolverError::Stopped`] for its outcome. It is shown no progress: the sink sees that.
    #[must_use]
    pub fn with_token(mut self, token: CancelToken) -> Self {
        self.stop.token = Some(token);
        self
    }

    /// Runs subjects one after the other, eight at a time, and tells each as soon as it is done.
    ///
    /// The sink gets the number of a subject in the order given, from 0, with its outcome or its own
    /// error; a subject that fails harms no other. Outcomes come in the order in which they are done.
    /// Memory does not grow with the number of subjects.
    pub fn run(
        &self,
        subjects: impl IntoIterator<Item = Subject>,
        sink: impl FnMut(usize, Result<&Outcome, SolverError>),
    ) {
        Runner::new(self).run(subjects.into_iter().enumerate(), sink);
    }

    /// As [`Self::run`], on all threads of the current `rayon` pool.
    ///
    /// Subjects are made by number where they are needed. The outcomes are those of one thread, bit for
    /// bit; the sink is called from many threads.
    #[cfg(feature = "parallel")]
    pub fn run_parallel(
        &self,
        count: usize,
        subject: impl Fn(usize) -> Subject + Sync,
        sink: impl Fn(usize, Result<&Outcome, SolverError>) + Sync,
    ) {
        use rayon::prelude::*;
        // Long enough that lanes are seldom idle at the end, short enough to share the work.
        let size = (count / (8 * rayon::current_num_threads())).clamp(32, 256);
        let shards = count.div_ceil(size);
        let shard = |runner: &mut Runner<'_>, number: usize| {
            let range = number * size..((number + 1) * size).min(count);
            runner.run(range.map(|k| (k, subject(k))), &sink);
        };
        (0..shards)
            .into_par_iter()
            .for_each_init(|| Runner::new(self), shard);
    }

    /// An outcome as a trajectory of the whole network, of which all pools were watched; `total` is the
    /// amount in the network of the subject.
    pub(crate) fn trajectory(&self, outcome: &Outcome, total: f64) -> Trajectory {
        Trajectory {
            size: self.network.pools().len(),
            times: self.times.to_vec(),
            states: outcome.amounts.clone(),
            path: Path::default(),
            statistics: outcome.statistics,
            options: self.options,
            total,
        }
    }

    /// The last requested time, h.
    pub(super) fn end(&self) -> f64 {
        self.times.last().copied().unwrap_or(0.0)
    }

    pub(super) fn check(&self, subject: &Subject) -> Result<(), SolverError> {
        Ok(subject.check(self.network, self.allowed)?)
    }
}
