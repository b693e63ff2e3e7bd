//! Promise: how amounts change with parameters is right: by closed forms, and by central differences of
//! runs of their own.
#![allow(clippy::unwrap_used)] // a test may fail loudly

mod strategies;

use biodist::network::{Action, Amount, Network, NetworkFile, RateLaw, Schedule};
use biodist::solver::{
    Keep, Method, Options, Sensitivities, integrate, sensitivities, sensitivities_along,
};
use proptest::prelude::*;
use strategies::{TIMES, WIDE, config, plans};

const SOFT: f64 = 1e-9;

fn tight() -> Options {
    Options {
        keep: Keep::Outputs,
        ..Options::with_rtol(1e-10)
    }
}

/// a -> b -> c.
fn chain() -> Network {
    let mut builder = Network::builder("chain");
    let (a, b) = (builder.pool_with("a", 2.0), builder.pool("b"));
    let c = builder.pool("c");
    let (k, m) = (builder.parameter("k", 0.3), builder.parameter("m", 0.1));
    builder.transfer("a to b", a, b, RateLaw::linear(k));
    builder.transfer("b to c", b, c, RateLaw::linear(m));
    builder.build().unwrap()
}

#[test]
fn a_chain_by_hand() {
    let network = chain();
    let id = |name: &str| network.parameter(name).unwrap();
    let pool = |name: &str| network.pool(name).unwrap();
    let times = [0.0, 1.0, 5.0, 20.0];
    let ids = [id("k"), id("m")];
    let run = sensitivities(&network, &Schedule::new(), &times, &tight(), &ids).unwrap();
    let (k, m) = (0.3, 0.1);
    for (index, t) in times.into_iter().enumerate() {
        let (fast, slow) = ((-k * t).exp(), (-m * t).exp());
        let of = |p: &str, q: &str| run.of(pool(p), id(q)).unwrap()[index];
        // a = 2 exp(-k t); b = 2 k/(k - m) (exp(-m t) - exp(-k t)); differentiated by hand.
        assert!((of("a", "k") + 2.0 * t * fast).abs() < SOFT);
        assert!(of("a", "m").abs() < SOFT);
        let apart: f64 = k - m;
        let by_k = -2.0 * m / apart.powi(2) * (slow - fast) + 2.0 * k / apart * t * fast;
        let by_m = 2.0 * k / apart.powi(2) * (slow - fast) - 2.0 * k / apart * t * slow;
        assert!((of("b", "k") - by_k).abs() < SOFT, "{t}");
        assert!((of("b", "m") - by_m).abs() < SOFT, "{t}");
        // Nothing is made: changes sum to zero.
        assert!((of("a", "k") + of("b", "k") + of("c", "k")).abs() < SOFT);
    }
}

#[test]
fn events_carry_sensitivity_along_and_end_it() {
    let network = chain();
    let (a, b) = (network.pool("a").unwrap(), network.pool("b").unwrap());
    let (k, m) = (
        network.parameter("k").unwrap(),
        network.parameter("m").unwrap(),
    );
    let mut schedule = Schedule::new();
    let back = Action::Move {
        from: b,
        to: a,
        amount: Amount::All,
    };
    let set = Action::Set {
        parameter: k,
        value: 0.7,
    };
    schedule.at(2.0, vec![back, set]).unwrap();
    let run = sensitivities(&network, &schedule, &[5.0], &tight(), &[k, m]).unwrap();
    // After 2 h all that left b is back in a: 2 less what is in c. From then on the rate is 0.7.
    let (k0, m0, t) = (0.3, 0.1, 2.0_f64);
    let in_c = |k: f64, m: f64| 2.0 * (1.0 - (k * (-m * t).exp() - m * (-k * t).exp()) / (k - m));
    let left = (-0.7 * 3.0_f64).exp();
    let h = 1e-5;
    let by_k = -(in_c(k0 + h, m0) - in_c(k0 - h, m0)) / (2.0 * h) * left;
    let by_m = -(in_c(k0, m0 + h) - in_c(k0, m0 - h)) / (2.0 * h) * left;
    assert!((run.of(a, k).unwrap()[0] - by_k).abs() < 1e-8);
    assert!((run.of(a, m).unwrap()[0] - by_m).abs() < 1e-8);
}

/// The largest difference from central differences, relative to the largest of a parameter's effects.
///
/// Of two steps the better one counts: curvature spoils the long one where something fills or empties, noise the
/// short one where effects are small. A wrong sensitivity disagrees with both.
fn apart(network: &Network, schedule: &Schedule, times: &[f64], run: &Sensitivities) -> f64 {
    let total: f64 = network.initial().iter().sum();
    let mut worst = 0.0_f64;
    for id in run.parameters() {
        let value = network.values()[id.index()].max(1e-30);
        let at = |value: f64| {
            let mut other = network.clone();
            other.set(&network.parameters()[id.index()], value).unwrap();
            integrate(&other, schedule, times, &tight()).unwrap()
        };
        let one = |h: f64| {
            let (more, less) = (at(value + h), at(value - h));
            let (mut scale, mut error) = (0.0_f64, 0.0_f64);
            for pool in network.pools() {
                let pool = network.pool(pool).unwrap();
                let found = run.of(pool, *id).unwrap();
                let (more, less) = (more.pool(pool.index()), less.pool(pool.index()));
                for (k, found) in found.iter().enumerate() {
                    let wanted = (more[k] - less[k]) / (2.0 * h);
                    scale = scale.max(wanted.abs());
                    error = error.max((found - wanted).abs());
                }
            }
            // The noise of the differences: 1e-10 of the whole over 1e-4 of the value.
            let counts = scale * value > 1e-2 * total;
            if counts { error / scale } else { 0.0 }
        };
        let long = one(1e-4 * value);
        worst = worst.max(if long > 1e-5 {
            long.min(one(2e-5 * value))
        } else {
            long
        });
    }
    worst
}

