//! Promise: the time loop of many subjects asks for no memory: what they need is asked for once.
#![allow(clippy::unwrap_used)] // a test may fail loudly

use allocation_counter::measure;
use biodist::network::{NetworkFile, Schedule};
use biodist::solver::{Ensemble, Options, Subject};

/// How often memory is asked for while so many subjects, made beforehand, are run.
fn asked(count: usize, rtol: f64) -> u64 {
    let file = NetworkFile::from_json(include_str!("data/whole_body.json")).unwrap();
    let network = file.network().unwrap();
    let schedule = Schedule::new();
    let options = Options::with_rtol(rtol);
    let ensemble = Ensemble::new(&network, &schedule, &file.times, &options).unwrap();
    let subjects: Vec<Subject> = (0..count).map(|_| Subject::of(&network)).collect();
    let mut done = 0;
    let asked =
        measure(|| ensemble.run(subjects, |_, outcome| done += usize::from(outcome.is_ok())));
    assert_eq!(done, count);
    asked.count_total
}

#[test]
fn neither_steps_nor_subjects_ask_for_memory() {
    let few = asked(8, 1e-3);
    assert!(few > 0, "the count does not count");
    // Many times the steps, and fifty times the subjects: not one more.
    assert_eq!(asked(8, 1e-8), few);
    assert_eq!(asked(400, 1e-3), few);
}
