//! Random networks as plain data, and their rates written a second time.
//!
//! A [`Plan`] uses the library only to be turned into a network: its own rates, straight from
//! the table of laws in the documentation, are an authority that the library is compared with.
#![allow(dead_code, clippy::unwrap_used)] // each test uses its part of this file

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Write;
use std::sync::OnceLock;

use biodist::network::{Action, Amount, Network, RateLaw, Schedule};
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngSeed};
use serde_json::Value;

/// What every random network holds in the pools that its transfers join.
pub const DOSE: f64 = 1e6;
/// The end of every run of a random plan, h.
pub const END: f64 = 24.0;
/// Output times of a random plan, h.
pub const TIMES: [f64; 9] = [0.0, 0.01, 0.1, 0.5, 1.0, 3.0, 6.0, 12.0, END];

/// Draws new cases in every run. Prints the seed that repeats them, and keeps failures in
/// `tests/proptest-regressions`, which every later run tries first. `PROPTEST_CASES` and `PROPTEST_RNG_SEED` in the
/// environment override count and seed.
pub fn config(cases: u32) -> ProptestConfig {
    const KEPT: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/proptest-regressions/",
        env!("CARGO_CRATE_NAME"),
        ".txt"
    );
    let asked = |name| std::env::var_os(name).is_some();
    let mut config = ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(KEPT))),
        ..ProptestConfig::default()
    };
    if !asked("PROPTEST_CASES") {
        config.cases = cases;
    }
    if !asked("PROPTEST_RNG_SEED") {
        config.rng_seed = RngSeed::Fixed(new_seed());
    }
    // Shown with the test if it fails.
    println!(
        "repeat with PROPTEST_CASES={} PROPTEST_RNG_SEED={}",
        config.cases, config.rng_seed
    );
    config
}

/// One seed a process, printed past the harness, which hides what tests print.
fn new_seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        let seed = RandomState::new().build_hasher().finish();
        let _ = writeln!(
            std::io::stderr(),
            "property tests: PROPTEST_RNG_SEED={seed}"
        );
        seed
    })
}

#[derive(Debug, Clone)]
pub enum Law {
    Linear,
    Capacity {
        occupants: Vec<usize>,
        capacity: f64,
    },
    MichaelisMenten {
        competitors: Vec<usize>,
        km: f64,
    },
    MassAction {
        others: Vec<usize>,
    },
    Blocked {
        load: Vec<usize>,
        half: f64,
    },
    Steady,
}

/// A transfer; its rate parameter stands apart so that it can be changed.
#[derive(Debug, Clone)]
pub struct Arrow {
    pub from: usize,
    pub to: usize,
    pub constant: f64,
    pub rate: f64,
    pub law: Law,
}

#[derive(Debug, Clone)]
pub enum Doing {
    MoveAll { from: usize, to: usize },
    MoveFixed { from: usize, to: usize, amount: f64 },
    Switch { arrow: usize, factor: f64 },
}

#[derive(Debug, Clone)]
pub struct Plan {
    pub initial: Vec<f64>,
    pub arrows: Vec<Arrow>,
    pub events: Vec<(f64, Doing)>,
}

fn sum(pools: &[usize], amounts: &[f64]) -> f64 {
    pools.iter().map(|pool| amounts[*pool]).sum()
}

impl Arrow {
    /// The rate, from the documented table of laws; `k` is the constant times the parameter.
    fn flow(&self, k: f64, y: &[f64]) -> f64 {
        let x = y[self.from];
        match &self.law {
            Law::Linear => k * x,
            Law::Capacity {
                occupants,
                capacity,
            } => k * x * (1.0 - sum(occupants, y) / capacity),
            Law::MichaelisMenten { competitors, km } => k * x / (km + x + sum(competitors, y)),
            Law::MassAction { others } => k * x * sum(others, y),
            Law::Blocked { load, half } => k * x * half / (half + sum(load, y)),
            Law::Steady => k,
        }
    }

    /// The change of the rate along `v`, by hand.
    fn flow_along(&self, k: f64, y: &[f64], v: &[f64]) -> f64 {
        let (x, dx) = (y[self.from], v[self.from]);
        match &self.law {
            Law::Linear => k * dx,
            Law::Capacity {
                occupants,
                capacity,
            } => k * (dx * (1.0 - sum(occupants, y) / capacity) - x * sum(occupants, v) / capacity),
            Law::MichaelisMenten { competitors, km } => {
                let load = km + x + sum(competitors, y);
                k * (dx * (load - x) - x * sum(competitors, v)) / (load * load)
            }
            Law::MassAction { others } => k * (dx * sum(others, y) + x * sum(others, v)),
            Law::Blocked { load, half } => {
                let whole = half + sum(load, y);
                k * half * (dx * whole - x * sum(load, v)) / (whole * whole)
            }
            Law::Steady => 0.0,
        }
    }
}

