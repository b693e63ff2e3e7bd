//! Promise: long calls end when they are asked to, with how far they came, and show it on the way.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use biodist::cancel::{CancelToken, Progress, Stopped};
use biodist::evidence::{Split, published};
use biodist::fit::{Fit, FitError, Sampling, Unknown};
use biodist::network::{Network, RateLaw, Schedule};
use biodist::population::{Cohort, PopulationError, Study};
use biodist::prelude::*;
use biodist::solver::{Ensemble, Integrator, Method, Options, SolverError, Subject};
use biodist::{Error, ErrorKind};

fn mouse() -> Scenario {
    Scenario::new(Host::mouse(25.g()))
        .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
        .until(1.days())
}

/// A token that keeps what it is shown, and is cancelled once so much is done.
fn after(done: f64) -> (CancelToken, Arc<Mutex<Vec<Progress>>>) {
    let (shown, switch) = (Arc::new(Mutex::new(vec![])), CancelToken::new());
    let (kept, cancel) = (Arc::clone(&shown), switch.clone());
    let token = switch.with_progress(move |now| {
        kept.lock().unwrap().push(now);
        if now.done >= done {
            cancel.cancel();
        }
    });
    (token, shown)
}

/// What was shown grows one by one and never passes the whole.
fn counts(shown: &Mutex<Vec<Progress>>, all: f64, unit: &str) -> usize {
    let shown = shown.lock().unwrap();
    for (k, now) in shown.iter().enumerate() {
        let wanted = Progress {
            done: (k + 1) as f64,
            all,
            unit: now.unit,
        };
        assert_eq!(*now, wanted);
        assert_eq!(now.unit, unit);
    }
    shown.len()
}

fn look(run: &Run) -> Result<Vec<f64>, biodist::observation::ObservationError> {
    Ok(vec![run.ledger(24.hours())?.viable(Organ::LUNG)])
}

#[test]
fn a_study_ends_where_it_is_and_shows_every_draw() {
    let study = Study::of(&mouse()).unwrap();
    let plain = study.draw(12, 1, look).unwrap();
    let (token, shown) = after(f64::INFINITY);
    assert_eq!(
        study.clone().with_token(token).draw(12, 1, look).unwrap(),
        plain
    );
    assert_eq!(counts(&shown, 12.0, "draws"), 12);
    let (token, shown) = after(3.0);
    let stopped = study.with_token(token).draw(1_000, 1, look).unwrap_err();
    let PopulationError::Stopped(Stopped::Cancelled(at)) = stopped else {
        panic!("{stopped}");
    };
    assert!((3.0..1_000.0).contains(&at.done) && at.all > 999.0, "{at}");
    assert!((3..1_000).contains(&counts(&shown, 1_000.0, "draws")));
    assert!(
        stopped.to_string().starts_with("cancelled after "),
        "{stopped}"
    );
    assert_eq!(Error::from(stopped).kind(), ErrorKind::Stopped);
}

#[test]
fn a_cohort_ends_where_it_is_and_shows_every_subject() {
    let scenario = mouse().report_at([24.hours()]);
    let cohort = Cohort::of(&scenario, 1).unwrap();
    let plain = cohort.run(20, look).unwrap();
    let (token, shown) = after(f64::INFINITY);
    assert_eq!(
        cohort.clone().with_token(token).run(20, look).unwrap(),
        plain
    );
    assert_eq!(counts(&shown, 20.0, "subjects"), 20);
    let (token, shown) = after(5.0);
    let stopped = cohort.with_token(token).run(5_000, look).unwrap_err();
    let PopulationError::Stopped(Stopped::Cancelled(at)) = stopped else {
        panic!("{stopped}");
    };
    assert!((5.0..5_000.0).contains(&at.done), "{at}");
    assert!((5..5_000).contains(&counts(&shown, 5_000.0, "subjects")));
}

#[test]
fn a_deadline_that_has_passed_ends_a_call_before_it_begins() {
    let late = || CancelToken::new().with_deadline(Duration::ZERO);
    let study = Study::of(&mouse()).unwrap().with_token(late());
    let stopped = study.draw(10, 1, look).unwrap_err();
    assert_eq!(
        stopped.to_string(),
        "the deadline passed after 0 of 10 draws"
    );
    let stopped = mouse()
        .simulate_with_token(&Default::default(), &late())
        .unwrap_err();
    let Some(Stopped::DeadlineExceeded(at)) = stopped.stopped() else {
        panic!("{stopped}");
    };
    assert_eq!(
        at,
        Progress {
            done: 0.0,
            all: 24.0,
            unit: "h"
        }
    );
    // One beyond all clocks is none.
    let never = CancelToken::new().with_deadline(Duration::MAX);
    assert!(
        mouse()
            .simulate_with_token(&Default::default(), &never)
            .is_ok()
    );
}

