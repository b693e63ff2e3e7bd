//! Promise: no text of a user runs on a terminal or in a spreadsheet, or makes a message that nobody can read.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod program;

use std::fs;

use biodist::prelude::*;
use biodist::scenario::{ExtraOrgan, ScenarioError};
use program::{biodist, biodist_with, code, err, folder, good, out, path};

const MOUSE: &str = "examples/scenarios/mouse_intravenous.toml";

fn mouse() -> Scenario {
    Scenario::new(Host::mouse(25.g())).dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
}

/// The fields at fault.
fn faults(scenario: &Scenario) -> Vec<String> {
    match scenario.check() {
        Err(ScenarioError::Invalid { faults }) => faults.into_iter().map(|f| f.field).collect(),
        other => panic!("{other:?}"),
    }
}

/// The scenario of a mouse with another title, as TOML writes it.
fn titled(title: &str) -> String {
    let text = fs::read_to_string(path(MOUSE)).unwrap();
    let (before, rest) = text.split_once("title = ").unwrap();
    format!(
        "{before}title = \"{title}\"\n{}",
        rest.split_once('\n').unwrap().1
    )
}

#[test]
fn titles_and_names_are_short_and_without_commands() {
    assert!(mouse().titled("m".repeat(300)).check().is_ok());
    assert_eq!(faults(&mouse().titled("m".repeat(301))), ["title"]);
    for hidden in ["\u{1b}]0;pwned\u{7}", "\u{9b}2J", "\u{202e}", "\r", "\n"] {
        assert_eq!(
            faults(&mouse().titled(format!("a{hidden}b"))),
            ["title"],
            "{hidden:?}"
        );
    }
    let mut own = mouse();
    own.host = own.host.with_organ(ExtraOrgan {
        name: Organ::new("-1"),
        mass: 0.1.g(),
        flow: 0.1.ml_per_min(),
        vascular_fraction: 0.1,
    });
    assert_eq!(faults(&own), ["host.organs[0].name"]);
    // Letters are letters in any script.
    assert!(mouse().titled("Мышь 鼠 فأر, 25 µg – “x”").check().is_ok());
    let mut own = mouse();
    own.doses[0].route = Route::new(
        "r".repeat(101),
        biodist::scenario::Entry::Depot(Organ::HEART),
    );
    assert_eq!(faults(&own), ["doses[0].route"]);
    own.doses[0].route = Route::new("a\u{1b}b", biodist::scenario::Entry::Depot(Organ::HEART));
    assert_eq!(faults(&own), ["doses[0].route"]);
}

#[test]
fn a_message_about_a_long_text_is_short() {
    let text = fs::read_to_string(path(MOUSE)).unwrap();
    let long_title = titled(&"t".repeat(5_000_000));
    let long_name = format!(
        "{text}\n[parameters]\n\"lung.relaese{}\" = 1\n",
        "x".repeat(1_000_000)
    );
    for (text, said) in [
        (long_title, "at most 300 letters"),
        (long_name, "near names: "),
    ] {
        let output = biodist_with(&["run", "-"], &text);
        assert_eq!(code(&output), 1);
        let shown = err(&output);
        assert!(shown.contains(said), "{}", &shown[..shown.len().min(3000)]);
        assert!(shown.len() < 20_000, "{} bytes", shown.len());
        // The library alone as well.
        let refused = Scenario::from_toml(&text).unwrap().check().unwrap_err();
        assert!(refused.to_string().len() < 3_000);
    }
}

#[test]
fn terminals_obey_no_text() {
    let folder = folder("obey");
    let table = folder.join("doses.csv");
    // The head of a column that is not read, and an id.
    fs::write(&table, "ID,TIME,AMT,\u{1b}]0;a\u{7}\n1,0,5e5,\n").unwrap();
    let run = |table: &str| biodist(&["--color", "always", "run", &path(MOUSE), "--dosing", table]);
    let output = run(table.to_str().unwrap());
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(
        err(&output).contains("columns not read: \\u{1b}]0;a\\u{7}"),
        "{}",
        err(&output)
    );
    fs::write(&table, "ID,TIME,AMT\na\u{1b}[2Jb,0,5e5\n").unwrap();
    let output = run(table.to_str().unwrap());
    assert_eq!(code(&output), 1);
    assert!(err(&output).contains("a\\u{1b}[2Jb"), "{}", err(&output));
    let text = titled("a\\u001b[31mb");
    let output = biodist_with(&["--color", "always", "check", "-"], &text);
    assert_eq!(code(&output), 1);
    assert!(err(&output).contains("a\\u{1b}[31mb"), "{}", err(&output));
    assert!(!err(&output).contains("a\u{1b}[31mb"));
    // As it stands in the file, whose line is shown.
    let output = biodist_with(&["check", "-"], &titled("a\u{9b}31mb\u{202e}c"));
    assert_eq!(code(&output), 1);
    assert!(
        err(&output).contains("a\u{b7}31mb\u{fffd}c"),
        "{}",
        err(&output)
    );
    assert!(!err(&output).contains(['\u{9b}', '\u{202e}']));
    // A name of a file that is not there.
    let output = biodist(&["--color", "always", "run", "a\u{1b}]0;b\u{7}"]);
    assert!(
        err(&output).contains("a\\u{1b}]0;b\\u{7}"),
        "{}",
        err(&output)
    );
}

