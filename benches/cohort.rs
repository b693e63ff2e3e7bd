//! Virtual men with an infusion of ten minutes, followed for a day: drawn, assembled, integrated, looked at.
//!
//! Figures are per subject, on one thread and on two; beside them the same subjects one by one, each with
//! a run of its own.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Duration;

use biodist::observation::ObservationError;
use biodist::population::Cohort;
use biodist::prelude::*;
use biodist::solver::{Keep, Options};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const SUBJECTS: usize = 2000;
const ONE_BY_ONE: usize = 200;

fn look(run: &Run) -> Result<Vec<f64>, ObservationError> {
    let ledger = run.ledger(24.hours())?;
    Ok(vec![
        ledger.viable(Organ::LUNG),
        ledger.viable(Organ::LIVER),
    ])
}

fn cohort(criterion: &mut Criterion) {
    let scenario = Scenario::new(Host::human(73.kg()))
        .dose(Dose::new(100e6.cells(), Product::bone_marrow_msc()).over(10.minutes()))
        .report_at([1.hours(), 24.hours()])
        .until(1.days());
    let cohort = Cohort::of(&scenario, 1).unwrap();
    let mut group = criterion.benchmark_group("virtual subjects");
    group.sample_size(10);
    group.measurement_time(Duration::from_secs(10));
    group.throughput(Throughput::Elements(SUBJECTS as u64));
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.unwrap();
        group.bench_function(format!("side by side, {threads} threads"), |bencher| {
            bencher.iter(|| pool.install(|| black_box(cohort.run(SUBJECTS, look).unwrap())));
        });
    }
    group.throughput(Throughput::Elements(ONE_BY_ONE as u64));
    group.bench_function("drawn and assembled only", |bencher| {
        bencher.iter(|| {
            for number in 0..ONE_BY_ONE {
                black_box(cohort.subject(number).unwrap().assemble().unwrap());
            }
        });
    });
    let options = Options {
        keep: Keep::Outputs,
        ..Options::with_rtol(1e-4)
    };
    group.bench_function("one by one", |bencher| {
        bencher.iter(|| {
            for number in 0..ONE_BY_ONE {
                let run = cohort.subject(number).unwrap().simulate_with(&options);
                black_box(look(&run.unwrap()).unwrap());
            }
        });
    });
    group.finish();
}

criterion_group!(benches, cohort);
criterion_main!(benches);
