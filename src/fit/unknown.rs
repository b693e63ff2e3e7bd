//! Numbers to be found, and what is thought of them before.

use serde::{Deserialize, Serialize};

use super::FitError;
use crate::data::{self, Parameters};
use crate::organ::{cumulative, quantile};
use crate::population::Uncertain;
use crate::scenario::Scenario;

/// What is thought of a number before the data are seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Prior {
    /// Value, spread and correlations of the registry.
    Registry,
    /// Value and spread of the registry before its own calibration, without correlations.
    Starting,
    /// Anywhere between two bounds above 0, by ratios: the logarithm is uniform; never outside.
    ///
    /// Its score is the normal quantile of the place between the bounds, so that the score is standard normal as
    /// under every prior. The most probable value is that of the score.
    Between(f64, f64),
}

/// A number of the registry that is to be found.
///
/// ```
/// use biodist::fit::Unknown;
/// let release = Unknown::new("tissue.release");
/// let width = Unknown::new("lung.sieve_diameter").of_species("dog");
/// let death = Unknown::between("tissue.death_lodged", 0.01, 1.0);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// Its id.
    pub id: String,
    /// The species of its row; absent: it is set in every experiment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub species: Option<String>,
    /// What is thought of it before.
    #[serde(default = "registry")]
    pub prior: Prior,
}

const fn registry() -> Prior {
    Prior::Registry
}

impl Unknown {
    /// With value and spread of the registry.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            species: None,
            prior: Prior::Registry,
        }
    }

    /// Anywhere between two bounds.
    #[must_use]
    pub fn between(id: impl Into<String>, low: f64, high: f64) -> Self {
        Self {
            prior: Prior::Between(low, high),
            ..Self::new(id)
        }
    }

    /// Only for hosts whose registry takes the row of this species, which may be `any`.
    #[must_use]
    pub fn of_species(mut self, species: impl Into<String>) -> Self {
        self.species = Some(species.into());
        self
    }

    /// With another prior.
    #[must_use]
    pub const fn with_prior(mut self, prior: Prior) -> Self {
        self.prior = prior;
        self
    }

    /// Whether a scenario takes this row.
    pub(super) fn concerns(&self, scenario: &Scenario) -> Result<bool, FitError> {
        let parameters = Parameters::for_host(scenario.host.species.name(), None)?;
        let (place, name) = self.id.split_once('.').unwrap_or((&self.id, ""));
        let row = parameters.quantity(place, name)?;
        Ok((self.species.as_ref()).is_none_or(|species| *species == row.species))
    }

    /// The row of the registry behind its prior, by id and species; `None` for a prior that is not the registry's.
    pub(super) fn row(&self, scenario: &Scenario) -> Result<Option<(String, String)>, FitError> {
        if self.prior != Prior::Registry {
            return Ok(None);
        }
        let parameters = Parameters::for_host(scenario.host.species.name(), None)?;
        let (place, name) = self.id.split_once('.').unwrap_or((&self.id, ""));
        let row = parameters.quantity(place, name)?;
        Ok(Some((row.id.clone(), row.species.clone())))
    }

    /// The scale on which it is sought.
    pub(super) fn scale(&self, scenario: &Scenario) -> Result<Scale, FitError> {
        if let Prior::Between(low, high) = self.prior {
            if !(low.is_finite() && high.is_finite() && low > 0.0 && low < high) {
                return Err(FitError::BadNumber {
                    field: "between",
                    value: low,
                    allowed: "two finite bounds above 0, the lower first",
                });
            }
            return Ok(Scale::Between(libm::log(low), libm::log(high)));
        }
        let parameters = Parameters::for_host(scenario.host.species.name(), None)?;
        let (place, name) = self.id.split_once('.').unwrap_or((&self.id, ""));
        let row = parameters.quantity(place, name)?;
        let starting = match self.prior {
            Prior::Starting => data::starting()?,
            _ => &[],
        };
        let same = starting
            .iter()
            .find(|other| other.id == row.id && other.species == row.species);
        let row = same.unwrap_or(row);
        let found = Uncertain::of(row, &self.id, row.value);
        let found = found.ok_or_else(|| FitError::NoSpread {
            id: self.id.clone(),
        })?;
        Ok(Scale::Spread(found))
    }
}

/// From standard scores to values.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scale {
    Spread(Uncertain),
    /// Logarithms of the bounds.
    Between(f64, f64),
}

impl Scale {
    pub(super) fn value(&self, score: f64) -> f64 {
        match self {
            Self::Spread(uncertain) => uncertain.at_score(score),
            Self::Between(low, high) => libm::exp(low + (high - low) * cumulative(score)),
        }
    }

    /// The score of a value, by halving: there is one, and it is asked for seldom.
    pub(super) fn score(&self, value: f64) -> f64 {
        if let Self::Between(low, high) = self {
            let share = (libm::log(value) - low) / (high - low);
            return quantile(share.clamp(1e-12, 1.0 - 1e-12));
        }
        let (mut low, mut high) = (-12.0, 12.0);
        for _ in 0..80 {
            let middle = 0.5 * (low + high);
            if self.value(middle) < value {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }

    /// The geometric standard deviation for the registry whose spread reaches as far as `deviation` scores
    /// do about a score.
    pub(super) fn gsd(&self, score: f64, deviation: f64) -> f64 {
        let (middle, high) = (self.value(score), self.value(score + deviation));
        match self {
            Self::Spread(uncertain) => uncertain.gsd_reaching(middle, high),
            Self::Between(..) => high / middle,
        }
    }
}
