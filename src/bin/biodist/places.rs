//! Places by name, and the living cells in them.

use biodist::Run;
use biodist::observation::ObservationError;
use biodist::prelude::{Organ, Place, State, Time};

use crate::failure::Failure;

/// The word for all places together.
pub const BODY: &str = "body";

/// A place, or the whole body, with the pools of its living cells.
#[derive(Debug, Clone)]
pub struct Living {
    /// Its name.
    pub name: String,
    pools: Vec<usize>,
}

impl Living {
    /// The living cells of a place by name; `body` is everywhere.
    pub fn of(run: &Run, name: &str) -> Result<Self, Failure> {
        let atlas = &run.model.atlas;
        let places = atlas.places();
        let asked = name.trim();
        // As people write it, unless an organ is called just so.
        let exact = places.iter().any(|place| place.name() == asked);
        let name = match exact {
            true => asked.to_string(),
            false => asked.to_lowercase().replace(' ', "_"),
        };
        if name == BODY {
            let pools = atlas.select(|key| key.state.is_viable());
            return Ok(Self { name, pools });
        }
        match places.iter().find(|place| place.name() == name) {
            Some(place) => Ok(Self {
                name,
                pools: atlas.pools(place, &State::VIABLE),
            }),
            // Asking for it gives the error with near names.
            None => match run.viable(Organ::new(name.as_str())) {
                Err(error) => Err(error.into()),
                Ok(_) => Err(Failure::input(format!("there is no place '{name}'"))),
            },
        }
    }

    /// The places that were asked for; without any, those that hold most living cells at some time, and the
    /// body.
    pub fn chosen(run: &Run, names: &[String], most: usize) -> Result<Vec<Self>, Failure> {
        if !names.is_empty() {
            return names.iter().map(|name| Self::of(run, name)).collect();
        }
        let mut peaks = vec![];
        for place in run.model.atlas.places() {
            // Cells are in blood for minutes; who asks where they live means organs.
            if matches!(place, Place::Organ(_)) {
                let peak = run.kinetics(place.clone(), &State::VIABLE)?.cmax;
                peaks.push((peak, place));
            }
        }
        peaks.sort_by(|a, b| b.0.total_cmp(&a.0));
        let names = peaks.iter().take(most).map(|(_, place)| place.name());
        names
            .chain([BODY])
            .map(|name| Self::of(run, name))
            .collect()
    }

    /// Living cells at a moment.
    pub fn at(&self, run: &Run, time: Time) -> Result<f64, ObservationError> {
        let amounts = run.trajectory.at(time.value())?;
        // Noise of the solver may stand a hair below zero.
        Ok(self
            .pools
            .iter()
            .map(|pool| amounts[*pool])
            .sum::<f64>()
            .max(0.0))
    }
}

/// A name as people write it.
pub fn plain(name: &str) -> String {
    name.replace('_', " ")
}

/// A number of cells with three digits, as in tables.
pub fn cells(number: f64) -> String {
    match number {
        number if number >= 1000.0 => format!("{number:.2e}"),
        number if number >= 9.95 => format!("{number:.0}"),
        number if number >= 0.01 => format!("{number:.2}"),
        number if number > 0.0 => format!("{number:.0e}"),
        _ => "0".to_string(),
    }
}
