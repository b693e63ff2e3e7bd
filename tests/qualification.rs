//! Promise: the qualification says what was found and hides nothing: a failed check is no pass, a failed
//! prediction is no failure of the program, and the report is the same for the same seed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::sync::OnceLock;

use biodist::evidence::{Finding, Split, published};
use biodist::qualification::{Qualification, Scores, Skill, Verdict, qualify};

fn found() -> &'static Qualification {
    static FOUND: OnceLock<Qualification> = OnceLock::new();
    FOUND.get_or_init(|| qualify(60, 1).unwrap())
}

#[test]
fn every_criterion_of_verification_is_met_here() {
    let failed = found().checks.iter().filter(|check| !check.passed);
    let failed: Vec<String> = failed.map(|check| format!("{check:?}")).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(found().is_verified());
    // The whole ladder, each rung once.
    let mut rungs: Vec<&str> = found().checks.iter().map(|check| check.id).collect();
    rungs.sort_unstable();
    let mut once = rungs.clone();
    once.dedup();
    assert_eq!(rungs, once);
    for rung in 1..=13 {
        let name = format!("V{rung}");
        assert!(
            rungs
                .iter()
                .any(|id| id.trim_end_matches(char::is_alphabetic) == name),
            "{name}"
        );
    }
}

#[test]
fn a_failed_check_is_no_pass() {
    let mut torn = found().clone();
    torn.checks[3].passed = false;
    assert!(!torn.is_verified());
    let page = torn.to_html();
    assert!(page.contains("FAIL") && page.contains("Do not rely on results of this build"));
    assert!(!found().to_html().contains("Do not rely"));
}

// What is held out stays held out, and what fails is in the report, in the table and counted.
#[test]
fn every_validation_row_is_in_the_report_whatever_its_verdict() {
    let rows: usize = published()
        .unwrap()
        .only(Split::Validation)
        .iter()
        .map(|e| e.data.len())
        .sum();
    assert_eq!(found().validation.len(), rows);
    let verdicts = Verdict::ALL;
    let counts = verdicts.map(|verdict| found().with_verdict(verdict));
    assert_eq!(counts.iter().sum::<usize>(), rows);
    // The two of Gholamrezanezhad, DNA in the blood of three mice of ten where half a mouse was predicted, and label that
    // outlives any cell of the model.
    let missed = found()
        .validation
        .iter()
        .filter(|row| row.verdict == Verdict::Missed);
    let missed: Vec<&str> = missed.map(|row| row.source.as_str()).collect();
    assert_eq!(
        missed,
        [
            "gholamrezanezhad_2011",
            "gholamrezanezhad_2011",
            "nod_scid_2014",
            "devine_2003",
            "von_bahr_2012"
        ]
    );
    let page = found().to_html();
    assert!(page.matches("MISSED").count() >= missed.len());
    for row in &found().validation {
        assert!(
            page.contains(&row.name) || row.name.contains(['<', '>', '&']),
            "{}",
            row.name
        );
        assert!(
            row.low.is_finite() && row.low <= row.high && row.middle.is_finite(),
            "{row:?}"
        );
    }
    println!("{}\n{}", found().validation_table(), found().scores_table());
    let summary = found().summary().join(" ");
    println!("{summary}");
    assert!(
        summary.contains(&format!("{} are missed", counts[3])),
        "{summary}"
    );
}

#[test]
fn the_report_is_one_file_and_the_same_for_the_same_seed() {
    let again = qualify(60, 1).unwrap();
    assert_eq!(again.to_json(), found().to_json());
    let other = qualify(60, 2).unwrap();
    assert_ne!(other.to_json(), found().to_json());
    let page = found().to_html();
    assert!(page.contains("<svg") && !page.contains("<script") && !page.contains("src="));
    let read: serde_json::Value = serde_json::from_str(&found().to_json()).unwrap();
    for key in [
        "machine",
        "draws",
        "seed",
        "checks",
        "calibration",
        "validation",
        "claims",
    ] {
        assert!(!read[key].is_null(), "{key}");
    }
    for few in [0, 2, 39] {
        let refused = qualify(few, 1).unwrap_err().to_string();
        assert!(refused.contains(&format!("draws = {few}")), "{refused}");
        assert!(refused.contains("at least 40"), "{refused}");
    }
}

// What counts as what: limits and counts have no factor of two, and nothing exceeds the whole.
#[test]
fn the_summary_counts_only_what_can_fail() {
    let found = found();
    let (near, all) = found.within_twofold();
    let (held, same) = found.coverage();
    assert_eq!((all, same), (10, 10));
    assert!(near <= all && held <= all);
    assert_eq!(found.quarters().iter().sum::<usize>(), all);
    for row in &found.validation {
        let limit = matches!(row.found, Finding::Below(_) | Finding::Above(_));
        let count = matches!(row.found, Finding::Positive { .. });
        assert_eq!(row.pit.is_some(), !limit && !count);
        assert_eq!(row.probability.is_some(), limit || count);
        assert!(row.fold_error.is_none() || row.is_quantity());
        if row.name.contains('%') {
            assert!(row.high <= 100.0 && row.low >= 0.0, "{row:?}");
        }
        let inside = row.found.is_held_by(row.low, row.high);
        match row.verdict {
            // An unlikely count may lie between two likely ones.
            Verdict::Missed => assert!(limit || count || !inside, "{row:?}"),
            Verdict::Uninformative => {
                let Finding::Positive { of, .. } = row.found else {
                    panic!("{row:?}");
                };
                assert!(row.low <= 0.0 && row.high >= f64::from(of), "{row:?}");
            }
            _ => assert!(inside, "{row:?}"),
        }
    }
    let (decades, rows) = found.mean_decades().unwrap();
    assert!(decades > 0.1 && rows > 5);
    // The calibration must be worth something: better than knowing nothing.
    let crps = |of: fn(&Skill) -> Scores| found.mean_crps_of_shares(of).unwrap().0;
    assert!(crps(|skill| skill.model) < crps(|skill| skill.nothing));
    let page = found.to_html();
    assert!(page.contains("CRPS") && page.contains("knowing nothing"));
}
