//! A label is not a living cell.
//!
//! One experiment, seen by six instruments: half a million MSC into the tail vein of a mouse. Chromium
//! moves from the lung to the liver within a day, while culture finds living cells in the lung only,
//! and then none (Eggenhofer et al. 2012 and 2014).
//!
//! ```text
//! cargo run --release --example label_is_not_life [-- FOLDER]
//! ```

use std::error::Error;

use biodist::observation::{Assay, Decay, ReadingUnit};
use biodist::plot::{self, CurveLine, Panel, Panels, Scale};
use biodist::prelude::*;
use biodist::report::TextTable;

const DOSE: f64 = 5e5;
const ORGANS: [Organ; 3] = [Organ::LUNG, Organ::LIVER, Organ::SPLEEN];

/// The instruments with what they count.
fn instruments() -> [(&'static str, &'static str, Assay); 6] {
    let percent = |assay: Assay| assay.in_unit(ReadingUnit::PercentDose);
    [
        (
            "Cr-51, well counter",
            "living and dead",
            percent(Assay::gamma_counter(Label::chromium_51())),
        ),
        (
            "In-111, gamma camera",
            "living and dead, days",
            percent(Assay::gamma_camera(Label::indium_111_oxine())),
        ),
        (
            "human DNA, qPCR",
            "living and not yet digested",
            percent(Assay::qpcr(Label::alu_dna())),
        ),
        (
            "iron, MRI",
            "living, dead, and phagocytes",
            percent(Assay::mri()),
        ),
        (
            "luciferase, light",
            "living and just dead",
            percent(Assay::luminescence()),
        ),
        ("culture", "living, nothing else", percent(Assay::culture())),
    ]
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut scenario = Scenario::new(Host::mouse(20.g()))
        .titled("Half a million MSC into the tail vein of a mouse")
        .dose(Dose::new(DOSE.cells(), Product::bone_marrow_msc()))
        .until(7.days());
    for label in instruments()
        .into_iter()
        .filter_map(|(.., assay)| assay.label)
    {
        scenario = scenario.labelled(label);
    }
    let run = scenario.simulate()?;

    println!("{}; % of dose, decay corrected\n", scenario.title);
    let times = [5.minutes(), 1.hours(), 24.hours(), 72.hours(), 168.hours()];
    let mut table = TextTable::new(
        ["instrument".to_string(), "organ".to_string()]
            .into_iter()
            .chain(times.iter().map(ToString::to_string)),
    );
    for (name, _, assay) in &instruments() {
        for organ in ORGANS {
            let reading = run.read(assay, organ.clone(), &times)?;
            let words = [(*name).to_string(), organ.to_string()];
            let cells = reading.values.iter().map(|value| match value.detected() {
                Some(percent) => format!("{percent:.2}"),
                None => "not detected".to_string(),
            });
            table.row(words.into_iter().chain(cells));
        }
    }
    println!("{table}");
    let day = 24.hours();
    println!("{}\n", run.ledger(day)?);
    let label = Label::chromium_51();
    println!("{label}: {}\n", run.label_ledger(&label, day, Decay::Raw)?);
    for note in &run.model.notes {
        println!("note: {note}");
    }

    let folder = std::env::args()
        .nth(1)
        .unwrap_or("target/pictures".to_string());
    std::fs::create_dir_all(&folder)?;
    let path = format!("{folder}/label_is_not_life.svg");
    std::fs::write(&path, picture(&run)?)?;
    println!("picture: {path}");
    Ok(())
}

/// Six panels: what each instrument reads in three organs. Below its limit a line ends.
fn picture(run: &Run) -> Result<String, Box<dyn Error>> {
    let times: Vec<Time> = (0..=160)
        .map(|k| {
            (168.0_f64 * 60.0)
                .powf(f64::from(k) / 160.0)
                .max(1.0)
                .minutes()
        })
        .collect();
    let mut panels = vec![];
    for (name, counts, assay) in instruments() {
        let mut lines = vec![];
        for organ in ORGANS {
            let reading = run.read(&assay, organ.clone(), &times)?;
            let seen = reading.times.iter().zip(&reading.values);
            let seen = seen.filter_map(|(time, value)| Some((*time, value.detected()?)));
            lines.push(CurveLine::new(organ.title(), seen));
        }
        panels.push(Panel::new(name, lines).note(format!("counts {counts}")));
    }
    Ok(plot::panels(&Panels {
        title: "A label is not a living cell".to_string(),
        subtitle: "Half a million MSC into the tail vein of a mouse, seen by six instruments; \
                   where a line ends, nothing is detected"
            .to_string(),
        y: "% of injected dose".to_string(),
        time: Scale::Log,
        panels,
        columns: 3,
        ..Panels::default()
    })?)
}
