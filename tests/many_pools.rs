//! Promise: the size of a network is bounded by what depends on what, not by the number of its pools.
#![allow(clippy::unwrap_used)] // a test may fail loudly

use biodist::network::{Network, NetworkFile, PoolId, RateLaw, Schedule};
use biodist::solver::{
    Ensemble, Integrator, Keep, Options, SolverError, Subject, integrate, sensitivities,
};

fn options() -> Options {
    Options {
        keep: Keep::Outputs,
        ..Options::with_rtol(1e-8)
    }
}

/// Pools in a row, each emptying into the next.
fn chain(count: usize) -> (Network, Vec<PoolId>) {
    let mut builder = Network::builder("chain");
    let first = builder.pool_with("p0", 1.0);
    let rest = (1..count).map(|k| builder.pool(format!("p{k}")));
    let pools: Vec<_> = std::iter::once(first)
        .chain(rest.collect::<Vec<_>>())
        .collect();
    let k = builder.parameter("k", 1.0);
    for (number, pair) in pools.windows(2).enumerate() {
        builder.transfer(format!("t{number}"), pair[0], pair[1], RateLaw::linear(k));
    }
    (builder.build().unwrap(), pools)
}

/// Amounts in a chain after a time: those of a Poisson distribution.
fn poisson(time: f64, count: usize) -> Vec<f64> {
    let mut amounts = vec![(-time).exp()];
    for k in 1..count {
        amounts.push(amounts[k - 1] * time / k as f64);
    }
    amounts
}

/// On both sides of what a `u16` can address. Authority: the Poisson distribution.
#[test]
fn chains_of_any_length_are_right() {
    for count in [65_535, 65_536, 65_537, 100_000] {
        let network = chain(count).0;
        let run = integrate(&network, &Schedule::new(), &[0.5, 2.0], &options()).unwrap();
        for (time, state) in [0.5, 2.0].iter().zip(run.states()) {
            assert_eq!(state.len(), count);
            for (found, right) in state.iter().zip(poisson(*time, count)) {
                assert!((found - right).abs() < 1e-8, "{count}: {found} {right}");
            }
            let total: f64 = state.iter().sum();
            assert!((total - 1.0).abs() < 1e-13, "{count}: {total}");
        }
    }
}

/// What more than 65 536 pools do is what fewer do: same bits alone and side by side, and the
/// sensitivities of the closed form.
#[test]
fn many_pools_run_side_by_side_and_with_sensitivities() {
    let (network, pools) = chain(66_000);
    let times = [1.0];
    let schedule = Schedule::new();
    let alone = integrate(&network, &schedule, &times, &options()).unwrap();
    let watched = &pools[..20];
    let ensemble = Ensemble::new(&network, &schedule, &times, &options()).unwrap();
    let ensemble = ensemble.watching(watched).unwrap();
    ensemble.run([Subject::of(&network)], |_, outcome| {
        let found = outcome.unwrap().state(0).unwrap();
        assert_eq!(found, &alone.state(0).unwrap()[..20]);
    });
    let k = network.parameter("k").unwrap();
    let found = sensitivities(&network, &schedule, &times, &options(), &[k]).unwrap();
    let amounts = poisson(1.0, 20);
    for (number, pool) in watched.iter().enumerate() {
        // d/dk of (k t)^n exp(-k t) / n! at k = t = 1.
        let before = if number == 0 {
            0.0
        } else {
            amounts[number - 1]
        };
        let found = found.of(*pool, k).unwrap()[0];
        assert!((found - (before - amounts[number])).abs() < 1e-7);
    }
}

/// Cells that visit 40 000 organs alike come and go as with one organ. Authority: two compartments.
#[test]
fn a_hub_of_many_organs_is_right() {
    let count = 40_000_u32;
    let mut builder = Network::builder("star");
    let blood = builder.pool_with("blood", 1.0);
    let inflow = builder.parameter("inflow", 3.0 / f64::from(count));
    let outflow = builder.parameter("outflow", 0.5);
    for k in 0..count {
        let organ = builder.pool(format!("organ{k}"));
        builder.transfer(format!("in{k}"), blood, organ, RateLaw::linear(inflow));
        builder.transfer(format!("out{k}"), organ, blood, RateLaw::linear(outflow));
    }
    let network = builder.build().unwrap();
    let run = integrate(&network, &Schedule::new(), &[0.3, 4.0], &options()).unwrap();
    for (time, state) in [0.3, 4.0].iter().zip(run.states()) {
        let right = (0.5 + 3.0 * f64::exp(-3.5 * time)) / 3.5;
        assert!((state[0] - right).abs() < 1e-7, "{} {right}", state[0]);
        let spread = (1.0 - state[0]) / f64::from(count);
        assert!((state[count as usize] - spread).abs() < 1e-12);
    }
}

/// Reads, builds and analyses; a file of this size used to take minutes.
#[test]
fn a_file_of_many_pools_is_read() {
    let text = chain(100_000).0.to_file(&[1.0]).to_json();
    let network = NetworkFile::from_json(&text).unwrap().network().unwrap();
    assert_eq!(network.pools().len(), 100_000);
    let entries = Integrator::new(&network).unwrap().factor_entries();
    assert_eq!(entries, (199_999, 100_000));
}

/// Names and values are found without a walk through the network for each.
#[test]
fn every_parameter_of_a_large_network_can_be_set() {
    let count = 100_000_u32;
    let mut builder = Network::builder("many parameters");
    let mut pool = builder.pool_with("p0", 1.0);
    for k in 0..count {
        let next = builder.pool(format!("p{}", k + 1));
        let parameter = builder.parameter(format!("k{k}"), 1.0);
        builder.transfer(format!("t{k}"), pool, next, RateLaw::linear(parameter));
        pool = next;
    }
    let mut network = builder.build().unwrap();
    for k in 0..count {
        network.set(&format!("k{k}"), f64::from(k)).unwrap();
        network.set_initial(&format!("p{k}"), 2.0).unwrap();
    }
    assert_eq!(network.values()[99_999].to_bits(), 99_999_f64.to_bits());
    assert!(network.set("k7", -1.0).is_err());
}

/// Transfers at random between many pools fill in so much that no step could be made.
#[test]
fn what_cannot_be_solved_is_refused() {
    let count = 20_000_usize;
    let mut builder = Network::builder("tangle");
    let pools: Vec<_> = (0..count)
        .map(|k| builder.pool_with(format!("p{k}"), 1.0))
        .collect();
    let k = builder.parameter("k", 1.0);
    for from in 0..count {
        for step in [1, 7_919 * from + 13, from * from + 5, 104_729 * from + 71] {
            let to = (from + step) % count;
            if to != from {
                let id = format!("{from} {step}");
                builder.transfer(id, pools[from], pools[to], RateLaw::linear(k));
            }
        }
    }
    let network = builder.build().unwrap();
    let refused = SolverError::TooLarge { pools: count };
    assert_eq!(Integrator::new(&network).err(), Some(refused.clone()));
    let run = integrate(&network, &Schedule::new(), &[1.0], &options());
    assert_eq!(run, Err(refused));
}
