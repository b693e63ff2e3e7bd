//! Promise: wrong scenarios give a typed error that names field, value and what is allowed, all
//! faults at once; no number, however odd, makes a panic or a NaN.
//!
//! A table of lines holds what is written in a file and what must be said to it; other rows are
//! what was done, and the variants and the whole message that must come of it.
#![allow(clippy::unwrap_used, clippy::too_many_lines)] // a test here is a table

mod strategies;

use std::fmt::{Debug, Display};

use biodist::assembly::AssemblyError;
use biodist::data::Parameters;
use biodist::organ::TissueModule;
use biodist::prelude::*;
use biodist::report::{claims, organ_table};
use biodist::scenario::{Entry, ExtraOrgan, Repeat, ScenarioError};
use biodist::solver::{Keep, Options};
use proptest::prelude::*;
use strategies::config;

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

/// What was done, an arrow, and the whole of what must be said to it.
macro_rules! says {
    ($($done:expr => $expected:expr;)+) => { $(assert_eq!($done, $expected);)+ };
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
    check_lines(
        r#"
        until = "0 h" => until (h) = 0: must be greater than 0 & report[0] (h) = 2: must increase from 0 to 'until' & report[1] (h) = 3: must increase from 0 to 'until' & changes[0].from (h) = 2: must lie between 0 and 'until'
        until = "-1 h" => until (h) = -1: must be greater than 0 & report[0] (h) = 2: must increase from 0 to 'until' & report[1] (h) = 3: must increase from 0 to 'until' & changes[0].from (h) = 2: must lie between 0 and 'until'
        until = "1e6 h" => until (h) = 1000000: must be at most 876600 h, a hundred years
        until = "nan h" => until (h) = NaN: must be greater than 0 & report[0] (h) = 2: must increase from 0 to 'until' & report[1] (h) = 3: must increase from 0 to 'until' & changes[0].from (h) = 2: must lie between 0 and 'until'
        until = "inf d" => until (h) = inf: must be greater than 0
        report = ["2 h", "1 h"] => report[1] (h) = 1: must increase from 0 to 'until'
        report = ["2 h", "25 h"] => report[1] (h) = 25: must increase from 0 to 'until'
        report = ["-1 h", "2 h"] => report[0] (h) = -1: must increase from 0 to 'until'
        report = ["2 h", "nan h"] => report[1] (h) = NaN: must increase from 0 to 'until'
        size_classes = 0 => size_classes = 0: must be 1 to 64
        size_classes = 65 => size_classes = 65: must be 1 to 64
        weight = "0 g" => host.weight (g) = 0: must be greater than 0
        weight = "-25 g" => host.weight (g) = -25: must be greater than 0
        weight = "nan g" => host.weight (g) = NaN: must be greater than 0
        weight = "inf kg" => host.weight (g) = inf: must be greater than 0
        species = "mosue" => host.species = mosue: unknown species 'mosue'; near names: mouse, monkey, dog, pig, rat
        "#,
    );
}

