//! Promise: on networks made to break integrators, a run gives the right amounts or a typed error.
//!
//! Networks and references come from `tests/data/stress/generate.py`; `tests/data/stress/README.md`
//! describes them and says when a run counts as wrong.
#![allow(clippy::unwrap_used)] // a test may fail loudly

use std::collections::BTreeMap;

use biodist::network::{Network, NetworkFile, ParameterId, Schedule};
use biodist::solver::{
    Ensemble, Keep, Method, Options, SolverError, Subject, integrate, sensitivities,
};
use serde::Deserialize;

const TOLERANCES: [f64; 4] = [1e-3, 1e-4, 1e-6, 1e-8];
/// Whether a pump draws on a pool.
fn draws(network: &NetworkFile) -> bool {
    network.transfers.iter().any(|t| t.law == "steady")
}

/// A miss that is known: a pool that falls to 1e-80 of what it held decides when another empties, and tolerances down
/// to 1e-12 do not agree on it either.
fn known(name: &str, rtol: f64, error: f64) -> bool {
    name == "reported: random_462" && rtol < 1e-7 && error < 1e-3
}

/// The share of the runs with a value that must have one, so that a solver that refuses everything fails.
const ANSWERED: f64 = 0.97;

#[derive(Deserialize)]
struct Suite {
    networks: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    kind: String,
    expect: Expect,
    network: NetworkFile,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
enum Expect {
    #[serde(rename = "value")]
    Value,
    #[serde(rename = "error")]
    Error,
    #[serde(rename = "error or value")]
    ErrorOrValue,
}

#[derive(Deserialize)]
struct References {
    networks: BTreeMap<String, Reference>,
}

/// Rows are output times, columns are pools.
#[derive(Deserialize)]
struct Reference {
    value: Vec<Vec<f64>>,
    /// The largest amount of the pool so far, with a floor.
    scale: Vec<Vec<f64>>,
    /// How far the two programs are apart.
    apart: Vec<Vec<f64>>,
}

fn suite() -> (Vec<Entry>, BTreeMap<String, Reference>) {
    let suite: Suite = serde_json::from_str(include_str!("data/stress/networks.json")).unwrap();
    let references: References =
        serde_json::from_str(include_str!("data/stress/references.json")).unwrap();
    (suite.networks, references.networks)
}

/// The share of a pool's scale by which an answer may differ from the reference.
fn allowed(rtol: f64) -> f64 {
    (1000.0 * rtol).min(0.1)
}

impl Reference {
    /// The largest error as a share of the pool's scale, beyond what the references are apart.
    fn error(&self, states: &[Vec<f64>]) -> f64 {
        assert_eq!(states.len(), self.value.len());
        let mut largest = 0.0_f64;
        for (t, state) in states.iter().enumerate() {
            for (p, found) in state.iter().enumerate() {
                let beyond = (found - self.value[t][p]).abs() - self.apart[t][p];
                largest = largest.max(beyond / self.scale[t][p]);
            }
        }
        largest
    }
}

/// Right, wrong and refused runs.
#[derive(Default)]
struct Count {
    right: usize,
    wrong: Vec<String>,
    errors: Vec<String>,
}

impl Count {
    /// Judges one run of an entry.
    fn add(
        &mut self,
        entry: &Entry,
        reference: Option<&Reference>,
        rtol: f64,
        run: &Result<Vec<Vec<f64>>, SolverError>,
    ) {
        let name = &entry.network.name;
        let mut amounts = run.iter().flatten().flatten();
        assert!(amounts.all(|x| x.is_finite()), "{name} at {rtol:e}");
        match (run, reference) {
            (Err(error), _) => self.errors.push(format!("{name} at {rtol:e}: {error}")),
            // A pump may draw a pool below zero, where the laws go on as documented.
            (Ok(_), None) if draws(&entry.network) => self.right += 1,
            (Ok(_), None) => self
                .wrong
                .push(format!("{name} at {rtol:e} has no answer but got one")),
            (Ok(states), Some(reference)) => {
                let error = reference.error(states);
                if error <= allowed(rtol) || known(name, rtol, error) {
                    self.right += 1;
                } else {
                    self.wrong
                        .push(format!("{name} at {rtol:e}: {error:.2e} of its scale"));
                }
            }
        }
    }

    fn print(&self, title: &str) {
        println!(
            "{title}: {} right, {} wrong, {} errors",
            self.right,
            self.wrong.len(),
            self.errors.len()
        );
    }

    fn total(&self) -> usize {
        self.right + self.wrong.len() + self.errors.len()
    }

    fn none_is_wrong(&self) {
        assert!(
            self.wrong.is_empty(),
            "{} of {} are wrong:\n{}",
            self.wrong.len(),
            self.total(),
            self.wrong.join("\n")
        );
    }

