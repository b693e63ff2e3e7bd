//! Promise: problems that nobody tuned the integrator for come out as published.
//!
//! Reference solutions: Mazzia and Magherini, Test Set for Initial Value Problem Solvers, release 2.4
//! (2008). Both problems are networks: what is bound in HIRES gets a pool of its own, its steady source a
//! pump. E5 and POLLU make two molecules of one, which a network of transfers does not.
#![allow(clippy::unwrap_used)] // a test may fail loudly

use biodist::network::{Network, NetworkFile, RateLaw, Schedule};
use biodist::solver::{Keep, Options, integrate};

fn network(text: &str) -> Network {
    NetworkFile::from_json(text).unwrap().network().unwrap()
}

fn solve(network: &Network, times: &[f64], rtol: f64, atol: f64) -> Vec<Vec<f64>> {
    let options = Options {
        atol: Some(atol),
        keep: Keep::Outputs,
        ..Options::with_rtol(rtol)
    };
    let run = integrate(network, &Schedule::new(), times, &options).unwrap();
    run.states().map(<[f64]>::to_vec).collect()
}

/// A -> B slowly, 2 B -> B + C very fast, B + C -> A + C fast: rates over nine powers of ten.
#[test]
fn robertson_to_a_hundred_billion() {
    let network = network(
        r#"{ "name": "Robertson", "pools": ["a", "b", "c"], "initial": { "a": 1 },
        "parameters": { "slow": 0.04, "fast": 1e4, "fastest": 3e7 },
        "transfers": [
            { "id": "1", "from": "a", "to": "b", "law": "linear", "parameter": "slow" },
            { "id": "2", "from": "b", "to": "c", "law": "mass_action", "parameter": "fastest", "other": "b" },
            { "id": "3", "from": "b", "to": "a", "law": "mass_action", "parameter": "fast", "other": "c" }
        ] }"#,
    );
    for (rtol, allowed) in [(1e-4, 1e-2), (1e-6, 1e-4), (1e-9, 1e-7)] {
        let states = solve(&network, &[40.0, 1e11], rtol, 1e-8 * rtol);
        // Hairer and Wanner, Solving ODE II, at 40; the test set at 1e11.
        for (found, wanted) in [
            (states[0][0], 0.715_827_068_8),
            (states[0][1], 0.918_553_476_5e-5),
            (states[0][2], 0.284_163_745_7),
            (states[1][0], 0.208_334_014_970_125_5e-7),
            (states[1][1], 0.833_336_077_033_471_3e-13),
            (states[1][2], 0.999_999_979_166_505),
        ] {
            let error = (found / wanted - 1.0).abs();
            assert!(
                error < allowed,
                "{rtol:e}: {found} is not {wanted}, {error:e}"
            );
        }
        // The second molecule is as fast as ever; nothing is lost over eleven powers of ten in time.
        let sum: f64 = states[1].iter().sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }
}