impl Plan {
    pub fn total(&self) -> f64 {
        self.initial.iter().sum()
    }

    /// Constant times parameter of every arrow.
    pub fn rates(&self) -> Vec<f64> {
        self.arrows
            .iter()
            .map(|arrow| arrow.constant * arrow.rate)
            .collect()
    }

    pub fn derivative(&self, y: &[f64], rates: &[f64], change: &mut [f64]) {
        change.fill(0.0);
        for (arrow, k) in self.arrows.iter().zip(rates) {
            let flow = arrow.flow(*k, y);
            change[arrow.from] -= flow;
            change[arrow.to] += flow;
        }
    }

    pub fn derivative_along(&self, y: &[f64], rates: &[f64], v: &[f64], change: &mut [f64]) {
        change.fill(0.0);
        for (arrow, k) in self.arrows.iter().zip(rates) {
            let flow = arrow.flow_along(*k, y, v);
            change[arrow.from] -= flow;
            change[arrow.to] += flow;
        }
    }

    /// The network with its pools in the order of the plan.
    pub fn network(&self) -> Network {
        self.network_in(&(0..self.initial.len()).collect::<Vec<_>>())
    }

    /// The network with its pools declared in another order; names stay.
    pub fn network_in(&self, order: &[usize]) -> Network {
        let mut builder = Network::builder("random");
        let mut pools = vec![None; order.len()];
        for &pool in order {
            pools[pool] = Some(builder.pool_with(format!("p{pool}"), self.initial[pool]));
        }
        let pools: Vec<_> = pools.into_iter().flatten().collect();
        let all = |list: &[usize]| list.iter().map(|pool| pools[*pool]).collect::<Vec<_>>();
        for (index, arrow) in self.arrows.iter().enumerate() {
            let parameter = builder.parameter(format!("rate{index}"), arrow.rate);
            let mut second = |value| builder.parameter(format!("size{index}"), value);
            let constant = arrow.constant;
            let law = match &arrow.law {
                Law::Linear => RateLaw::Linear {
                    constant,
                    parameter,
                },
                Law::Steady => RateLaw::Steady {
                    constant,
                    parameter,
                },
                Law::Capacity {
                    occupants,
                    capacity,
                } => RateLaw::Capacity {
                    constant,
                    parameter,
                    occupants: all(occupants),
                    capacity: second(*capacity),
                },
                Law::MichaelisMenten { competitors, km } => RateLaw::MichaelisMenten {
                    constant,
                    vmax: parameter,
                    km: second(*km),
                    competitors: all(competitors),
                },
                Law::MassAction { others } => RateLaw::MassAction {
                    constant,
                    parameter,
                    others: all(others),
                },
                Law::Blocked { load, half } => RateLaw::Blocked {
                    constant,
                    parameter,
                    load: all(load),
                    half: second(*half),
                },
            };
            builder.transfer(format!("t{index}"), pools[arrow.from], pools[arrow.to], law);
        }
        builder.build().unwrap()
    }

    /// The events for a network made by this plan.
    pub fn schedule(&self, network: &Network) -> Schedule {
        let pool = |index: usize| network.pool(&format!("p{index}")).unwrap();
        let mut schedule = Schedule::new();
        for (time, doing) in &self.events {
            let action = match *doing {
                Doing::MoveAll { from, to } => Action::Move {
                    from: pool(from),
                    to: pool(to),
                    amount: Amount::All,
                },
                Doing::MoveFixed { from, to, amount } => Action::Move {
                    from: pool(from),
                    to: pool(to),
                    amount: Amount::Fixed(amount),
                },
                Doing::Switch { arrow, factor } => Action::Set {
                    parameter: network.parameter(&format!("rate{arrow}")).unwrap(),
                    value: factor * self.arrows[arrow].rate,
                },
            };
            schedule.at(*time, vec![action]).unwrap();
        }
        schedule
    }

