//! How different are people, and how does that compare with what is not known?
//!
//! 100 million MSC over ten minutes into the vein of 2000 virtual men, who differ in their bodies and in the
//! lots of cells they get; and into one typical man with 400 draws of the numbers that are not known. Then
//! both: the same 100 men at each of 100 draws, which tells how much of the variance is people.
//!
//! ```text
//! cargo run --release --example virtual_patients [-- FOLDER]
//! ```

use std::error::Error;
use std::time::Instant;

use biodist::observation::ObservationError;
use biodist::plot::{self, BandLine, BandPanel, Bands};
use biodist::population::{Band, Cohort, PopulationError, Study, bands, latin_hypercube};
use biodist::prelude::*;
use biodist::report::TextTable;

const PATIENTS: usize = 2000;
const DRAWS: usize = 400;
/// Draws of both together, and patients at each.
const BOTH: [usize; 2] = [100, 100];
const SEED: u64 = 1;

/// Reported times, h.
const TIMES: [f64; 9] = [0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0];
/// Which of them the table shows.
const SHOWN: [usize; 2] = [1, 8];

fn organs() -> [Organ; 2] {
    [Organ::LUNG, Organ::LIVER]
}

/// Living cells, % of the dose, in each organ at each time; last the greatest blocked share of the bed of
/// the lung, %.
fn look(run: &Run) -> Result<Vec<f64>, ObservationError> {
    let mut answers = vec![];
    for organ in organs() {
        for time in TIMES {
            let ledger = run.ledger(Time::new(time))?;
            answers.push(100.0 * ledger.viable(organ.clone()) / ledger.dose);
        }
    }
    answers.push(100.0 * run.lung_obstruction()?.peak());
    Ok(answers)
}

fn text(band: Band) -> String {
    let Band {
        low, middle, high, ..
    } = band;
    format!("{middle:.3} ({low:.3} to {high:.3})")
}

fn variance(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    values.map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0)
}

/// Of the variance of each answer, the share that is between people: the mean over the draws of the variance
/// between the patients of one draw, against that and the variance of their means.
fn share_of_people(study: &Study) -> Result<Vec<f64>, PopulationError> {
    let points = latin_hypercube(BOTH[0], study.inputs().len(), SEED)?;
    let mut draws = vec![];
    for point in &points {
        // The same people at every draw.
        draws.push(Cohort::of(&study.at(&study.correlated(point)), SEED)?.run(BOTH[1], look)?);
    }
    let share = |answer: usize| {
        let of = |rows: &Vec<Vec<f64>>| rows.iter().map(|row| row[answer]).collect();
        let draws: Vec<Vec<f64>> = draws.iter().map(of).collect();
        let within = draws.iter().map(|draw| variance(draw.iter().copied()));
        let within = within.sum::<f64>() / BOTH[0] as f64;
        let means = draws
            .iter()
            .map(|draw| draw.iter().sum::<f64>() / BOTH[1] as f64);
        // The means of so many people differ a little by chance alone.
        let between = (variance(means) - within / BOTH[1] as f64).max(0.0);
        within / (within + between)
    };
    Ok((0..2 * TIMES.len() + 1).map(share).collect())
}

/// Living cells in the lung over time, as a band.
fn over_time(found: &[Band]) -> BandLine {
    let values = TIMES.iter().zip(found);
    let ends = |band: &Band| [band.low, band.middle, band.high];
    BandLine::new(
        "middle and interval of 95 %",
        values.map(|(time, band)| (*time, ends(band))),
    )
}

fn main() -> Result<(), Box<dyn Error>> {
    let scenario = Scenario::new(Host::human(73.kg()))
        .dose(Dose::new(100e6.cells(), Product::bone_marrow_msc()).over(10.minutes()))
        .report_at(TIMES.map(Time::new))
        .until(1.days());
    let begin = Instant::now();
    let people = bands(&Cohort::of(&scenario, SEED)?.run(PATIENTS, look)?)?;
    let seconds = begin.elapsed().as_secs_f64();
    let study = Study::of(&scenario)?;
    let unknown = bands(&study.draw(DRAWS, SEED, look)?)?;
    let shares = share_of_people(&study)?;

    let mut table = TextTable::new([
        "",
        "people differ (95 %)",
        "not known (95 %)",
        "of the variance, people",
    ]);
    let mut row = |name: String, answer: usize| {
        let share = format!("{:.0} %", 100.0 * shares[answer]);
        table.row([name, text(people[answer]), text(unknown[answer]), share]);
    };
    for (number, organ) in organs().iter().enumerate() {
        for time in SHOWN {
            let name = format!("living in the {organ} after {} h, % of dose", TIMES[time]);
            row(name, number * TIMES.len() + time);
        }
    }
    row(
        "bed of the lung blocked, % at most".to_string(),
        2 * TIMES.len(),
    );
    println!("100 million MSC over 10 minutes by vein, men about 73 kg\n\n{table}");
    println!("{PATIENTS} patients in {seconds:.1} s");

    let panel = |what: &str, found: &[Band]| BandPanel {
        title: what.to_string(),
        lines: vec![over_time(&found[..TIMES.len()])],
    };
    let picture = plot::bands(&Bands {
        title: "How people differ, and what is not known".to_string(),
        subtitle: format!(
            "Living cells in the lung after 100 million MSC by vein: {PATIENTS} virtual men, and {DRAWS} draws of what is \
             not known about the typical one"
        ),
        y: "% of dose".to_string(),
        panels: vec![
            panel("people differ", &people),
            panel("not known of the typical man", &unknown),
        ],
        ..Bands::default()
    })?;
    let folder = std::env::args()
        .nth(1)
        .unwrap_or("target/pictures".to_string());
    std::fs::create_dir_all(&folder)?;
    std::fs::write(format!("{folder}/virtual_patients.svg"), picture)?;
    println!("picture: {folder}/virtual_patients.svg");
    Ok(())
}
