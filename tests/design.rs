//! Promise: the greatest dose keeps its limit and no greater one does; a dose translates to itself; a measurement
//! is worth what regression says.
#![allow(clippy::unwrap_used, clippy::float_cmp)] // a test may fail loudly

use approx::assert_relative_eq;
use biodist::design::{Bound, DesignError, Question, translate, worth};
use biodist::evidence::{Evidence, Experiment};
use biodist::population::Study;
use biodist::prelude::*;

fn mouse(cells: f64) -> Scenario {
    Scenario::new(Host::mouse(25.g()))
        .dose(Dose::new(cells.cells(), Product::bone_marrow_msc()))
        .until(1.days())
}

fn question() -> Question {
    let mut question = Question::new(mouse(1e6), Organ::LIVER);
    question.amounts = [1e3, 1e7];
    question.blocked = 0.2;
    question.draws = 40;
    question
}

/// How many of 40 draws keep the limit, by a study of its own.
fn kept(cells: f64, blocked: f64) -> usize {
    let study = Study::of(&mouse(cells)).unwrap();
    let answers = study.draw(40, 1, |run| Ok(vec![run.lung_obstruction()?.peak()]));
    let answers = answers.unwrap();
    answers.iter().filter(|row| row[0] <= blocked).count()
}

#[test]
fn the_greatest_dose_keeps_its_limit_and_hardly_more_does_not() {
    let plans = question().plans().unwrap();
    assert_eq!((plans.len(), plans[0].bound), (1, Bound::Lung));
    let cells = plans[0].cells;
    // 0.95 of 40 draws are 38.
    assert!(kept(cells, 0.2) >= 38, "{cells}");
    assert!(kept(1.05 * cells, 0.2) < 38, "{cells}");
}

#[test]
fn plans_are_ranked_and_say_what_bounds_them() {
    let mut question = question();
    question.routes = vec![Route::intravenous(), Route::portal_vein()];
    question.durations = vec![0.minutes(), 4.hours()];
    let plans = question.plans().unwrap();
    assert_eq!(plans.len(), 4);
    assert!(
        plans
            .windows(2)
            .all(|two| two[0].exposure.middle >= two[1].exposure.middle)
    );
    // The liver is reached through its own vein.
    assert_eq!(plans[0].route, Route::portal_vein());
    question.blocked = 0.999;
    question.amounts = [1e3, 1e4];
    let free = question.plans().unwrap();
    assert!(
        free.iter()
            .all(|plan| plan.bound == Bound::Range && plan.cells == 1e4)
    );
    question.blocked = 1e-9;
    let shut = question.plans().unwrap();
    assert!(
        shut.iter()
            .all(|plan| plan.bound == Bound::None && plan.cells == 1e3)
    );
}

// Whatever is drawn, the same host needs the same dose; without saturation twice the exposure needs twice of it.
#[test]
fn a_dose_translates_to_itself() {
    let (one, two) = (
        mouse(1e5).without_saturation(),
        mouse(2e5).without_saturation(),
    );
    let found = translate(&one, &one, &Organ::HEART, 40, 3).unwrap();
    assert_eq!(found.doses.len(), 40);
    for dose in &found.doses {
        assert_relative_eq!(*dose, 1e5, max_relative = 2e-3);
    }
    assert_relative_eq!(found.by_weight, 1e5);
    let double = translate(&two, &one, &Organ::HEART, 40, 3).unwrap();
    for dose in &double.doses {
        assert_relative_eq!(*dose, 2e5, max_relative = 2e-3);
    }
    // By weight and by surface: 73 kg are 2920 mice of 25 g, and 204 by the two thirds power.
    let man = Scenario::new(Host::human(73.kg()))
        .dose(Dose::new(1e8.cells(), Product::bone_marrow_msc()))
        .until(1.days());
    let found = translate(&one, &man, &Organ::HEART, 40, 3).unwrap();
    assert_relative_eq!(found.by_weight, 2.92e8, max_relative = 1e-9);
    assert_relative_eq!(found.by_surface, 2.043e7, max_relative = 1e-3);
}

