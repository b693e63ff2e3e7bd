//! The claims of the founding review, over hosts.

use serde::Serialize;

use super::qualify::QualificationError;
use crate::report::claims;
use crate::scenario::{Dose, Host, Product, Scenario};
use crate::units::{Cells, Mass, Time};

/// A claim beside what the model shows in one host.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimRow {
    /// What the review says, in our words.
    pub sentence: String,
    /// In whom.
    pub host: String,
    /// What the run shows.
    pub observed: String,
    /// Whether it shows it.
    pub shown: bool,
}

pub(super) fn rows() -> Result<Vec<ClaimRow>, QualificationError> {
    let hosts = [
        (Host::mouse(Mass::new(20.0)), 5e5),
        (Host::rat(Mass::new(250.0)), 2e6),
        (Host::new("dog"), 2e7),
        (Host::human(Mass::new(73_000.0)), 1e8),
    ];
    let mut rows = vec![];
    for (host, cells) in hosts {
        let dose = Dose::new(Cells::new(cells), Product::bone_marrow_msc());
        let name = host.species.to_string();
        let run = Scenario::new(host)
            .dose(dose)
            .until(Time::new(48.0))
            .simulate()?;
        rows.extend(
            claims(&run, Time::new(0.0))?
                .into_iter()
                .map(|claim| ClaimRow {
                    sentence: claim.sentence.to_string(),
                    host: name.clone(),
                    observed: claim.observed,
                    shown: claim.shown,
                }),
        );
    }
    rows.sort_by(|a, b| a.sentence.cmp(&b.sentence));
    Ok(rows)
}
