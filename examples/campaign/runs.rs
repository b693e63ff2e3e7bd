//! What must hold of every run of a scenario.

use biodist::observation::ObservationError;
use biodist::prelude::*;
use biodist::scenario::Response;
use biodist::solver::{Ensemble, Options, Subject};

use crate::verdict::{Verdict, finite, first_of, refused};

/// Of the dose, or of the most that the pools of a label or of the response hold.
const BELOW_ZERO: f64 = 1e-8;
/// Of the dose: the promise of the ledger.
const LOST: f64 = 1e-10;

pub fn options() -> Options {
    Options {
        max_steps: 20_000,
        ..Options::default()
    }
}

/// Reads, assembles, runs and looks.
pub fn check(text: &str) -> Verdict {
    let scenario = match Scenario::from_toml(text) {
        Ok(scenario) => scenario,
        Err(error) => return refused("scenario", &error),
    };
    let written = scenario.to_toml();
    match written.as_deref().map(Scenario::from_toml) {
        Ok(Ok(again)) if again == scenario => {}
        _ => return Verdict::Fault("written and read, it is another scenario".to_string()),
    }
    match scenario.simulate_with(&options()) {
        Err(error) => refused("run", &error),
        Ok(run) => first_of([
            numbers(&run),
            closed(&run),
            looks(&run).unwrap_or_else(|error| Err(format!("a look is refused: {error}"))),
            one_way(&run),
            same_bits(&run),
        ]),
    }
}

/// No number is none, and no pool is below zero by more than its tolerance.
fn numbers(run: &Run) -> Result<(), String> {
    let names = run.model.network.pools();
    let atlas = &run.model.atlas;
    let cells = atlas.keys().len();
    let mut groups = Vec::from([("cells", 0..cells)]);
    for label in atlas.labels() {
        let first = label.pools().next().map_or(0, |(index, _)| index);
        groups.push(("label", first..first + label.pools().count()));
    }
    let last = groups.last().map_or(0, |(_, group)| group.end);
    groups.push(("response", last..names.len()));
    for (what, group) in groups {
        let amounts = run
            .trajectory
            .states()
            .flat_map(|state| &state[group.clone()]);
        let most = amounts.fold(0.0_f64, |most, x| most.max(x.abs()));
        let most = most.max(if what == "response" {
            0.0
        } else {
            run.model.total_dose()
        });
        for (time, state) in run.trajectory.times().iter().zip(run.trajectory.states()) {
            for index in group.clone() {
                let (amount, name) = (state[index], &names[index]);
                finite(name, amount)?;
                if amount < -BELOW_ZERO * most {
                    return Err(format!(
                        "below zero ({what}): {name} is {amount:e} of {most:e} at {time} h"
                    ));
                }
            }
        }
    }
    Ok(())
}

fn closed(run: &Run) -> Result<(), String> {
    for time in run.trajectory.times() {
        let ledger = run
            .ledger(Time::new(*time))
            .map_err(|error| error.to_string())?;
        let residual = ledger.residual;
        if !residual.is_finite() || residual.abs() > LOST {
            return Err(format!("the ledger is open by {residual:e} at {time} h"));
        }
    }
    Ok(())
}

/// Numbers that are read from a run.
fn looks(run: &Run) -> Result<Result<(), String>, ObservationError> {
    let until = run.model.scenario.until;
    let mut seen = vec![];
    for organ in [Organ::LUNG, Organ::LIVER, Organ::SPLEEN] {
        let kinetics = run.kinetics(organ.clone(), &State::VIABLE)?;
        let optional = [kinetics.mrt, kinetics.half_life, kinetics.half_gone];
        seen.extend([kinetics.cmax, kinetics.tmax, kinetics.auc]);
        seen.extend(optional.into_iter().flatten());
        seen.extend(run.remains(organ)?.cells);
    }
    let obstruction = run.lung_obstruction()?;
    seen.extend([obstruction.peak(), 1.0 / obstruction.resistance_at_peak()]);
    if run.model.network.first_nonlinear().is_none() {
        let chance = run.chance_any_alive(until)?;
        seen.extend([
            chance.of_none(),
            chance.of_at_least_one(),
            chance.expected(),
        ]);
    }
    let mut seen = seen.into_iter();
    Ok(seen.try_for_each(|value| finite("a look", value)))
}

/// A response that goes one way leaves the cells as they are without it.
fn one_way(run: &Run) -> Result<(), String> {
    if run.model.scenario.response != Some(Response::OneWay) {
        return Ok(());
    }
    let mut scenario = run.model.scenario.clone();
    scenario.response = None;
    let Ok(alone) = scenario.simulate_with(&options()) else {
        return Err("one way: without the response the run is refused".to_string());
    };
    let (cells, dose) = (run.model.atlas.keys().len(), run.model.total_dose());
    let times = run.trajectory.times().iter();
    for ((a, b), time) in run
        .trajectory
        .states()
        .zip(alone.trajectory.states())
        .zip(times)
    {
        for index in 0..cells {
            let (with, without) = (a[index], b[index]);
            if (with - without).abs() > 1e-3 * without.abs() + 1e-8 * dose {
                let name = &run.model.network.pools()[index];
                return Err(format!(
                    "one way: {name} is {with:e} with and {without:e} without the response at {time} h, dose {dose:e}"
                ));
            }
        }
    }
    Ok(())
}

/// The same subject three times in lanes, where the network is small or has many classes.
fn same_bits(run: &Run) -> Result<(), String> {
    if run.model.network.pools().len() > 150 && run.model.scenario.size_classes < 4 {
        return Ok(());
    }
    let (model, times) = (&run.model, run.trajectory.times());
    let ensemble = Ensemble::new(&model.network, &model.schedule, times, &options());
    let ensemble = ensemble.map_err(|error| format!("lanes: {error}"))?;
    let subjects = (0..3).map(|_| Subject::of(&model.network));
    let mut result = Ok(());
    ensemble.run(subjects, |_, outcome| {
        let same = outcome.map(|outcome| {
            let alone = run.trajectory.states().flatten().map(|x| x.to_bits());
            alone.eq(outcome.states().flatten().map(|x| x.to_bits()))
        });
        match same {
            Ok(true) => {}
            Ok(false) => result = Err("lanes have other bits".to_string()),
            Err(error) => result = Err(format!("lanes: {error}")),
        }
    });
    result
}