    /// A network file read by hand, with its pools in order; parameters are in the rates.
    pub fn from_json(text: &str) -> Self {
        let file: Value = serde_json::from_str(text).unwrap();
        let pools: Vec<&str> = file["pools"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(Value::as_str)
            .collect();
        let pool = |name: &Value| {
            pools
                .iter()
                .position(|p| Some(*p) == name.as_str())
                .unwrap()
        };
        let value = |name: &Value| file["parameters"][name.as_str().unwrap()].as_f64().unwrap();
        let many = |names: &Value| match names {
            Value::Null => vec![],
            Value::Array(names) => names.iter().map(pool).collect(),
            name => vec![pool(name)],
        };
        let arrow = |t: &Value| {
            let law = match t["law"].as_str().unwrap() {
                "linear" => Law::Linear,
                "steady" => Law::Steady,
                "capacity" => Law::Capacity {
                    occupants: many(&t["occupant"]),
                    capacity: value(&t["capacity"]),
                },
                "michaelis_menten" => Law::MichaelisMenten {
                    competitors: many(&t["competitor"]),
                    km: value(&t["km"]),
                },
                "mass_action" => Law::MassAction {
                    others: many(&t["other"]),
                },
                "blocked" => Law::Blocked {
                    load: many(&t["load"]),
                    half: value(&t["half"]),
                },
                other => unreachable!("no law {other} in this file"),
            };
            let rate = match law {
                Law::MichaelisMenten { .. } => "vmax",
                _ => "parameter",
            };
            let constant = t["constant"].as_f64().unwrap_or(1.0);
            Arrow {
                from: pool(&t["from"]),
                to: pool(&t["to"]),
                constant,
                rate: value(&t[rate]),
                law,
            }
        };
        let initial = pools.iter().map(|name| file["initial"][name].as_f64());
        let transfers = file["transfers"].as_array().unwrap();
        Self {
            initial: initial.map(Option::unwrap_or_default).collect(),
            arrows: transfers.iter().map(arrow).collect(),
            events: vec![],
        }
    }
}

/// The matrices of the second program.
pub type Sparse = diffsol::FaerSparseMat<f64>;

/// The plan as a problem of the second program, diffsol; the rates are its parameters.
///
/// A macro, because the type of such a problem holds those of its closures.
#[macro_export]
macro_rules! diffsol_problem {
    ($plan:expr, $rtol:expr, $atol:expr) => {
        diffsol::OdeBuilder::<$crate::strategies::Sparse>::new()
            .rtol($rtol)
            .atol([$atol])
            .p($plan.rates())
            .rhs_implicit(
                |y, p, _, change| $plan.derivative(y, p, change),
                |y, p, _, v, change| $plan.derivative_along(y, p, v, change),
            )
            .init(
                |_, _, y| y.copy_from_slice(&$plan.initial),
                $plan.initial.len(),
            )
            .build()
            .unwrap()
    };
}

/// Decades over which rates (1/h) and saturating amounts (in doses) are spread.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    pub rate: (f64, f64),
    pub size: (f64, f64),
}

/// Stiff, up to strong saturation.
pub const WIDE: Spread = Spread {
    rate: (-3.0, 3.0),
    size: (-3.0, 0.5),
};
/// Within reach of an explicit method.
pub const MILD: Spread = Spread {
    rate: (-2.0, 0.7),
    size: (-1.0, 0.5),
};

fn power((low, high): (f64, f64)) -> impl Strategy<Value = f64> {
    (low..high).prop_map(|exponent| 10.0_f64.powf(exponent))
}

/// Amounts that add up to the dose; some pools are empty.
fn amounts(pools: usize) -> impl Strategy<Value = Vec<f64>> {
    let share = prop_oneof![Just(0.0), 0.0..1.0];
    (0.1..1.0, prop::collection::vec(share, pools - 1)).prop_map(|(first, rest)| {
        let shares: Vec<f64> = std::iter::once(first).chain(rest).collect();
        let total: f64 = shares.iter().sum();
        shares.iter().map(|share| share / total * DOSE).collect()
    })
}

/// A chain through all pools and more arrows at random, all linear.
///
/// Nothing leaves the last `ends` pools.
pub fn linear_plans(
    pools: std::ops::RangeInclusive<usize>,
    ends: usize,
    rate: (f64, f64),
) -> impl Strategy<Value = Plan> {
    pools.prop_flat_map(move |n| {
        let chain = prop::collection::vec((power(rate), 0.1..2.0), n - 1);
        let more = prop::collection::vec((0..n - ends, 1..n, power(rate)), 0..2 * n);
        (amounts(n), chain, more).prop_map(move |(initial, chain, more)| {
            let linear = |(from, to, constant, rate)| Arrow {
                from,
                to,
                constant,
                rate,
                law: Law::Linear,
            };
            let chain = chain.into_iter().enumerate().map(|(i, (rate, constant))| {
                // The end pools hang on the last inner one.
                (i.min(n - 1 - ends.max(1)), i + 1, constant, rate)
            });
            let more = more
                .into_iter()
                .map(|(from, offset, rate)| (from, (from + offset) % n, 1.0, rate));
            let arrows = chain.chain(more).map(linear).collect();
            Plan {
                initial,
                arrows,
                events: vec![],
            }
        })
    })
}

