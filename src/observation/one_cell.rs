//! The probability that one cell of one dose is somewhere, from the model and its schedule.

use super::{ChanceOfStart, ObservationError};
use crate::assembly::Model;
use crate::instant;
use crate::network::{Action, Amount, Network, NetworkError, ParameterId, PoolId};
use crate::network::{RateLaw, Schedule};
use crate::organ::State;
use crate::simulation::Run;
use crate::solver::{Integrator, Keep, Options, SolverError};

/// How one cell of a dose enters.
struct Entry {
    syringe: PoolId,
    /// Where it goes, with the probability of each; for an infusion, by which pump.
    targets: Vec<(PoolId, f64, Option<ParameterId>)>,
    /// How long the infusion takes, h; 0 for a bolus.
    duration: f64,
    starts: Vec<f64>,
}

/// Each start of each dose with the probability that one of its cells is in `pools` at `time`.
pub(super) fn starts(
    run: &Run,
    pools: &[usize],
    time: f64,
) -> Result<Vec<ChanceOfStart>, ObservationError> {
    let model = &run.model;
    require_independent(model)?;
    let (start, end) = run.trajectory.span();
    if !(time >= 0.0 && time <= end) {
        let hint = "";
        return Err(SolverError::OutsideRun {
            time,
            start: start.min(0.0),
            end,
            hint,
        }
        .into());
    }
    let mut integrator = Integrator::new(&model.network)?;
    let mut found = vec![];
    for (dose, asked) in model.scenario.doses.iter().enumerate() {
        let Some(entry) = entry(model, dose) else {
            continue;
        };
        let given = asked.cells(model.body.weight);
        let chances = probabilities(model, &entry, pools, time, &mut integrator)?;
        for (start, probability) in entry.starts.iter().zip(chances) {
            found.push(ChanceOfStart {
                dose,
                start: *start,
                given,
                cells: given.round() as u64,
                probability: probability.clamp(0.0, 1.0),
            });
        }
    }
    Ok(found)
}

/// Cells are independent when every rate is proportional to its source. The pumps of syringes are
/// no exception: each cell of an infusion enters at a time of its own.
fn require_independent(model: &Model) -> Result<(), SolverError> {
    let keys = model.atlas.keys();
    let pump = model.network.transfers().iter().find(|transfer| {
        let from = keys.get(transfer.from.index());
        matches!(transfer.law, RateLaw::Steady { .. })
            && from.is_some_and(|key| key.state != State::Syringe)
    });
    match model.network.first_nonlinear().or(pump) {
        None => Ok(()),
        Some(transfer) => Err(SolverError::NotLinear {
            transfer: transfer.id.clone(),
            law: transfer.law.name(),
        }),
    }
}

/// The parameters of all pumps of syringes.
fn pumps(network: &Network) -> impl Iterator<Item = (PoolId, PoolId, ParameterId)> {
    network.transfers().iter().filter_map(|t| match t.law {
        RateLaw::Steady { parameter, .. } => Some((t.from, t.to, parameter)),
        _ => None,
    })
}

/// Reads off the schedule how a dose enters.
fn entry(model: &Model, dose: usize) -> Option<Entry> {
    let keys = model.atlas.keys();
    let index = keys
        .iter()
        .position(|key| key.state == State::Syringe && key.class == dose)?;
    let syringe = model.network.pool(&model.network.pools()[index]).ok()?;
    let actions = || model.schedule.events().iter().flat_map(|e| &e.actions);
    let mut targets: Vec<(PoolId, f64, Option<ParameterId>)> = vec![];
    for (_, to, pump) in pumps(&model.network).filter(|(from, _, _)| *from == syringe) {
        // The first rate of the pump: one repetition alone is running then.
        let rate = actions().find_map(|action| match *action {
            Action::Set { parameter, value } if parameter == pump => Some(value),
            _ => None,
        })?;
        targets.push((to, rate, Some(pump)));
    }
    if targets.is_empty() {
        for action in actions() {
            if let Action::Move {
                from,
                to,
                amount: Amount::Fixed(amount),
            } = *action
                && from == syringe
                && targets.iter().all(|(pool, _, _)| *pool != to)
            {
                targets.push((to, amount, None));
            }
        }
    }
    let whole: f64 = targets.iter().map(|(_, amount, _)| amount).sum();
    for (_, amount, _) in &mut targets {
        *amount /= whole;
    }
    let asked = &model.scenario.doses[dose];
    Some(Entry {
        syringe,
        targets,
        duration: asked.over.value(),
        starts: asked.starts(),
    })
}

