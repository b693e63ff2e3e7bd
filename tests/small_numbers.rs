//! Promise: chances of small numbers are exact, and whole cells moved one by one agree with them.
#![allow(clippy::unwrap_used)]

use biodist::network::{Action, Amount, Network, NetworkFile, RateLaw, Schedule};
use biodist::observation::ObservationError;
use biodist::prelude::*;
use biodist::solver::{
    Options, Realisation, SolverError, Stochastic, StochasticOptions, integrate, stochastic,
};

/// Cells in a muscle from which nothing washes out: they only die, 0.02 per h, or anchor.
fn muscle(cells: f64, anchoring: f64) -> Scenario {
    Scenario::new(Host::mouse(25.g()))
        .dose(Dose::new(cells.cells(), Product::bone_marrow_msc()).by(Route::intramuscular()))
        .with("muscle.anchoring", anchoring)
        .with("muscle.washout_rest", 0.0)
        .with("muscle.washout_contraction", 0.0)
        .with("muscle.death_depot", 0.02)
        .with("muscle.death_resident", 0.05)
        .with("muscle.egress", 0.0)
        .without_saturation()
        .until(2000.hours())
}

fn close(found: f64, wanted: f64, tolerance: f64) {
    let apart = (found / wanted - 1.0).abs();
    assert!(apart < tolerance, "{found} is not {wanted}: {apart:e}");
}

/// Viable at injection, `cell.viability` of the tables.
const VIABLE: f64 = 0.95;

#[test]
fn a_death_chain_is_binomial() {
    // Depot cells only die: p = 0.95 exp(-0.02 t).
    let run = muscle(1000.0, 0.0).simulate().unwrap();
    for hours in [0.0_f64, 1.0, 24.0, 200.0] {
        let p = VIABLE * (-0.02 * hours).exp();
        let chance = run.chance_any_alive(hours.hours()).unwrap();
        close(chance.expected(), 1000.0 * p, 1e-8);
        close(chance.variance(), 1000.0 * p * (1.0 - p), 1e-7);
        // Cell by cell: each is there or not.
        let mut wanted = vec![1.0];
        for _ in 0..1000 {
            let mut next = vec![0.0; wanted.len() + 1];
            for (k, have) in wanted.iter().enumerate() {
                next[k] += have * (1.0 - p);
                next[k + 1] += have * p;
            }
            wanted = next;
        }
        let mut below = 0.0;
        for (k, wanted) in wanted.iter().enumerate() {
            let k = k as u64;
            if *wanted > 1e-200 {
                // The probability of one cell is known to 1e-9, that of k to k times that.
                close(chance.probability_of(k), *wanted, 2e-5);
            }
            below += wanted;
            assert!((chance.at_most(k) - below).abs() < 1e-6);
            assert!((chance.more_than(k) - (1.0 - below)).abs() < 1e-6);
        }
        let sum: f64 = (0..=1000).map(|k| chance.probability_of(k)).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        assert!(chance.probability_of(1001) <= 0.0);
    }
}

#[test]
fn two_pools_in_a_row() {
    // depot -> resident at a, both die: Bateman's solution.
    let a = 0.1;
    let run = muscle(50.0, a).simulate().unwrap();
    let (t, k1, k2) = (30.0_f64, a + 0.02, 0.05);
    let p = VIABLE * a / (k1 - k2) * ((-k2 * t).exp() - (-k1 * t).exp());
    let chance = run
        .chance(Organ::MUSCLE, &[State::Resident], t.hours())
        .unwrap();
    close(chance.expected(), 50.0 * p, 1e-8);
    close(chance.of_none(), (1.0 - p).powi(50), 1e-7);
    close(chance.of_at_least_one(), 1.0 - (1.0 - p).powi(50), 1e-7);
    let all = run
        .chance(Organ::MUSCLE, &State::VIABLE, t.hours())
        .unwrap();
    let both = p + VIABLE * (-k1 * t).exp();
    close(all.expected(), 50.0 * both, 1e-8);
    // C(50, 3) p^3 (1 - p)^47
    let three = 19_600.0 * p.powi(3) * (1.0 - p).powi(47);
    close(chance.probability_of(3), three, 1e-7);
}

