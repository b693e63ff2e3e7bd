//! Promise: the whole-body benchmark network is solved to known errors with known work.
//!
//! Authority: `data/ref_single.bin`, made by two other programs that agree; see `data/README.md`.
#![allow(clippy::unwrap_used)]

use biodist::network::{Network, NetworkFile, Schedule};
use biodist::solver::{Integrator, Keep, Options, Statistics, Trajectory, integrate};

const REFERENCE: &[u8] = include_bytes!("data/ref_single.bin");
const SIMULATIONS: u32 = 5;
const DOSE: f64 = 1e8;

fn file() -> NetworkFile {
    NetworkFile::from_json(include_str!("data/whole_body.json")).unwrap()
}

fn reference() -> Vec<f64> {
    REFERENCE
        .chunks_exact(8)
        .map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap()))
        .collect()
}

/// Lung arrest is spread over half to twice its value by the golden ratio.
fn simulation(network: &mut Network, k: u32, arrest: f64) {
    let part = (f64::from(k) * 0.618_033_988_749_894_9).fract();
    network
        .set("karr_lung", arrest * 0.5 * 4.0_f64.powf(part))
        .unwrap();
}

fn runs(rtol: f64) -> Vec<Trajectory> {
    let file = file();
    let mut network = file.network().unwrap();
    let mut integrator = Integrator::new(&network).unwrap();
    let options = Options {
        keep: Keep::Outputs,
        ..Options::with_rtol(rtol)
    };
    let simulate = |k| {
        simulation(&mut network, k, file.parameters["karr_lung"]);
        integrator
            .run(&network, &Schedule::new(), &file.times, &options)
            .unwrap()
    };
    (0..SIMULATIONS).map(simulate).collect()
}

/// The largest relative error where the reference exceeds a millionth of the dose.
fn error(runs: &[Trajectory]) -> f64 {
    let found: Vec<f64> = runs
        .iter()
        .flat_map(Trajectory::states)
        .flatten()
        .copied()
        .collect();
    let reference = reference();
    assert_eq!(found.len(), reference.len());
    let errors = found
        .iter()
        .zip(&reference)
        .filter(|(_, r)| **r > 1e-6 * DOSE)
        .map(|(f, r)| (f - r).abs() / r);
    errors.fold(
        0.0,
        |worst, e| if e > worst || e.is_nan() { e } else { worst },
    )
}

fn most(runs: &[Trajectory], count: impl Fn(Statistics) -> usize) -> usize {
    runs.iter()
        .map(|run| count(run.statistics()))
        .max()
        .unwrap()
}

#[test]
fn the_error_stays_below_its_promise() {
    for (rtol, promised) in [(1e-3, 1e-4), (1e-6, 1e-6), (1e-9, 1e-8)] {
        let error = error(&runs(rtol));
        assert!(
            error < promised,
            "rtol {rtol:e}: error {error:e}, promised {promised:e}"
        );
    }
}

#[test]
fn the_work_stays_below_its_limit() {
    for (rtol, steps, rejected) in [(1e-3, 120, 30), (1e-6, 480, 60)] {
        let runs = runs(rtol);
        let taken = most(&runs, |s| s.steps);
        assert!(
            taken <= steps,
            "rtol {rtol:e}: {taken} steps, at most {steps} allowed"
        );
        let lost = most(&runs, |s| s.rejected);
        assert!(
            lost <= rejected,
            "rtol {rtol:e}: {lost} steps rejected, at most {rejected} allowed"
        );
        assert_eq!(most(&runs, |s| s.starts), 1);
    }
}

#[test]
fn the_dose_is_kept() {
    for rtol in [1e-2, 1e-3, 1e-6, 1e-9] {
        for run in runs(rtol) {
            for (time, state) in run.times().iter().zip(run.states()) {
                let off = (state.iter().sum::<f64>() - DOSE).abs() / DOSE;
                assert!(
                    off <= 1e-12,
                    "rtol {rtol:e}, {time} h: off by {off:e} of the dose"
                );
            }
        }
    }
}

#[test]
fn a_round_trip_through_json_gives_the_same_bits() {
    let file = file();
    let network = file.network().unwrap();
    let written = network.to_file(&file.times).to_json();
    let again = NetworkFile::from_json(&written).unwrap();
    assert_eq!(again.times, file.times);
    assert_eq!(again.to_json(), written);
    let solve = |file: &NetworkFile| {
        let run = integrate(
            &file.network().unwrap(),
            &Schedule::new(),
            &file.times,
            &Options::default(),
        )
        .unwrap();
        run.states()
            .flatten()
            .map(|amount| amount.to_bits())
            .collect::<Vec<_>>()
    };
    assert_eq!(solve(&again), solve(&file));
}

/// The criterion itself must see an error.
#[test]
fn the_criterion_sees_a_wrong_parameter() {
    let file = file();
    let mut network = file.network().unwrap();
    network
        .set("krel_skin", file.parameters["krel_skin"] * 1.001)
        .unwrap();
    let simulate = |k| {
        let mut network = network.clone();
        simulation(&mut network, k, file.parameters["karr_lung"]);
        integrate(&network, &Schedule::new(), &file.times, &Options::default()).unwrap()
    };
    let error = error(&(0..SIMULATIONS).map(simulate).collect::<Vec<_>>());
    assert!(error > 1e-4, "a rate 0.1 % wrong shows as {error:e} only");
}
