//! Organs over time, and their kinetics.

use super::TextTable;
use crate::observation::ObservationError;
use crate::organ::{Place, State};
use crate::scenario::Scenario;
use crate::simulation::Run;
use crate::units::{Quantities, Time};

/// Living cells and remains of every place at some times, in % of the dose, as "viable | remains".
///
/// # Errors
/// [`ObservationError::Solver`] for a time outside the run.
pub fn organ_table(run: &Run, times: &[Time]) -> Result<TextTable, ObservationError> {
    let ledgers = times
        .iter()
        .map(|time| run.ledger(*time))
        .collect::<Result<Vec<_>, _>>()?;
    let heads = times.iter().map(|time| format!("{time}"));
    let mut table = TextTable::new(
        ["% of dose: viable | remains".to_string()]
            .into_iter()
            .chain(heads),
    );
    let places = run.model.atlas.places();
    for place in places.iter().filter(|place| **place != Place::Outside) {
        let cells = ledgers.iter().map(|ledger| {
            let share = |cells: f64| percent(100.0 * cells / ledger.dose);
            let viable = share(ledger.viable(place.clone()));
            format!("{viable} | {}", share(ledger.remains(place.clone())))
        });
        table.row([title(place)].into_iter().chain(cells));
    }
    for state in [State::Syringe, State::Excreted, State::Undelivered] {
        let cells = ledgers
            .iter()
            .map(|ledger| percent(100.0 * ledger.in_state(state) / ledger.dose));
        table.row([state.to_string()].into_iter().chain(cells));
    }
    let sums = ledgers
        .iter()
        .map(|ledger| percent(100.0 * ledger.sum(|_| true) / ledger.dose));
    table.row(["sum".to_string()].into_iter().chain(sums));
    let residuals = ledgers
        .iter()
        .map(|ledger| format!("{:.0e}", ledger.residual));
    table.row(["residual".to_string()].into_iter().chain(residuals));
    Ok(table)
}

/// Kinetics of every place: peak, time of the peak, exposure, mean residence, half-life. Where cells enter over a
/// time, also the mean residence time of a bolus.
///
/// # Errors
/// [`ObservationError::NoPath`] when only outputs were kept.
pub fn kinetics_table(run: &Run, states: &[State]) -> Result<TextTable, ObservationError> {
    // Where all cells enter at once, the two are one.
    let at_once = run.model.enters_at_once();
    let mut heads = vec!["", "Cmax, cells", "Tmax, h", "AUC, cells h", "MRT, h"];
    heads.extend((!at_once).then_some("MRT of a bolus, h"));
    heads.extend(["half gone, h", "half-life at the end, h"]);
    let mut table = TextTable::new(heads);
    let places = run.model.atlas.places();
    for place in places.iter().filter(|place| **place != Place::Outside) {
        let kinetics = run.kinetics(place.clone(), states)?;
        let optional = |value: Option<f64>| value.map_or("-".to_string(), |v| format!("{v:.2}"));
        let mut row = vec![
            title(place),
            format!("{:.3e}", kinetics.cmax),
            format!("{:.3}", kinetics.tmax),
            format!("{:.3e}", kinetics.auc),
            optional(kinetics.mrt),
        ];
        row.extend((!at_once).then(|| optional(kinetics.mrt_of_bolus)));
        row.extend([kinetics.half_gone, kinetics.half_life].map(optional));
        table.row(row);
    }
    Ok(table)
}

/// A few times that tell most of a run: those that the scenario reports if they are few, else minutes, an hour,
/// days and the end.
///
/// ```
/// use biodist::prelude::*;
/// use biodist::report::telling_times;
/// let scenario = Scenario::new(Host::mouse(25.g())).until(2.days());
/// assert_eq!(telling_times(&scenario), [5.minutes(), 1.hours(), 1.days(), 2.days()]);
/// ```
#[must_use]
pub fn telling_times(scenario: &Scenario) -> Vec<Time> {
    if (1..=6).contains(&scenario.report.len()) {
        return scenario.report.clone();
    }
    let few = [5.minutes(), 1.hours(), 1.days(), 3.days()];
    let mut times = few.to_vec();
    times.retain(|time| *time < scenario.until);
    times.push(scenario.until);
    times
}

/// The name of a place as people write it.
pub(super) fn title(place: &Place) -> String {
    match place {
        Place::Organ(organ) => organ.title(),
        Place::Blood(blood) => format!("{blood} blood"),
        Place::Outside => "outside".to_string(),
    }
}

/// A percentage that stays readable over many powers of ten.
pub(super) fn percent(value: f64) -> String {
    match value.abs() {
        size if size >= 0.005 => format!("{value:.2}"),
        size if size >= 1e-12 => format!("{value:.0e}"),
        _ => "0".to_string(),
    }
}
