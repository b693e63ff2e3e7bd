//! The work, its error, and the two programs that do it.
#![allow(dead_code)] // each bench uses its part

use biodist::network::{NetworkFile, Schedule};
use biodist::solver::{Integrator, Keep, Options};
use diffsol::{
    FaerContext, FaerSparseLU, FaerVec, MatrixCommon, OdeEquations, OdeSolverMethod, Vector,
};

use crate::diffsol_problem;
use crate::strategies::Plan;

pub const MODEL: &str = include_str!("../../tests/data/whole_body.json");
pub const REFERENCE: &[u8] = include_bytes!("../../tests/data/ref_single.bin");
pub const DOSE: f64 = 1e8;
pub const SIMULATIONS: u32 = 200;

/// Relative and absolute tolerance.
pub type Tolerances = (f64, f64);
/// Solves simulation number `k`, writes all outputs, time after time, and gives its steps.
pub type Program<'a> = Box<dyn FnMut(u32, Tolerances, &mut Vec<f64>) -> usize + 'a>;

/// Lung arrest in simulation `k`, 1/h.
fn arrest(file: &NetworkFile, k: u32) -> f64 {
    let part = (f64::from(k) * 0.618_033_988_749_894_9).fract();
    file.parameters["karr_lung"] * 0.5 * 4.0_f64.powf(part)
}

pub fn biodist(file: &NetworkFile) -> Program<'_> {
    let mut network = file.network().unwrap();
    let mut integrator = Integrator::new(&network).unwrap();
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

pub fn diffsol<'a>(file: &'a NetworkFile, plan: &'a Plan) -> Program<'a> {
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
pub fn error(
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
pub fn tune(
    program: &mut Program,
    wanted: f64,
    reference: &[f64],
    size: usize,
) -> (Tolerances, f64) {
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

/// The states of the reference, simulation after simulation.
pub fn reference() -> Vec<f64> {
    let numbers = REFERENCE.chunks_exact(8);
    numbers
        .map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap()))
        .collect()
}

/// Solves for the values of one subject.
pub type Subjects<'a> = Box<dyn FnMut(&[f64]) -> f64 + 'a>;

/// diffsol for any values of the parameters, in the order of the network; gives a number of the result.
///
/// Capacities and half-saturations stay as they are, which changes nothing of the work.
pub fn diffsol_subjects<'a>(
    file: &'a NetworkFile,
    plan: &'a Plan,
    (rtol, atol): Tolerances,
) -> Subjects<'a> {
    let mut problem = diffsol_problem!(plan, 1e-6, 1.0);
    problem.rtol = rtol;
    problem.atol.fill(atol);
    let network = file.network().unwrap();
    let rates: Vec<(f64, usize)> = file
        .transfers
        .iter()
        .map(|t| {
            let name = t.parameter.as_ref().or(t.vmax.as_ref()).unwrap();
            let id = network.parameter(name).unwrap();
            (t.constant.unwrap_or(1.0), id.index())
        })
        .collect();
    Box::new(move |values| {
        let rates: Vec<f64> = rates.iter().map(|(c, k)| c * values[*k]).collect();
        problem
            .eqn
            .set_params(&FaerVec::from_slice(&rates, FaerContext::default()));
        let mut solver = problem.bdf::<FaerSparseLU<f64>>().unwrap();
        let (states, _) = solver.solve_dense(&file.times).unwrap();
        states.inner()[(0, file.times.len() - 1)]
    })
}
