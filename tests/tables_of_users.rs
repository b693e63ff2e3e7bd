//! Promise: tables are read as people and their programs write them. A column or mark that changes what a row means is
//! honoured as NONMEM defines it or refused by name, and all faults of a table come at once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod strategies;

use std::time::Instant;

use biodist::data::TableError;
use biodist::evidence::Evidence;
use biodist::fit::Fit;
use biodist::observation::{MeasuredBy, ObservationError, Observed, ReadingUnit, Value};
use biodist::prelude::*;
use biodist::scenario::{DosingTable, DosingTableError};
use proptest::prelude::*;
use strategies::config;

fn file(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tables");
    std::fs::read_to_string(format!("{folder}/{name}")).unwrap()
}

fn scenario(name: &str) -> Scenario {
    Scenario::from_toml(&file(name)).unwrap()
}

fn doses(table: &str) -> Vec<(String, Scenario)> {
    let table = DosingTable::from_csv(table).unwrap();
    table.scenarios(&scenario("mouse.toml")).unwrap()
}

fn only(table: &str) -> Scenario {
    let mut subjects = doses(table);
    assert_eq!(subjects.len(), 1, "{table}");
    subjects.remove(0).1
}

fn refused(table: &str) -> String {
    DosingTable::from_csv(table).unwrap_err().to_string()
}

fn cells(scenario: &Scenario) -> Vec<f64> {
    let doses = scenario.doses.iter();
    doses.map(|dose| dose.cells(25.0)).collect()
}

fn depot(run: &Run, time: Time) -> f64 {
    let cavity: Place = Organ::PERITONEUM.into();
    let ledger = run.ledger(time).unwrap();
    ledger.sum(|row| row.place == cavity && row.state == State::Depot)
}

#[test]
fn remarks_are_skipped_and_said() {
    for (name, why) in [("hash_row.csv", "a remark"), ("c_column.csv", "marked C")] {
        let table = DosingTable::from_csv(&file(name)).unwrap();
        let subjects = table.scenarios(&scenario("mouse.toml")).unwrap();
        assert_eq!(subjects.len(), 1, "{name}");
        assert_eq!(cells(&subjects[0].1), [5e5], "{name}");
        let skipped: Vec<&str> = table.skipped().iter().map(|row| row.why).collect();
        assert_eq!(skipped, [why], "{name}");
        assert!(table.unread().is_empty(), "{name}");
    }
    // A remark may have any number of cells and quotes, above the heads, between the rows and below.
    let table = "# made by hand, \"today\n#\nID,TIME,AMT\n1,0,5e5\n# half, \"a, cell\n  # so\n1,5,1e5\n#end";
    let read = DosingTable::from_csv(table).unwrap();
    let lines: Vec<u64> = read.skipped().iter().map(|row| row.line).collect();
    assert_eq!(lines, [1, 2, 5, 6, 8]);
    assert_eq!(cells(&only(table)), [5e5, 1e5]);
    // A fault below remarks has the line of the text.
    assert!(refused("#\n#\nTIME,AMT\n#\n\n0,many\n").contains("line 6, AMT = 'many'"));
    // A head that begins with a `#` is a head.
    assert_eq!(cells(&only("#ID,TIME,AMT\n#1,0,9e5\n1,0,5e5\n")), [5e5]);
    // In quotes it is a name.
    assert_eq!(doses("ID,TIME,AMT\n\"#1\",0,5e5\n")[0].0, "#1");
}

