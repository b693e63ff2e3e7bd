//! Calibrates the defaults of the registry anew, and says what the data can tell.
//!
//! ```text
//! cargo run --release --example calibrate [-- FOLDER]           # pictures and tables, some minutes
//! cargo run --release --example calibrate -- FOLDER --write     # also the rows of the registry, docs/calibration.md
//! ```

use std::error::Error;
use std::fmt::Write;

use biodist::data::{self, Correlation, Quantity, Status};
use biodist::fit::{Calibration, Fitted, Profile, bounds_table, calibrate};
use biodist::plot::{self, Curve, CurveLine, CurvePoint, Panel, Panels, Scale};
use biodist::report::TextTable;
use rayon::prelude::*;

const STARTS: usize = 3;

/// Four digits that count, as the registry has them.
fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    rounded.to_string()
}

/// Model against data, with the line of equality and those of a factor of two.
fn against(found: &Fitted) -> Result<String, Box<dyn Error>> {
    let points: Vec<CurvePoint> = found
        .residuals
        .iter()
        .filter(|row| row.model > 0.0)
        .map(|row| {
            let far = row.fold_error.is_some_and(|fold| fold > 2.0);
            let label = if far { row.name.as_str() } else { "" };
            CurvePoint::new(row.found.typical(), row.model, label)
        })
        .collect();
    let ends = [1e-3, 1e4];
    let line = |name: &str, factor: f64| CurveLine::new(name, ends.map(|x| (x, factor * x)));
    Ok(plot::curve(&Curve {
        title: "The calibrated model against the data of its calibration".to_string(),
        subtitle: "Each number in the unit of its row; limits stand at their value; named: off by more than two"
            .to_string(),
        x: "Measured, or its limit".to_string(),
        y: "Model".to_string(),
        x_scale: Scale::Log,
        y_scale: Scale::Log,
        lines: vec![line("equal", 1.0), line("twice", 2.0), line("half", 0.5)],
        points,
    })?)
}

fn profiles(profiles: &[Profile], found: &Fitted) -> Result<String, Box<dyn Error>> {
    let panels = profiles.iter().zip(&found.estimates).map(|(profile, e)| {
        let points = profile.points.iter().filter(|point| point.rise < 4.0);
        let ends = [0.1, 10.0];
        let near = points.filter(|p| (ends[0]..=ends[1]).contains(&(p.value / e.value)));
        let rise = CurveLine::new(
            "rise of the cost",
            near.map(|p| (p.value / e.value, p.rise)),
        );
        let bound = CurveLine::new("bound of 95 %", ends.map(|x| (x, 1.92)));
        let species = match e.species.as_str() {
            "any" | "" => "all species",
            species => species,
        };
        let (place, name) = e.id.split_once('.').unwrap_or(("", &e.id));
        Panel::new(name.replace('_', " "), vec![rise, bound]).note(format!("{place}, {species}"))
    });
    Ok(plot::panels(&Panels {
        title: "What the data alone say of each number".to_string(),
        subtitle: "Profile likelihood: how the cost rises when a number is moved and all others follow at their best; \
                   a side that stays below the line is open"
            .to_string(),
        y: "Rise of the cost".to_string(),
        x: "Number, relative to its fitted value".to_string(),
        time: Scale::Log,
        panels: panels.collect(),
        columns: 4,
    })?)
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
         ended there.\n\nNot told by these data, and left as they were: {}.\n",
        markdown(&told.numbers_table()),
        told.cost_before,
        told.cost,
        told.starts.1,
        told.starts.0,
        everything.not_told().join(", "),
    );
    page.push_str("\nTold together better than each (correlation above 0.5):\n\n");
    for (a, b, r) in told.entangled(0.5) {
        let _ = writeln!(page, "- `{a}` and `{b}`: {r:.2}");
    }
    let _ = write!(
        page,
        "\n## Data beside the model\n\n![Model against data](pictures/calibration.svg)\n\n{}",
        markdown(&told.data_table())
    );
    page.push_str("\n## Profiles\n\n![Profile likelihoods](pictures/calibration_profiles.svg)\n\n");
    page.push_str("Bounds of 95 % from the data alone, the number's own prior set aside:\n\n");
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
    std::fs::write(format!("{folder}/calibration.svg"), against(told)?)?;
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
        profiles(&all, told)?,
    )?;
    println!("pictures: {folder}/calibration.svg, {folder}/calibration_profiles.svg");
    if write {
        std::fs::write("docs/calibration.md", page(&calibration, &all))?;
        println!("written: src/data/fitted.csv, src/data/correlations.csv, docs/calibration.md");
    }
    Ok(())
}
