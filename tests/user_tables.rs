//! Promise: a dosing table is the scenario that it describes, a measurement stands beside the number of the
//! model, and a wrong cell is named with its line, column, value and what is allowed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use biodist::data::TableError;
use biodist::observation::{Assay, Observed, ReadingUnit, Value};
use biodist::prelude::*;
use biodist::scenario::{DosingTable, DosingTableError, Entry};

fn like() -> Scenario {
    Scenario::new(Host::mouse(25.g()))
        .dose(
            Dose::new(1.cells(), Product::new("mouse_msc").viability(0.8)).by(Route::portal_vein()),
        )
        .until(2.days())
}

fn scenarios(table: &str) -> Vec<(String, Scenario)> {
    let table = DosingTable::from_csv(table).unwrap();
    table.scenarios(&like()).unwrap()
}

#[test]
fn a_dosing_table_is_the_scenario_that_it_describes() {
    let table = "id,time,amt,rate,dur,addl,ii,evid,route,product\n\
                 7,0,5e5,1e6,,,,1,,\n\
                 7,1,.,.,.,.,.,0,,\n\
                 7,1,.,.,.,.,.,0,,\n\
                 7,3,2e5,,,2,12,1,intracoronary,mapc\n\
                 7,30,.,.,.,.,.,0,,\n\
                 8,6,1e6,0,0.25,0,0,1,Intra Articular,mouse_msc\n";
    let product = Product::new("mouse_msc").viability(0.8);
    let mut seven = like();
    seven.doses = vec![
        Dose::new(5e5.cells(), product.clone())
            .by(Route::portal_vein())
            .over(0.5.hours()),
        Dose::new(2e5.cells(), Product::new("mapc"))
            .by(Route::intracoronary())
            .at(3.hours())
            .repeated(3, 12.hours()),
    ];
    let seven = seven.report_at([1.hours(), 30.hours()]);
    let mut eight = like();
    eight.doses = vec![
        Dose::new(1e6.cells(), product)
            .by(Route::intra_articular())
            .at(6.hours())
            .over(0.25.hours()),
    ];
    let expected = [("7".to_string(), seven), ("8".to_string(), eight)];
    assert_eq!(scenarios(table), expected);
    for (_, scenario) in scenarios(table) {
        scenario.check().unwrap();
    }
}

#[test]
fn evid_may_be_left_out_and_other_columns_are_told() {
    let table = DosingTable::from_csv("TIME,AMT,WT,DV\n0,1e5,25,.\n4,0,25,3\n").unwrap();
    assert_eq!(table.unread(), ["WT", "DV"]);
    let (_, scenario) = &table.scenarios(&like()).unwrap()[0];
    assert_eq!(scenario.doses.len(), 1);
    assert_eq!(scenario.report, [4.hours()]);
}

#[test]
fn the_run_goes_on_to_the_last_dose_and_observation() {
    let until = |table: &str| scenarios(table)[0].1.until;
    assert_eq!(until("TIME,AMT\n0,1e5\n"), 2.days(), "that of the scenario");
    assert_eq!(until("TIME,AMT\n0,1e5\n100,\n"), 100.hours());
    // Two hours at the end of 72.
    assert_eq!(until("TIME,AMT,DUR,ADDL,II\n0,1e5,2,3,24\n"), 74.hours());
    // A bolus at 72 h leaves a day to follow its cells.
    assert_eq!(until("TIME,AMT,ADDL,II\n0,1e5,3,24\n"), 96.hours());
}

#[test]
fn a_route_of_the_scenario_is_known_by_its_name() {
    let tumour = Route::new("intratumoural", Entry::Depot(Organ::HEART));
    let like = like().with_route(&tumour);
    let table = DosingTable::from_csv("TIME,AMT,ROUTE\n0,1e5,intratumoural\n").unwrap();
    assert_eq!(table.scenarios(&like).unwrap()[0].1.doses[0].route, tumour);
}

