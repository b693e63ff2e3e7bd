//! Verification: structure, exact answers, other integrators, ledgers, sensitivities.

use std::f64::consts::LN_2;

use super::check::Check;
use super::qualify::QualificationError;
use crate::data::Parameters;
use crate::network::{Network, RateLaw, Schedule};
use crate::physiology::{Body, Organ, Species};
use crate::scenario::{Dose, Host, Label, Product, Route, Scenario};
use crate::simulation::Run;
use crate::solver::{Keep, Method, Options, exact, integrate, sensitivities};
use crate::units::{Cells, Mass, Time};

type Found = Result<Vec<Check>, QualificationError>;

pub(super) fn checks() -> Found {
    let steps: [fn() -> Found; 7] = [
        closure,
        exponential,
        closed_forms,
        tolerance,
        second_integrator,
        ledgers,
        slopes,
    ];
    let mut all = vec![];
    for step in steps {
        all.extend(step()?);
    }
    Ok(all)
}

/// An intravenous dose of MSC into a mouse.
pub(super) fn mouse(cells: f64) -> Scenario {
    Scenario::new(Host::mouse(Mass::new(25.0)))
        .dose(Dose::new(Cells::new(cells), Product::bone_marrow_msc()))
        .until(Time::new(72.0))
}

/// Largest difference of two rows of amounts, relative to a dose.
pub(super) fn difference<'a>(
    a: impl IntoIterator<Item = &'a f64>,
    b: impl IntoIterator<Item = &'a f64>,
    dose: f64,
) -> f64 {
    let pairs = a.into_iter().zip(b);
    pairs.fold(0.0, |worst: f64, (a, b)| match (a - b).is_nan() {
        true => f64::INFINITY,
        false => worst.max((a - b).abs() / dose),
    })
}

fn closure() -> Found {
    let (mut flows, mut volumes) = (0.0_f64, true);
    for species in Species::ALL {
        let parameters = Parameters::for_host(species, None)?;
        let body = Body::new(&parameters, None, &Organ::ALL)?;
        let perfused = body.tissues().iter().filter(|t| t.organ != Organ::LUNG);
        let sum: f64 = perfused.map(|tissue| tissue.flow).sum();
        flows = flows.max((sum / body.cardiac_output - 1.0).abs());
        let mass: f64 = body.tissues().iter().map(|tissue| tissue.mass).sum();
        volumes &= mass <= body.weight * (1.0 + 1e-12);
    }
    let count = Species::ALL.len();
    Ok(vec![
        Check::at_most(
            "V1a",
            format!("flows of the organs sum to the cardiac output, {count} species"),
            "arithmetic",
            (flows, 1e-12),
        ),
        Check::holds(
            "V1b",
            format!("organs weigh no more than the body, {count} species"),
            "arithmetic",
            (if volumes { "all" } else { "not all" }.to_string(), volumes),
        ),
    ])
}

fn exponential() -> Found {
    let model = mouse(5e5).without_saturation().assemble()?;
    let mut network = model.network.clone();
    for (name, amount) in network.pools().to_vec().iter().zip(model.start()) {
        network
            .set_initial(name, amount)
            .map_err(crate::solver::SolverError::Network)?;
    }
    let times = [0.1, 1.0, 24.0, 72.0];
    let truth = exact(&network, &times)?;
    let run = integrate(
        &network,
        &Schedule::new(),
        &times,
        &Options::with_rtol(1e-9),
    )?;
    let worst = truth.iter().zip(run.states());
    let worst = worst
        .map(|(a, b)| difference(a, b, 5e5))
        .fold(0.0, f64::max);
    Ok(vec![Check::at_most(
        "V2",
        "the whole body without saturation, of the dose",
        "matrix exponential (nalgebra)",
        (worst, 1e-8),
    )])
}

fn closed_forms() -> Found {
    let mut builder = Network::builder("decay");
    let (a, b) = (builder.pool_with("a", 1.0), builder.pool("b"));
    let k = builder.parameter("k", LN_2);
    builder.transfer("a to b", a, b, RateLaw::linear(k));
    let network = builder
        .build()
        .map_err(crate::solver::SolverError::Network)?;
    let run = integrate(
        &network,
        &Schedule::new(),
        &[1.0, 10.0],
        &Options::with_rtol(1e-10),
    )?;
    let halves = [0.5, 0.5_f64.powi(10)];
    let found = run.pool(0);
    let immortal = mouse(5e5).with("tissue.death_lodged", 0.0);
    let rates = [
        "tissue.death_vascular",
        "tissue.death_resident",
        "blood.death_vascular",
        "cell.death_factor",
    ];
    let immortal = rates.into_iter().fold(immortal, |s, id| s.with(id, 0.0));
    let viability = immortal.parameters_at(0.0)?.get("cell", "viability")?;
    let alive = immortal
        .simulate()?
        .ledger(Time::new(72.0))?
        .viable_in_body();
    Ok(vec![
        Check::at_most(
            "V3a",
            "ten half-lives of a decay",
            "closed form",
            (difference(&found, &halves, 1.0), 1e-9),
        ),
        Check::at_most(
            "V3b",
            "cells that do not die are the viable dose after three days",
            "closed form",
            ((alive / (viability * 5e5) - 1.0).abs(), 1e-9),
        ),
    ])
}