#[test]
fn spreadsheets_are_read_as_they_are_saved() {
    assert_eq!(cells(&only(&file("excel_empty_rows.csv"))), [5e5]);
    let plain = DosingTable::from_csv("ID,TIME,AMT,DUR\n1,0.5,1.5e5,0.25\n1,3,2e5,0\n").unwrap();
    for table in [
        // Excel where a comma is the decimal mark, with its first line and without.
        "sep=;\nID;TIME;AMT;DUR\n1;0,5;1,5e5;0,25\n1;3;2e5;0\n",
        "\u{feff}\"sep=;\"\r\nID;TIME;AMT;DUR\r\n1;0,5;1,5e5;0,25\r\n1;3;2e5;0\r\n",
        "ID;TIME;AMT;DUR\n1;0,5;1,5e5;0,25\n1;3;2e5;0\n;;;\n",
        "ID\tTIME\tAMT\tDUR\n1\t0,5\t1,5e5\t0,25\n1\t3\t2e5\t0\n",
        // Blanks, as NONMEM writes them.
        "  ID  TIME   AMT    DUR\n   1  0.5    1.5e5  0.25\n   1  3      2e5    0\n",
        // Semicolons with decimal points.
        "ID;TIME;AMT;DUR\n1;0.5;1.5e5;0.25\n1;3;2e5;0\n",
        // Separators at the ends of rows, with and without one after the heads.
        "ID,TIME,AMT,DUR\n1,0.5,1.5e5,0.25,\n1,3,2e5,0,,\n",
        "ID,TIME,AMT,DUR,,\n1,0.5,1.5e5,0.25,,\n1,3,2e5,0,,\n",
        // A column of the numbers of rows, without a head.
        "\tID\tTIME\tAMT\tDUR\n1\t1\t0.5\t1.5e5\t0.25\n2\t1\t3\t2e5\t0\n",
        // Quotes round everything, lines of old computers, blanks round cells.
        "\"ID\",\"TIME\",\"AMT\",\"DUR\"\n\"1\",\"0.5\",\"1.5e5\",\"0.25\"\n\"1\",\"3\",\"2e5\",\"0\"\n",
        "ID,TIME,AMT,DUR\r1,0.5,1.5e5,0.25\r1,3,2e5,0\r",
        " ID , TIME , AMT , DUR\n 1 , 0.5 , 1.5e5 , 0.25\n 1 , 3 , 2e5 , 0\n\n\n",
        // What R and NONMEM write where there is nothing.
        "ID,TIME,AMT,DUR,RATE,ADDL\n1,0.5,1.5e5,0.25,NA,.\n1,3,2e5,N/A,NA,\n",
    ] {
        let read = DosingTable::from_csv(table).unwrap();
        let like = scenario("mouse.toml");
        assert_eq!(
            read.scenarios(&like).unwrap(),
            plain.scenarios(&like).unwrap(),
            "{table:?}"
        );
        // The numbers of rows have no head.
        let unread = usize::from(table.starts_with('\t'));
        assert_eq!(read.unread().len(), unread, "{table:?}");
        assert!(read.skipped().is_empty(), "{table:?}");
    }
    // A number with both marks, or a comma in a table with points, may mean two things.
    for table in [
        "ID;TIME;AMT\n1;0;1.000,5\n",
        "ID;TIME;AMT\n1;0.5;1e5\n1;1,5;1e5\n",
        "ID,TIME,AMT\n1,\"0,5\",1e5\n",
        "ID;TIME;AMT\n1;0;1,000,000\n",
    ] {
        assert!(DosingTable::from_csv(table).is_err(), "{table:?}");
    }
    let unclosed = refused("ID,TIME,AMT\n1,0,5e5\n\"2,0,5e5\n3,0,5e5\n");
    assert!(unclosed.contains("line 3: a quote"), "{unclosed}");
    let quoted =
        doses("ID,TIME,AMT,NOTE\n\"a, b\",0,5e5,\"two\nlines\"\nc,0,5e5,\"say \"\"no\"\"\"\n");
    let ids: Vec<&str> = quoted.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["a, b", "c"]);
}

