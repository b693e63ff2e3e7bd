//! Promise: kinetics count from the start of the first dose, and are what `docs/model.md` defines. Cells die at 0.5/h in a
//! cavity in which nothing else happens, so that every number has a closed form.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use approx::assert_relative_eq;
use biodist::observation::Kinetics;
use biodist::prelude::*;
use biodist::report::kinetics_table;

const RATE: f64 = 0.5;

fn infused() -> Scenario {
    let file = include_str!("data/tables/mrt_infusion.toml");
    Scenario::from_toml(file).unwrap()
}

fn kinetics(scenario: &Scenario) -> Kinetics {
    let run = scenario.simulate_with(&biodist::solver::Options::with_rtol(1e-9));
    let cavity: Place = Organ::PERITONEUM.into();
    run.unwrap().kinetics(cavity, &State::VIABLE).unwrap()
}

// 1000 cells over the 10 h from 10 h on: the peak is at their end, with 1000 / (10 k) (1 - exp(-10 k)) cells; the area is
// 1000 / k; cells enter 5 h after the start in the mean and live 1 / k = 2 h.
#[test]
fn an_infusion_counts_from_its_start() {
    let found = kinetics(&infused());
    assert_relative_eq!(found.tmax, 10.0, max_relative = 1e-6);
    let peak = 1000.0 / (10.0 * RATE) * (1.0 - (-10.0 * RATE).exp());
    assert_relative_eq!(found.cmax, peak, max_relative = 1e-6);
    assert_relative_eq!(found.auc, 1000.0 / RATE, max_relative = 1e-6);
    assert_relative_eq!(found.mrt.unwrap(), 7.0, max_relative = 1e-6);
    assert_relative_eq!(found.mrt_of_bolus.unwrap(), 2.0, max_relative = 1e-5);
    assert_relative_eq!(
        found.half_gone.unwrap(),
        2.0_f64.ln() / RATE,
        max_relative = 1e-4
    );
}

// With a lag of 1 h the cells enter 1 h later, and the dose starts when it did.
#[test]
fn a_lag_is_part_of_the_input() {
    let mut scenario = infused();
    scenario.doses[0].lag = 1.hours();
    let found = kinetics(&scenario);
    assert_relative_eq!(found.tmax, 11.0, max_relative = 1e-6);
    assert_relative_eq!(found.mrt.unwrap(), 8.0, max_relative = 1e-6);
    assert_relative_eq!(found.mrt_of_bolus.unwrap(), 2.0, max_relative = 1e-5);
}

// Boluses of 1000, 1000 and 3000 cells at 10, 30 and 70 h, the last of which half alive: living cells enter at
// (1000 * 10 + 1000 * 30 + 1500 * 70) / 3500 h in the mean.
#[test]
fn several_doses_count_from_the_first() {
    let mut scenario = infused();
    scenario.doses[0].over = 0.hours();
    let mut late = scenario.doses[0].clone().at(70.hours());
    scenario.doses[0] = scenario.doses[0].clone().repeated(2, 20.hours());
    late.amount = 3000.cells().into();
    late.product = late.product.viability(0.5);
    scenario.doses.push(late);
    let found = kinetics(&scenario);
    let entry = (1000.0 * 10.0 + 1000.0 * 30.0 + 1500.0 * 70.0) / 3500.0;
    assert_relative_eq!(
        found.mrt.unwrap(),
        entry - 10.0 + 1.0 / RATE,
        max_relative = 1e-5
    );
    assert_relative_eq!(found.mrt_of_bolus.unwrap(), 1.0 / RATE, max_relative = 1e-4);
}

#[test]
fn both_are_told_where_they_differ() {
    let table = |scenario: &Scenario| {
        let run = scenario.simulate().unwrap();
        kinetics_table(&run, &State::VIABLE).unwrap().to_csv()
    };
    let mut scenario = infused();
    let text = table(&scenario);
    assert!(
        text.contains("MRT of a bolus, h") && text.contains(",7.00,2.00,"),
        "{text}"
    );
    scenario.doses[0].over = 0.hours();
    let text = table(&scenario);
    assert!(
        !text.contains("MRT of a bolus") && text.contains(",2.00,"),
        "{text}"
    );
}
