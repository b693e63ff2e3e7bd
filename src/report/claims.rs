//! The claims of the founding review that an intravenous run can show.
//!
//! Source: Eggenhofer E, Luk F, Dahlke MH, Hoogduijn MJ (2014), The life and fate of mesenchymal
//! stem cells, Front Immunol 5:148, doi 10.3389/fimmu.2014.00148.

use crate::organ::{Place, State};
use crate::physiology::Organ;
use crate::simulation::Run;
use crate::solver::SolverError;
use crate::units::Time;

/// A sentence of the review and what a run says to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// What the review says, in our words.
    pub sentence: &'static str,
    /// What the run shows, with its numbers.
    pub observed: String,
    /// Whether the run shows it.
    pub shown: bool,
}

/// Holds the run of an intravenous dose of culture-expanded MSC against the review.
///
/// `given` is when the last cell has entered. Thresholds are stated with each claim.
///
/// # Errors
/// [`SolverError::OutsideRun`] when the run ends before 24 h after `given`.
pub fn claims(run: &Run, given: Time) -> Result<Vec<Claim>, SolverError> {
    let after = |hours: f64| run.ledger(Time::new(given.value() + hours));
    let (early, day) = (after(5.0 / 60.0)?, after(24.0)?);
    let percent = |cells: f64| 100.0 * cells / day.dose;
    let lung = Place::from(Organ::LUNG);
    let in_lung = early.sum(|row| row.place == lung && row.state == State::Lodged);
    let alive = early.viable_in_body();
    let label = |organ: Organ| day.remains(organ);
    let (lung_day, elsewhere) = (
        day.viable(Organ::LUNG),
        day.viable_in_body() - day.viable(Organ::LUNG),
    );
    let (liver, spleen) = (label(Organ::LIVER), label(Organ::SPLEEN));
    let living_there = day.viable(Organ::LIVER) + day.viable(Organ::SPLEEN);
    Ok(vec![
        Claim {
            sentence: "cells stop in the first capillary bed that they meet: the lung",
            observed: format!(
                "{:.2} % of living cells lodged in the lung 5 min after the end",
                100.0 * in_lung / alive
            ),
            // "The majority", and in every study the lung is by far the first organ.
            shown: in_lung > 0.9 * alive,
        },
        Claim {
            sentence: "they disappear from the lung within 24 h",
            observed: format!(
                "{:.2} % of the dose alive in the lung after 24 h",
                percent(lung_day)
            ),
            // Re-culture finds none; a tenth of the dose would have been found.
            shown: lung_day < 0.1 * day.dose,
        },
        Claim {
            sentence: "living cells are not found at other sites",
            observed: format!(
                "{:.3} % of the dose alive outside the lung after 24 h",
                percent(elsewhere)
            ),
            // Re-culture from an organ finds about one cell in a thousand of the dose.
            shown: elsewhere < 2e-3 * day.dose,
        },
        Claim {
            sentence: "after 24 h the label is in the liver and also in the spleen",
            observed: format!(
                "remains: liver {:.1} %, spleen {:.1} %, lung {:.1} % of the dose",
                percent(liver),
                percent(spleen),
                percent(label(Organ::LUNG)),
            ),
            shown: liver > label(Organ::LUNG) && spleen > 0.0 && spleen < liver,
        },
        Claim {
            sentence: "what is in liver and spleen is dead",
            observed: format!(
                "{:.2} % of what is there is alive",
                100.0 * living_there / (living_there + liver + spleen)
            ),
            shown: living_there < 0.01 * (liver + spleen),
        },
    ])
}
