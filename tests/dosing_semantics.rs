//! Promise: doses and changes mean what `docs/model.md` says, in the written order when they happen
//! at one moment.
//!
//! Every expected number is worked out by hand, in the comment beside it or in one's head: most
//! doses go into a cavity in which nothing happens, so that what is there is what was given.
#![allow(clippy::unwrap_used)] // a test may fail loudly

use approx::{assert_abs_diff_eq, assert_relative_eq};
use biodist::assembly::{AssemblyError, Model};
use biodist::network::Action;
use biodist::prelude::*;
use biodist::scenario::{Entry, ScenarioError};
use biodist::solver::{Keep, Options};

/// A mouse in whose peritoneal cavity nothing moves and nothing dies.
fn still() -> Scenario {
    let rates = [
        "anchoring",
        "washout_rest",
        "leak",
        "death_depot",
        "mobilisation",
        "ingestion",
    ];
    let mouse = Scenario::new(Host::mouse(25.g())).until(10.hours());
    rates.iter().fold(mouse, |scenario, rate| {
        scenario.with(format!("peritoneum.{rate}"), 0.0)
    })
}

/// All of them alive, into the cavity.
fn cells(number: f64) -> Dose {
    let alive = Product::bone_marrow_msc().viability(1.0);
    Dose::new(number.cells(), alive).by(Route::intraperitoneal())
}

fn cavity() -> Place {
    Organ::PERITONEUM.into()
}

fn run(scenario: &Scenario) -> Run {
    scenario.simulate_with(&Options::with_rtol(1e-9)).unwrap()
}

/// What is in a place and state at a time in h.
fn amount(run: &Run, place: impl Into<Place>, state: State, time: f64) -> f64 {
    let place = place.into();
    let ledger = run.ledger(time.hours()).unwrap();
    ledger.sum(|row| row.place == place && row.state == state)
}

/// Syringe and cavity at some times, to a part in a thousand million of the dose.
fn check(run: &Run, expected: &[(f64, f64, f64)]) {
    for (time, syringe, depot) in expected {
        let found = amount(run, Place::Outside, State::Syringe, *time);
        assert_abs_diff_eq!(found, *syringe, epsilon = 1e-9 * run.trajectory.total());
        let found = amount(run, cavity(), State::Depot, *time);
        assert_abs_diff_eq!(found, *depot, epsilon = 1e-9 * run.trajectory.total());
    }
}

/// What the events at a time do, in order: `set` or `move from -> to`.
fn events(model: &Model, time: f64) -> Vec<String> {
    let name = |pool: biodist::network::PoolId| model.network.pools()[pool.index()].clone();
    let events = model.schedule.events().iter();
    let now = events.filter(|event| event.time.to_bits() == time.to_bits());
    now.flat_map(|event| &event.actions)
        .map(|action| match action {
            Action::Move { from, to, .. } => format!("{} -> {}", name(*from), name(*to)),
            _ => "set".to_string(),
        })
        .collect()
}

#[test]
fn a_bolus_is_in_the_state_at_its_time() {
    let scenario = still().dose(cells(1000.0).at(1.hours()));
    let run = run(&scenario.report_at([0.hours(), 1.hours(), 2.hours()]));
    check(&run, &[(0.0, 1000.0, 0.0), (0.999_999, 1000.0, 0.0)]);
    check(&run, &[(1.0, 0.0, 1000.0), (2.0, 0.0, 1000.0)]);
    // The reported states say the same as the ledger, which looks at any time.
    let [depot] = run.model.atlas.pools(&cavity(), &[State::Depot])[..] else {
        unreachable!("one product, one class");
    };
    for (found, expected) in (run.trajectory.pool(depot).iter()).zip([0.0, 1e3, 1e3, 1e3]) {
        assert_abs_diff_eq!(*found, expected, epsilon = 1e-9);
    }
}

#[test]
fn a_bolus_at_time_zero_is_in_the_first_state() {
    let run = run(&still().dose(cells(1000.0)).report_at([0.hours()]));
    check(&run, &[(0.0, 0.0, 1000.0)]);
}

