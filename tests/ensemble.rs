//! Promise: many subjects at once are the same as one by one, bit for bit, whoever their neighbours are.
#![allow(clippy::unwrap_used)] // a test may fail loudly

mod strategies;

use std::collections::BTreeMap;
use std::sync::Mutex;

use biodist::network::{Action, Amount, Network, NetworkFile, PoolId, Schedule};
use biodist::solver::{
    Ensemble, Integrator, Keep, Options, Outcome, SolverError, Subject, integrate,
};
use proptest::prelude::*;
use strategies::{TIMES, WIDE, config, plans};

fn benchmark() -> (Network, Vec<f64>) {
    let file = NetworkFile::from_json(include_str!("data/whole_body.json")).unwrap();
    (file.network().unwrap(), file.times)
}

/// All 55 parameters multiplied by numbers of a spread of about 30 %, by Weyl's sequence.
fn subject(network: &Network, number: usize) -> Subject {
    let mut subject = Subject::of(network);
    for (k, value) in subject.values.iter_mut().enumerate() {
        let share = ((number * 55 + k + 1) as f64 * 0.618_033_988_749_894_9).fract();
        *value *= (1.0 * (share - 0.5)).exp();
    }
    subject
}

type Told = BTreeMap<usize, Result<(Vec<u64>, usize), String>>;

fn bits(outcome: &Outcome) -> (Vec<u64>, usize) {
    let amounts = outcome.states().flatten().map(|x| x.to_bits());
    (amounts.collect(), outcome.statistics().factorisations)
}

fn tell(told: &mut Told, number: usize, outcome: Result<&Outcome, SolverError>) {
    let outcome = outcome.map(bits).map_err(|error| error.to_string());
    assert!(told.insert(number, outcome).is_none(), "{number} twice");
}

/// One subject as a run of its own.
fn alone(
    network: &Network,
    schedule: &Schedule,
    subject: &Subject,
    times: &[f64],
    options: &Options,
) -> Result<(Vec<u64>, usize), String> {
    let mut own = network.clone();
    for (name, value) in network.parameters().iter().zip(&subject.values) {
        own.set(name, *value).unwrap();
    }
    for (name, amount) in network.pools().iter().zip(&subject.initial) {
        own.set_initial(name, *amount).unwrap();
    }
    let schedule = subject.schedule.as_ref().unwrap_or(schedule);
    let options = Options {
        keep: Keep::Outputs,
        ..*options
    };
    let run = Integrator::new(network)
        .unwrap()
        .run(&own, schedule, times, &options);
    let run = run.map_err(|error| error.to_string())?;
    let amounts = run.states().flatten().map(|x| x.to_bits()).collect();
    Ok((amounts, run.statistics().factorisations))
}

#[test]
fn each_subject_has_the_bits_of_a_run_of_its_own() {
    let (network, times) = benchmark();
    let schedule = Schedule::new();
    for rtol in [1e-3, 1e-6] {
        let options = Options::with_rtol(rtol);
        let ensemble = Ensemble::new(&network, &schedule, &times, &options).unwrap();
        let mut told = Told::new();
        let subjects = (0..37).map(|k| subject(&network, k));
        ensemble.run(subjects, |k, outcome| tell(&mut told, k, outcome));
        assert_eq!(told.len(), 37);
        for (k, found) in told {
            let wanted = alone(&network, &schedule, &subject(&network, k), &times, &options);
            assert!(found == wanted, "subject {k} at {rtol:e}");
        }
    }
}

#[test]
fn order_company_and_threads_do_not_matter() {
    let (network, times) = benchmark();
    let schedule = Schedule::new();
    let options = Options::with_rtol(1e-4);
    let ensemble = Ensemble::new(&network, &schedule, &times, &options).unwrap();
    let count = 600;
    let mut forward = Told::new();
    let subjects = (0..count).map(|k| subject(&network, k));
    ensemble.run(subjects, |k, outcome| tell(&mut forward, k, outcome));
    let mut backward = Told::new();
    let subjects = (0..count).rev().map(|k| subject(&network, k));
    ensemble.run(subjects, |k, outcome| {
        tell(&mut backward, count - 1 - k, outcome)
    });
    assert!(forward == backward);
    for threads in [1, 2, 3] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let told = Mutex::new(Told::new());
        pool.install(|| {
            ensemble.run_parallel(
                count,
                |k| subject(&network, k),
                |k, outcome| tell(&mut told.lock().unwrap(), k, outcome),
            );
        });
        assert!(told.into_inner().unwrap() == forward, "{threads} threads");
    }
}

