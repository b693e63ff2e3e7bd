//! Promise: the command line says what it does, names every fault where it stands, and ends with the right code.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod program;

use std::process::{Command, Stdio};

use biodist::population::Study;
use biodist::prelude::Scenario;
use program::{biodist, biodist_with, code, err, folder, good, out, path};

const MOUSE: &str = "examples/scenarios/mouse_intravenous.toml";

#[test]
fn check_points_at_the_line_and_column_of_every_fault() {
    let text = "until = \"2 d\"\n\
                [host]\n\
                species = \"mousse\"\n\
                [[doses]]\n\
                amount = \"1e6 cells\"\n\
                product = { kind = \"bone_marrow_msc\", viability = 1.5 }\n\
                route = \"intravenus\"\n\
                [parameters]\n\
                \"lung.relaese\" = 1\n";
    let output = biodist_with(&["check", "-"], text);
    assert_eq!(code(&output), 1);
    let said = err(&output);
    // Line and column, from 1, counted in the text above.
    for (place, line, near) in [
        ("<stdin>:3:11", "species = \"mousse\"", "mouse"),
        ("<stdin>:6:51", "viability = 1.5", "between 0 and 1"),
        ("<stdin>:7:9", "route = \"intravenus\"", "intravenous"),
        ("<stdin>:9:1", "\"lung.relaese\" = 1", "lung.release"),
    ] {
        assert!(said.contains(place), "{place} in\n{said}");
        assert!(said.contains(line), "{line} in\n{said}");
        assert!(said.contains(near), "{near} in\n{said}");
    }
    assert_eq!(said.matches("error: ").count(), 4, "{said}");
    assert!(said.contains("^^^^^^^^^^^^ unknown route"), "{said}");
    assert!(!said.contains('\u{1b}'), "no colour without a terminal");
    let coloured = biodist_with(&["--color", "always", "check", "-"], text);
    assert!(err(&coloured).contains('\u{1b}'));
}

#[test]
fn check_points_at_what_is_not_toml_and_at_what_has_the_wrong_type() {
    let two = biodist_with(&["check", "-"], "until = \"2 d\n[host\n");
    assert_eq!(code(&two), 1);
    assert!(err(&two).contains("<stdin>:1:13"), "{}", err(&two));
    assert!(err(&two).contains("<stdin>:2:6"), "{}", err(&two));
    let unit = "until = \"2 days\"\n[host]\nspecies = \"mouse\"\n";
    let unit = biodist_with(&["check", "-"], unit);
    assert_eq!(code(&unit), 1);
    assert!(err(&unit).contains("<stdin>:1:9"), "{}", err(&unit));
    assert!(err(&unit).contains("h, s, min, d"), "{}", err(&unit));
    let key = "until = \"2 d\"\n[host]\nspecie = \"mouse\"\n";
    let key = biodist_with(&["check", "-"], key);
    assert!(err(&key).contains("<stdin>:3:1"), "{}", err(&key));
}

#[test]
fn check_goes_on_after_a_bad_file() {
    let wrong = path("Cargo.toml");
    let output = biodist(&["check", &wrong, &path(MOUSE), "no_such_file.toml"]);
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("mouse_intravenous.toml: good"));
    assert!(err(&output).contains("no_such_file.toml"));
}

#[test]
fn every_example_scenario_is_good() {
    for entry in std::fs::read_dir(path("examples/scenarios")).unwrap() {
        let file = entry.unwrap().path();
        good(&["check", file.to_str().unwrap()]);
    }
}

#[test]
fn a_new_scenario_is_good_and_runs_and_so_does_all_that_is_commented_out_in_it() {
    let text = good(&["new"]);
    assert_eq!(code(&biodist_with(&["check", "-"], &text)), 0);
    let run = biodist_with(&["run", "-"], &text);
    assert!(out(&run).contains("1e8 cells of bone marrow msc, intravenous"));
    // Keys that are commented out; of two forms of one key the later is kept.
    let mut lines: Vec<String> = vec![];
    for line in text.lines() {
        let key = line.trim_start_matches("# ");
        let is_key = key.starts_with(|c: char| c.is_ascii_lowercase() || "[\"".contains(c))
            && (key.contains(" = ") || key.starts_with('['));
        let line = if is_key { key } else { line };
        let name = line.split(" = ").next().unwrap().to_string();
        if ["product", "route"].contains(&name.as_str()) {
            lines.retain(|other| !other.starts_with(&format!("{name} = ")));
        }
        lines.push(line.to_string());
    }
    let all = lines.join("\n");
    assert!(all.contains("\n[[host.organs]]") && all.contains("\n[[changes]]"));
    // The tumour is there, so that a depot in it is known; 10 days hold one repetition.
    let checked = biodist_with(&["check", "-"], &all.replace("times = 4", "times = 2"));
    assert_eq!(code(&checked), 0, "{}\n{all}", err(&checked));
}

