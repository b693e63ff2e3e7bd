//! Two thousand subjects of the whole-body benchmark network, beside diffsol one by one.
//!
//! All 55 parameters vary by about 30 % (logistic on the logarithm, Weyl's sequence); both programs run at the tolerances of
//! `against_others`, tuned on the reference. diffsol solves 200 of the subjects, since they cost it the
//! same; figures are per subject.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../tests/strategies/mod.rs"]
mod strategies;
#[path = "work/mod.rs"]
mod work;

use std::hint::black_box;
use std::time::Duration;

use biodist::network::{Network, NetworkFile, Schedule};
use biodist::solver::{Ensemble, Keep, Options, Subject, sensitivities};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use strategies::Plan;
use work::{MODEL, biodist, diffsol, diffsol_subjects, reference, tune};

const SUBJECTS: usize = 2000;
const OF_DIFFSOL: usize = 200;

/// The factors of the parameters of a subject: about 30 %, logistic on the logarithm.
fn factors(number: usize, count: usize) -> impl Iterator<Item = f64> {
    (0..count).map(move |k| {
        let share = ((number * count + k + 1) as f64 * 0.618_033_988_749_894_9).fract();
        // Logistic instead of normal: the same spread without tables.
        (0.3 * 0.5513 * (share / (1.0 - share)).ln()).exp()
    })
}

fn subject(network: &Network, number: usize) -> Subject {
    let mut subject = Subject::of(network);
    let count = subject.values.len();
    let values = subject.values.iter_mut();
    for (value, factor) in values.zip(factors(number, count)) {
        *value *= factor;
    }
    subject
}

fn population(criterion: &mut Criterion) {
    let file = NetworkFile::from_json(MODEL).unwrap();
    let plan = Plan::from_json(MODEL);
    let network = file.network().unwrap();
    let schedule = Schedule::new();
    let size = file.times.len() * file.pools.len();
    let reference = reference();
    for wanted in [1e-4, 1e-6] {
        let mut group = criterion.benchmark_group(format!("population, error {wanted:e}"));
        group.sample_size(10);
        group.measurement_time(Duration::from_secs(5));
        let ((rtol, atol), _) = tune(&mut biodist(&file), wanted, &reference, size);
        let options = Options {
            rtol,
            atol: Some(atol),
            keep: Keep::Outputs,
            ..Options::default()
        };
        let ensemble = Ensemble::new(&network, &schedule, &file.times, &options).unwrap();
        group.throughput(Throughput::Elements(SUBJECTS as u64));
        group.bench_function("biodist, one core", |bencher| {
            bencher.iter(|| {
                let subjects = (0..SUBJECTS).map(|k| subject(&network, k));
                ensemble.run(subjects, |_, outcome| {
                    black_box(outcome.unwrap());
                });
            });
        });
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let pool = pool.unwrap();
            group.bench_function(format!("biodist, {threads} threads"), |bencher| {
                bencher.iter(|| {
                    pool.install(|| {
                        ensemble.run_parallel(
                            SUBJECTS,
                            |k| subject(&network, k),
                            |_, outcome| {
                                black_box(outcome.unwrap());
                            },
                        );
                    });
                });
            });
        }
        let (tolerances, _) = tune(&mut diffsol(&file, &plan), wanted, &reference, size);
        group.throughput(Throughput::Elements(OF_DIFFSOL as u64));
        let subjects: Vec<Vec<f64>> = (0..OF_DIFFSOL)
            .map(|k| subject(&network, k).values)
            .collect();
        group.bench_function("diffsol, one by one", |bencher| {
            let mut program = diffsol_subjects(&file, &plan, tolerances);
            bencher.iter(|| {
                for values in &subjects {
                    black_box(program(values));
                }
            });
        });
        group.finish();
    }
}

/// A run of the benchmark network, alone and with sensitivities to 8 and to all 55 parameters.
fn with_sensitivities(criterion: &mut Criterion) {
    let file = NetworkFile::from_json(MODEL).unwrap();
    let network = file.network().unwrap();
    let names = network.parameters().iter();
    let ids: Vec<_> = names.map(|name| network.parameter(name).unwrap()).collect();
    let options = Options {
        keep: Keep::Outputs,
        ..Options::with_rtol(1e-4)
    };
    let schedule = Schedule::new();
    let mut group = criterion.benchmark_group("sensitivities, rtol 1e-4");
    for count in [0, 8, 55] {
        group.bench_function(format!("{count} parameters"), |bencher| {
            bencher.iter(|| {
                sensitivities(&network, &schedule, &file.times, &options, &ids[..count]).unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, population, with_sensitivities);
criterion_main!(benches);