#[test]
fn one_that_fails_harms_no_other() {
    let (network, times) = benchmark();
    let schedule = Schedule::new();
    let options = Options {
        max_steps: 150,
        ..Options::with_rtol(1e-4)
    };
    let ensemble = Ensemble::new(&network, &schedule, &times, &options).unwrap();
    let odd = |k: usize| {
        let mut subject = subject(&network, k);
        match k % 5 {
            1 => subject.values[3] = f64::NAN,
            2 => subject.initial[0] = -1.0,
            // So fast that the state overflows.
            3 => subject.values.iter_mut().for_each(|value| *value *= 1e300),
            4 => drop(subject.values.pop()),
            _ => {}
        }
        subject
    };
    let mut told = Told::new();
    ensemble.run((0..40).map(odd), |k, outcome| tell(&mut told, k, outcome));
    assert_eq!(told.len(), 40);
    for (k, outcome) in &told {
        if k % 5 == 0 {
            let wanted = alone(&network, &schedule, &odd(*k), &times, &options);
            assert!(*outcome == wanted, "{k}");
        }
    }
    let error = |k: usize| told[&k].clone().unwrap_err();
    assert!(error(1).contains("NaN"), "{}", error(1));
    assert!(error(2).contains("= -1"), "{}", error(2));
    assert!(!error(3).is_empty());
    assert!(
        error(4).contains("54") && error(4).contains("55"),
        "{}",
        error(4)
    );
}

#[test]
fn a_limit_of_steps_is_told_with_time_and_pool() {
    let (network, times) = benchmark();
    let schedule = Schedule::new();
    let options = Options {
        max_steps: 20,
        ..Options::default()
    };
    let ensemble = Ensemble::new(&network, &schedule, &times, &options).unwrap();
    let one = alone(
        &network,
        &schedule,
        &Subject::of(&network),
        &times,
        &options,
    );
    ensemble.run([Subject::of(&network)], |_, outcome| {
        assert_eq!(outcome.unwrap_err().to_string(), one.clone().unwrap_err());
    });
}

#[test]
fn schedules_of_their_own_and_watched_pools() {
    let (network, times) = benchmark();
    let pool = |name: &str| network.pool(name).unwrap();
    let parameter = network.parameter("karr_lung").unwrap();
    let given = |time: f64| {
        let mut schedule = Schedule::new();
        let dose = Action::Move {
            from: pool("Vven"),
            to: pool("Vart"),
            amount: Amount::All,
        };
        schedule.at(time, vec![dose]).unwrap();
        schedule
            .at(
                time + 1.5,
                vec![Action::Set {
                    parameter,
                    value: 0.1,
                }],
            )
            .unwrap();
        schedule
    };
    let common = given(3.0);
    let options = Options::with_rtol(1e-5);
    let watched: Vec<PoolId> = ["D_liver", "Vart"].map(pool).to_vec();
    let ensemble = Ensemble::new(&network, &common, &times, &options).unwrap();
    let ensemble = ensemble.watching(&watched).unwrap();
    let of = |k: usize| match k % 3 {
        0 => subject(&network, k),
        _ => subject(&network, k).on(given(k as f64 / 7.0)),
    };
    ensemble.run((0..25).map(of), |k, outcome| {
        let outcome = outcome.unwrap();
        let (wanted, _) = alone(&network, &common, &of(k), &times, &options).unwrap();
        let size = network.pools().len();
        for (time, state) in outcome.states().enumerate() {
            for (amount, pool) in state.iter().zip(&watched) {
                assert_eq!(amount.to_bits(), wanted[time * size + pool.index()], "{k}");
            }
        }
        assert_eq!(outcome.statistics().starts, 3);
    });
}

proptest! {
    #![proptest_config(config(64))]

    // Authority: a single run, which has tests of its own; every law and event.
    #[test]
    fn any_network_any_events(plan in plans(WIDE), rtol in prop::sample::select(&[1e-3, 1e-6][..])) {
        let network = plan.network();
        let schedule = plan.schedule(&network);
        let options = Options::with_rtol(rtol);
        let single = integrate(&network, &schedule, &TIMES, &options).unwrap();
        let total: f64 = network.initial().iter().sum();
        let ensemble = Ensemble::new(&network, &schedule, &TIMES, &options).unwrap();
        let subjects = (0..11).map(|_| Subject::of(&network));
        let mut count = 0;
        ensemble.run(subjects, |_, outcome| {
            count += 1;
            for (state, wanted) in outcome.unwrap().states().zip(single.states()) {
                for (amount, wanted) in state.iter().zip(wanted) {
                    assert_eq!(amount.to_bits(), wanted.to_bits());
                }
                let sum: f64 = state.iter().sum();
                assert!((sum - total).abs() <= 1e-10 * total);
            }
        });
        prop_assert_eq!(count, 11);
    }
}
