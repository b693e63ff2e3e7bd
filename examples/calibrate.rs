//! Calibrates the defaults of the registry anew, and says what the data identify.
//!
//! ```text
//! cargo run --release --example calibrate [-- FOLDER]           # pictures and tables, some minutes
//! cargo run --release --example calibrate -- FOLDER --write     # also the rows of the registry, docs/calibration.md
//! ```

use std::error::Error;
use std::fmt::Write;

use biodist::data::{self, Correlation, Quantity, Status};
use biodist::fit::{Calibration, Fitted, Profile, bounds_table, calibrate, profiles_picture};
use biodist::report::TextTable;
use rayon::prelude::*;

const STARTS: usize = 3;

/// Four digits that count, as the registry has them.
fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    rounded.to_string()
}

/// Rows for the registry.
fn rows(found: &Fitted) -> Result<Vec<Quantity>, Box<dyn Error>> {
    let starting = data::starting()?;
    let mut rows = vec![];
    for e in &found.estimates {
        let before = starting
            .iter()
            .find(|row| row.id == e.id && row.species == e.species)
            .ok_or("a row of the plan is not in the registry")?;
        rows.push(Quantity {
            value: short(e.value).parse()?,
            gsd: format!("{:.3}", e.gsd).parse()?,
            status: Status::Fitted,
            source: "calibration".to_string(),
            meaning: format!("{}; before calibration {}", before.meaning, before.value),
            ..before.clone()
        });
    }
    Ok(rows)
}

/// How they hang together, for the registry.
fn correlations(found: &Fitted) -> Vec<Correlation> {
    let mut rows = vec![];
    for (i, a) in found.estimates.iter().enumerate() {
        for (j, b) in found.estimates.iter().enumerate().take(i) {
            rows.push(Correlation {
                a: b.id.clone(),
                a_species: b.species.clone(),
                b: a.id.clone(),
                b_species: a.species.clone(),
                r: (1000.0 * found.correlations[i][j]).round() / 1000.0,
            });
        }
    }
    rows
}

fn markdown(table: &TextTable) -> String {
    let mut text = String::new();
    for (k, row) in table.rows().iter().enumerate() {
        let _ = writeln!(text, "| {} |", row.join(" | "));
        if k == 0 {
            let _ = writeln!(text, "|{}", "---|".repeat(row.len()));
        }
    }
    text
}

fn page(calibration: &Calibration, all: &[Profile]) -> String {
    let (everything, told) = (&calibration.everything, &calibration.told);
    let mut page = include_str!("../docs/calibration_head.md").to_string();
    let _ = write!(
        page,
        "\n## The numbers\n\n{}\nMinus the logarithm of the posterior: {:.1} before, {:.1} after; {} of {} starts \
         ended there.\n\nNot identified by these data, and left as they were: {}.\n",
        markdown(&told.numbers_table()),
        told.cost_before,
        told.cost,
        told.starts.1,
        told.starts.0,
        everything.not_told().join(", "),
    );
    page.push_str("\nKnown together better than each (correlation above 0.5):\n\n");
    for (a, b, r) in told.entangled(0.5) {
        let _ = writeln!(page, "- `{a}` and `{b}`: {r:.2}");
    }
    let _ = write!(
        page,
        "\n## Data beside the model\n\n![Model against data](pictures/calibration.svg)\n\n{}",
        markdown(&told.data_table())
    );
    page.push_str("\n## Profiles\n\n![Profile likelihoods](pictures/calibration_profiles.svg)\n\n");
    page.push_str("95 % bounds from the data alone, the number's own prior set aside:\n\n");
    page.push_str(&markdown(&bounds_table(all, told)));
    page
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.first().map_or("target/pictures", String::as_str);
    let calibration = calibrate(STARTS, 1)?;
    let told = &calibration.told;
    println!(
        "{}\n{}",
        calibration.everything.numbers_table(),
        told.numbers_table()
    );
    println!("{}", told.data_table());
    println!(
        "cost {:.2} before, {:.2} after; starts {:?}",
        told.cost_before, told.cost, told.starts
    );
    std::fs::create_dir_all(folder)?;
    std::fs::write(format!("{folder}/calibration.svg"), told.picture()?)?;
    let write = arguments.iter().any(|argument| argument == "--write");
    if write {
        let mut writer = csv::Writer::from_path("src/data/fitted.csv")?;
        for row in rows(told)? {
            writer.serialize(row)?;
        }
        writer.flush()?;
        let mut writer = csv::Writer::from_path("src/data/correlations.csv")?;
        for row in correlations(told) {
            writer.serialize(row)?;
        }
        writer.flush()?;
    }
    let count = told.estimates.len();
    let all = (0..count).into_par_iter();
    let all = all.map(|k| calibration.fit.profile(k, told));
    let all = all.collect::<Result<Vec<_>, _>>()?;
    std::fs::write(
        format!("{folder}/calibration_profiles.svg"),
        profiles_picture(&all, told)?,
    )?;
    println!("pictures: {folder}/calibration.svg, {folder}/calibration_profiles.svg");
    if write {
        std::fs::write("docs/calibration.md", page(&calibration, &all))?;
        println!("written: src/data/fitted.csv, src/data/correlations.csv, docs/calibration.md");
    }
    Ok(())
}
