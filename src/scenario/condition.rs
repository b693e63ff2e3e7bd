//! What a host has: a disease, an injury, a drug, an operation, an immune defect.

use serde::{Deserialize, Serialize};

use super::text::named;
use crate::data::{DataError, Parameters, Unit};
use crate::instant;
use crate::names::near;
use crate::units::Time;

/// A condition of the host by its name in the condition table, with onset and strength.
///
/// Its rows are ids of the form `condition.stage.parameter`. A row in units of `factor` multiplies
/// the parameter, any other adds to it, from `condition.stage.begins` to `condition.stage.ends`,
/// both counted from the onset.
///
/// ```
/// use biodist::prelude::*;
/// let infarct = Condition::myocardial_infarction().since(1.days());
/// let host = Host::rat(250.g()).with_condition(infarct).with_condition(Condition::new("nude"));
/// assert_eq!(host.conditions.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Name in the condition table.
    pub name: String,
    /// When it begins; before time zero is a time below 0.
    #[serde(default)]
    pub onset: Time,
    /// Relative to the rows of the table: factors to this power, additions times this number.
    #[serde(default = "full", skip_serializing_if = "is_full")]
    pub strength: f64,
}

const fn full() -> f64 {
    1.0
}
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
fn is_full(strength: &f64) -> bool {
    strength.to_bits() == full().to_bits()
}

impl From<String> for Condition {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl Condition {
    /// A condition of any name from time zero on; it is checked at assembly.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            onset: Time::new(0.0),
            strength: full(),
        }
    }

    named! {
        /// Scarred liver: large spleen, collaterals past the liver, fast circulation.
        cirrhosis;
        /// An infarct of the heart.
        myocardial_infarction;
        /// Acute injury of the kidney.
        acute_kidney_injury;
        /// An infarct of the brain.
        stroke;
        /// Acute injury of the lung.
        lung_injury;
        /// Acute injury of the liver.
        liver_injury;
        /// A wound of the skin.
        skin_wound;
        /// Infusion of a vasodilator.
        vasodilator;
        /// A dose of heparin.
        heparin;
        /// Liposomes that deplete phagocytes.
        clodronate;
        /// The spleen has been taken out.
        splenectomy;
        /// Natural killer cells are activated.
        activated_nk;
    }

    /// Begins at this time of the run.
    #[must_use]
    pub const fn at(mut self, onset: Time) -> Self {
        self.onset = onset;
        self
    }

    /// Began so long before time zero.
    #[must_use]
    pub const fn since(mut self, before: Time) -> Self {
        self.onset = Time::new(-before.value());
        self
    }

    /// Milder (less than 1) or more severe (more than 1) than the table has it.
    #[must_use]
    pub const fn of_strength(mut self, strength: f64) -> Self {
        self.strength = strength;
        self
    }

    /// Parameters with the values that the condition gives them at a time of the run in h.
    ///
    /// # Errors
    /// [`DataError::UnknownName`] for a condition that is not in the table.
    pub(super) fn effects(
        &self,
        parameters: &Parameters,
        time: f64,
    ) -> Result<Vec<(String, f64)>, DataError> {
        let mut effects = vec![];
        for (stage, target, unit) in self.rows(parameters)? {
            let (begins, ends) = self.stage(parameters, &stage);
            if !instant::reached(begins, time) || instant::reached(ends, time) {
                continue;
            }
            let size = parameters.get(&self.name, &format!("{stage}.{target}"))?;
            let (place, name) = target.split_once('.').unwrap_or((target.as_str(), ""));
            let healthy = parameters.get(place, name)?;
            let value = match unit {
                Unit::Factor => healthy * libm::pow(size, self.strength),
                _ => healthy + size * self.strength,
            };
            effects.push((target, value));
        }
        Ok(effects)
    }

    /// The times of the run at which a stage begins or ends, h.
    pub(super) fn switches(&self, parameters: &Parameters) -> Vec<f64> {
        let rows = self.rows(parameters).unwrap_or_default();
        let stages = rows.into_iter().map(|(stage, ..)| stage);
        stages
            .flat_map(|stage| <[f64; 2]>::from(self.stage(parameters, &stage)))
            .collect()
    }

    /// Stage, parameter and unit of every effect.
    fn rows(&self, parameters: &Parameters) -> Result<Vec<(String, String, Unit)>, DataError> {
        if !parameters.conditions().any(|known| known == self.name) {
            return Err(DataError::UnknownName {
                kind: "condition",
                name: self.name.clone(),
                near: near(&self.name, parameters.conditions()),
            });
        }
        let rows = parameters.rows_of(&self.name).filter_map(|row| {
            let (stage, target) = row.name().split_once('.')?;
            // What is left has no place: begins and ends.
            target.contains('.').then_some(())?;
            Some((stage.to_string(), target.to_string(), row.unit))
        });
        Ok(rows.collect())
    }

    /// When a stage begins and ends, h of the run; without rows it holds from the onset for ever.
    fn stage(&self, parameters: &Parameters, stage: &str) -> (f64, f64) {
        let onset = self.onset.value();
        let hours = |name| parameters.find(&self.name, &format!("{stage}.{name}"));
        let begins = onset + hours("begins").unwrap_or(0.0);
        (begins, hours("ends").map_or(f64::INFINITY, |h| onset + h))
    }
}