#[test]
fn one_cell_and_no_cell() {
    let run = muscle(1.0, 0.0).simulate().unwrap();
    let p = VIABLE * (-0.2_f64).exp();
    let chance = run.chance_any_alive(10.hours()).unwrap();
    close(chance.of_at_least_one(), p, 1e-8);
    close(chance.probability_of(1), p, 1e-8);
    close(chance.of_none(), 1.0 - p, 1e-8);
    assert_eq!(chance.quantile(0.1).unwrap(), 0);
    assert_eq!(chance.quantile(0.9).unwrap(), 1);
    // Muscle cells never reach the brain.
    let brain = run
        .chance(Organ::BRAIN, &State::VIABLE, 10.hours())
        .unwrap();
    assert!(brain.of_at_least_one() <= 0.0 && brain.of_none() >= 1.0);
    assert!(brain.probability_of(0) >= 1.0 && brain.quantile(0.99).unwrap() == 0);
}

#[test]
fn tiny_chances_keep_their_digits() {
    // 0.95 exp(-2 t): 1e-9 at 10 h, 1e-174 at 200 h, 1e-300 at 345 h.
    let run = muscle(1e9, 0.0)
        .with("muscle.death_depot", 2.0)
        .simulate()
        .unwrap();
    for (hours, tolerance) in [
        (10.0_f64, 1e-8),
        (100.0, 1e-7),
        (200.0, 1e-7),
        (345.0, 1e-3),
    ] {
        let p = VIABLE * (-2.0 * hours).exp();
        let chance = run.chance_any_alive(hours.hours()).unwrap();
        close(chance.expected(), 1e9 * p, tolerance);
        if hours > 50.0 {
            close(chance.of_at_least_one(), 1e9 * p, tolerance);
            close(chance.probability_of(1), 1e9 * p, tolerance);
            close(chance.more_than(0), 1e9 * p, tolerance);
            assert!(chance.of_none() >= 1.0 - 1e-15);
        } else {
            // A mean of about 2 cells of a billion: Poisson to 1e-9.
            let mean = 1e9 * p;
            close(
                chance.probability_of(3),
                mean.powi(3) / 6.0 * (-mean).exp(),
                1e-7,
            );
            close(chance.of_at_least_one(), -(-mean).exp_m1(), 1e-7);
        }
    }
}

#[test]
fn a_billion_cells() {
    // p = 0.5: the middle of the distribution by de Moivre and Laplace, corrected to 1/n.
    let hours = (0.95_f64 / 0.5).ln() / 0.02;
    let run = muscle(1e9, 0.0).simulate().unwrap();
    let chance = run.chance_any_alive(hours.hours()).unwrap();
    let p = chance.starts[0].probability;
    let (mean, sd) = (chance.expected(), chance.variance().sqrt());
    let middle = mean.round();
    let z = (middle - mean) / sd;
    let density = (-0.5 * z * z).exp() / (sd * (2.0 * std::f64::consts::PI).sqrt());
    close(chance.probability_of(middle as u64), density, 1e-8);
    let below = chance.at_most(middle as u64);
    assert!((below - 0.5).abs() < 1.0 / sd);
    assert!((below + chance.more_than(middle as u64) - 1.0).abs() < 1e-12);
    // Quantile of the normal distribution at 2.5 %.
    let low = chance.quantile(0.025).unwrap() as f64;
    assert!((low - (mean - 1.959_963_985 * sd)).abs() < 2.0, "{low}");
    assert!((p - 0.5).abs() < 1e-8);
}

