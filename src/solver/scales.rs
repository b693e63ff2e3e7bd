//! How accurate each pool must be.
//!
//! The absolute tolerance of a pool follows what the pool can hold during the run, not what the whole
//! network holds: a reservoir beside it changes nothing. A bound of each amount comes from the rate laws:
//! with `G` all that can come in over the run, `R` the greatest rate at which it comes in, and `k` the least
//! rate constant at which it leaves,
//!
//! ```text
//! y(t) <= y(0) + min(G, R / k)
//! ```
//!
//! Neither can a pool hold more than all that is ever in its part of the network, which is what flows round
//! together. `G` and `R` use the bounds of the pools upstream. Each sweep over the transfers starts from valid
//! bounds and gives tighter ones that are valid too, so a few sweeps do.

use super::growth::Growth;
use super::{Method, Options};
use crate::network::{Action, Amount, Network, ParameterId, RateLaw, Schedule, Transfer};

/// The default absolute tolerance over the relative one and the bound of the pool.
const SMALL: f64 = 1e-6;
/// The same for loops of several pools that can grow, and what seeds them; and for the explicit method, which
/// meets rounding errors where the implicit one solves for small amounts.
const SMALLER: f64 = 1e-22;
/// The same for pools that grow by themselves, and what seeds them: what is left of them when they shrink decides
/// when they grow again.
const SMALLEST: f64 = 1e-250;
/// A pool that never holds anything still needs a scale to divide by.
const FLOOR: f64 = f64::MIN_POSITIVE * 1e10;
const SWEEPS: usize = 4;

/// What is needed to find absolute tolerances: made once for a topology, used for every run.
#[derive(Debug, Clone)]
pub(super) struct Scales {
    growth: Growth,
    /// Lowest and highest value of each parameter during the run.
    values: Vec<(f64, f64)>,
    component: Vec<usize>,
    pools: Vec<Bound>,
    parts: Vec<Mass>,
}

/// What can be in a pool, and come into it.
#[derive(Debug, Clone, Copy, Default)]
struct Bound {
    /// At the start and by events.
    given: f64,
    /// The greatest amount.
    amount: f64,
    /// Greatest rate of inflow, and all of it, of this sweep.
    inflow: f64,
    gain: f64,
    /// Least rate constant of loss, of this sweep.
    loss: f64,
}

/// What can be in a part of the network.
#[derive(Debug, Clone, Copy, Default)]
struct Mass {
    /// All that is ever in it.
    total: f64,
    /// What comes in from other parts, of this sweep.
    gain: f64,
}

impl Scales {
    pub(super) fn new(network: &Network) -> Self {
        Self {
            growth: Growth::of(network),
            values: vec![],
            component: vec![],
            pools: vec![],
            parts: vec![],
        }
    }

