//! Promise: networks whose solution is known by pen and paper are solved to the tolerance, at
//! the requested times, between steps and across events.
//!
//! Every expected value is a formula in this file; the derivation is in a line above it.
#![allow(clippy::unwrap_used)]

mod strategies;

use biodist::network::{Action, Amount, Network, NetworkBuilder, PoolId, RateLaw, Schedule};
use biodist::solver::{Method, Options, Trajectory, integrate};
use proptest::prelude::*;
use strategies::config;

fn strict() -> Options {
    Options::with_rtol(1e-10)
}

fn grid(end: f64, count: usize) -> Vec<f64> {
    (0..=count).map(|k| end * k as f64 / count as f64).collect()
}

fn solve(network: &Network, schedule: &Schedule, times: &[f64]) -> Trajectory {
    integrate(network, schedule, times, &strict()).unwrap()
}

/// The largest difference from the formula, at the outputs and at times between them.
fn error(run: &Trajectory, pool: PoolId, formula: impl Fn(f64) -> f64) -> f64 {
    let end = run.span().1;
    let between = (0..1000).map(|k| end * (f64::from(k) + 0.5) / 1000.0);
    let times = run.times().iter().copied().chain(between);
    times
        .map(|t| (run.at(t).unwrap()[pool.index()] - formula(t)).abs())
        .fold(0.0, f64::max)
}

fn check(network: &Network, times: &[f64], pool: PoolId, formula: impl Fn(f64) -> f64) {
    let run = solve(network, &Schedule::new(), times);
    let error = error(&run, pool, formula);
    let total = run.total();
    assert!(
        error <= 1e-8 * total,
        "{}: off by {:e} of the total",
        network.name(),
        error / total
    );
}

/// Two pools and one transfer.
fn two(
    name: &str,
    a: f64,
    b: f64,
    law: impl Fn(&mut NetworkBuilder, PoolId, PoolId) -> RateLaw,
) -> (Network, PoolId, PoolId) {
    let mut builder = Network::builder(name);
    let (from, to) = (builder.pool_with("a", a), builder.pool_with("b", b));
    let law = law(&mut builder, from, to);
    builder.transfer("a to b", from, to, law);
    (builder.build().unwrap(), from, to)
}

fn decay(amount: f64, k: f64) -> (Network, PoolId, PoolId) {
    two("decay", amount, 0.0, |builder, _, _| {
        RateLaw::linear(builder.parameter("k", k))
    })
}

// a' = -k a.
#[test]
fn one_pool_decays() {
    for k in [1e-3, 0.3, 50.0] {
        let (network, a, b) = decay(1e6, k);
        check(&network, &grid(24.0, 24), a, |t| 1e6 * (-k * t).exp());
        check(&network, &grid(24.0, 24), b, |t| -1e6 * (-k * t).exp_m1());
    }
}

// Bateman: b = a0 k1 (exp(-k1 t) - exp(-k2 t)) / (k2 - k1).
#[test]
fn a_chain_of_two_follows_bateman() {
    for (k1, k2) in [(0.2, 0.5), (3.0, 0.01), (0.1, 40.0)] {
        let mut builder = Network::builder("Bateman");
        let a = builder.pool_with("a", 5.0);
        let (b, c) = (builder.pool("b"), builder.pool("c"));
        let first = builder.parameter("k1", k1);
        let second = builder.parameter("k2", k2);
        builder.transfer("a to b", a, b, RateLaw::linear(first));
        builder.transfer("b to c", b, c, RateLaw::linear(second));
        let network = builder.build().unwrap();
        check(&network, &grid(30.0, 10), b, |t| {
            5.0 * k1 * ((-k1 * t).exp() - (-k2 * t).exp()) / (k2 - k1)
        });
    }
}

