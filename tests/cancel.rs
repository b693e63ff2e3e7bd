//! Promise: long calls end when they are asked to, with how far they came, and show it on the way.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use biodist::cancel::{CancelToken, Progress, Stopped};
use biodist::evidence::{Split, published};
use biodist::fit::{Fit, FitError, Sampling, Unknown};
use biodist::population::{Cohort, PopulationError, Study};
use biodist::prelude::*;
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