#[test]
fn columns_are_honoured_as_nonmem_defines_them() {
    let dose = |heads: &str, row: &str| {
        let scenario = only(&format!("TIME,AMT,{heads}\n0,1e5,{row}\n"));
        scenario.doses[0].clone()
    };
    for name in ["DUR", "TINF"] {
        assert_eq!(dose(name, "0.5").over, 0.5.hours());
    }
    for name in ["ALAG", "ALAG1", "LAG", "tlag"] {
        assert_eq!(dose(name, "0.5").lag, 0.5.hours());
    }
    assert!((dose("F1", "0.75").lost - 0.25).abs() < 1e-15);
    // A rate is that of the cells that enter, so that fewer take less time; a duration is kept.
    assert_eq!(dose("F1,RATE", "0.75,1e5").over, 0.75.hours());
    assert_eq!(dose("F1,DUR", "0.75,2").over, 2.hours());
    assert!(dose("EVID,MDV", "1.0,1").cells(25.0) >= 1e5);
    assert_eq!(dose("ROUTE", "IV").route, Route::intravenous());
    assert_eq!(dose("ROUTE", "i.p.").route, Route::intraperitoneal());
    assert_eq!(
        dose("PRODUCT", "Mouse MSC").product,
        Product::new("mouse_msc")
    );
    assert!(dose("SS,CMT,CENS,MDV", "0,0,0,.").cells(25.0) >= 1e5);
    // Rows that are no doses, and what belongs to doses in them.
    let table = "TIME,AMT,EVID,MDV,ALAG,F1\n-1,.,0,.,.,.\n0,1e5,1,1,0.5,1\n2,0,0,1,0.5,1\n3,0,2.0,1,0.5,1\n";
    let read = DosingTable::from_csv(table).unwrap();
    assert_eq!(only(table).report, [2.hours(), 3.hours()]);
    assert_eq!(read.skipped()[0].to_string(), "line 2 (before time 0)");
}

#[test]
fn what_cannot_be_honoured_is_refused_by_name() {
    for (heads, row, said) in [
        (
            "CMT",
            "2",
            "CMT = '2': must be 0 or absent: compartments have no numbers",
        ),
        ("CMT", "-1", "'ROUTE'"),
        ("ADM", "1", "'ROUTE'"),
        ("SS", "1", "steady state"),
        ("CENS", "1", "measurements are not read"),
        ("BLQ", "Y", "measurements are not read"),
        ("LLOQ", "500", "measurements are not read"),
        ("D1", "2", "'DUR'"),
        ("R1", "2", "'RATE'"),
        ("F2", "0.5", "'F1'"),
        ("ALAG2", "0.5", "'ALAG'"),
        ("DATE", "2024-02-01", "'TIME' in hours"),
        ("CONT", "1", "not supported"),
        ("EXCL", "1", "'#'"),
        ("C", "X", "must be C"),
        ("MDV", "0", "must be 1 or absent in a dose"),
        ("MDV", "7", "0 or 1"),
        ("EVID", "3", "a reset"),
        ("EVID", "1.5", "others are not supported"),
        ("F1", "1.2", "0 to 1"),
        ("RATE", "-1", "modelled"),
        ("ALAG,LAG", "1,2", "the two mean the same"),
        ("DUR,TINF", "1,2", "the two mean the same"),
        ("RATE,TINF", "5,2", "TINF = '2': must be absent where RATE"),
        ("II", "24", "without ADDL"),
        ("DUR", "NaN", "finite"),
    ] {
        let said_by = refused(&format!("TIME,AMT,{heads}\n0,5,{row}\n"));
        assert!(
            said_by.contains(said) && said_by.contains("line 2"),
            "{heads}: {said_by}"
        );
    }
    for row in ["0,5,0,.,.", "0,.,.,5,.", "0,.,.,.,2"] {
        let said = refused(&format!("TIME,AMT,EVID,RATE,ADDL\n{row}\n"));
        assert!(said.contains("in an observation"), "{row}: {said}");
    }
    assert!(refused("TIME,AMT\n-1,5\n").contains("must be at least 0 in a dose"));
}

