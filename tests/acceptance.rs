//! Promise: a step is accepted only if its end and the path inside it are right; where no step can be right, the
//! run ends with an error that names the pool.
#![allow(clippy::unwrap_used)]

mod hosts;
mod strategies;

use biodist::network::{Network, RateLaw, Schedule};
use biodist::prelude::*;
use biodist::scenario::Response;
use biodist::solver::{
    Ensemble, Method, Options, SolverError, Subject, Trajectory, integrate, sensitivities,
};
use hosts::scenarios;
use proptest::prelude::*;
use strategies::config;

const TOLERANCES: [f64; 4] = [1e-3, 1e-4, 1e-6, 1e-8];

/// A bed of 100 seats in which another class holds 300: it drives what is lodged of an empty class back, and so
/// takes what is not there.
fn overfull() -> Network {
    let mut builder = Network::builder("overfull");
    let (blood, first) = (builder.pool_with("blood", 50.0), builder.pool("first"));
    let (second, out) = (builder.pool_with("second", 300.0), builder.pool("out"));
    let (k, loss) = (builder.parameter("k", 1.0), builder.parameter("loss", 0.01));
    let room = builder.parameter("room", 100.0);
    let law = RateLaw::Capacity {
        constant: 1.0,
        parameter: k,
        occupants: vec![first, second],
        capacity: room,
    };
    builder.transfer("lodging", blood, first, law);
    builder.transfer("loss", second, out, RateLaw::linear(loss));
    builder.build().unwrap()
}

fn names_first<T>(result: Result<T, SolverError>) -> bool {
    matches!(result, Err(SolverError::BelowZero { pool, amount, .. }) if pool == "first" && amount < 0.0)
}

// Authority: by hand, the amount in `first` starts at 0 with a slope of 50 (1 - 300/100) = -100 per h.
#[test]
fn what_is_not_there_cannot_be_taken() {
    let (network, schedule, times) = (overfull(), Schedule::new(), [1.0, 10.0]);
    let parameter = network.parameter("k").unwrap();
    for rtol in TOLERANCES {
        let options = Options::with_rtol(rtol);
        assert!(names_first(integrate(
            &network, &schedule, &times, &options
        )));
        let found = sensitivities(&network, &schedule, &times, &options, &[parameter]);
        assert!(names_first(found));
        let explicit = Options {
            method: Method::Dop853,
            ..options
        };
        assert!(names_first(integrate(
            &network, &schedule, &times, &explicit
        )));
        let ensemble = Ensemble::new(&network, &schedule, &times, &options).unwrap();
        let mut seen = 0;
        ensemble.run(vec![Subject::of(&network); 3], |_, outcome| {
            seen += 1;
            assert!(names_first(outcome.map(|_| ())));
        });
        assert_eq!(seen, 3);
    }
}

/// A pool filled from a reservoir of 1e15 at a constant rate and emptied a million times faster than the outputs
/// at the end of the run need.
fn transient() -> Network {
    let mut builder = Network::builder("transient");
    let (reservoir, fast) = (builder.pool_with("reservoir", 1e15), builder.pool("fast"));
    let out = builder.pool("out");
    let (leak, loss) = (
        builder.parameter("leak", 1e-9),
        builder.parameter("loss", 1e5),
    );
    builder.transfer("leak", reservoir, fast, RateLaw::linear(leak));
    builder.transfer("loss", fast, out, RateLaw::linear(loss));
    builder.build().unwrap()
}

// Authority: the closed form of two pools in a row.
#[test]
fn a_change_inside_a_step_is_seen() {
    let times: Vec<f64> = (-12..=8).map(|k| 10_f64.powf(f64::from(k) / 2.0)).collect();
    let exact = |t: f64| 1e15 * 1e-9 / (1e5 - 1e-9) * ((-1e-9 * t).exp() - (-1e5 * t).exp());
    for rtol in TOLERANCES {
        let run = integrate(
            &transient(),
            &Schedule::new(),
            &times,
            &Options::with_rtol(rtol),
        )
        .unwrap();
        for (time, state) in times.iter().zip(run.states()) {
            let error = (state[1] - exact(*time)).abs() / exact(1.0);
            assert!(
                error <= 20.0 * rtol,
                "rtol {rtol:e}, {time} h: off by {error:e} of the plateau"
            );
        }
    }
}