#[test]
fn several_starts_add_as_independent_counts() {
    // Three starts of 2 and one other dose of 3 cells: every outcome by enumeration.
    let other = Dose::new(3.cells(), Product::new("mapc"))
        .by(Route::intramuscular())
        .at(5.hours());
    let mut scenario = muscle(2.0, 0.0).dose(other);
    scenario.doses[0] = scenario.doses[0].clone().repeated(3, 10.hours());
    let run = scenario.simulate().unwrap();
    let chance = run.chance_any_alive(22.hours()).unwrap();
    let ages = [(2, 22.0_f64), (2, 12.0), (2, 2.0), (3, 17.0)];
    let mut wanted = vec![1.0];
    for (cells, age) in ages {
        let p = VIABLE * (-0.02 * age).exp();
        for _ in 0..cells {
            let mut next = vec![0.0; wanted.len() + 1];
            for (k, have) in wanted.iter().enumerate() {
                next[k] += have * (1.0 - p);
                next[k + 1] += have * p;
            }
            wanted = next;
        }
    }
    for (k, wanted) in wanted.iter().enumerate() {
        close(chance.probability_of(k as u64), *wanted, 1e-7);
    }
    close(chance.of_none(), wanted[0], 1e-7);
    // Before the second start its cells wait: 5 h, one start and the other dose just given.
    let early = run.chance_any_alive(5.hours()).unwrap();
    close(
        early.expected(),
        2.0 * VIABLE * (-0.1_f64).exp() + 3.0 * VIABLE,
        1e-8,
    );
    let waiting = run
        .chance(Place::Outside, &[State::Syringe], 5.hours())
        .unwrap();
    assert!(waiting.probability_of(4) >= 1.0);
    close(waiting.expected(), 4.0, 1e-12);
    assert!(waiting.variance() <= 0.0);
}

#[test]
fn an_infusion_and_a_change_in_time() {
    // Entering evenly over 4 h, dying at d: p = 0.95/(4 d) (exp(d s) - 1) exp(-d t).
    let mut scenario = muscle(100.0, 0.0);
    scenario.doses[0] = scenario.doses[0].clone().over(4.hours()).at(1.hours());
    let p = |from: f64, to: f64, t: f64| {
        VIABLE / 4.0 * ((-0.02 * (t - to)).exp() - (-0.02 * (t - from)).exp()) / 0.02
    };
    let run = scenario.clone().simulate().unwrap();
    let during = run.chance_any_alive(3.hours()).unwrap();
    close(during.expected(), 100.0 * p(1.0, 3.0, 3.0), 1e-8);
    let after = run.chance_any_alive(20.hours()).unwrap();
    close(after.expected(), 100.0 * p(1.0, 5.0, 20.0), 1e-8);
    // Death three times as fast between 10 and 15 h.
    let changed = scenario.changing("muscle.death_depot", 0.06, 10.hours(), 15.hours());
    let run = changed.simulate().unwrap();
    let after = run.chance_any_alive(20.hours()).unwrap();
    close(
        after.expected(),
        100.0 * p(1.0, 5.0, 20.0) * (-0.2_f64).exp(),
        1e-8,
    );
}

/// The mean is what the run itself holds, for a whole body with everything in it.
#[test]
fn the_mean_is_the_amount_of_the_run() {
    let run = whole_mouse(1e5, 3)
        .dose(
            Dose::new(2e5.cells(), Product::new("mapc"))
                .by(Route::renal_artery())
                .over(2.hours())
                .repeated(3, 1.hours()),
        )
        .changing("lung.dilation", 1.5, 1.hours(), 8.hours())
        .simulate_with(&Options::with_rtol(1e-9))
        .unwrap();
    for hours in [0.5, 1.0, 2.5, 24.0] {
        let ledger = run.ledger(hours.hours()).unwrap();
        for organ in [Organ::LUNG, Organ::KIDNEY, Organ::BRAIN, Organ::LIVER] {
            let alive = run
                .chance(organ.clone(), &State::VIABLE, hours.hours())
                .unwrap();
            close(alive.expected(), ledger.viable(organ.clone()), 1e-6);
            let remains = run
                .chance(organ.clone(), &State::REMAINS, hours.hours())
                .unwrap();
            close(remains.expected(), ledger.remains(organ), 1e-6);
        }
    }
    assert_eq!(run.chance_any_alive(1.hours()).unwrap().starts.len(), 4);
}

