//! How many cells, how fast: what share of the pulmonary bed do they block?
//!
//! For a mouse and a person: blocked share, resistance and its interval against dose and time of
//! infusion; then what was seen in animals, conflicts included. Uncertain by a factor of three, without
//! clotting, and not for deciding on a dose.
//!
//! ```text
//! cargo run --release --example how_fast_to_infuse [-- FOLDER]
//! ```

use std::error::Error;

use biodist::observation::Obstruction;
use biodist::plot::{self, Curve, CurveLine, Scale};
use biodist::prelude::*;
use biodist::report::TextTable;

fn blocked(host: &Host, cells: f64, over: Time) -> Result<Obstruction, Box<dyn Error>> {
    let dose = Dose::new(cells.cells(), Product::bone_marrow_msc()).over(over);
    let run = Scenario::new(host.clone())
        .dose(dose)
        .until(2.days())
        .simulate()?;
    Ok(run.lung_obstruction()?)
}

/// Dose against time of infusion: % blocked, and the resistance.
fn rates(name: &str, host: &Host, doses: &[f64]) -> Result<(), Box<dyn Error>> {
    let times = [0.minutes(), 10.minutes(), 1.hours(), 6.hours(), 24.hours()];
    let mut table = TextTable::new(
        [name.to_string()]
            .into_iter()
            .chain(times.iter().map(|t| match t.value() > 0.0 {
                true => t.to_string(),
                false => "bolus".to_string(),
            }))
            .chain(["bolus, 95 %".to_string(), "resistance".to_string()]),
    );
    for dose in doses {
        let runs = times.iter().map(|over| blocked(host, *dose, *over));
        let runs = runs.collect::<Result<Vec<_>, _>>()?;
        let [low, high] = runs[0].peak_interval();
        let mut row = vec![format!("{dose:.0e} cells")];
        row.extend(runs.iter().map(|r| format!("{:.2} %", 100.0 * r.peak())));
        row.push(format!("{:.1} to {:.1} %", 100.0 * low, 100.0 * high));
        row.push(format!("x {:.2}", runs[0].resistance_at_peak()));
        table.row(row);
    }
    println!("Blocked share of the pulmonary bed\n\n{table}");
    Ok(())
}

/// What was seen, beside the computed chance that more than the lethal share is blocked.
fn seen() -> Result<(), Box<dyn Error>> {
    let mouse = || Host::mouse(20.g());
    let dog = Host::new("dog").weighing(10.kg());
    let cases = [
        ("mouse, 1e6 bolus (Kwon 2024)", mouse(), 1e6, "all live"),
        ("mouse, 3e6 bolus (Kwon 2024)", mouse(), 3e6, "all die"),
        ("mouse, 5e6 bolus (Kwon 2024)", mouse(), 5e6, "all die"),
        (
            "mouse, 3e6 bolus under heparin (Kwon 2024)",
            mouse().with_condition(Condition::heparin()),
            3e6,
            "all live (dose of that arm not printed)",
        ),
        (
            "mouse, 3e6 bolus under nitroprusside (Kwon 2024)",
            mouse().with_condition(Condition::vasodilator()),
            3e6,
            "a quarter lives (dose of that arm not printed)",
        ),
        (
            "mouse, 2.5e8 per kg (Ra 2011)",
            mouse(),
            5e6,
            "no side effects",
        ),
        ("dog, 2e7 (2014)", dog, 2e7, "oedema in some, no thrombus"),
        (
            "person, 4e8 (Ra 2011)",
            Host::human(73.kg()),
            4e8,
            "no side effects",
        ),
    ];
    let mut table = TextTable::new(["experiment", "blocked", "95 %", "chance of lethal", "seen"]);
    for (name, host, cells, outcome) in cases {
        let lung = blocked(&host, cells, 0.minutes())?;
        let [low, high] = lung.peak_interval();
        table.row([
            name.to_string(),
            format!("{:.1} %", 100.0 * lung.peak()),
            format!("{:.1} to {:.1} %", 100.0 * low, 100.0 * high),
            format!("{:.1} %", 100.0 * lung.chance_of_lethal),
            outcome.to_string(),
        ]);
    }
    println!("What was seen\n\n{table}");
    println!(
        "The evidence is in conflict: 5e6 cells killed every mouse of one study and none of another;\n\
         a vasodilator, which lets cells through, did not save mice and heparin did. So clotting kills\n\
         too, and it is not in this model. A slow infusion helps only when it takes as long as cells live."
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    rates("mouse, 20 g", &Host::mouse(20.g()), &[1e5, 5e5, 1e6, 3e6])?;
    let person = Host::human(73.kg());
    rates("person, 73 kg", &person, &[1e8, 4e8, 1e9, 1e10])?;
    seen()?;

    let minutes = [1.0, 3.0, 10.0, 30.0, 60.0, 180.0, 360.0, 720.0, 1440.0];
    let mut lines = vec![];
    for dose in [3e5, 1e6, 3e6] {
        let mut values = vec![];
        for over in minutes {
            let lung = blocked(&Host::mouse(20.g()), dose, over.minutes())?;
            values.push((over / 60.0, 100.0 * lung.peak()));
        }
        lines.push(CurveLine::new(format!("{:.1} million", dose / 1e6), values));
    }
    let lethal = minutes.map(|over| (over / 60.0, 60.0));
    lines.push(CurveLine::new("lethal, assumed", lethal));
    let picture = plot::curve(&Curve {
        title: "Only an infusion of many hours blocks less".to_string(),
        subtitle: "Greatest blocked share of the pulmonary bed of a mouse of 20 g; uncertain by a \
                   factor of three in dose"
            .to_string(),
        x: "Time of infusion (h)".to_string(),
        y: "Blocked (%)".to_string(),
        x_scale: Scale::Log,
        lines,
        ..Curve::default()
    })?;
    let folder = std::env::args()
        .nth(1)
        .unwrap_or("target/pictures".to_string());
    std::fs::create_dir_all(&folder)?;
    std::fs::write(format!("{folder}/how_fast_to_infuse.svg"), picture)?;
    println!("\npicture: {folder}/how_fast_to_infuse.svg");
    Ok(())
}