#[test]
fn organs_of_the_hosts_own() {
    check_lines(
        r#"
        organs = [{ name = "tumour", mass = "0 g", flow = "0.15 mL/min", vascular_fraction = 0.08 }] => host.organs[0].mass (g) = 0: must be greater than 0
        organs = [{ name = "tumour", mass = "30 g", flow = "0.15 mL/min", vascular_fraction = 0.08 }] => host.organs[0].mass (g) = 30: must be less than the body weight, 25
        organs = [{ name = "tumour", mass = "20 g", flow = "0.15 mL/min", vascular_fraction = 0.08 }] => Physiology.DoesNotClose: organ masses do not close: the listed organs take 42.004999999999995 of 25 g, which leaves nothing for the rest of the body; lower one of them
        organs = [{ name = "tumour", mass = "0.5 g", flow = "0 mL/h", vascular_fraction = 0.08 }] => host.organs[0].flow (mL/h) = 0: must be greater than 0
        organs = [{ name = "tumour", mass = "0.5 g", flow = "-6 mL/h", vascular_fraction = 0.08 }] => host.organs[0].flow (mL/h) = -6: must be greater than 0
        organs = [{ name = "tumour", mass = "0.5 g", flow = "13 mL/min", vascular_fraction = 0.08 }] => Physiology.DoesNotClose: organ flows do not close: the listed organs take 1421.6652239999999 of 838.8000000000001 mL/h, which leaves nothing for the rest of the body; lower one of them
        organs = [{ name = "tumour", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0 }] => host.organs[0].vascular_fraction = 0: must lie between 0 and 1
        organs = [{ name = "tumour", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 1.0 }] => host.organs[0].vascular_fraction = 1: must lie between 0 and 1
        organs = [{ name = "tumour", mass = "2 g", flow = "9 mL/h", vascular_fraction = 0.9 }] => Physiology.BloodDoesNotFit: vascular volumes do not fit: the organs hold 2.68859965 mL of blood but the body has 1.8 mL; lower a vascular fraction or raise body.blood_volume
        organs = [{ name = "", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }] => host.organs[0].name = : must be a new word of letters, digits, '_' and '-', not the name of another organ
        organs = [{ name = "left.lung", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }] => host.organs[0].name = left.lung: must be a new word of letters, digits, '_' and '-', not the name of another organ
        organs = [{ name = "my tumour", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }] => host.organs[0].name = my tumour: must be a new word of letters, digits, '_' and '-', not the name of another organ
        organs = [{ name = "venous", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }] => host.organs[0].name = venous: must be a new word of letters, digits, '_' and '-', not the name of another organ
        organs = [{ name = "lung", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }] => host.organs[0].name = lung: is taken: the registry has a place, a product or a route of that name
        organs = [{ name = "tissue", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }] => host.organs[0].name = tissue: is taken: the registry has a place, a product or a route of that name
        organs = [{ name = "renal_artery", mass = "0.5 g", flow = "9 mL/h", vascular_fraction = 0.1 }] => host.organs[0].name = renal_artery: is taken: the registry has a place, a product or a route of that name
        organs = [{ name = "tumour", mass = "0.5 g", flow = "9 mL/h" }] => line 10, column 11: missing field `vascular_fraction`
        "#,
    );
}

#[test]
fn doses_that_cannot_be_given() {
    check_lines(
        r#"
        amount = "0 cells" => doses[0].amount (cells) = 0: must be at least 1e-6 in all
        amount = "-5e5 cells" => doses[0].amount (cells) = -500000: must be at least 1e-6 in all
        amount = "nan cells" => doses[0].amount (cells) = NaN: must be at least 1e-6 in all
        amount = "2e16 cells" => doses[0].amount (cells) = 2e16: must be at most 1e16 in all, more than a hundred men have
        amount = "0 cells/kg" => doses[0].amount (cells) = 0: must be at least 1e-6 in all
        amount = "-2e6 cells/kg" => doses[0].amount (cells) = -50000: must be at least 1e-6 in all
        amount = "nan cells/kg" => doses[0].amount (cells) = NaN: must be at least 1e-6 in all
        lost = -0.1 => doses[0].lost = -0.1: must be 0 to 1
        lost = 1.1 => doses[0].lost = 1.1: must be 0 to 1
        lost = nan => doses[0].lost = NaN: must be 0 to 1
        at = "25 h" => doses[0].at (h) = 25: the dose ends after 26 h: it must begin before and be given by 'until', 24 h
        at = "24 h" => doses[0].at (h) = 24: the dose ends after 25 h: it must begin before and be given by 'until', 24 h
        at = "23 h" => doses[0].repeat.times = 2: the dose ends after 24 h: it must begin before and be given by 'until', 24 h
        at = "-1 h" => doses[0].at (h) = -1: must be at least 0
        at = "nan h" => doses[0].at (h) = NaN: must be at least 0
        lag = "-0.5 h" => doses[0].lag (h) = -0.5: must be at least 0
        lag = "nan h" => doses[0].lag (h) = NaN: must be at least 0
        lag = "23 h" => doses[0].lag (h) = 23: the dose ends after 25 h: it must begin before and be given by 'until', 24 h
        over = "22.5 h" => doses[0].repeat.times = 2: the dose ends after 24.5 h: it must begin before and be given by 'until', 24 h
        over = "nan h" => doses[0].over (h) = NaN: must be 0 (a bolus) or at least 1 s
        over = "inf h" => doses[0].over (h) = inf: must be 0 (a bolus) or at least 1 s
        repeat = { times = 0, every = "1 h" } => doses[0].repeat.times = 0: must be 1 to 10000
        repeat = { times = 10001, every = "1 s" } => doses[0].repeat.times = 10001: must be 1 to 10000
        repeat = { times = 24, every = "1 h" } => doses[0].repeat.times = 24: the dose ends after 24 h: it must begin before and be given by 'until', 24 h
        repeat = { times = 2, every = "0 h" } => doses[0].repeat.every (h) = 0: must be greater than 0
        repeat = { times = 2, every = "-0.5 h" } => doses[0].repeat.every (h) = -0.5: must be greater than 0
        repeat = { times = 2, every = "nan h" } => doses[0].repeat.every (h) = NaN: must be greater than 0
        "#,
    );
}

