//! Promise: wrong scenarios give a typed error that names field, value and what is allowed, all
//! faults at once; no number, however odd, makes a panic or a NaN.
//!
//! A table of lines holds what is written in a file and what must be said to it; other rows are
//! what was done, and the variants and the whole message that must come of it.
#![allow(clippy::unwrap_used, clippy::too_many_lines)] // a test here is a table

use std::fmt::{Debug, Display};

use biodist::assembly::AssemblyError;
use biodist::data::Parameters;
use biodist::organ::TissueModule;
use biodist::prelude::*;
use biodist::report::{claims, organ_table};
use biodist::scenario::{Change, Entry, ExtraOrgan, Repeat, ScenarioError};
use biodist::simulation::SimulationError;
use biodist::solver::{Keep, Options};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// The variants, outermost first, and the message of an error.
fn told<T, E: Debug + Display>(result: Result<T, E>) -> String {
    match result {
        Ok(_) => "no error".to_string(),
        Err(error) => {
            let debug = format!("{error:?}");
            let end = debug.find(|c: char| !c.is_alphanumeric() && c != '(');
            let variants = debug[..end.unwrap_or(debug.len())].replace('(', ".");
            format!("{variants}: {error}")
        }
    }
}

fn check(rows: &[(&str, String, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter(|(_, found, expected)| found != expected)
        .map(|(what, found, expected)| format!("{what}\n  says: {found}\n  must: {expected}"))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A scenario without a fault, with one key a line.
const GOOD: &str = r#"until = "1 d"
report = ["2 h", "3 h"]
size_classes = 1
saturation = true
parameters = { "lung.release" = 0.001 }
changes = [{ parameter = "lung.dilation", value = 1.3, from = "2 h", until = "3 h" }]
[host]
species = "mouse"
weight = "25 g"
organs = [{ name = "tumour", mass = "0.5 g", flow = "0.15 mL/min", vascular_fraction = 0.08 }]
[[doses]]
amount = "5e5 cells"
product = "mapc"
route = "arterial"
at = "1 h"
lag = "0 h"
over = "0 h"
lost = 0.1
repeat = { times = 2, every = "1 h" }"#;

/// The good scenario with a line in place of the one of the same key, or added to the dose.
fn spoilt(line: &str) -> String {
    let key = |line: &str| line.split(' ').next().map(str::to_string);
    let mut lines: Vec<&str> = GOOD.lines().collect();
    match lines.iter().position(|old| key(old) == key(line)) {
        Some(number) => lines[number] = line,
        None => lines.push(line),
    }
    lines.join("\n")
}

/// What the assembly says to a text, on one line: of many faults each after an `&`; of a text that
/// is no scenario the place and the reason, without the drawing between.
fn said(text: &str) -> String {
    let made = Scenario::from_toml(text).map_err(AssemblyError::from);
    let found = told(made.and_then(|scenario| scenario.assemble()));
    if let Some(reason) = found.strip_prefix("Scenario.Toml: not a scenario file: ") {
        let at = "TOML parse error at ";
        let place = reason.lines().next().unwrap().strip_prefix(at).unwrap();
        return format!("{place}: {}", reason.lines().last().unwrap());
    }
    let Some(faults) = found.strip_prefix("Scenario.Invalid: the scenario has ") else {
        return found;
    };
    let (count, list) = faults.split_once(" fault(s):\n  ").unwrap();
    let list: Vec<&str> = list.split("\n  ").collect();
    assert_eq!(count, list.len().to_string());
    list.join(" & ")
}

/// Each line of the table is a line of a file, an arrow and what must be said.
fn check_lines(table: &str) {
    for row in table.trim().lines() {
        let (line, expected) = row.split_once(" => ").unwrap();
        assert_eq!(said(&spoilt(line.trim())), expected.trim(), "{line}");
    }
}

#[test]
fn the_good_scenario_is_good() {
    assert_eq!(said(GOOD), "no error");
}

#[test]
fn numbers_of_the_whole_and_the_host() {
    for row in r#"
until = "0 h"
until = "-1 h"
until = "nan h"
until = "inf d"
report = ["2 h", "1 h"]
report = ["2 h", "2 h"]
report = ["2 h", "25 h"]
report = ["-1 h", "2 h"]
report = ["2 h", "nan h"]
size_classes = 0
size_classes = 65
weight = "0 g"
weight = "-25 g"
weight = "nan g"
weight = "inf kg"
species = "mosue"
"#
    .trim()
    .lines()
    {
        println!("ROW {row} => {}", said(&spoilt(row)));
    }
}

#[test]
fn organs_of_the_hosts_own() {
    for row in r#"
organs = [{ name = "tumour", mass = "0 g", flow = "0.15 mL/min", vascular_fraction = 0.08 }]
organs = [{ name = "tumour", mass = "nan g", flow = "0.15 mL/min", vascular_fraction = 0.08 }]
organs = [{ name = "tumour", mass = "30 g", flow = "0.15 mL/min", vascular_fraction = 0.08 }]
organs = [{ name = "tumour", mass = "20 g", flow = "0.15 mL/min", vascular_fraction = 0.08 }]
organs = [{ name = "tumour", mass = "0.5 g", flow = "0 mL/h", vascular_fraction = 0.08 }]
organs = [{ name = "tumour", mass = "0.5 g", flow = "-6 mL/h", vascular_fraction = 0.08 }]
organs = [{ name = "tumour", mass = "0.5 g", flow = "20 mL/min", vascular_fraction = 0.08 }]
organs = [{ name = "tumour", mass = "0.5 g", flow = "13 mL/min", vascular_fraction = 0.08 }]
organs = [{ name = "tumour", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0 }]
organs = [{ name = "tumour", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 1.0 }]
organs = [{ name = "tumour", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = nan }]
organs = [{ name = "tumour", mass = "2 g", flow = "9 mL/h", vascular_fraction = 0.9 }]
organs = [{ name = "", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }]
organs = [{ name = "left.lung", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }]
organs = [{ name = "my tumour", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }]
organs = [{ name = "venous", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }]
organs = [{ name = "outside", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }]
organs = [{ name = "lung", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }]
organs = [{ name = "joint", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }]
organs = [{ name = "tissue", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }]
organs = [{ name = "mapc", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }]
organs = [{ name = "renal_artery", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }]
organs = [{ name = "tumour", mass = "0.5 g", flow = "9 mL/h" }]
"#
    .trim()
    .lines()
    {
        println!("ROW {row} => {}", said(&spoilt(row)));
    }
}

#[test]
fn doses_that_cannot_be_given() {
    for row in r#"
amount = "0 cells"
amount = "-5e5 cells"
amount = "nan cells"
amount = "inf million cells"
amount = "0 cells/kg"
amount = "-2e6 cells/kg"
amount = "nan cells/kg"
amount = "inf cells/kg"
lost = -0.1
lost = 1.1
lost = nan
at = "25 h"
at = "24 h"
at = "23 h"
at = "-1 h"
at = "nan h"
lag = "-0.5 h"
lag = "nan h"
lag = "23 h"
over = "22.5 h"
over = "-1 h"
over = "nan h"
over = "inf h"
repeat = { times = 0, every = "1 h" }
repeat = { times = 10001, every = "1 s" }
repeat = { times = 24, every = "1 h" }
repeat = { times = 2, every = "0 h" }
repeat = { times = 2, every = "-0.5 h" }
repeat = { times = 2, every = "nan h" }
"#
    .trim()
    .lines()
    {
        println!("ROW {row} => {}", said(&spoilt(row)));
    }
}

#[test]
fn products_and_routes_that_cannot_be() {
    for row in r#"
product = "bone_marow_msc"
product = "cell"
product = { kind = "mapc", viability = 1.5 }
product = { kind = "mapc", viability = -0.5 }
product = { kind = "mapc", viability = nan }
product = { kind = "mapc", diameter = "0 um" }
product = { kind = "mapc", diameter = "inf um" }
product = { kind = "mapc", diameter_gsd = 0.9 }
product = { kind = "mapc", deformability = 0 }
product = { kind = "mapc", adhesiveness = 2 }
product = { kind = "mapc", receptor = -1 }
product = { kind = "mapc", death_factor = nan }
product = { kind = "mapc", release_factor = inf }
route = "intravenus"
route = { name = "mine" }
route = { name = "mine", entry = { artery = "lung" } }
route = { name = "mine", entry = { artery = "joint" } }
route = { name = "mine", entry = { artery = "tumor" } }
route = { name = "mine", entry = { depot = "hart" } }
"#
    .trim()
    .lines()
    {
        println!("ROW {row} => {}", said(&spoilt(row)));
    }
}

#[test]
fn parameters_and_changes_that_cannot_be() {
    for row in r#"
parameters = { "lung.relaese" = 0.1 }
parameters = { "wound.release" = 0.1 }
parameters = { release = 0.1 }
parameters = { "mapcs.viability" = 0.1 }
parameters = { "lung.flow_fraction" = 0.1 }
parameters = { "lung.release" = -0.1 }
parameters = { "lung.release" = nan }
parameters = { "lung.release" = inf }
parameters = { "lung.adhesion" = 1.01 }
parameters = { "lung.sieve_diameter" = 0 }
parameters = { "tissue.lodging_capacity" = 0 }
parameters = { "cell.diameter_gsd" = 0.5 }
parameters = { "body.blood_volume" = 0.5 }
parameters = { "body.portal_fraction" = 0.7 }
parameters = { "muscle.mass_fraction" = 0.9 }
changes = [{ parameter = "lung.dilatation", value = 1.3 }]
changes = [{ parameter = "lung.adhesion", value = 1.3 }]
changes = [{ parameter = "lung.dilation", value = nan }]
changes = [{ parameter = "lung.dilation", value = 1.3, from = "2 h", until = "1 h" }]
changes = [{ parameter = "lung.dilation", value = 1.3, from = "2 h", until = "2 h" }]
changes = [{ parameter = "lung.dilation", value = 1.3, from = "2 h", until = "nan h" }]
changes = [{ parameter = "lung.dilation", value = 1.3, from = "24 h" }]
changes = [{ parameter = "lung.dilation", value = 1.3, from = "30 h", until = "40 h" }]
changes = [{ parameter = "lung.dilation", value = 1.3, from = "-1 h" }]
changes = [{ parameter = "lung.dilation", value = 1.3, from = "nan h" }]
changes = [{ parameter = "brain.debris_extraction", value = 0.1, from = "2 h" }]
changes = [{ parameter = "liver.debris_extraction", value = 0, from = "2 h" }]
changes = [{ parameter = "cell.deformability", value = 0, from = "2 h" }]
changes = [{ parameter = "muscle.mass_fraction", value = 0.9, from = "2 h" }]
"#
    .trim()
    .lines()
    {
        println!("ROW {row} => {}", said(&spoilt(row)));
    }
}

#[test]
fn texts_that_are_no_scenarios() {
    for row in r#"
until = 24
until = "3 fortnights"
weight = "25 h"
at = "10min"
at = "ten min"
amount = "5e5 cell"
amount = "5e5 cell/kg"
lost = "0.1"
rout = "arterial"
product = { kind = "mapc", size = 15 }
product = { viability = 0.5 }
product = { kind = "mapc", diameter = 15 }
product = 3
route = { name = "x", entry = { vein = "heart" } }
route = { name = "x", entry = { blood = "lymph" } }
repeat = { times = 1.5, every = "1 h" }
repeat = { times = -2, every = "1 h" }
repeat = { times = 2 }
size_classes = -1
size_classes = 2.5
saturation = "off"
report = "1 h"
parameters = { "lung.release" = "0.1" }
parameters = { lung.release = 0.1 }
changes = [{ parameter = "lung.release" }]
species = 3
"#
    .trim()
    .lines()
    {
        println!("ROW {row} => {}", said(&spoilt(row)));
    }
}