/// An arrow of any law among `n` pools.
///
/// Pool `n` is the reservoir of the pumps; pool `n + 2` has room for `room` and is filled by
/// capacity arrows alone: an overfull pool would make the empty state of its source unstable, and
/// a rounding error below zero would grow for ever.
fn arrow(n: usize, room: f64, spread: Spread) -> impl Strategy<Value = Arrow> {
    let sizes = (0.1..2.0, power(spread.rate), power(spread.size));
    (0..7, 0..n, 1..n, 0..n, sizes).prop_map(
        move |(kind, from, offset, other, (constant, rate, size))| {
            let to = (from + offset) % n;
            let (to, rate, law) = match kind {
                0 => {
                    let (occupants, capacity) = (vec![n + 2], room);
                    (n + 2, rate, room_of(occupants, capacity))
                }
                1 => {
                    let (occupants, capacity) = (vec![to, other, from], (6.0 + size) * DOSE);
                    (to, rate, room_of(occupants, capacity))
                }
                2 => {
                    let km = size * DOSE;
                    let mut competitors = vec![to, other];
                    competitors.truncate(offset % 2 * 2);
                    (to, rate * km, Law::MichaelisMenten { competitors, km })
                }
                // A target that drives its own growth is as unstable when empty.
                3 => {
                    let others = vec![from, if other == to { from } else { other }];
                    (to, rate / DOSE, Law::MassAction { others })
                }
                // At most a sixth of the reservoir a pump and event within the time of the run.
                4 => (to, DOSE * 1e-4 * (1.0 + size), Law::Steady),
                5 => {
                    let even = offset % 2 == 0;
                    let load = if even { vec![from, to] } else { vec![other] };
                    let half = size * DOSE;
                    (to, rate, Law::Blocked { load, half })
                }
                _ => (to, rate, Law::Linear),
            };
            let from = if kind == 4 { n } else { from };
            Arrow {
                from,
                to,
                constant,
                rate,
                law,
            }
        },
    )
}

fn room_of(occupants: Vec<usize>, capacity: f64) -> Law {
    Law::Capacity {
        occupants,
        capacity,
    }
}

fn event(n: usize, arrows: usize) -> impl Strategy<Value = (f64, Doing)> {
    let time = prop_oneof![prop::sample::select(&TIMES[..]), 0.0..END];
    let doing = prop_oneof![
        (0..n, 1..n).prop_map(move |(from, by)| Doing::MoveAll {
            from,
            to: (from + by) % n
        }),
        // The syringe is pool n + 1, which no arrow touches.
        (0..n, 0.0..0.1).prop_map(move |(to, part)| {
            Doing::MoveFixed {
                from: n + 1,
                to,
                amount: part * DOSE,
            }
        }),
        (0..arrows, prop_oneof![Just(0.0), 0.0..3.0])
            .prop_map(|(arrow, factor)| Doing::Switch { arrow, factor }),
    ];
    (time, doing)
}

/// Networks of all laws with events; every path is positive and bounded.
pub fn plans(spread: Spread) -> impl Strategy<Value = Plan> {
    (3..9_usize, power(spread.size)).prop_flat_map(move |(n, room)| {
        let chain = prop::collection::vec(power(spread.rate), n);
        let more = prop::collection::vec(arrow(n, room * DOSE, spread), 1..2 * n);
        (amounts(n), chain, more).prop_flat_map(move |(mut initial, chain, more)| {
            // The reservoir of the pumps, the syringe, and the pool with little room.
            initial.extend([DOSE, DOSE, 0.0]);
            let linear = |(k, rate): (usize, f64)| {
                let (from, to) = if k + 1 < n { (k, k + 1) } else { (n + 2, 0) };
                Arrow {
                    from,
                    to,
                    constant: 1.0,
                    rate,
                    law: Law::Linear,
                }
            };
            let arrows: Vec<Arrow> = chain
                .into_iter()
                .enumerate()
                .map(linear)
                .chain(more)
                .collect();
            prop::collection::vec(event(n, arrows.len()), 0..6).prop_map(move |events| Plan {
                initial: initial.clone(),
                arrows: arrows.clone(),
                events,
            })
        })
    })
}