// Authority: the logistic function, from one cell among 1e12, also where a second reservoir holds 1e15.
#[test]
fn growth_from_one_cell_is_followed() {
    let times = [10.0, 20.0, 27.0, 28.0, 30.0, 40.0];
    let total = 1e12;
    for beside in [0.0, 1e15] {
        let mut builder = Network::builder("growth");
        let (rest, cell) = (
            builder.pool_with("rest", total - 1.0),
            builder.pool_with("cell", 1.0),
        );
        let (full, empty) = (
            builder.pool_with("full", beside),
            builder.pool_with("empty", 0.0),
        );
        let (k, slow) = (
            builder.parameter("k", 1.0 / total),
            builder.parameter("slow", 1e-3),
        );
        let law = RateLaw::MassAction {
            constant: 1.0,
            parameter: k,
            others: vec![cell],
        };
        builder.transfer("conversion", rest, cell, law);
        builder.transfer("beside", full, empty, RateLaw::linear(slow));
        let network = builder.build().unwrap();
        for rtol in TOLERANCES {
            let run = integrate(
                &network,
                &Schedule::new(),
                &times,
                &Options::with_rtol(rtol),
            )
            .unwrap();
            for (time, state) in times.iter().zip(run.states()) {
                let exact = total / (1.0 + (total - 1.0) * (-time).exp());
                let error = (state[1] / exact - 1.0).abs();
                assert!(
                    error <= 20.0 * rtol,
                    "rtol {rtol:e}, {time} h: {error:e} off"
                );
            }
        }
    }
}

/// The living cells of a run at its times, pool by pool.
fn cells(run: &Run) -> Vec<Vec<f64>> {
    let pools = run.model.atlas.keys().len();
    run.trajectory
        .states()
        .map(|state| state[..pools].to_vec())
        .collect()
}

proptest! {
    #![proptest_config(config(48))]

    // Authority: a response that does not act on the cells cannot change them.
    #[test]
    fn one_way_gives_the_cells_of_no_response(mut scenario in scenarios()) {
        scenario.response = None;
        let alone = scenario.simulate().unwrap();
        scenario.response = Some(Response::OneWay);
        let beside = scenario.simulate().unwrap();
        let (alone, beside) = (cells(&alone), cells(&beside));
        let dose: f64 = alone[0].iter().sum();
        let highest = |pool: usize| alone.iter().map(|state| state[pool]).fold(1e-9 * dose, f64::max);
        for (a, b) in alone.iter().zip(&beside) {
            for (pool, (a, b)) in a.iter().zip(b).enumerate() {
                let scale = highest(pool);
                prop_assert!((a - b).abs() <= 1e-4 * scale, "pool {pool}: {a:e} alone, {b:e} beside");
            }
        }
    }
}

fn amounts(run: &Trajectory) -> Vec<f64> {
    run.states().flatten().copied().collect()
}

// Authority: two networks that share no pool do not know each other.
#[test]
fn a_reservoir_beside_a_network_changes_little() {
    let alone = |with: bool| {
        let mut builder = Network::builder("beside");
        let (a, b) = (builder.pool_with("a", 10.0), builder.pool("b"));
        let k = builder.parameter("k", 3.0);
        builder.transfer("decay", a, b, RateLaw::linear(k));
        if with {
            let (c, d) = (builder.pool_with("c", 1e15), builder.pool("d"));
            builder.transfer("other", c, d, RateLaw::linear(k));
        }
        builder.build().unwrap()
    };
    for rtol in TOLERANCES {
        let times = [1.0, 3.0];
        let run = integrate(
            &alone(true),
            &Schedule::new(),
            &times,
            &Options::with_rtol(rtol),
        )
        .unwrap();
        let found = amounts(&run);
        for (k, time) in times.iter().enumerate() {
            let exact = 10.0 * (-3.0 * time).exp();
            assert!(
                (found[4 * k] - exact).abs() <= 10.0 * rtol * exact.max(1e-5),
                "{rtol:e}: {found:?}"
            );
        }
    }
}
