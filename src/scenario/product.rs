//! The cells that are given.

use serde::{Deserialize, Serialize};

use super::Scenario;
use crate::data::{DataError, Parameters, Unit};
use crate::names::near;
use crate::units::Length;

/// A cell product: a kind from the product table, with what is different about this batch.
///
/// ```
/// use biodist::prelude::*;
/// let late = Product::bone_marrow_msc().diameter(25.um()).viability(0.8);
/// assert_eq!(late.kind, "bone_marrow_msc");
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Name in the product table.
    pub kind: String,
    /// Median diameter in suspension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diameter: Option<Length>,
    /// Geometric standard deviation of the diameter, at least 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diameter_gsd: Option<f64>,
    /// Viable share at injection; the rest enters as remains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viability: Option<f64>,
    /// Share of the organs' adhesion that acts on these cells, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adhesiveness: Option<f64>,
    /// Factor by which cells squeeze through narrower vessels than rigid spheres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deformability: Option<f64>,
    /// Level of homing receptors relative to bone-marrow MSC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receptor: Option<f64>,
    /// Death rates relative to bone-marrow MSC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub death_factor: Option<f64>,
    /// Release from vessels relative to bone-marrow MSC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_factor: Option<f64>,
    /// How often the cells were passaged in culture; absent: as the numbers of their kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passage: Option<f64>,
    /// What was done to the cells, by names of the preparation table, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preparations: Vec<String>,
    /// How the donor is related to the host; absent: not stated, and nothing is rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matching: Option<Matching>,
}

/// How donor and host are related.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matching {
    /// The host's own cells.
    Autologous,
    /// Of another individual of the species.
    Allogeneic,
    /// Of another species.
    Xenogeneic,
}

impl Matching {
    /// The name, as it stands in parameter ids.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Autologous => "autologous",
            Self::Allogeneic => "allogeneic",
            Self::Xenogeneic => "xenogeneic",
        }
    }
}

impl From<String> for Product {
    fn from(kind: String) -> Self {
        Self::new(kind)
    }
}

/// What the model needs to know of the cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellTraits {
    /// Median diameter, um.
    pub diameter: f64,
    /// Geometric standard deviation of the diameter.
    pub diameter_gsd: f64,
    /// Viable share at injection.
    pub viability: f64,
    /// Share of the organs' adhesion that acts.
    pub adhesiveness: f64,
    /// How far cells squeeze.
    pub deformability: f64,
    /// Level of homing receptors.
    pub receptor: f64,
    /// Relative death rates.
    pub death_factor: f64,
    /// Relative release.
    pub release_factor: f64,
    /// What complement does to them, relative to autologous serum.
    pub complement: f64,
    /// Death by T cells once they attack, 1/h.
    pub t_cell_lysis: f64,
}

/// Place of what each passage does.
const PASSAGE: &str = "passage";

impl Scenario {
    /// The different products of the doses, in their order; those that are equal in everything are the same cells.
    #[must_use]
    pub fn products(&self) -> Vec<&Product> {
        let mut products: Vec<&Product> = vec![];
        for dose in &self.doses {
            if !products.contains(&&dose.product) {
                products.push(&dose.product);
            }
        }
        products
    }
}

