//! The fate of a dose without saturation: exact, and without integrating.

use std::fmt;

use serde::Serialize;

use super::ObservationError;
use crate::assembly::Model;
use crate::organ::{Place, State};
use crate::physiology::{Blood, Organ};
use crate::solver::Fate;

/// Where the cells of a dose live, die and end, as shares of the dose.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FateTable {
    /// One row a place.
    pub rows: Vec<FateRow>,
    /// Expected passages through the lung a cell.
    pub lung_passages: f64,
    /// Share that ends excreted.
    pub excreted: f64,
    /// Share that never entered or leaked out.
    pub undelivered: f64,
}

/// The fate of cells in one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FateRow {
    /// Where.
    pub place: Place,
    /// Expected time that a cell of the dose is alive here, h.
    pub time_alive: f64,
    /// Probability that a cell of the dose dies here.
    pub death: f64,
    /// Probability that its remains are taken up by phagocytes here.
    pub ingestion: f64,
}

impl Model {
    /// The exact fate of the dose, with the parameters of time zero and all of it given at once.
    ///
    /// # Errors
    /// [`ObservationError::Solver`] unless saturation is off, or when cells would circle for ever.
    ///
    /// # Example
    /// ```
    /// use biodist::prelude::*;
    /// let fate = Scenario::new(Host::mouse(25.g()))
    ///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
    ///     .without_saturation()
    ///     .assemble()?
    ///     .fate()?;
    /// assert!(fate.row(&Organ::LUNG.into()).unwrap().death > 0.9);
    /// # Ok::<(), biodist::Error>(())
    /// ```
    pub fn fate(&self) -> Result<FateTable, ObservationError> {
        let dose = self.total_dose();
        let start: Vec<f64> = self.start().iter().map(|cells| cells / dose).collect();
        let fate = Fate::new(&self.network, &start)?;
        let keys = self.atlas.keys();
        let mut table = FateTable {
            rows: vec![],
            lung_passages: 0.0,
            excreted: 0.0,
            undelivered: 0.0,
        };
        for place in self
            .atlas
            .places()
            .into_iter()
            .filter(|p| *p != Place::Outside)
        {
            table.rows.push(FateRow {
                place,
                time_alive: 0.0,
                death: 0.0,
                ingestion: 0.0,
            });
        }
        for (number, transfer) in self.network.transfers().iter().enumerate() {
            if transfer.from.index() >= keys.len() {
                continue; // of a label, not of cells
            }
            let (from, to) = (&keys[transfer.from.index()], &keys[transfer.to.index()]);
            let share = fate.passages(number);
            let died = from.state.is_viable() && to.state == State::Debris;
            let ingested = to.state == State::Ingested;
            if let Some(row) = table.rows.iter_mut().find(|row| row.place == to.place) {
                row.death += if died { share } else { 0.0 };
                row.ingestion += if ingested { share } else { 0.0 };
            }
            if from.state.is_viable()
                && from.place == Place::Blood(Blood::Venous)
                && to.place == Place::Organ(Organ::LUNG)
            {
                table.lung_passages += share;
            }
        }
        for (name, key) in self.network.pools().iter().zip(keys) {
            let pool = self
                .network
                .pool(name)
                .map_err(crate::solver::SolverError::from)?;
            match key.state {
                State::Excreted => table.excreted += fate.ending(pool),
                State::Undelivered => table.undelivered += fate.ending(pool),
                state if state.is_viable() => {
                    if let Some(row) = table.rows.iter_mut().find(|row| row.place == key.place) {
                        row.time_alive += fate.time(pool);
                    }
                }
                _ => {}
            }
        }
        Ok(table)
    }
}

impl FateTable {
    /// The row of a place.
    #[must_use]
    pub fn row(&self, place: &Place) -> Option<&FateRow> {
        self.rows.iter().find(|row| row.place == *place)
    }
}

impl fmt::Display for FateTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<14}{:>14}{:>12}{:>14}",
            "", "alive here, h", "dies here", "ingested here"
        )?;
        for row in &self.rows {
            writeln!(
                f,
                "{:<14}{:>14.5}{:>11.4}%{:>13.4}%",
                row.place,
                row.time_alive,
                100.0 * row.death,
                100.0 * row.ingestion,
            )?;
        }
        write!(
            f,
            "passages through the lung a cell: {:.4}; excreted {:.3} %, undelivered {:.3} %",
            self.lung_passages,
            100.0 * self.excreted,
            100.0 * self.undelivered,
        )
    }
}
