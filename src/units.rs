//! Quantities with units: cells, time, mass, volume, flow, length.
//!
//! Each quantity is a thin wrapper round one `f64` in the crate's base unit
//! (cells, h, g, mL, mL/h, um). They stand at the border, where people write
//! numbers; inside the crate the same base units are used bare. This is the
//! only place with conversion factors.
//!
//! ```
//! use biodist::prelude::*;
//!
//! assert_eq!(90.minutes(), 1.5.hours());
//! assert_eq!("90 min".parse::<Time>()?, 1.5.hours());
//! assert_eq!(70.kg().to_string(), "70 kg");
//! # Ok::<(), biodist::units::UnitError>(())
//! ```

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not a quantity of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not a {quantity}: write a number and one of the units {allowed}")]
#[non_exhaustive]
pub struct UnitError {
    /// The kind of quantity that was wanted.
    pub quantity: &'static str,
    /// What was written.
    pub text: String,
    /// The units that are understood, comma separated.
    pub allowed: String,
}

/// Reads "number unit" with a table of (unit, base units in one).
fn parse(text: &str, quantity: &'static str, units: &[(&str, f64)]) -> Result<f64, UnitError> {
    let trimmed = text.trim();
    let parsed = trimmed
        .split_once(char::is_whitespace)
        .and_then(|(number, unit)| {
            let number: f64 = number.parse().ok()?;
            let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim())?;
            Some(number * factor)
        });
    parsed.ok_or_else(|| UnitError {
        quantity,
        text: trimmed.to_string(),
        allowed: units
            .iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
            .join(", "),
    })
}

/// Writes a value in the largest unit of which it holds at least one.
fn show(f: &mut fmt::Formatter<'_>, value: f64, units: &[(&str, f64)]) -> fmt::Result {
    let by_size = |fits: &dyn Fn(f64) -> bool| {
        units
            .iter()
            .filter(|(_, factor)| fits(*factor))
            .max_by(|a, b| a.1.total_cmp(&b.1))
    };
    let chosen = by_size(&|factor| value.abs() >= factor * (1.0 - 1e-12))
        .or_else(|| units.iter().min_by(|a, b| a.1.total_cmp(&b.1)));
    match chosen {
        Some((unit, factor)) if value != 0.0 => {
            // Twelve digits hide the rounding of the conversion and nothing else.
            let shown: f64 = format!("{:.11e}", value / factor)
                .parse()
                .unwrap_or(value / factor);
            write!(f, "{shown} {unit}")
        }
        _ => write!(f, "0 {}", units.first().map_or("", |(unit, _)| unit)),
    }
}