#[test]
fn products_and_routes_that_cannot_be() {
    check_lines(
        r#"
        product = "bone_marow_msc" => doses[0].product = bone_marow_msc: unknown product 'bone_marow_msc'; near names: bone_marrow_msc, bone_marrow_mononuclear_cells, spheroid_msc, mouse_msc, rat_msc
        product = "cell" => doses[0].product = cell: unknown product 'cell'; near names: neural_stem_cells, bone_marrow_mononuclear_cells, mapc, rat_msc, mouse_msc
        product = { kind = "mapc", viability = 1.5 } => doses[0].product = 1.5: mapc.viability = 1.5 fraction is not allowed: it must be between 0 and 1
        product = { kind = "mapc", viability = nan } => doses[0].product = NaN: mapc.viability = NaN fraction is not allowed: it must be between 0 and 1
        product = { kind = "mapc", diameter = "0 um" } => doses[0].product = 0: mapc.diameter = 0 um is not allowed: it must be finite and greater than 0
        product = { kind = "mapc", diameter = "inf um" } => doses[0].product = inf: mapc.diameter = inf um is not allowed: it must be finite and greater than 0
        product = { kind = "mapc", diameter_gsd = 0.9 } => doses[0].product = 0.9: mapc.diameter_gsd = 0.9 1 is not allowed: it must be at least 1
        product = { kind = "mapc", deformability = 0 } => doses[0].product = 0: mapc.deformability = 0 1 is not allowed: it must be greater than 0
        product = { kind = "mapc", death_factor = nan } => doses[0].product = NaN: mapc.death_factor = NaN 1 is not allowed: it must be finite and at least 0
        product = { kind = "mapc", release_factor = inf } => doses[0].product = inf: mapc.release_factor = inf 1 is not allowed: it must be finite and at least 0
        route = "intravenus" => doses[0].route = intravenus: unknown route; near names: intravenous, intrasplenic, intracoronary, intramedullary, intramuscular
        route = { name = "mine" } => doses[0].route = mine: unknown route; near names: arterial, intravenous, portal_vein, renal_artery, intrasplenic
        route = { name = "mine", entry = { artery = "lung" } } => doses[0].route.entry = lung: the route leads to no such place; near names: bone, gut, liver, rest, skin
        route = { name = "mine", entry = { artery = "joint" } } => doses[0].route.entry = joint: the route leads to no such place; near names: bone, skin, brain, gut, heart
        route = { name = "mine", entry = { artery = "tumor" } } => doses[0].route.entry = tumor: the route leads to no such place; near names: tumour, gut, liver, bone, brain
        route = { name = "mine", entry = { depot = "hart" } } => doses[0].route.entry = hart: the route leads to no such place; near names: heart, gut, rest, bone, brain
        "#,
    );
}

