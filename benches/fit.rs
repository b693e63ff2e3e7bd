//! A fit of eight numbers to six experiments: the search from two starts, the posterior with its gradient, and
//! the same without.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Duration;

use biodist::evidence::published;
use biodist::fit::{Fit, Unknown};
use criterion::{Criterion, criterion_group, criterion_main};

const EXPERIMENTS: [&str; 6] = [
    "Cells injected into the beating rat heart",
    "Cells injected into the arrested rat heart",
    "2 million MSC into a vein of the mouse",
    "MSC marked with C-14 into a vein of the mouse",
    "MSC into the artery of the rat cremaster",
    "Rigid spheres of 10 against 15 um in the mouse lung",
];
const UNKNOWNS: [&str; 8] = [
    "tissue.release",
    "tissue.death_lodged",
    "tissue.death_resident",
    "tissue.mobilisation",
    "tissue.ingestion",
    "tissue.washout_rest",
    "tissue.washout_contraction",
    "muscle.death_lodged",
];

fn fit(criterion: &mut Criterion) {
    let mut experiments = published().unwrap().experiments.clone();
    experiments.retain(|experiment| EXPERIMENTS.contains(&experiment.name.as_str()));
    let fit = Fit::new(experiments, UNKNOWNS.map(Unknown::new).into()).unwrap();
    let mut group = criterion.benchmark_group("eight numbers, six experiments");
    group.sample_size(10);
    group.measurement_time(Duration::from_secs(10));
    let start = vec![0.1; UNKNOWNS.len()];
    group.bench_function("cost", |bencher| {
        bencher.iter(|| fit.cost(black_box(&start)).unwrap());
    });
    group.bench_function("posterior with gradient", |bencher| {
        bencher.iter(|| fit.posterior(black_box(&start)).unwrap());
    });
    group.bench_function("search, two starts", |bencher| {
        bencher.iter(|| fit.search(2, black_box(1)).unwrap());
    });
    group.finish();
}

criterion_group!(benches, fit);
criterion_main!(benches);
