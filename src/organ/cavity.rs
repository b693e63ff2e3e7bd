//! Cavities: peritoneum and joint. No blood flows through them; lymph drains them to the veins.
//!
//! They exist only when a dose goes there. Cells attach to the wall (`resident`) or are carried
//! off with the lymph, and so are their remains.

use super::module::{Inflow, OrganModule};
use super::wiring::Wiring;
use super::{WiringError, tissue};
use crate::physiology::{Blood, Body, Organ};

/// A cavity by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cavity(pub Organ);

impl OrganModule for Cavity {
    fn organ(&self) -> Organ {
        self.0.clone()
    }

    fn inflows(&self, _: &Body) -> Vec<Inflow> {
        vec![]
    }

    fn wire(&self, wiring: &mut Wiring<'_>) -> Result<(), WiringError> {
        tissue::wire_depot(wiring, &self.0, Blood::Venous)?;
        tissue::wire_residents(wiring, &self.0, Blood::Venous.into())?;
        tissue::wire_remains(wiring, &self.0, Blood::Venous)
    }
}
