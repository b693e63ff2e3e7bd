//! Networks with all laws and events as JSON, and what must hold of each run.

use biodist::network::{Action, Amount, Network, NetworkError, NetworkFile, Schedule};
use biodist::solver::{Ensemble, Options, Subject, Trajectory, exact, integrate, sensitivities};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::random::Random;
use crate::verdict::{Verdict, finite, first_of, refused};

/// A network file with what a network file does not hold.
#[derive(Serialize, Deserialize)]
struct Case {
    network: NetworkFile,
    rtol: f64,
    #[serde(default)]
    events: Vec<Doing>,
}

#[derive(Serialize, Deserialize)]
struct Doing {
    time: f64,
    /// From a pool, to a pool; all of it where no amount is named.
    #[serde(default)]
    moves: Option<(String, String, Option<f64>)>,
    #[serde(default)]
    sets: Option<(String, f64)>,
}

const LAWS: [&str; 8] = [
    "linear",
    "linear",
    "linear",
    "capacity",
    "michaelis_menten",
    "mass_action",
    "blocked",
    "steady",
];

fn pool(index: usize) -> String {
    format!("p{index}")
}

/// Empty pools, reservoirs, single cells, and amounts over nine decades.
fn initial(pools: usize, scale: f64, random: &mut Random) -> serde_json::Map<String, Value> {
    let mut initial = serde_json::Map::new();
    for index in 0..pools {
        let amount = match random.unit() {
            x if x < 0.4 => 0.0,
            x if x < 0.45 => 1e15,
            x if x < 0.55 => random.whole(1, 10) as f64,
            _ => scale * random.decades(-9.0, 0.0),
        };
        initial.insert(pool(index), json!(amount));
    }
    initial
}

/// A random network, as text.
pub fn draw(random: &mut Random) -> String {
    let pools = match random.unit() {
        x if x < 0.6 => random.whole(2, 8),
        x if x < 0.97 => random.whole(9, 30),
        _ => random.whole(31, 120),
    };
    let scale = random.decades(0.0, 12.0);
    let initial = initial(pools, scale, random);
    let laws = match random.chance(0.2) {
        true => &LAWS[..1],
        false => &LAWS[..],
    };
    let (mut parameters, mut transfers) = (serde_json::Map::new(), vec![]);
    let arrows = pools - 1 + random.whole(0, 2 * pools);
    for number in 0..arrows {
        let from = if number < pools - 1 {
            number
        } else {
            random.whole(0, pools - 1)
        };
        let to = if number < pools - 1 {
            number + 1
        } else {
            (from + random.whole(1, pools - 1)) % pools
        };
        let law = *random.pick(laws);
        transfers.push(transfer(
            law,
            (number, from, to),
            (pools, scale),
            &mut parameters,
            random,
        ));
    }
    let end = random.decades(-2.0, 3.0);
    let count = random.whole(2, 6);
    let mut times = random.list(count, |random| end * random.decades(-4.0, 0.0));
    times.push(0.0);
    times.sort_by(f64::total_cmp);
    times.dedup();
    let count = if random.chance(0.6) {
        0
    } else {
        random.whole(1, 4)
    };
    let events = random.list(count, |random| {
        event(end, (pools, scale), &parameters, random)
    });
    let pools: Vec<String> = (0..pools).map(pool).collect();
    let case = json!({
        "network": {
            "name": "random", "pools": pools, "initial": initial, "parameters": parameters,
            "transfers": transfers, "times": times,
        },
        "rtol": *random.pick(&[1e-3, 1e-4, 1e-6, 1e-6, 1e-8]),
        "events": events,
    });
    format!("{case:#}")
}

