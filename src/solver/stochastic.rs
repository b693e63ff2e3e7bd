//! Whole cells one by one: an exact, seeded simulation of any network.

use serde::{Deserialize, Serialize};

use super::SolverError;
use super::draw::{Random, SumTree, WHOLE};
use super::options::check_times;
use crate::network::{Action, Amount, Network, NetworkError, PoolId, Schedule};

/// What one realisation asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StochasticOptions {
    /// Number of the realisation: the same seed gives the same cells, on every platform.
    pub seed: u64,
    /// Transfers of single cells after which the realisation is given up; default 100 million,
    /// about a minute.
    pub max_events: u64,
}

impl Default for StochasticOptions {
    fn default() -> Self {
        Self {
            seed: 0,
            max_events: 100_000_000,
        }
    }
}

impl StochasticOptions {
    /// Default limits with a seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }
}

/// Whole cells in every pool at the requested times: one of the many ways a run can go.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Realisation {
    size: usize,
    times: Vec<f64>,
    counts: Vec<u64>,
    events: u64,
    rounded: f64,
}

impl Realisation {
    /// The requested times, h.
    #[must_use]
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// Cells in every pool at the requested time number `index`, if there is one.
    #[must_use]
    pub fn state(&self, index: usize) -> Option<&[u64]> {
        self.counts.get(index * self.size..(index + 1) * self.size)
    }

    /// Cells in every pool, one slice a requested time.
    pub fn states(&self) -> impl Iterator<Item = &[u64]> {
        self.counts.chunks_exact(self.size.max(1))
    }

    /// Cells in some pools together, by their number, at every requested time.
    #[must_use]
    pub fn sum(&self, pools: &[usize]) -> Vec<u64> {
        let sum = |state: &[u64]| pools.iter().map(|pool| state[*pool]).sum();
        self.states().map(sum).collect()
    }

    /// Transfers of single cells that happened.
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// What rounding the start amounts to whole cells changed, cells in all; 0 if nothing.
    #[must_use]
    pub const fn rounded(&self) -> f64 {
        self.rounded
    }
}

/// Simulates whole cells once, from time 0 to the last requested time.
///
/// The direct method of Gillespie (1977, J Phys Chem 81:2340): transfer `t` happens next with a
/// probability proportional to its rate `r_t`, after a time that is exponential with mean
/// `1 / sum of r`. It makes no error of step size. For a linear network each cell moves on its own
/// and the mean over realisations is the solution of [`integrate`](super::integrate); for others it
/// approaches that solution as the number of cells grows.
///
/// What the equations leave open for whole cells is done so:
///
/// - *Amounts at the start* are rounded to the nearest whole number, halves away from zero;
///   [`Realisation::rounded`] says by how much.
/// - *A fixed move* of a fractional amount moves the whole part, and one cell more with the
///   probability of the rest, so that its mean is the amount. It never moves more than there is:
///   no pool is ever negative, and the total is the same at all times.
/// - *A pump* (steady law) is a Poisson process of its rate, and stands still while its source is
///   empty. The equations would draw the source below zero.
/// - *A negative rate* (a capacity law whose room is overfull) is no transfer at all: nothing
///   happens until there is room again. In the equations the flow turns back.
/// - *Events* act as for [`integrate`](super::integrate); an output at their time shows the state after them.
///
/// Labels attached to a scenario are amounts and not particles: leave them out.
///
/// # Errors
/// [`SolverError::BadTimes`]; [`SolverError::Network`] for an event that does not fit or more cells
/// than 2^53; [`SolverError::NotFinite`] for an overflowing rate; [`SolverError::TooManyEvents`] with
/// the time reached.
///
/// # Example
/// ```
/// use biodist::network::{Network, RateLaw, Schedule};
/// use biodist::solver::{StochasticOptions, stochastic};
///
/// let mut builder = Network::builder("decay");
/// let (a, b) = (builder.pool_with("a", 100.0), builder.pool("b"));
/// let k = builder.parameter("k", 0.1); // per hour
/// builder.transfer("a to b", a, b, RateLaw::linear(k));
/// let network = builder.build()?;
/// let cells = stochastic(&network, &Schedule::new(), &[10.0], &StochasticOptions::seeded(7))?;
/// let state = cells.state(0).unwrap(); // about 37 of 100 left
/// assert_eq!(state[0] + state[1], 100);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn stochastic(
    network: &Network,
    schedule: &Schedule,
    times: &[f64],
    options: &StochasticOptions,
) -> Result<Realisation, SolverError> {
    Stochastic::new(network, schedule)?.run(times, options)
}

/// A network made ready for many realisations.
#[derive(Debug, Clone)]
pub struct Stochastic<'a> {
    network: &'a Network,
    schedule: &'a Schedule,
    /// Whole cells at the start.
    initial: Vec<f64>,
    rounded: f64,
    /// For each transfer, the transfers whose rates it changes.
    affected: Vec<Vec<usize>>,
}

impl<'a> Stochastic<'a> {
    /// Checks the schedule, rounds the start and lists which transfer changes which rates.
    ///
    /// # Errors
    /// [`SolverError::Network`], as for [`stochastic`].
    pub fn new(network: &'a Network, schedule: &'a Schedule) -> Result<Self, SolverError> {
        schedule.check(network)?;
        let initial: Vec<f64> = network.initial().iter().map(|x| x.round()).collect();
        let total: f64 = initial.iter().sum();
        if total > WHOLE {
            return Err(SolverError::Network(NetworkError::BadNumber {
                field: "cells at the start".to_string(),
                value: total,
                allowed: "at most 9007199254740992 (2^53), beyond which whole numbers have gaps",
            }));
        }
        let asked: f64 = network.initial().iter().sum();
        Ok(Self {
            network,
            schedule,
            initial,
            rounded: total - asked,
            affected: affected(network),
        })
    }