fn experiment(name: &str, species: &str, organ: &str, gsd: f64) -> Experiment {
    let text = format!(
        r#"
        [[experiment]]
        name = "{name}"
        source = "simulated"
        scenario = {{ until = "1 d", host = {{ species = "{species}" }}, doses = [{{ amount = "1e5 cells", product = "bone_marrow_msc", route = "intravenous" }}] }}
        [[experiment.data]]
        name = "living in the {organ}"
        found = {{ value = 1.0 }}
        error = {{ gsd = {gsd} }}
        measure = {{ what = "cells", places = ["{organ}"], content = "viable", time = "1 d" }}
        split = "validation"
        "#
    );
    Evidence::from_toml(&text).unwrap().experiments.remove(0)
}

// To measure the answer itself with an error of the size of what is not known leaves half of the variance; with
// nearly none, nothing.
#[test]
fn a_measurement_of_the_answer_is_worth_what_its_error_leaves() {
    let answer = experiment("answer", "mouse", "lung", 1.1);
    let before = worth(&answer, std::slice::from_ref(&answer), 60, 1).unwrap()[0].gsd_before;
    let exact = experiment("exact", "mouse", "lung", 1.0001);
    let even = experiment("even", "mouse", "lung", before);
    let found = worth(&answer, &[even, exact], 60, 1).unwrap();
    assert_eq!(found[0].experiment, "exact");
    assert!(found[0].share() > 0.999 && found[0].correlation > 0.999_999);
    assert_relative_eq!(found[1].share(), 0.5, epsilon = 1e-9);
    assert_relative_eq!(
        found[1].gsd_after.ln(),
        before.ln() / 2.0_f64.sqrt(),
        max_relative = 1e-9
    );
}

// What kills cells in the lung of one mouse kills them in the other's; a crude measurement teaches less.
#[test]
fn what_hosts_share_is_learned_from_either() {
    let man = experiment("man", "human_male", "lung", 1.1);
    let (fine, crude) = (
        experiment("fine", "mouse", "lung", 1.2),
        experiment("crude", "mouse", "lung", 10.0),
    );
    let found = worth(&man, &[crude, fine], 60, 1).unwrap();
    assert_eq!(found[0].experiment, "fine");
    assert!(found[0].share() > 0.8 && found[1].share() < found[0].share());
}

#[test]
fn wrong_questions_are_refused_with_a_reason() {
    let refused = |change: &dyn Fn(&mut Question)| {
        let mut question = question();
        change(&mut question);
        question.plans().unwrap_err().to_string()
    };
    for (change, wanted) in [
        (
            &(|q: &mut Question| q.routes.clear()) as &dyn Fn(&mut Question),
            "at least one route",
        ),
        (&|q| q.durations.clear(), "at least one time of infusion"),
        (&|q| q.scenario.doses.clear(), "at least one dose"),
        (&|q| q.amounts = [0.0, 1e6], "amounts = 0"),
        (&|q| q.amounts = [1e7, 1e6], "amounts = 10000000"),
        (&|q| q.amounts = [1e5, f64::INFINITY], "amounts"),
        (&|q| q.blocked = 0.0, "blocked = 0: must be between 0 and 1"),
        (&|q| q.confidence = f64::NAN, "confidence = NaN"),
        (&|q| q.draws = 0, "draws = 0"),
        (&|q| q.target = Organ::new("pelvis").into(), "pelvis"),
        (&|q| q.durations = vec![2.days()], "until"),
    ] {
        let said = refused(change);
        assert!(said.contains(wanted), "{said} / {wanted}");
    }
    let empty = Scenario::new(Host::mouse(25.g()));
    let said = translate(&empty, &mouse(1e5), &Organ::HEART, 10, 1);
    assert_eq!(said, Err(DesignError::Nothing { what: "dose" }));
    let joint = translate(&mouse(1e5), &mouse(1e5), &Organ::new("pelvis"), 10, 1).unwrap_err();
    assert!(joint.to_string().contains("pelvis"), "{joint}");
    let one = experiment("one", "mouse", "lung", 1.1);
    let few = worth(&one, std::slice::from_ref(&one), 9, 1).unwrap_err();
    assert_eq!(few.to_string(), "draws = 9: must be at least 10");
    assert_eq!(
        worth(&one, &[], 20, 1),
        Err(DesignError::Nothing {
            what: "measurement"
        })
    );
}