impl Product {
    /// A kind of the product table; the name is checked at assembly.
    #[must_use]
    pub fn new(kind: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            ..Self::default()
        }
    }

    /// Culture-expanded mesenchymal stem cells of human bone marrow.
    #[must_use]
    pub fn bone_marrow_msc() -> Self {
        Self::new("bone_marrow_msc")
    }

    /// Sets the median diameter.
    #[must_use]
    pub fn diameter(mut self, diameter: Length) -> Self {
        self.diameter = Some(diameter);
        self
    }

    /// Sets the viable share at injection.
    #[must_use]
    pub fn viability(mut self, share: f64) -> Self {
        self.viability = Some(share);
        self
    }

    /// Sets the geometric standard deviation of the diameter.
    #[must_use]
    pub fn diameter_gsd(mut self, gsd: f64) -> Self {
        self.diameter_gsd = Some(gsd);
        self
    }

    /// Says how often the cells were passaged.
    #[must_use]
    pub const fn passage(mut self, passage: f64) -> Self {
        self.passage = Some(passage);
        self
    }

    /// Prepares the cells by a name of the preparation table: `tnf_alpha`, `cryopreserved`, ...
    #[must_use]
    pub fn prepared(mut self, preparation: impl Into<String>) -> Self {
        self.preparations.push(preparation.into());
        self
    }

    /// Says how the donor is related to the host.
    #[must_use]
    pub const fn matching(mut self, matching: Matching) -> Self {
        self.matching = Some(matching);
        self
    }

    /// What passage and preparations make of a number of the kind.
    fn prepare(&self, parameters: &Parameters, name: &str, kind: f64) -> Result<f64, DataError> {
        let mut value = kind;
        if let Some(passage) = self.passage {
            let more = passage - parameters.get(PASSAGE, "reference")?;
            // Traits that passage leaves alone have no row.
            let growth = parameters.find(PASSAGE, name).unwrap_or(1.0);
            value *= libm::pow(growth, more);
        }
        for preparation in &self.preparations {
            // Most preparations leave most traits alone.
            if let Some(change) = parameters.find(preparation, name) {
                match parameters.quantity(preparation, name)?.unit {
                    Unit::Factor => value *= change,
                    _ => value += change,
                }
            }
        }
        let unit = parameters.quantity(&self.kind, name)?.unit;
        unit.check(&format!("{}.{name}", self.kind), value)?;
        Ok(value)
    }

    fn check_preparations(&self, parameters: &Parameters) -> Result<(), DataError> {
        let known = || parameters.preparations().filter(|name| *name != PASSAGE);
        for name in &self.preparations {
            if !known().any(|preparation| preparation == name) {
                return Err(DataError::UnknownName {
                    kind: "preparation",
                    name: name.clone(),
                    near: near(name, known()),
                });
            }
        }
        let passage = self.passage.unwrap_or(0.0);
        Unit::One.check(&format!("{}.passage", self.kind), passage)
    }

    /// The numbers of this batch: its own where given, those of its kind, passage and preparations
    /// otherwise.
    ///
    /// # Errors
    /// [`DataError`]: a kind that is not in the table, or a number out of range.
    pub fn traits(&self, parameters: &Parameters) -> Result<CellTraits, DataError> {
        if !parameters.products().any(|kind| kind == self.kind) {
            return Err(DataError::UnknownName {
                kind: "product",
                name: self.kind.clone(),
                near: near(&self.kind, parameters.products()),
            });
        }
        self.check_preparations(parameters)?;
        let number = |name: &str, own: Option<f64>| match own {
            None => self.prepare(parameters, name, parameters.get(&self.kind, name)?),
            Some(value) => {
                let unit = parameters.quantity(&self.kind, name)?.unit;
                unit.check(&format!("{}.{name}", self.kind), value)?;
                Ok(value)
            }
        };
        let recognised = |name: &str, unstated: f64| match self.matching {
            None => Ok(unstated),
            Some(matching) => parameters.get(matching.name(), name),
        };
        let traits = CellTraits {
            diameter: number("diameter", self.diameter.map(Length::value))?,
            diameter_gsd: number("diameter_gsd", self.diameter_gsd)?,
            viability: number("viability", self.viability)?,
            adhesiveness: number("adhesiveness", self.adhesiveness)?,
            deformability: number("deformability", self.deformability)?,
            receptor: number("receptor", self.receptor)?,
            death_factor: number("death_factor", self.death_factor)?,
            release_factor: number("release_factor", self.release_factor)?,
            complement: recognised("complement_match", 1.0)?,
            t_cell_lysis: recognised("t_cell_lysis", 0.0)?,
        };
        for (name, value, least) in [
            ("diameter_gsd", traits.diameter_gsd, 1.0),
            ("deformability", traits.deformability, f64::MIN_POSITIVE),
        ] {
            if value < least {
                return Err(DataError::OutOfRange {
                    id: format!("{}.{name}", self.kind),
                    value,
                    unit: "1".to_string(),
                    allowed: if least < 1.0 {
                        "greater than 0"
                    } else {
                        "at least 1"
                    },
                });
            }
        }
        Ok(traits)
    }
}