#[test]
fn parameters_and_changes_that_cannot_be() {
    check_lines(
        r#"
        parameters = { "lung.relaese" = 0.1 } => parameters.lung.relaese = lung.relaese: unknown parameter 'lung.relaese'; near names: lung.release, lung.egress, bone.release, gut.release, lung.leak
        parameters = { "wound.release" = 0.1 } => parameters.wound.release = wound.release: unknown parameter 'wound.release'; near names: bone.release, joint.release, lung.release, gut.release, skin.release
        parameters = { release = 0.1 } => parameters.release = release: unknown parameter 'release'; near names: gut.release, bone.release, lung.release, rest.release, skin.release
        parameters = { "mapcs.viability" = 0.1 } => parameters.mapcs.viability = mapcs.viability: unknown parameter 'mapcs.viability'; near names: mapc.viability, rat_msc.viability, cell.viability, mouse_msc.viability, mapc.deformability
        parameters = { "lung.flow_fraction" = 0.1 } => parameters.lung.flow_fraction = lung.flow_fraction: unknown parameter 'lung.flow_fraction'; near names: bone.flow_fraction, gut.flow_fraction, liver.flow_fraction, lung.contraction, lung.mass_fraction
        parameters = { "lung.release" = -0.1 } => parameters.lung.release = -0.1: lung.release = -0.1 1/h is not allowed: it must be finite and at least 0
        parameters = { "lung.release" = nan } => parameters.lung.release = NaN: lung.release = NaN 1/h is not allowed: it must be finite and at least 0
        parameters = { "lung.release" = inf } => parameters.lung.release = inf: lung.release = inf 1/h is not allowed: it must be finite and at least 0
        parameters = { "lung.adhesion" = 1.01 } => parameters.lung.adhesion = 1.01: lung.adhesion = 1.01 fraction is not allowed: it must be between 0 and 1
        parameters = { "lung.sieve_diameter" = 0 } => parameters.lung.sieve_diameter = 0: lung.sieve_diameter = 0 um is not allowed: it must be finite and greater than 0
        parameters = { "cell.diameter_gsd" = 0.5 } => doses[0].product = 0.5: mapc.diameter_gsd = 0.5 1 is not allowed: it must be at least 1
        parameters = { "body.blood_volume" = 0.5 } => Physiology.BloodDoesNotFit: vascular volumes do not fit: the organs hold 0.96395465 mL of blood but the body has 0.5 mL; lower a vascular fraction or raise body.blood_volume
        parameters = { "body.portal_fraction" = 0.7 } => Physiology.DoesNotClose: arterial and portal blood volumes do not close: the listed organs take 0.85126137537 of 0.83604535 mL, which leaves nothing for the rest of the body; lower one of them
        parameters = { "muscle.mass_fraction" = 0.9 } => Physiology.DoesNotClose: organ masses do not close: the listed organs take 35.405 of 25 g, which leaves nothing for the rest of the body; lower one of them
        changes = [{ parameter = "lung.dilatation", value = 1.3 }] => changes[0] = lung.dilatation: unknown parameter 'lung.dilatation'; near names: lung.dilation, bone.dilation, gut.dilation, lung.ingestion, lung.mobilisation
        changes = [{ parameter = "lung.adhesion", value = 1.3 }] => changes[0] = 1.3: lung.adhesion = 1.3 fraction is not allowed: it must be between 0 and 1
        changes = [{ parameter = "lung.dilation", value = nan }] => changes[0] = NaN: lung.dilation = NaN 1 is not allowed: it must be finite and at least 0
        changes = [{ parameter = "lung.dilation", value = 1.3, from = "2 h", until = "1 h" }] => changes[0].until (h) = 1: must be later than 'from'
        changes = [{ parameter = "lung.dilation", value = 1.3, from = "2 h", until = "2 h" }] => changes[0].until (h) = 2: must be later than 'from'
        changes = [{ parameter = "lung.dilation", value = 1.3, from = "2 h", until = "nan h" }] => changes[0].until (h) = NaN: must be later than 'from'
        changes = [{ parameter = "lung.dilation", value = 1.3, from = "24 h" }] => changes[0].from (h) = 24: must lie between 0 and 'until'
        changes = [{ parameter = "lung.dilation", value = 1.3, from = "30 h", until = "40 h" }] => changes[0].from (h) = 30: must lie between 0 and 'until'
        changes = [{ parameter = "lung.dilation", value = 1.3, from = "-1 h" }] => changes[0].from (h) = -1: must lie between 0 and 'until'
        changes = [{ parameter = "brain.debris_extraction", value = 0.1, from = "2 h" }] => ShapeChanges: the changes that hold at 2 h make a network of another shape; a change may only alter numbers
        changes = [{ parameter = "liver.debris_extraction", value = 0, from = "2 h" }] => ShapeChanges: the changes that hold at 2 h make a network of another shape; a change may only alter numbers
        changes = [{ parameter = "cell.deformability", value = 0, from = "2 h" }] => Scenario.Data.OutOfRange: mapc.deformability = 0 1 is not allowed: it must be greater than 0
        changes = [{ parameter = "muscle.mass_fraction", value = 0.9, from = "2 h" }] => Physiology.DoesNotClose: organ masses do not close: the listed organs take 35.405 of 25 g, which leaves nothing for the rest of the body; lower one of them
        "#,
    );
}

