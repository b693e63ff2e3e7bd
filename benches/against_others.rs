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

use std::hint::black_box;
use std::time::Duration;

use biodist::network::{NetworkFile, Schedule};
use biodist::solver::{Integrator, Keep, Options};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use diffsol::{
    FaerContext, FaerSparseLU, FaerVec, MatrixCommon, OdeEquations, OdeSolverMethod, Vector,
};
use strategies::Plan;

const MODEL: &str = include_str!("../tests/data/whole_body.json");
const REFERENCE: &[u8] = include_bytes!("../tests/data/ref_single.bin");
const DOSE: f64 = 1e8;
const SIMULATIONS: u32 = 200;

/// Relative and absolute tolerance.
type Tolerances = (f64, f64);
/// Solves simulation number `k`, writes all outputs, time after time, and gives its steps.
type Program<'a> = Box<dyn FnMut(u32, Tolerances, &mut Vec<f64>) -> usize + 'a>;

/// Lung arrest in simulation `k`, 1/h.
fn arrest(file: &NetworkFile, k: u32) -> f64 {
    let part = (f64::from(k) * 0.618_033_988_749_894_9).fract();
    file.parameters["karr_lung"] * 0.5 * 4.0_f64.powf(part)
}

fn biodist(file: &NetworkFile) -> Program<'_> {
    let mut network = file.network().unwrap();
    let mut integrator = Integrator::new(&network);
    let schedule = Schedule::new();
    Box::new(move |k, (rtol, atol), outputs| {
        network.set("karr_lung", arrest(file, k)).unwrap();
        let options = Options {
            rtol,
            atol: Some(atol),
            keep: Keep::Outputs,
            ..Options::default()
        };
        let run = integrator
            .run(&network, &schedule, &file.times, &options)
            .unwrap();
        outputs.clear();
        run.states()
            .for_each(|state| outputs.extend_from_slice(state));
        run.statistics().steps
    })
}

fn diffsol<'a>(file: &'a NetworkFile, plan: &'a Plan) -> Program<'a> {
    let mut problem = diffsol_problem!(plan, 1e-6, 1.0);
    let mut rates = plan.rates();
    let parameter = Some("karr_lung".to_string());
    let arrow = file
        .transfers
        .iter()
        .position(|t| t.parameter == parameter)
        .unwrap();
    Box::new(move |k, (rtol, atol), outputs| {
        rates[arrow] = arrest(file, k);
        problem
            .eqn
            .set_params(&FaerVec::from_slice(&rates, FaerContext::default()));
        problem.rtol = rtol;
        problem.atol.fill(atol);
        let mut solver = problem.bdf::<FaerSparseLU<f64>>().unwrap();
        let (states, _) = solver.solve_dense(&file.times).unwrap();
        outputs.clear();
        for column in states.inner().col_iter() {
            outputs.extend(column.iter());
        }
        solver.get_statistics().number_of_steps
    })
}

/// The largest relative error over the simulations of the reference, and all their steps.
fn error(
    program: &mut Program,
    tolerances: Tolerances,
    reference: &[f64],
    size: usize,
) -> (f64, usize) {
    let mut outputs = vec![];
    let (mut worst, mut steps) = (0.0_f64, 0);
    for (k, expected) in (0..).zip(reference.chunks_exact(size)) {
        steps += program(k, tolerances, &mut outputs);
        assert_eq!(outputs.len(), size);
        for (found, expected) in outputs
            .iter()
            .zip(expected)
            .filter(|(_, e)| **e > 1e-6 * DOSE)
        {
            worst = worst.max((found - expected).abs() / expected);
        }
    }
    (worst, steps)
}

/// The tolerances with the fewest steps among those that reach the wanted error.
///
/// Tried are relative tolerances from loose to tight, with four absolute tolerances each.
fn tune(program: &mut Program, wanted: f64, reference: &[f64], size: usize) -> (Tolerances, f64) {
    let mut best = (usize::MAX, (0.0, 0.0), f64::NAN);
    for amount in [1e-6, 1e-5, 1e-4, 1e-3] {
        for rung in 8..36 {
            let rtol = 10.0_f64.powf(-f64::from(rung) / 4.0);
            let tolerances = (rtol, rtol * amount * DOSE);
            let (reached, steps) = error(program, tolerances, reference, size);
            if reached <= wanted && steps < best.0 {
                best = (steps, tolerances, reached);
            }
        }
    }
    (best.1, best.2)
}

fn whole_body(criterion: &mut Criterion) {
    let file = NetworkFile::from_json(MODEL).unwrap();
    let plan = Plan::from_json(MODEL);
    let size = file.times.len() * file.pools.len();
    let reference: Vec<f64> = REFERENCE
        .chunks_exact(8)
        .map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap()))
        .collect();
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
