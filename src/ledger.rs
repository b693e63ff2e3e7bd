//! The ledger: every cell, at any moment, by place and state.

use std::f64::consts::LN_2;
use std::fmt;

use serde::Serialize;

use crate::observation::{Decay, ObservationError};
use crate::organ::{Place, PoolKey, State};
use crate::scenario::Label;
use crate::simulation::Run;
use crate::solver::SolverError;
use crate::units::Time;

/// Where every cell of the dose is at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ledger {
    /// When, h.
    pub time: f64,
    /// All cells of the scenario, given or not.
    pub dose: f64,
    /// What each place holds in each state, in the order of the model; empty ones included.
    pub rows: Vec<LedgerRow>,
    /// Sum of all rows less the dose, relative to the dose: rounding and nothing else.
    pub residual: f64,
}

/// What one place holds in one state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LedgerRow {
    /// Where.
    pub place: Place,
    /// In which state.
    pub state: State,
    /// Cells, or remains in cell equivalents.
    pub cells: f64,
}

impl Run {
    /// The ledger at any time of the run.
    ///
    /// # Errors
    /// [`SolverError::OutsideRun`] for a time that the run does not hold.
    ///
    /// # Example
    /// ```
    /// use biodist::prelude::*;
    /// let run = Scenario::new(Host::mouse(25.g()))
    ///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
    ///     .simulate()?;
    /// let ledger = run.ledger(24.hours())?;
    /// assert!(ledger.residual.abs() < 1e-10);
    /// println!("{ledger}");
    /// # Ok::<(), biodist::Error>(())
    /// ```
    pub fn ledger(&self, time: Time) -> Result<Ledger, SolverError> {
        let amounts = self.trajectory.at(time.value())?;
        let keys = self.model.atlas.keys().iter();
        let rows = rows(keys.zip(amounts.iter().copied()));
        Ok(Ledger::closing(time, self.model.total_dose(), rows))
    }
}

impl Run {
    /// The ledger of a label: where the label of all cells is at one moment, in cell equivalents.
    ///
    /// With [`Decay::Raw`] what has decayed is a row of its own, so that the sum stays the dose.
    ///
    /// # Errors
    /// [`ObservationError::NotLabelled`] when the cells carry no such label; a time outside the
    /// run.
    pub fn label_ledger(
        &self,
        label: &Label,
        time: Time,
        decay: Decay,
    ) -> Result<Ledger, ObservationError> {
        let amounts = self.trajectory.at(time.value())?;
        let mut labels = self.model.atlas.labels().iter();
        let pools = labels.find(|pools| pools.label == *label);
        let pools = pools.ok_or_else(|| ObservationError::NotLabelled {
            label: label.name().to_string(),
        })?;
        let half_life = self.model.parameters.get(label.name(), "half_life")?;
        let left = match decay {
            Decay::Corrected => 1.0,
            Decay::Raw => libm::exp(-LN_2 * time.value() / half_life),
        };
        let all: f64 = pools.pools().map(|(pool, _)| amounts[pool]).sum();
        let here = pools.pools();
        let mut rows = rows(here.map(|(pool, key)| (key, left * amounts[pool])));
        if decay == Decay::Raw {
            rows.push(LedgerRow {
                place: Place::Outside,
                state: State::Decayed,
                cells: (1.0 - left) * all,
            });
        }
        Ok(Ledger::closing(time, self.model.total_dose(), rows))
    }
}

/// Amounts by place and state, in the order in which they come.
fn rows<'a>(amounts: impl Iterator<Item = (&'a PoolKey, f64)>) -> Vec<LedgerRow> {
    let mut rows: Vec<LedgerRow> = vec![];
    for (key, cells) in amounts {
        let same = |row: &&mut LedgerRow| row.place == key.place && row.state == key.state;
        match rows.iter_mut().find(same) {
            Some(row) => row.cells += cells,
            None => rows.push(LedgerRow {
                place: key.place.clone(),
                state: key.state,
                cells,
            }),
        }
    }
    rows
}

impl Ledger {
    fn closing(time: Time, dose: f64, rows: Vec<LedgerRow>) -> Self {
        let sum: f64 = rows.iter().map(|row| row.cells).sum();
        Self {
            time: time.value(),
            dose,
            rows,
            residual: (sum - dose) / dose,
        }
    }

    /// Sum over the rows that satisfy a condition, cells.
    #[must_use]
    pub fn sum(&self, condition: impl Fn(&LedgerRow) -> bool) -> f64 {
        let rows = self.rows.iter().filter(|row| condition(row));
        // Not `sum`, whose value for no rows is the negative zero.
        rows.fold(0.0, |sum, row| sum + row.cells)
    }

    /// The ledger as CSV: place, state, cells with every digit.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(vec![]);
        // Writing to memory cannot fail.
        let _ = writer.write_record(["place", "state", "cells"]);
        for row in &self.rows {
            let cells = row.cells.to_string();
            let _ = writer.write_record([row.place.name(), row.state.name(), &cells]);
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }

    /// Living cells in a place.
    #[must_use]
    pub fn viable(&self, place: impl Into<Place>) -> f64 {
        let place = place.into();
        self.sum(|row| row.place == place && row.state.is_viable())
    }

    /// Remains in a place, in cell equivalents.
    #[must_use]
    pub fn remains(&self, place: impl Into<Place>) -> f64 {
        let place = place.into();
        self.sum(|row| row.place == place && row.state.is_remains())
    }

    /// Living cells in the whole body.
    #[must_use]
    pub fn viable_in_body(&self) -> f64 {
        self.sum(|row| row.state.is_viable())
    }

    /// What is in one state, wherever it is.
    #[must_use]
    pub fn in_state(&self, state: State) -> f64 {
        self.sum(|row| row.state == state)
    }

    /// The places of the rows, each once, in their order.
    #[must_use]
    pub fn places(&self) -> Vec<Place> {
        let mut places: Vec<Place> = vec![];
        for row in &self.rows {
            if !places.contains(&row.place) {
                places.push(row.place.clone());
            }
        }
        places
    }
}

impl fmt::Display for Ledger {
    /// A table in % of the dose, with the sum and the residual.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |cells: f64| 100.0 * cells / self.dose;
        writeln!(
            f,
            "ledger at {} (dose {:.4e} cells)",
            Time::new(self.time),
            self.dose
        )?;
        writeln!(f, "{:<14}{:>12}{:>12}   % of dose", "", "viable", "remains")?;
        for place in self
            .places()
            .iter()
            .filter(|place| **place != Place::Outside)
        {
            let (viable, remains) = (self.viable(place.clone()), self.remains(place.clone()));
            let (viable, remains) = (percent(viable), percent(remains));
            writeln!(f, "{place:<14}{viable:>12.4}{remains:>12.4}")?;
        }
        let labels = [State::Free, State::Decayed];
        let labels = labels
            .into_iter()
            .filter(|s| self.rows.iter().any(|r| r.state == *s));
        let outside = [State::Syringe, State::Excreted, State::Undelivered];
        for state in outside.into_iter().chain(labels) {
            let cells = percent(self.in_state(state));
            writeln!(f, "{state:<14}{:>12}{cells:>12.4}", "")?;
        }
        let sum = percent(self.sum(|_| true));
        write!(
            f,
            "{:<14}{sum:>24.4}   residual {:.1e} of the dose",
            "sum", self.residual
        )
    }
}