#[test]
fn a_parameter_changes_before_a_dose_at_the_same_time() {
    let dose = cells(1000.0).at(1.hours());
    let scenario = still()
        .dose(dose)
        .changing("peritoneum.death_depot", 0.5, 1.hours(), 2.hours())
        .changing("peritoneum.egress", 0.5, 1.hours(), 9.hours());
    let order = events(&scenario.assemble().unwrap(), 1.0);
    let give = "syringe.1 -> peritoneum.depot";
    // The second move empties the syringe of what rounding left.
    assert_eq!(order, ["set", "set", give, give]);
    // The new rate holds from the first moment: half an hour at 0.5 per h, then no more.
    let run = run(&scenario);
    check(&run, &[(1.5, 0.0, 1000.0 * (-0.25_f64).exp())]);
    check(&run, &[(9.0, 0.0, 1000.0 * (-0.5_f64).exp())]);
}

#[test]
fn a_rate_that_ends_as_the_dose_comes_does_not_act_on_it() {
    let scenario = still().dose(cells(1000.0).at(1.hours())).changing(
        "peritoneum.death_depot",
        1e3,
        0.hours(),
        1.hours(),
    );
    check(&run(&scenario), &[(1.0, 0.0, 1000.0), (10.0, 0.0, 1000.0)]);
}

#[test]
fn two_doses_at_one_time_come_in_the_order_of_the_list() {
    let scenario = still()
        .dose(cells(300.0).at(2.hours()))
        .dose(cells(700.0).at(1.hours()).lagging(1.hours()));
    let order = events(&scenario.assemble().unwrap(), 2.0);
    let (first, second) = (
        "syringe.1 -> peritoneum.depot",
        "syringe.2 -> peritoneum.depot",
    );
    assert_eq!(order, [first, first, second, second]);
    let run = run(&scenario);
    check(&run, &[(1.999, 1000.0, 0.0), (2.0, 0.0, 1000.0)]);
}

#[test]
fn a_lag_delays_every_repetition() {
    let dose = cells(1000.0).at(1.hours()).lagging(30.minutes());
    let expected = [(1.499, 1000.0, 0.0), (1.5, 0.0, 1000.0)];
    check(&run(&still().dose(dose.clone())), &expected);
    let run = run(&still().dose(dose.repeated(2, 2.hours())));
    check(
        &run,
        &[
            (1.5, 1000.0, 1000.0),
            (3.499, 1000.0, 1000.0),
            (3.5, 0.0, 2000.0),
        ],
    );
}

#[test]
fn repetitions_begin_at_zero_every_and_twice_every() {
    let run = run(&still().dose(cells(1000.0).repeated(3, 2.hours())));
    check(&run, &[(0.0, 2000.0, 1000.0), (1.999, 2000.0, 1000.0)]);
    check(&run, &[(2.0, 1000.0, 2000.0), (3.999, 1000.0, 2000.0)]);
    check(&run, &[(4.0, 0.0, 3000.0), (10.0, 0.0, 3000.0)]);
}

#[test]
fn an_infusion_empties_its_syringe_on_a_line() {
    let scenario = still().dose(cells(1200.0).at(1.hours()).over(3.hours()));
    let run = run(&scenario);
    // 1200 (1 - (t - 1) / 3)
    check(
        &run,
        &[(0.0, 1200.0, 0.0), (1.0, 1200.0, 0.0), (1.75, 900.0, 300.0)],
    );
    check(
        &run,
        &[
            (2.0, 800.0, 400.0),
            (2.5, 600.0, 600.0),
            (3.9, 40.0, 1160.0),
        ],
    );
    check(&run, &[(4.0, 0.0, 1200.0), (10.0, 0.0, 1200.0)]);
    let end = amount(&run, Place::Outside, State::Syringe, 4.0);
    assert_eq!(
        end.to_bits(),
        0.0_f64.to_bits(),
        "the syringe is empty, not nearly so"
    );
}

