//! Who receives the cells.

use serde::{Deserialize, Serialize};

use super::Condition;
use super::text::names_or_tables;
use crate::physiology::{Organ, Species};
use crate::units::{Flow, Mass};

/// An animal or a person.
///
/// ```
/// use biodist::prelude::*;
/// let mouse = Host::mouse(25.g());
/// let pig = Host::new("pig"); // at the reference weight of its tables
/// assert_ne!(mouse, pig);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// The species.
    pub species: Species,
    /// Body weight; absent: the reference weight of the species.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<Mass>,
    /// Organs beyond those that every body has: a tumour, a wound, a graft.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organs: Vec<ExtraOrgan>,
    /// What the host has: diseases, injuries, drugs, operations, immune defects.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "names_or_tables"
    )]
    pub conditions: Vec<Condition>,
}

impl Host {
    /// A host of the reference weight of its species.
    #[must_use]
    pub fn new(species: impl Into<String>) -> Self {
        Self {
            species: Species::new(species),
            weight: None,
            organs: vec![],
            conditions: vec![],
        }
    }

    /// A man; for a woman, [`Host::woman`].
    #[must_use]
    pub fn human(weight: Mass) -> Self {
        Self::new("human_male").weighing(weight)
    }

    /// A woman.
    #[must_use]
    pub fn woman(weight: Mass) -> Self {
        Self::new("human_female").weighing(weight)
    }

    /// A mouse.
    #[must_use]
    pub fn mouse(weight: Mass) -> Self {
        Self::new("mouse").weighing(weight)
    }

    /// A rat.
    #[must_use]
    pub fn rat(weight: Mass) -> Self {
        Self::new("rat").weighing(weight)
    }

    /// The same host with another weight.
    #[must_use]
    pub fn weighing(mut self, weight: Mass) -> Self {
        self.weight = Some(weight);
        self
    }

    /// The same host with one more condition; several act one after the other.
    #[must_use]
    pub fn with_condition(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// The same host with one more organ, which takes its mass and its flow from the rest of the
    /// body.
    #[must_use]
    pub fn with_organ(mut self, organ: ExtraOrgan) -> Self {
        self.organs.push(organ);
        self
    }
}

/// An organ that the species table does not have.
///
/// Its kinetic parameters are those of `tissue` until `<name>.<parameter>` is set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraOrgan {
    /// Its name.
    pub name: Organ,
    /// Its mass, with blood.
    pub mass: Mass,
    /// Its arterial inflow.
    pub flow: Flow,
    /// Blood in its vessels, as a share of its volume.
    pub vascular_fraction: f64,
}

impl ExtraOrgan {
    /// An organ with mass and arterial flow; 5 % of it is blood unless said otherwise.
    #[must_use]
    pub fn new(name: impl Into<String>, mass: Mass, flow: Flow) -> Self {
        Self {
            name: Organ::new(name),
            mass,
            flow,
            vascular_fraction: 0.05,
        }
    }
}