fn transfer(
    law: &str,
    (number, from, to): (usize, usize, usize),
    (pools, scale): (usize, f64),
    parameters: &mut serde_json::Map<String, Value>,
    random: &mut Random,
) -> Value {
    let mut named = |name: &str, value: f64| {
        let name = format!("{name}{number}");
        parameters.insert(name.clone(), json!(value));
        name
    };
    let size = scale * random.decades(-9.0, 3.0);
    let rate = if random.chance(0.03) {
        0.0
    } else {
        random.decades(-6.0, 5.0)
    };
    let seen = |random: &mut Random| {
        let count = random.whole(1, 3);
        let mut list = random.list(count, |random| random.whole(0, pools - 1));
        // A bed that fills, a pool that grows.
        if random.chance(0.5) {
            list[0] = to;
        }
        list.sort_unstable();
        list.dedup();
        list.into_iter().map(pool).collect::<Vec<_>>()
    };
    let mut value =
        json!({"id": format!("t{number}"), "from": pool(from), "to": pool(to), "law": law});
    match law {
        "linear" => value["parameter"] = json!(named("k", rate)),
        "capacity" => {
            value["parameter"] = json!(named("k", rate));
            value["capacity"] = json!(named("room", size));
            value["occupant"] = json!(seen(random));
        }
        "michaelis_menten" => {
            value["vmax"] = json!(named("vmax", rate * size));
            value["km"] = json!(named("km", size * random.decades(-6.0, 0.0)));
            if random.chance(0.3) {
                value["competitor"] = json!(seen(random));
            }
        }
        "mass_action" => {
            value["parameter"] = json!(named("k", rate / scale));
            value["other"] = json!(seen(random));
        }
        "blocked" => {
            value["parameter"] = json!(named("k", rate));
            value["half"] = json!(named("half", size));
            value["load"] = json!(seen(random));
        }
        _ => value["parameter"] = json!(named("flow", scale * random.decades(-9.0, 0.0))),
    }
    value
}

fn event(
    end: f64,
    (pools, scale): (usize, f64),
    parameters: &serde_json::Map<String, Value>,
    random: &mut Random,
) -> Value {
    let time = if random.chance(0.1) {
        0.0
    } else {
        end * random.decades(-3.0, 0.0)
    };
    let from = random.whole(0, pools - 1);
    let to = (from + random.whole(1, pools - 1)) % pools;
    let names: Vec<&String> = parameters.keys().collect();
    match random.whole(0, 2) {
        0 => json!({"time": time, "moves": [pool(from), pool(to), null]}),
        1 => {
            json!({"time": time, "moves": [pool(from), pool(to), scale * random.decades(-9.0, 0.0)]})
        }
        _ => {
            let name = *random.pick(&names);
            let value = parameters[name].as_f64().unwrap_or(1.0) * random.decades(-3.0, 3.0);
            json!({"time": time, "sets": [name, value]})
        }
    }
}

fn schedule(network: &Network, events: &[Doing]) -> Result<Schedule, NetworkError> {
    let mut schedule = Schedule::new();
    for doing in events {
        let mut actions = vec![];
        if let Some((from, to, amount)) = &doing.moves {
            actions.push(Action::Move {
                from: network.pool(from)?,
                to: network.pool(to)?,
                amount: amount.map_or(Amount::All, Amount::Fixed),
            });
        }
        if let Some((name, value)) = &doing.sets {
            let parameter = network.parameter(name)?;
            actions.push(Action::Set {
                parameter,
                value: *value,
            });
        }
        schedule.at(doing.time, actions)?;
    }
    Ok(schedule)
}

/// Reads, runs and looks.
pub fn check(text: &str) -> Verdict {
    let case: Case = match serde_json::from_str(text) {
        Ok(case) => case,
        Err(error) => return refused("case", &error),
    };
    let network = match case.network.network() {
        Ok(network) => network,
        Err(error) => return refused("network", &error),
    };
    let schedule = match schedule(&network, &case.events) {
        Ok(schedule) => schedule,
        Err(error) => return refused("events", &error),
    };
    let options = Options {
        max_steps: 20_000,
        ..Options::with_rtol(case.rtol)
    };
    let times = &case.network.times;
    match integrate(&network, &schedule, times, &options) {
        Err(error) => refused("run", &error),
        Ok(run) => first_of([
            conserved(&network, &run),
            positive(&case, &network, &run),
            same_bits(&network, &schedule, &run, &options),
            sensitive(&network, &schedule, times, &options),
            as_exact(&case, &network, &run),
        ]),
    }
}