#[test]
fn a_wrong_cell_of_a_dosing_table_is_named() {
    for (table, column, value, allowed) in [
        ("TIME,AMT\nx,1\n", "TIME", "x", "at least 0"),
        ("TIME,AMT\n.,1\n", "TIME", ".", "hours"),
        ("TIME,AMT\n0,-1\n", "AMT", "-1", "at least 0"),
        ("TIME,AMT\n0,inf\n", "AMT", "inf", "finite"),
        ("TIME,AMT,EVID\n0,0,1\n", "AMT", "0", "above 0"),
        ("TIME,AMT,EVID\n0,5,0\n", "AMT", "5", "observation"),
        ("TIME,AMT,EVID\n0,5,4\n", "EVID", "4", "not supported"),
        ("TIME,AMT,RATE\n0,5,-2\n", "RATE", "-2", "at least 0"),
        ("TIME,AMT,RATE,DUR\n0,5,1,1\n", "DUR", "1", "RATE"),
        ("TIME,AMT,ADDL,II\n0,5,1.5,1\n", "ADDL", "1.5", "whole"),
        ("TIME,AMT,ADDL,II\n0,5,2,.\n", "II", ".", "above 0"),
        ("TIME,AMT,SS\n0,5,1\n", "SS", "1", "steady state"),
    ] {
        match DosingTable::from_csv(table) {
            Err(DosingTableError::Table(TableError::BadCell {
                line,
                column: found,
                value: shown,
                allowed: said,
            })) => {
                assert_eq!((line, found, shown.as_str()), (2, column, value), "{table}");
                assert!(said.contains(allowed), "{said}");
            }
            other => panic!("{table}: {other:?}"),
        }
    }
    let back = DosingTable::from_csv("ID,TIME,AMT\n2,0,1\n1,5,1\n1,4,1\n").unwrap_err();
    assert!(back.to_string().contains("line 4, TIME = '4'"), "{back}");
}

#[test]
fn tables_are_read_as_programs_write_them() {
    // With a mark of the order of bytes, other separators, other cases, and the remark sign of NONMEM.
    let plain = DosingTable::from_csv("ID,TIME,AMT\n1,0,5e5\n2,0,1e6\n").unwrap();
    for table in [
        "\u{feff}ID,TIME,AMT\n1,0,5e5\n2,0,1e6\n",
        "#ID,time,amt\r\n1,0,5e5\r\n2,0,1e6\r\n",
        "ID;TIME;AMT\n1;0;5e5\n2;0;1e6\n",
        "ID\tTIME\tAMT\n1\t0\t5e5\n2\t0\t1e6\n",
    ] {
        assert_eq!(DosingTable::from_csv(table).unwrap(), plain, "{table:?}");
    }
    let comma = DosingTable::from_csv("ID,TIME,AMT\n1,\"0,5\",5e5\n").unwrap_err();
    assert!(comma.to_string().contains("decimal point"), "{comma}");
    let observed = Observed::from_csv("Time_h;Organ;Value\n1;Bone Marrow;3\n").unwrap();
    let plain = Observed::from_csv("time_h,organ,value\n1,bone_marrow,3\n").unwrap();
    let run = run();
    let [wild, tame] = [&observed, &plain].map(|table| run.beside(&table.rows()[0]).unwrap());
    assert_eq!(wild, tame);
    assert!(wild.detected().unwrap() > 0.0);
}

#[test]
fn nothing_in_a_table_is_lost_without_a_word() {
    for (table, said) in [
        ("ID,TIME,AMT\n1,0,5e5\n,0,1e6\n", "line 3, ID = ''"),
        (
            "ID,TIME,TIME,AMT\n1,0,5,5e5\n",
            "more than one column 'TIME'",
        ),
        (
            "ID,time,TIME,AMT\n1,0,5,5e5\n",
            "more than one column 'TIME'",
        ),
        ("TIME,AMT\n", "no rows"),
        ("", "no column 'TIME'"),
    ] {
        let error = DosingTable::from_csv(table).unwrap_err().to_string();
        assert!(error.contains(said), "{table:?}: {error}");
    }
    for (table, said) in [
        (
            "time_h,organ,value,value\n1,lung,3,4\n",
            "more than one column 'value'",
        ),
        ("time_h,organ,value\n", "no rows"),
    ] {
        let error = Observed::from_csv(table).unwrap_err().to_string();
        assert!(error.contains(said), "{table:?}: {error}");
    }
}

#[test]
fn a_dosing_table_without_what_it_needs_is_refused() {
    let missing = DosingTable::from_csv("TIEM,AMT\n0,1\n").unwrap_err();
    assert!(missing.to_string().contains("'TIME'") && missing.to_string().contains("TIEM"));
    let ragged = DosingTable::from_csv("TIME,AMT\n0\n").unwrap_err();
    assert!(matches!(
        ragged,
        DosingTableError::Table(TableError::WrongLength { line: 2, .. })
    ));
    let refused = |table: &str, like: &Scenario| {
        let table = DosingTable::from_csv(table).unwrap();
        table.scenarios(like).unwrap_err().to_string()
    };
    let empty = refused("ID,TIME,AMT\n3,1,0\n", &like());
    assert!(empty.contains("subject '3' has no dose"), "{empty}");
    let route = refused("TIME,AMT,ROUTE\n0,1,intravenus\n", &like());
    assert!(
        route.contains("line 2") && route.contains("near names: intravenous"),
        "{route}"
    );
    let bare = Scenario::new(Host::mouse(25.g()));
    assert!(refused("TIME,AMT\n0,1\n", &bare).contains("PRODUCT"));
}

