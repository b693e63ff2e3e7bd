//! Promise: rate laws are what the documentation has them be, also where numerical amounts leave the domain: no
//! pole is met, what is below zero is refilled, and nothing jumps.
#![allow(clippy::unwrap_used)]

use biodist::network::{Network, ParameterId, PoolId, RateLaw};

const P: f64 = 3.0;
const HALF: f64 = 2.0;

/// Makes a law that looks at pools, with a rate parameter and a second one.
type Law = fn(Vec<PoolId>, ParameterId, ParameterId) -> RateLaw;

const CAPACITY: Law = |occupants, parameter, capacity| RateLaw::Capacity {
    constant: 1.0,
    parameter,
    occupants,
    capacity,
};
const SATURABLE: Law = |competitors, vmax, km| RateLaw::MichaelisMenten {
    constant: 1.0,
    vmax,
    km,
    competitors,
};
const DRIVEN: Law = |others, parameter, _| RateLaw::MassAction {
    constant: 1.0,
    parameter,
    others,
};
const BLOCKED: Law = |load, parameter, half| RateLaw::Blocked {
    constant: 1.0,
    parameter,
    load,
    half,
};

/// The rate of a law with `x` in its source and `y` in the one pool that it looks at.
fn rate(law: Law, x: f64, y: f64) -> f64 {
    let mut builder = Network::builder("one law");
    let (from, to) = (builder.pool("from"), builder.pool("to"));
    let seen = builder.pool_with("seen", 0.0);
    let (p, half) = (builder.parameter("p", P), builder.parameter("half", HALF));
    builder.transfer("t", from, to, law(vec![seen], p, half));
    let network = builder.build().unwrap();
    network.rates(&[x, 0.0, y]).unwrap()[0]
}

// Authority: the table of laws, by hand with p = 3 and a capacity, km or half of 2.
#[test]
fn inside_the_domain_the_table_holds() {
    let cases: [(Law, f64, f64, f64); 7] = [
        (CAPACITY, 4.0, 0.5, 9.0),
        (CAPACITY, 4.0, 2.0, 0.0),
        (CAPACITY, 4.0, 3.0, -6.0), // beyond capacity the law runs backwards
        (SATURABLE, 4.0, 0.0, 2.0),
        (SATURABLE, 4.0, 6.0, 1.0),
        (DRIVEN, 4.0, 5.0, 60.0),
        (BLOCKED, 4.0, 6.0, 3.0),
    ];
    for (law, x, y, expected) in cases {
        approx::assert_relative_eq!(rate(law, x, y), expected, max_relative = 1e-14);
    }
}

// Authority: by hand. A source below zero is refilled at the rate constant of an empty system, and a sum below zero
// counts as zero.
#[test]
fn below_zero_laws_refill_and_meet_no_pole() {
    let cases: [(Law, f64, f64, f64); 9] = [
        (CAPACITY, -4.0, 3.0, -12.0),
        (CAPACITY, 4.0, -2.0, 24.0),
        (SATURABLE, -4.0, 0.0, -6.0), // at -2, the pole of p x / (km + x), too
        (SATURABLE, -2.0, 0.0, -3.0),
        (SATURABLE, 4.0, -6.0, 2.0),
        (DRIVEN, -4.0, 5.0, -60.0),
        (DRIVEN, -4.0, -5.0, 0.0),
        (BLOCKED, 4.0, -2.0, 12.0),
        (BLOCKED, -4.0, 6.0, -3.0),
    ];
    for (law, x, y, expected) in cases {
        approx::assert_relative_eq!(rate(law, x, y), expected, max_relative = 1e-14);
    }
}

// Authority: a rate that is continuous changes by little over little.
#[test]
fn rates_do_not_jump_where_amounts_change_sign() {
    for law in [CAPACITY, SATURABLE, DRIVEN, BLOCKED] {
        for other in [-3.0, -1e-9, 0.0, 1e-9, 3.0] {
            for (below, above) in [
                ((-1e-9, other), (1e-9, other)),
                ((other, -1e-9), (other, 1e-9)),
            ] {
                let jump = rate(law, above.0, above.1) - rate(law, below.0, below.1);
                assert!(jump.abs() <= 1e-7, "{below:?} to {above:?}: {jump:e}");
            }
        }
    }
}