#[test]
fn a_fit_ends_where_it_is() {
    let mut hearts = published().unwrap().only(Split::Calibration);
    hearts.retain(|experiment| experiment.source == "terrovitis_2009");
    let unknowns = ["tissue.washout_rest", "tissue.washout_contraction"].map(Unknown::new);
    let fit = Fit::new(hearts, unknowns.into()).unwrap();
    let plain = fit.search(2, 1).unwrap();
    let (token, shown) = after(f64::INFINITY);
    assert_eq!(fit.clone().with_token(token).search(2, 1).unwrap(), plain);
    assert_eq!(counts(&shown, 2.0, "starts"), 2);
    let (token, shown) = after(1.0);
    let stopped = fit.clone().with_token(token).search(50, 1).unwrap_err();
    assert_eq!(stopped.to_string(), "cancelled after 1 of 50 starts");
    assert_eq!(counts(&shown, 50.0, "starts"), 1);
    let cancelled = CancelToken::new();
    cancelled.cancel();
    let fit = fit.with_token(cancelled);
    let stopped = fit.profile(0, &plain).unwrap_err();
    assert!(
        matches!(stopped, FitError::Stopped(Stopped::Cancelled(_))),
        "{stopped}"
    );
    let stopped = fit.sample(&plain, &Sampling::default()).unwrap_err();
    assert_eq!(stopped.to_string(), "cancelled after 0 of 4000 draws");
    assert_eq!(Error::from(stopped).kind(), ErrorKind::Stopped);
}

#[test]
fn an_integration_ends_at_a_step_and_shows_the_time() {
    let scenario = mouse();
    let plain = scenario.simulate().unwrap();
    let (token, shown) = after(f64::INFINITY);
    let options = Options::default();
    let watched = scenario.simulate_with_token(&options, &token).unwrap();
    assert_eq!(watched.trajectory, plain.trajectory);
    let times: Vec<f64> = shown.lock().unwrap().iter().map(|now| now.done).collect();
    assert!(times.len() >= plain.trajectory.statistics().steps);
    assert!(times.is_sorted() && times.ends_with(&[24.0]), "{times:?}");
    let (token, _) = after(12.0);
    let stopped = scenario.simulate_with_token(&options, &token).unwrap_err();
    let at = stopped.stopped().unwrap().progress();
    assert!((12.0..24.0).contains(&at.done), "{at}");
    assert_eq!((at.all.to_bits(), at.unit), (24.0_f64.to_bits(), "h"));
}

/// `a` decays into `b`.
fn decay() -> Network {
    let mut builder = Network::builder("decay");
    let (a, b) = (builder.pool_with("a", 1.0), builder.pool("b"));
    let k = builder.parameter("k", 0.1);
    builder.transfer("a to b", a, b, RateLaw::linear(k));
    builder.build().unwrap()
}

#[test]
fn the_explicit_method_ends_at_an_output() {
    let (network, options) = (
        decay(),
        Options {
            method: Method::Dop853,
            ..Options::default()
        },
    );
    let times: Vec<f64> = (1..=10).map(f64::from).collect();
    let (token, _) = after(3.0);
    let mut integrator = Integrator::new(&network).unwrap().with_token(token);
    let stopped = integrator.run(&network, &Schedule::new(), &times, &options);
    assert_eq!(
        stopped.unwrap_err().to_string(),
        "cancelled after 3 of 10 h"
    );
}

#[test]
fn every_subject_of_an_ensemble_that_is_ended_has_one_outcome() {
    let (network, schedule, token) = (decay(), Schedule::new(), CancelToken::new());
    let ensemble = Ensemble::new(&network, &schedule, &[10.0], &Options::default());
    let ensemble = ensemble.unwrap().with_token(token.clone());
    let mut told = vec![0; 100];
    let (mut done, mut stopped) = (0, 0);
    let subjects = (0..100).map(|_| Subject::of(&network));
    ensemble.run(subjects, |number, outcome| {
        told[number] += 1;
        match outcome {
            Ok(_) => done += 1,
            Err(SolverError::Stopped(Stopped::Cancelled(_))) => stopped += 1,
            Err(error) => panic!("{error}"),
        }
        if done == 20 {
            token.cancel();
        }
    });
    assert_eq!(told, [1; 100]);
    assert!(
        (20..28).contains(&done) && done + stopped == 100,
        "{done}, {stopped}"
    );
}
