//! Promise: the same scenario gives the same bits: run again, from a file, on another thread, after
//! another run of the same integrator, in any order of its outputs.
#![allow(clippy::unwrap_used)]

mod hosts;
mod strategies;

use biodist::prelude::*;
use biodist::solver::{Integrator, Keep, Options};
use hosts::scenarios;
use proptest::prelude::*;
use strategies::config;

fn bits(run: &Run) -> Vec<u64> {
    run.trajectory
        .states()
        .flatten()
        .map(|x| x.to_bits())
        .collect()
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn again_from_a_file_and_on_another_thread(scenario in scenarios()) {
        let first = bits(&scenario.simulate().unwrap());
        prop_assert!(first == bits(&scenario.simulate().unwrap()));
        let read = Scenario::from_toml(&scenario.to_toml().unwrap()).unwrap();
        prop_assert!(first == bits(&read.simulate().unwrap()), "from TOML");
        let json = serde_json::to_string(&scenario).unwrap();
        let read: Scenario = serde_json::from_str(&json).unwrap();
        prop_assert!(first == bits(&read.simulate().unwrap()), "from JSON");
        let other = std::thread::spawn(move || bits(&scenario.simulate().unwrap()));
        prop_assert!(first == other.join().unwrap(), "on another thread");
    }

    #[test]
    fn after_another_run_and_with_other_outputs(scenario in scenarios()) {
        let model = scenario.assemble().unwrap();
        let run = model.simulate(&Options::default()).unwrap();
        let mut integrator = Integrator::new(&model.network);
        let mut other = model.network.clone();
        for name in other.parameters().to_vec() {
            let value = 1.5 * other.values()[other.parameter(&name).unwrap().index()];
            other.set(&name, value).unwrap();
        }
        let options = Options { keep: Keep::Outputs, ..Options::default() };
        let times = run.trajectory.times().to_vec();
        let _ = integrator.run(&other, &model.schedule, &times, &options);
        let again = integrator.run(&model.network, &model.schedule, &times, &options).unwrap();
        let again: Vec<u64> = again.states().flatten().map(|x| x.to_bits()).collect();
        prop_assert!(again == bits(&run), "after a run with other numbers");
        // Outputs are read from the path; the steps do not depend on them.
        let few = [times[0], times[3], times[times.len() - 1]];
        let few = integrator.run(&model.network, &model.schedule, &few, &options).unwrap();
        let third: Vec<u64> = few.state(1).unwrap().iter().map(|x| x.to_bits()).collect();
        let pools = model.network.pools().len();
        prop_assert!(third == again[3 * pools..4 * pools], "with fewer outputs");
    }
}