#[test]
fn an_infusion_may_end_with_the_run() {
    let run = run(&still().dose(cells(1000.0).at(2.hours()).over(8.hours())));
    check(&run, &[(6.0, 500.0, 500.0), (10.0, 0.0, 1000.0)]);
}

#[test]
fn overlapping_infusions_add_their_rates() {
    let run = run(&still().dose(cells(1000.0).over(2.hours()).repeated(2, 1.hours())));
    // 500 per h in the first and the third hour, 1000 per h in the second.
    check(
        &run,
        &[
            (0.5, 1750.0, 250.0),
            (1.0, 1500.0, 500.0),
            (1.5, 1000.0, 1000.0),
        ],
    );
    check(
        &run,
        &[
            (2.0, 500.0, 1500.0),
            (2.5, 250.0, 1750.0),
            (3.0, 0.0, 2000.0),
        ],
    );
}

#[test]
fn an_infusion_against_death_has_its_closed_form() {
    let scenario = still()
        .dose(cells(2000.0).over(2.hours()))
        .with("peritoneum.death_depot", 0.5);
    let run = run(&scenario);
    // Rate 1000 per h against 0.5 per h: 2000 (1 - exp(-t/2)); after the end a plain decay.
    let at_end = 2000.0 * (1.0 - (-1.0_f64).exp());
    check(&run, &[(1.0, 1000.0, 2000.0 * (1.0 - (-0.5_f64).exp()))]);
    check(
        &run,
        &[(2.0, 0.0, at_end), (4.0, 0.0, at_end * (-1.0_f64).exp())],
    );
}

#[test]
fn a_change_of_the_body_does_not_disturb_a_pump() {
    let scenario = still()
        .dose(cells(1000.0).over(4.hours()))
        .changing("body.cardiac_output", 20.0, 1.hours(), 2.hours())
        .changing("lung.dilation", 1.3, 1.5.hours(), 5.hours());
    let run = run(&scenario);
    check(
        &run,
        &[
            (1.0, 750.0, 250.0),
            (1.7, 575.0, 425.0),
            (3.0, 250.0, 750.0),
            (4.0, 0.0, 1000.0),
        ],
    );
}

#[test]
fn what_is_lost_goes_to_undelivered() {
    let lost = |run: &Run, time| amount(run, Place::Outside, State::Undelivered, time);
    let bolus = run(&still().dose(cells(1000.0).at(1.hours()).losing(0.2)));
    check(
        &bolus,
        &[(0.5, 1000.0, 0.0), (1.0, 0.0, 800.0), (10.0, 0.0, 800.0)],
    );
    assert_abs_diff_eq!(lost(&bolus, 0.5), 0.0);
    assert_abs_diff_eq!(lost(&bolus, 1.0), 200.0, epsilon = 1e-9);
    let infusion = run(&still().dose(cells(1000.0).over(2.hours()).losing(0.2)));
    check(&infusion, &[(1.0, 500.0, 400.0), (2.0, 0.0, 800.0)]);
    assert_abs_diff_eq!(lost(&infusion, 1.0), 100.0, epsilon = 1e-6);
    assert_abs_diff_eq!(lost(&infusion, 2.0), 200.0, epsilon = 1e-6);
    let all = run(&still().dose(cells(1000.0).losing(1.0)));
    check(&all, &[(0.0, 0.0, 0.0)]);
    assert_abs_diff_eq!(lost(&all, 10.0), 1000.0);
}

