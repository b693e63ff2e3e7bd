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
    let band = bands(&study.draw(DRAWS, 1, |run| look(run, organ))?)?[0];
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

/// Every number that decides a hundredth somewhere, against all routes.
fn draw(rankings: &[Ranking]) -> Result<String, Box<dyn Error>> {
    let share = |ranking: &Ranking, id: &str| {
        let found = ranking.matters.iter().find(|(other, _)| other == id);
        let percent = 100.0 * found.map_or(0.0, |(_, [share, ..])| share.max(0.0));
        (10.0 * percent).round() / 10.0
    };
    let matters = rankings.iter().flat_map(|ranking| &ranking.matters);
    let mut ids: Vec<&str> = matters.map(|(id, _)| id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let most = |id: &str| {
        rankings
            .iter()
            .map(|one| share(one, id))
            .fold(0.0, f64::max)
    };
    ids.retain(|id| most(id) >= 1.0);
    ids.sort_by(|a, b| most(b).total_cmp(&most(a)));
    let rows = ids.iter().map(|id| {
        let shares = rankings.iter().map(|ranking| share(ranking, id));
        BarRow::new(*id, shares.collect::<Vec<f64>>())
    });
    let heads = rankings
        .iter()
        .map(|one| format!("{}, {}", one.route, one.organ));
    Ok(plot::bars(&Bars {
        title: "What decides how many cells live in the target after a day".to_string(),
        subtitle: "Share of the variance of the logarithm (total index of Sobol); 100 million MSC in a man; 0: less than \
                   0.05 %, or screened out (Morris)"
            .to_string(),
        axis: "Share of the variance (%)".to_string(),
        series: heads.collect(),
        rows: rows.collect(),
        ..Bars::default()
    })?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut table = TextTable::new(["route to target", "living cells after a day (95 %)"]);
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
        }
    }
    let picture = draw(&rankings)?;
    let folder = std::env::args()
        .nth(1)
        .unwrap_or("target/pictures".to_string());
    std::fs::create_dir_all(&folder)?;
    std::fs::write(format!("{folder}/what_matters.svg"), picture)?;
    println!("picture: {folder}/what_matters.svg");
    Ok(())
}
