//! Promise: whoever receives whatever by whichever way, no cell is made or lost, none is below
//! nothing by more than the tolerance, and no amount is anything but a number.
#![allow(clippy::unwrap_used)]

mod hosts;
mod strategies;

use biodist::organ::State;
use biodist::prelude::*;
use biodist::solver::Options;
use hosts::{cells_of, scenarios};
use proptest::prelude::*;
use strategies::config;

/// Times just at and just before every event, and between.
fn moments(run: &Run) -> Vec<f64> {
    let events = run.model.schedule.events().iter().map(|event| event.time);
    let around = events.flat_map(|time| [time * (1.0 - 1e-12), time, time + 1e-9]);
    let between = (0..50).map(|k| 72.0 * f64::from(k) / 50.0);
    let times = run.trajectory.times().iter().copied();
    around
        .chain(between)
        .chain(times)
        .filter(|time| (0.0..=72.0).contains(time))
        .collect()
}

proptest! {
    #![proptest_config(config(128))]

    // Authority: the cells of the doses, counted without the model.
    #[test]
    fn no_cell_is_made_or_lost(
        scenario in scenarios(),
        rtol in prop::sample::select(&[1e-3, 1e-6][..]),
    ) {
        let run = scenario.simulate_with(&Options::with_rtol(rtol)).unwrap();
        let dose = cells_of(&scenario);
        let slack = 10.0 * 1e-6 * rtol * dose;
        for time in moments(&run) {
            let state = run.trajectory.at(time).unwrap();
            let sum: f64 = state.iter().sum();
            prop_assert!((sum - dose).abs() <= 1e-10 * dose, "{time} h: {sum} of {dose} cells");
            for (key, amount) in run.model.atlas.keys().iter().zip(&state) {
                prop_assert!(amount.is_finite(), "{time} h: {amount} in {key:?}");
            }
            let ledger = run.ledger(time.hours()).unwrap();
            prop_assert!(ledger.residual.abs() <= 1e-10);
        }
        for (time, state) in run.trajectory.times().iter().zip(run.trajectory.states()) {
            for (key, amount) in run.model.atlas.keys().iter().zip(state) {
                prop_assert!(*amount >= -slack, "{time} h: {amount:e} in {key:?}");
            }
        }
    }

    // Authority: nothing enters a living body from its remains, and none comes back.
    #[test]
    fn the_dead_stay_dead(scenario in scenarios()) {
        let run = scenario.simulate().unwrap();
        let dose = cells_of(&scenario);
        let dead = [State::Debris, State::Ingested, State::Excreted, State::Undelivered];
        let dead = run.in_states("dead", &dead).cells;
        let gone = run.in_states("gone", &[State::Excreted, State::Undelivered]).cells;
        let waiting = run.in_states("waiting", &[State::Syringe]).cells;
        for k in 1..dead.len() {
            prop_assert!(dead[k] >= dead[k - 1] - 1e-6 * dose, "remains came to life");
            prop_assert!(gone[k] >= gone[k - 1] - 1e-6 * dose, "cells came back");
            prop_assert!(waiting[k] <= waiting[k - 1] + 1e-6 * dose, "a syringe was refilled");
        }
        // Every dose is given well before the end.
        prop_assert_eq!(waiting[waiting.len() - 1].to_bits(), 0.0_f64.to_bits());
    }
}
