//! How long one simulation of a whole body takes.

use std::hint::black_box;

use biodist::prelude::*;
use biodist::solver::{Integrator, Keep, Options};
use criterion::{Criterion, criterion_group, criterion_main};

fn human_intravenous(criterion: &mut Criterion) {
    let scenario = Scenario::new(Host::human(73.kg()))
        .dose(Dose::new(100e6.cells(), Product::bone_marrow_msc()).over(10.minutes()))
        .until(10.days());
    let outputs = Options {
        keep: Keep::Outputs,
        ..Options::default()
    };
    let mut group = criterion.benchmark_group("human intravenous, 10 days");
    group.sample_size(20);
    group.bench_function("assemble", |b| b.iter(|| scenario.assemble().is_ok()));
    let Ok(model) = scenario.assemble() else {
        return;
    };
    group.bench_function("simulate, path kept", |b| {
        b.iter(|| model.simulate(black_box(&Options::default())).is_ok());
    });
    let times: Vec<f64> = (0..=100).map(|k| f64::from(k) * 2.4).collect();
    let Ok(mut integrator) = Integrator::new(&model.network) else {
        return;
    };
    group.bench_function("integrate, 101 outputs", |b| {
        b.iter(|| {
            let run = integrator.run(&model.network, &model.schedule, &times, black_box(&outputs));
            run.is_ok()
        });
    });
    for classes in [4, 16] {
        let model = scenario.clone().in_size_classes(classes).assemble();
        let Ok(model) = model else { continue };
        let Ok(mut integrator) = Integrator::new(&model.network) else {
            continue;
        };
        let pools = model.network.pools().len();
        group.bench_function(
            format!("integrate, {classes} size classes, {pools} pools"),
            |b| {
                b.iter(|| {
                    let run = integrator.run(
                        &model.network,
                        &model.schedule,
                        &times,
                        black_box(&outputs),
                    );
                    run.is_ok()
                });
            },
        );
    }
    group.finish();
}

criterion_group!(benches, human_intravenous);
criterion_main!(benches);