#[test]
fn new_writes_a_file_once() {
    let file = folder("new").join("mine");
    let file = file.to_str().unwrap();
    good(&["new", file]);
    good(&["check", &format!("{file}.toml")]);
    let again = biodist(&["new", file]);
    assert_eq!(code(&again), 1);
    assert!(err(&again).contains("exists"));
}

#[test]
fn the_long_table_sums_to_the_dose_at_every_time() {
    let csv = good(&["run", &path(MOUSE), "--format", "csv"]);
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("time_h,place,state,product,cells"));
    let mut sums: Vec<(String, f64)> = vec![];
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let amount: f64 = cells[4].parse().unwrap();
        match sums.last_mut() {
            Some((time, sum)) if time == cells[0] => *sum += amount,
            _ => sums.push((cells[0].to_string(), amount)),
        }
    }
    let scenario = std::fs::read_to_string(path(MOUSE)).unwrap();
    let scenario = biodist::Scenario::from_toml(&scenario).unwrap();
    let dose: f64 = scenario.doses.iter().map(|dose| dose.cells(0.0)).sum();
    assert!(sums.len() > 5);
    for (time, sum) in sums {
        assert!((sum / dose - 1.0).abs() < 1e-9, "{sum} at {time} h");
    }
}

#[test]
fn a_run_is_json_that_parses_and_its_files_are_written() {
    let json: serde_json::Value =
        serde_json::from_str(&good(&["run", &path(MOUSE), "--format", "json"])).unwrap();
    assert!(json["program"].as_str().unwrap().starts_with("biodist "));
    let folder = folder("run_files");
    good(&["run", &path(MOUSE), "--out", folder.to_str().unwrap()]);
    for name in [
        "scenario.toml",
        "cells.csv",
        "living.csv",
        "remains.csv",
        "run.json",
        "time_courses.svg",
        "where_every_cell_is.svg",
    ] {
        assert!(
            std::fs::metadata(folder.join(name)).unwrap().len() > 100,
            "{name}"
        );
    }
    good(&["check", folder.join("scenario.toml").to_str().unwrap()]);
}

#[test]
fn the_table_shows_the_times_that_were_asked_for() {
    let table = good(&["run", &path(MOUSE), "--at", "90min,2d"]);
    assert!(table.contains("1.5 h") && table.contains("2 d"), "{table}");
    assert!(table.contains("pulmonary bed"));
}

#[test]
fn exit_codes_tell_wrong_input_from_wrong_use_and_failed_numerics() {
    let missing = biodist(&["run", "no_such_file.toml"]);
    assert_eq!(code(&missing), 1);
    assert!(err(&missing).contains("no_such_file.toml"));
    assert_eq!(code(&biodist(&["run"])), 2);
    assert_eq!(code(&biodist(&["run", &path(MOUSE), "--at", "24"])), 2);
    assert_eq!(code(&biodist(&["no_such_command"])), 2);
    let late = biodist(&["run", &path(MOUSE), "--at", "1000d"]);
    assert_eq!(code(&late), 1, "a time outside the run");
    assert_eq!(out(&late), "", "and nothing before it is said");
    let strained = biodist(&["run", &path(MOUSE), "--max-steps", "3"]);
    assert_eq!(code(&strained), 3);
    assert!(err(&strained).contains("3 steps were not enough"));
    assert_eq!(code(&biodist(&["run", &path(MOUSE), "--rtol", "7"])), 1);
}