    /// One realisation.
    ///
    /// # Errors
    /// As [`stochastic`].
    pub fn run(
        &self,
        times: &[f64],
        options: &StochasticOptions,
    ) -> Result<Realisation, SolverError> {
        check_times(times)?;
        let mut walk = Walk::new(self, times, options);
        let end = times.last().copied().unwrap_or(0.0);
        let schedule = self.schedule.aligned(times);
        let mut events = schedule.events().iter().peekable();
        let mut now = 0.0;
        loop {
            while let Some(event) = events.next_if(|event| event.time <= now) {
                for action in &event.actions {
                    walk.apply(*action);
                }
            }
            if now >= end {
                break;
            }
            let until = events.peek().map_or(end, |event| event.time.min(end));
            walk.advance(now, until)?;
            now = until;
        }
        walk.write_until(f64::INFINITY);
        Ok(Realisation {
            size: self.initial.len(),
            times: times.to_vec(),
            counts: walk.counts,
            events: walk.events,
            rounded: self.rounded,
        })
    }
}

/// For each transfer, the transfers whose rates depend on a pool that it changes.
fn affected(network: &Network) -> Vec<Vec<usize>> {
    let mut by_pool = vec![vec![]; network.pools().len()];
    for (number, transfer) in network.transfers().iter().enumerate() {
        let mut pools = transfer.law.drivers(transfer.from);
        // A pump stands still when its source is empty.
        pools.push(transfer.from);
        for pool in pools {
            by_pool[pool.index()].push(number);
        }
    }
    let of = |pool: PoolId| by_pool[pool.index()].iter().copied();
    let transfers = network.transfers().iter();
    transfers
        .map(|transfer| {
            let mut list: Vec<usize> = of(transfer.from).chain(of(transfer.to)).collect();
            list.sort_unstable();
            list.dedup();
            list
        })
        .collect()
}

/// One realisation under way.
struct Walk<'a> {
    subject: &'a Stochastic<'a>,
    times: &'a [f64],
    /// Whole numbers, as `f64` because rate laws want them so.
    state: Vec<f64>,
    values: Vec<f64>,
    rates: SumTree,
    random: Random,
    counts: Vec<u64>,
    written: usize,
    events: u64,
    max_events: u64,
}

impl<'a> Walk<'a> {
    fn new(subject: &'a Stochastic<'a>, times: &'a [f64], options: &StochasticOptions) -> Self {
        Self {
            subject,
            times,
            state: subject.initial.clone(),
            values: subject.network.values().to_vec(),
            rates: SumTree::new(subject.network.transfers().len()),
            random: Random::new(options.seed),
            counts: Vec::with_capacity(times.len() * subject.initial.len()),
            written: 0,
            events: 0,
            max_events: options.max_events,
        }
    }

    /// Applies what happens at once, in whole cells.
    fn apply(&mut self, action: Action) {
        match action {
            Action::Move { from, to, amount } => {
                let held = self.state[from.index()];
                let moved = match amount {
                    Amount::All => held,
                    Amount::Fixed(amount) => self.random.whole(amount).min(held),
                };
                self.state[from.index()] -= moved;
                self.state[to.index()] += moved;
            }
            Action::Set { parameter, value } => self.values[parameter.index()] = value,
        }
    }

    /// From `now` to `until`, over which nothing is scheduled. No memory is needed across events,
    /// since what is left of an exponential waiting time is exponential again.
    fn advance(&mut self, now: f64, until: f64) -> Result<(), SolverError> {
        for transfer in 0..self.subject.affected.len() {
            self.refresh(transfer);
        }
        let mut time = now;
        loop {
            let total = self.rates.total();
            if !total.is_finite() {
                return Err(self.not_finite(time));
            }
            if total > 0.0 {
                time += self.random.exponential() / total;
            }
            if total <= 0.0 || time >= until {
                self.write_until(until);
                return Ok(());
            }
            self.write_until(time);
            if self.events >= self.max_events {
                return Err(SolverError::TooManyEvents {
                    events: self.events,
                    time,
                    end: self.times.last().copied().unwrap_or(until),
                });
            }
            self.events += 1;
            self.jump();
        }
    }

    /// One cell goes its way.
    fn jump(&mut self) {
        let subject = self.subject;
        let number = self.rates.pick(self.random.unit());
        let transfer = &subject.network.transfers()[number];
        self.state[transfer.from.index()] -= 1.0;
        self.state[transfer.to.index()] += 1.0;
        for other in &subject.affected[number] {
            self.refresh(*other);
        }
    }

    fn refresh(&mut self, number: usize) {
        let transfer = &self.subject.network.transfers()[number];
        let rate = if self.state[transfer.from.index()] >= 1.0 {
            let rate = transfer.law.rate(transfer.from, &self.state, &self.values);
            // Not `max`, which would hide a rate that is not a number.
            if rate < 0.0 { 0.0 } else { rate }
        } else {
            0.0
        };
        self.rates.set(number, rate);
    }

    /// Writes the outputs before `time` with the present state.
    fn write_until(&mut self, time: f64) {
        while self.times.get(self.written).is_some_and(|t| *t < time) {
            self.counts.extend(self.state.iter().map(|x| *x as u64));
            self.written += 1;
        }
    }

    fn not_finite(&self, time: f64) -> SolverError {
        let network = self.subject.network;
        let odd = (0..network.transfers().len()).find(|k| !self.rates.get(*k).is_finite());
        let pool = odd.map_or(0, |k| network.transfers()[k].from.index());
        SolverError::not_finite(time, network.pools()[pool].clone())
    }
}