#[test]
fn a_subject_stands_in_one_place() {
    let said = refused(&file("same_id_again.csv"));
    assert!(
        said.contains("line 4, ID = '1'") && said.contains("another ID"),
        "{said}"
    );
    // Those who are given nothing are not run, and named.
    let table = DosingTable::from_csv("ID,TIME,AMT\na,0,.\na,5,.\nb,0,5e5\nc,0,0\n").unwrap();
    assert_eq!(table.without_dose().collect::<Vec<_>>(), ["a", "c"]);
    let like = scenario("mouse.toml");
    let subjects = table.subjects(&like).unwrap();
    assert_eq!(subjects.len(), 1);
    assert_eq!(table.scenarios(&like).unwrap()[0].0, "b");
}

#[test]
fn lag_and_loss_of_the_scenario_are_kept() {
    let product = Product::bone_marrow_msc();
    let vein = Dose::new(1.cells(), product.clone())
        .lagging(0.1.hours())
        .losing(0.2);
    let other = Dose::new(1.cells(), Product::new("mapc")).lagging(0.3.hours());
    let cavity = Dose::new(1.cells(), product.clone())
        .by(Route::intraperitoneal())
        .losing(0.4);
    let like = Scenario::new(Host::mouse(25.g()))
        .dose(vein)
        .dose(other)
        .dose(cavity)
        .until(2.days());
    let table = "TIME,AMT,ROUTE,PRODUCT,ALAG,F1\n0,5,,,,\n0,5,IV,mapc,,\n0,5,ip,,,\n0,5,im,,,\n0,5,,,0,1\n0,5,ip,mapc,,\n";
    let table = DosingTable::from_csv(table).unwrap();
    let scenario = &table.scenarios(&like).unwrap()[0].1;
    let found: Vec<(f64, f64)> = scenario
        .doses
        .iter()
        .map(|dose| (dose.lag.value(), dose.lost))
        .collect();
    assert_eq!(
        found,
        [
            (0.1, 0.2),
            (0.3, 0.0),
            (0.0, 0.4),
            (0.0, 0.0),
            (0.0, 0.0),
            (0.0, 0.4)
        ]
    );
}

#[test]
fn all_faults_of_a_table_come_at_once() {
    let table =
        "ID,TIME,AMT,ADDL,II\n1,x,-1,0,0\n,0,5,0,0\n2,0,5,3,0\n2,1\n3,0,5,0,0\n3,-1,5,1.5,1\n";
    let said = refused(table);
    for fault in [
        "line 2, TIME = 'x'",
        "line 2, AMT = '-1'",
        "line 3, ID = ''",
        "line 4, II = '0'",
        "line 5, '2,1': 2 cell(s) under 5 heads",
        "line 7, ADDL = '1.5'",
        "line 7, TIME = '-1'",
    ] {
        assert!(said.contains(fault), "{fault}: {said}");
    }
    let many = format!("TIME,AMT\n{}", "0,-1\n".repeat(1000));
    match DosingTable::from_csv(&many).unwrap_err() {
        DosingTableError::Table(TableError::Several { faults, more }) => {
            assert_eq!((faults.len(), more), (20, 980));
        }
        other => panic!("{other:?}"),
    }
    assert!(refused(&many).ends_with("and 980 more"));
    let routes = "TIME,AMT,ROUTE,PRODUCT\n0,1,intravenus,\n1,1,lunge,\n2,1,,bone_marow_msc\n";
    let routes = DosingTable::from_csv(routes).unwrap();
    let said = routes
        .scenarios(&scenario("mouse.toml"))
        .unwrap_err()
        .to_string();
    for line in ["line 2, ROUTE", "line 3, ROUTE", "line 4, PRODUCT"] {
        assert!(said.contains(line), "{said}");
    }
    let said =
        Observed::from_csv("time_h,organ,value,unit\n-1,,x,pound\n1,lung,5,cells\n").unwrap_err();
    for column in ["time_h", "organ", "value", "unit"] {
        assert!(
            said.to_string().contains(&format!("line 2, {column} = ")),
            "{said}"
        );
    }
}

