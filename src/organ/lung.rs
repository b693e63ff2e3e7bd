//! The lung: the first bed that an intravenous dose meets.
//!
//! Its inflow is the whole cardiac output, from the veins, and it drains to the arteries. That an
//! intravenous dose lodges here and an arterial one does not follows from this and from nothing
//! else. Its sieve and its macrophages are rows of the parameter table. The bronchial arteries,
//! about 1 % of cardiac output, are counted with the rest of the body.

use super::module::{Inflow, OrganModule};
use crate::physiology::{Blood, Body, Organ};

/// The lung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lung;

impl OrganModule for Lung {
    fn organ(&self) -> Organ {
        Organ::LUNG
    }

    fn inflows(&self, body: &Body) -> Vec<Inflow> {
        vec![Inflow {
            from: Blood::Venous,
            flow: body.cardiac_output,
        }]
    }

    fn outflow(&self) -> Blood {
        Blood::Arterial
    }
}