macro_rules! quantity {
    ($(#[$meta:meta])* $name:ident, $kind:literal, $base:literal, [$(($unit:literal, $factor:expr)),+ $(,)?]) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
        pub struct $name(f64);

        impl $name {
            /// The base unit in which the number is held.
            pub const UNIT: &'static str = $base;
            const UNITS: &'static [(&'static str, f64)] = &[($base, 1.0), $(($unit, $factor)),+];

            #[doc = concat!("From a number of ", $base, ".")]
            #[must_use]
            pub const fn new(value: f64) -> Self {
                Self(value)
            }

            #[doc = concat!("The number of ", $base, ".")]
            #[must_use]
            pub const fn value(self) -> f64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                show(f, self.0, Self::UNITS)
            }
        }

        impl FromStr for $name {
            type Err = UnitError;
            fn from_str(text: &str) -> Result<Self, UnitError> {
                parse(text, $kind, Self::UNITS).map(Self)
            }
        }

        impl Serialize for $name {
            /// Writes as people do where reading back gives the same bits, and else the base unit, which always does.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let shown = self.to_string();
                match shown.parse::<Self>() {
                    Ok(back) if back.0.to_bits() == self.0.to_bits() => serializer.serialize_str(&shown),
                    _ => serializer.collect_str(&format_args!("{} {}", self.0, $base)),
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

quantity!(
    /// A number of cells, or of cell remains in cell equivalents.
    Cells, "number of cells", "cells",
    [("million cells", 1e6)]
);
quantity!(
    /// A number of cells per kilogram of body weight.
    CellsPerKg, "number of cells per kilogram", "cells/kg",
    [("million cells/kg", 1e6)]
);
quantity!(
    /// A duration or a time since the start of the simulation, in hours.
    Time, "time", "h",
    [("s", 1.0 / 3600.0), ("min", 1.0 / 60.0), ("d", 24.0)]
);
quantity!(
    /// A mass, in grams.
    Mass, "mass", "g",
    [("mg", 1e-3), ("kg", 1e3)]
);
quantity!(
    /// A volume, in millilitres.
    Volume, "volume", "mL",
    [("uL", 1e-3), ("L", 1e3)]
);
quantity!(
    /// A blood flow, in millilitres per hour.
    Flow, "flow", "mL/h",
    [("mL/min", 60.0), ("L/min", 60e3)]
);
quantity!(
    /// A length, in micrometres.
    Length, "length", "um",
    [("mm", 1e3)]
);

/// Numbers that become quantities: `100e6.cells()`, `10.minutes()`, `73.kg()`.
///
/// ```
/// use biodist::prelude::*;
/// assert_eq!(2.days().value(), 48.0); // hours
/// ```
pub trait Quantities: Sized {
    /// The bare number.
    fn number(self) -> f64;

    /// Cells.
    fn cells(self) -> Cells {
        Cells(self.number())
    }
    /// Cells per kilogram of body weight.
    fn cells_per_kg(self) -> CellsPerKg {
        CellsPerKg(self.number())
    }
    /// Seconds.
    fn seconds(self) -> Time {
        Time(self.number() / 3600.0)
    }
    /// Minutes.
    fn minutes(self) -> Time {
        Time(self.number() / 60.0)
    }
    /// Hours.
    fn hours(self) -> Time {
        Time(self.number())
    }
    /// Days of 24 hours.
    fn days(self) -> Time {
        Time(self.number() * 24.0)
    }
    /// Grams.
    fn g(self) -> Mass {
        Mass(self.number())
    }
    /// Kilograms.
    fn kg(self) -> Mass {
        Mass(self.number() * 1e3)
    }
    /// Millilitres.
    fn ml(self) -> Volume {
        Volume(self.number())
    }
    /// Millilitres per minute.
    fn ml_per_min(self) -> Flow {
        Flow(self.number() * 60.0)
    }
    /// Micrometres.
    fn um(self) -> Length {
        Length(self.number())
    }
}

impl Quantities for f64 {
    fn number(self) -> f64 {
        self
    }
}

impl Quantities for i32 {
    fn number(self) -> f64 {
        f64::from(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_to_the_bit() {
        for value in [
            10.0 / 60.0,
            1e-300,
            240.0,
            1.0 / 3.0,
            0.1 + 0.2,
            -0.0,
            f64::MAX,
        ] {
            let time = Time::new(value);
            let text = serde_json::to_string(&time).unwrap();
            let back: Time = serde_json::from_str(&text).unwrap();
            assert_eq!(time.value().to_bits(), back.value().to_bits(), "{text}");
        }
        let written = |text: &str| serde_json::to_string(&text.parse::<Time>().unwrap()).unwrap();
        for text in ["10 min", "10 d", "1 s", "72.5 h"] {
            let back = written(text).trim_matches('"').to_string();
            assert_eq!(back.parse::<Time>(), text.parse::<Time>(), "{back}");
        }
        assert_eq!(written("10 min"), "\"10 min\"");
    }

    #[test]
    fn people_read_natural_units() {
        assert_eq!(10.minutes().to_string(), "10 min");
        assert_eq!(10.days().to_string(), "10 d");
        assert_eq!(73.kg().to_string(), "73 kg");
        assert_eq!(0.hours().to_string(), "0 h");
        assert_eq!(500e3.cells().to_string(), "500000 cells");
    }

    #[test]
    fn an_unknown_unit_lists_the_known_ones() {
        let error = "3 fortnights".parse::<Time>().unwrap_err();
        assert!(error.to_string().contains("h, s, min, d"));
        assert!("3".parse::<Mass>().is_err());
    }
}