#[test]
fn what_cannot_be_answered_is_refused() {
    let saturated = Scenario {
        saturation: true,
        ..whole_mouse(1e4, 1)
    }
    .simulate()
    .unwrap();
    let refused = saturated.chance_any_alive(1.hours()).unwrap_err();
    assert!(
        refused.to_string().contains("switch saturation off"),
        "{refused}"
    );
    assert!(matches!(
        refused,
        ObservationError::Solver(SolverError::NotLinear { .. })
    ));
    let run = whole_mouse(1e4, 1).simulate().unwrap();
    let late = run.chance_any_alive(99.days()).unwrap_err();
    assert!(matches!(
        late,
        ObservationError::Solver(SolverError::OutsideRun { .. })
    ));
    let nowhere = run.chance(Organ::new("tumour"), &State::VIABLE, 1.hours());
    assert!(matches!(
        nowhere,
        Err(ObservationError::UnknownPlace { .. })
    ));
    let chance = run.chance_any_alive(1.hours()).unwrap();
    for share in [0.0, 1.0, -1.0, f64::NAN] {
        assert!(chance.quantile(share).is_err(), "{share}");
    }
    assert!(!chance.rounded() && !chance.to_string().contains("rounded"));
    let half = whole_mouse(1000.4, 1).simulate().unwrap();
    let half = half.chance_any_alive(1.hours()).unwrap();
    assert_eq!(half.starts[0].cells, 1000);
    assert!(half.rounded() && half.to_string().contains("dose 1 of 1000.4 to 1000"));
}

/// A mouse with every cell alive at injection, so that a dose is one kind of cell.
fn whole_mouse(cells: f64, classes: usize) -> Scenario {
    let product = Product {
        viability: Some(1.0),
        ..Product::bone_marrow_msc()
    };
    Scenario::new(Host::mouse(25.g()))
        .dose(Dose::new(cells.cells(), product))
        .in_size_classes(classes)
        .without_saturation()
        .until(2.days())
}

/// Many realisations of a network, one for each seed.
fn realisations(
    network: &Network,
    schedule: &Schedule,
    times: &[f64],
    seeds: std::ops::Range<u64>,
) -> Vec<Realisation> {
    let subject = Stochastic::new(network, schedule).unwrap();
    seeds
        .map(|seed| {
            subject
                .run(times, &StochasticOptions::seeded(seed))
                .unwrap()
        })
        .collect()
}

/// Mean and variance over realisations of the cells in some pools, at output number `time`.
fn moments(of: &[Realisation], pools: &[usize], time: usize) -> (f64, f64) {
    let counts: Vec<f64> = of.iter().map(|one| one.sum(pools)[time] as f64).collect();
    let n = counts.len() as f64;
    let mean = counts.iter().sum::<f64>() / n;
    let squares = counts.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
    (mean, squares / (n - 1.0))
}

#[test]
fn a_whole_mouse_cell_by_cell() {
    let run = whole_mouse(2000.0, 1).simulate().unwrap();
    let model = &run.model;
    let times = [0.02, 1.0, 24.0];
    let seeds = 100;
    let walks = realisations(&model.network, &model.schedule, &times, 0..seeds);
    for walk in &walks {
        for state in walk.states() {
            assert_eq!(state.iter().sum::<u64>(), 2000, "cells made or lost");
        }
    }
    let n = seeds as f64;
    for (index, time) in times.iter().enumerate() {
        for (place, states) in [
            (Place::from(Organ::LUNG), State::VIABLE.to_vec()),
            (Organ::LUNG.into(), State::REMAINS.to_vec()),
            (Organ::LIVER.into(), vec![State::Ingested]),
            (Organ::BRAIN.into(), State::VIABLE.to_vec()),
            (Organ::MUSCLE.into(), State::VIABLE.to_vec()),
        ] {
            let chance = run.chance(place.clone(), &states, time.hours()).unwrap();
            let pools = model.atlas.pools(&place, &states);
            let (mean, variance) = moments(&walks, &pools, index);
            let wanted = chance.variance();
            let error = (wanted / n).sqrt();
            let apart = (mean - chance.expected()).abs();
            assert!(
                apart < 5.0 * error.max(0.02),
                "{place} {time} h: {mean} {chance}"
            );
            // The variance of a sample variance, with the excess kurtosis of a binomial.
            let kurtosis = 1.0 / wanted.max(1e-9);
            let spread = wanted * ((2.0 / (n - 1.0)) + kurtosis / n).sqrt();
            assert!(
                (variance - wanted).abs() < 5.0 * spread.max(0.01),
                "{place} {time} h: {variance} {wanted}"
            );
        }
    }
}