fn conserved(network: &Network, run: &Trajectory) -> Result<(), String> {
    let whole: f64 = network.initial().iter().sum();
    for (time, state) in run.times().iter().zip(run.states()) {
        for (name, amount) in network.pools().iter().zip(state) {
            finite(name, *amount)?;
        }
        // What pumps and moves of a fixed amount have overdrawn counts as an amount.
        let size = state.iter().map(|x| x.abs()).sum::<f64>().max(whole);
        let lost = state.iter().sum::<f64>() - whole;
        if lost.abs() > 1e-10 * size {
            return Err(format!(
                "total is open by {lost:e} of {whole:e}, with {size:e} in the pools, at {time} h"
            ));
        }
    }
    Ok(())
}

/// Of the whole network, at rtol 1e-6; in proportion at others.
const BELOW_ZERO: f64 = 1e-8;

fn positive(case: &Case, network: &Network, run: &Trajectory) -> Result<(), String> {
    let pumped = case
        .network
        .transfers
        .iter()
        .any(|transfer| transfer.law == "steady");
    let fixed = |doing: &Doing| matches!(doing.moves, Some((_, _, Some(_))));
    if pumped || case.events.iter().any(fixed) {
        return Ok(());
    }
    let most = BELOW_ZERO * case.rtol / 1e-6 * network.initial().iter().sum::<f64>();
    for (time, state) in run.times().iter().zip(run.states()) {
        for (name, amount) in network.pools().iter().zip(state) {
            if *amount < -most {
                return Err(format!(
                    "below zero: {name} is {amount:e} at {time} h, {most:e} is allowed"
                ));
            }
        }
    }
    Ok(())
}

fn same_bits(
    network: &Network,
    schedule: &Schedule,
    run: &Trajectory,
    options: &Options,
) -> Result<(), String> {
    let ensemble = Ensemble::new(network, schedule, run.times(), options);
    let ensemble = ensemble.map_err(|error| format!("lanes: {error}"))?;
    let mut result = Ok(());
    ensemble.run((0..3).map(|_| Subject::of(network)), |_, outcome| {
        let same = outcome.map(|outcome| {
            let alone = run.states().flatten().map(|x| x.to_bits());
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

/// Sensitivities of small networks are numbers, and refused only with a typed error.
fn sensitive(
    network: &Network,
    schedule: &Schedule,
    times: &[f64],
    options: &Options,
) -> Result<(), String> {
    let names = network.parameters().iter().take(2);
    let ids: Vec<_> = names
        .filter_map(|name| network.parameter(name).ok())
        .collect();
    if network.pools().len() > 8 {
        return Ok(());
    }
    let Ok(found) = sensitivities(network, schedule, times, options, &ids) else {
        return Ok(());
    };
    for id in &ids {
        for name in network.pools() {
            let pool = network.pool(name).map_err(|error| error.to_string())?;
            let slopes = found.of(pool, *id).unwrap_or_default();
            slopes
                .iter()
                .try_for_each(|slope| finite("a sensitivity", *slope))?;
        }
    }
    Ok(())
}

/// Small linear networks against the matrix exponential, which is good where rates times time are not too large.
fn as_exact(case: &Case, network: &Network, run: &Trajectory) -> Result<(), String> {
    let end = run.times().last().copied().unwrap_or(0.0);
    let fast = network
        .values()
        .iter()
        .fold(0.0_f64, |fast, k| fast.max(*k))
        * end;
    if !case.events.is_empty() || network.first_nonlinear().is_some() || fast > 1e5 {
        return Ok(());
    }
    if network.pools().len() > 8 {
        return Ok(());
    }
    let whole: f64 = network.initial().iter().sum();
    let wanted = exact(network, run.times()).map_err(|error| error.to_string())?;
    let pairs = run.states().flatten().zip(wanted.iter().flatten());
    for (found, wanted) in pairs {
        let error = (found - wanted).abs();
        if error > 300.0 * case.rtol * wanted.abs() + 1e-2 * case.rtol * whole {
            return Err(format!("exact: {found:e} is {wanted:e}, whole {whole:e}"));
        }
    }
    Ok(())
}
