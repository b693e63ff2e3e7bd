//! How time grows with pools, outputs, tolerance and subjects, and work against precision, as pictures:
//! `cargo bench --bench scaling` writes `docs/pictures/scaling.svg` and `work_precision.svg`.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../tests/strategies/mod.rs"]
mod strategies;
#[path = "work/mod.rs"]
mod work;

use std::hint::black_box;
use std::time::Instant;

use biodist::network::{NetworkFile, Schedule};
use biodist::plot::{Curve, CurveLine, Scale, curve};
use biodist::prelude::*;
use biodist::solver::{Ensemble, Integrator, Keep, Method, Options, Subject, integrate};
use strategies::Plan;
use work::{DOSE, MODEL, biodist, diffsol, error, reference};

/// The least of some times, in microseconds: what the machine can do when nobody disturbs it.
fn least(tries: usize, mut work: impl FnMut()) -> f64 {
    let times = (0..tries).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1e6
    });
    times.fold(f64::INFINITY, f64::min)
}

fn draw(name: &str, title: &str, subtitle: &str, (x, y): (&str, &str), lines: Vec<CurveLine>) {
    for line in &lines {
        println!("{name}: {}: {:.4?}", line.name, line.values);
    }
    let picture = curve(&Curve {
        title: title.to_string(),
        subtitle: subtitle.to_string(),
        x: x.to_string(),
        y: y.to_string(),
        x_scale: Scale::Log,
        y_scale: Scale::Log,
        lines,
        points: vec![],
    });
    std::fs::write(format!("docs/pictures/{name}.svg"), picture.unwrap()).unwrap();
}

/// One whole body with more and more size classes of cells.
fn pools() -> CurveLine {
    let mut values = vec![];
    for classes in [1, 2, 4, 8, 16, 32, 64] {
        let model = Scenario::new(Host::human(73.kg()))
            .dose(Dose::new(1e8.cells(), Product::bone_marrow_msc()).over(10.minutes()))
            .in_size_classes(classes)
            .assemble()
            .unwrap();
        let mut integrator = Integrator::new(&model.network).unwrap();
        let options = Options {
            keep: Keep::Outputs,
            ..Options::with_rtol(1e-4)
        };
        let time = least(3, || {
            let run = integrator.run(&model.network, &model.schedule, &[240.0], &options);
            black_box(run.unwrap());
        });
        values.push((model.network.pools().len() as f64, time));
    }
    CurveLine::new("pools, one run", values)
}

fn outputs(file: &NetworkFile) -> CurveLine {
    let network = file.network().unwrap();
    let mut integrator = Integrator::new(&network).unwrap();
    let options = Options {
        keep: Keep::Outputs,
        ..Options::with_rtol(1e-4)
    };
    let counts = [1, 10, 100, 1000, 10_000];
    let values = counts.map(|count| {
        let times: Vec<f64> = (1..=count)
            .map(|k| 240.0 * f64::from(k) / f64::from(count))
            .collect();
        let time = least(5, || {
            let run = integrator.run(&network, &Schedule::new(), &times, &options);
            black_box(run.unwrap());
        });
        (f64::from(count), time)
    });
    CurveLine::new("outputs, one run", values)
}

fn subjects(file: &NetworkFile) -> CurveLine {
    let network = file.network().unwrap();
    let schedule = Schedule::new();
    let options = Options {
        keep: Keep::Outputs,
        ..Options::with_rtol(1e-4)
    };
    let ensemble = Ensemble::new(&network, &schedule, &file.times, &options).unwrap();
    let counts = [1_usize, 8, 100, 1000, 10_000, 100_000, 1_000_000];
    let values = counts.map(|count| {
        let time = least(if count > 10_000 { 1 } else { 3 }, || {
            let subjects = (0..count).map(|_| Subject::of(&network));
            ensemble.run(subjects, |_, outcome| {
                black_box(outcome.unwrap());
            });
        });
        if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
            let memory = status.lines().find(|line| line.starts_with("VmHWM"));
            println!("{count} subjects: {}", memory.unwrap_or("no figure"));
        }
        (count as f64, time)
    });
    CurveLine::new("subjects, one core", values)
}

/// Error against time of each program over a range of tolerances.
fn work_precision(file: &NetworkFile) -> Vec<CurveLine> {
    let plan = Plan::from_json(MODEL);
    let size = file.times.len() * file.pools.len();
    let reference = reference();
    let mut lines = vec![];
    let mut programs = [
        ("biodist, Rodas5P", biodist(file)),
        ("diffsol, BDF", diffsol(file, &plan)),
    ];
    for (name, program) in &mut programs {
        let mut values = vec![];
        for rung in 4..20 {
            let rtol = 10.0_f64.powf(-f64::from(rung) / 2.0);
            let tolerances = (rtol, rtol * 1e-4 * DOSE);
            let (reached, _) = error(program, tolerances, &reference, size);
            let mut outputs = vec![];
            let time = least(7, || {
                program(0, tolerances, &mut outputs);
                black_box(&outputs);
            });
            values.push((reached, time));
        }
        lines.push(CurveLine::new(*name, values));
    }
    let network = file.network().unwrap();
    let mut values = vec![];
    for rung in [4, 6, 8, 10] {
        let options = Options {
            method: Method::Dop853,
            keep: Keep::Outputs,
            ..Options::with_rtol(10.0_f64.powi(-rung))
        };
        let run = || integrate(&network, &Schedule::new(), &file.times, &options).unwrap();
        let exact = &reference[..size];
        // Simulation 0 of the reference has half the arrest in the lung.
        let mut own = network.clone();
        own.set("karr_lung", 0.5 * file.parameters["karr_lung"])
            .unwrap();
        let found = integrate(&own, &Schedule::new(), &file.times, &options).unwrap();
        let pairs = found.states().flatten().zip(exact);
        let errors = pairs
            .filter(|(_, e)| **e > 1e-6 * DOSE)
            .map(|(f, e)| (f - e).abs() / e);
        let time = least(2, || {
            black_box(run());
        });
        values.push((errors.fold(0.0, f64::max), time));
    }
    lines.push(CurveLine::new("Dop853, explicit", values));
    lines
}

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let file = NetworkFile::from_json(MODEL).unwrap();
    draw(
        "scaling",
        "Time grows in proportion to subjects and to pools",
        "Whole-body networks, 240 h, relative tolerance 1e-4, one core; pools: 1 to 64 size classes of cells in one body",
        ("How many", "Time (µs)"),
        vec![pools(), outputs(&file), subjects(&file)],
    );
    draw(
        "work_precision",
        "Work against precision",
        "The benchmark network, 101 outputs, one core; error is the largest relative one",
        ("Error", "Time of a simulation (µs)"),
        work_precision(&file),
    );
}
