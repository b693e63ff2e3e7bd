//! What is in each place that is drawn, as a share of the dose.

use std::collections::BTreeMap;

use crate::ledger::{Ledger, LedgerRow};
use crate::observation::Decay;
use crate::organ::Place;
use crate::plot::PlotError;
use crate::scenario::Label;
use crate::simulation::Run;
use crate::units::Time;

/// What shades the organs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Living cells.
    Living,
    /// Remains, in place and in phagocytes.
    Remains,
    /// A label that the scenario carries, corrected for decay, in cells, in remains and free.
    Label(Label),
}

impl Seen {
    /// As a heading.
    pub(super) fn title(&self) -> String {
        match self {
            Self::Living => "Living cells".to_string(),
            Self::Remains => "Remains".to_string(),
            Self::Label(label) => format!("Label {label}"),
        }
    }

    /// % of the dose in each place at a time; the great vessels together are `blood`.
    pub(super) fn shares(&self, run: &Run, time: Time) -> Result<Shares, PlotError> {
        let (ledger, counts): (Ledger, fn(&LedgerRow) -> bool) = match self {
            Self::Living => (run.ledger(time)?, |row| row.state.is_viable()),
            Self::Remains => (run.ledger(time)?, |row| row.state.is_remains()),
            Self::Label(label) => {
                let ledger = run.label_ledger(label, time, Decay::Corrected)?;
                (ledger, |row| row.place != Place::Outside)
            }
        };
        let mut shares = Shares(BTreeMap::new());
        for row in ledger.rows.iter().filter(|row| counts(row)) {
            let name = match &row.place {
                Place::Blood(_) => "blood",
                place => place.name(),
            };
            let share = 100.0 * row.cells / ledger.dose;
            *shares.0.entry(name.to_string()).or_insert(0.0) += share;
        }
        PlotError::unless_finite("ledger", shares.0.values().copied())?;
        Ok(shares)
    }
}

/// % of the dose by name of the place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shares(BTreeMap<String, f64>);

impl Shares {
    /// In one place; `None` if the host has no such place.
    pub(super) fn of(&self, place: &str) -> Option<f64> {
        self.0.get(place).copied()
    }

    /// In the whole body.
    pub(super) fn all(&self) -> f64 {
        self.0.values().sum()
    }

    /// The place that holds most.
    pub(super) fn most(&self) -> Option<(&str, f64)> {
        let places = self.0.iter().map(|(name, share)| (name.as_str(), *share));
        places.max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The names of the places.
    pub(super) fn places(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