#[test]
fn texts_that_are_no_scenarios() {
    check_lines(
        r#"
        until = 24 => line 1, column 9: invalid type: integer `24`, expected a string
        until = "3 fortnights" => line 1, column 9: '3 fortnights' is not a time: write a number and one of the units h, s, min, d
        weight = "25 h" => line 9, column 10: '25 h' is not a mass: write a number and one of the units g, mg, kg
        at = "10min" => line 15, column 6: '10min' is not a time: write a number and one of the units h, s, min, d
        amount = "5e5 cell" => line 12, column 10: '5e5 cell' is not a number of cells: write a number and one of the units cells, million cells
        lost = "0.1" => line 18, column 8: invalid type: string "0.1", expected f64
        rout = "arterial" => line 20, column 1: unknown field `rout`, expected one of `amount`, `product`, `route`, `at`, `lag`, `over`, `lost`, `repeat`
        product = { kind = "mapc", size = 15 } => line 13, column 28: unknown field `size`, expected one of `kind`, `diameter`, `diameter_gsd`, `viability`, `adhesiveness`, `deformability`, `receptor`, `death_factor`, `release_factor`, `passage`, `preparations`, `matching`
        product = { viability = 0.5 } => line 13, column 11: missing field `kind`
        product = { kind = "mapc", diameter = 15 } => line 13, column 39: invalid type: integer `15`, expected a string
        product = 3 => line 13, column 11: invalid type: integer `3`, expected a name or a table
        route = { name = "x", entry = { vein = "heart" } } => line 14, column 33: unknown variant `vein`, expected one of `blood`, `artery`, `depot`, `niche`
        route = { name = "x", entry = { blood = "lymph" } } => line 14, column 41: unknown variant `lymph`, expected one of `venous`, `arterial`, `portal`
        repeat = { times = 1.5, every = "1 h" } => line 19, column 20: invalid type: floating point `1.5`, expected u32
        repeat = { times = -2, every = "1 h" } => line 19, column 20: invalid value: integer `-2`, expected u32
        repeat = { times = 2 } => line 19, column 10: missing field `every`
        size_classes = -1 => line 3, column 16: invalid value: integer `-1`, expected usize
        saturation = "off" => line 4, column 14: invalid type: string "off", expected a boolean
        report = "1 h" => line 2, column 10: invalid type: string "1 h", expected a sequence
        parameters = { "lung.release" = "0.1" } => line 5, column 33: invalid type: string "0.1", expected f64
        parameters = { lung.release = 0.1 } => line 5, column 16: invalid type: map, expected f64
        changes = [{ parameter = "lung.release" }] => line 6, column 12: missing field `value`
        "#,
    );
}

/// Half a million MSC into the vein of a mouse for a day, made wrong.
fn made(spoil: impl Fn(&mut Scenario)) -> Scenario {
    let dose = Dose::new(5e5.cells(), Product::bone_marrow_msc());
    let mut scenario = Scenario::new(Host::mouse(25.g())).dose(dose);
    scenario.until = 1.days();
    spoil(&mut scenario);
    scenario
}

/// What the whole way to a run says.
fn refused(spoil: impl Fn(&mut Scenario)) -> String {
    told(made(spoil).simulate())
}

#[test]
fn builders_are_checked_as_files_are() {
    let one = "Assembly.Scenario.Invalid: the scenario has 1 fault(s):\n ";
    let dose = |spoil: &dyn Fn(Dose) -> Dose| {
        refused(|scenario| scenario.doses[0] = spoil(scenario.doses[0].clone()))
    };
    says! {
        refused(|scenario| scenario.doses.clear()) => format!("{one} doses = none: must hold at least one dose");
        dose(&|dose| dose.at(23.hours()).over(2.hours())) =>
            format!("{one} doses[0].over (h) = 2: the dose ends after 25 h: it must begin before and be given by 'until', 24 h");
        dose(&|dose| dose.at(24.hours())) =>
            format!("{one} doses[0].at (h) = 24: the dose ends after 24 h: it must begin before and be given by 'until', 24 h");
        dose(&|dose| dose.losing(1.5)) => format!("{one} doses[0].lost = 1.5: must be 0 to 1");
        dose(&|dose| dose.by(Route::new("mine", Entry::Artery(Organ::LUNG)))) =>
            format!("{one} doses[0].route.entry = lung: the route leads to no such place; near names: bone, gut, liver, rest, skin");
        refused(|scenario| {
            let organ = ExtraOrgan::new("tumour", 0.5.g(), 0.15.ml_per_min());
            scenario.host.organs = vec![organ.clone(), organ];
        }) =>
            format!("{one} host.organs[1].name = tumour: must be a new word of letters, digits, '_' and '-', not the name of another organ");
        told(made(|_| ()).assemble_with(&[&TissueModule(Organ::new("tumour"))])) =>
            "Wiring.NoSuchOrgan: there is a module for 'tumour' but the host has no such organ; add it with Host::with_organ";
    }
}

