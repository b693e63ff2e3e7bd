//! Promise: times that are equal on paper are one instant. Whole numbers of 36 s, written in any unit and reached by any
//! sum, decide which doses have been given; the program must agree with them.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod strategies;

use biodist::network::{Action, Amount, Network, PoolId, RateLaw, Schedule};
use biodist::prelude::*;
use biodist::scenario::DosingTable;
use biodist::solver::{
    Ensemble, Keep, Method, Options, StochasticOptions, Subject, integrate, stochastic,
};
use proptest::prelude::*;
use strategies::config;

/// A mouse in whose peritoneal cavity nothing moves and nothing dies: what is there is what was given.
const STILL: &str = "
until = \"100 h\"
[host]
species = \"mouse\"
weight = \"25 g\"
[parameters]
\"peritoneum.anchoring\" = 0.0
\"peritoneum.washout_rest\" = 0.0
\"peritoneum.leak\" = 0.0
\"peritoneum.death_depot\" = 0.0
\"peritoneum.mobilisation\" = 0.0
\"peritoneum.ingestion\" = 0.0
[[doses]]
amount = \"1000 cells\"
product = { kind = \"bone_marrow_msc\", viability = 1.0 }
route = \"intraperitoneal\"
";

/// A time of `n` times 36 s as people may write it.
fn typed(n: u32, unit: u8) -> String {
    match unit {
        0 => format!("{}.{:02} h", n / 100, n % 100),
        1 => format!("{}.{} min", 6 * n / 10, 6 * n % 10),
        2 => format!("{} s", 36 * n),
        // Whole hundredths of a day where there are any.
        _ if n.is_multiple_of(24) => format!("{}.{:02} d", n / 2400, n / 24 % 100),
        _ => format!("{:e} h", f64::from(n) / 100.0),
    }
}

fn depot(run: &Run, time: Time) -> f64 {
    let ledger = run.ledger(time).unwrap();
    let cavity: Place = Organ::PERITONEUM.into();
    ledger.sum(|row| row.place == cavity && row.state == State::Depot)
}

/// Starts of doses, in units of 36 s.
fn starts(at: u32, lag: u32, times: u32, every: u32) -> impl Iterator<Item = u32> {
    (0..times).map(move |k| at + lag + k * every)
}

fn repeats() -> impl Strategy<Value = ([u32; 4], [u8; 4])> {
    let numbers = (0..200_u32, 0..200_u32, 1..30_u32, 1..150_u32);
    let numbers = numbers.prop_map(|(at, lag, times, every)| [at, lag, times, every]);
    (numbers, [0..4_u8, 0..4_u8, 0..4_u8, 0..4_u8])
}

#[test]
fn the_fourth_of_four_doses_is_there_at_its_time() {
    let repeat = "repeat = { times = 4, every = \"6 min\" }\n";
    let scenario = Scenario::from_toml(&format!("{STILL}{repeat}")).unwrap();
    let run = scenario.simulate().unwrap();
    assert!((depot(&run, "18 min".parse().unwrap()) - 4000.0).abs() < 1e-6);
    // Cell by cell too.
    let run = scenario.without_saturation().simulate().unwrap();
    let time = "18 min".parse().unwrap();
    let cavity: Place = Organ::PERITONEUM.into();
    let chance = run.chance(cavity, &[State::Depot], time).unwrap();
    assert!((chance.expected() - 4000.0).abs() < 1e-3);
    let like = Scenario::from_toml(STILL).unwrap();
    let table = "TIME,AMT,ADDL,II,EVID\n0,1000,3,0.1,1\n0.3,.,.,.,0\n1,.,.,.,0\n";
    let scenarios = DosingTable::from_csv(table)
        .unwrap()
        .scenarios(&like)
        .unwrap();
    let run = scenarios[0].1.simulate().unwrap();
    assert!((depot(&run, 0.3.hours()) - 4000.0).abs() < 1e-6);
    // The last dose ends with the run: 0.1 + 0.2 is not beyond 0.3.
    let text = STILL.replace("100 h", "0.3 h") + "at = \"0.1 h\"\nover = \"0.2 h\"\n";
    let run = Scenario::from_toml(&text).unwrap().simulate().unwrap();
    assert!((depot(&run, 0.3.hours()) - 1000.0).abs() < 1e-6);
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn doses_are_counted_as_whole_numbers_count_them(
        (numbers, units) in repeats(),
        reported in any::<bool>(),
        unit in 0..4_u8,
    ) {
        let [at, lag, times, every] = numbers;
        let write = |k: usize| typed(numbers[k], units[k]);
        let dose = format!(
            "at = \"{}\"\nlag = \"{}\"\nrepeat = {{ times = {times}, every = \"{}\" }}\n",
            write(0), write(1), write(3)
        );
        let mut scenario = Scenario::from_toml(&format!("{STILL}{dose}")).unwrap();
        let asked: Vec<u32> = starts(at, lag, times, every).collect();
        let asked: Vec<Time> = asked.iter().map(|n| typed(*n, unit).parse().unwrap()).collect();
        if reported {
            scenario.report.clone_from(&asked);
        }
        let options = Options { keep: if reported { Keep::Outputs } else { Keep::Path }, ..Options::default() };
        let run = scenario.simulate_with(&options).unwrap();
        for (k, time) in asked.iter().enumerate() {
            let given = 1000.0 * (k + 1) as f64;
            prop_assert!((depot(&run, *time) - given).abs() < 1e-6, "{time}: {}", depot(&run, *time));
        }
    }

    #[test]
    fn additional_doses_of_a_table_are_counted_so_too((numbers, _) in repeats()) {
        let [at, lag, times, every] = numbers;
        let hours = |n: u32| format!("{}.{:02}", n / 100, n % 100);
        let mut table = "TIME,AMT,ADDL,II,ALAG,EVID\n".to_string();
        table += &format!("{},1000,{},{},{},1\n", hours(at), times - 1, hours(every), hours(lag));
        for start in starts(at, lag, times, every) {
            table += &format!("{},.,.,.,.,0\n", hours(start));
        }
        let like = Scenario::from_toml(STILL).unwrap();
        let scenarios = DosingTable::from_csv(&table).unwrap().scenarios(&like).unwrap();
        let run = scenarios[0].1.simulate().unwrap();
        for (k, start) in starts(at, lag, times, every).enumerate() {
            let found = depot(&run, hours(start).parse::<f64>().unwrap().hours());
            prop_assert!((found - 1000.0 * (k + 1) as f64).abs() < 1e-6, "{start}: {found}");
        }
    }

    #[test]
    fn infusions_that_meet_or_overlap_give_what_whole_numbers_give(
        (numbers, units) in repeats(),
        over in 1..60_u32,
    ) {
        let [at, lag, times, every] = numbers;
        let write = |k: usize| typed(numbers[k], units[k]);
        let dose = format!(
            "at = \"{}\"\nlag = \"{}\"\nover = \"{}\"\nrepeat = {{ times = {times}, every = \"{}\" }}\n",
            write(0), write(1), typed(over, units[2]), write(3)
        );
        let run = Scenario::from_toml(&format!("{STILL}{dose}")).unwrap().simulate().unwrap();
        for asked in starts(at, lag, times, every).flat_map(|start| [start, start + over]) {
            let part = |start: u32| f64::from(asked.saturating_sub(start).min(over)) / f64::from(over);
            let given: f64 = starts(at, lag, times, every).map(part).sum();
            let found = depot(&run, (f64::from(asked) / 100.0).hours());
            prop_assert!((found - 1000.0 * given).abs() < 1e-6 * f64::from(times), "{asked}: {found}, {given}");
        }
    }

    #[test]
    fn every_integrator_sees_what_happens_at_its_outputs(
        step in 1..40_u32,
        shift in 0..40_u32,
        count in 1..20_u32,
        ways in prop::collection::vec(0..3_u8, 20),
    ) {
        let (network, schedule) = moves(step, shift, count, &ways);
        // The moments of the moves, by another sum.
        let times: Vec<f64> = (0..count).map(|k| f64::from(shift + k * step) / 10.0).collect();
        let expected = |k: usize| (k + 1) as f64;
        for method in [Method::Rodas5P, Method::Dop853] {
            let options = Options { method, ..Options::default() };
            let run = integrate(&network, &schedule, &times, &options).unwrap();
            for (k, time) in times.iter().enumerate() {
                prop_assert!((run.pool(1)[k] - expected(k)).abs() < 1e-9);
                prop_assert!((run.at(*time).unwrap()[1] - expected(k)).abs() < 1e-9);
            }
        }
        let ensemble = Ensemble::new(&network, &schedule, &times, &Options::default()).unwrap();
        let plain = Subject::of(&network);
        let own = Subject::of(&network).on(schedule.clone());
        let mut wrong = 0;
        ensemble.run([plain, own], |_, outcome| {
            let outcome = outcome.unwrap();
            for k in 0..times.len() {
                wrong += usize::from((outcome.state(k).unwrap()[1] - expected(k)).abs() > 1e-9);
            }
        });
        prop_assert_eq!(wrong, 0);
        let walk = stochastic(&network, &schedule, &times, &StochasticOptions::seeded(1)).unwrap();
        for k in 0..times.len() {
            prop_assert_eq!(walk.state(k).unwrap()[1], k as u64 + 1);
        }
    }
}

/// One cell moved at each of some moments, whose times are computed in different ways.
fn moves(step: u32, shift: u32, count: u32, ways: &[u8]) -> (Network, Schedule) {
    let mut builder = Network::builder("moves");
    let (full, moved) = (builder.pool_with("full", 100.0), builder.pool("moved"));
    // Something to integrate, which moves nothing.
    let never = builder.parameter("never", 0.0);
    builder.transfer("none", full, moved, RateLaw::linear(never));
    let network = builder.build().unwrap();
    let mut schedule = Schedule::new();
    let mut sum = f64::from(shift) / 10.0;
    for (k, way) in (0..count).zip(ways) {
        let time = match way {
            0 => sum,
            1 => f64::from(k).mul_add(f64::from(step) * 0.1, f64::from(shift) * 0.1),
            _ => f64::from(shift) / 10.0 + f64::from(k) * (f64::from(step) / 10.0),
        };
        schedule.at(time, vec![one(full, moved)]).unwrap();
        sum += f64::from(step) / 10.0;
    }
    (network, schedule)
}

fn one(from: PoolId, to: PoolId) -> Action {
    Action::Move {
        from,
        to,
        amount: Amount::Fixed(1.0),
    }
}

#[test]
fn events_of_one_instant_keep_their_order() {
    let mut builder = Network::builder("order");
    let (a, b, c) = (
        builder.pool_with("a", 8.0),
        builder.pool("b"),
        builder.pool("c"),
    );
    let never = builder.parameter("never", 0.0);
    builder.transfer("none", a, b, RateLaw::linear(never));
    builder.transfer("nor this", b, c, RateLaw::linear(never));
    let network = builder.build().unwrap();
    let all = |from, to| Action::Move {
        from,
        to,
        amount: Amount::All,
    };
    // 0.1 + 0.2 is the greater double of the two, and comes first.
    let mut schedule = Schedule::new();
    schedule.at(0.1 + 0.2, vec![all(a, b)]).unwrap();
    schedule.at(0.3, vec![all(b, c)]).unwrap();
    for time in [0.3, 0.1 + 0.2] {
        let run = integrate(&network, &schedule, &[time, 1.0], &Options::default()).unwrap();
        assert_eq!(run.state(0), Some([0.0, 0.0, 8.0].as_slice()));
    }
}
