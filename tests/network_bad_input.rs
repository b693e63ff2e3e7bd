//! Promise: wrong networks, files, options, times and events give a typed error that says what is
//! wrong and what is allowed; nothing panics.
//!
//! Each row is what was done, and the variant and the whole message that must come of it.
#![allow(clippy::unwrap_used, clippy::too_many_lines)] // a test here is a table

use std::fmt::{Debug, Display};

use biodist::network::{
    Action, Amount, Network, NetworkBuilder, NetworkError, NetworkFile, ParameterId, PoolId,
    RateLaw, Schedule,
};
use biodist::solver::{Fate, Keep, Options, SolverError, exact, integrate};

/// The variant and the message of an error.
fn told<T, E: Debug + Display>(result: Result<T, E>) -> String {
    match result {
        Ok(_) => "no error".to_string(),
        Err(error) => {
            let debug = format!("{error:?}");
            let variant = debug
                .split(|c: char| !c.is_alphanumeric())
                .next()
                .unwrap_or_default();
            format!("{variant}: {error}")
        }
    }
}

fn check(rows: &[(&str, String, &str)]) {
    for (what, found, expected) in rows {
        assert_eq!(found, expected, "{what}");
    }
}

/// A network of two pools made wrong.
fn broken(spoil: impl Fn(&mut NetworkBuilder, PoolId, PoolId, ParameterId)) -> String {
    let mut builder = Network::builder("broken");
    let (a, b) = (builder.pool_with("a", 1.0), builder.pool("b"));
    let k = builder.parameter("k", 0.5);
    builder.transfer("a to b", a, b, RateLaw::linear(k));
    spoil(&mut builder, a, b, k);
    told(builder.build())
}

fn good() -> (Network, PoolId, PoolId, ParameterId) {
    let mut builder = Network::builder("good");
    let (a, b) = (builder.pool_with("a", 1.0), builder.pool("b"));
    let k = builder.parameter("k", 0.5);
    builder.transfer("a to b", a, b, RateLaw::linear(k));
    (builder.build().unwrap(), a, b, k)
}

fn with_rate(value: f64) -> String {
    broken(|builder, a, b, _| {
        let bad = builder.parameter("bad", value);
        builder.transfer("t", a, b, RateLaw::linear(bad));
    })
}

#[test]
fn names_and_ends_that_do_not_fit() {
    check(&[
        (
            "no pools",
            told(Network::builder("empty").build()),
            "Empty: a network needs at least one pool",
        ),
        (
            "a pool twice",
            broken(|builder, _, _, _| {
                builder.pool_with("a", 1.0);
            }),
            "DuplicateName: pool 'a' is declared twice: names must be unique",
        ),
        (
            "a parameter twice",
            broken(|builder, _, _, _| {
                builder.parameter("k", 1.0);
            }),
            "DuplicateName: parameter 'k' is declared twice: names must be unique",
        ),
        (
            "a transfer twice",
            broken(|builder, a, b, k| {
                builder.transfer("a to b", b, a, RateLaw::linear(k));
            }),
            "DuplicateName: transfer 'a to b' is declared twice: names must be unique",
        ),
        (
            "a circle of one",
            broken(|builder, a, _, k| {
                builder.transfer("t", a, a, RateLaw::linear(k));
            }),
            "SelfTransfer: transfer 't' goes from pool 'a' to itself: remove it or change an end",
        ),
        (
            "a pool that nothing touches",
            broken(|builder, _, _, _| {
                builder.pool("lonely");
            }),
            "Unconnected: pool 'lonely' is a dead end: no transfer reaches or leaves it; connect it, remove it, or state what it starts with",
        ),
    ]);
}

