//! Qualifies the program on this machine: verification, calibration, validation, claims.
//!
//! Writes `qualification.html` and `qualification.json`. The exit code is 1 when a criterion of verification is
//! not met; a prediction that fails is reported and is no reason to fail.
//!
//! ```text
//! cargo run --release --example qualify [-- FOLDER [DRAWS]]
//! ```

use std::error::Error;
use std::process::ExitCode;

use biodist::qualification::qualify;

fn run() -> Result<bool, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or("target/pictures".to_string());
    let draws = arguments.next().map_or(Ok(200), |draws| draws.parse())?;
    let found = qualify(draws, 1)?;
    println!("{}", found.checks_table());
    println!("{}", found.validation_table());
    for sentence in found.summary() {
        println!("{sentence}");
    }
    std::fs::create_dir_all(&folder)?;
    std::fs::write(format!("{folder}/qualification.html"), found.to_html())?;
    std::fs::write(format!("{folder}/qualification.json"), found.to_json())?;
    std::fs::write(format!("{folder}/qualification.svg"), found.picture()?)?;
    println!("report: {folder}/qualification.html, {folder}/qualification.json");
    Ok(found.is_verified())
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("a criterion of verification is not met");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