    /// Finds the absolute tolerance of each pool, in network order.
    pub(super) fn absolute<'a>(
        &'a mut self,
        network: &Network,
        (initial, values): (&[f64], &[f64]),
        (schedule, end): (&Schedule, f64),
        options: &'a Options,
    ) -> impl Iterator<Item = f64> + 'a {
        self.pools.clear();
        self.pools.extend(initial.iter().map(|&given| Bound {
            given,
            ..Bound::default()
        }));
        if options.atol.is_none() {
            self.range(values, schedule);
            self.connect(network, schedule, end);
            self.give(schedule);
            for _ in 0..SWEEPS {
                self.sweep(network, end);
            }
        }
        let seeds = self.growth.seeds.iter().zip(&self.growth.loops);
        self.pools.iter().zip(seeds).map(|(bound, (seeds, loops))| {
            let small = match (options.method, seeds, loops) {
                (Method::Rodas5P, true, _) => SMALLEST,
                (Method::Rodas5P, false, true) | (Method::Dop853, true, _) => SMALLER,
                _ => SMALL,
            };
            let default = small * options.rtol * bound.amount;
            options.atol.unwrap_or(default).max(FLOOR)
        })
    }

    /// Notes the lowest and highest value that each parameter takes.
    fn range(&mut self, values: &[f64], schedule: &Schedule) {
        self.values.clear();
        self.values
            .extend(values.iter().map(|value| (*value, *value)));
        for action in schedule.events().iter().flat_map(|event| &event.actions) {
            if let Action::Set { parameter, value } = action {
                let (low, high) = &mut self.values[parameter.index()];
                (*low, *high) = (low.min(*value), high.max(*value));
            }
        }
    }

    /// Starts from what each connected component holds, or what pumps draw from it if it holds nothing.
    fn connect(&mut self, network: &Network, schedule: &Schedule, end: f64) {
        let (pools, component) = (&mut self.pools, &mut self.component);
        component.clear();
        component.extend(0..pools.len());
        for transfer in network.transfers() {
            join(component, transfer.from.index(), transfer.to.index());
        }
        for action in schedule.events().iter().flat_map(|event| &event.actions) {
            if let Action::Move { from, to, .. } = action {
                join(component, from.index(), to.index());
            }
        }
        for pool in 0..pools.len() {
            let first = root(component, pool);
            pools[first].gain += pools[pool].given;
        }
        for transfer in network.transfers() {
            if let RateLaw::Steady {
                constant,
                parameter,
            } = transfer.law
            {
                let total = &mut pools[root(component, transfer.from.index())].gain;
                if *total <= 0.0 {
                    *total = constant * self.values[parameter.index()].1 * end;
                }
            }
        }
        self.parts.clear();
        self.parts.resize(pools.len(), Mass::default());
        for pool in 0..pools.len() {
            let total = pools[root(component, pool)].gain;
            pools[pool].amount = total;
            self.parts[self.growth.part[pool]].total = total;
        }
    }

    /// Adds what events bring.
    fn give(&mut self, schedule: &Schedule) {
        for action in schedule.events().iter().flat_map(|event| &event.actions) {
            if let Action::Move { from, to, amount } = action {
                self.pools[to.index()].given += match amount {
                    Amount::Fixed(amount) => *amount,
                    Amount::All => self.pools[from.index()].amount,
                };
            }
        }
    }

    /// Tightens all bounds once.
    fn sweep(&mut self, network: &Network, end: f64) {
        for part in &mut self.parts {
            part.gain = 0.0;
        }
        for (bound, part) in self.pools.iter_mut().zip(&self.growth.part) {
            self.parts[*part].gain += bound.given;
            (bound.inflow, bound.gain, bound.loss) = (0.0, 0.0, 0.0);
        }
        for transfer in network.transfers() {
            let (forward, backward) = self.greatest_rates(transfer);
            let (from, to) = (transfer.from.index(), transfer.to.index());
            self.pools[from].loss += self.least_loss(transfer);
            self.flow((from, to), forward, end);
            if backward > 0.0 {
                self.flow((to, from), backward, end);
            }
        }
        for part in &mut self.parts {
            part.total = part.total.min(part.gain);
        }
        for (bound, part) in self.pools.iter_mut().zip(&self.growth.part) {
            // `min` passes over what is not a number, as where nothing comes in and nothing leaves.
            let balance = bound.gain.min(bound.inflow / bound.loss);
            let most = self.parts[*part].total.min(bound.given + balance);
            bound.amount = bound.amount.min(most);
        }
        for transfer in network.transfers() {
            self.overdraw(transfer, end);
        }
    }

    /// Gives a scale to a pool that a pump draws on although nothing is ever in it.
    fn overdraw(&mut self, transfer: &Transfer, end: f64) {
        if let RateLaw::Steady { .. } = transfer.law {
            let (drawn, _) = self.greatest_rates(transfer);
            let bound = &mut self.pools[transfer.from.index()];
            if bound.amount <= 0.0 {
                bound.amount = drawn * end;
            }
        }
    }

    /// Adds what flows from one pool to another.
    fn flow(&mut self, (from, to): (usize, usize), rate: f64, end: f64) {
        let [source, target] = [from, to].map(|pool| self.growth.part[pool]);
        let mut gain = rate * end;
        if source != target {
            let total = self.parts[source].total;
            // A pump can draw on what was never there.
            gain = if total > 0.0 { gain.min(total) } else { gain };
            self.parts[target].gain += gain;
        }
        self.pools[to].inflow += rate;
        self.pools[to].gain += gain;
    }

    /// The most that the pools that a law looks at can hold together.
    fn sum(&self, law: &RateLaw) -> f64 {
        let pools = law.others().iter();
        pools.map(|pool| self.pools[pool.index()].amount).sum()
    }

    fn low(&self, parameter: ParameterId) -> f64 {
        self.values[parameter.index()].0
    }

    fn high(&self, parameter: ParameterId) -> f64 {
        self.values[parameter.index()].1
    }

    /// The greatest rate of a transfer, and the greatest at which it can run backwards.
    fn greatest_rates(&self, transfer: &Transfer) -> (f64, f64) {
        let from = transfer.from.index();
        let (amount, law) = (self.pools[from].amount, &transfer.law);
        let first_order = |parameter| law.constant() * self.high(parameter) * amount;
        match *law {
            RateLaw::Linear { parameter, .. } | RateLaw::Blocked { parameter, .. } => {
                (first_order(parameter), 0.0)
            }
            RateLaw::Capacity {
                parameter,
                capacity,
                ..
            } => {
                let excess = match self.growth.refilled[from] {
                    true => (self.sum(law) / self.low(capacity) - 1.0).max(0.0),
                    false => 0.0,
                };
                (first_order(parameter), first_order(parameter) * excess)
            }
            RateLaw::MichaelisMenten { vmax, km, .. } => {
                let share = amount / (self.low(km) + amount);
                (law.constant() * self.high(vmax) * share, 0.0)
            }
            RateLaw::MassAction { parameter, .. } => (first_order(parameter) * self.sum(law), 0.0),
            RateLaw::Steady { parameter, .. } => (law.constant() * self.high(parameter), 0.0),
        }
    }

    /// The least rate constant, 1/h, at which a transfer empties its source.
    fn least_loss(&self, transfer: &Transfer) -> f64 {
        let law = &transfer.law;
        match *law {
            RateLaw::Linear { parameter, .. } => law.constant() * self.low(parameter),
            RateLaw::MichaelisMenten { vmax, km, .. } => {
                let amount = self.pools[transfer.from.index()].amount;
                law.constant() * self.low(vmax) / (self.high(km) + amount + self.sum(law))
            }
            RateLaw::Blocked {
                parameter, half, ..
            } => {
                let free = self.low(half) / (self.low(half) + self.sum(law));
                law.constant() * self.low(parameter) * free
            }
            RateLaw::Capacity { .. } | RateLaw::MassAction { .. } | RateLaw::Steady { .. } => 0.0,
        }
    }
}

