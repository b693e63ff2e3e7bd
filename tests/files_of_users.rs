//! Promise: of what users write nothing is lost: no fault after the first, no row, no file.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod program;

use std::fs;

use program::{biodist, biodist_with, code, err, folder, good, path};

const MOUSE: &str = "examples/scenarios/mouse_intravenous.toml";

#[test]
fn every_fault_is_told_also_where_the_file_cannot_be_read() {
    let text = "until = 3\nsize_classes = \"two\"\ncolour = 1\n[host]\nspecies = \"mouse\"\nwieght = \"25 g\"\n\
                [[doses]]\namount = 5\nproduct = \"mapc\"\nroute = \"intravenous\"\n";
    let output = biodist_with(&["check", "-"], text);
    assert_eq!(code(&output), 1);
    let said = err(&output);
    // Line and column, from 1, counted in the text above; no word of the types of Rust.
    for place in [
        "<stdin>:1:9",
        "<stdin>:2:16",
        "<stdin>:3:1",
        "<stdin>:6:1",
        "<stdin>:8:10",
    ] {
        assert!(said.contains(place), "{place}: {said}");
    }
    for rust in ["usize", "f64", "u32", "variant", "sequence", "field"] {
        assert!(!said.contains(rust), "{rust}: {said}");
    }
    let measured = biodist(&["check", &path("examples/measurements.toml")]);
    assert!(err(&measured).contains("biodist fit"), "{}", err(&measured));
}

#[test]
fn faults_of_experiments_have_their_lines() {
    let tutorial = fs::read_to_string(path("docs/tutorial.md")).unwrap();
    let file = tutorial.split("```toml mine.toml\n").nth(1).unwrap();
    let file = file.split("```").next().unwrap();
    for (good, bad, said) in [
        (
            "product = \"bone_marrow_msc\"",
            "product = \"bone_marow_msc\"",
            "near names: bone_marrow_msc",
        ),
        (
            "id = \"tissue.release\"",
            "id = \"tissue.relase\"",
            "near names: tissue.release",
        ),
        (
            "places = [\"liver\"]",
            "places = [\"livr\"]",
            "near names: liver",
        ),
        (
            "cv = 0.15",
            "cw = 0.15",
            "expected one of `sd`, `cv`, `gsd`",
        ),
        ("until = \"3 d\"", "until = 3", "expected a text in quotes"),
    ] {
        let text = file.replacen(good, bad, 1);
        assert_ne!(text, file, "{good}");
        let line = 1 + text[..text.find(bad).unwrap()].matches('\n').count();
        let output = biodist_with(&["fit", "-"], &text);
        assert_eq!(code(&output), 1, "{bad}");
        let shown = err(&output);
        assert!(
            shown.contains(&format!("<stdin>:{line}:")),
            "{bad}: {shown}"
        );
        assert!(shown.contains(said), "{bad}: {shown}");
    }
}

#[test]
fn nothing_that_was_read_or_written_is_written_over() {
    let folder = folder("kept");
    let file = folder.join("scenario.toml");
    let text = fs::read_to_string(path(MOUSE)).unwrap();
    fs::write(&file, &text).unwrap();
    let (place, name) = (folder.to_str().unwrap(), file.to_str().unwrap());
    for arguments in [
        ["run", name, "--out", place].as_slice(),
        &["run", name, "--report", name],
        &["network", name, "--picture", name],
    ] {
        let output = biodist(arguments);
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(
            err(&output).contains("would be written over"),
            "{}",
            err(&output)
        );
        assert_eq!(fs::read_to_string(&file).unwrap(), text, "{arguments:?}");
    }
    let results = folder.join("results");
    let twice = results.join("run.json");
    let output = biodist(&[
        "run",
        name,
        "--out",
        results.to_str().unwrap(),
        "--report",
        twice.to_str().unwrap(),
    ]);
    assert_eq!(code(&output), 1);
    assert!(fs::read_to_string(twice).unwrap().starts_with('{'));
}

#[test]
fn subjects_of_like_names_have_files_of_their_own() {
    let folder = folder("alike");
    let table = folder.join("doses.csv");
    fs::write(&table, "ID,TIME,AMT\na/b,0,5e5\na b,0,4e5\nA_B,0,3e5\n").unwrap();
    let results = folder.join("results");
    let report = folder.join("page.html");
    good(&[
        "run",
        &path(MOUSE),
        "--dosing",
        table.to_str().unwrap(),
        "--out",
        results.to_str().unwrap(),
        "--report",
        report.to_str().unwrap(),
    ]);
    for (name, id) in [("a_b", "a/b"), ("a_b_2", "a b"), ("A_B_3", "A_B")] {
        let scenario = results.join(format!("subject_{name}/scenario.toml"));
        let text = fs::read_to_string(&scenario).unwrap();
        assert!(text.contains(&format!("subject {id}\"")), "{text}");
        let page = fs::read_to_string(folder.join(format!("page_{name}.html"))).unwrap();
        assert!(page.contains(&format!("subject {id}</h1>")));
    }
}

#[test]
fn measurements_of_nobody_are_refused_and_those_of_somebody_are_in_the_report() {
    let folder = folder("nobody");
    let (doses, seen) = (folder.join("doses.csv"), folder.join("seen.csv"));
    fs::write(&doses, "ID,TIME,AMT\n1,0,5e5\n2,0,4e5\n").unwrap();
    let scenario = path(MOUSE);
    let run = [
        "run",
        &scenario,
        "--dosing",
        doses.to_str().unwrap(),
        "--observed",
        seen.to_str().unwrap(),
    ];
    fs::write(&seen, "id,time_h,organ,value\n1,1,lung,4e5\n7,1,lung,4e5\n").unwrap();
    let output = biodist(&run);
    assert_eq!(code(&output), 1);
    let said = err(&output);
    assert!(
        said.contains("seen.csv") && said.contains("line 3, id = '7'"),
        "{said}"
    );
    fs::write(
        &seen,
        "id,time_h,organ,value\n1,1,lung,4e5\n2,24,liver,<90\n",
    )
    .unwrap();
    let report = folder.join("page.html");
    good(&[&run[..], &["--report", report.to_str().unwrap()]].concat());
    let page = fs::read_to_string(folder.join("page_2.html")).unwrap();
    for part in [
        "Beside what was observed",
        "&lt;90",
        "seen.csv",
        "Observed (points) and model (lines), cells",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn the_long_table_is_printed_at_the_times_that_are_asked_for() {
    let csv = good(&["run", &path(MOUSE), "--format", "csv", "--at", "90min,1d"]);
    let mut times: Vec<&str> = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    times.dedup();
    assert_eq!(times, ["1.5", "24"]);
}

#[test]
fn a_dose_that_is_lost_is_told_and_reported() {
    let folder = folder("lost");
    let file = folder.join("lost.toml");
    let text = fs::read_to_string(path(MOUSE)).unwrap();
    let text = text.replacen("route = ", "lost = 1.0\nroute = ", 1);
    fs::write(&file, text).unwrap();
    let (results, report) = (folder.join("results"), folder.join("page.html"));
    let (results, report) = (results.to_str().unwrap(), report.to_str().unwrap());
    good(&[
        "run",
        file.to_str().unwrap(),
        "--out",
        results,
        "--report",
        report,
    ]);
    assert!(
        fs::read_to_string(report)
            .unwrap()
            .contains("never delivered")
    );
}
