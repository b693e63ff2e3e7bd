//! What a run says in the place of a measurement.

use super::{Assay, MeasuredBy, ObservationError, ObservedRow, ReadingUnit, Region, Value};
use crate::names::{near, same};
use crate::organ::{Place, State};
use crate::scenario::Label;
use crate::simulation::Run;
use crate::units::Time;

/// Instruments for a label whose reader is not named, those of tissue first.
const READERS: [&str; 6] = [
    "gamma_counter",
    "liquid_scintillation",
    "pet",
    "luminescence",
    "qpcr",
    "mri",
];

/// A number with three digits.
fn short(number: f64) -> String {
    let rounded = format!("{number:.2e}").parse().unwrap_or(number);
    rounded.to_string()
}

impl Run {
    /// What the model says in the place of a measurement, in its unit.
    ///
    /// # Errors
    /// As [`Run::read`]; [`ObservationError::WhichLabel`] for a share of the dose by a label that is not named, unless
    /// the cells carry one label.
    pub fn beside(&self, row: &ObservedRow) -> Result<Value, ObservationError> {
        self.beside_at(row, row.time)
    }

    /// As [`Self::beside`], at another time.
    ///
    /// # Errors
    /// As [`Self::beside`].
    pub fn beside_at(&self, row: &ObservedRow, time: Time) -> Result<Value, ObservationError> {
        let place = self.place_of(row)?;
        let Some(assay) = self.assay_of(row)? else {
            return Ok(Value::Detected(self.living(row, place.as_ref(), time)?));
        };
        let region = place.map_or(Region::Body, Region::Place);
        let reading = self.read(&assay, region, &[time])?;
        let value = reading.values.first().copied();
        Ok(value.unwrap_or(Value::Detected(0.0)))
    }

    /// The instrument that a measurement is compared with; none for living cells.
    ///
    /// # Errors
    /// As [`Self::beside`].
    pub fn assay_of(&self, row: &ObservedRow) -> Result<Option<Assay>, ObservationError> {
        let label = match &row.measured_by {
            MeasuredBy::LivingCells => return Ok(None),
            MeasuredBy::Assay(assay) => return Ok(Some(assay.clone())),
            MeasuredBy::Label(Some(label)) => label,
            MeasuredBy::Label(None) => match &self.model.scenario.labels[..] {
                [label] => label,
                labels => return Err(self.which_label(row, labels)?),
            },
        };
        let readers = READERS.iter();
        let mut readers =
            readers.map(|name| Assay::new(*name, Some(label.clone())).in_unit(row.unit));
        let parameters = &self.model.parameters;
        let fitting = readers.find(|assay| assay.check(parameters).is_ok());
        // Without one, the first gives the error that names what is wrong.
        let first = || Assay::new(READERS[0], Some(label.clone())).in_unit(row.unit);
        Ok(Some(fitting.unwrap_or_else(first)))
    }

    /// Which label is meant is not known; what living cells would be is said, so that nobody has to ask twice.
    fn which_label(
        &self,
        row: &ObservedRow,
        labels: &[Label],
    ) -> Result<ObservationError, ObservationError> {
        let place = self.place_of(row)?;
        let names: Vec<&str> = labels.iter().map(Label::name).collect();
        Ok(ObservationError::WhichLabel {
            unit: row.unit.text(),
            labels: match names.is_empty() {
                true => "none".to_string(),
                false => names.join(", "),
            },
            living: short(self.living(row, place.as_ref(), row.time)?),
            given: self.model.dose_by(row.time.value()).to_string(),
        })
    }

    /// The place of a measurement; none is the body.
    fn place_of(&self, row: &ObservedRow) -> Result<Option<Place>, ObservationError> {
        let places = self.model.atlas.places();
        let called = |place: &&Place| place.name() == row.organ;
        let one = row.organ.trim_end_matches(['s', 'S']);
        let meant = |place: &&Place| same(place.name(), &row.organ) || same(place.name(), one);
        let place = places.iter().find(called);
        let place = place.or_else(|| places.iter().find(meant)).cloned();
        let body = ["body", "whole body", "total body"];
        if place.is_none() && !body.iter().any(|name| same(name, &row.organ)) {
            let names = places.iter().map(Place::name).chain(["body"]);
            return Err(ObservationError::UnknownPlace {
                name: row.organ.clone(),
                near: near(&row.organ, names),
            });
        }
        Ok(place)
    }

    /// Living cells in the unit of a measurement.
    fn living(
        &self,
        row: &ObservedRow,
        place: Option<&Place>,
        time: Time,
    ) -> Result<f64, ObservationError> {
        let atlas = &self.model.atlas;
        let amounts = self.trajectory.at(time.value())?;
        let pools = match place {
            Some(place) => atlas.pools(place, &State::VIABLE),
            None => atlas.select(|key| key.state.is_viable()),
        };
        let cells: f64 = pools.iter().map(|pool| amounts[*pool]).sum();
        Ok(cells.max(0.0) * self.scale_of(row, place, time)?)
    }

    /// One cell in the unit of a measurement.
    fn scale_of(
        &self,
        row: &ObservedRow,
        place: Option<&Place>,
        time: Time,
    ) -> Result<f64, ObservationError> {
        let body = &self.model.body;
        let grams = match place {
            None => Some(body.weight),
            Some(Place::Organ(organ)) => body.tissue(organ).map(|tissue| tissue.mass),
            Some(Place::Blood(blood)) => Some(body.volume(*blood)),
            Some(Place::Outside) => None,
        };
        let share = match row.unit {
            ReadingUnit::PercentDose | ReadingUnit::PercentDosePerGram => {
                self.model.percent_of_dose(time.value())
            }
            _ => 1.0,
        };
        match (row.unit.is_per_gram(), grams) {
            (false, _) => Ok(share),
            (true, Some(grams)) => Ok(share / grams),
            (true, None) => Err(ObservationError::NoMass {
                region: row.organ.clone(),
            }),
        }
    }
}