// x' = r - k x while the pump runs, x' = -k x before and after.
#[test]
fn a_pump_starts_and_stops() {
    let (rate, k, start, stop) = (7.0, 0.4, 2.0, 9.0);
    let mut builder = Network::builder("pump");
    let bag = builder.pool_with("bag", 100.0);
    let (x, gone) = (builder.pool("x"), builder.pool("gone"));
    let pump = builder.parameter("pump", 0.0);
    let loss = builder.parameter("loss", k);
    builder.transfer(
        "infusion",
        bag,
        x,
        RateLaw::Steady {
            constant: 0.5,
            parameter: pump,
        },
    );
    builder.transfer("elimination", x, gone, RateLaw::linear(loss));
    let network = builder.build().unwrap();
    let mut schedule = Schedule::new();
    // Added in the wrong order on purpose.
    schedule
        .at(
            stop,
            vec![Action::Set {
                parameter: pump,
                value: 0.0,
            }],
        )
        .unwrap();
    schedule
        .at(
            start,
            vec![Action::Set {
                parameter: pump,
                value: 2.0 * rate,
            }],
        )
        .unwrap();
    let run = solve(&network, &schedule, &grid(20.0, 20));
    let level = |t: f64| -rate / k * (-k * t).exp_m1();
    let error_x = error(&run, x, |t| match t {
        t if t < start => 0.0,
        t if t < stop => level(t - start),
        t => level(stop - start) * (-k * (t - stop)).exp(),
    });
    assert!(error_x <= 1e-7, "off by {error_x:e}");
    let error_bag = error(&run, bag, |t| 100.0 - rate * (t.clamp(start, stop) - start));
    assert!(error_bag <= 1e-7, "off by {error_bag:e}");
}