#[test]
fn the_dead_enter_as_debris_of_the_same_place() {
    let product = Product::bone_marrow_msc().viability(0.9);
    let dose = Dose::new(1000.cells(), product);
    let at_once = |dose: Dose| run(&still().dose(dose).with("renal_artery.flow_past", 0.25));
    let near = |found: f64, expected: f64| assert_abs_diff_eq!(found, expected, epsilon = 1e-9);

    let cavity_run = at_once(dose.clone().by(Route::intraperitoneal()).losing(0.2));
    check(&cavity_run, &[(0.0, 0.0, 720.0)]); // 1000 * 0.8 * 0.9
    near(amount(&cavity_run, cavity(), State::Debris, 0.0), 80.0);
    near(amount(&cavity_run, cavity(), State::Debris, 10.0), 80.0);

    let vein = at_once(dose.clone());
    near(amount(&vein, Blood::Venous, State::Vascular, 0.0), 900.0);
    near(amount(&vein, Blood::Venous, State::Debris, 0.0), 100.0);

    let artery = at_once(dose.by(Route::renal_artery()));
    near(
        amount(&artery, Blood::Arterial, State::Vascular, 0.0),
        225.0,
    ); // 1000 * 0.25 * 0.9
    near(amount(&artery, Blood::Arterial, State::Debris, 0.0), 25.0);
    near(amount(&artery, Organ::KIDNEY, State::Artery, 0.0), 675.0);
    near(amount(&artery, Organ::KIDNEY, State::Debris, 0.0), 75.0);
}

#[test]
fn nothing_flows_past_by_a_route_of_ones_own() {
    let mine = Route::new("into the kidney", Entry::Artery(Organ::KIDNEY));
    let run = run(&still().dose(cells(1000.0).by(mine)));
    assert_abs_diff_eq!(amount(&run, Organ::KIDNEY, State::Artery, 0.0), 1000.0);
    assert_abs_diff_eq!(amount(&run, Blood::Arterial, State::Vascular, 0.0), 0.0);
}

#[test]
fn shares_are_those_of_time_zero() {
    let product = Product::bone_marrow_msc();
    let dose = Dose::new(1000.cells(), product).at(2.hours());
    let late = |id: &str, value| still().changing(id, value, 1.hours(), 9.hours());
    let scenario = late("bone_marrow_msc.viability", 0.5)
        .with("bone_marrow_msc.viability", 0.9)
        .dose(dose.clone().by(Route::intraperitoneal()));
    check(&run(&scenario), &[(2.0, 0.0, 900.0)]);
    let scenario = late("renal_artery.flow_past", 0.5)
        .with("renal_artery.flow_past", 0.25)
        .with("bone_marrow_msc.viability", 1.0)
        .dose(dose.by(Route::renal_artery()));
    let run = run(&scenario);
    assert_abs_diff_eq!(
        amount(&run, Organ::KIDNEY, State::Artery, 2.0),
        750.0,
        epsilon = 1e-9
    );
}

#[test]
fn the_living_are_divided_equally_among_the_classes() {
    let product = Product::bone_marrow_msc().viability(0.8);
    let dose = Dose::new(1000.cells(), product).by(Route::intraperitoneal());
    let run = run(&still().dose(dose).in_size_classes(4));
    let start = run.trajectory.at(0.0).unwrap();
    let depots = run.model.atlas.pools(&cavity(), &[State::Depot]);
    let found: Vec<f64> = depots.iter().map(|pool| start[*pool]).collect();
    assert_eq!(found.len(), 4);
    for class in found {
        assert_relative_eq!(class, 200.0, max_relative = 1e-12);
    }
    assert_abs_diff_eq!(
        amount(&run, cavity(), State::Debris, 0.0),
        200.0,
        epsilon = 1e-9
    );
}

#[test]
fn cells_per_kilogram_are_multiplied_by_the_weight() {
    let given = |host: Host, dose: Dose| {
        let model = Scenario::new(host).dose(dose).assemble().unwrap();
        (
            model.total_dose(),
            model.network.initial().iter().sum::<f64>(),
        )
    };
    let dose = Dose::new(2e6.cells_per_kg(), Product::bone_marrow_msc());
    for (host, repeats, expected) in [
        (Host::human(70.kg()), 1, 1.4e8),
        (Host::human(70.kg()), 3, 4.2e8),
        (Host::mouse(30.g()), 1, 6e4),
        // Without a weight, the reference weight of the tables: 25 g.
        (Host::new("mouse"), 1, 5e4),
    ] {
        let (total, filled) = given(host, dose.clone().repeated(repeats, 1.days()));
        assert_relative_eq!(total, expected, max_relative = 1e-12);
        assert_relative_eq!(filled, expected, max_relative = 1e-12);
    }
}

