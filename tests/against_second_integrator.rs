//! Promise: the stiff integrator agrees with a second method and with a second program to 1e-6
//! of the dose, on random networks of all laws and on the benchmark network.
#![allow(clippy::unwrap_used)]

mod strategies;

use biodist::network::{NetworkFile, Schedule};
use biodist::solver::{Method, Options, integrate};
use diffsol::{FaerSparseLU, MatrixCommon, OdeSolverMethod};
use proptest::prelude::*;
use strategies::{MILD, Plan, TIMES, WIDE, config, plans};

/// The largest difference of two lists of states, in parts of `total`.
fn difference<'a>(
    a: impl Iterator<Item = &'a [f64]>,
    b: impl Iterator<Item = &'a [f64]>,
    total: f64,
) -> f64 {
    let pairs = a.zip(b).flat_map(|(a, b)| a.iter().zip(b));
    pairs
        .map(|(a, b)| (a - b).abs() / total)
        .fold(
            0.0,
            |worst, d| if d > worst || d.is_nan() { d } else { worst },
        )
}

/// States by diffsol's BDF method at the times; the rates are the plan's own.
fn by_diffsol(plan: &Plan, times: &[f64]) -> Vec<Vec<f64>> {
    let total = plan.total();
    let problem = diffsol_problem!(plan, 1e-10, 1e-12 * total);
    let mut solver = problem.bdf::<FaerSparseLU<f64>>().unwrap();
    let (states, _) = solver.solve_dense(times).unwrap();
    (0..times.len())
        .map(|k| {
            (0..plan.initial.len())
                .map(|i| states.inner()[(i, k)])
                .collect()
        })
        .collect()
}

proptest! {
    #![proptest_config(config(256))]

    // Authority: the table of laws, written again in `Plan`.
    #[test]
    fn laws_are_as_documented(plan in plans(WIDE), amounts in prop::collection::vec(0.0..1e6, 12)) {
        let amounts = &amounts[..plan.initial.len()];
        let mut expected = vec![0.0; amounts.len()];
        plan.derivative(amounts, &plan.rates(), &mut expected);
        let fastest = expected.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
        let found = plan.network().derivative(amounts).unwrap();
        for (found, expected) in found.iter().zip(&expected) {
            prop_assert!((found - expected).abs() <= 1e-12 * fastest);
        }
    }
}

proptest! {
    #![proptest_config(config(64))]

    // Authority: the explicit method of order 8 of `ode_solvers`, with the same events.
    #[test]
    fn the_explicit_method_agrees(plan in plans(MILD)) {
        let network = plan.network();
        let schedule = plan.schedule(&network);
        let stiff = Options::with_rtol(1e-9);
        let explicit = Options { method: Method::Dop853, ..Options::with_rtol(1e-12) };
        let a = integrate(&network, &schedule, &TIMES, &stiff).unwrap();
        let b = integrate(&network, &schedule, &TIMES, &explicit).unwrap();
        let d = difference(a.states(), b.states(), plan.total());
        prop_assert!(d <= 1e-6, "they differ by {d:e} of the total");
    }

    // Authority: diffsol, with the rates written in `Plan`.
    #[test]
    fn the_second_program_agrees(mut plan in plans(WIDE)) {
        plan.events.clear();
        let run = integrate(&plan.network(), &Schedule::new(), &TIMES, &Options::with_rtol(1e-9)).unwrap();
        let other = by_diffsol(&plan, &TIMES);
        let d = difference(run.states(), other.iter().map(Vec::as_slice), plan.total());
        prop_assert!(d <= 1e-6, "they differ by {d:e} of the total");
    }
}

#[test]
fn three_ways_through_the_benchmark_network_agree() {
    let text = include_str!("data/whole_body.json");
    let file = NetworkFile::from_json(text).unwrap();
    let network = file.network().unwrap();
    let plan = Plan::from_json(text);
    let run = integrate(
        &network,
        &Schedule::new(),
        &file.times,
        &Options::with_rtol(1e-9),
    )
    .unwrap();
    let other = by_diffsol(&plan, &file.times);
    let d = difference(run.states(), other.iter().map(Vec::as_slice), plan.total());
    assert!(d <= 1e-6, "diffsol differs by {d:e} of the dose");
    // The explicit method is held up by the fastest flows: one hour is enough.
    let hour: Vec<f64> = file
        .times
        .iter()
        .copied()
        .filter(|time| *time <= 1.0)
        .collect();
    let explicit = Options {
        method: Method::Dop853,
        ..Options::with_rtol(1e-10)
    };
    let early = integrate(&network, &Schedule::new(), &hour, &explicit).unwrap();
    let d = difference(early.states(), run.states(), plan.total());
    assert!(
        d <= 1e-6,
        "the explicit method differs by {d:e} of the dose"
    );
}