fn run() -> Run {
    let dose = Dose::new(5e5.cells(), Product::new("mouse_msc")).over(1.minutes());
    let scenario = Scenario::new(Host::mouse(25.g()))
        .dose(dose)
        .labelled(Label::chromium_51())
        .until(2.days());
    scenario.simulate().unwrap()
}

/// What the model says beside one row.
fn beside(run: &Run, row: &str) -> f64 {
    let table = Observed::from_csv(&format!("time_h,organ,value,unit,assay,label\n{row}\n"));
    let value = run.beside(&table.unwrap().rows()[0]).unwrap();
    value.detected().unwrap()
}

#[test]
fn living_cells_stand_beside_those_of_the_ledger() {
    let run = run();
    let ledger = run.ledger(24.hours()).unwrap();
    let lung = ledger.viable(Organ::LUNG);
    let grams = run.model.body.tissue(&Organ::LUNG).unwrap().mass;
    for (row, expected) in [
        ("24,lung,1,cells,,", lung),
        ("24,lung,1,,,", lung),
        ("24,lung,1,cells/g,,", lung / grams),
        ("24,lung,1,%ID,living cells,", 100.0 * lung / 5e5),
        ("24,lung,1,%ID/g,living cells,", 100.0 * lung / 5e5 / grams),
        ("24,body,1,cells,,", ledger.viable_in_body()),
        (
            "24,body,1,%ID/g,living cells,",
            ledger.viable_in_body() / 5e3 / 25.0,
        ),
    ] {
        let found = beside(&run, row);
        assert!(
            (found / expected - 1.0).abs() < 1e-9,
            "{row}: {found}, {expected}"
        );
    }
}

#[test]
fn an_instrument_stands_beside_its_reading() {
    let run = run();
    let counter = Assay::gamma_counter(Label::chromium_51()).in_unit(ReadingUnit::PercentDose);
    let reading = run.read(&counter, Organ::LIVER, &[24.hours()]).unwrap();
    let found = beside(&run, "24,liver,1,%ID,gamma_counter,chromium_51");
    assert_eq!(Value::Detected(found), reading.values[0]);
}

#[test]
fn what_was_not_found_has_a_limit() {
    let table = Observed::from_csv("organ,value,time_h,id,who\nlung,<50,2,m1,me\n").unwrap();
    assert_eq!(table.unread(), ["who"]);
    let row = &table.rows()[0];
    assert_eq!(row.value, Value::NotDetected { limit: 50.0 });
    assert_eq!((row.line, row.subject.as_deref()), (2, Some("m1")));
    assert_eq!(row.to_string(), "lung, living cells, at 2 h: <50 cells");
}

#[test]
fn a_wrong_cell_of_a_table_of_measurements_is_named() {
    let heads = "time_h,organ,value,unit,assay,label\n";
    for (row, column, allowed) in [
        ("-1,lung,1,,,", "time_h", "finite"),
        ("1,,1,,,", "organ", "body"),
        ("1,lung,NaN,,,", "value", "at least 0"),
        ("1,lung,>3,,,", "value", "'<'"),
        ("1,lung,1,percent,,", "unit", "%ID"),
        ("1,lung,1,Bq,,", "unit", "assay"),
        ("1,lung,1,,gama_counter,", "assay", "gamma_counter"),
        ("1,lung,1,,,chromium_51", "label", "assay"),
    ] {
        match Observed::from_csv(&format!("{heads}{row}\n")) {
            Err(TableError::BadCell {
                line,
                column: found,
                allowed: said,
                ..
            }) => {
                assert_eq!((line, found), (2, column), "{row}");
                assert!(said.contains(allowed), "{row}: {said}");
            }
            other => panic!("{row}: {other:?}"),
        }
    }
    let missing = Observed::from_csv("time,organ,value\n1,lung,3\n").unwrap_err();
    assert!(
        missing
            .to_string()
            .contains("'time_h'; columns that look like it: time")
    );
    let table = Observed::from_csv("time_h,organ,value\n1,lunge,3\n").unwrap();
    let unknown = run().beside(&table.rows()[0]).unwrap_err();
    assert!(
        unknown.to_string().contains("near names: lung"),
        "{unknown}"
    );
}