#[test]
fn reading_takes_time_in_proportion_to_rows() {
    let table = |subjects: u32| {
        let rows = (0..subjects).map(|k| format!("s{k},0,1e5,1\ns{k},24,.,0\n"));
        format!("ID,TIME,AMT,EVID\n{}", rows.collect::<String>())
    };
    let like = scenario("mouse.toml");
    let seconds = |subjects: u32| {
        let text = table(subjects);
        let begun = Instant::now();
        let read = DosingTable::from_csv(&text).unwrap();
        assert_eq!(read.subjects(&like).unwrap().count(), subjects as usize);
        begun.elapsed().as_secs_f64()
    };
    seconds(1000);
    let (few, many) = (seconds(4000), seconds(40_000));
    // Ten times the rows: ten times the time, where the square would take a hundred times.
    assert!(many < 40.0 * few, "{few} s and {many} s");
}

fn observed(heads: &str, row: &str) -> biodist::observation::ObservedRow {
    let table = Observed::from_csv(&format!("time_h,organ,value,{heads}\n{row}\n")).unwrap();
    assert_eq!(table.rows().len(), 1, "{row}");
    table.rows()[0].clone()
}

#[test]
fn censored_measurements_are_limits() {
    let table = Observed::from_csv(&file("cens.csv")).unwrap();
    let found: Vec<Value> = table.rows().iter().map(|row| row.value).collect();
    assert_eq!(
        found,
        [
            Value::NotDetected { limit: 500.0 },
            Value::Detected(36000.0)
        ]
    );
    assert!(table.unread().is_empty());
    for (heads, cells) in [
        ("CENS", "500,1"),
        ("CENS,LLOQ", ".,1,500"),
        ("CENS,LLOQ", "0,1,500"),
        ("BLQ,LLOQ", "NA,1,500"),
        ("LLOQ", "BLQ,500"),
        ("LLOQ", "bloq,500"),
        ("LLOQ", "ND,500"),
        ("LLOQ", "n.d.,500"),
        ("LLOQ", "<LLOQ,500"),
        ("LOQ", "< LOQ,500"),
        ("LLOQ", "12,500"),
        ("LLOQ", "0,500"),
        ("unit", "<500,cells"),
    ] {
        let row = observed(heads, &format!("24,kidney,{cells}"));
        assert_eq!(
            row.value,
            Value::NotDetected { limit: 500.0 },
            "{heads}: {cells}"
        );
        assert_eq!(row.typed, "<500", "{heads}: {cells}");
    }
}

#[test]
fn a_limit_that_is_none_is_refused() {
    for (heads, cells, said) in [
        ("unit", "BLQ,cells", "'LLOQ'"),
        ("CENS", ".,1", "'LLOQ'"),
        ("CENS", "0,1", "'LLOQ'"),
        ("CENS,LLOQ", "600,1,500", "must not be above LLOQ"),
        ("CENS,LLOQ", "400,0,500", "must be at least LLOQ"),
        ("CENS", "<500,0", "must be a number"),
        ("CENS", "500,-1", "not supported"),
        ("CENS,BLQ", "500,1,0", "must agree"),
        ("LIMIT", "500,3", "not supported"),
        ("LLOQ", "500,much", "finite"),
        ("MDV", "500,2", "0 or 1"),
    ] {
        let table = format!("time_h,organ,value,{heads}\n24,kidney,{cells}\n");
        let error = Observed::from_csv(&table).unwrap_err().to_string();
        assert!(error.contains(said), "{heads}: {cells}: {error}");
    }
}

