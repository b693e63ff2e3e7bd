//! The same cells by different ways, compared in four numbers.

use super::samples::summary;
use super::{BarRow, Bars, PlotError, bars};
use crate::organ::State;
use crate::physiology::Organ;
use crate::simulation::Run;
use crate::units::Time;

/// Draws, for runs that differ in their route, the shares of the dose (%) that are at most alive in
/// the lung and in a target organ, and that are alive in the target and in the whole body at a
/// moment after the start, or at the end of a shorter run.
///
/// For other numbers fill [`Bars`] yourself.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without runs; [`PlotError::Observation`] when a run has no such
/// organ, or did not keep its path.
///
/// # Example
/// ```
/// use biodist::plot::routes_side_by_side;
/// use biodist::prelude::*;
/// let mut runs = vec![];
/// for route in [Route::intravenous(), Route::intracoronary(), Route::intramyocardial()] {
///     let name = route.name.clone();
///     let dose = Dose::new(100e6.cells(), Product::bone_marrow_msc()).by(route);
///     runs.push((name, Scenario::new(Host::human(73.kg())).dose(dose).simulate()?));
/// }
/// let svg = routes_side_by_side(&runs, &Organ::HEART, 24.hours())?;
/// assert!(svg.contains("intracoronary"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn routes_side_by_side(
    runs: &[(String, Run)],
    target: &Organ,
    moment: Time,
) -> Result<String, PlotError> {
    let mut rows = vec![];
    for (label, run) in runs {
        let percent = 100.0 / run.model.total_dose();
        let peak = |organ: &Organ| run.kinetics(organ.clone(), &State::VIABLE).map(|k| k.cmax);
        let time = moment.value().min(run.trajectory.span().1);
        let ledger = run.ledger(Time::new(time))?;
        let cells = [
            peak(&Organ::LUNG)?,
            peak(target)?,
            ledger.viable(target.clone()),
            ledger.viable_in_body(),
        ];
        rows.push(BarRow::new(
            super::look::plain(label),
            cells.map(|c| percent * c),
        ));
    }
    let target = target.title();
    bars(&Bars {
        title: format!("Routes to the {target}, side by side"),
        subtitle: subtitle(runs),
        axis: "Living cells (% of dose)".to_string(),
        series: vec![
            "lung, peak".to_string(),
            format!("{target}, peak"),
            format!("{target} at {moment}"),
            format!("body at {moment}"),
        ],
        rows,
        ..Bars::default()
    })
}

/// What a single run was; runs differ in their routes, so that only their host is common.
fn subtitle(runs: &[(String, Run)]) -> String {
    let [(_, first), ..] = runs else {
        return String::new();
    };
    let text = summary(&first.model);
    text.split(", ").take(3).collect::<Vec<_>>().join(", ")
}