/// Eight reactants of a plant's response to light.
#[test]
fn hires_at_its_end() {
    let network = network(
        r#"{ "name": "HIRES",
        "pools": ["y1", "y2", "y3", "y4", "y5", "y6", "y7", "y8", "bound", "source", "lost"],
        "initial": { "y1": 1, "y8": 0.0057, "source": 1 },
        "parameters": { "one": 1, "meet": 280, "pump": 0.0007 },
        "transfers": [
            { "id": "1", "from": "y1", "to": "y2", "law": "linear", "constant": 1.71, "parameter": "one" },
            { "id": "2", "from": "y2", "to": "y1", "law": "linear", "constant": 0.43, "parameter": "one" },
            { "id": "3", "from": "y2", "to": "y4", "law": "linear", "constant": 8.32, "parameter": "one" },
            { "id": "4", "from": "y3", "to": "y1", "law": "linear", "constant": 8.32, "parameter": "one" },
            { "id": "5", "from": "y3", "to": "y4", "law": "linear", "constant": 1.71, "parameter": "one" },
            { "id": "6", "from": "y4", "to": "y3", "law": "linear", "constant": 0.43, "parameter": "one" },
            { "id": "7", "from": "y4", "to": "y6", "law": "linear", "constant": 0.69, "parameter": "one" },
            { "id": "8", "from": "y5", "to": "y3", "law": "linear", "constant": 0.035, "parameter": "one" },
            { "id": "9", "from": "y5", "to": "y6", "law": "linear", "constant": 1.71, "parameter": "one" },
            { "id": "10", "from": "y6", "to": "y5", "law": "linear", "constant": 0.43, "parameter": "one" },
            { "id": "11", "from": "y6", "to": "y7", "law": "mass_action", "parameter": "meet", "other": "y8" },
            { "id": "12", "from": "y8", "to": "bound", "law": "mass_action", "parameter": "meet", "other": "y6" },
            { "id": "13", "from": "bound", "to": "y8", "law": "linear", "constant": 1.81, "parameter": "one" },
            { "id": "14", "from": "y7", "to": "y5", "law": "linear", "constant": 0.43, "parameter": "one" },
            { "id": "15", "from": "y7", "to": "y6", "law": "linear", "constant": 0.69, "parameter": "one" },
            { "id": "16", "from": "y7", "to": "lost", "law": "linear", "constant": 0.69, "parameter": "one" },
            { "id": "17", "from": "source", "to": "y1", "law": "steady", "parameter": "pump" }
        ] }"#,
    );
    let wanted = [
        0.737_131_257_332_566_8e-3,
        0.144_248_572_631_618_5e-3,
        0.588_872_974_096_757_5e-4,
        0.117_565_134_328_314_9e-2,
        0.238_635_619_883_133_1e-2,
        0.623_896_825_274_279_6e-2,
        0.284_999_839_518_576_9e-2,
        0.285_000_160_481_423_1e-2,
    ];
    for (rtol, allowed) in [(1e-4, 2e-2), (1e-7, 2e-5), (1e-10, 2e-8)] {
        let state = &solve(&network, &[321.8122], rtol, 1e-4 * rtol)[0];
        for (found, wanted) in state.iter().zip(wanted) {
            let error = (found / wanted - 1.0).abs();
            assert!(
                error < allowed,
                "{rtol:e}: {found} is not {wanted}, {error:e}"
            );
        }
        // What is bound is what has been met: the same equation twice.
        assert!((state[6] - state[8]).abs() < 1e-12);
    }
}

/// Cells that divide their way through a hundred stages, a thousand times faster than they arrive.
#[test]
fn a_long_chain_of_fast_stages() {
    let stages = 100;
    let (arrival, pace) = (0.01, 30.0);
    let mut builder = Network::builder("chain");
    let k = builder.parameter("arrival", arrival);
    let fast = builder.parameter("pace", pace);
    let mut last = builder.pool_with("waiting", 1.0);
    for number in 0..stages {
        let next = builder.pool(format!("stage {number}"));
        let rate = if number == 0 { k } else { fast };
        builder.transfer(format!("to {number}"), last, next, RateLaw::linear(rate));
        last = next;
    }
    let network = builder.build().unwrap();
    let state = &solve(&network, &[50.0], 1e-8, 1e-14)[0];
    // Long after the start each stage is in step with the first: one behind the other by 1/pace, and
    // fuller by the growth of that time. Stage n: k/(pace - k) (pace/(pace - k))^n exp(-k t).
    let waiting = (-arrival * 50.0_f64).exp();
    for number in [0, 1, 10, 50, 98] {
        let wanted = waiting * arrival / (pace - arrival) * (pace / (pace - arrival)).powi(number);
        let found = state[number as usize + 1];
        assert!(
            (found / wanted - 1.0).abs() < 1e-6,
            "{number}: {found} {wanted}"
        );
    }
    assert!((state.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}
