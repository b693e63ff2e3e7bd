//! Promise: linear networks follow the matrix exponential, the matrix exponential follows the
//! formulas known by hand, and the fate of amounts is where their path ends.
#![allow(clippy::unwrap_used)]

mod strategies;

use biodist::network::{Network, RateLaw, Schedule};
use biodist::solver::{Fate, Options, exact, integrate};
use proptest::prelude::*;
use strategies::{DOSE, TIMES, config, linear_plans};

/// a -> b -> c with two rates; 5.0 in a.
fn chain(k1: f64, k2: f64) -> Network {
    let mut builder = Network::builder("chain");
    let (a, b, c) = (
        builder.pool_with("a", 5.0),
        builder.pool("b"),
        builder.pool("c"),
    );
    let first = builder.parameter("k1", k1);
    let second = builder.parameter("k2", k2);
    builder.transfer("a to b", a, b, RateLaw::linear(first));
    builder.transfer("b to c", b, c, RateLaw::linear(second));
    builder.build().unwrap()
}

/// Bateman's function, written so that it holds for equal rates too:
/// `b = a0 k1 t exp(-k1 t) g((k1 - k2) t)` with `g(x) = (exp(x) - 1) / x`.
fn bateman(k1: f64, k2: f64, t: f64) -> f64 {
    let x = (k1 - k2) * t;
    let g = if x.abs() < 1e-300 {
        1.0
    } else {
        x.exp_m1() / x
    };
    5.0 * k1 * t * (-k1 * t).exp() * g
}

// Authority: Bateman's function.
#[test]
fn the_matrix_exponential_follows_bateman_also_for_near_equal_rates() {
    let times = [0.0, 0.01, 0.5, 1.0, 7.0, 40.0];
    for k2 in [
        0.5,
        0.5 * (1.0 + 1e-15),
        0.5 * (1.0 + 1e-12),
        0.5 * (1.0 + 1e-8),
        0.5001,
        3.0,
        1e-4,
    ] {
        let network = chain(0.5, k2);
        let states = exact(&network, &times).unwrap();
        let run = integrate(
            &network,
            &Schedule::new(),
            &times,
            &Options::with_rtol(1e-10),
        )
        .unwrap();
        for ((t, state), solved) in times.iter().zip(&states).zip(run.states()) {
            let expected = bateman(0.5, k2, *t);
            assert!(
                (state[1] - expected).abs() <= 1e-13 * 5.0,
                "{k2} at {t}: {} not {expected}",
                state[1]
            );
            assert!(
                (solved[1] - expected).abs() <= 1e-8 * 5.0,
                "{k2} at {t}: {} not {expected}",
                solved[1]
            );
        }
    }
}

// Authority: by hand. A cell in a goes on to b with 3/4 and ends in c with 1/4; in b it goes back
// to a or ends in d, with 1/2 each. It is in a 1 / (1 - 3/8) = 1.6 times and in b 1.2 times.
#[test]
fn fate_of_a_small_network_by_hand() {
    let mut builder = Network::builder("by hand");
    let (a, b) = (builder.pool_with("a", 1.0), builder.pool("b"));
    let (c, d) = (builder.pool("c"), builder.pool("d"));
    for (id, from, to, rate) in [
        ("ab", a, b, 3.0),
        ("ac", a, c, 1.0),
        ("ba", b, a, 1.0),
        ("bd", b, d, 1.0),
    ] {
        let parameter = builder.parameter(id, rate);
        builder.transfer(id, from, to, RateLaw::linear(parameter));
    }
    let network = builder.build().unwrap();
    let fate = Fate::new(&network, network.initial()).unwrap();
    let near = |found: f64, expected: f64| {
        assert!((found - expected).abs() < 1e-14, "{found} not {expected}")
    };
    for (pool, time, ending) in [(a, 0.4, 0.0), (b, 0.6, 0.0), (c, 0.0, 0.4), (d, 0.0, 0.6)] {
        near(fate.time(pool), time);
        near(fate.ending(pool), ending);
    }
    for (transfer, passages) in [1.2, 0.4, 0.6, 0.6].into_iter().enumerate() {
        near(fate.passages(transfer), passages);
    }
}

proptest! {
    #![proptest_config(config(256))]

    // Authority: the matrix exponential, held by the tests above and by the next property.
    #[test]
    fn random_linear_networks_follow_the_matrix_exponential(plan in linear_plans(2..=12, 0, (-3.0, 3.0))) {
        let network = plan.network();
        let run = integrate(&network, &Schedule::new(), &TIMES, &Options::with_rtol(1e-10)).unwrap();
        let exact = exact(&network, &TIMES).unwrap();
        for ((time, found), expected) in TIMES.iter().zip(run.states()).zip(&exact) {
            for (pool, (found, expected)) in found.iter().zip(expected).enumerate() {
                let difference = (found - expected).abs() / DOSE;
                prop_assert!(difference <= 1e-8, "pool {pool} at {time} h: {difference:e} of the dose");
            }
        }
    }

    // Authority: algebra. exp(A(s + t)) = exp(A t) exp(A s), and columns of A sum to zero.
    #[test]
    fn the_matrix_exponential_keeps_the_total_and_can_be_split(
        plan in linear_plans(2..=12, 0, (-3.0, 3.0)), s in 0.0..10.0, t in 0.0..10.0,
    ) {
        let mut network = plan.network();
        let [half, whole]: [Vec<f64>; 2] = exact(&network, &[s, s + t]).unwrap().try_into().unwrap();
        for (pool, amount) in half.iter().enumerate() {
            prop_assert!(*amount >= -1e-10 * DOSE);
            network.set_initial(&format!("p{pool}"), amount.max(0.0)).unwrap();
        }
        let again = &exact(&network, &[t]).unwrap()[0];
        for (again, whole) in again.iter().zip(&whole) {
            prop_assert!((again - whole).abs() <= 1e-10 * DOSE);
        }
        prop_assert!((whole.iter().sum::<f64>() - DOSE).abs() <= 1e-10 * DOSE);
    }
}

proptest! {
    #![proptest_config(config(64))]

    // Authority: the path itself. What has not ended at the last time bounds the difference.
    #[test]
    fn fate_is_where_the_path_ends(plan in linear_plans(4..=8, 2, (-1.0, 1.0))) {
        let network = plan.network();
        let fate = Fate::new(&network, network.initial()).unwrap();
        let options = Options { atol: Some(1e-9), ..Options::with_rtol(1e-9) };
        let run = integrate(&network, &Schedule::new(), &[0.0, 1e6], &options).unwrap();
        let (pools, last) = (network.pools().len(), run.state(1).unwrap());
        let left: f64 = last[..pools - 2].iter().sum();
        prop_assert!(left.abs() <= 1e-7 * DOSE, "not at the end yet: {left:e}");
        for (pool, amount) in last.iter().enumerate().skip(pools - 2) {
            let ending = fate.ending(network.pool(&network.pools()[pool]).unwrap());
            prop_assert!((ending - amount).abs() <= 1e-6 * DOSE, "pool {pool}: {ending} not {amount}");
        }
        // What leaves a pool is what was there at first and what came in.
        for (pool, first) in network.initial().iter().enumerate().take(pools - 2) {
            let flow = |ends: &dyn Fn(usize) -> usize| -> f64 {
                (0..plan.arrows.len()).filter(|k| ends(*k) == pool).map(|k| fate.passages(k)).sum()
            };
            let (out, into) = (flow(&|k| plan.arrows[k].from), flow(&|k| plan.arrows[k].to));
            prop_assert!((out - into - first).abs() <= 1e-9 * (out + DOSE));
        }
    }
}
