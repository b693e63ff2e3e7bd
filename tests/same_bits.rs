//! Promise: the same scenario gives the same bits: run again, from a file, on another thread, after
//! another run of the same integrator, in any order of its outputs, on a processor without fused
//! multiplication.
#![allow(clippy::unwrap_used)]

mod hosts;
mod strategies;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::process::Command;

use biodist::population::Cohort;
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
        let mut integrator = Integrator::new(&model.network).unwrap();
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

/// Set for the process that runs on the poorer processor.
const CHILD: &str = "BIODIST_SAME_BITS_CHILD";
/// What it prints before its answer.
const MARK: &str = "bits of this processor:";
/// Takes AVX2 and fused multiplication from the mathematical library of the system, under the names of new
/// and old versions.
const POORER: &str = "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX2_Usable,-FMA_Usable,-FMA4_Usable";

fn hash(bits: impl IntoIterator<Item = u64>) -> u64 {
    let mut hasher = DefaultHasher::new();
    bits.into_iter().for_each(|bits| bits.hash(&mut hasher));
    hasher.finish()
}

/// A scenario with a label, a response, conditions and size classes.
fn eventful() -> Scenario {
    let text = r#"
        until = "4 d"
        size_classes = 3
        response = "feedback"
        labels = ["indium_111_oxine"]
        [host]
        species = "human_male"
        weight = "81 kg"
        conditions = [{ name = "cirrhosis", strength = 0.6 }, "hepatopulmonary_syndrome"]
        [[doses]]
        amount = "1e6 cells/kg"
        product = { kind = "bone_marrow_msc", matching = "allogeneic", passage = 7 }
        route = "intravenous"
        over = "7 min"
    "#;
    Scenario::from_toml(text).unwrap()
}

/// The bits of a run with its readings, and those of 500 virtual subjects.
fn answers() -> [u64; 2] {
    let run = eventful().simulate().unwrap();
    let kinetics = run.kinetics(Organ::LUNG, &State::VIABLE).unwrap();
    let readings = [kinetics.cmax, kinetics.auc, kinetics.half_life.unwrap()].map(f64::to_bits);
    let scenario = hash(bits(&run).into_iter().chain(readings));
    let man = Scenario::new(Host::human(73.kg()))
        .dose(Dose::new(1e8.cells(), Product::bone_marrow_msc()).over(10.minutes()))
        .until(1.days())
        .report_at([1.hours(), 24.hours()]);
    let cohort = Cohort::of(&man, 7).unwrap();
    let options = Options::with_rtol(1e-4);
    let subject = |number| {
        let subject = cohort.subject(number).unwrap();
        bits(&subject.simulate_with(&options).unwrap())
    };
    [scenario, hash((0..500).flat_map(subject))]
}

/// The exponential of the system, which takes fused multiplication where there is one.
fn of_the_system() -> u64 {
    let exp = |k: u32| (-f64::from(std::hint::black_box(k)) / 777.0).exp();
    hash((0..20_000).map(|k| exp(k).to_bits()))
}

/// Authority: the same program, with a mathematical library that is refused the instructions. Elsewhere than on
/// x86-64 with glibc the environment changes nothing, and the test holds trivially.
#[test]
fn on_a_processor_without_fused_multiplication() {
    let [scenario, subjects] = answers();
    let here = format!("{scenario:016x} {subjects:016x}");
    let system = of_the_system();
    if std::env::var_os(CHILD).is_some() {
        println!("{MARK} {here} {system:016x}");
        return;
    }
    let child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "on_a_processor_without_fused_multiplication",
            "--nocapture",
        ])
        .env(CHILD, "1")
        .env("GLIBC_TUNABLES", POORER)
        .output()
        .unwrap();
    let printed = String::from_utf8(child.stdout).unwrap();
    let answer = printed.split_once(MARK).unwrap().1.lines().next().unwrap();
    let (there, system_there) = answer.trim().rsplit_once(' ').unwrap();
    assert_eq!(here, there);
    // What the test would see if a result took a function of the system.
    #[cfg(all(target_arch = "x86_64", target_env = "gnu"))]
    if std::arch::is_x86_feature_detected!("fma") {
        assert_ne!(
            format!("{system:016x}"),
            system_there,
            "the library was not switched"
        );
    }
    let _ = system_there;
}
