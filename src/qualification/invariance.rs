//! Verification: what must not matter does not matter; what is wrong is refused.

use super::arithmetic::{difference, mouse};
use super::check::Check;
use super::qualify::QualificationError;
use crate::population::{PopulationError, sobol};
use crate::scenario::{Dose, Host, Product, Scenario};
use crate::solver::{Ensemble, Options, Subject};
use crate::units::{Cells, Mass, Time};

type Found = Result<Vec<Check>, QualificationError>;

pub(super) fn checks() -> Found {
    let steps: [fn() -> Found; 5] = [dosing, linearity, company, global, refusals];
    let mut all = vec![];
    for step in steps {
        all.extend(step()?);
    }
    Ok(all)
}

/// Amounts at the end, without the syringes, by name.
fn end(scenario: &Scenario) -> Result<Vec<f64>, QualificationError> {
    let run = scenario.simulate_with(&Options::with_rtol(1e-10))?;
    let names = run.model.network.pools().iter().enumerate();
    let kept = names.filter(|(_, name)| !name.contains("syringe"));
    let last = run.trajectory.times().len() - 1;
    let state = run.trajectory.state(last).unwrap_or_default();
    Ok(kept.map(|(k, _)| state[k]).collect())
}

fn infusion(cells: f64, start: f64, hours: f64) -> Dose {
    Dose::new(Cells::new(cells), Product::bone_marrow_msc())
        .over(Time::new(hours))
        .at(Time::new(start))
}

fn of(doses: impl IntoIterator<Item = Dose>) -> Scenario {
    let host = Scenario::new(Host::mouse(Mass::new(25.0))).until(Time::new(24.0));
    doses.into_iter().fold(host, Scenario::dose)
}

fn dosing() -> Found {
    let whole = end(&of([infusion(1e6, 0.0, 2.0)]))?;
    let halves = end(&of([infusion(5e5, 0.0, 1.0), infusion(5e5, 1.0, 1.0)]))?;
    let repeated = end(&of([infusion(3e5, 0.0, 0.0).repeated(3, Time::new(6.0))]))?;
    let written = [0.0, 6.0, 12.0].map(|start| infusion(3e5, start, 0.0));
    let written = end(&of(written))?;
    Ok(vec![
        Check::at_most(
            "V8a",
            "an infusion is two halves of it, one after the other",
            "the same, written otherwise",
            (difference(&whole, &halves, 1e6), 1e-8),
        ),
        Check::at_most(
            "V8b",
            "a repeated dose is its doses written out",
            "the same, written otherwise",
            (difference(&repeated, &written, 9e5), 1e-8),
        ),
    ])
}

fn linearity() -> Found {
    let one = end(&mouse(1e5).without_saturation())?;
    let many: Vec<f64> = end(&mouse(1e8).without_saturation())?;
    let scaled: Vec<f64> = many.iter().map(|amount| amount / 1e3).collect();
    let later = |start: f64| {
        let dose = Dose::new(Cells::new(1e6), Product::bone_marrow_msc()).at(Time::new(start));
        of([dose]).until(Time::new(24.0 + start))
    };
    let shift = difference(&end(&later(0.0))?, &end(&later(10.0))?, 1e6);
    Ok(vec![
        Check::at_most(
            "V9a",
            "without saturation amounts follow the dose over a thousandfold",
            "proportion",
            (difference(&one, &scaled, 1e5), 1e-8),
        ),
        Check::at_most(
            "V9b",
            "ten hours later is the same",
            "shift in time",
            (shift, 1e-8),
        ),
    ])
}

/// A subject of a population has the bits of a run of its own.
fn company() -> Found {
    let model = mouse(1e6).assemble()?;
    let times = [1.0, 24.0];
    let ensemble = Ensemble::new(&model.network, &model.schedule, &times, &Options::default())?;
    let release = model
        .network
        .parameter("lung.release.rate")
        .map_err(crate::solver::SolverError::Network)?;
    let subject = |k: usize| {
        let mut subject = Subject::of(&model.network);
        subject.values[release.index()] *= 1.0 + 0.01 * k as f64;
        subject
    };
    let collect = |order: Vec<usize>| {
        let mut bits = vec![vec![]; order.len()];
        ensemble.run(order.iter().map(|k| subject(*k)), |number, outcome| {
            if let Ok(outcome) = outcome {
                let pools = 0..model.network.pools().len();
                let row = pools.flat_map(|pool| outcome.pool(pool).to_vec());
                bits[order[number]] = row.map(f64::to_bits).collect::<Vec<_>>();
            }
        });
        bits
    };
    let forward = collect((0..40).collect());
    let backward = collect((0..40).rev().collect());
    let same = forward == backward && forward.iter().all(|row| !row.is_empty());
    let words = if same { "the same bits" } else { "other bits" };
    Ok(vec![Check::holds(
        "V10",
        "40 subjects in the reverse order",
        "the same, in order",
        (words.to_string(), same),
    )])
}

/// Sobol indices of the Ishigami function, a = 7, b = 0.1.
fn global() -> Found {
    use std::f64::consts::PI;
    let indices = sobol(3, 4000, 1, |points| {
        let of = |point: &Vec<f64>| {
            let x: Vec<f64> = point.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
            libm::sin(x[0]) + 7.0 * libm::sin(x[1]).powi(2) + 0.1 * x[2].powi(4) * libm::sin(x[0])
        };
        Ok::<_, PopulationError>(points.iter().map(of).collect())
    })?;
    // First indices by hand: 0.3139, 0.4424, 0.
    let wanted = [0.3139, 0.4424, 0.0];
    let found: Vec<f64> = indices.iter().map(|index| index.first.value).collect();
    Ok(vec![Check::at_most(
        "V13",
        "shares of the variance of the Ishigami function",
        "closed form",
        (difference(&found, &wanted, 1.0), 0.05),
    )])
}

/// Wrong input is refused, each time with the name of the field.
fn refusals() -> Found {
    let cases: [(&str, Scenario); 7] = [
        ("doses", of([])),
        ("amount", of([infusion(-1.0, 0.0, 0.0)])),
        ("amount", of([infusion(f64::NAN, 0.0, 0.0)])),
        ("until", mouse(1e6).until(Time::new(0.0))),
        (
            "weight",
            Scenario::new(Host::mouse(Mass::new(-5.0))).dose(infusion(1e6, 0.0, 0.0)),
        ),
        ("lung.relase", mouse(1e6).with("lung.relase", 0.1)),
        ("lung.release", mouse(1e6).with("lung.release", -0.1)),
    ];
    let refused = cases.iter().filter(|(field, scenario)| {
        let answer = scenario.simulate().map(|_| ());
        answer.is_err_and(|error| error.to_string().contains(field))
    });
    let (refused, all) = (refused.count(), cases.len());
    Ok(vec![Check::holds(
        "V12",
        "wrong scenarios are refused with the name of the fault",
        "a table of cases",
        (format!("{refused} of {all}"), refused == all),
    )])
}