#[test]
fn how_often_none_is_left() {
    let scenario = whole_mouse(40.0, 1).until(36.hours());
    let run = scenario.simulate().unwrap();
    let chance = run.chance_any_alive(36.hours()).unwrap();
    assert!(
        (0.2..0.8).contains(&chance.of_none()),
        "a fair question: {chance}"
    );
    let model = &run.model;
    let walks = realisations(&model.network, &model.schedule, &[36.0], 1000..3000);
    let alive = model.atlas.select(|key| key.state.is_viable());
    for k in 0..3 {
        let seen = walks.iter().filter(|walk| walk.sum(&alive)[0] == k).count() as f64 / 2000.0;
        let p = chance.probability_of(k);
        let sigma = (p * (1.0 - p) / 2000.0).sqrt();
        assert!((seen - p).abs() < 5.0 * sigma, "{k}: {seen} {p}");
    }
}

/// Most laws at once, closed in a ring, with a pump and events.
fn ring(cells: f64) -> (Network, Schedule) {
    let text = format!(
        r#"{{
        "name": "ring", "pools": ["a", "b", "c", "d", "e"],
        "initial": {{ "a": {cells}, "e": {cells} }},
        "parameters": {{ "k": 1, "room": {room}, "vmax": {vmax}, "km": {km}, "meet": {meet}, "pump": 0 }},
        "transfers": [
            {{ "id": "lodge", "from": "a", "to": "b", "law": "capacity",
               "parameter": "k", "occupant": "b", "capacity": "room" }},
            {{ "id": "eat", "from": "b", "to": "c", "law": "michaelis_menten",
               "vmax": "vmax", "km": "km", "competitor": "c" }},
            {{ "id": "meet", "from": "c", "to": "d", "law": "mass_action",
               "parameter": "meet", "other": ["a", "b"] }},
            {{ "id": "back", "from": "d", "to": "a", "law": "linear", "constant": 0.7, "parameter": "k" }},
            {{ "id": "pump", "from": "e", "to": "a", "law": "steady", "parameter": "pump" }}
        ] }}"#,
        room = 0.5 * cells,
        vmax = 0.4 * cells,
        km = 0.3 * cells,
        meet = 0.8 / cells,
    );
    let network = NetworkFile::from_json(&text).unwrap().network().unwrap();
    let pool = |name| network.pool(name).unwrap();
    let (a, b, e) = (pool("a"), pool("b"), pool("e"));
    let parameter = network.parameter("pump").unwrap();
    let set = |value| Action::Set { parameter, value };
    let give = |to, amount| Action::Move {
        from: e,
        to,
        amount,
    };
    let mut schedule = Schedule::new();
    schedule.at(0.5, vec![set(0.4 * cells)]).unwrap();
    let some = give(b, Amount::Fixed(0.1 * cells));
    schedule.at(2.0, vec![set(0.0), some]).unwrap();
    schedule.at(2.5, vec![give(a, Amount::All)]).unwrap();
    (network, schedule)
}

#[test]
fn many_cells_follow_the_equations() {
    let cells = 20_000.0;
    let (network, schedule) = ring(cells);
    let times = [0.25, 1.0, 2.0, 2.5, 4.0];
    let walks = realisations(&network, &schedule, &times, 0..20);
    let path = integrate(&network, &schedule, &times, &Options::with_rtol(1e-9)).unwrap();
    for (index, state) in path.states().enumerate() {
        for (pool, wanted) in state.iter().enumerate() {
            let (mean, variance) = moments(&walks, &[pool], index);
            // Besides chance, the law of large numbers leaves a bias of a few cells.
            let allowed = 5.0 * (variance / 20.0).sqrt() + 5.0;
            assert!(
                (mean - wanted).abs() < allowed,
                "pool {pool}, output {index}: {mean} {wanted}"
            );
        }
    }
    for walk in &walks {
        assert!(
            walk.states()
                .all(|state| state.iter().sum::<u64>() == 40_000)
        );
        assert!(walk.rounded() == 0.0);
    }
}

