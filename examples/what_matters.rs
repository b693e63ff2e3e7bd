//! Which unknown numbers decide how many cells live in the target after a day?
//!
//! For six routes in man: every uncertain number of the model is screened (Morris), the eight that do most
//! get their shares of the variance (Sobol) of the logarithm of living cells in the target organ, with
//! intervals of 95 %, and the prediction its interval from all of them.
//!
//! ```text
//! cargo run --release --example what_matters [-- FOLDER]
//! ```

use std::error::Error;

use biodist::observation::ObservationError;
use biodist::plot::{self, BarRow, Bars};
use biodist::population::{PopulationError, Study, bands, morris, sobol};
use biodist::prelude::*;
use biodist::report::TextTable;

const WALKS: usize = 12;
const POINTS: usize = 256;
const DRAWS: usize = 400;

fn targets() -> [(Route, Organ); 6] {
    [
        (Route::intravenous(), Organ::HEART),
        (Route::intracoronary(), Organ::HEART),
        (Route::intramyocardial(), Organ::HEART),
        (Route::renal_artery(), Organ::KIDNEY),
        (Route::portal_vein(), Organ::LIVER),
        (Route::carotid_artery(), Organ::BRAIN),
    ]
}

/// Living cells in the target after a day, as a power of ten.
fn look(run: &Run, organ: &Organ) -> Result<Vec<f64>, ObservationError> {
    let cells = run.ledger(24.hours())?.viable(organ.clone());
    Ok(vec![cells.max(1e-3).log10()])
}

struct Ranking {
    route: String,
    organ: Organ,
    /// Cells: low, middle, high.
    predicted: [f64; 3],
    /// Id, share of the variance and its interval.
    matters: Vec<(String, [f64; 3])>,
}

fn rank(route: &Route, organ: &Organ) -> Result<Ranking, Box<dyn Error>> {
    let scenario = Scenario::new(Host::human(73.kg()))
        .dose(
            Dose::new(1e8.cells(), Product::bone_marrow_msc())
                .by(route.clone())
                .over(10.minutes()),
        )
        .until(1.days());
    let study = Study::of(&scenario)?;
    let answers = |study: &Study, points: &[Vec<f64>]| -> Result<Vec<f64>, PopulationError> {
        let answers = study.run(points, |run| look(run, organ))?;
        Ok(answers.into_iter().flatten().collect())
    };
    let band = bands(&study.draw(DRAWS, 1, |run| look(run, organ))?)[0];
    let effects = morris(study.inputs().len(), WALKS, 1, |points| {
        answers(&study, points)
    })?;
    let mut order: Vec<usize> = (0..effects.len()).collect();
    order.sort_by(|a, b| effects[*b].size.total_cmp(&effects[*a].size));
    let few = order.iter().take(8);
    let ids: Vec<String> = few.map(|k| study.inputs()[*k].id.clone()).collect();
    let chosen = study.clone().only(ids.iter().map(String::as_str))?;
    let indices = sobol(ids.len(), POINTS, 1, |points| answers(&chosen, points))?;
    let mut matters: Vec<(String, [f64; 3])> = ids
        .into_iter()
        .zip(indices)
        .map(|(id, index)| (id, [index.total.value, index.total.low, index.total.high]))
        .collect();
    matters.sort_by(|a, b| b.1[0].total_cmp(&a.1[0]));
    Ok(Ranking {
        route: route.name.replace('_', " "),
        organ: organ.clone(),
        predicted: [band.low, band.middle, band.high].map(|power| 10.0_f64.powf(power)),
        matters,
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut table = TextTable::new(["route to target", "living cells after a day (95 %)"]);
    let mut rows = vec![];
    let mut rankings = vec![];
    for (route, organ) in targets() {
        let ranking = rank(&route, &organ)?;
        let [low, middle, high] = ranking.predicted;
        table.row([
            format!("{}, {}", ranking.route, ranking.organ),
            format!("{middle:.1e} ({low:.1e} to {high:.1e})"),
        ]);
        rankings.push(ranking);
    }
    println!("100 million MSC over 10 minutes into a man of 73 kg\n\n{table}");
    for ranking in &rankings {
        println!("{}, {}:", ranking.route, ranking.organ);
        for (id, [share, low, high]) in ranking.matters.iter().take(5) {
            let [share, low, high] = [share, low, high].map(|x| 100.0 * x);
            println!("  {id:<28} {share:5.0} % ({low:.0} to {high:.0} %)");
            let label = format!("{}: {id}", ranking.route);
            rows.push(BarRow::new(label, [share.max(0.0)]));
        }
    }
    let picture = plot::bars(&Bars {
        title: "What decides how many cells live in the target after a day".to_string(),
        subtitle: "Share of the variance of the logarithm (total index of Sobol), five numbers a route; 100 \
                   million MSC in a man"
            .to_string(),
        axis: "Share of the variance (%)".to_string(),
        series: vec!["total index".to_string()],
        rows,
        ..Bars::default()
    })?;
    let folder = std::env::args()
        .nth(1)
        .unwrap_or("target/pictures".to_string());
    std::fs::create_dir_all(&folder)?;
    std::fs::write(format!("{folder}/what_matters.svg"), picture)?;
    println!("picture: {folder}/what_matters.svg");
    Ok(())
}
