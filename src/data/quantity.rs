//! A number with all that is needed to defend it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::DataError;

/// How a number came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Printed in the source.
    Measured,
    /// Computed from numbers in the source.
    Derived,
    /// Estimated from data with this model.
    Fitted,
    /// Chosen, with a reason in the row; to be replaced.
    Assumed,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Measured => "measured",
            Self::Derived => "derived",
            Self::Fitted => "fitted",
            Self::Assumed => "assumed",
        })
    }
}

/// The units that the registry knows; each says what values it allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Unit {
    /// Dimensionless, more than 0 or 0.
    #[serde(rename = "1")]
    One,
    /// What multiplies another number, at least 0.
    #[serde(rename = "factor")]
    Factor,
    /// A share, 0 to 1.
    #[serde(rename = "fraction")]
    Fraction,
    /// Rate, per hour.
    #[serde(rename = "1/h")]
    PerHour,
    /// Micrometres.
    #[serde(rename = "um")]
    Micrometre,
    /// Hours.
    #[serde(rename = "h")]
    Hour,
    /// Cells.
    #[serde(rename = "cells")]
    Cells,
    /// Becquerel per cell.
    #[serde(rename = "Bq/cell")]
    BecquerelPerCell,
    /// Micrograms per gram of organ.
    #[serde(rename = "ug/g")]
    MicrogramPerGram,
    /// Cells per gram of organ.
    #[serde(rename = "cells/g")]
    CellsPerGram,
    /// Grams.
    #[serde(rename = "g")]
    Gram,
    /// Millilitres.
    #[serde(rename = "mL")]
    Millilitre,
    /// Millilitres per minute.
    #[serde(rename = "mL/min")]
    MillilitrePerMinute,
}

impl Unit {
    /// As it is written in the tables.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Factor => "factor",
            Self::Fraction => "fraction",
            Self::PerHour => "1/h",
            Self::Micrometre => "um",
            Self::Hour => "h",
            Self::Cells => "cells",
            Self::BecquerelPerCell => "Bq/cell",
            Self::MicrogramPerGram => "ug/g",
            Self::CellsPerGram => "cells/g",
            Self::Gram => "g",
            Self::Millilitre => "mL",
            Self::MillilitrePerMinute => "mL/min",
        }
    }

    /// Checks a value of the parameter `id`.
    ///
    /// # Errors
    /// [`DataError::OutOfRange`] saying what is allowed.
    pub fn check(self, id: &str, value: f64) -> Result<(), DataError> {
        let (fits, allowed) = match self {
            Self::Fraction => ((0.0..=1.0).contains(&value), "between 0 and 1"),
            Self::One | Self::Factor | Self::PerHour | Self::Cells | Self::BecquerelPerCell => {
                (value.is_finite() && value >= 0.0, "finite and at least 0")
            }
            _ => (
                value.is_finite() && value > 0.0,
                "finite and greater than 0",
            ),
        };
        if fits {
            return Ok(());
        }
        Err(DataError::OutOfRange {
            id: id.to_string(),
            value,
            unit: self.text().to_string(),
            allowed,
        })
    }
}

/// One number of the registry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// `place.name`, for example `lung.release`.
    pub id: String,
    /// The species it holds for, or `any`.
    pub species: String,
    /// The value, in `unit`.
    pub value: f64,
    /// The unit.
    pub unit: Unit,
    /// Uncertainty as a geometric standard deviation; 1 means certain or not applicable.
    pub gsd: f64,
    /// Power of body weight, relative to the reference weight of the species, with which the
    /// value scales; 0 means that it does not.
    pub weight_exponent: f64,
    /// How the number came to be.
    pub status: Status,
    /// Key of the [`Source`](super::Source).
    pub source: String,
    /// What it means and how it was obtained.
    pub meaning: String,
}

impl Quantity {
    /// The place (organ, blood, product or route) that the number belongs to.
    #[must_use]
    pub fn place(&self) -> &str {
        self.id.split_once('.').map_or("", |(place, _)| place)
    }

    /// The name without the place.
    #[must_use]
    pub fn name(&self) -> &str {
        self.id.split_once('.').map_or(&self.id, |(_, name)| name)
    }
}