/// For each start, the probability that its cell is in `pools` at `time`.
fn probabilities(
    model: &Model,
    entry: &Entry,
    pools: &[usize],
    time: f64,
    integrator: &mut Integrator,
) -> Result<Vec<f64>, SolverError> {
    let rest = changes(model)?;
    let waiting = if pools.contains(&entry.syringe.index()) {
        1.0
    } else {
        0.0
    };
    let mut chances = vec![waiting; entry.starts.len()];
    let begun: Vec<usize> = (0..chances.len())
        .filter(|k| instant::reached(entry.starts[*k], time))
        .collect();
    let sum = |state: &[f64]| pools.iter().map(|pool| state[*pool]).sum::<f64>();
    // Without changes in time only the age of a start counts: one run serves them all.
    let ages: Vec<f64> = begun
        .iter()
        .rev()
        .map(|k| time - entry.starts[*k])
        .collect();
    if rest.events().is_empty() && ages.windows(2).all(|pair| pair[0] < pair[1]) {
        let schedule = give(rest, entry, 0.0)?;
        let states = follow(model, entry, &schedule, &ages, integrator)?;
        for (k, state) in begun.iter().rev().zip(states) {
            chances[*k] = sum(&state);
        }
        return Ok(chances);
    }
    for k in begun {
        let schedule = give(rest.clone(), entry, entry.starts[k])?;
        let states = follow(model, entry, &schedule, &[time], integrator)?;
        chances[k] = states.first().map_or(0.0, |state| sum(state));
    }
    Ok(chances)
}

/// Where one cell that starts in the syringe of the dose is at each of `times`: probabilities.
///
/// Each piece between two events is a run of its own that starts at time zero: with a relative
/// tolerance alone its first steps are too small to be told from a later time.
fn follow(
    model: &Model,
    entry: &Entry,
    schedule: &Schedule,
    times: &[f64],
    integrator: &mut Integrator,
) -> Result<Vec<Vec<f64>>, SolverError> {
    let mut network = model.network.clone();
    let mut values = network.values().to_vec();
    let mut state = vec![0.0; network.pools().len()];
    state[entry.syringe.index()] = 1.0;
    let mut found = vec![];
    let schedule = schedule.aligned(times);
    let mut events = schedule.events().iter().peekable();
    let mut now = 0.0;
    loop {
        while let Some(event) = events.next_if(|event| event.time <= now) {
            for action in &event.actions {
                action.apply(&mut state, &mut values);
            }
        }
        while times.get(found.len()).is_some_and(|time| *time <= now) {
            found.push(state.clone());
        }
        let Some(end) = times.last().filter(|end| **end > now) else {
            return Ok(found);
        };
        let until = events.peek().map_or(*end, |event| event.time.min(*end));
        let mut wanted: Vec<f64> = times[found.len()..].iter().map(|t| t - now).collect();
        wanted.retain(|t| *t < until - now);
        wanted.push(until - now);
        set(&mut network, &state, &values)?;
        let piece = integrator.run(&network, &Schedule::new(), &wanted, &options())?;
        let mut states = piece.states().map(<[f64]>::to_vec);
        found.extend(states.by_ref().take(wanted.len() - 1));
        state = states.next().unwrap_or_default();
        now = until;
    }
}

/// Gives the network amounts and values. What noise has left below zero starts again from zero.
fn set(network: &mut Network, state: &[f64], values: &[f64]) -> Result<(), NetworkError> {
    let pools = network.pools().to_vec();
    for (index, name) in pools.iter().enumerate() {
        let amount = state[index].max(0.0);
        if amount.to_bits() != network.initial()[index].to_bits() {
            network.set_initial(name, amount)?;
        }
    }
    let parameters = network.parameters().to_vec();
    for (index, name) in parameters.iter().enumerate() {
        if values[index].to_bits() != network.values()[index].to_bits() {
            network.set(name, values[index])?;
        }
    }
    Ok(())
}

/// Tolerances fit for probabilities: relative alone, so that a hopeless one has its digits too.
fn options() -> Options {
    Options {
        atol: Some(0.0),
        keep: Keep::Outputs,
        ..Options::with_rtol(1e-9)
    }
}

/// The schedule without any dose: what parameters do in time.
fn changes(model: &Model) -> Result<Schedule, NetworkError> {
    let pumps: Vec<ParameterId> = pumps(&model.network).map(|(_, _, pump)| pump).collect();
    let mut schedule = Schedule::new();
    for event in model.schedule.events() {
        let is_change =
            |a: &&Action| matches!(a, Action::Set { parameter, .. } if !pumps.contains(parameter));
        let actions: Vec<Action> = event.actions.iter().filter(is_change).copied().collect();
        if !actions.is_empty() {
            schedule.at(event.time, actions)?;
        }
    }
    Ok(schedule)
}

/// Adds the entry of one cell: for an infusion, at a rate of one over its duration.
fn give(mut schedule: Schedule, entry: &Entry, start: f64) -> Result<Schedule, NetworkError> {
    let mut begin = vec![];
    let mut end = vec![];
    for (to, share, pump) in &entry.targets {
        match pump {
            Some(pump) => {
                let set = |value| Action::Set {
                    parameter: *pump,
                    value,
                };
                begin.push(set(share / entry.duration));
                end.push(set(0.0));
            }
            None => begin.push(Action::Move {
                from: entry.syringe,
                to: *to,
                amount: Amount::Fixed(*share),
            }),
        }
    }
    schedule.at(start, begin)?;
    // What rounding leaves in the syringe goes where most of it went.
    let largest = entry.targets.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((to, _, _)) = largest {
        end.push(Action::Move {
            from: entry.syringe,
            to: *to,
            amount: Amount::All,
        });
    }
    schedule.at(start + entry.duration, end)?;
    Ok(schedule)
}
