//! Which route brings living cells to which organ?
//!
//! The same product into the same man by eleven routes: what the lung holds, what the organ that
//! the route is meant for holds, and what is still alive a day later.
//!
//! ```text
//! cargo run --release --example routes [-- FOLDER]
//! ```

use std::error::Error;

use biodist::plot::{self, BarRow, Bars};
use biodist::prelude::*;
use biodist::report::TextTable;

/// Each route with the organ that it is meant for.
fn routes() -> [(Route, Organ); 11] {
    [
        (Route::intravenous(), Organ::LUNG),
        (Route::arterial(), Organ::MUSCLE),
        (Route::left_ventricle(), Organ::KIDNEY),
        (Route::renal_artery(), Organ::KIDNEY),
        (Route::hepatic_artery(), Organ::LIVER),
        (Route::portal_vein(), Organ::LIVER),
        (Route::intracoronary(), Organ::HEART),
        (Route::intramyocardial(), Organ::HEART),
        (Route::intramuscular(), Organ::MUSCLE),
        (Route::subcutaneous(), Organ::SKIN),
        (Route::intraperitoneal(), Organ::PERITONEUM),
    ]
}

fn main() -> Result<(), Box<dyn Error>> {
    let scenario = Scenario::new(Host::human(73.kg()))
        .dose(Dose::new(50e6.cells(), Product::bone_marrow_msc()).over(5.minutes()))
        .until(3.days());
    let heads = [
        "lung, 1 h",
        "target, 1 h",
        "target, 24 h",
        "whole body, 24 h",
    ];
    let mut table = TextTable::new(
        ["% of dose, living cells", "target"]
            .into_iter()
            .chain(heads),
    );
    let mut rows = vec![];
    for (route, target) in routes() {
        let run = scenario.clone().with_route(&route).simulate()?;
        let (hour, day) = (run.ledger(1.hours())?, run.ledger(24.hours())?);
        let shares = [
            hour.viable(Organ::LUNG),
            hour.viable(target.clone()),
            day.viable(target.clone()),
            day.viable_in_body(),
        ]
        .map(|cells| 100.0 * cells / hour.dose);
        let name = route.name.replace('_', " ");
        let words = [name.clone(), target.title()];
        table.row(
            words
                .into_iter()
                .chain(shares.map(|share| format!("{share:.2}"))),
        );
        rows.push(BarRow::new(format!("{name} ({})", target.title()), shares));
    }
    println!("50 million bone-marrow MSC into a 73-kg man over 5 minutes\n\n{table}");

    let picture = plot::bars(&Bars {
        title: "The first bed that cells meet holds them".to_string(),
        subtitle: "50 million bone-marrow MSC into a 73-kg man; target organ in brackets"
            .to_string(),
        axis: "living cells, % of dose".to_string(),
        series: heads.map(String::from).to_vec(),
        rows,
        ..Bars::default()
    })?;
    let folder = std::env::args()
        .nth(1)
        .unwrap_or("target/pictures".to_string());
    std::fs::create_dir_all(&folder)?;
    std::fs::write(format!("{folder}/routes.svg"), picture)?;
    println!("picture: {folder}/routes.svg");
    Ok(())
}
