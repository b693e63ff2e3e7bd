//! An amount over time.

use std::fmt;

use serde::Serialize;

use super::ObservationError;
use crate::assembly::Model;
use crate::names::near;
use crate::organ::{Place, State};
use crate::simulation::Run;

/// Cells in a place over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimeCourse {
    /// What it shows.
    pub label: String,
    /// Times, h.
    pub times: Vec<f64>,
    /// Cells, or remains in cell equivalents.
    pub cells: Vec<f64>,
}

impl Run {
    /// Living cells in a place at the reported times.
    ///
    /// # Errors
    /// [`ObservationError::UnknownPlace`] with near names.
    pub fn viable(&self, place: impl Into<Place>) -> Result<TimeCourse, ObservationError> {
        let place = place.into();
        let label = format!("{place}, viable");
        Ok(self.course(label, &self.pools_in(&place, &State::VIABLE)?))
    }

    /// Remains in a place at the reported times, in cell equivalents.
    ///
    /// # Errors
    /// [`ObservationError::UnknownPlace`] with near names.
    pub fn remains(&self, place: impl Into<Place>) -> Result<TimeCourse, ObservationError> {
        let place = place.into();
        let label = format!("{place}, remains");
        Ok(self.course(label, &self.pools_in(&place, &State::REMAINS)?))
    }

    /// What is in some states, in the whole model, at the reported times.
    #[must_use]
    pub fn in_states(&self, label: &str, states: &[State]) -> TimeCourse {
        let pools = self.model.atlas.select(|key| states.contains(&key.state));
        self.course(label.to_string(), &pools)
    }

    /// Sum of some pools, by their number, at the reported times.
    #[must_use]
    pub fn course(&self, label: String, pools: &[usize]) -> TimeCourse {
        let sum = |state: &[f64]| pools.iter().map(|pool| state[*pool]).sum();
        TimeCourse {
            label,
            times: self.trajectory.times().to_vec(),
            cells: self.trajectory.states().map(sum).collect(),
        }
    }

    /// Numbers of the pools of a place in some states; the place must exist.
    pub(super) fn pools_in(
        &self,
        place: &Place,
        states: &[State],
    ) -> Result<Vec<usize>, ObservationError> {
        self.model.pools_in(place, states)
    }
}

impl Model {
    /// Numbers of the pools of a place in some states; the place must exist.
    pub(super) fn pools_in(
        &self,
        place: &Place,
        states: &[State],
    ) -> Result<Vec<usize>, ObservationError> {
        let atlas = &self.atlas;
        let places = atlas.places();
        if !places.contains(place) {
            return Err(ObservationError::UnknownPlace {
                name: place.name().to_string(),
                near: near(place.name(), places.iter().map(Place::name)),
            });
        }
        Ok(atlas.pools(place, states))
    }
}

impl TimeCourse {
    /// The greatest value, cells.
    #[must_use]
    pub fn peak(&self) -> f64 {
        self.cells.iter().copied().fold(0.0, f64::max)
    }

    /// When the greatest value is first reached, h.
    #[must_use]
    pub fn time_of_peak(&self) -> f64 {
        let peak = self.peak();
        let reached = self.cells.iter().position(|cells| *cells >= peak);
        reached.map_or(0.0, |index| self.times[index])
    }

    /// The last value, cells.
    #[must_use]
    pub fn at_end(&self) -> f64 {
        self.cells.last().copied().unwrap_or(0.0)
    }
}

impl fmt::Display for TimeCourse {
    /// Two columns, every digit kept.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "time_h,{}", self.label.replace(',', ""))?;
        for (time, cells) in self.times.iter().zip(&self.cells) {
            writeln!(f, "{time},{cells}")?;
        }
        Ok(())
    }
}
