//! The explicit integrator: `Dop853` of `ode_solvers` behind our trajectory.
//!
//! It needs no Jacobian and no linear algebra, which makes it an independent check of the stiff
//! method; on a whole body its steps are bound by stability and it is a hundred times slower.

use ode_solvers::dop_shared::{IntegrationError, OutputType};
use ode_solvers::{DVector, Dop853, System};

use super::SolverError;
use super::integrate::Progress;
use super::interpolant::Interpolant;
use crate::network::{Network, RateLaw};

/// The right-hand side straight from the list of transfers, of amounts over their absolute tolerances: so one
/// tolerance of 1 serves all pools.
#[derive(Clone, Copy)]
struct Change<'a> {
    network: &'a Network,
    values: &'a [f64],
    units: &'a [f64],
}

impl Change<'_> {
    fn at(&self, y: &DVector<f64>) -> DVector<f64> {
        let mut dy = DVector::zeros(y.len());
        for transfer in self.network.transfers() {
            let rate = transfer.law.rate(transfer.from, y.as_slice(), self.values);
            dy[transfer.from.index()] -= rate;
            dy[transfer.to.index()] += rate;
        }
        dy
    }

    fn amounts(&self, scaled: &DVector<f64>) -> DVector<f64> {
        let pools = scaled.iter().zip(self.units);
        DVector::from_iterator(scaled.len(), pools.map(|(y, unit)| y * unit))
    }

    fn scaled(&self, amounts: &DVector<f64>) -> DVector<f64> {
        let pools = amounts.iter().zip(self.units);
        DVector::from_iterator(amounts.len(), pools.map(|(y, unit)| y / unit))
    }
}

impl System<f64, DVector<f64>> for Change<'_> {
    fn system(&self, _: f64, y: &DVector<f64>, dy: &mut DVector<f64>) {
        dy.copy_from(&self.scaled(&self.at(&self.amounts(y))));
    }
}

/// Integrates from `now` to `until`, stopping at each output so that it is not interpolated.
pub(super) fn advance(run: &mut Progress, now: f64, until: f64) -> Result<(), SolverError> {
    run.statistics().starts += 1;
    let mut time = now;
    while time < until {
        run.stop.check(time)?;
        let stop = run
            .trajectory
            .times
            .iter()
            .copied()
            .find(|t| *t > time)
            .map_or(until, |t| t.min(until));
        segment(run, time, stop)?;
        time = stop;
        run.stop.show(time);
    }
    Ok(())
}

/// Times that a segment is repeated, each with a tenth of the tolerance, to keep amounts above zero.
const REPEATS: i32 = 6;

/// The steps of a segment: times from its start, h, and amounts.
type Steps = (Vec<f64>, Vec<DVector<f64>>);

fn segment(run: &mut Progress, time: f64, stop: f64) -> Result<(), SolverError> {
    let mut below = (0, 0.0);
    for repeat in 0..=REPEATS {
        let steps = attempt(run, (time, stop), 0.1_f64.powi(repeat))?;
        match below_zero(run, &steps.1) {
            None => return write(run, (time, stop), &steps),
            Some(pool) => below = pool,
        }
    }
    let pool = run.network.pools()[below.0].clone();
    Err(SolverError::below_zero(time, pool, below.1))
}

/// The first pool, if any, that a step leads below zero by more than its tolerance, although no pump draws
/// on it; and what that leaves.
fn below_zero(run: &Progress, amounts: &[DVector<f64>]) -> Option<(usize, f64)> {
    let drawn = |pool: usize| {
        let mut transfers = run.network.transfers().iter();
        transfers.any(|t| match t.law {
            RateLaw::Steady {
                constant,
                parameter,
            } => t.from.index() == pool && constant * run.values[parameter.index()] > 0.0,
            _ => false,
        })
    };
    amounts.windows(2).find_map(|pair| {
        let mut pools = (0..run.state.len()).map(|pool| (pool, pair[0][pool], pair[1][pool]));
        pools.find_map(|(pool, old, new)| {
            let below = new < -run.tolerance.slack(pool, old) && new < old;
            (below && !drawn(pool)).then_some((pool, new))
        })
    })
}