/// What the scenario lets through is refused by the layer that meets it, in the words of that layer.
#[test]
fn later_layers_refuse_too() {
    let with = |id: &str, value| refused(|scenario| *scenario = scenario.clone().with(id, value));
    let dose = |spoil: &dyn Fn(Dose) -> Dose| {
        refused(|scenario| scenario.doses[0] = spoil(scenario.doses[0].clone()))
    };
    says! {
        with("brain.vascular_fraction", 0.0) =>
            "Assembly.Network.BadNumber: parameter brain.outflow.rate = inf is not allowed: it must be finite and at least 0";
        with("brain.mass_fraction", 0.0) =>
            "Assembly.Network.BadNumber: parameter brain.room_from_arterial = 0 is not allowed: it must be finite and greater than 0";
        with("body.arterial_fraction", 0.0) =>
            "Assembly.Network.BadNumber: parameter heart.passing_from_arterial.rate = inf is not allowed: it must be finite and at least 0";
        dose(&|dose| dose.at(1e308.hours()).lagging(1e308.hours())) =>
            "Assembly.Network.BadNumber: event time (h) = inf is not allowed: it must be finite and at least 0";
    }
}

#[test]
fn faults_come_all_at_once() {
    let found = said(
        &r#"until = "0 h"
        report = ["1 h"]
        size_classes = 0
        parameters = { "lung.relaese" = 1, "lung.adhesion" = -1 }
        changes = [{ parameter = "lung", value = 1, from = "5 h", until = "4 h" }]
        host = { species = "mouse", organs = [{ name = "my lung", mass = "0 g", flow = "6 mL/h", vascular_fraction = 1 }] }
        [[doses]]
        amount = "0 cells"
        product = "msc"
        route = "iv"
        lag = "-1 h"
        lost = 2
        [[doses]]
        amount = "1 cells"
        product = { kind = "mapc", viability = 7 }
        route = { name = "mine", entry = { depot = "hand" } }
        repeat = { times = 2, every = "0 h" }"#
            .replace("\n        ", "\n"),
    );
    let expected = "until (h) = 0: must be greater than 0
        report[0] (h) = 1: must increase from 0 to 'until'
        size_classes = 0: must be 1 to 64
        changes[0].from (h) = 5: must lie between 0 and 'until'
        changes[0].until (h) = 4: must be later than 'from'
        host.organs[0].mass (g) = 0: must be greater than 0
        host.organs[0].vascular_fraction = 1: must lie between 0 and 1
        host.organs[0].name = my lung: must be a new word of letters, digits, '_' and '-', not the name of another organ
        doses[0].amount (cells) = 0: must be at least 1e-6 in all
        doses[0].lag (h) = -1: must be at least 0
        doses[0].lost = 2: must be 0 to 1
        doses[0].route = iv: unknown route; near names: intravenous, intrasplenic, intracoronary, intramuscular, intra_articular
        doses[1].repeat.every (h) = 0: must be greater than 0
        doses[1].route.entry = hand: the route leads to no such place; near names: bone, heart, lung, brain, gut
        parameters.lung.adhesion = -1: lung.adhesion = -1 fraction is not allowed: it must be between 0 and 1
        parameters.lung.relaese = lung.relaese: unknown parameter 'lung.relaese'; near names: lung.release, lung.egress, my lung.release, bone.release, gut.release
        doses[0].product = msc: unknown product 'msc'; near names: rat_msc, mouse_msc, adipose_msc, spheroid_msc, bone_marrow_msc
        doses[1].product = 7: mapc.viability = 7 fraction is not allowed: it must be between 0 and 1
        changes[0] = lung: unknown parameter 'lung'; near names: lung.adhesion, lung.anchoring, lung.artery_transit, lung.chemokine, lung.chemokine_half";
    let expected: Vec<&str> = expected.lines().map(str::trim).collect();
    let found: Vec<&str> = found.split(" & ").collect();
    assert_eq!(found, expected);
}

