//! How large the errors of a run at default tolerances are, over random whole-body scenarios.
//!
//! ```text
//! cargo bench --bench accuracy [-- SCENARIOS]
//! ```
//!
//! Each scenario is run at default tolerances and again at `rtol` 1e-9. Amounts of cells are compared at the
//! ends of steps and inside them, so that dense output is judged beside the steps. The tables of
//! `docs/solver.md` come from here.
#![allow(clippy::unwrap_used)] // a benchmark may fail loudly

#[path = "../tests/hosts/mod.rs"]
mod hosts;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use biodist::prelude::*;
use biodist::solver::{Keep, Options, integrate};
use hosts::scenarios;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const SCENARIOS: u32 = 10_000;
/// Steps of a run that are looked at, evenly among all.
const LOOKED_AT: usize = 40;
/// Where inside a step, as a share of its length.
const INSIDE: [f64; 3] = [0.2, 0.5, 0.8];
/// A pool that never holds this share of the dose is not compared with itself.
const HELD: f64 = 1e-6;
const QUANTILES: [(&str, f64); 5] = [
    ("50 %", 0.5),
    ("90 %", 0.9),
    ("99 %", 0.99),
    ("99.9 %", 0.999),
    ("largest", 1.0),
];

/// The largest errors of one scenario, at the ends of steps and inside them.
#[derive(Default, Clone, Copy)]
struct Errors {
    of_dose: [f64; 2],
    of_pool: [f64; 2],
    below_zero: f64,
}

/// Scenario number `number`, the same on every machine.
fn scenario(number: u32) -> Scenario {
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&number.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    scenarios().new_tree(&mut runner).unwrap().current()
}

/// Times at which a run is looked at, h, each with whether it lies inside a step.
fn looks(run: &Run) -> Vec<(f64, bool)> {
    let trajectory = &run.trajectory;
    let stride = trajectory.pieces().div_ceil(LOOKED_AT).max(1);
    let mut looks = vec![];
    for piece in (0..trajectory.pieces()).step_by(stride) {
        let (start, length) = trajectory.piece_span(piece);
        if start > 0.0 {
            looks.push((start, false));
        }
        looks.extend(INSIDE.map(|share| (start + share * length, true)));
    }
    // Steps may be as short as a rounding of their time.
    looks.dedup_by(|later, earlier| later.0 <= earlier.0);
    looks
}

/// Compares a scenario with itself at a tighter tolerance.
fn errors(scenario: &Scenario) -> Result<Errors, Box<dyn std::error::Error>> {
    let run = scenario.simulate()?;
    let looks = looks(&run);
    let times: Vec<f64> = looks.iter().map(|(time, _)| *time).collect();
    let tight = Options {
        keep: Keep::Outputs,
        ..Options::with_rtol(1e-9)
    };
    let model = &run.model;
    let right = integrate(&model.network, &model.schedule, &times, &tight)?;
    let cells = model.atlas.keys().len();
    let dose = model.total_dose();
    let mut held = vec![0.0_f64; cells];
    for state in right.states() {
        for (held, amount) in held.iter_mut().zip(state) {
            *held = held.max(*amount);
        }
    }
    let mut errors = Errors::default();
    for ((time, inside), right) in looks.iter().zip(right.states()) {
        let found = run.trajectory.at(*time)?;
        let place = usize::from(*inside);
        for pool in 0..cells {
            let error = (found[pool] - right[pool]).abs();
            errors.of_dose[place] = errors.of_dose[place].max(error / dose);
            if held[pool] > HELD * dose {
                errors.of_pool[place] = errors.of_pool[place].max(error / held[pool]);
            }
            errors.below_zero = errors.below_zero.max(-found[pool] / dose);
        }
    }
    Ok(errors)
}

fn row(what: &str, mut values: Vec<f64>) {
    values.sort_by(f64::total_cmp);
    let last = values.len() as f64 - 1.0;
    let cells = QUANTILES.map(|(_, share)| format!("{:.1e}", values[(share * last) as usize]));
    println!("| {what} | {} |", cells.join(" | "));
}

fn main() {
    let asked = std::env::args().filter_map(|word| word.parse().ok()).next();
    let count: u32 = asked.unwrap_or(SCENARIOS);
    let next = AtomicUsize::new(0);
    let found = Mutex::new(vec![]);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed) as u32;
                    if number >= count {
                        break;
                    }
                    match errors(&scenario(number)) {
                        Ok(errors) => found.lock().unwrap().push(errors),
                        Err(error) => eprintln!("scenario {number}: {error}"),
                    }
                }
            });
        }
    });
    let done = found.into_inner().unwrap();
    println!(
        "{count} scenarios, {} without an answer\n",
        count as usize - done.len()
    );
    println!(
        "| largest error of a run | {} |",
        QUANTILES.map(|(name, _)| name).join(" | ")
    );
    println!("|---|{}", "---|".repeat(QUANTILES.len()));
    let all = |of: fn(&Errors) -> f64| done.iter().map(of).collect::<Vec<f64>>();
    row("at the ends of steps, of the dose", all(|e| e.of_dose[0]));
    row("inside steps, of the dose", all(|e| e.of_dose[1]));
    row(
        "at the ends of steps, of what the pool holds",
        all(|e| e.of_pool[0]),
    );
    row(
        "inside steps, of what the pool holds",
        all(|e| e.of_pool[1]),
    );
    row(
        "inside over ends, of the dose",
        all(|e| e.of_dose[1] / e.of_dose[0]),
    );
    row(
        "inside over ends, of what the pool holds",
        all(|e| e.of_pool[1] / e.of_pool[0]),
    );
    row("below zero, of the dose", all(|e| e.below_zero));
}