#[test]
fn different_products_have_pools_of_their_own_and_equal_ones_share() {
    let other = Product::bone_marrow_msc().viability(0.5);
    let second = Dose::new(500.cells(), other).by(Route::intraperitoneal());
    let scenario = still()
        .dose(cells(1000.0))
        .dose(second.at(1.hours()))
        .dose(cells(50.0).at(2.hours()));
    let run = run(&scenario);
    let held = |product: usize, state: State, time: f64| {
        let atlas = &run.model.atlas;
        let pools = atlas
            .select(|key| key.product == product && key.state == state && key.place == cavity());
        assert_eq!(
            pools.len(),
            1,
            "one pool of product {product} that is {state}"
        );
        run.trajectory.at(time).unwrap()[pools[0]]
    };
    for (time, first, alive, dead) in [
        (0.0, 1000.0, 0.0, 0.0),
        (1.0, 1000.0, 250.0, 250.0),
        (2.0, 1050.0, 250.0, 250.0),
        (10.0, 1050.0, 250.0, 250.0),
    ] {
        assert_abs_diff_eq!(held(0, State::Depot, time), first, epsilon = 1e-9);
        assert_abs_diff_eq!(held(0, State::Debris, time), 0.0);
        assert_abs_diff_eq!(held(1, State::Depot, time), alive, epsilon = 1e-9);
        assert_abs_diff_eq!(held(1, State::Debris, time), dead, epsilon = 1e-9);
    }
    let syringes = run.model.atlas.select(|key| key.state == State::Syringe);
    assert_eq!(syringes.len(), 3, "each dose has a syringe of its own");
}

#[test]
fn a_dose_at_the_horizon_is_refused() {
    let refused = still().dose(cells(1000.0).at(10.hours())).assemble();
    let Err(AssemblyError::Scenario(ScenarioError::Invalid { faults })) = refused else {
        unreachable!("a dose at the end of the run was accepted");
    };
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].field, "doses[0].at (h)");
    let last = still().dose(cells(1000.0).at(9.999.hours())).simulate();
    check(&last.unwrap(), &[(10.0, 0.0, 1000.0)]);
}

#[test]
fn a_repeated_bolus_with_losses_conserves() {
    // Thirds and tenths have no exact double, so rounding is left over at every repetition.
    let product = Product::bone_marrow_msc().viability(0.7);
    let dose = Dose::new((1e6 / 3.0).cells(), product)
        .losing(0.1)
        .repeated(7, 1.1.hours());
    let run = run(&still().dose(dose));
    for time in run.trajectory.times() {
        let ledger = run.ledger(Time::new(*time)).unwrap();
        assert!(
            ledger.residual.abs() < 1e-13,
            "{} at {time} h",
            ledger.residual
        );
    }
    let end = run.ledger(10.hours()).unwrap();
    assert_eq!(end.in_state(State::Syringe).to_bits(), 0.0_f64.to_bits());
    // 7 * (1e6 / 3) * 0.1
    let lost = end.in_state(State::Undelivered);
    assert_relative_eq!(lost, 7e5 / 3.0, max_relative = 1e-12);
    assert_relative_eq!(end.dose, 7e6 / 3.0, max_relative = 1e-12);
}

#[test]
fn the_report_always_goes_to_the_end() {
    let times = |hours: &[f64]| {
        let scenario = still().dose(cells(1000.0).at(9.hours()));
        let run = run(&scenario.report_at(hours.iter().map(|time| time.hours())));
        check(&run, &[(10.0, 0.0, 1000.0)]);
        run.trajectory.times().to_vec()
    };
    assert_eq!(times(&[1.0, 2.0]), [1.0, 2.0, 10.0]);
    assert_eq!(times(&[0.0, 10.0]), [0.0, 10.0]);
}

#[test]
fn without_a_report_every_start_and_the_end_are_in_the_grid() {
    let dose = cells(1000.0).at(1.hours()).lagging(0.5.hours());
    let run = run(&still().dose(dose.repeated(3, 2.hours())));
    let times = run.trajectory.times();
    for wanted in [0.0, 1.5, 3.5, 5.5, 10.0] {
        assert!(times.contains(&wanted), "{wanted} h");
    }
    assert!(times.is_sorted_by(|a, b| a < b));
    assert_eq!(times.last(), Some(&10.0));
}

