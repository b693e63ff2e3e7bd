//! What do infusions, repeated doses and two products at once do?
//!
//! Reads scenarios from TOML and prints where the cells are at a few moments.
//!
//! ```text
//! cargo run --release --example dosing [-- SCENARIO.toml ...]
//! ```

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use biodist::prelude::*;
use biodist::report;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // As people read it, and not as `main` would print it.
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut files: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    if files.is_empty() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/scenarios");
        for entry in std::fs::read_dir(folder)? {
            files.push(entry?.path());
        }
        files.sort();
    }
    for file in files {
        let name = file.display();
        let text = std::fs::read_to_string(&file).map_err(|e| format!("{name}: {e}"))?;
        let scenario = Scenario::from_toml(&text).map_err(|e| format!("{name}: {e}"))?;
        show(&scenario).map_err(|e| format!("{name}: {e}"))?;
    }
    Ok(())
}

fn show(scenario: &Scenario) -> Result<(), Box<dyn Error>> {
    let run = scenario.simulate()?;
    let given = run.model.total_dose();
    println!("== {} ==", scenario.title);
    for dose in &scenario.doses {
        let times = dose.repeat.map_or(String::new(), |r| {
            format!(", {} times every {}", r.times, r.every)
        });
        let (route, product) = (&dose.route.name, &dose.product.kind);
        println!(
            "   {} of {product}, {route}, at {} over {}{times}",
            dose.amount, dose.at, dose.over
        );
    }
    let end = scenario.until.value();
    let times = [1.0, 24.0, 72.0, end].map(Time::new);
    println!("{}", report::organ_table(&run, &times)?);
    println!(
        "   {given:.3e} cells in all; {} steps\n",
        run.trajectory.statistics().steps
    );
    Ok(())
}