#[test]
fn numbers_that_are_not_allowed() {
    check(&[
        (
            "negative",
            with_rate(-1.0),
            "BadNumber: parameter bad = -1 is not allowed: it must be finite and at least 0",
        ),
        (
            "NaN",
            with_rate(f64::NAN),
            "BadNumber: parameter bad = NaN is not allowed: it must be finite and at least 0",
        ),
        (
            "infinite",
            with_rate(f64::INFINITY),
            "BadNumber: parameter bad = inf is not allowed: it must be finite and at least 0",
        ),
        (
            "no room at all",
            broken(|builder, a, b, k| {
                let capacity = builder.parameter("room", 0.0);
                let law = RateLaw::Capacity {
                    constant: 1.0,
                    parameter: k,
                    occupants: vec![b],
                    capacity,
                };
                builder.transfer("t", a, b, law);
            }),
            "BadNumber: parameter room = 0 is not allowed: it must be finite and greater than 0",
        ),
        (
            "half-saturation zero",
            broken(|builder, a, b, k| {
                let km = builder.parameter("km", 0.0);
                let law = RateLaw::MichaelisMenten {
                    constant: 1.0,
                    vmax: k,
                    km,
                    competitors: vec![],
                };
                builder.transfer("t", a, b, law);
            }),
            "BadNumber: parameter km = 0 is not allowed: it must be finite and greater than 0",
        ),
        (
            "negative constant",
            broken(|builder, a, b, k| {
                builder.transfer(
                    "t",
                    a,
                    b,
                    RateLaw::Steady {
                        constant: -2.0,
                        parameter: k,
                    },
                );
            }),
            "BadNumber: constant of transfer t = -2 is not allowed: it must be finite and at least 0",
        ),
        (
            "negative amount",
            broken(|builder, _, _, _| {
                builder.pool_with("c", -1.0);
            }),
            "BadNumber: initial amount in c = -1 is not allowed: it must be finite and at least 0",
        ),
    ]);
}

#[test]
fn settings_and_lengths_that_do_not_fit() {
    let (mut network, ..) = good();
    check(&[
        (
            "unknown parameter",
            told(network.set("kk", 1.0)),
            "UnknownName: network: unknown parameter 'kk'; near names: k",
        ),
        (
            "unknown pool",
            told(network.pool("A")),
            "UnknownName: network: unknown pool 'A'; near names: a, b",
        ),
        (
            "setting a negative rate",
            told(network.set("k", -0.1)),
            "BadNumber: parameter k = -0.1 is not allowed: it must be finite and at least 0",
        ),
        (
            "setting no number",
            told(network.set("k", f64::NAN)),
            "BadNumber: parameter k = NaN is not allowed: it must be finite",
        ),
        (
            "setting an infinite amount",
            told(network.set_initial("b", f64::INFINITY)),
            "BadNumber: initial amount in b = inf is not allowed: it must be finite and at least 0",
        ),
        (
            "too few amounts",
            told(network.rates(&[1.0])),
            "WrongLength: amounts has 1 values but the network needs 2",
        ),
        (
            "too many amounts",
            told(network.derivative(&[1.0; 3])),
            "WrongLength: amounts has 3 values but the network needs 2",
        ),
    ]);
    assert_eq!(network, good().0, "a refused setting must change nothing");
}

/// A file of three pools and two parameters with one transfer.
fn file(transfer: &str) -> String {
    let text = format!(
        r#"{{"name": "n", "pools": ["blood", "lung", "liver"], "initial": {{"blood": 1, "lung": 1, "liver": 1}},
        "parameters": {{"k": 1, "cap": 5}}, "transfers": [{{"id": "t", "from": "blood", {transfer}}}]}}"#
    );
    told(NetworkFile::from_json(&text).and_then(|file| file.network()))
}