#[test]
fn the_same_seed_gives_the_same_cells() {
    let (network, schedule) = ring(500.0);
    let times = [1.0, 2.0, 3.0];
    let once = |seed| {
        stochastic(
            &network,
            &schedule,
            &times,
            &StochasticOptions::seeded(seed),
        )
        .unwrap()
    };
    assert_eq!(once(5), once(5));
    assert_ne!(once(5), once(6));
    let elsewhere = std::thread::scope(|s| s.spawn(|| once(5)).join().unwrap());
    assert_eq!(once(5), elsewhere);
    // Outputs are looked at and do not change what happens.
    let few = stochastic(&network, &schedule, &[3.0], &StochasticOptions::seeded(5)).unwrap();
    assert_eq!(few.state(0), once(5).state(2));
}

#[test]
fn what_the_equations_leave_open() {
    let times = [0.0, 1.0, 100.0];
    // A pump stops when its source is empty; an overfull room lets nobody in and nobody out.
    let mut builder = Network::builder("limits");
    let (a, b) = (builder.pool_with("a", 5.0), builder.pool("b"));
    let (c, d) = (builder.pool_with("c", 10.0), builder.pool_with("d", 8.0));
    let (rate, one) = (
        builder.parameter("rate", 50.0),
        builder.parameter("one", 1.0),
    );
    let room = builder.parameter("room", 6.0);
    builder.transfer(
        "pump",
        a,
        b,
        RateLaw::Steady {
            constant: 1.0,
            parameter: rate,
        },
    );
    let overfull = RateLaw::Capacity {
        constant: 1.0,
        parameter: one,
        occupants: vec![d],
        capacity: room,
    };
    builder.transfer("lodge", c, d, overfull);
    let network = builder.build().unwrap();
    let none = Schedule::new();
    let walk = stochastic(&network, &none, &times, &StochasticOptions::default()).unwrap();
    assert_eq!(walk.state(0), Some(&[5, 0, 10, 8][..]));
    assert_eq!(walk.state(2), Some(&[0, 5, 10, 8][..]));
    assert_eq!((walk.events(), walk.times()), (5, &times[..]));
    // A fixed move takes no more than there is, and a fraction of a cell goes by chance.
    let mut moves = Schedule::new();
    let go = |from, to, amount| Action::Move {
        from,
        to,
        amount: Amount::Fixed(amount),
    };
    moves
        .at(0.0, vec![go(d, c, 100.0), go(c, b, 2.25)])
        .unwrap();
    let mut moved = 0;
    for seed in 0..4000 {
        let walk = stochastic(&network, &moves, &[0.0], &StochasticOptions::seeded(seed)).unwrap();
        let state = walk.state(0).unwrap();
        assert_eq!((state[3], state[2] + state[1]), (0, 18));
        moved += state[1];
    }
    // 2.25 on average, with a standard deviation of 0.43 / 63.
    assert!((moved as f64 / 4000.0 - 2.25).abs() < 5.0 * 0.433 / 63.2);
    // Rounding of the start is told.
    let mut odd = network.clone();
    odd.set_initial("c", 10.4).unwrap();
    let walk = stochastic(&odd, &none, &[0.0], &StochasticOptions::default()).unwrap();
    assert_eq!(walk.state(0).unwrap()[2], 10);
    assert!((walk.rounded() + 0.4).abs() < 1e-12);
}

#[test]
fn a_walk_that_cannot_go_on_says_why() {
    let (network, schedule) = ring(500.0);
    let few = StochasticOptions {
        seed: 1,
        max_events: 100,
    };
    let error = stochastic(&network, &schedule, &[5.0], &few).unwrap_err();
    let SolverError::TooManyEvents { events, time, end } = error else {
        unreachable!("{error}");
    };
    assert!(events == 100 && time > 0.0 && time < 5.0 && end > 4.9);
    let mut huge = network.clone();
    huge.set_initial("a", 1e17).unwrap();
    let error = stochastic(&huge, &schedule, &[5.0], &few).unwrap_err();
    assert!(error.to_string().contains("2^53"), "{error}");
    let times = stochastic(&network, &schedule, &[2.0, 1.0], &few);
    assert!(matches!(times, Err(SolverError::BadTimes { .. })));
}
