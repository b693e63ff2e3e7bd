//! Tables of what was measured, and what a run says in their place.

use std::fmt;

use super::{Assay, ObservationError, ReadingUnit, Region, Value};
use crate::data::{TableError, UserRow, UserTable, amount};
use crate::names::{near, same};
use crate::organ::{Place, State};
use crate::scenario::Label;
use crate::simulation::Run;
use crate::units::Time;

/// A table of measurements.
///
/// | column | needed | what |
/// |---|---|---|
/// | `time_h` | yes | when, h since the start of the run |
/// | `organ` | yes | a place of the run, or `body` |
/// | `value` | yes | a number of at least 0; `<5` where nothing was found above 5 |
/// | `unit` | no | as [`ReadingUnit::text`] writes it; absent: `cells` |
/// | `assay` | no | an instrument; absent: living cells, in cells or % of the dose, in all or per gram |
/// | `label` | no | the label that the instrument reads; absent: the one that it reads always |
/// | `id` | no | the subject |
///
/// Columns are separated by commas, semicolons or tabs; heads may be in any case.
///
/// ```
/// use biodist::observation::Observed;
/// use biodist::prelude::*;
/// let observed = Observed::from_csv("time_h,organ,value,unit\n1,lung,80,%ID\n24,lung,<10,%ID\n")?;
/// let run = Scenario::new(Host::mouse(25.g()))
///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
///     .simulate()?;
/// let model = run.beside(&observed.rows()[0])?.detected().unwrap_or(0.0);
/// assert!(50.0 < model && model < 100.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    rows: Vec<ObservedRow>,
    unread: Vec<String>,
}

/// One measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedRow {
    /// Line of the text, from 1 with the heads.
    pub line: u64,
    /// The subject, if the table has any.
    pub subject: Option<String>,
    /// When.
    pub time: Time,
    /// Name of a place, or `body`.
    pub organ: String,
    /// The instrument; none for living cells.
    pub assay: Option<Assay>,
    /// What was found.
    pub value: Value,
    /// In this unit.
    pub unit: ReadingUnit,
}

const COLUMNS: [&str; 7] = ["time_h", "organ", "value", "unit", "assay", "label", "id"];

const UNITS: [ReadingUnit; 8] = [
    ReadingUnit::Cells,
    ReadingUnit::CellsPerGram,
    ReadingUnit::PercentDose,
    ReadingUnit::PercentDosePerGram,
    ReadingUnit::Becquerel,
    ReadingUnit::CountsPerMinute,
    ReadingUnit::CopiesPerMicrogram,
    ReadingUnit::CellsRecovered,
];

impl Observed {
    /// Reads a table from CSV.
    ///
    /// # Errors
    /// [`TableError`], naming line, column, value and what is allowed.
    pub fn from_csv(text: &str) -> Result<Self, TableError> {
        let table = UserTable::read(text, &COLUMNS, &["time_h", "organ", "value"])?;
        let rows = table.rows().map(|row| Cells(&row).row());
        Ok(Self {
            rows: rows.collect::<Result<_, _>>()?,
            unread: table.unread(),
        })
    }

    /// The measurements, in the order of the table.
    #[must_use]
    pub fn rows(&self) -> &[ObservedRow] {
        &self.rows
    }

    /// Columns of the table that have no meaning here.
    #[must_use]
    pub fn unread(&self) -> &[String] {
        &self.unread
    }
}

/// A row with what its cells may say.
struct Cells<'a>(&'a UserRow<'a>);