/// Cells left of 1000 when the exponents of their death add up to `exponent`.
fn left(scenario: &Scenario, time: f64, exponent: f64) {
    check(&run(scenario), &[(time, 0.0, 1000.0 * (-exponent).exp())]);
}

#[test]
fn a_parameter_returns_to_its_old_value_when_a_change_ends() {
    let scenario = still()
        .dose(cells(1000.0))
        .with("peritoneum.death_depot", 0.1)
        .changing("peritoneum.death_depot", 0.5, 2.hours(), 5.hours());
    left(&scenario, 2.0, 0.1 * 2.0);
    left(&scenario, 5.0, 0.1 * 2.0 + 0.5 * 3.0);
    left(&scenario, 8.0, 0.1 * 2.0 + 0.5 * 3.0 + 0.1 * 3.0);
}

#[test]
fn of_overlapping_changes_the_later_in_the_list_wins() {
    let base = still()
        .dose(cells(1000.0))
        .with("peritoneum.death_depot", 0.1);
    let wide =
        |scenario: Scenario| scenario.changing("peritoneum.death_depot", 0.5, 1.hours(), 5.hours());
    let narrow =
        |scenario: Scenario| scenario.changing("peritoneum.death_depot", 0.3, 2.hours(), 4.hours());
    // To 6 h: 0.1, 0.5, 0.3 twice, 0.5, 0.1; and 0.1, 0.5 four times, 0.1.
    left(
        &narrow(wide(base.clone())),
        6.0,
        0.1 + 0.5 + 0.6 + 0.5 + 0.1,
    );
    left(&wide(narrow(base)), 6.0, 0.1 + 2.0 + 0.1);
}

#[test]
fn a_change_without_an_end_holds_for_ever() {
    let mut scenario =
        still()
            .dose(cells(1000.0))
            .changing("peritoneum.death_depot", 0.2, 3.hours(), 4.hours());
    scenario.changes[0].until = None;
    left(&scenario, 10.0, 0.2 * 7.0);
}

#[test]
fn an_output_at_an_event_shows_the_state_after_it() {
    let scenario = still()
        .dose(cells(1000.0).at(2.hours()).repeated(2, 3.hours()))
        .report_at([2.hours(), 5.hours()]);
    for keep in [Keep::Path, Keep::Outputs] {
        let options = Options {
            keep,
            ..Options::default()
        };
        let run = scenario.simulate_with(&options).unwrap();
        check(&run, &[(2.0, 1000.0, 1000.0), (5.0, 0.0, 2000.0)]);
    }
    // Also where no output was asked for: the path is looked at from the right.
    let run = run(&scenario.report_at([1.hours()]));
    check(&run, &[(2.0, 1000.0, 1000.0), (5.0, 0.0, 2000.0)]);
}

#[test]
fn all_cells_are_in_the_syringe_before_they_are_given() {
    let scenario = still().dose(cells(1000.0).at(2.hours()).losing(0.5)).dose(
        cells(500.0)
            .at(3.hours())
            .over(1.hours())
            .repeated(2, 2.hours()),
    );
    let model = scenario.assemble().unwrap();
    assert_relative_eq!(model.total_dose(), 2000.0);
    // As if given at once: half of the first dose is lost.
    let start = model.start();
    let sum = |state: State| -> f64 {
        let pools = model.atlas.select(|key| key.state == state);
        pools.iter().map(|pool| start[*pool]).sum()
    };
    assert_relative_eq!(sum(State::Depot), 1500.0);
    assert_relative_eq!(sum(State::Undelivered), 500.0);
    assert_relative_eq!(sum(State::Syringe), 0.0);
    check(
        &run(&scenario),
        &[
            (0.0, 2000.0, 0.0),
            (1.999, 2000.0, 0.0),
            (2.0, 1000.0, 500.0),
        ],
    );
}