#[test]
fn all_55_parameters_of_a_whole_body() {
    let file = NetworkFile::from_json(include_str!("data/whole_body.json")).unwrap();
    let network = file.network().unwrap();
    let names = network.parameters().iter();
    let ids: Vec<_> = names.map(|name| network.parameter(name).unwrap()).collect();
    let run = sensitivities(&network, &Schedule::new(), &file.times, &tight(), &ids).unwrap();
    let worst = apart(&network, &Schedule::new(), &file.times, &run);
    assert!(worst < 1e-5, "{worst:e}");
    // The run is that of a run alone, to the bit.
    let alone = integrate(&network, &Schedule::new(), &file.times, &tight()).unwrap();
    for (a, b) in alone.states().zip(run.trajectory.states()) {
        assert!(a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits()));
    }
    // At a usual tolerance the sensitivities are about as good as the run.
    let usual = Options::with_rtol(1e-5);
    let run = sensitivities(&network, &Schedule::new(), &file.times, &usual, &ids).unwrap();
    let worst = apart(&network, &Schedule::new(), &file.times, &run);
    assert!(worst < 1e-3, "{worst:e}");
}

proptest! {
    #![proptest_config(config(24))]

    // Authority: central differences; every law and event.
    #[test]
    fn any_network(plan in plans(WIDE)) {
        let network = plan.network();
        let schedule = plan.schedule(&network);
        let names = network.parameters().iter();
        let ids: Vec<_> = names.map(|name| network.parameter(name).unwrap()).take(11).collect();
        let run = sensitivities(&network, &schedule, &TIMES, &tight(), &ids).unwrap();
        let worst = apart(&network, &schedule, &TIMES, &run);
        prop_assert!(worst < 1e-3, "{worst:e}");
        for id in &ids {
            let size = network.pools().len();
            let pools: Vec<Vec<f64>> = network.pools().iter()
                .map(|name| run.of(network.pool(name).unwrap(), *id).unwrap()).collect();
            // What an earlier, larger sensitivity was rounded by stays.
            let mut scale = 0.0_f64;
            for (time, _) in TIMES.iter().enumerate() {
                let sum: f64 = (0..size).map(|pool| pools[pool][time]).sum();
                scale = scale.max((0..size).map(|pool| pools[pool][time].abs()).sum());
                prop_assert!(sum.abs() <= 1e-9 * scale + 1e-9, "{sum} of {scale}");
            }
        }
    }
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let network = chain();
    let mut other = Network::builder("other");
    let foreign = (0..9)
        .map(|k| other.parameter(format!("p{k}"), 1.0))
        .last()
        .unwrap();
    let ask = |options: &Options, id| {
        sensitivities(&network, &Schedule::new(), &[1.0], options, &[id]).map(|_| ())
    };
    let error = ask(&Options::default(), foreign).unwrap_err().to_string();
    assert!(error.contains("(sensitivity)"), "{error}");
    let explicit = Options {
        method: Method::Dop853,
        ..Options::default()
    };
    let k = network.parameter("k").unwrap();
    assert!(
        ask(&explicit, k)
            .unwrap_err()
            .to_string()
            .contains("rodas5_p")
    );
    let run = sensitivities(
        &network,
        &Schedule::new(),
        &[1.0],
        &Options::default(),
        &[k],
    )
    .unwrap();
    assert!(run.of(network.pool("a").unwrap(), foreign).is_none());
}

#[test]
fn a_direction_is_the_weighted_sum_of_its_parameters() {
    // a -> b at k1 and at k2: along (k1, k2) = (2, -3) the slope is -t exp(-(k1 + k2) t) (2 - 3).
    let mut builder = Network::builder("two ways");
    let (a, b) = (builder.pool_with("a", 1.0), builder.pool("b"));
    let first = builder.parameter("k1", 0.2);
    let second = builder.parameter("k2", 0.3);
    builder.transfer("one", a, b, RateLaw::linear(first));
    builder.transfer("other", a, b, RateLaw::linear(second));
    let network = builder.build().unwrap();
    let directions = [vec![(first, 2.0), (second, -3.0)], vec![(second, 1.0)]];
    let mut schedule = Schedule::new();
    let times = [2.0, 5.0];
    let options = Options::with_rtol(1e-9);
    let run = sensitivities_along(&network, &schedule, &times, &options, &directions).unwrap();
    for (t, found) in times.iter().zip(run.along(a, 0).unwrap()) {
        approx::assert_relative_eq!(found, t * (-0.5 * t).exp(), max_relative = 1e-7);
    }
    assert!(run.along(a, 2).is_none());
    // An event that sets k1 anew ends its part of the direction, and leaves that of k2.
    let set = Action::Set {
        parameter: first,
        value: 0.2,
    };
    schedule.at(1.0, vec![set]).unwrap();
    let run = sensitivities_along(&network, &schedule, &times, &options, &directions).unwrap();
    for (t, found) in times.iter().zip(run.along(a, 0).unwrap()) {
        let wanted = -(2.0 * 1.0 - 3.0 * t) * (-0.5 * t).exp();
        approx::assert_relative_eq!(found, wanted, max_relative = 1e-7);
    }
}
