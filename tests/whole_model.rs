//! Promise: whole bodies, with every law and dose, are integrated as other programs integrate them;
//! without saturation they follow the matrix exponential and end where the fate table says.
#![allow(clippy::unwrap_used)]

mod hosts;
mod strategies;

use approx::assert_relative_eq;
use biodist::observation::FateTable;
use biodist::organ::State;
use biodist::physiology::Blood;
use biodist::prelude::*;
use biodist::scenario::ExtraOrgan;
use biodist::solver::{Method, Options, exact};
use diffsol::{FaerSparseLU, MatrixCommon, OdeSolverMethod};
use strategies::Plan;

/// Four bodies that together use every species class, entry, law and number of size classes.
fn boluses() -> Vec<Scenario> {
    let dose = |cells: f64| Dose::new(cells.cells(), Product::bone_marrow_msc());
    let small = Dose::new(3e6.cells(), Product::new("bone_marrow_mononuclear_cells"));
    vec![
        // More cells than the lung of this mouse has room for, and than its phagocytes can eat.
        Scenario::new(Host::mouse(25.g()))
            .dose(dose(5e6))
            .with("lung.lodging_capacity", 2e7)
            .with("tissue.phagocyte_capacity", 1e5),
        Scenario::new(Host::human(73.kg()))
            .dose(dose(1e8).by(Route::from("hepatic_artery".to_string())))
            .in_size_classes(3),
        Scenario::new(Host::rat(250.g()))
            .dose(dose(2e6).by(Route::intramyocardial()))
            .dose(small.by(Route::intravenous())),
        Scenario::new(Host::new("pig").with_organ(ExtraOrgan::new(
            "tumour",
            100.g(),
            30.ml_per_min(),
        )))
        .dose(dose(5e7).by(Route::intraperitoneal()))
        .with("tumour.chemokine", 3.0),
        // Labels ride on saturable transfers, leave and are taken up.
        Scenario::new(Host::mouse(20.g()))
            .dose(dose(5e6))
            .labelled(Label::indium_111_oxine())
            .labelled(Label::technetium_99m_hmpao()),
    ]
}

const TIMES: [f64; 9] = [0.001, 0.01, 0.1, 1.0, 6.0, 24.0, 72.0, 150.0, 240.0];

/// The model as plain data, read by the test's own reader, from the state `start`.
fn plan(model: &biodist::assembly::Model, start: Vec<f64>) -> Plan {
    let mut plan = Plan::from_json(&model.network.to_file(&[]).to_json());
    plan.initial = start;
    plan
}

