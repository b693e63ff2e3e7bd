//! Promise: wrong scenarios give a typed error that names field, value and what is allowed, all
//! faults at once; no number, however odd, makes a panic or a NaN.
//!
//! Each row is what was done, and the variant and the whole message that must come of it.
#![allow(clippy::unwrap_used, clippy::too_many_lines)] // a test here is a table

use std::fmt::{Debug, Display};

use biodist::Run;
use biodist::organ::Lung;
use biodist::prelude::*;
use biodist::scenario::{Change, Entry, ExtraOrgan};
use biodist::solver::{Keep, Options};
use proptest::prelude::*;

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;

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
    let mut wrong = vec![];
    for (what, found, expected) in rows {
        if found != expected {
            wrong.push(format!("== {what}\n{found}\n"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Half a million MSC into the vein of a mouse, made wrong.
fn spoilt(spoil: impl Fn(&mut Scenario)) -> Scenario {
    let dose = Dose::new(5e5.cells(), Product::bone_marrow_msc());
    let mut scenario = Scenario::new(Host::mouse(25.g()))
        .dose(dose)
        .until(24.hours());
    spoil(&mut scenario);
    scenario
}

/// What the assembly says to a scenario made wrong.
fn made(spoil: impl Fn(&mut Scenario)) -> String {
    told(spoilt(spoil).assemble())
}

/// As [`made`], without the head of a message that lists one fault.
fn fault(spoil: impl Fn(&mut Scenario)) -> String {
    let found = made(spoil);
    let head = "Scenario.Invalid: the scenario has 1 fault(s):\n  ";
    found.strip_prefix(head).unwrap_or(&found).to_string()
}

fn dose(spoil: impl Fn(Dose) -> Dose) -> String {
    fault(|scenario| scenario.doses[0] = spoil(scenario.doses[0].clone()))
}

fn product(spoil: impl Fn(Product) -> Product) -> String {
    dose(|mut dose| {
        dose.product = spoil(dose.product);
        dose
    })
}

fn change(parameter: &str, value: f64, from: f64, until: Option<f64>) -> String {
    fault(|scenario| {
        scenario.changes.push(Change {
            parameter: parameter.to_string(),
            value,
            from: Time::new(from),
            until: until.map(Time::new),
        });
    })
}

fn tumour(spoil: impl Fn(&mut ExtraOrgan)) -> String {
    fault(|scenario| {
        let mut organ = ExtraOrgan::new("tumour", 0.5.g(), 0.15.ml_per_min());
        spoil(&mut organ);
        scenario.host.organs.push(organ);
    })
}

#[test]
fn hosts_that_cannot_be() {
    let weight = |grams: f64| fault(|s| s.host.weight = Some(grams.g()));
    check(&[
        ("weight 0", weight(0.0), "?"),
        ("weight negative", weight(-25.0), "?"),
        ("weight NaN", weight(NAN), "?"),
        ("weight infinite", weight(INF), "?"),
        (
            "a species that is none",
            fault(|s| s.host = Host::new("mosue")),
            "?",
        ),
    ]);
}

#[test]
fn times_that_cannot_be() {
    let until = |hours: f64| fault(|s| s.until = hours.hours());
    let report = |hours: &[f64]| fault(|s| s.report = hours.iter().map(|t| t.hours()).collect());
    check(&[
        ("horizon 0", until(0.0), "?"),
        ("horizon negative", until(-1.0), "?"),
        ("horizon NaN", until(NAN), "?"),
        ("horizon infinite", until(INF), "?"),
        ("report backwards", report(&[0.0, 2.0, 1.0]), "?"),
        ("report twice", report(&[1.0, 1.0]), "?"),
        ("report after the end", report(&[0.0, 24.5]), "?"),
        ("report before the start", report(&[-0.5, 1.0]), "?"),
        ("report at no time", report(&[0.0, NAN]), "?"),
    ]);
}

#[test]
fn settings_that_cannot_be() {
    let with = |id: &str, value: f64| fault(|s| *s = s.clone().with(id, value));
    check(&[
        ("no size classes", fault(|s| s.size_classes = 0), "?"),
        ("too many size classes", fault(|s| s.size_classes = 65), "?"),
        ("no doses", fault(|s| s.doses.clear()), "?"),
        ("a slip in an id", with("lung.relaese", 0.1), "?"),
        (
            "an organ that is not there",
            with("tumour.release", 0.1),
            "?",
        ),
        ("an id without a dot", with("release", 0.1), "?"),
        (
            "a product that is not there",
            with("bone_marrow_mscs.viability", 0.1),
            "?",
        ),
        ("a flow of the lung", with("lung.flow_fraction", 0.1), "?"),
        ("a negative rate", with("lung.release", -0.1), "?"),
        ("no rate", with("lung.release", NAN), "?"),
        ("an infinite rate", with("lung.release", INF), "?"),
        ("a share above 1", with("lung.adhesion", 1.01), "?"),
        ("no diameter", with("lung.sieve_diameter", 0.0), "?"),
        ("no capacity", with("tissue.lodging_capacity", 0.0), "?"),
        (
            "spread of a product below 1",
            with("cell.diameter_gsd", 0.5),
            "?",
        ),
    ]);
}

#[test]
fn doses_that_cannot_be_given() {
    let amount = |cells: f64| dose(|d| Dose::new(cells.cells(), d.product));
    let per_kg = |cells: f64| dose(|d| Dose::new(cells.cells_per_kg(), d.product));
    check(&[
        ("amount 0", amount(0.0), "?"),
        ("amount negative", amount(-5e5), "?"),
        ("amount NaN", amount(NAN), "?"),
        ("amount infinite", amount(INF), "?"),
        ("amount a kilogram negative", per_kg(-2e6), "?"),
        ("amount a kilogram NaN", per_kg(NAN), "?"),
        ("amount a kilogram 0", per_kg(0.0), "?"),
        ("amount a kilogram infinite", per_kg(INF), "?"),
        ("lost negative", dose(|d| d.losing(-0.1)), "?"),
        ("lost above 1", dose(|d| d.losing(1.1)), "?"),
        ("lost NaN", dose(|d| d.losing(NAN)), "?"),
        ("after the horizon", dose(|d| d.at(25.hours())), "?"),
        ("at the horizon", dose(|d| d.at(24.hours())), "?"),
        (
            "infusion beyond the horizon",
            dose(|d| d.at(23.hours()).over(2.hours())),
            "?",
        ),
        (
            "lag beyond the horizon",
            dose(|d| d.at(23.hours()).lagging(2.hours())),
            "?",
        ),
        (
            "last repetition beyond the horizon",
            dose(|d| d.repeated(4, 8.hours())),
            "?",
        ),
        ("before time began", dose(|d| d.at((-1.0).hours())), "?"),
        ("at no time", dose(|d| d.at(NAN.hours())), "?"),
        (
            "lag negative",
            dose(|d| d.at(2.hours()).lagging((-1.0).hours())),
            "?",
        ),
        ("lag NaN", dose(|d| d.lagging(NAN.hours())), "?"),
        ("over negative", dose(|d| d.over((-1.0).hours())), "?"),
        ("over NaN", dose(|d| d.over(NAN.hours())), "?"),
        ("over infinite", dose(|d| d.over(INF.hours())), "?"),
        ("never", dose(|d| d.repeated(0, 1.hours())), "?"),
        ("too often", dose(|d| d.repeated(10_001, 1.seconds())), "?"),
        ("every 0", dose(|d| d.repeated(3, 0.hours())), "?"),
        ("every NaN", dose(|d| d.repeated(3, NAN.hours())), "?"),
        (
            "every negative",
            dose(|d| d.at(5.hours()).repeated(3, (-1.0).hours())),
            "?",
        ),
        (
            "times whose sum is infinite",
            dose(|d| d.at(1e308.hours()).lagging(1e308.hours())),
            "?",
        ),
        (
            "a sum of repetitions that is infinite",
            dose(|d| Dose::new(1e308.cells(), d.product).repeated(10, 1.hours())),
            "?",
        ),
    ]);
}

#[test]
fn products_and_routes_that_cannot_be() {
    let by = |route: Route| dose(|d| d.by(route.clone()));
    let into = |entry: Entry| by(Route::new("mine", entry));
    check(&[
        (
            "a product that is none",
            product(|_| Product::new("bone_marow_msc")),
            "?",
        ),
        (
            "the common part of products",
            product(|_| Product::new("cell")),
            "?",
        ),
        ("viability above 1", product(|p| p.viability(1.5)), "?"),
        ("viability negative", product(|p| p.viability(-0.5)), "?"),
        ("viability NaN", product(|p| p.viability(NAN)), "?"),
        ("diameter 0", product(|p| p.diameter(0.um())), "?"),
        ("diameter infinite", product(|p| p.diameter(INF.um())), "?"),
        (
            "spread of diameters below 1",
            product(|p| p.diameter_gsd(0.9)),
            "?",
        ),
        (
            "deformability 0",
            product(|p| Product {
                deformability: Some(0.0),
                ..p
            }),
            "?",
        ),
        (
            "adhesiveness above 1",
            product(|p| Product {
                adhesiveness: Some(2.0),
                ..p
            }),
            "?",
        ),
        (
            "receptor negative",
            product(|p| Product {
                receptor: Some(-1.0),
                ..p
            }),
            "?",
        ),
        (
            "death factor NaN",
            product(|p| Product {
                death_factor: Some(NAN),
                ..p
            }),
            "?",
        ),
        (
            "release factor infinite",
            product(|p| Product {
                release_factor: Some(INF),
                ..p
            }),
            "?",
        ),
        (
            "a route that is none",
            by(Route::from("intravenus".to_string())),
            "?",
        ),
        (
            "the artery of the lung",
            into(Entry::Artery(Organ::LUNG)),
            "?",
        ),
        (
            "the artery of a cavity",
            into(Entry::Artery(Organ::JOINT)),
            "?",
        ),
        (
            "the artery of an organ that is not there",
            into(Entry::Artery(Organ::new("tumour"))),
            "?",
        ),
        (
            "the depot of an organ that is not there",
            into(Entry::Depot(Organ::new("hart"))),
            "?",
        ),
    ]);
}

#[test]
fn changes_that_cannot_be() {
    check(&[
        (
            "a slip in the id",
            change("lung.dilatation", 1.3, 0.0, None),
            "?",
        ),
        (
            "a value out of range",
            change("lung.adhesion", 1.3, 0.0, None),
            "?",
        ),
        ("no value", change("lung.dilation", NAN, 0.0, None), "?"),
        (
            "back before it began",
            change("lung.dilation", 1.3, 2.0, Some(1.0)),
            "?",
        ),
        (
            "back as it begins",
            change("lung.dilation", 1.3, 2.0, Some(2.0)),
            "?",
        ),
        (
            "back at no time",
            change("lung.dilation", 1.3, 2.0, Some(NAN)),
            "?",
        ),
        ("at the end", change("lung.dilation", 1.3, 24.0, None), "?"),
        (
            "after the end",
            change("lung.dilation", 1.3, 30.0, Some(40.0)),
            "?",
        ),
        (
            "before the start",
            change("lung.dilation", 1.3, -1.0, Some(1.0)),
            "?",
        ),
        ("at no time", change("lung.dilation", 1.3, NAN, None), "?"),
        (
            "phagocytes that come",
            change("brain.debris_extraction", 0.1, 2.0, None),
            "?",
        ),
        (
            "phagocytes that go",
            change("liver.debris_extraction", 0.0, 2.0, Some(3.0)),
            "?",
        ),
        (
            "cells that cannot squeeze",
            change("cell.deformability", 0.0, 2.0, None),
            "?",
        ),
    ]);
}

#[test]
fn organs_that_do_not_fit() {
    let named = |name: &str| tumour(|organ| organ.name = Organ::new(name));
    check(&[
        ("mass 0", tumour(|organ| organ.mass = 0.g()), "?"),
        ("mass NaN", tumour(|organ| organ.mass = NAN.g()), "?"),
        ("flow 0", tumour(|organ| organ.flow = Flow::new(0.0)), "?"),
        (
            "flow negative",
            tumour(|organ| organ.flow = Flow::new(-1.0)),
            "?",
        ),
        (
            "no blood",
            tumour(|organ| organ.vascular_fraction = 0.0),
            "?",
        ),
        (
            "all blood",
            tumour(|organ| organ.vascular_fraction = 1.0),
            "?",
        ),
        (
            "blood NaN",
            tumour(|organ| organ.vascular_fraction = NAN),
            "?",
        ),
        ("no name", named(""), "?"),
        ("a name with a dot", named("left.lung"), "?"),
        ("a name with a space", named("my tumour"), "?"),
        ("a name of the great vessels", named("venous"), "?"),
        ("a name of an organ", named("lung"), "?"),
        ("a name of a cavity", named("peritoneum"), "?"),
        ("a name of the registry", named("tissue"), "?"),
        ("a name of a product", named("mapc"), "?"),
        ("a name of a route", named("renal_artery"), "?"),
        (
            "a name twice",
            fault(|s| {
                let organ = ExtraOrgan::new("tumour", 0.5.g(), 0.15.ml_per_min());
                s.host.organs = vec![organ.clone(), organ];
            }),
            "?",
        ),
        (
            "heavier than the body",
            tumour(|organ| organ.mass = 30.g()),
            "?",
        ),
        (
            "heavier than the rest of the body",
            tumour(|organ| organ.mass = 20.g()),
            "?",
        ),
        (
            "more flow than the heart gives",
            tumour(|organ| organ.flow = 20.ml_per_min()),
            "?",
        ),
        (
            "more flow than the rest has",
            tumour(|organ| organ.flow = 13.ml_per_min()),
            "?",
        ),
        (
            "more blood than there is",
            tumour(|organ| {
                organ.mass = 2.g();
                organ.vascular_fraction = 0.9;
            }),
            "?",
        ),
        (
            "organs without blood",
            made(|s| *s = s.clone().with("body.blood_volume", 0.5)),
            "?",
        ),
        (
            "arteries and portal vein take it all",
            made(|s| *s = s.clone().with("body.portal_fraction", 0.7)),
            "?",
        ),
        (
            "a body of muscle",
            made(|s| *s = s.clone().with("muscle.mass_fraction", 0.9)),
            "?",
        ),
        (
            "an organ without vessels",
            made(|s| *s = s.clone().with("brain.vascular_fraction", 0.0)),
            "?",
        ),
        (
            "an organ without mass",
            made(|s| *s = s.clone().with("brain.mass_fraction", 0.0)),
            "?",
        ),
    ]);
    let module = told(
        spoilt(|s| s.host.organs.clear())
            .assemble_with(&[&Lung, &biodist::organ::TissueModule(Organ::new("tumor"))]),
    );
    assert_eq!(module, "?");
}

#[test]
fn faults_come_all_at_once() {
    let all = made(|s| {
        s.until = 0.hours();
        s.report = vec![1.hours()];
        s.size_classes = 0;
        s.host.weight = Some(Mass::new(-1.0));
        let organ = ExtraOrgan::new("lung", 0.g(), 0.15.ml_per_min());
        s.host.organs.push(organ);
        s.doses[0] = Dose::new(0.cells(), Product::new("msc"))
            .by(Route::from("iv".to_string()))
            .losing(2.0)
            .lagging((-1.0).hours());
        s.parameters.insert("lung.realease".to_string(), 1.0);
        s.parameters.insert("lung.adhesion".to_string(), -1.0);
        s.changes.push(Change {
            parameter: "lung".to_string(),
            value: 1.0,
            from: 5.hours(),
            until: None,
        });
    });
    assert_eq!(all, "?");
}

/// A scenario in TOML with one line in place of the line of the same key.
fn toml(line: &str) -> String {
    let text = "until = \"1 d\"\nreport = [\"1 h\"]\n[host]\nspecies = \"mouse\"\nweight = \"25 g\"\n[[doses]]\n\
        amount = \"5e5 cells\"\nproduct = \"mapc\"\nroute = \"arterial\"\nat = \"1 h\"\n";
    let key = |line: &str| line.split([' ', ']']).next().unwrap().to_string();
    let lines: Vec<&str> = text
        .lines()
        .map(|old| if key(old) == key(line) { line } else { old })
        .collect();
    assert!(lines.contains(&line), "{line}");
    told(Scenario::from_toml(&lines.join("\n")).map(|s| s.assemble().unwrap()))
}

#[test]
fn texts_that_are_no_scenarios() {
    check(&[
        ("an unknown unit", toml("until = \"3 fortnights\""), "?"),
        ("a unit of another quantity", toml("weight = \"25 h\""), "?"),
        ("a bare number", toml("until = 24"), "?"),
        ("no space", toml("at = \"10min\""), "?"),
        ("no number", toml("at = \"ten min\""), "?"),
        (
            "an unknown unit of dose",
            toml("amount = \"5e5 cell\""),
            "?",
        ),
        (
            "an unknown unit of dose a kilogram",
            toml("amount = \"5e5 cell/kg\""),
            "?",
        ),
        (
            "an unknown key of a dose",
            toml("at = \"1 h\"\nrout = \"arterial\""),
            "?",
        ),
        (
            "an unknown key of the host",
            toml("weight = \"25 g\"\nage = 3"),
            "?",
        ),
        (
            "an unknown key at the top",
            toml("until = \"1 d\"\nhorizon = \"1 d\""),
            "?",
        ),
        (
            "an unknown key of a product",
            toml("product = { kind = \"mapc\", size = 15 }"),
            "?",
        ),
        (
            "a product without a kind",
            toml("product = { viability = 0.5 }"),
            "?",
        ),
        (
            "a bare diameter",
            toml("product = { kind = \"mapc\", diameter = 15 }"),
            "?",
        ),
        ("a number for a product", toml("product = 3"), "?"),
        (
            "an unknown entry",
            toml("route = { name = \"x\", entry = { vein = \"heart\" } }"),
            "?",
        ),
        (
            "an unknown blood",
            toml("route = { name = \"x\", entry = { blood = \"lymph\" } }"),
            "?",
        ),
        (
            "a part of a repetition",
            toml("at = \"1 h\"\nrepeat = { times = 1.5, every = \"1 h\" }"),
            "?",
        ),
        (
            "a repetition without a pace",
            toml("at = \"1 h\"\nrepeat = { times = 2 }"),
            "?",
        ),
        (
            "a negative number of times",
            toml("at = \"1 h\"\nrepeat = { times = -2, every = \"1 h\" }"),
            "?",
        ),
        (
            "a negative number of classes",
            toml("until = \"1 d\"\nsize_classes = -1"),
            "?",
        ),
        (
            "a word for a flag",
            toml("until = \"1 d\"\nsaturation = \"off\""),
            "?",
        ),
        ("one time for a list", toml("report = \"1 h\""), "?"),
        (
            "a text for a value",
            toml("until = \"1 d\"\nparameters = { \"lung.release\" = \"0.1\" }"),
            "?",
        ),
        (
            "an id without quotes",
            toml("until = \"1 d\"\nparameters = { lung.release = 0.1 }"),
            "?",
        ),
        (
            "no route",
            told(Scenario::from_toml(
                "until = \"1 d\"\n[host]\nspecies = \"rat\"\n[[doses]]\namount = \"1 cells\"\nproduct = \"mapc\"",
            )),
            "?",
        ),
        ("no host", told(Scenario::from_toml("until = \"1 d\"")), "?"),
        (
            "no horizon",
            told(Scenario::from_toml("[host]\nspecies = \"rat\"")),
            "?",
        ),
        ("not TOML", told(Scenario::from_toml("until: 1 d")), "?"),
        ("nothing", told(Scenario::from_toml("")), "?"),
        (
            "numbers out of range in a text",
            told(
                Scenario::from_toml(
                    "until = \"nan h\"\n[host]\nspecies = \"rat\"\nweight = \"inf kg\"",
                )
                .unwrap()
                .assemble(),
            ),
            "?",
        ),
    ]);
}

#[test]
fn questions_that_a_run_cannot_answer() {
    let scenario = spoilt(|_| ());
    let run = scenario.simulate().unwrap();
    let options = Options {
        keep: Keep::Outputs,
        ..Options::default()
    };
    let sparse = scenario.simulate_with(&options).unwrap();
    check(&[
        (
            "living cells of an unknown place",
            told(run.viable(Organ::new("lnug"))),
            "?",
        ),
        (
            "remains of an organ of another host",
            told(run.remains(Organ::new("tumour"))),
            "?",
        ),
        (
            "kinetics of a cavity without a dose",
            told(run.kinetics(Organ::JOINT, &State::VIABLE)),
            "?",
        ),
        (
            "kinetics without a path",
            told(sparse.kinetics(Organ::LUNG, &State::VIABLE)),
            "?",
        ),
        ("ledger after the end", told(run.ledger(25.hours())), "?"),
        (
            "ledger before the start",
            told(run.ledger((-1.0).hours())),
            "?",
        ),
        ("ledger at no time", told(run.ledger(NAN.hours())), "?"),
        (
            "ledger between outputs",
            told(sparse.ledger(1.2345.hours())),
            "?",
        ),
        (
            "a table outside the run",
            told(biodist::report::organ_table(&run, &[1.days(), 2.days()])),
            "?",
        ),
        (
            "claims of a run that is too short",
            told(biodist::report::claims(&run, 1.hours())),
            "?",
        ),
        ("fate with saturation", told(run.model.fate()), "?"),
        (
            "options",
            told(scenario.simulate_with(&Options::with_rtol(0.0))),
            "?",
        ),
    ]);
}

/// Numbers that break arithmetic, and some that do not.
const ODD: [f64; 17] = [
    NAN,
    INF,
    -INF,
    -1.0,
    -0.0,
    0.0,
    5e-324,
    1e-300,
    1e-30,
    1e-6,
    0.5,
    1.0,
    3.0,
    1e6,
    1e30,
    1e300,
    f64::MAX,
];

/// A small scenario with something in every numeric field.
fn full() -> Scenario {
    let organ = ExtraOrgan::new("tumour", 0.5.g(), 0.15.ml_per_min());
    let product = Product {
        diameter: Some(17.um()),
        diameter_gsd: Some(1.2),
        viability: Some(0.9),
        adhesiveness: Some(1.0),
        deformability: Some(1.0),
        receptor: Some(1.0),
        death_factor: Some(1.0),
        release_factor: Some(1.0),
        ..Product::new("mouse_msc")
    };
    let into = Route::new("intratumoural", Entry::Depot(Organ::new("tumour")));
    let first = Dose::new(5e5.cells(), product.clone())
        .at(0.1.hours())
        .lagging(0.1.hours())
        .over(0.2.hours());
    let second = Dose::new(1e6.cells_per_kg(), product)
        .by(into)
        .losing(0.1)
        .repeated(2, 0.5.hours());
    Scenario::new(Host::mouse(25.g()).with_organ(organ))
        .dose(first)
        .dose(second)
        .report_at([0.1.hours(), 1.hours()])
        .changing("lung.dilation", 1.3, 0.2.hours(), 0.7.hours())
        .until(2.hours())
}

/// Puts a number into one of the numeric fields; the last numbers are the parameters by id.
fn put(scenario: &mut Scenario, field: usize, x: f64, ids: &[String]) {
    let time = Time::new(x);
    let times = x.clamp(0.0, 1e3) as u32;
    let (head, tail) = scenario.doses.split_at_mut(1);
    let (first, second) = (&mut head[0], &mut tail[0]);
    let (organ, change) = (&mut scenario.host.organs[0], &mut scenario.changes[0]);
    let product = &mut first.product;
    match field {
        0 => scenario.until = time,
        1 => scenario.report[0] = time,
        2 => scenario.host.weight = Some(x.g()),
        3 => scenario.size_classes = times as usize,
        4 => organ.mass = x.g(),
        5 => organ.flow = Flow::new(x),
        6 => organ.vascular_fraction = x,
        7 => first.amount = x.cells().into(),
        8 => second.amount = x.cells_per_kg().into(),
        9 => first.at = time,
        10 => first.lag = time,
        11 => first.over = time,
        12 => second.lost = x,
        13 => {
            second.repeat = Some(biodist::scenario::Repeat {
                times,
                every: 0.5.hours(),
            })
        }
        14 => {
            second.repeat = Some(biodist::scenario::Repeat {
                times: 2,
                every: time,
            })
        }
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
        _ => drop(
            scenario
                .parameters
                .insert(ids[(field - FIELDS) % ids.len()].clone(), x),
        ),
    }
}

/// How many fields [`put`] knows besides parameters.
const FIELDS: usize = 26;

/// The ids of every parameter that a mouse has.
fn ids() -> Vec<String> {
    let parameters = biodist::data::Parameters::for_host("mouse", None).unwrap();
    parameters.rows().map(|row| row.id.clone()).collect()
}

/// Every number of a run is one, and its cells add up.
fn sound(run: &Run) -> Result<(), String> {
    for state in run.trajectory.states() {
        if let Some(pool) = state.iter().position(|cells| cells.is_nan()) {
            return Err(format!("NaN in {}", run.model.network.pools()[pool]));
        }
    }
    for time in run.trajectory.times() {
        let residual = run.ledger(Time::new(*time)).unwrap().residual;
        if !(residual.abs() < 1e-10) {
            return Err(format!("residual {residual} at {time} h"));
        }
    }
    Ok(())
}

#[test]
fn explore() {
    let ids = ids();
    let options = Options {
        max_steps: 4_000,
        ..Options::default()
    };
    let t0 = std::time::Instant::now();
    for field in 0..FIELDS + ids.len() {
        for x in ODD {
            let mut s = full();
            put(&mut s, field, x, &ids);
            let t = std::time::Instant::now();
            let r = s.simulate_with(&options);
            let dt = t.elapsed().as_secs_f64();
            let name = if field < FIELDS {
                field.to_string()
            } else {
                ids[field - FIELDS].clone()
            };
            match r {
                Ok(run) => {
                    if let Err(e) = sound(&run) {
                        println!("BAD {name} {x:e}: {e}");
                    } else if dt > 0.05 {
                        println!("slow {name} {x:e} {dt}");
                    }
                }
                Err(e) => println!(
                    "err {name} {x:e} {dt:.3}: {}",
                    told::<(), _>(Err(e)).replace('\n', " ")
                ),
            }
        }
    }
    println!("total {:?}", t0.elapsed());
}
#[test]
fn explore2() {
    let ids = ids();
    let options = Options {
        max_steps: 20_000,
        ..Options::default()
    };
    let mut seed = 12345_u64;
    let mut rnd = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) as f64 / (1u64 << 53) as f64
    };
    let (mut ok, mut bad) = (0, std::collections::BTreeMap::new());
    let mut worst: f64 = 0.0;
    let mut neg: f64 = 0.0;
    for case in 0..4000 {
        let mut s = full();
        let mut what = vec![];
        if rnd() < 0.5 {
            s.saturation = false;
        }
        for _ in 0..1 + (rnd() * 5.0) as usize {
            let field = if rnd() < 0.3 {
                (rnd() * FIELDS as f64) as usize
            } else {
                FIELDS + (rnd() * ids.len() as f64) as usize
            };
            let mut x = 10f64.powf(rnd() * 24.0 - 12.0);
            if rnd() < 0.1 {
                x = 0.0;
            }
            put(&mut s, field, x, &ids);
            what.push(format!(
                "{} = {x:e}",
                if field < FIELDS {
                    field.to_string()
                } else {
                    ids[field - FIELDS].clone()
                }
            ));
        }
        let t = std::time::Instant::now();
        let r = s.simulate_with(&options);
        let dt = t.elapsed().as_secs_f64();
        match r {
            Ok(run) => {
                ok += 1;
                if let Err(e) = sound(&run) {
                    println!("BAD {case} {what:?}: {e}");
                }
                let total = run.trajectory.total();
                for st in run.trajectory.states() {
                    for c in st {
                        neg = neg.min(c / total);
                        if *c < -1e-5 * total {
                            println!("NEG {case} {what:?} {:e}", c / total);
                        }
                    }
                }
                for t in run.trajectory.times() {
                    worst = worst.max(run.ledger(Time::new(*t)).unwrap().residual.abs());
                }
                if dt > 0.3 {
                    println!("slow {what:?} {dt}");
                }
            }
            Err(e) => {
                let m = told::<(), _>(Err(e));
                let k = m.split(':').next().unwrap().to_string();
                if k.starts_with("Solver") {
                    println!("{k} {what:?} {m} {dt}");
                }
                *bad.entry(k).or_insert(0) += 1;
            }
        }
    }
    println!("ok {ok} {bad:?} worst {worst:e} neg {neg:e}");
    for x in [5e-324, 1e-320, 1e-300, 1e-100, 1e100, 1e200, 1e290, 1e300] {
        for per in [false, true] {
            let s = spoilt(|s| {
                s.doses[0] = if per {
                    Dose::new(x.cells_per_kg(), Product::bone_marrow_msc())
                } else {
                    Dose::new(x.cells(), Product::bone_marrow_msc())
                }
            });
            match s.simulate_with(&options) {
                Ok(run) => println!("{x:e} {per} {:?}", sound(&run)),
                Err(e) => println!("{x:e} {per} {}", told::<(), _>(Err(e))),
            }
        }
    }
}
