//! What is put under an instrument: an organ, blood, or the whole body.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ObservationError;
use crate::assembly::Model;
use crate::organ::{Place, PoolKey, State};
use crate::physiology::{Blood, Organ};

/// A place, or the whole body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// An organ with the blood in it, a cavity, or the blood of the great vessels.
    Place(Place),
    /// Everything but what is outside.
    Body,
}

impl<T: Into<Place>> From<T> for Region {
    fn from(place: T) -> Self {
        Self::Place(place.into())
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place(place) => place.fmt(f),
            Self::Body => f.pad("body"),
        }
    }
}

impl Model {
    pub(super) fn check_region(&self, region: &Region) -> Result<(), ObservationError> {
        match region {
            Region::Body => Ok(()),
            Region::Place(place) => self.pools_in(place, &[]).map(|_| ()),
        }
    }

    /// Which share of a pool lies in a region.
    ///
    /// Living cells in the vessels of an organ have a pool of their own. Remains and free label in
    /// blood have not: they are spread over all blood, that of the organs included.
    pub(super) fn share(&self, region: &Region, key: &PoolKey, rinsed: bool) -> f64 {
        let spread = matches!(key.place, Place::Blood(_))
            && matches!(key.state, State::Debris | State::Free);
        let within = |there: bool| if there { 1.0 } else { 0.0 };
        match region {
            Region::Body => within(key.place != Place::Outside),
            Region::Place(Place::Blood(blood)) if spread => match key.state {
                State::Free => self.blood_share(&Place::Blood(*blood)),
                _ => within(key.place == Place::Blood(*blood)) * self.vessels_share(),
            },
            Region::Place(place) if spread && !rinsed => self.blood_share(place),
            Region::Place(place) => {
                let washed = rinsed && key.state == State::Vascular;
                let blood = matches!(place, Place::Blood(_));
                within(key.place == *place && (blood || !washed) && !spread)
            }
        }
    }

    /// Blood in a place as a share of all blood.
    fn blood_share(&self, place: &Place) -> f64 {
        let body = &self.body;
        let volume = match place {
            Place::Organ(organ) => body.tissue(organ).map_or(0.0, |t| t.vascular_volume),
            Place::Blood(blood) => body.volume(*blood),
            Place::Outside => 0.0,
        };
        volume / body.blood_volume
    }

    /// Blood of the great vessels as a share of all blood.
    fn vessels_share(&self) -> f64 {
        let body = &self.body;
        let vessels = Blood::ALL.map(|blood| body.volume(blood));
        vessels.iter().sum::<f64>() / body.blood_volume
    }

    /// Mass of a region, g; blood counts 1 g a mL. A cavity has none.
    pub(super) fn grams(&self, region: &Region) -> Option<f64> {
        let body = &self.body;
        match region {
            Region::Body => Some(body.weight),
            Region::Place(Place::Organ(organ)) => tissue_mass(self, organ),
            Region::Place(Place::Blood(blood)) => Some(body.volume(*blood)),
            Region::Place(Place::Outside) => None,
        }
    }
}

fn tissue_mass(model: &Model, organ: &Organ) -> Option<f64> {
    model.body.tissue(organ).map(|tissue| tissue.mass)
}
