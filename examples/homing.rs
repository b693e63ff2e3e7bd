//! Which injury calls how many living cells, and what raises it?
//!
//! An injured kidney with and without overexpression of CXCR4, and an infarct of the heart reached by
//! vein, by coronary artery and by needle. How much receptor and chemokine raise homing is assumed; the
//! order of the rows is the point, not their numbers.
//!
//! ```text
//! cargo run --release --example homing [-- FOLDER]
//! ```

use std::error::Error;

use biodist::plot::{self, BarRow, Bars, Scale};
use biodist::prelude::*;
use biodist::report::TextTable;

/// Living cells outside the vessels of an organ after a day, in cells per million given.
fn residents(scenario: &Scenario, organ: &Organ) -> Result<f64, Box<dyn Error>> {
    let run = scenario.simulate()?;
    let ledger = run.ledger(24.hours())?;
    let place = Place::Organ(organ.clone());
    let here = ledger.sum(|row| row.place == place && row.state == State::Resident);
    Ok(1e6 * here / ledger.dose)
}

/// Two million cells into a rat that was injured a day before.
fn rat(injury: Option<Condition>, product: Product, route: Route) -> Scenario {
    let host = Host::rat(250.g());
    let host = match injury {
        Some(injury) => host.with_condition(injury.since(1.days())),
        None => host,
    };
    Scenario::new(host)
        .dose(Dose::new(2e6.cells(), product).by(route).over(1.minutes()))
        .until(3.days())
}

fn kidneys() -> Vec<(&'static str, Scenario)> {
    let injury = || Some(Condition::acute_kidney_injury());
    let msc = Product::bone_marrow_msc;
    let vein = Route::intravenous;
    vec![
        ("healthy kidney, MSC", rat(None, msc(), vein())),
        ("injured kidney, MSC", rat(injury(), msc(), vein())),
        (
            "injured kidney, TNF-alpha primed",
            rat(injury(), msc().prepared("tnf_alpha"), vein()),
        ),
        (
            "injured kidney, CXCR4 overexpressed",
            rat(injury(), msc().prepared("cxcr4_overexpressing"), vein()),
        ),
        (
            "injured kidney, passage 10",
            rat(injury(), msc().passage(10.0), vein()),
        ),
        (
            "injured kidney, freshly isolated",
            rat(injury(), msc().prepared("freshly_isolated"), vein()),
        ),
        (
            "injured kidney, renal artery",
            rat(injury(), msc(), Route::renal_artery()),
        ),
    ]
}

fn hearts() -> Vec<(&'static str, Scenario)> {
    let injury = || Some(Condition::myocardial_infarction());
    let by = |route| rat(injury(), Product::bone_marrow_msc(), route);
    vec![
        ("infarct, intravenous", by(Route::intravenous())),
        ("infarct, intracoronary", by(Route::intracoronary())),
        ("infarct, intramyocardial", by(Route::intramyocardial())),
    ]
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut table = TextTable::new([
        "rat, injured a day before",
        "anchored or homed, per million",
    ]);
    let mut rows = vec![];
    for (cases, organ) in [(kidneys(), Organ::KIDNEY), (hearts(), Organ::HEART)] {
        for (name, scenario) in cases {
            let cells = residents(&scenario, &organ)?;
            table.row([name.to_string(), format!("{cells:.1}")]);
            rows.push(BarRow::new(name, [cells]));
        }
    }
    println!("Living cells in the injured organ a day after two million MSC\n\n{table}");
    let picture = plot::bars(&Bars {
        title: "An injury calls cells, but the way in decides".to_string(),
        subtitle: "Living cells outside the vessels of the organ of a rat, a day after MSC"
            .to_string(),
        axis: "Cells per million given".to_string(),
        scale: Scale::Log,
        series: vec!["living cells per million given".to_string()],
        rows,
    })?;
    let folder = std::env::args()
        .nth(1)
        .unwrap_or("target/pictures".to_string());
    std::fs::create_dir_all(&folder)?;
    std::fs::write(format!("{folder}/homing.svg"), picture)?;
    println!("picture: {folder}/homing.svg");
    Ok(())
}