#[test]
fn quiet_says_nothing_beside_the_result() {
    let loud = biodist(&["run", &path(MOUSE)]);
    assert!(err(&loud).contains("assumed"));
    let quiet = biodist(&["--quiet", "run", &path(MOUSE)]);
    assert_eq!(err(&quiet), "");
    assert_eq!(out(&loud), out(&quiet));
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_biodist"))
        .args(["run", &path(MOUSE), "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0);
    assert_eq!(err(&output), "");
}

#[test]
fn the_registry_is_listed_and_searched() {
    for (command, name) in [
        ("routes", "intracoronary"),
        ("species", "human_male"),
        ("products", "bone_marrow_msc.diameter"),
        ("assays", "culture.yield"),
        ("labels", "chromium_51.half_life"),
        ("conditions", "cirrhosis.chronic.spleen.mass_fraction"),
        ("parameters", "tissue.release"),
    ] {
        let text = good(&[command]);
        assert!(text.contains(name), "{command}:\n{text}");
        let csv = good(&[command, "--csv"]);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let heads = reader.headers().unwrap().clone();
        let named = |head: &str| heads.iter().any(|name| name == head);
        assert!(
            ["unit", "source", "status", "meaning"]
                .iter()
                .all(|h| named(h) || command == "routes")
        );
        assert!(reader.records().all(|row| row.is_ok()), "{command}");
    }
    let assumed = good(&[
        "parameters",
        "--status",
        "assumed",
        "--search",
        "Release",
        "--csv",
    ]);
    let rows: Vec<&str> = assumed.lines().skip(1).collect();
    assert!(!rows.is_empty());
    for row in rows {
        assert!(
            row.contains("assumed") && row.to_lowercase().contains("release"),
            "{row}"
        );
    }
    assert_eq!(code(&biodist(&["parameters", "--status", "guessed"])), 2);
}

#[test]
fn a_report_is_one_page_that_asks_the_network_for_nothing() {
    let file = folder("report").join("report.html");
    let scenario = path("examples/scenarios/human_cirrhosis.toml");
    good(&["run", &scenario, "--report", file.to_str().unwrap()]);
    let html = std::fs::read_to_string(&file).unwrap();
    for request in [
        " src=", "<link", "<script", "<img", "<iframe", "url(", "@import",
    ] {
        assert!(!html.contains(request), "{request}");
    }
    assert!(html.matches("href=\"").count() > 3);
    assert_eq!(
        html.matches("href=\"").count(),
        html.matches("href=\"#").count()
    );
    assert_eq!(html.matches("<svg").count(), 5);
    for part in [
        "<h1>300 million labelled MSC into a vein of a patient with cirrhosis</h1>",
        "What was asked",
        "with cirrhosis, hepatopulmonary syndrome, followed for 10 d",
        "<li>3e8 cells of bone marrow msc, intravenous, at 0 h over 15 min</li>",
        "name = &quot;hepatopulmonary_syndrome&quot;",
        "numbers of host, product and route are assumed",
        "Beyond what the calibration saw",
        "<li>condition cirrhosis: not in the calibration (vasodilator), but in the validation</li>",
        "Assumed numbers that decide much:",
        "<li>cell.death_factor is assumed: between ",
        "What decides the living cells of the whole body after 1 d",
        "<td>cirrhosis.chronic.liver.shunt</td>",
        "<td>tissue.release</td>",
        "<h3>indium_111_oxine</h3>",
        "pulmonary bed: ",
        "https://doi.org/10.1007/s11307-010-0439-1",
        "--rtol 1e-6 --report",
    ] {
        assert!(html.contains(part), "{part}");
    }
    // What is assumed comes before what is known.
    assert!(html.find("<h3>Assumed").unwrap() < html.find("<h3>Measured").unwrap());
    // Numbers of others are not in it.
    assert!(!html.contains("myocardial_infarction") && !html.contains("mapc.diameter"));
}

/// The cells of a CSV text, heads first.
fn table(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(csv.as_bytes());
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| row.iter().map(String::from).collect())
        .collect()
}

fn value(text: &str) -> f64 {
    text.parse().unwrap()
}

#[test]
fn compare_shows_the_numbers_of_the_ledgers_side_by_side() {
    let (first, second) = (
        path(MOUSE),
        path("examples/scenarios/mouse_vasodilator.toml"),
    );
    let folder = folder("compare");
    let arguments = ["compare", &first, &second, "--at", "1h,24h", "--organ"];
    let with = |more: &[&str]| good(&[&arguments[..], more].concat());
    let rows = table(&with(&["lung,body", "--csv"]));
    assert_eq!(rows[0], ["time_h", "place", "scenario", "living_cells"]);
    assert_eq!(rows.len(), 1 + 2 * 2 * 2);
    for row in &rows[1..] {
        let file = path(&format!("examples/scenarios/{}.toml", row[2]));
        let text = std::fs::read_to_string(file).unwrap();
        let run = biodist::Scenario::from_toml(&text).unwrap().simulate();
        let ledger = run
            .unwrap()
            .ledger(biodist::units::Time::new(value(&row[0])));
        let ledger = ledger.unwrap();
        let expected = match row[1].as_str() {
            "lung" => ledger.viable(biodist::physiology::Organ::LUNG),
            _ => ledger.viable_in_body(),
        };
        let found = value(&row[3]);
        assert!((found - expected).abs() <= 1e-9 * expected, "{row:?}");
    }
    let text = with(&["lung", "--out", folder.to_str().unwrap()]);
    assert!(text.contains("After 1 h") && text.contains("second : first"));
    for name in ["compare.csv", "after_1_h.svg", "after_1_d.svg"] {
        assert!(folder.join(name).exists(), "{name}");
    }
    let unknown = biodist(&["compare", &first, &second, "--organ", "lunge"]);
    assert_eq!(code(&unknown), 1);
    assert!(
        err(&unknown).contains("near names: lung"),
        "{}",
        err(&unknown)
    );
    assert_eq!(code(&biodist(&["compare", &first])), 2);
}

#[test]
fn a_place_that_one_scenario_lacks_is_left_out_there() {
    let tumour = path("examples/scenarios/mouse_tumour.toml");
    let arguments = [
        "compare",
        &path(MOUSE),
        &tumour,
        "--organ",
        "tumour",
        "--at",
        "1h",
    ];
    let text = good(&arguments);
    let row = text
        .lines()
        .find(|line| line.starts_with("tumour"))
        .unwrap();
    assert!(row.split_whitespace().nth(1) == Some("-"), "{row}");
    assert!(value(row.split_whitespace().nth(2).unwrap()) > 0.0);
}

#[test]
fn bands_hold_their_middle_and_repeat_with_their_seed() {
    let arguments = [
        "population",
        &path(MOUSE),
        "--draws",
        "40",
        "--at",
        "24h",
        "--organ",
        "lung,body",
    ];
    let with = |more: &[&str]| good(&[&arguments[..], more].concat());
    let rows = table(&with(&["--csv"]));
    let heads = ["time_h", "place", "low", "middle", "high"];
    let errors = ["low_from", "low_to", "high_from", "high_to"];
    assert_eq!(rows[0], [&heads[..], &errors].concat());
    assert_eq!(rows.len(), 3);
    for row in &rows[1..] {
        let [low, middle, high] = [2, 3, 4].map(|k| value(&row[k]));
        assert!(
            0.0 < low && low < middle && middle < high && high < 5e5,
            "{row:?}"
        );
    }
    assert_eq!(with(&["--csv"]), with(&["--csv", "--seed", "1"]));
    assert_ne!(with(&["--csv"]), with(&["--csv", "--seed", "2"]));
    let folder = folder("population");
    let text = with(&["--out", folder.to_str().unwrap()]);
    assert!(text.contains("40 draws of"), "{text}");
    assert!(folder.join("bands.csv").exists() && folder.join("band_lung.svg").exists());
    let none = biodist(&["population", &path(MOUSE), "--draws", "0"]);
    assert_eq!(code(&none), 2);
    assert!(err(&none).contains("40 to 100000"));
    // Forty draws are enough for an interval, and too few to bound the error of its ends.
    let output = biodist(&arguments);
    assert!(
        err(&output).contains("draw 146 or more"),
        "{}",
        err(&output)
    );
    let many = biodist(&["population", &path(MOUSE), "--draws", "99999999999"]);
    assert_eq!(code(&many), 2);
}

#[test]
fn sensitivity_ranks_the_numbers_that_decide_how_long_cells_live() {
    let folder = folder("sensitivity");
    let arguments = [
        "sensitivity",
        &path(MOUSE),
        "--organ",
        "lung",
        "--at",
        "24h",
        "--csv",
    ];
    for method in [
        &["--method", "morris", "--draws", "4"][..],
        &["--method", "prcc", "--draws", "120"],
        &["--method", "sobol", "--draws", "32", "--top", "3"],
    ] {
        let more = ["--out", folder.to_str().unwrap()];
        let rows = table(&good(&[&arguments[..], method, &more].concat()));
        // Death of the product is the widest of all numbers that act on cells in the lung of a mouse.
        assert_eq!(rows[1][0], "cell.death_factor", "{method:?}");
        let sizes: Vec<f64> = rows[1..].iter().map(|row| value(&row[1]).abs()).collect();
        assert!(
            sizes.windows(2).all(|pair| pair[0] >= pair[1]),
            "{method:?}"
        );
        assert!(folder.join("sensitivity.svg").exists());
        // Cells that die faster are fewer; the ends are those of the interval of 95 %.
        let [low, fewer_die, high, more_die] =
            [4, 3, 2, 1].map(|back| value(&rows[1][rows[1].len() - back]));
        assert!(
            low < 1.0 && high > 1.0 && fewer_die > more_die,
            "{method:?}"
        );
        let tornado = std::fs::read_to_string(folder.join("tornado.svg")).unwrap();
        assert!(tornado.contains("cell.death_factor"), "{method:?}");
    }
    let few = biodist(&[&arguments[..], &["--method", "prcc", "--draws", "5"]].concat());
    assert_eq!(code(&few), 1);
    assert!(
        err(&few).contains("two more than the 58 uncertain numbers"),
        "{}",
        err(&few)
    );
}

#[test]
fn networks_go_round_and_are_listed_and_drawn() {
    let json = good(&["network", &path(MOUSE), "--format", "json"]);
    let again = biodist_with(&["network", "-", "--format", "json"], &json);
    assert_eq!(json, out(&again), "a network reads back as it was written");
    let file = biodist::network::NetworkFile::from_json(&json).unwrap();
    let network = file.network().unwrap();
    let dot = good(&["network", &path(MOUSE), "--format", "dot"]);
    assert!(dot.starts_with("digraph"));
    assert_eq!(dot.matches(" -> ").count(), network.transfers().len());
    let list = good(&["network", &path("tests/data/whole_body.json")]);
    assert!(list.contains(" pools, ") && list.contains("Vven"), "{list}");
    let picture = |file: &str, more: &[&str]| {
        let svg = folder("network").join("network.svg");
        let arguments = ["network", file, "--picture", svg.to_str().unwrap()];
        let printed = good(&[&arguments[..], more].concat());
        assert_eq!(printed, "", "a picture is asked for, and no list");
        std::fs::read_to_string(svg).unwrap()
    };
    // Of a scenario the circulation, or who gives to whom; of a network file the latter.
    let circulation = picture(&path("examples/scenarios/mouse_tumour.toml"), &[]);
    for word in ["tumour", "portal vein", "intratumoural", "lodged"] {
        assert!(circulation.contains(word), "{word}");
    }
    assert!(picture(&path(MOUSE), &["--matrix"]).contains("bone_marrow.ingested"));
    assert!(picture(&path("tests/data/whole_body.json"), &[]).contains("V_lung"));
    let broken = biodist_with(&["network", "-"], "{ \"name\": 3 }");
    assert_eq!(code(&broken), 1);
    assert!(err(&broken).contains("line 1"), "{}", err(&broken));
}

#[test]
fn a_dosing_table_makes_a_run_of_each_subject() {
    let folder = folder("dosing");
    let table = folder.join("doses.csv");
    std::fs::write(
        &table,
        "ID,TIME,AMT,DUR,EVID,ROUTE,AGE\nm1,0,4e5,0.1,1,,9\nm1,1,.,.,0,,9\nm 2,0,7e5,0,1,intracoronary,9\n",
    )
    .unwrap();
    let table = table.to_str().unwrap();
    let arguments = ["run", &path(MOUSE), "--dosing", table];
    let with = |more: &[&str]| biodist(&[&arguments[..], more].concat());
    let text = with(&["--out", folder.to_str().unwrap()]);
    assert_eq!(code(&text), 0, "{}", err(&text));
    assert!(out(&text).contains("subject m1") && out(&text).contains("intracoronary"));
    assert!(
        err(&text).contains("columns not read: AGE"),
        "{}",
        err(&text)
    );
    assert!(folder.join("subject_m1/cells.csv").exists());
    assert!(folder.join("subject_m_2/time_courses.svg").exists());
    // The doses of the table, and not that of the scenario.
    let rows = rows_below_heads(&out(&with(&["--format", "csv"])));
    for (id, dose) in [("m1", 4e5), ("m 2", 7e5)] {
        let end = rows.iter().rfind(|row| row[0] == id).unwrap()[1].clone();
        let last = rows.iter().filter(|row| row[0] == id && row[1] == end);
        let sum: f64 = last.map(|row| value(&row[5])).sum();
        assert!((sum / dose - 1.0).abs() < 1e-9, "{id}: {sum}");
    }
    let json: serde_json::Value = serde_json::from_str(&out(&with(&["--format", "json"]))).unwrap();
    assert_eq!(json[1]["id"], "m 2");
    std::fs::write(table, "ID,TIME,AMT\n1,0,many\n").unwrap();
    let wrong = with(&[]);
    assert_eq!(code(&wrong), 1);
    assert!(
        err(&wrong).contains("doses.csv: line 2, AMT = 'many'"),
        "{}",
        err(&wrong)
    );
}

/// The rows below the heads.
fn rows_below_heads(csv: &str) -> Vec<Vec<String>> {
    table(csv).split_off(1)
}

#[test]
fn measurements_are_printed_beside_the_model() {
    let folder = folder("observed");
    let file = folder.join("seen.csv");
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    let scenario = path(MOUSE);
    let arguments = ["run", &scenario, "--observed", file.to_str().unwrap()];
    let with = |more: &[&str]| biodist(&[&arguments[..], more].concat());
    // A mouse has 5e5 cells: nobody finds twice as many, and everybody finds less than all.
    write("time_h,organ,value,unit,assay\n1,lung,1e6,cells,\n24,lung,<100,%ID,living cells\n");
    let output = with(&["--out", folder.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("agrees"));
    assert!(out(&output).contains("0 of 1 pairs of numbers within a factor of 2"));
    let rows = table(&std::fs::read_to_string(folder.join("observed.csv")).unwrap());
    let ratio = value(&rows[1][6]);
    let expected = value(&rows[1][5]) / 1e6;
    assert!(
        ratio < 0.5 && (ratio / expected - 1.0).abs() < 0.02,
        "{rows:?}"
    );
    assert!(folder.join("observed_1.svg").exists());
    // Nothing seen and nothing expected to be seen: a table, and the limit as an arrow.
    let dark = folder.join("dark");
    write("time_h,organ,value,unit,assay\n3,brain,<5,cells recovered,culture\n");
    assert_eq!(code(&with(&["--out", dark.to_str().unwrap()])), 0);
    assert!(dark.join("observed.csv").exists() && dark.join("observed_1.svg").exists());
    write("time_h,organ,value\n1,lunge,5\n1,lung,5\n1,livre,5\n");
    let wrong = with(&[]);
    assert_eq!(code(&wrong), 1);
    for said in ["line 2", "near names: lung", "line 4", "near names: liver"] {
        assert!(err(&wrong).contains(said), "{}", err(&wrong));
    }
    write("time_h,organ,val\n1,lung,5\n");
    let wrong = with(&[]);
    assert!(err(&wrong).contains("no column 'value'; columns that look like it: val"));
}

#[test]
fn completions_and_manual_know_every_subcommand() {
    let help = good(&["--help"]);
    let commands = help.split("Commands:\n").nth(1).unwrap();
    let commands = commands.split("\n\n").next().unwrap();
    let commands: Vec<&str> = commands
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    assert!(commands.len() >= 16, "{commands:?}");
    let folder = folder("man");
    good(&["man", folder.to_str().unwrap()]);
    assert!(good(&["man"]).contains(".SH SYNOPSIS"));
    let shells = ["bash", "zsh", "fish", "powershell", "elvish"];
    let completions = shells.map(|shell| good(&["completions", shell]));
    for command in commands {
        let page = std::fs::read_to_string(folder.join(format!("biodist-{command}.1"))).unwrap();
        assert!(page.contains(&format!("biodist {command}")), "{command}");
        let told = include_str!("../docs/command-line.md");
        assert!(told.contains(&format!("`{command}`")), "{command}");
        for (shell, text) in shells.iter().zip(&completions) {
            assert!(text.contains(command), "{shell}: {command}");
        }
    }
    assert_eq!(code(&biodist(&["completions", "cmd"])), 2);
}

#[cfg(feature = "parquet")]
#[test]
fn a_parquet_file_holds_what_the_csv_holds() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let file = folder("parquet").join("cells.parquet");
    let csv = good(&[
        "run",
        &path(MOUSE),
        "--format",
        "csv",
        "--parquet",
        file.to_str().unwrap(),
    ]);
    let reader = SerializedFileReader::new(std::fs::File::open(&file).unwrap()).unwrap();
    let rows: Vec<Vec<String>> = reader
        .get_row_iter(None)
        .unwrap()
        .map(|row| {
            let row = row.unwrap();
            let columns = row.get_column_iter().map(|(_, field)| match field {
                parquet::record::Field::Double(number) => number.to_string(),
                parquet::record::Field::Str(text) => text.clone(),
                other => panic!("{other:?}"),
            });
            columns.collect()
        })
        .collect();
    assert_eq!(rows, rows_below_heads(&csv));
}

#[test]
fn the_page_is_not_served_where_something_else_is() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = biodist(&["explore", "--port", &port]);
    assert_eq!(code(&output), 1);
    assert!(err(&output).contains(&port), "{}", err(&output));
    assert_eq!(code(&biodist(&["explore", "--port", "70000"])), 2);
}

