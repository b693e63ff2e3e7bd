//! What the host does after the cells are gone.
//!
//! Half a million MSC into a vein of a mouse: mediators in lung and serum within two hours, in the liver
//! within four, inflammatory phagocytes that turn regulatory within a day, regulatory T cells by day
//! three. Times of peaks rest on measurements (Hoogduijn et al. 2013; Eggenhofer et al. 2014),
//! amplitudes do not. Then the same with feedback: mediators activate natural killer cells.
//!
//! ```text
//! cargo run --release --example immunomodulation [-- FOLDER]
//! ```

use std::error::Error;

use biodist::assembly::Signal;
use biodist::plot::{self, CurveLine, Panel, Panels, Scale};
use biodist::prelude::*;
use biodist::report::TextTable;
use biodist::scenario::Response;

fn main() -> Result<(), Box<dyn Error>> {
    let scenario = Scenario::new(Host::mouse(20.g()))
        .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
        .until(14.days());
    let run = scenario.clone().responding(Response::OneWay).simulate()?;
    let fed_back = scenario.clone().responding(Response::Feedback).simulate()?;

    let mut table = TextTable::new(["signal", "peak at", "half gone by", "with feedback, peak"]);
    for signal in Signal::ALL {
        let course = run.response(signal)?;
        let other = fed_back.response(signal)?;
        let late = course.times.iter().zip(&course.cells);
        let half = late
            .filter(|(time, value)| **time > course.time_of_peak() && **value < 0.5 * course.peak())
            .map(|(time, _)| Time::new(*time))
            .next();
        table.row([
            signal.to_string(),
            format!("{:.1} h", course.time_of_peak()),
            half.map_or("later".to_string(), |t| format!("{:.0} h", t.value())),
            format!("{:.2} of one-way", other.peak() / course.peak()),
        ]);
    }
    println!("{table}");
    for (name, run) in [("one-way", &run), ("with feedback", &fed_back)] {
        let ledger = run.ledger(24.hours())?;
        let alive = 100.0 * ledger.viable_in_body() / ledger.dose;
        println!(
            "{name}: {alive:.2} % alive after a day, ledger residual {:.1e}",
            ledger.residual
        );
    }

    let folder = std::env::args()
        .nth(1)
        .unwrap_or("target/pictures".to_string());
    std::fs::create_dir_all(&folder)?;
    std::fs::write(format!("{folder}/immunomodulation.svg"), picture(&run)?)?;
    println!("picture: {folder}/immunomodulation.svg");
    Ok(())
}

/// Each signal as % of its own peak: amplitudes of different signals do not compare.
fn picture(run: &Run) -> Result<String, Box<dyn Error>> {
    let line = |name: &str, signal| -> Result<CurveLine, Box<dyn Error>> {
        let course = run.response(signal)?;
        let peak = course.peak();
        let values = course.times.iter().zip(&course.cells);
        let values = values.filter(|(time, _)| **time > 0.1);
        Ok(CurveLine::new(
            name,
            values.map(|(time, value)| (*time, 100.0 * value / peak)),
        ))
    };
    let alive = run.in_states("alive", &State::VIABLE);
    let dose = alive.peak();
    let times = alive.times.iter().zip(&alive.cells);
    let alive = times
        .filter(|(time, _)| **time > 0.1)
        .map(|(time, cells)| (*time, 100.0 * cells / dose));
    Ok(plot::panels(&Panels {
        title: "The cells die within a day; what they set off outlasts them".to_string(),
        subtitle: "Half a million MSC into a vein of a mouse; each line in % of its own peak"
            .to_string(),
        y: "% of peak".to_string(),
        time: Scale::Log,
        columns: 2,
        panels: vec![
            Panel::new(
                "MSC and what they secrete",
                vec![
                    CurveLine::new("living MSC", alive),
                    line("secretome", Signal::Secretome)?,
                ],
            ),
            Panel::new(
                "inflammatory mediators",
                vec![
                    line("lung", Signal::LungMediators)?,
                    line("serum", Signal::SerumMediators)?,
                    line("liver", Signal::LiverMediators)?,
                ],
            ),
            Panel::new(
                "phagocytes of the lung",
                vec![
                    line("inflammatory", Signal::InflammatoryPhagocytes)?,
                    line("regulatory", Signal::RegulatoryPhagocytes)?,
                ],
            ),
            Panel::new(
                "regulation",
                vec![
                    line("IL-10 and CCL18", Signal::RegulatoryCytokines)?,
                    line("regulatory T cells", Signal::RegulatoryTCells)?,
                ],
            ),
        ],
        ..Panels::default()
    })?)
}