/// The root of an increasing function.
fn root(function: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..200 {
        let middle = low.midpoint(high);
        if function(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    low.midpoint(high)
}

// x' = -V x / (K + x) integrates to x + K ln x = x0 + K ln x0 - V t; solved for u = ln x.
#[test]
fn michaelis_menten_follows_its_implicit_solution() {
    for (x0, vmax, km) in [(100.0, 10.0, 5.0), (1.0, 3.0, 50.0), (1000.0, 60.0, 0.5)] {
        let (network, a, _) = two("Michaelis-Menten", x0, 0.0, |builder, _, _| {
            RateLaw::MichaelisMenten {
                constant: 2.0,
                vmax: builder.parameter("vmax", vmax / 2.0),
                km: builder.parameter("km", km),
                competitors: vec![],
            }
        });
        check(&network, &grid(24.0, 12), a, |t| {
            let known = x0 + km * x0.ln() - vmax * t;
            root(|u| u.exp() + km * u - known, -2000.0, x0.ln() + 1.0).exp()
        });
    }
}

// With a competitor that stays put, K becomes K + competitor.
#[test]
fn a_competitor_raises_the_half_saturation() {
    let (x0, vmax, km, rival) = (100.0, 10.0, 5.0, 20.0);
    let mut builder = Network::builder("competition");
    let (a, b) = (builder.pool_with("a", x0), builder.pool("b"));
    let still = builder.pool_with("rival", rival);
    let law = RateLaw::MichaelisMenten {
        constant: 1.0,
        vmax: builder.parameter("vmax", vmax),
        km: builder.parameter("km", km),
        competitors: vec![still],
    };
    builder.transfer("a to b", a, b, law);
    let load = km + rival;
    check(&builder.build().unwrap(), &grid(24.0, 12), a, |t| {
        let known = x0 + load * x0.ln() - vmax * t;
        root(|u| u.exp() + load * u - known, -2000.0, x0.ln() + 1.0).exp()
    });
}

// y' = k (S - y)(1 - y / C): by partial fractions (S - y) / (C - y) = (S / C) exp(k (S - C) t / C).
#[test]
fn filling_up_follows_the_closed_form() {
    for (total, capacity, k) in [(100.0, 30.0, 0.2), (100.0, 300.0, 0.2), (1e6, 1e3, 0.01)] {
        let (network, _, b) = two("capacity", total, 0.0, |builder, _, to| RateLaw::Capacity {
            constant: 1.0,
            parameter: builder.parameter("k", k),
            occupants: vec![to],
            capacity: builder.parameter("capacity", capacity),
        });
        check(&network, &grid(24.0, 12), b, |t| {
            // Divided by the exponential where it would overflow.
            let exponent = k * (total - capacity) * t / capacity;
            let ratio = capacity / total * (-exponent).exp();
            (capacity - total * ratio) / (1.0 - ratio)
        });
    }
}

// y' = k (S - y) y is the logistic equation.
#[test]
fn growth_on_the_target_is_logistic() {
    let (total, first, k) = (1000.0, 1.0, 1e-3);
    let (network, _, b) = two("logistic", total - first, first, |builder, _, to| {
        RateLaw::MassAction {
            constant: 1.0,
            parameter: builder.parameter("k", k),
            others: vec![to],
        }
    });
    check(&network, &grid(24.0, 12), b, |t| {
        total / (1.0 + (total / first - 1.0) * (-k * total * t).exp())
    });
}

/// A + B leave together: two transfers with one rate.
fn pairing(a0: f64, b0: f64, k: f64) -> (Network, PoolId) {
    let mut builder = Network::builder("pairing");
    let (a, b) = (builder.pool_with("a", a0), builder.pool_with("b", b0));
    let (c, d) = (builder.pool("c"), builder.pool("d"));
    let parameter = builder.parameter("k", k);
    let law = |other| RateLaw::MassAction {
        constant: 1.0,
        parameter,
        others: vec![other],
    };
    builder.transfer("a leaves", a, c, law(b));
    builder.transfer("b leaves", b, d, law(a));
    (builder.build().unwrap(), a)
}

// a' = b' = -k a b: a = a0 D / (a0 - b0 exp(-k D t)) with D = a0 - b0; a0 / (1 + k a0 t) if D = 0.
#[test]
fn two_kinds_that_pair_follow_the_second_order_law() {
    let k = 0.05;
    for (a0, b0) in [(10.0, 4.0), (4.0, 10.0)] {
        let (network, a) = pairing(a0, b0, k);
        let gap: f64 = a0 - b0;
        check(&network, &grid(24.0, 12), a, |t| {
            a0 * gap / (a0 - b0 * (-k * gap * t).exp())
        });
    }
    let (network, a) = pairing(8.0, 8.0, k);
    check(&network, &grid(24.0, 12), a, |t| 8.0 / (1.0 + k * 8.0 * t));
}

// Superposition: every bolus decays on its own.
#[test]
fn boluses_add_up() {
    let k = 0.3;
    let mut builder = Network::builder("boluses");
    let syringe = builder.pool_with("syringe", 60.0);
    let (a, b) = (builder.pool("a"), builder.pool("b"));
    let parameter = builder.parameter("k", k);
    builder.transfer("a to b", a, b, RateLaw::linear(parameter));
    let network = builder.build().unwrap();
    let doses = [(0.0, 10.0), (1.5, 20.0), (1.5, 5.0), (8.0, 25.0)];
    let mut schedule = Schedule::new();
    for (time, amount) in doses {
        let amount = Amount::Fixed(amount);
        schedule
            .at(
                time,
                vec![Action::Move {
                    from: syringe,
                    to: a,
                    amount,
                }],
            )
            .unwrap();
    }
    let run = solve(&network, &schedule, &[0.0, 1.5, 3.0, 8.0, 12.0]);
    let error = error(&run, a, |t| {
        doses
            .iter()
            .filter(|(time, _)| *time <= t)
            .map(|(time, dose)| dose * (-k * (t - time)).exp())
            .sum()
    });
    assert!(error <= 1e-7, "off by {error:e}");
}

// By hand: all of `a` goes to `b` and then on to `c`, or the other way about.
#[test]
fn events_at_one_time_happen_in_the_order_they_were_added() {
    let mut builder = Network::builder("order");
    let (a, b, c) = (
        builder.pool_with("a", 1.0),
        builder.pool_with("b", 2.0),
        builder.pool_with("c", 4.0),
    );
    let network = builder.build().unwrap();
    let all = |from, to| {
        vec![Action::Move {
            from,
            to,
            amount: Amount::All,
        }]
    };
    let result = |events: &[Vec<Action>]| {
        let mut schedule = Schedule::new();
        for actions in events {
            schedule.at(3.0, actions.clone()).unwrap();
        }
        solve(&network, &schedule, &[0.0, 3.0, 5.0]).pool(c.index())
    };
    assert_eq!(result(&[all(a, b), all(b, c)]), [4.0, 7.0, 7.0]);
    assert_eq!(result(&[all(b, c), all(a, b)]), [4.0, 6.0, 6.0]);
    // The same for the actions of one event.
    assert_eq!(result(&[[all(a, b), all(b, c)].concat()]), [4.0, 7.0, 7.0]);
    assert_eq!(result(&[[all(b, c), all(a, b)].concat()]), [4.0, 6.0, 6.0]);
}

proptest! {
    #![proptest_config(config(256))]

    // By definition: what an event leaves in a pool does not depend on what was there.
    #[test]
    fn an_output_at_an_event_shows_the_state_after_it(
        k in -3.0..2.0, first in 0.0..12.0, second in 0.1..12.0, rtol in -9.0..-3.0, explicit: bool,
    ) {
        let (network, a, b) = decay(1.0, 10.0_f64.powf(k));
        let times = [first, first + second, 30.0];
        let mut schedule = Schedule::new();
        for time in times {
            schedule.at(time, vec![Action::Move { from: a, to: b, amount: Amount::All }]).unwrap();
            schedule.at(time, vec![Action::Move { from: b, to: a, amount: Amount::Fixed(0.25) }]).unwrap();
        }
        let method = if explicit { Method::Dop853 } else { Method::Rodas5P };
        let options = Options { method, ..Options::with_rtol(10.0_f64.powf(rtol)) };
        let run = integrate(&network, &schedule, &times, &options).unwrap();
        for (time, amount) in times.iter().zip(run.pool(a.index())) {
            prop_assert!((amount - 0.25).abs() < 1e-12, "{amount} in a at {time} h");
            prop_assert!((run.at(*time).unwrap()[a.index()] - 0.25).abs() < 1e-12);
        }
    }
}

/// Error and number of steps at a tolerance on the pairing network, whose solution is known.
fn ladder(rtol: f64) -> (f64, f64) {
    let (a0, b0, k) = (10.0_f64, 4.0_f64, 0.05_f64);
    let (network, a) = pairing(a0, b0, k);
    let options = Options {
        atol: Some(rtol),
        ..Options::with_rtol(rtol)
    };
    let run = integrate(&network, &Schedule::new(), &[0.0, 24.0], &options).unwrap();
    let exact = |t: f64| a0 * (a0 - b0) / (a0 - b0 * (-k * (a0 - b0) * t).exp());
    let worst = (0..run.pieces()).map(|piece| {
        let start = run.piece_span(piece).0;
        (run.sum_within(piece, 0.0, &[a.index()]) - exact(start)).abs()
    });
    (worst.fold(0.0, f64::max), run.statistics().steps as f64)
}

// A method of order 5 makes an error that falls with the fifth power of the number of steps.
#[test]
fn the_error_falls_with_the_tolerance_at_the_order_of_the_method() {
    let rungs: Vec<(f64, f64)> = [1e-4, 1e-6, 1e-8, 1e-10, 1e-12]
        .into_iter()
        .map(ladder)
        .collect();
    for pair in rungs.windows(2) {
        assert!(
            pair[1].0 < 0.1 * pair[0].0,
            "a hundredfold tighter, and only {rungs:?}"
        );
    }
    let (first, last) = (rungs[1], rungs[4]);
    let order = (first.0 / last.0).ln() / (last.1 / first.1).ln();
    assert!(
        (4.3..6.0).contains(&order),
        "observed order {order:.2} of {rungs:?}"
    );
}

// The polynomial between two steps is of order 4: the same ladder, one power lower.
#[test]
fn the_path_between_steps_is_as_good_as_the_tolerance() {
    for (rtol, allowed) in [(1e-4, 1e-3), (1e-6, 1e-5), (1e-8, 1e-7), (1e-10, 1e-9)] {
        let (network, a, _) = decay(1.0, 0.7);
        let run = integrate(
            &network,
            &Schedule::new(),
            &[10.0],
            &Options::with_rtol(rtol),
        )
        .unwrap();
        let error = error(&run, a, |t| (-0.7 * t).exp());
        assert!(
            error <= allowed,
            "rtol {rtol:e}: off by {error:e} between steps"
        );
    }
}