#[test]
fn a_fit_finds_numbers_and_names_what_is_wrong() {
    let file = path("examples/experiments/depot.toml");
    let folder = folder("fit");
    let told = good(&[
        "fit",
        &file,
        "--starts",
        "1",
        "--out",
        folder.to_str().unwrap(),
    ]);
    assert!(told.contains("tissue.washout_contraction") && told.contains("2 of 8 positive"));
    assert!(told.contains("AIC"), "{told}");
    // What it writes are tables that a scenario takes, and draws.
    let fitted = std::fs::read_to_string(folder.join("fitted.toml")).unwrap();
    let scenario =
        std::fs::read_to_string(path("examples/scenarios/rat_intramyocardial.toml")).unwrap();
    let joined = folder.join("joined.toml");
    std::fs::write(&joined, format!("{scenario}\n{fitted}")).unwrap();
    good(&["check", joined.to_str().unwrap()]);
    assert!(
        fitted.contains("[spreads]") && fitted.contains("[[correlations]]"),
        "{fitted}"
    );
    let study =
        Study::of(&Scenario::from_toml(&std::fs::read_to_string(&joined).unwrap()).unwrap());
    let study = study.unwrap();
    let drawn = study
        .inputs()
        .iter()
        .find(|input| input.id == "tissue.death_resident");
    let gsd = drawn.unwrap().gsd;
    let registry = Study::of(&Scenario::from_toml(&scenario).unwrap()).unwrap();
    let before = registry
        .inputs()
        .iter()
        .find(|input| input.id == "tissue.death_resident");
    assert!(
        1.0 < gsd && gsd < before.unwrap().gsd,
        "narrower, and not certain: {gsd}"
    );
    for name in ["numbers.csv", "data.csv", "data.svg"] {
        assert!(
            std::fs::metadata(folder.join(name)).unwrap().len() > 100,
            "{name}"
        );
    }
}

#[test]
fn wrong_files_of_fits_are_refused_where_they_are_wrong() {
    let file = path("examples/experiments/depot.toml");
    let wrong = biodist(&["fit", &file, "--unknown", "tissue.washot"]);
    assert_eq!(code(&wrong), 1);
    assert!(
        err(&wrong).contains("tissue.washout_rest"),
        "{}",
        err(&wrong)
    );
    let torn = biodist_with(&["fit", "-"], "[[unknown]]\nid = 3\n");
    assert_eq!(code(&torn), 1);
    assert!(err(&torn).contains("<stdin>:2:6"), "{}", err(&torn));
    let empty = biodist_with(&["fit", "-"], "");
    assert!(
        err(&empty).contains("at least one experiment"),
        "{}",
        err(&empty)
    );
}