#[test]
fn rows_without_a_measurement_are_skipped_and_said() {
    let table = "time_h,organ,value,C,MDV,EVID,AMT\n1,lung,5,C,,,\n1,lung,5,,1,,\n1,lung,5,,,1,\n1,lung,NA,,,,\n1,lung,.,,,,9\n#\n1,lung,7,.,0,0,0\n";
    let table = Observed::from_csv(table).unwrap();
    assert_eq!(table.rows().len(), 1);
    let skipped: Vec<String> = table.skipped().iter().map(ToString::to_string).collect();
    let expected = [
        "line 2 (marked C)",
        "line 3 (MDV 1)",
        "line 4 (a dose)",
        "line 5 (no value)",
        "line 6 (a dose)",
        "line 7 (a remark)",
    ];
    assert_eq!(skipped, expected);
}

#[test]
fn units_places_and_digits_are_those_of_the_table() {
    let row = observed("unit,assay", "24,Lungs,8.20,% ID/g,Gamma Counter");
    assert_eq!(
        (row.unit, row.typed.as_str()),
        (ReadingUnit::PercentDosePerGram, "8.20")
    );
    let run = scenario("mouse.toml")
        .labelled(Label::chromium_51())
        .simulate()
        .unwrap();
    let beside = |organ: &str, more: &str| {
        let row = observed("unit,assay,label", &format!("24,{organ},8.20,{more}"));
        run.beside(&row).unwrap()
    };
    let percent = "% ID / g,gamma_counter,chromium_51";
    assert_eq!(
        beside("Lungs", percent),
        beside("lung", "%ID/g,gamma_counter,chromium_51")
    );
    assert_eq!(beside("Kidneys", percent), beside("kidney", percent));
    assert_eq!(beside("Whole body", "cells,,"), beside("body", ",,"));
    let table = Observed::from_csv("time_h;organ;value\n0,5;lung;1,50\n0,5;lung;<2,0\n").unwrap();
    let typed: Vec<&str> = table.rows().iter().map(|row| row.typed.as_str()).collect();
    assert_eq!(typed, ["1.50", "<2.0"]);
    assert_eq!(table.rows()[0].time, 0.5.hours());
}

// 1000 cells, of which exp(-2.5) live after 5 h; 1000 more come at 10 h.
#[test]
fn a_share_of_the_dose_is_of_what_was_given_by_then() {
    let scenario = scenario("percent_of_two_doses.toml");
    let run = scenario.simulate().unwrap();
    assert!((run.model.dose_by(5.0) - 1000.0).abs() < 1e-9);
    assert!((run.model.dose_by(10.0) - 2000.0).abs() < 1e-9);
    let living = observed("unit,assay", "5,peritoneum,8.2,%ID,living cells");
    let value = run.beside(&living).unwrap().detected().unwrap();
    assert!((value - 100.0 * (-2.5_f64).exp()).abs() < 1e-3, "{value}");
    let later = observed("unit,assay", "15,peritoneum,8.2,%ID,living cells");
    let value = run.beside(&later).unwrap().detected().unwrap();
    let expected = 50.0 * ((-2.5_f64).exp() + (-7.5_f64).exp());
    assert!((value - expected).abs() < 1e-3, "{value}");
    // A share of a label is never compared with living cells unasked.
    let table = Observed::from_csv(&file("percent_of_two_doses.csv")).unwrap();
    let error = run.beside(&table.rows()[0]).unwrap_err();
    assert!(matches!(error, ObservationError::WhichLabel { .. }));
    let said = error.to_string();
    assert!(
        said.contains("8.21 %ID of the 1000 cells") && said.contains("'living cells'"),
        "{said}"
    );
}