/// Amounts by diffsol's BDF, written on the rates of the documentation, at times after the start.
fn by_diffsol(plan: &Plan, times: &[f64]) -> Vec<Vec<f64>> {
    let problem = diffsol_problem!(plan, 1e-10, 1e-13 * plan.total());
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

fn worst(a: &[f64], b: &[f64], total: f64) -> f64 {
    let pairs = a.iter().zip(b);
    pairs
        .map(|(a, b)| (a - b).abs() / total)
        .fold(
            0.0,
            |worst, d| if d > worst || d.is_nan() { d } else { worst },
        )
}

// Authority: diffsol (BDF), on rates written a second time.
#[test]
fn a_second_program_agrees_on_boluses() {
    for scenario in boluses() {
        let scenario = scenario.report_at(TIMES.map(|t| t.hours()));
        let model = scenario.assemble().unwrap();
        let run = model.simulate(&Options::with_rtol(1e-9)).unwrap();
        let plan = plan(&model, model.start());
        let other = by_diffsol(&plan, &TIMES);
        for ((time, state), other) in TIMES.iter().zip(run.trajectory.states()).zip(&other) {
            let d = worst(state, other, plan.total());
            assert!(d <= 1e-6, "{:?} at {time} h: {d:e}", scenario.host.species);
        }
    }
}

// Authority: diffsol, started twice: with the pumps running, and without them.
#[test]
fn a_second_program_agrees_on_an_infusion() {
    let (cells, viable, hours) = (1e8, 0.95, 0.5);
    let scenario = Scenario::new(Host::human(73.kg()))
        .dose(
            Dose::new(cells.cells(), Product::bone_marrow_msc().viability(viable))
                .over(30.minutes()),
        )
        .report_at(TIMES.map(|t| t.hours()));
    let model = scenario.assemble().unwrap();
    let run = model.simulate(&Options::with_rtol(1e-9)).unwrap();
    let mut plan = plan(&model, model.network.initial().to_vec());
    let pool = |name: &str| model.network.pool(name).unwrap().index();
    let alive = pool("venous.vascular");
    for arrow in plan
        .arrows
        .iter_mut()
        .filter(|arrow| arrow.rate.to_bits() == 0)
    {
        if matches!(arrow.law, strategies::Law::Steady) {
            let share = if arrow.to == alive {
                viable
            } else {
                1.0 - viable
            };
            arrow.rate = share * cells / hours;
        }
    }
    let (early, late): (Vec<f64>, Vec<f64>) = TIMES.iter().partition(|time| **time < hours);
    let mut first = early;
    first.push(hours);
    let mut other = by_diffsol(&plan, &first);
    plan.initial = other.pop().unwrap();
    for arrow in &mut plan.arrows {
        if matches!(arrow.law, strategies::Law::Steady) {
            arrow.rate = 0.0;
        }
    }
    let since: Vec<f64> = late.iter().map(|time| time - hours).collect();
    other.extend(by_diffsol(&plan, &since));
    for ((time, state), other) in TIMES.iter().zip(run.trajectory.states()).zip(&other) {
        let d = worst(state, other, cells);
        assert!(d <= 1e-6, "at {time} h: {d:e}");
    }
}

// Authority: Dop853 of `ode_solvers`; half a minute is all that an explicit method can do in a mouse.
#[test]
fn the_explicit_method_agrees() {
    for scenario in boluses() {
        let scenario = scenario
            .until(30.seconds())
            .report_at([1.0, 3.0, 10.0, 30.0].map(|t: f64| t.seconds()));
        let model = scenario.assemble().unwrap();
        let stiff = model.simulate(&Options::with_rtol(1e-10)).unwrap();
        let explicit = Options {
            method: Method::Dop853,
            ..Options::with_rtol(1e-12)
        };
        let explicit = model.simulate(&explicit).unwrap();
        let states = stiff.trajectory.states().zip(explicit.trajectory.states());
        for (a, b) in states {
            let d = worst(a, b, model.total_dose());
            assert!(d <= 1e-8, "{:?}: {d:e}", scenario.host.species);
        }
    }
}

// Authority: the matrix exponential, itself checked against Bateman's function.
#[test]
fn without_saturation_the_body_is_its_matrix_exponential() {
    for scenario in boluses() {
        let scenario = scenario
            .without_saturation()
            .report_at(TIMES.map(|t| t.hours()));
        let model = scenario.assemble().unwrap();
        let run = model.simulate(&Options::with_rtol(1e-11)).unwrap();
        let mut network = model.network.clone();
        for (name, amount) in model.network.pools().iter().zip(model.start()) {
            network.set_initial(name, amount).unwrap();
        }
        let expected = exact(&network, &TIMES).unwrap();
        for ((time, state), expected) in TIMES.iter().zip(run.trajectory.states()).zip(&expected) {
            let d = worst(state, expected, model.total_dose());
            assert!(d <= 1e-8, "{:?} at {time} h: {d:e}", scenario.host.species);
        }
    }
}

fn fate_and_limit(scenario: &Scenario) -> (FateTable, Run) {
    let scenario = scenario.clone().without_saturation().until(2000.days());
    let model = scenario.assemble().unwrap();
    let fate = model.fate().unwrap();
    (fate, model.simulate(&Options::with_rtol(1e-9)).unwrap())
}

// Authority: the two ways share no code but the rates: one linear solve, and 2000 days of steps.
#[test]
fn the_fate_table_is_the_limit_of_the_trajectory() {
    for scenario in boluses() {
        let (fate, run) = fate_and_limit(&scenario);
        let dose = run.model.total_dose();
        let end = run.ledger(2000.days()).unwrap();
        assert_relative_eq!(
            fate.excreted,
            end.in_state(State::Excreted) / dose,
            epsilon = 1e-7
        );
        assert_relative_eq!(
            fate.undelivered,
            end.in_state(State::Undelivered) / dose,
            epsilon = 1e-7
        );
        let deaths: f64 = fate.rows.iter().map(|row| row.death).sum();
        let viable: f64 = run.in_states("viable", &State::VIABLE).cells[0] / dose;
        assert_relative_eq!(deaths + fate.undelivered, viable, epsilon = 1e-7);
        for row in &fate.rows {
            let stay = run.kinetics(row.place.clone(), &State::VIABLE).unwrap();
            assert_relative_eq!(row.time_alive, stay.auc / dose, epsilon = 1e-6);
            let taken = run.kinetics(row.place.clone(), &[State::Ingested]).unwrap();
            // What is ingested stays 1/k on average, k the elimination of 0.003 per h.
            assert_relative_eq!(row.ingestion / 0.003, taken.auc / dose, epsilon = 1e-4);
        }
        // Every passage through the lung goes through venous blood at the cardiac output.
        let body = &run.model.body;
        let turnover = body.cardiac_output / body.volume(Blood::Venous);
        let venous = run.kinetics(Blood::Venous, &State::VIABLE).unwrap();
        assert_relative_eq!(
            fate.lung_passages,
            turnover * venous.auc / dose,
            max_relative = 1e-5
        );
    }
}

// Authority: the ledger, which reads the path in another way, and a longer run, which does not change what was.
#[test]
fn half_of_the_peak_is_gone_when_the_ledger_says_so() {
    let run = |days: f64| {
        let dose = Dose::new(5e5.cells(), Product::bone_marrow_msc());
        Scenario::new(Host::mouse(25.g()))
            .dose(dose)
            .until(days.days())
            // The time of a flat peak is as uncertain as the root of the error: 1e-3 of it needs less than 1e-6.
            .simulate_with(&Options::with_rtol(1e-9))
            .unwrap()
    };
    let (short, long) = (run(3.0), run(30.0));
    for organ in [Organ::LUNG, Organ::LIVER, Organ::MUSCLE] {
        let found = short.kinetics(organ.clone(), &State::VIABLE).unwrap();
        let gone = found.half_gone.unwrap();
        let then = short.ledger((found.tmax + gone).hours()).unwrap();
        assert_relative_eq!(
            then.viable(organ.clone()),
            0.5 * found.cmax,
            max_relative = 1e-6
        );
        let later = long.kinetics(organ, &State::VIABLE).unwrap();
        assert_relative_eq!(later.half_gone.unwrap(), gone, max_relative = 1e-3);
    }
    // Remains in the liver still rise to their peak or fall slowly: half is not gone within the run.
    assert_eq!(
        short
            .kinetics(Organ::LIVER, &State::REMAINS)
            .unwrap()
            .half_gone,
        None
    );
}