#[test]
fn texts_that_lack_a_part_or_are_not_toml() {
    let host = "until = \"1 d\"\n[host]\nspecies = \"rat\"\n";
    says! {
        said("") => "line 1, column 1: missing field `until`";
        said("until = \"1 d\"") => "line 1, column 1: missing field `host`";
        said(host) => "doses = none: must hold at least one dose";
        said(&format!("{host}[[doses]]\namount = \"1 cells\"\nproduct = \"mapc\"")) => "line 4, column 1: missing field `route`";
        said("until: 1 d") => "line 1, column 8: key with no value, expected `=`";
        said(&format!("horizon = \"1 d\"\n{host}")) =>
            "line 1, column 1: unknown field `horizon`, expected one of `title`, `until`, `report`, `size_classes`, `saturation`, `host`, `doses`, `labels`, `response`, `parameters`, `spreads`, `correlations`, `changes`";
        said(&format!("{host}age = 3")) =>
            "line 4, column 1: unknown field `age`, expected one of `species`, `weight`, `organs`, `conditions`";
        told(Scenario::from_toml("until = 24")) =>
            "Toml: not a scenario file: TOML parse error at line 1, column 9\n  |\n1 | until = 24\n  |         ^^\ninvalid type: integer `24`, expected a string";
    }
}

#[test]
fn questions_that_a_run_cannot_answer() {
    let scenario = made(|_| ());
    let run = scenario.simulate().unwrap();
    let options = Options {
        keep: Keep::Outputs,
        ..Options::default()
    };
    let sparse = scenario.simulate_with(&options).unwrap();
    let span = "is outside the run, which goes from 0 h to 24 h";
    says! {
        told(run.viable(Organ::new("lnug"))) => "UnknownPlace: the run has no place 'lnug'; near names: lung, gut, bone, liver, rest";
        told(run.remains(Organ::new("tumour"))) => "UnknownPlace: the run has no place 'tumour'; near names: venous, bone, gut, liver, lung";
        told(run.kinetics(Organ::JOINT, &State::VIABLE)) => "UnknownPlace: the run has no place 'joint'; near names: bone, skin, brain, gut, heart";
        told(sparse.kinetics(Organ::LUNG, &State::VIABLE)) => "NoPath: kinetics need the whole path: run with Keep::Path";
        told(run.ledger(25.hours())) => format!("OutsideRun: 25 h {span}");
        told(run.ledger((-1).hours())) => format!("OutsideRun: -1 h {span}");
        told(run.ledger(f64::NAN.hours())) => format!("OutsideRun: NaN h {span}");
        told(sparse.ledger(1.2345.hours())) =>
            format!("OutsideRun: 1.2345 h {span}: only the requested times were kept; keep the path to ask for others");
        told(organ_table(&run, &[1.days(), 2.days()])) => format!("Solver.OutsideRun: 48 h {span}");
        told(claims(&run, 1.hours())) => format!("OutsideRun: 25 h {span}");
        told(run.model.fate()) =>
            "Solver.NotLinear: transfer 'lung.lodging_from_venous' follows the law 'capacity': this answer needs a linear network; switch saturation off";
        told(scenario.simulate_with(&Options::with_rtol(0.0))) =>
            "Solver.BadOption: rtol = 0 is not allowed: it must be between 1e-13 and 0.1";
    }
}

/// Errors can be matched on, not only read.
#[test]
fn errors_are_typed() {
    let error = made(|scenario| scenario.until = 0.hours()).assemble();
    let Err(AssemblyError::Scenario(ScenarioError::Invalid { faults })) = error else {
        unreachable!();
    };
    assert_eq!((&*faults[0].field, &*faults[0].value), ("until (h)", "0"));
    let Err(ScenarioError::Toml { offset, .. }) = Scenario::from_toml("until = 24") else {
        unreachable!();
    };
    assert_eq!(offset, Some("until = ".len()));
}

/// Numbers that break arithmetic, and some that do not.
const ODD: [f64; 17] = [
    NAN, INF, -INF, -1.0, -0.0, 0.0, 5e-324, 1e-300, 1e-30, 1e-6, 0.5, 1.0, 3.0, 1e6, 1e30, 1e300,
    MAX,
];
const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;
const MAX: f64 = f64::MAX;

/// A small scenario with something in every numeric field.
fn full() -> Scenario {
    let organ = ExtraOrgan::new("tumour", 0.5.g(), 0.15.ml_per_min());
    let into = Route::new("intratumoural", Entry::Depot(Organ::new("tumour")));
    let product = Product::new("mouse_msc");
    let infusion = Dose::new(5e5.cells(), product.clone())
        .at(0.1.hours())
        .lagging(0.1.hours())
        .over(0.2.hours());
    let boluses = Dose::new(1e6.cells_per_kg(), product)
        .by(into)
        .losing(0.1)
        .repeated(2, 0.5.hours());
    Scenario::new(Host::mouse(25.g()).with_organ(organ))
        .dose(infusion)
        .dose(boluses)
        .report_at([0.1.hours(), 1.hours()])
        .changing("lung.dilation", 1.3, 0.2.hours(), 0.7.hours())
        .until(2.hours())
}