impl Cells<'_> {
    fn text(&self, column: &str) -> Option<&str> {
        self.0.text(column)
    }

    fn bad(&self, column: &'static str, allowed: impl Into<String>) -> TableError {
        self.0.bad(column, allowed)
    }

    fn row(&self) -> Result<ObservedRow, TableError> {
        let Some(time) = self.0.number("time_h")? else {
            return Err(self.bad("time_h", "must be a finite number of hours"));
        };
        let Some(organ) = self.text("organ") else {
            return Err(self.bad("organ", "must be a place, or 'body'"));
        };
        let unit = self.unit()?;
        Ok(ObservedRow {
            line: self.0.line(),
            subject: self.text("id").map(str::to_string),
            time: Time::new(time),
            organ: organ.to_string(),
            assay: self.assay(unit)?,
            value: self.value()?,
            unit,
        })
    }

    fn value(&self) -> Result<Value, TableError> {
        let text = self.text("value").unwrap_or_default();
        let value = match text.strip_prefix('<') {
            Some(limit) => amount(limit.trim()).map(|limit| Value::NotDetected { limit }),
            None => amount(text).map(Value::Detected),
        };
        value.ok_or_else(|| {
            let allowed = "must be a finite number of at least 0, or such a number after '<'";
            self.bad("value", allowed)
        })
    }

    fn unit(&self) -> Result<ReadingUnit, TableError> {
        let Some(text) = self.text("unit") else {
            return Ok(ReadingUnit::Cells);
        };
        let known = || UNITS.iter().map(|unit| unit.text());
        let found = UNITS.into_iter().find(|unit| unit.text() == text);
        found.ok_or_else(|| {
            let known = known().collect::<Vec<_>>().join(", ");
            self.bad("unit", format!("must be one of {known}"))
        })
    }

    fn assay(&self, unit: ReadingUnit) -> Result<Option<Assay>, TableError> {
        let label = self.text("label").map(|name| Label::from(name.to_string()));
        let Some(name) = self.text("assay") else {
            if label.is_some() {
                return Err(self.bad("label", "needs an 'assay' that reads it"));
            }
            let counted = matches!(
                unit,
                ReadingUnit::Cells
                    | ReadingUnit::CellsPerGram
                    | ReadingUnit::PercentDose
                    | ReadingUnit::PercentDosePerGram
            );
            return match counted {
                true => Ok(None),
                false => Err(self.bad("unit", "needs an 'assay'; living cells have no such unit")),
            };
        };
        if !Assay::instruments().any(|known| known == name) {
            let near = near(name, Assay::instruments());
            return Err(self.bad("assay", format!("unknown instrument; near names: {near}")));
        }
        let label = label.or_else(|| match name {
            "luminescence" => Assay::luminescence().label,
            "mri" => Assay::mri().label,
            _ => None,
        });
        Ok(Some(Assay::new(name, label).in_unit(unit)))
    }
}

impl ObservedRow {
    /// How it was measured: the instrument with its label, or `living cells`.
    #[must_use]
    pub fn how(&self) -> String {
        let assay = self.assay.as_ref();
        assay.map_or("living cells".to_string(), ToString::to_string)
    }
}

impl fmt::Display for ObservedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (time, organ, how) = (self.time, &self.organ, self.how());
        write!(f, "{organ}, {how}, at {time}: {} {}", self.value, self.unit)
    }
}

impl Run {
    /// What the model says in the place of a measurement, in its unit.
    ///
    /// # Errors
    /// As [`Run::read`].
    pub fn beside(&self, row: &ObservedRow) -> Result<Value, ObservationError> {
        self.beside_at(row, row.time)
    }

    /// As [`Self::beside`], at another time.
    ///
    /// # Errors
    /// As [`Run::read`].
    pub fn beside_at(&self, row: &ObservedRow, time: Time) -> Result<Value, ObservationError> {
        let atlas = &self.model.atlas;
        let places = atlas.places();
        let called = |place: &&Place| place.name() == row.organ;
        let meant = |place: &&Place| same(place.name(), &row.organ);
        let place = places
            .iter()
            .find(called)
            .or_else(|| places.iter().find(meant));
        if place.is_none() && !same(&row.organ, "body") {
            let names = places.iter().map(Place::name).chain(["body"]);
            return Err(ObservationError::UnknownPlace {
                name: row.organ.clone(),
                near: near(&row.organ, names),
            });
        }
        if let Some(assay) = &row.assay {
            let region = place.map_or(Region::Body, |place| Region::Place(place.clone()));
            let reading = self.read(assay, region, &[time])?;
            let value = reading.values.first().copied();
            return Ok(value.unwrap_or(Value::Detected(0.0)));
        }
        let amounts = self.trajectory.at(time.value())?;
        let pools = match place {
            Some(place) => atlas.pools(place, &State::VIABLE),
            None => atlas.select(|key| key.state.is_viable()),
        };
        let cells: f64 = pools.iter().map(|pool| amounts[*pool]).sum();
        Ok(Value::Detected(cells.max(0.0) * self.scale_of(row, place)?))
    }

    /// One cell in the unit of a measurement.
    fn scale_of(&self, row: &ObservedRow, place: Option<&Place>) -> Result<f64, ObservationError> {
        let body = &self.model.body;
        let grams = match place {
            None => Some(body.weight),
            Some(Place::Organ(organ)) => body.tissue(organ).map(|tissue| tissue.mass),
            Some(Place::Blood(blood)) => Some(body.volume(*blood)),
            Some(Place::Outside) => None,
        };
        let share = match row.unit {
            ReadingUnit::PercentDose | ReadingUnit::PercentDosePerGram => {
                100.0 / self.model.total_dose()
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