    fn answers(&self, share: f64) {
        let answered = self.right as f64 / self.total() as f64;
        assert!(
            answered >= share,
            "only {answered:.3} are answered:\n{}",
            self.errors.join("\n")
        );
    }
}

fn options(rtol: f64) -> Options {
    Options {
        keep: Keep::Outputs,
        max_steps: 100_000,
        ..Options::with_rtol(rtol)
    }
}

fn one_run(
    network: &Network,
    times: &[f64],
    options: &Options,
) -> Result<Vec<Vec<f64>>, SolverError> {
    let run = integrate(network, &Schedule::new(), times, options)?;
    Ok(run.states().map(<[f64]>::to_vec).collect())
}

/// The network among others that differ, in an ensemble.
fn among_others(
    network: &Network,
    times: &[f64],
    options: &Options,
) -> Result<Vec<Vec<f64>>, SolverError> {
    let schedule = Schedule::new();
    let ensemble = Ensemble::new(network, &schedule, times, options)?;
    let mut found = None;
    let subjects = [0.5, 1.0, 0.9].map(|share| {
        let mut subject = Subject::of(network);
        subject
            .initial
            .iter_mut()
            .for_each(|amount| *amount *= share);
        subject
    });
    ensemble.run(subjects, |k, outcome| {
        if k == 1 {
            found = Some(outcome.map(|o| o.states().map(<[f64]>::to_vec).collect()));
        }
    });
    found.unwrap()
}

/// Every bit of the amounts, or the error with its time, without the pool that it names.
///
/// Which pool holds a run up is a guess from the last step tried, and that is kept longer in an ensemble.
fn bits(run: &Result<Vec<Vec<f64>>, SolverError>) -> Result<Vec<u64>, String> {
    let text = |error: &SolverError| {
        let text = error.to_string();
        text.split(", held up by").next().unwrap().to_string()
    };
    let run = run.as_ref().map_err(text)?;
    Ok(run.iter().flatten().map(|x| x.to_bits()).collect())
}

#[test]
fn the_suite_is_large_and_of_every_kind() {
    let (entries, references) = suite();
    let mut kinds = BTreeMap::<&str, usize>::new();
    for entry in &entries {
        *kinds.entry(&entry.kind).or_default() += 1;
        assert_eq!(
            references.contains_key(&entry.network.name),
            entry.expect != Expect::Error
        );
    }
    assert!(entries.len() >= 220, "{}", entries.len());
    for kind in [
        "capacity",
        "saturation",
        "growth",
        "reservoir",
        "random",
        "combination",
    ] {
        assert!(kinds[kind] >= 30, "{kinds:?}");
    }
    assert!(kinds["no answer"] >= 15, "{kinds:?}");
}

#[test]
fn every_run_is_right_or_a_typed_error_alone_and_in_an_ensemble() {
    let (entries, references) = suite();
    let mut posed = Count::default();
    let mut unposed = Count::default();
    let mut kinds = BTreeMap::<String, Count>::new();
    for entry in &entries {
        let network = entry.network.network().unwrap();
        let times = &entry.network.times;
        let reference = references.get(&entry.network.name);
        for rtol in TOLERANCES {
            let run = one_run(&network, times, &options(rtol));
            let count = match entry.expect {
                Expect::Value => &mut posed,
                Expect::Error | Expect::ErrorOrValue => &mut unposed,
            };
            count.add(entry, reference, rtol, &run);
            let count = kinds.entry(entry.kind.clone()).or_default();
            count.add(entry, reference, rtol, &run);
            let ensemble = among_others(&network, times, &options(rtol));
            let (run, ensemble) = (bits(&run), bits(&ensemble));
            assert!(
                run == ensemble,
                "{} at {rtol:e}: {:?} alone, {:?} in an ensemble",
                network.name(),
                run.err(),
                ensemble.err()
            );
        }
    }
    for (kind, count) in &kinds {
        count.print(kind);
    }
    posed.print("with a value");
    unposed.print("without a value");
    posed.none_is_wrong();
    unposed.none_is_wrong();
    posed.answers(ANSWERED);
}

#[test]
fn the_explicit_method_is_right_or_gives_a_typed_error() {
    let (entries, references) = suite();
    let mut count = Count::default();
    for entry in &entries {
        let network = entry.network.network().unwrap();
        let reference = references.get(&entry.network.name);
        for rtol in [1e-4, 1e-8] {
            // Stiff networks end here: they need millions of steps.
            let options = Options {
                method: Method::Dop853,
                max_steps: 3000,
                ..options(rtol)
            };
            let run = one_run(&network, &entry.network.times, &options);
            count.add(entry, reference, rtol, &run);
        }
    }
    count.print("Dop853");
    count.none_is_wrong();
    count.answers(0.2);
}

#[test]
fn sensitivities_go_along_with_the_same_amounts() {
    let (entries, _) = suite();
    let mut answered = 0;
    for entry in entries.iter().step_by(5) {
        let network = entry.network.network().unwrap();
        let (times, schedule) = (&entry.network.times, Schedule::new());
        let ids: Vec<ParameterId> = (network.parameters().iter().take(4))
            .map(|name| network.parameter(name).unwrap())
            .collect();
        let run = one_run(&network, times, &options(1e-6));
        let with = sensitivities(&network, &schedule, times, &options(1e-6), &ids);
        let Ok(with) = with else {
            // What fails along the way may fail in the sensitivities alone, and never the other way round.
            continue;
        };
        answered += 1;
        let states = with.trajectory.states().map(<[f64]>::to_vec).collect();
        assert!(bits(&run) == bits(&Ok(states)), "{}", network.name());
    }
    assert!(answered >= 40, "{answered}");
}