/// How many numeric fields a scenario has besides its parameters.
const FIELDS: usize = 26;

/// Puts a number into one of the numeric fields; after the last come the parameters by id.
fn put(scenario: &mut Scenario, field: usize, x: f64, ids: &[String]) {
    let (time, times) = (Time::new(x), x.clamp(0.0, 1e3) as u32);
    let repeat = |times, every| Some(Repeat { times, every });
    let (infusion, boluses) = scenario.doses.split_at_mut(1);
    let (infusion, boluses) = (&mut infusion[0], &mut boluses[0]);
    let (organ, change) = (&mut scenario.host.organs[0], &mut scenario.changes[0]);
    let product = &mut infusion.product;
    match field {
        0 => scenario.until = time,
        1 => scenario.report[0] = time,
        2 => scenario.host.weight = Some(x.g()),
        3 => scenario.size_classes = times as usize,
        4 => organ.mass = x.g(),
        5 => organ.flow = Flow::new(x),
        6 => organ.vascular_fraction = x,
        7 => infusion.amount = x.cells().into(),
        8 => boluses.amount = x.cells_per_kg().into(),
        9 => infusion.at = time,
        10 => infusion.lag = time,
        11 => infusion.over = time,
        12 => boluses.lost = x,
        13 => boluses.repeat = repeat(times, 0.5.hours()),
        14 => boluses.repeat = repeat(2, time),
        15 => product.diameter = Some(x.um()),
        16 => product.diameter_gsd = Some(x),
        17 => product.viability = Some(x),
        18 => product.adhesiveness = Some(x),
        19 => product.deformability = Some(x),
        20 => product.receptor = Some(x),
        21 => product.death_factor = Some(x),
        22 => product.release_factor = Some(x),
        23 => change.value = x,
        24 => change.from = time,
        25 => change.until = Some(time),
        _ => drop(scenario.parameters.insert(ids[field - FIELDS].clone(), x)),
    }
}

/// The ids of every parameter that a mouse has.
fn ids() -> Vec<String> {
    let parameters = Parameters::for_host("mouse", None).unwrap();
    parameters.rows().map(|row| row.id.clone()).collect()
}

/// Simulates; an error is an answer, but numbers that are none and cells that are lost are not.
fn sound(scenario: &Scenario) -> Result<(), String> {
    let options = Options {
        max_steps: 4_000,
        ..Options::default()
    };
    let Ok(run) = scenario.simulate_with(&options) else {
        return Ok(());
    };
    let lung = run.kinetics(Organ::LUNG, &State::VIABLE).unwrap();
    let optional = [lung.mrt, lung.half_life].map(|value| value.unwrap_or(0.0));
    let looked = [lung.cmax, lung.tmax, lung.auc].into_iter().chain(optional);
    let amounts = run.trajectory.states().flatten().copied();
    if amounts.chain(looked).any(f64::is_nan) {
        return Err("a number of the run is NaN".to_string());
    }
    for time in run.trajectory.times() {
        let residual = run.ledger(Time::new(*time)).unwrap().residual;
        if residual.is_nan() || residual.abs() >= 1e-10 {
            return Err(format!("residual {residual:e} at {time} h"));
        }
    }
    Ok(())
}

/// One field after the other, with every odd number.
#[test]
fn no_number_in_any_field_does_harm() {
    for field in 0..FIELDS {
        for x in ODD {
            let mut scenario = full();
            put(&mut scenario, field, x, &[]);
            assert_eq!(sound(&scenario), Ok(()), "field {field}, {x:e}");
        }
    }
}

proptest! {
    #![proptest_config(config(256))]

    /// Several fields and parameters at once.
    #[test]
    fn random_numbers_do_no_harm(
        saturation: bool,
        spoils in prop::collection::vec((0..1_000_usize, prop_oneof![
            prop::sample::select(&ODD[..]),
            (-6.0..6.0).prop_map(|exponent| 10.0_f64.powf(exponent)),
            0.0..1.0,
        ]), 1..4),
    ) {
        let ids = ids();
        let mut scenario = full();
        scenario.saturation = saturation;
        for (field, x) in &spoils {
            put(&mut scenario, field % (FIELDS + ids.len()), *x, &ids);
        }
        prop_assert_eq!(sound(&scenario), Ok(()), "{:?}", spoils);
    }
}