// The label of dead cells stays where they died, as long as nothing takes it away.
#[test]
fn a_share_of_the_dose_is_that_of_the_label_of_the_scenario() {
    let scenario = scenario("percent_of_two_doses.toml").labelled(Label::chromium_51());
    let run = scenario.clone().simulate().unwrap();
    let table = Observed::from_csv(&file("percent_of_two_doses.csv")).unwrap();
    let row = &table.rows()[0];
    assert_eq!(row.measured_by, MeasuredBy::Label(None));
    let assay = run.assay_of(row).unwrap().unwrap();
    assert_eq!(assay.to_string(), "gamma counter, chromium 51");
    let named = observed(
        "unit,assay,label",
        "5,peritoneum,8.2,%ID,gamma_counter,chromium_51",
    );
    assert_eq!(run.beside(row).unwrap(), run.beside(&named).unwrap());
    let two = scenario.labelled(Label::luciferase()).simulate().unwrap();
    assert!(
        two.beside(row)
            .unwrap_err()
            .to_string()
            .contains("chromium_51, luciferase")
    );
    let named = observed("unit,label", "5,peritoneum,8.2,%ID,luciferase");
    let assay = two.assay_of(&named).unwrap().unwrap();
    assert_eq!(assay.instrument, "luminescence");
}

// All the cells are in one place, so that every reading of the whole body is 100 % of what was given by then.
#[test]
fn readings_of_instruments_have_the_same_denominator() {
    let mut scenario = scenario("still.toml").labelled(Label::carbon_14_thymidine());
    scenario.doses[0].amount = 1e6.cells().into();
    scenario.doses[0] = scenario.doses[0].clone().repeated(2, 0.5.hours());
    let run = scenario.simulate().unwrap();
    for time in ["0.25", "0.75"] {
        let row = observed(
            "unit,assay,label",
            &format!("{time},peritoneum,100,%ID,liquid_scintillation,carbon_14_thymidine"),
        );
        let value = run.beside(&row).unwrap().detected().unwrap();
        assert!((value - 100.0).abs() < 0.5, "{time}: {value}");
    }
    assert!((depot(&run, 0.75.hours()) - 2e6).abs() < 1.0);
}

/// Pieces of which tables are made, and what breaks them.
const PIECES: [&str; 28] = [
    "ID", "TIME", "AMT", "EVID", "C", "time_h", "organ", "value", "CENS", "LLOQ", ",", ";", "\t",
    "\n", "\r\n", "\"", "#", "sep=;", "0", "1", "-1", "0,5", "1e5", "NA", ".", "<", "\u{feff}",
    "µ%",
];

proptest! {
    #![proptest_config(config(2000))]

    // Refused or read, and never a panic; what is read can be checked.
    #[test]
    fn any_text_is_read_or_refused(pieces in prop::collection::vec(0..PIECES.len(), 0..60), good in any::<bool>()) {
        let heads = if good { "ID,TIME,AMT,EVID\n" } else { "" };
        let text: String = pieces.iter().map(|k| PIECES[*k]).collect();
        if let Ok(table) = DosingTable::from_csv(&format!("{heads}{text}"))
            && let Ok(scenarios) = table.scenarios(&scenario("mouse.toml"))
        {
            for (_, scenario) in scenarios {
                let _ = scenario.check();
            }
        }
        let heads = if good { "time_h,organ,value,unit,CENS\n" } else { "" };
        let _ = Observed::from_csv(&format!("{heads}{text}"));
    }
}

#[test]
fn a_mark_of_the_order_of_bytes_is_read_over_everywhere() {
    let marked = |text: &str| format!("\u{feff}{text}");
    let toml = file("mouse.toml");
    assert_eq!(
        Scenario::from_toml(&marked(&toml)).unwrap(),
        scenario("mouse.toml")
    );
    let published = include_str!("../src/evidence/published.toml");
    assert!(Evidence::from_toml(&marked(published)).is_ok());
    let experiments = include_str!("../examples/experiments/depot.toml");
    assert!(Fit::from_toml(&marked(experiments), vec![]).is_ok());
    let observed = Observed::from_csv(&marked("time_h,organ,value\n1,lung,5\n")).unwrap();
    assert_eq!(observed.rows().len(), 1);
}