#[test]
fn transfers_in_files_that_do_not_fit_their_law() {
    check(&[
        (
            "a field is missing",
            file(r#""to": "lung", "law": "capacity", "parameter": "k", "occupant": "lung""#),
            "BadTransfer: transfer 't' with law 'capacity': 'capacity' is missing; the law takes constant (optional), parameter, occupant, capacity",
        ),
        (
            "another is missing",
            file(r#""to": "lung", "law": "mass_action", "parameter": "k""#),
            "BadTransfer: transfer 't' with law 'mass_action': 'other' is missing; the law takes constant (optional), parameter, other",
        ),
        (
            "a field of another law",
            file(r#""to": "lung", "law": "linear", "parameter": "k", "km": "k""#),
            "BadTransfer: transfer 't' with law 'linear': 'km' does not belong here; the law takes constant (optional), parameter",
        ),
        (
            "an unknown law",
            file(r#""to": "lung", "law": "hill", "parameter": "k""#),
            "BadTransfer: transfer 't' with law 'hill': unknown law; the law takes one of these names: linear, capacity, michaelis_menten, mass_action, blocked, steady",
        ),
        (
            "an unknown pool",
            file(r#""to": "lnug", "law": "linear", "parameter": "k""#),
            "UnknownName: transfer t: unknown pool 'lnug'; near names: lung, blood, liver",
        ),
        (
            "an unknown pool in a list",
            file(
                r#""to": "lung", "law": "mass_action", "parameter": "k", "other": ["lung", "livre"]"#,
            ),
            "UnknownName: transfer t: unknown pool 'livre'; near names: liver, lung, blood",
        ),
        (
            "an unknown parameter",
            file(
                r#""to": "lung", "law": "capacity", "parameter": "k", "occupant": "lung", "capacity": "cup""#,
            ),
            "UnknownName: transfer t: unknown parameter 'cup'; near names: cap, k",
        ),
    ]);
}

#[test]
fn files_that_are_no_networks() {
    let read = |text: &str| told(NetworkFile::from_json(text).and_then(|file| file.network()));
    check(&[
        (
            "cut off",
            read("{\"name\": \"n\",\n \"pools\": [\"a\""),
            "Json: not a network file: EOF while parsing a list at line 2 column 14 (line 2, column 14)",
        ),
        (
            "a word for a number",
            read("{\"name\": \"n\", \"pools\": [\"a\"],\n\"initial\": {\"a\": \"much\"}}"),
            "Json: not a network file: invalid type: string \"much\", expected f64 at line 2 column 23 (line 2, column 23)",
        ),
        (
            "no transfers",
            read("{\"name\": \"n\", \"pools\": [\"a\"], \"parameters\": {}}"),
            "Json: not a network file: missing field `transfers` at line 1 column 47 (line 1, column 47)",
        ),
        (
            "an amount for no pool",
            read(
                r#"{"name": "n", "pools": ["a"], "initial": {"a": 1, "aa": 1}, "parameters": {}, "transfers": []}"#,
            ),
            "UnknownName: initial: unknown pool 'aa'; near names: a",
        ),
        (
            "a negative amount",
            read(
                r#"{"name": "n", "pools": ["a"], "initial": {"a": -1}, "parameters": {}, "transfers": []}"#,
            ),
            "BadNumber: initial amount in a = -1 is not allowed: it must be finite and at least 0",
        ),
    ]);
    let with = |parts: &str| {
        let text = format!(
            r#"{{"name": "n", "pools": ["a", "b"], {parts},
"transfers": [{{"id": "t", "from": "a", "to": "b", "law": "linear", "parameter": "k"}}]}}"#
        );
        told(NetworkFile::from_json(&text).and_then(|file| file.network()))
    };
    check(&[
        (
            "an amount twice",
            with(r#""initial": {"a": 1, "a": 7}, "parameters": {"k": 1}"#),
            "Json: not a network file: the key 'a' stands twice at line 1 column 58 (line 1, column 58)",
        ),
        (
            "a parameter twice",
            with(r#""parameters": {"k": 1, "k": 5}"#),
            "Json: not a network file: the key 'k' stands twice at line 1 column 61 (line 1, column 61)",
        ),
        (
            "a field twice",
            with(r#""parameters": {"k": 1}, "parameters": {"k": 5}"#),
            "Json: not a network file: duplicate field `parameters` at line 1 column 71 (line 1, column 71)",
        ),
        (
            "a field of a transfer twice",
            file(r#""to": "lung", "to": "liver", "law": "linear", "parameter": "k""#),
            "Json: not a network file: duplicate field `to` at line 2 column 103 (line 2, column 103)",
        ),
        (
            "a number beyond all numbers",
            with(r#""parameters": {"k": 1e400}"#),
            "Json: not a network file: number out of range at line 1 column 60 (line 1, column 60)",
        ),
        (
            "nested without end",
            with(&format!(
                r#""parameters": {{"k": 1}}, "loop": {}"#,
                "[".repeat(100_000)
            )),
            "Json: not a network file: recursion limit exceeded at line 1 column 194 (line 1, column 194)",
        ),
    ]);
    let slip = file(r#""to": "lung", "law": "linear", "parametr": "k""#);
    assert!(
        slip.starts_with("Json: not a network file: unknown field `parametr`"),
        "{slip}"
    );
}

/// As editors of Windows write it.
#[test]
fn a_byte_order_mark_is_read_over() {
    let text = good().0.to_file(&[1.0]).to_json();
    let marked = NetworkFile::from_json(&format!("\u{feff}{text}")).unwrap();
    assert_eq!(marked, NetworkFile::from_json(&text).unwrap());
}

#[test]
fn times_that_cannot_be_run() {
    let network = good().0;
    let run = |times: &[f64]| {
        told(integrate(
            &network,
            &Schedule::new(),
            times,
            &Options::default(),
        ))
    };
    check(&[
        (
            "none",
            run(&[]),
            "BadTimes: output time number 0 is NaN h: output times must be at least one time",
        ),
        (
            "backwards",
            run(&[0.0, 2.0, 1.0]),
            "BadTimes: output time number 2 is 1 h: output times must be increasing, without repeats",
        ),
        (
            "twice",
            run(&[0.0, 2.0, 2.0]),
            "BadTimes: output time number 2 is 2 h: output times must be increasing, without repeats",
        ),
        (
            "negative",
            run(&[-1.0, 2.0]),
            "BadTimes: output time number 0 is -1 h: output times must be finite and at least 0",
        ),
        (
            "no number",
            run(&[0.0, f64::NAN]),
            "BadTimes: output time number 1 is NaN h: output times must be finite and at least 0",
        ),
        (
            "never",
            run(&[0.0, f64::INFINITY]),
            "BadTimes: output time number 1 is inf h: output times must be finite and at least 0",
        ),
    ]);
}

#[test]
fn options_that_cannot_be_used() {
    let network = good().0;
    let run =
        |options: &Options| told(integrate(&network, &Schedule::new(), &[0.0, 24.0], options));
    let rtol = |rtol| run(&Options::with_rtol(rtol));
    let atol = |atol| {
        run(&Options {
            atol: Some(atol),
            ..Options::default()
        })
    };
    let steps = |max_steps, rtol| {
        run(&Options {
            max_steps,
            ..Options::with_rtol(rtol)
        })
    };
    check(&[
        (
            "rtol 0",
            rtol(0.0),
            "BadOption: rtol = 0 is not allowed: it must be between 1e-13 and 0.1",
        ),
        (
            "rtol NaN",
            rtol(f64::NAN),
            "BadOption: rtol = NaN is not allowed: it must be between 1e-13 and 0.1",
        ),
        (
            "rtol 1",
            rtol(1.0),
            "BadOption: rtol = 1 is not allowed: it must be between 1e-13 and 0.1",
        ),
        (
            "atol negative",
            atol(-1.0),
            "BadOption: atol = -1 is not allowed: it must be finite and at least 0",
        ),
        (
            "atol infinite",
            atol(f64::INFINITY),
            "BadOption: atol = inf is not allowed: it must be finite and at least 0",
        ),
        (
            "no steps",
            steps(0, 1e-6),
            "BadOption: max_steps = 0 is not allowed: it must be at least 1",
        ),
    ]);
    let few = steps(3, 1e-9);
    assert!(
        few.starts_with("TooManySteps: 3 steps were not enough: "),
        "{few}"
    );
    assert!(
        few.contains(" h of 24 h reached, held up by pool '"),
        "{few}"
    );
    assert!(few.ends_with("raise max_steps or the tolerances"), "{few}");
    let overflow = {
        let mut network = network.clone();
        network.set("k", 1e308).unwrap();
        network.set_initial("a", 1e308).unwrap();
        told(integrate(
            &network,
            &Schedule::new(),
            &[1.0],
            &Options::default(),
        ))
    };
    assert!(
        overflow.starts_with("NotFinite: the rate of change of pool '"),
        "{overflow}"
    );
}

#[test]
fn events_that_cannot_happen() {
    let (network, a, b, k) = good();
    let mut other = Network::builder("other");
    let pool = (0..5).map(|i| other.pool(format!("o{i}"))).last().unwrap();
    let parameter = (0..5)
        .map(|i| other.parameter(format!("q{i}"), 1.0))
        .last()
        .unwrap();
    let at = |time| told(Schedule::new().at(time, vec![]).map(|_| ()));
    let run = |action| {
        let mut schedule = Schedule::new();
        schedule.at(1.0, vec![action]).unwrap();
        told(integrate(&network, &schedule, &[2.0], &Options::default()))
    };
    let amount = |amount| {
        run(Action::Move {
            from: a,
            to: b,
            amount: Amount::Fixed(amount),
        })
    };
    let foreign = "but the network has";
    let belong = "identifiers belong to the builder that gave them";
    check(&[
        (
            "before time began",
            at(-1.0),
            "BadNumber: event time (h) = -1 is not allowed: it must be finite and at least 0",
        ),
        (
            "at no time",
            at(f64::NAN),
            "BadNumber: event time (h) = NaN is not allowed: it must be finite and at least 0",
        ),
        (
            "a foreign pool",
            run(Action::Move {
                from: a,
                to: pool,
                amount: Amount::All,
            }),
            &format!("Network: transfer '(event)' uses pool number 4, {foreign} 2: {belong}"),
        ),
        (
            "a foreign parameter",
            run(Action::Set {
                parameter,
                value: 1.0,
            }),
            &format!("Network: transfer '(event)' uses parameter number 4, {foreign} 1: {belong}"),
        ),
        (
            "a negative rate",
            run(Action::Set {
                parameter: k,
                value: -1.0,
            }),
            "Network: parameter k = -1 is not allowed: it must be finite and at least 0",
        ),
        (
            "a negative amount",
            amount(-5.0),
            "Network: initial amount in event = -5 is not allowed: it must be finite and at least 0",
        ),
        (
            "no number",
            amount(f64::NAN),
            "Network: initial amount in event = NaN is not allowed: it must be finite and at least 0",
        ),
    ]);
}

#[test]
fn questions_without_an_answer() {
    let (linear, a, b, k) = good();
    let mut builder = Network::builder("saturable");
    let (c, d) = (builder.pool_with("c", 1.0), builder.pool("d"));
    let (vmax, km) = (builder.parameter("vmax", 1.0), builder.parameter("km", 1.0));
    let law = RateLaw::MichaelisMenten {
        constant: 1.0,
        vmax,
        km,
        competitors: vec![],
    };
    builder.transfer("uptake", c, d, law);
    let saturable = builder.build().unwrap();
    let mut builder = Network::builder("circle");
    assert_eq!(
        (
            builder.pool_with("a", 1.0),
            builder.pool("b"),
            builder.parameter("k", 1.0)
        ),
        (a, b, k)
    );
    builder.transfer("there", a, b, RateLaw::linear(k));
    builder.transfer("back", b, a, RateLaw::linear(k));
    let circle = builder.build().unwrap();
    let run = integrate(&linear, &Schedule::new(), &[1.0, 2.0], &Options::default()).unwrap();
    let options = Options {
        keep: Keep::Outputs,
        ..Options::default()
    };
    let sparse = integrate(&linear, &Schedule::new(), &[1.0, 2.0], &options).unwrap();
    let needs = "transfer 'uptake' follows the law 'michaelis_menten': this answer needs a linear network; switch saturation off";
    check(&[
        (
            "exact, saturable",
            told(exact(&saturable, &[1.0])),
            &format!("NotLinear: {needs}"),
        ),
        (
            "fate, saturable",
            told(Fate::new(&saturable, &[1.0, 0.0])),
            &format!("NotLinear: {needs}"),
        ),
        (
            "fate of the wrong length",
            told(Fate::new(&linear, &[1.0])),
            "Network: start has 1 values but the network needs 2",
        ),
        (
            "after the end",
            told(run.at(2.5)),
            "OutsideRun: 2.5 h is outside the run, which goes from 0 h to 2 h",
        ),
        (
            "before the start",
            told(run.at(-0.5)),
            "OutsideRun: -0.5 h is outside the run, which goes from 0 h to 2 h",
        ),
        (
            "at no time",
            told(run.at(f64::NAN)),
            "OutsideRun: NaN h is outside the run, which goes from 0 h to 2 h",
        ),
        (
            "between outputs, path thrown away",
            told(sparse.at(1.5)),
            "OutsideRun: 1.5 h is outside the run, which goes from 1 h to 2 h: only the requested times were kept; keep the path to ask for others",
        ),
    ]);
    let fate = told(Fate::new(&circle, &[1.0, 0.0]));
    let pools = ["a", "b"].map(|pool| {
        format!("NoFate: pool '{pool}' belongs to a circle that nothing leaves, so there is no final place; give it a way out")
    });
    assert!(pools.contains(&fate), "{fate}");
}

/// Errors can be matched on, not only read.
#[test]
fn errors_are_typed() {
    let error = integrate(&good().0, &Schedule::new(), &[], &Options::default()).unwrap_err();
    assert!(matches!(error, SolverError::BadTimes { index: 0, .. }));
    let error = Network::builder("empty").build().unwrap_err();
    assert_eq!(error, NetworkError::Empty);
    assert_eq!(
        SolverError::from(error.clone()),
        SolverError::Network(error)
    );
}