/// Integrates a segment at a part of the tolerance.
fn attempt(run: &mut Progress, (time, stop): (f64, f64), part: f64) -> Result<Steps, SolverError> {
    let values = run.values.clone();
    let units = run.tolerance.absolute.clone();
    let system = Change {
        network: run.network,
        values: &values,
        units: &units,
    };
    let start = DVector::from_column_slice(&run.state);
    let limit = u32::try_from(run.trajectory.options.max_steps).unwrap_or(u32::MAX);
    // Safety factor, beta and step factors are the defaults of the code; no stiffness test.
    let span = stop - time;
    let mut stepper = Dop853::from_param(
        system,
        0.0,
        span,
        span,
        system.scaled(&start),
        run.tolerance.relative * part,
        part,
        0.9,
        0.0,
        0.333,
        6.0,
        span,
        0.0,
        limit,
        u32::MAX,
        OutputType::Sparse,
    );
    let work = stepper
        .integrate()
        .map_err(|error| failure(run, (time, stop), &start, &system.at(&start), &error))?;
    let statistics = run.statistics();
    statistics.steps += work.accepted_steps as usize;
    statistics.rejected += work.rejected_steps as usize;
    statistics.derivatives += work.num_eval as usize;
    let amounts = stepper.y_out().iter().map(|y| system.amounts(y));
    Ok((stepper.x_out().clone(), amounts.collect()))
}

/// Writes the outputs of a segment and moves the run to its end.
fn write(
    run: &mut Progress,
    (time, stop): (f64, f64),
    (times, amounts): &Steps,
) -> Result<(), SolverError> {
    let values = run.values.clone();
    let system = Change {
        network: run.network,
        values: &values,
        units: &[],
    };
    let mut last = (time, DVector::from_column_slice(&run.state));
    let order: Vec<usize> = (0..run.state.len()).collect();
    for (index, (x, y)) in times.iter().zip(amounts).enumerate() {
        // The last sum would miss `stop` by a rounding, on either side.
        let end = if index + 1 == times.len() {
            stop
        } else {
            time + x
        };
        if end > last.0 {
            let slopes = (&system.at(&last.1), &system.at(y));
            write_hermite(run, (last.0, end), (&last.1, y), slopes, &order);
            last = (end, y.clone());
        }
    }
    run.state.copy_from_slice(last.1.as_slice());
    Ok(())
}

/// The cubic Hermite polynomial of a step in the form of [`Interpolant`].
fn write_hermite(
    run: &mut Progress,
    (start, end): (f64, f64),
    (y0, y1): (&DVector<f64>, &DVector<f64>),
    (f0, f1): (&DVector<f64>, &DVector<f64>),
    order: &[usize],
) {
    let (difference, h) = (y1 - y0, end - start);
    let k1 = f0 * h - &difference;
    let k2 = &difference * 2.0 - (f0 + f1) * h;
    let k3 = DVector::zeros(y0.len());
    let interpolant = Interpolant {
        y0: y0.as_slice(),
        y1: y1.as_slice(),
        dense: [k1.as_slice(), k2.as_slice(), k3.as_slice()],
    };
    run.write((start, end), &interpolant, order);
}

fn failure(
    run: &Progress,
    (time, stop): (f64, f64),
    y: &DVector<f64>,
    slope: &DVector<f64>,
    error: &IntegrationError,
) -> SolverError {
    let speed = |k: usize| slope[k].abs() / run.tolerance.of(k, y[k], y[k]);
    let fastest = (0..y.len()).max_by(|a, b| speed(*a).total_cmp(&speed(*b)));
    let pool = fastest.map_or_else(String::new, |k| run.network.pools()[k].clone());
    match *error {
        IntegrationError::MaxNumStepReached { x, n_step } => SolverError::TooManySteps {
            steps: n_step as usize,
            time: time + x,
            end: stop,
            pool,
            advice: "the network is stiff: use the method rodas5_p",
        },
        IntegrationError::StepSizeUnderflow { x } | IntegrationError::StiffnessDetected { x } => {
            SolverError::StepTooSmall {
                time: time + x,
                step: 0.0,
                pool,
                cause: "the explicit method cannot follow the fastest pool",
                advice: "use the method rodas5_p",
            }
        }
    }
}
