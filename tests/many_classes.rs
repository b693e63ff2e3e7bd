//! Promise: many pools that share one sum cost no more each than a few do.
#![allow(clippy::unwrap_used)] // a test may fail loudly

use biodist::network::{Action, Amount, Network, RateLaw, Schedule};
use biodist::solver::{
    Ensemble, Integrator, Keep, Method, Options, Subject, integrate, sensitivities,
};

/// Classes of cells, each with its own rate, that lodge in one organ with room for some of them, leave
/// it again, and are taken up by one kind of cell that slows as their sum grows.
fn classes(count: usize) -> Network {
    let mut builder = Network::builder("classes");
    let debris = builder.pool("debris");
    let room = builder.parameter("room", 40.0);
    let half = builder.parameter("half", 30.0);
    let uptake = builder.parameter("uptake", 0.2);
    let leave = builder.parameter("leave", 0.3);
    let mut pools = vec![];
    for class in 0..count {
        let free = builder.pool_with(format!("free{class}"), 100.0 / count as f64);
        pools.push((free, builder.pool(format!("lodged{class}"))));
    }
    let lodged: Vec<_> = pools.iter().map(|(_, lodged)| *lodged).collect();
    for (class, &(free, own)) in pools.iter().enumerate() {
        let rate = 0.5 + class as f64 / count as f64;
        let lodge = builder.parameter(format!("lodge{class}"), rate);
        let law = RateLaw::Capacity {
            constant: 1.0,
            parameter: lodge,
            occupants: lodged.clone(),
            capacity: room,
        };
        builder.transfer(format!("lodge{class}"), free, own, law);
        builder.transfer(format!("leave{class}"), own, free, RateLaw::linear(leave));
        let law = RateLaw::Blocked {
            constant: 1.0,
            parameter: uptake,
            load: lodged.clone(),
            half,
        };
        builder.transfer(format!("uptake{class}"), own, debris, law);
    }
    builder.build().unwrap()
}

#[test]
fn the_work_grows_with_the_pools_and_not_with_their_square() {
    let entries = |count| Integrator::new(&classes(count)).unwrap().factor_entries().0;
    let (some, many) = (entries(50), entries(200));
    assert!(
        many <= 5 * some,
        "{some} entries for 50 classes, {many} for 200"
    );
}

/// Authority: the explicit method, which knows neither matrices nor sums.
#[test]
fn sums_as_unknowns_agree_with_the_explicit_method() {
    let network = classes(60);
    let times = [0.1, 1.0, 5.0, 20.0];
    let run = |method, rtol| {
        let options = Options {
            method,
            keep: Keep::Outputs,
            ..Options::with_rtol(rtol)
        };
        integrate(&network, &Schedule::new(), &times, &options).unwrap()
    };
    let (stiff, explicit) = (run(Method::Rodas5P, 1e-9), run(Method::Dop853, 1e-11));
    for (stiff, explicit) in stiff.states().zip(explicit.states()) {
        for (stiff, explicit) in stiff.iter().zip(explicit) {
            assert!((stiff - explicit).abs() <= 1e-8, "{stiff} {explicit}");
        }
        let total: f64 = stiff.iter().sum();
        assert!((total - 100.0).abs() <= 1e-11, "{total}");
    }
}

/// Some of the cells leave at once, so that every sum jumps.
fn jump(network: &Network) -> Schedule {
    let pool = |name: &str| network.pool(name).unwrap();
    let (from, to) = (pool("lodged7"), pool("debris"));
    let amount = Amount::All;
    let mut schedule = Schedule::new();
    schedule
        .at(2.0, vec![Action::Move { from, to, amount }])
        .unwrap();
    schedule
}

/// Authority: central differences of two runs at a tight tolerance.
#[test]
fn sensitivities_agree_with_differences_across_a_jump_of_the_sums() {
    let network = classes(60);
    let schedule = jump(&network);
    let (times, options) = ([1.0, 3.0, 10.0], Options::with_rtol(1e-10));
    let names = ["room", "half", "leave", "lodge7"];
    let ids = names.map(|name| network.parameter(name).unwrap());
    let found = sensitivities(&network, &schedule, &times, &options, &ids).unwrap();
    let pool = network.pool("lodged40").unwrap();
    for (name, id) in names.iter().zip(ids) {
        let value = network.values()[id.index()];
        let moved = |factor: f64| {
            let mut network = network.clone();
            network.set(name, value * factor).unwrap();
            let run = integrate(&network, &schedule, &times, &options).unwrap();
            run.pool(pool.index())
        };
        let (more, less) = (moved(1.001), moved(0.999));
        let found = found.of(pool, id).unwrap();
        for ((found, more), less) in found.iter().zip(&more).zip(&less) {
            let expected = (more - less) / (0.002 * value);
            let off = (found - expected).abs() / expected.abs();
            assert!(off < 1e-5, "{name}: {found} {expected}");
        }
    }
}

/// Authority: a run of its own, to the bit.
#[test]
fn subjects_side_by_side_agree_with_runs_of_their_own() {
    let network = classes(60);
    let schedule = jump(&network);
    let (times, options) = ([1.0, 3.0, 10.0], Options::with_rtol(1e-5));
    let ensemble = Ensemble::new(&network, &schedule, &times, &options).unwrap();
    let half = |k: usize| 10.0 + 5.0 * k as f64;
    let subjects = (0..11).map(|k| {
        Subject::of(&network)
            .with(&network, "half", half(k))
            .unwrap()
    });
    let mut told = 0;
    ensemble.run(subjects, |k, outcome| {
        let mut network = network.clone();
        network.set("half", half(k)).unwrap();
        let alone = integrate(&network, &schedule, &times, &options).unwrap();
        for (found, alone) in outcome.unwrap().states().zip(alone.states()) {
            let same = found
                .iter()
                .zip(alone)
                .all(|(f, a)| f.to_bits() == a.to_bits());
            assert!(same, "subject {k}");
        }
        told += 1;
    });
    assert_eq!(told, 11);
}
