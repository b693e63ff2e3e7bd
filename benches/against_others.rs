//! The whole-body benchmark network solved 200 times, beside diffsol at the same error.
//!
//! Lung arrest differs in each simulation; the analysis of the model is outside the clock and all
//! 101 outputs are produced. The error is that of `tests/data/README.md`. At start-up each program
//! gets the tolerances with which it makes the fewest steps among those that reach the wanted
//! error; they are printed. The diffsol problem has its Jacobian as a closure, from which diffsol finds pattern and
//! colours by itself, and the sparse LU of faer.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../tests/strategies/mod.rs"]
mod strategies;

#[path = "work/mod.rs"]
mod work;

use std::hint::black_box;
use std::time::Duration;

use biodist::network::NetworkFile;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use strategies::Plan;
use work::{MODEL, SIMULATIONS, biodist, diffsol, reference, tune};

fn whole_body(criterion: &mut Criterion) {
    let file = NetworkFile::from_json(MODEL).unwrap();
    let plan = Plan::from_json(MODEL);
    let size = file.times.len() * file.pools.len();
    let reference = reference();
    let mut programs = [
        ("biodist", biodist(&file)),
        ("diffsol", diffsol(&file, &plan)),
    ];
    for wanted in [1e-4, 1e-6] {
        let mut group = criterion.benchmark_group(format!("whole body, error {wanted:e}"));
        group
            .sample_size(10)
            .measurement_time(Duration::from_secs(5))
            .warm_up_time(Duration::from_secs(1));
        group.throughput(Throughput::Elements(SIMULATIONS.into()));
        for (name, program) in &mut programs {
            let (tolerances, reached) = tune(program, wanted, &reference, size);
            let (rtol, atol) = tolerances;
            println!("{name}: rtol {rtol:.1e}, atol {atol:.1e} cells, error {reached:.1e}");
            let mut outputs = vec![];
            group.bench_function(*name, |bencher| {
                bencher.iter(|| {
                    for k in 0..SIMULATIONS {
                        program(k, tolerances, &mut outputs);
                        black_box(&outputs);
                    }
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, whole_body);
criterion_main!(benches);
