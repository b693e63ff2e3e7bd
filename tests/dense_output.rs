//! Promise: between steps the path is as accurate as at their ends, within the factor of `docs/solver.md`.
#![allow(clippy::unwrap_used)] // a test may fail loudly

use biodist::network::{Network, NetworkFile, Schedule};
use biodist::solver::{Keep, Method, Options, exact, integrate};

/// The factor that `docs/solver.md` gives.
const FACTOR: f64 = 5.0;
/// Ends with errors below this share of the tolerance count as having so much.
const SHARE: f64 = 0.05;
/// Where inside a step, as a share of its length.
const INSIDE: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];

/// A bed with limited room, a saturable uptake and growth, none of them stiff.
fn networks() -> Vec<Network> {
    let bed = r#"{
        "name": "bed", "pools": ["blood", "lodged", "remains"], "initial": {"blood": 1500},
        "parameters": {"turnover": 20, "room": 1000, "release": 0.5, "death": 0.13},
        "transfers": [
            {"id": "1", "from": "blood", "to": "lodged", "law": "capacity",
             "parameter": "turnover", "occupant": "lodged", "capacity": "room"},
            {"id": "2", "from": "lodged", "to": "blood", "law": "linear", "parameter": "release"},
            {"id": "3", "from": "lodged", "to": "remains", "law": "linear", "parameter": "death"}
        ]}"#;
    let uptake = r#"{
        "name": "uptake", "pools": ["a", "b", "c"], "initial": {"a": 1000, "b": 100},
        "parameters": {"v": 400, "k": 50, "p": 3, "h": 20},
        "transfers": [
            {"id": "1", "from": "a", "to": "b", "law": "michaelis_menten", "vmax": "v", "km": "k"},
            {"id": "2", "from": "b", "to": "c", "law": "blocked", "parameter": "p", "half": "h", "load": ["b", "c"]}
        ]}"#;
    let growth = r#"{
        "name": "growth", "pools": ["food", "cells", "hunters", "dead"],
        "initial": {"food": 10000, "cells": 10, "hunters": 5},
        "parameters": {"g": 2e-4, "e": 3e-4, "d": 0.3, "r": 0.2},
        "transfers": [
            {"id": "1", "from": "food", "to": "cells", "law": "mass_action", "parameter": "g", "other": "cells"},
            {"id": "2", "from": "cells", "to": "hunters", "law": "mass_action", "parameter": "e", "other": "hunters"},
            {"id": "3", "from": "hunters", "to": "dead", "law": "linear", "parameter": "d"},
            {"id": "4", "from": "dead", "to": "food", "law": "linear", "parameter": "r"}
        ]}"#;
    [bed, uptake, growth]
        .map(|text| NetworkFile::from_json(text).unwrap().network().unwrap())
        .to_vec()
}

/// Rates over six decades, as in a circulation.
fn stiff() -> Network {
    let text = r#"{
        "name": "stiff", "pools": ["venous", "lung", "lodged", "debris", "gone"], "initial": {"venous": 1e6},
        "parameters": {"flow": 5000, "arrest": 300, "release": 0.05, "death": 0.02, "leave": 0.003},
        "transfers": [
            {"id": "1", "from": "venous", "to": "lung", "law": "linear", "parameter": "flow"},
            {"id": "2", "from": "lung", "to": "venous", "law": "linear", "parameter": "flow"},
            {"id": "3", "from": "lung", "to": "lodged", "law": "linear", "parameter": "arrest"},
            {"id": "4", "from": "lodged", "to": "lung", "law": "linear", "parameter": "release"},
            {"id": "5", "from": "lodged", "to": "debris", "law": "linear", "parameter": "death"},
            {"id": "6", "from": "debris", "to": "gone", "law": "linear", "parameter": "leave"}
        ]}"#;
    NetworkFile::from_json(text).unwrap().network().unwrap()
}

const END: f64 = 40.0;

/// The amounts of a network at some times, by a program that has no code in common with the steps.
type Judge = fn(&Network, &[f64]) -> Vec<Vec<f64>>;

/// The explicit method, which stops at every time that is asked for.
fn by_the_explicit_method(network: &Network, times: &[f64]) -> Vec<Vec<f64>> {
    let strict = Options {
        method: Method::Dop853,
        keep: Keep::Outputs,
        atol: Some(1e-12),
        ..Options::with_rtol(1e-13)
    };
    let run = integrate(network, &Schedule::new(), times, &strict).unwrap();
    run.states().map(<[f64]>::to_vec).collect()
}

/// The matrix exponential.
fn by_the_matrix_exponential(network: &Network, times: &[f64]) -> Vec<Vec<f64>> {
    exact(network, times).unwrap()
}

/// The largest errors at the ends of steps and inside them, as a share of what each pool ever holds.
fn errors(network: &Network, rtol: f64, judge: Judge) -> [f64; 2] {
    let run = integrate(network, &Schedule::new(), &[END], &Options::with_rtol(rtol)).unwrap();
    let mut looks = vec![];
    for piece in 0..run.pieces() {
        let (start, length) = run.piece_span(piece);
        looks.extend(INSIDE.map(|share| (start + share * length, 1)));
        looks.push(((start + length).min(END), 0));
    }
    let times: Vec<f64> = looks.iter().map(|(time, _)| *time).collect();
    let right = judge(network, &times);
    let most = |pool: usize| right.iter().map(|state| state[pool]).fold(0.0, f64::max);
    let held: Vec<f64> = (0..network.pools().len()).map(most).collect();
    let mut errors = [0.0_f64; 2];
    for ((time, place), right) in looks.iter().zip(&right) {
        let found = run.at(*time).unwrap();
        for (pool, held) in held.iter().enumerate() {
            let error = (found[pool] - right[pool]).abs() / held;
            errors[*place] = errors[*place].max(error);
        }
    }
    errors
}

fn inside_is_as_good_as_the_ends(network: &Network, judge: Judge) {
    for rtol in [1e-3, 1e-4, 1e-6, 1e-8] {
        let [ends, inside] = errors(network, rtol, judge);
        let name = network.name();
        println!("{name} at {rtol:e}: {ends:.1e} at ends, {inside:.1e} inside");
        assert!(ends > 1e-12, "the steps have no error to compare with");
        assert!(
            inside <= FACTOR * ends.max(SHARE * rtol),
            "{name}: {:.1} times",
            inside / ends
        );
    }
}

#[test]
fn nonlinear_networks_keep_to_the_documented_factor() {
    for network in networks() {
        inside_is_as_good_as_the_ends(&network, by_the_explicit_method);
    }
}

#[test]
fn a_stiff_network_keeps_to_the_documented_factor() {
    inside_is_as_good_as_the_ends(&stiff(), by_the_matrix_exponential);
}
