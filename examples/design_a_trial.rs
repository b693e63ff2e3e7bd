//! From a mouse to a trial: which dose in man gives the heart what it had in the mouse, by which route it can be
//! given without blocking the lung, and which measurement would teach most before.
//!
//! Every answer has the interval that the spreads of the registry give. Not for deciding on a dose.
//!
//! ```text
//! cargo run --release --example design_a_trial [-- FOLDER [DRAWS]]
//! ```

use std::error::Error;

use biodist::design::{Bound, Question, Translation, Worth, translate, worth};
use biodist::evidence::{Evidence, Experiment};
use biodist::plot::{self, BarRow, Bars};
use biodist::population::Band;
use biodist::prelude::*;
use biodist::report::TextTable;

const SEED: u64 = 1;

/// What could be measured, in whom, and with what error: ours, by what such methods usually reach.
const MEASUREMENTS: &str = include_str!("measurements.toml");

fn infarcted(host: Host) -> Host {
    host.with_condition(Condition::new("myocardial_infarction"))
}

fn short(value: f64) -> String {
    match value {
        v if (0.1..1e3).contains(&v) => format!("{v:.1}"),
        v => format!("{v:.1e}"),
    }
}

fn interval(band: &Band) -> String {
    format!(
        "{} ({} to {})",
        short(band.middle),
        short(band.low),
        short(band.high)
    )
}

fn in_man(route: Route, cells: f64) -> Scenario {
    let dose = Dose::new(cells.cells(), Product::bone_marrow_msc()).by(route);
    Scenario::new(infarcted(Host::human(73.kg())))
        .dose(dose)
        .until(3.days())
}

fn in_the_mouse() -> Scenario {
    let dose = Dose::new(5e5.cells(), Product::bone_marrow_msc());
    Scenario::new(infarcted(Host::mouse(25.g())))
        .dose(dose)
        .until(3.days())
}

fn the_same_in_man(draws: usize) -> Result<(), Box<dyn Error>> {
    let mouse = in_the_mouse();
    let mut table = TextTable::new([
        "dose in man for the exposure of the mouse",
        "cells (95 %)",
        "high over low",
    ]);
    let routes = [
        Route::intravenous(),
        Route::intracoronary(),
        Route::intramyocardial(),
    ];
    let mut scaled: Option<Translation> = None;
    for route in routes {
        let name = route.name.clone();
        let found = translate(&mouse, &in_man(route, 1e8), &Organ::HEART, draws, SEED)?;
        let span = found.dose.high / found.dose.low;
        table.row([name, interval(&found.dose), format!("{span:.0}-fold")]);
        scaled.get_or_insert(found);
    }
    let scaled = scaled.ok_or("no route")?;
    println!(
        "500 000 MSC into a vein of an infarcted mouse of 25 g: {} living cell-hours a gram of heart in three days.\n",
        interval(&scaled.exposure)
    );
    println!("{table}");
    println!(
        "Scaled by body weight: {} cells; by body surface: {} cells.\n",
        short(scaled.by_weight),
        short(scaled.by_surface)
    );
    Ok(())
}

fn the_best_way(draws: usize) -> Result<(), Box<dyn Error>> {
    let mut question = Question::new(in_man(Route::intravenous(), 1e8), Organ::HEART);
    question.routes = vec![
        Route::intravenous(),
        Route::intracoronary(),
        Route::intramyocardial(),
    ];
    question.durations = vec![10.minutes(), 6.hours()];
    question.draws = draws;
    let mut table = TextTable::new([
        "route",
        "over",
        "cells",
        "bounded by",
        "living cell-hours in the heart (95 %)",
        "lung blocked, % (95 %)",
    ]);
    for plan in question.plans()? {
        let percent = |share: f64| 100.0 * share;
        let blocked = Band {
            low: percent(plan.blocked.low),
            middle: percent(plan.blocked.middle),
            high: percent(plan.blocked.high),
            ..plan.blocked
        };
        table.row([
            plan.route.name.clone(),
            plan.over.to_string(),
            short(plan.cells),
            match plan.bound {
                Bound::Lung => "the lung".to_string(),
                Bound::Range => "what can be given".to_string(),
                Bound::None => "nothing is allowed".to_string(),
            },
            interval(&plan.exposure),
            interval(&blocked),
        ]);
    }
    println!(
        "The greatest dose, from 1e6 to 1e9 cells, that blocks less than {} % of the pulmonary bed in {} % of the draws\n\n{table}",
        100.0 * question.blocked,
        100.0 * question.confidence
    );
    println!(
        "Only the lung is guarded here. Cells given into the artery of an organ stop in that organ: intracoronary MSC \
         left small infarcts in the hearts of dogs (Vulliet 2004), and nothing in the model weighs that.\n"
    );
    Ok(())
}

fn what_to_measure(draws: usize) -> Result<Vec<Worth>, Box<dyn Error>> {
    let mut all = Evidence::from_toml(MEASUREMENTS)?.experiments;
    let place = all.iter().position(|e| e.name == "prediction");
    let prediction: Experiment = all.remove(place.ok_or("no prediction among the measurements")?);
    let found = worth(&prediction, &all, draws, SEED)?;
    let before = found.first().map_or(1.0, |one| one.gsd_before);
    let mut table = TextTable::new(["measurement", "variance gone", "factor of 95 % after it"]);
    for one in found.iter().filter(|one| one.share() > 0.01) {
        table.row([
            format!("{}: {}", one.experiment, one.name),
            format!("{:.0} %", 100.0 * one.share()),
            format!("{:.0}", one.gsd_after.powf(1.96)),
        ]);
    }
    println!(
        "Living cells in the infarcted human heart a day after 100 million MSC into a vein are known to a factor \
         of {:.0} both ways. One more measurement, with its own error:\n\n{table}",
        before.powf(1.96)
    );
    Ok(found)
}

fn picture(found: &[Worth]) -> Result<String, Box<dyn Error>> {
    let told = found.iter().filter(|one| one.share() > 0.01).take(12);
    let bars = told.map(|one| {
        let name = format!("{}: {}", one.experiment, one.name);
        BarRow::new(name, [100.0 * one.share()])
    });
    Ok(plot::bars(&Bars {
        title: "Which measurement would teach most about cells in the human heart".to_string(),
        subtitle: "Share of the variance of the prediction that one measurement with its error would take away".to_string(),
        axis: "% of the variance".to_string(),
        series: vec!["variance gone".to_string()],
        rows: bars.collect(),
        ..Bars::default()
    })?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or("target/pictures".to_string());
    let draws = arguments.next().map_or(Ok(200), |draws| draws.parse())?;
    the_same_in_man(draws)?;
    the_best_way(draws)?;
    let found = what_to_measure(draws)?;
    std::fs::create_dir_all(&folder)?;
    std::fs::write(format!("{folder}/design_a_trial.svg"), picture(&found)?)?;
    println!("picture: {folder}/design_a_trial.svg");
    Ok(())
}