/// The pool that stands for the connected component of another.
fn root(component: &mut [usize], mut pool: usize) -> usize {
    while component[pool] != pool {
        component[pool] = component[component[pool]];
        pool = component[pool];
    }
    pool
}

fn join(component: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(component, one), root(component, other));
    component[one.max(other)] = one.min(other);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bounds of a network over 100 h, with the names of its pools.
    fn bounds(network: &Network) -> Vec<f64> {
        let options = Options::default();
        let start = (network.initial(), network.values());
        let mut scales = Scales::new(network);
        let run = (&Schedule::new(), 100.0);
        let absolute = scales.absolute(network, start, run, &options);
        absolute.map(|atol| atol / (SMALL * options.rtol)).collect()
    }

    fn assert_near(found: &[f64], expected: &[f64]) {
        for (found, expected) in found.iter().zip(expected) {
            approx::assert_relative_eq!(found, expected, max_relative = 1e-9);
        }
    }

    /// A reservoir leaks into a pool that is emptied, and three pools that exchange what they hold.
    ///
    /// By hand: at most 1e12 * 1e-9 = 1e3 per h leaks, for 100 h, and a hundredth of an hour of it stays.
    #[test]
    fn a_reservoir_counts_as_far_as_it_leaks() {
        let mut builder = Network::builder("leak");
        let (reservoir, body) = (builder.pool_with("reservoir", 1e12), builder.pool("body"));
        let out = builder.pool("out");
        let circle: Vec<_> = [7.0, 0.0, 0.0]
            .iter()
            .enumerate()
            .map(|(k, amount)| builder.pool_with(format!("c{k}"), *amount))
            .collect();
        let (leak, loss) = (
            builder.parameter("leak", 1e-9),
            builder.parameter("loss", 100.0),
        );
        builder.transfer("leak", reservoir, body, RateLaw::linear(leak));
        builder.transfer("loss", body, out, RateLaw::linear(loss));
        for k in 0..3 {
            let id = format!("round{k}");
            builder.transfer(id, circle[k], circle[(k + 1) % 3], RateLaw::linear(loss));
        }
        builder.transfer("in", body, circle[0], RateLaw::linear(leak));
        let network = builder.build().unwrap();
        let found = bounds(&network);
        assert_near(&found[..3], &[1e12, 1e3 / (100.0 + 1e-9), 1e5]);
        // What flows round stays 7, but for what comes in: 1e-9 per h of at most 10.
        assert_near(&found[3..], &[7.0 + 1e-6; 3]);
    }

    /// A pump out of nothing has a scale, and so has what it fills; what never holds anything has the least.
    #[test]
    fn pumps_out_of_nothing_have_a_scale() {
        let mut builder = Network::builder("pump");
        let (source, sink) = (builder.pool("source"), builder.pool("sink"));
        let (empty, idle) = (builder.pool("empty"), builder.pool("idle"));
        let (rate, k) = (builder.parameter("rate", 3.0), builder.parameter("k", 1.0));
        let law = RateLaw::Steady {
            constant: 1.0,
            parameter: rate,
        };
        builder.transfer("pump", source, sink, law);
        builder.transfer("none", empty, idle, RateLaw::linear(k));
        let found = bounds(&builder.build().unwrap());
        assert_near(&found[..2], &[300.0, 300.0]);
        assert!(
            found[2..]
                .iter()
                .all(|bound| *bound < 1e-250 && *bound > 0.0)
        );
    }
}