#[test]
fn spreadsheets_run_no_text_and_numbers_stay_numbers() {
    let folder = folder("formulas");
    let (table, results) = (folder.join("doses.csv"), folder.join("results"));
    let ids = ["=cmd|/C calc!A0", "@SUM(1)", "+1+1", "-2+3", "-", "-3"];
    let rows: String = ids.iter().map(|id| format!("{id},0,1e5\n")).collect();
    fs::write(&table, format!("ID,TIME,AMT\n{rows}")).unwrap();
    let csv = good(&[
        "run",
        &path(MOUSE),
        "--dosing",
        table.to_str().unwrap(),
        "--format",
        "csv",
        "--at",
        "1h",
        "--out",
        results.to_str().unwrap(),
    ]);
    let mut shown: Vec<&str> = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    shown.dedup();
    assert_eq!(
        shown,
        ["'=cmd|/C calc!A0", "'@SUM(1)", "'+1+1", "'-2+3", "-", "-3"]
    );
    let file = results.join("subject__cmd__C_calc_A0/cells.csv");
    let file = fs::read_to_string(file).unwrap();
    assert!(
        file.lines()
            .skip(1)
            .all(|line| line.starts_with("'=cmd|/C calc!A0,"))
    );
    // Names of scenarios are those of files.
    let named = folder.join("=1+1.toml");
    fs::copy(path(MOUSE), &named).unwrap();
    let csv = good(&["compare", named.to_str().unwrap(), &path(MOUSE), "--csv"]);
    assert!(csv.contains(",'=1+1,") && !csv.contains(",=1+1"), "{csv}");
}

#[test]
fn what_is_no_toml_is_called_by_its_name() {
    let many = "<p>x</p>\n".repeat(10_000);
    let json = format!("{{ \"a\": [\n{}1] }}", "1,\n".repeat(10_000));
    for (text, name) in [
        (format!("<!DOCTYPE html>\n<html>\n{many}</html>\n"), "HTML"),
        (format!("\u{feff}<?xml version=\"1.0\"?>\n{many}"), "XML"),
        (json, "JSON"),
        ("[{\"a\": 1}]".to_string(), "JSON"),
        ("{\\rtf1 x}".to_string(), "RTF"),
    ] {
        let said = format!("this is {name}, not TOML");
        for command in ["check", "run", "fit"] {
            let output = biodist_with(&[command, "-"], &text);
            assert_eq!(code(&output), 1);
            let shown = err(&output);
            assert!(shown.contains(&said), "{command}: {shown}");
            assert!(shown.lines().count() <= 3, "{command}: {shown}");
        }
        let refused = Scenario::from_toml(&text).unwrap_err();
        assert_eq!(refused.to_string(), said);
    }
    // Tables of TOML begin with a bracket too.
    assert!(matches!(
        Scenario::from_toml("[host\n"),
        Err(ScenarioError::Toml { .. })
    ));
}

#[test]
fn many_faults_are_counted() {
    let lines: String = (0..1_000).map(|k| format!("a{k} = = 1\n")).collect();
    let syntax = biodist_with(&["check", "-"], &lines);
    assert_eq!(code(&syntax), 1);
    assert_eq!(
        err(&syntax).matches("error: ").count(),
        21,
        "{}",
        err(&syntax)
    );
    assert!(err(&syntax).contains("more faults"));
    let text = fs::read_to_string(path(MOUSE)).unwrap();
    let unknown: String = (0..500).map(|k| format!("\"lung.x{k}\" = 1\n")).collect();
    let values = biodist_with(&["check", "-"], &format!("{text}\n[parameters]\n{unknown}"));
    assert!(
        err(&values).contains("and 480 more faults"),
        "{}",
        err(&values)
    );
    let mut scenario = mouse();
    for k in 0..500 {
        scenario = scenario.with(format!("lung.x{k}"), 1.0);
    }
    let said = scenario.check().unwrap_err().to_string();
    assert!(
        said.contains("500 fault(s)") && said.ends_with("and 480 more"),
        "{said}"
    );
    assert!(out(&values).is_empty());
}
