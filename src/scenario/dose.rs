//! How many cells, of what, by which way, when.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text::name_or_table;
use super::{Product, Route};
use crate::units::{Cells, CellsPerKg, Time, UnitError};

/// A number of cells, or of cells per kilogram of body weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DoseAmount {
    /// Cells.
    Cells(Cells),
    /// Cells per kilogram.
    PerKg(CellsPerKg),
}

impl From<Cells> for DoseAmount {
    fn from(cells: Cells) -> Self {
        Self::Cells(cells)
    }
}

impl From<CellsPerKg> for DoseAmount {
    fn from(cells: CellsPerKg) -> Self {
        Self::PerKg(cells)
    }
}

impl fmt::Display for DoseAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cells(cells) => cells.fmt(f),
            Self::PerKg(cells) => cells.fmt(f),
        }
    }
}

impl FromStr for DoseAmount {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        if text.trim_end().ends_with("/kg") {
            text.parse().map(Self::PerKg)
        } else {
            text.parse().map(Self::Cells)
        }
    }
}

impl Serialize for DoseAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Cells(cells) => cells.serialize(serializer),
            Self::PerKg(cells) => cells.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for DoseAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The same dose again and again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// How many times in all, the first included.
    pub times: u32,
    /// From one start to the next.
    pub every: Time,
}

/// One dose, or the same dose repeated.
///
/// ```
/// use biodist::prelude::*;
/// let dose = Dose::new(2e6.cells_per_kg(), Product::bone_marrow_msc())
///     .by(Route::intravenous())
///     .over(30.minutes())
///     .repeated(4, 7.days());
/// assert_eq!(dose.repeat.unwrap().times, 4);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dose {
    /// Cells of one administration, dead ones included.
    pub amount: DoseAmount,
    /// What is given: a kind by name, or a table.
    #[serde(deserialize_with = "name_or_table")]
    pub product: Product,
    /// Which way: a route by name, or a table.
    #[serde(deserialize_with = "name_or_table")]
    pub route: Route,
    /// When it starts.
    #[serde(default)]
    pub at: Time,
    /// Delay between the start and the moment the first cell enters.
    #[serde(default)]
    pub lag: Time,
    /// How long it takes; zero is a bolus.
    #[serde(default)]
    pub over: Time,
    /// Share that never enters: left in the needle, or leaking back.
    #[serde(default)]
    pub lost: f64,
    /// Repetition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repeat>,
}

impl Dose {
    /// An intravenous bolus at time zero; the methods below say otherwise.
    #[must_use]
    pub fn new(amount: impl Into<DoseAmount>, product: Product) -> Self {
        Self {
            amount: amount.into(),
            product,
            route: Route::intravenous(),
            at: Time::default(),
            lag: Time::default(),
            over: Time::default(),
            lost: 0.0,
            repeat: None,
        }
    }

    /// By another route.
    #[must_use]
    pub fn by(mut self, route: Route) -> Self {
        self.route = route;
        self
    }

    /// As an infusion.
    #[must_use]
    pub fn over(mut self, duration: Time) -> Self {
        self.over = duration;
        self
    }

    /// Starting later.
    #[must_use]
    pub fn at(mut self, start: Time) -> Self {
        self.at = start;
        self
    }

    /// With a delay before the first cell enters.
    #[must_use]
    pub fn lagging(mut self, lag: Time) -> Self {
        self.lag = lag;
        self
    }

    /// With a share that never enters.
    #[must_use]
    pub fn losing(mut self, share: f64) -> Self {
        self.lost = share;
        self
    }

    /// Several times.
    #[must_use]
    pub fn repeated(mut self, times: u32, every: Time) -> Self {
        self.repeat = Some(Repeat { times, every });
        self
    }

    /// The moments at which cells begin to enter, h.
    #[must_use]
    pub fn starts(&self) -> Vec<f64> {
        let first = self.at.value() + self.lag.value();
        match self.repeat {
            None => vec![first],
            Some(Repeat { times, every }) => (0..times)
                .map(|k| f64::from(k).mul_add(every.value(), first))
                .collect(),
        }
    }

    /// Cells of one administration in a body of `weight` g.
    #[must_use]
    pub fn cells(&self, weight: f64) -> f64 {
        match self.amount {
            DoseAmount::Cells(cells) => cells.value(),
            DoseAmount::PerKg(cells) => cells.value() * weight / 1e3,
        }
    }
}