fn tolerance() -> Found {
    let model = mouse(5e6).assemble()?;
    let at = |rtol: f64| -> Result<Vec<f64>, QualificationError> {
        let options = Options {
            keep: Keep::Outputs,
            ..Options::with_rtol(rtol)
        };
        let times = [0.1, 1.0, 6.0, 24.0, 72.0];
        let run = integrate(&model.network, &model.schedule, &times, &options)?;
        Ok(run.states().flatten().copied().collect())
    };
    let truth = at(1e-12)?;
    let mut errors = vec![];
    for rtol in [1e-3, 1e-4, 1e-6, 1e-8] {
        errors.push(difference(&at(rtol)?, &truth, 5e6));
    }
    let falls = errors.windows(2).all(|pair| pair[1] < pair[0]);
    let words: Vec<String> = errors.iter().map(|e| format!("{e:.0e}")).collect();
    Ok(vec![
        Check::at_most(
            "V4a",
            "a crowded lung at the default tolerance, of the dose",
            "the same at 1e-12",
            (errors[2], 1e-5),
        ),
        Check::holds(
            "V4b",
            "the error falls with the tolerance (1e-3, 1e-4, 1e-6, 1e-8)",
            "the same at 1e-12",
            (words.join(", "), falls),
        ),
    ])
}

fn second_integrator() -> Found {
    // Cells and remains of a crowded lung, and a label with elution, over the hours when most happens.
    let scenario = mouse(5e6)
        .labelled(Label::chromium_51())
        .until(Time::new(2.0));
    let model = scenario.assemble()?;
    let by = |method| -> Result<Run, QualificationError> {
        let options = Options {
            method,
            ..Options::with_rtol(1e-8)
        };
        Ok(model.simulate(&options)?)
    };
    let (ours, other) = (by(Method::Rodas5P)?, by(Method::Dop853)?);
    let worst = ours.trajectory.states().zip(other.trajectory.states());
    let worst = worst
        .map(|(a, b)| difference(a, b, 5e6))
        .fold(0.0, f64::max);
    Ok(vec![Check::at_most(
        "V5",
        "a crowded lung with a label, two hours, of the dose",
        "Dop853 of ode_solvers",
        (worst, 1e-6),
    )])
}

fn ledgers() -> Found {
    let (mut residual, mut lowest, mut runs) = (0.0_f64, 0.0_f64, 0);
    for species in ["mouse", "dog", "human_male"] {
        for route in Route::known() {
            let dose = Dose::new(Cells::new(2e6), Product::bone_marrow_msc());
            let dose = dose
                .by(Route::from(route.to_string()))
                .over(Time::new(0.25));
            let scenario = Scenario::new(Host::new(species))
                .dose(dose)
                .until(Time::new(48.0));
            let run = scenario.simulate()?;
            runs += 1;
            for state in run.trajectory.states() {
                let sum: f64 = state.iter().sum();
                residual = residual.max((sum / 2e6 - 1.0).abs());
                lowest = state.iter().copied().fold(lowest, f64::min);
            }
        }
    }
    // The default tolerance allows each step an absolute error of 1e-12 of the dose.
    let allowed = 10.0 * 1e-12 * 2e6;
    Ok(vec![
        Check::at_most(
            "V6",
            format!(
                "every cell accounted for at every output, {runs} hosts and routes, of the dose"
            ),
            "conservation",
            (residual, 1e-9),
        ),
        Check::at_most(
            "V7",
            "the most negative amount in these runs, in tolerances of a step",
            "positivity; nothing is clamped",
            (-lowest / (0.1 * allowed), 10.0),
        ),
    ])
}

fn slopes() -> Found {
    let model = mouse(5e6).assemble()?;
    let options = Options {
        keep: Keep::Outputs,
        ..Options::with_rtol(1e-9)
    };
    let lodged = model
        .network
        .pool("lung.lodged")
        .map_err(crate::solver::SolverError::Network)?;
    let mut worst = 0.0_f64;
    for name in ["lung.release.rate", "lung.death_lodged.rate"] {
        let id = model
            .network
            .parameter(name)
            .map_err(crate::solver::SolverError::Network)?;
        let value = model.network.values()[id.index()];
        let found = sensitivities(&model.network, &model.schedule, &[24.0], &options, &[id])?;
        let found = found.of(lodged, id).map_or(f64::NAN, |row| row[0]);
        let mut sides = [0.0; 2];
        for (side, factor) in sides.iter_mut().zip([1.0 - 1e-4, 1.0 + 1e-4]) {
            let mut network = model.network.clone();
            let set = network.set(name, value * factor);
            set.map_err(crate::solver::SolverError::Network)?;
            let run = integrate(&network, &model.schedule, &[24.0], &options)?;
            *side = run.pool(lodged.index())[0];
        }
        let wanted = (sides[1] - sides[0]) / (2e-4 * value);
        worst = worst.max((found / wanted - 1.0).abs());
    }
    Ok(vec![Check::at_most(
        "V11",
        "slopes of lodged cells to release and death",
        "central differences",
        (worst, 1e-4),
    )])
}
