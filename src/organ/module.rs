//! The one public trait: what an organ is to the circulation, and what happens in it.

use super::wiring::Wiring;
use super::{Cavity, Liver, Lung, TissueModule, WiringError, tissue};
use crate::physiology::{Blood, Body, Organ};

/// Blood that flows into an organ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inflow {
    /// From which vessels.
    pub from: Blood,
    /// How much, mL/h.
    pub flow: f64,
}

/// An organ: where its blood comes from and goes to, and what its cells do.
///
/// The defaults are those of an ordinary tissue, so that an organ of your own only states what
/// is different. See `examples/custom_organ.rs`.
pub trait OrganModule {
    /// Which organ this is; the body must have it.
    fn organ(&self) -> Organ;

    /// What flows in; by default the arterial flow of the organ.
    fn inflows(&self, body: &Body) -> Vec<Inflow> {
        let flow = body.tissue(&self.organ()).map_or(0.0, |tissue| tissue.flow);
        vec![Inflow {
            from: Blood::Arterial,
            flow,
        }]
    }

    /// Where the blood goes; by default to the veins.
    fn outflow(&self) -> Blood {
        Blood::Venous
    }

    /// Declares pools and transfers; by default those of an ordinary tissue.
    ///
    /// # Errors
    /// [`WiringError`] from the registry or the network.
    fn wire(&self, wiring: &mut Wiring<'_>) -> Result<(), WiringError> {
        tissue::wire(
            wiring,
            &self.organ(),
            &self.inflows(wiring.body()),
            self.outflow(),
        )
    }
}

/// The module of an organ by its name.
#[must_use]
pub fn standard(organ: &Organ) -> Box<dyn OrganModule> {
    match organ.name() {
        "lung" => Box::new(Lung),
        "liver" => Box::new(Liver),
        _ if Organ::CAVITIES.contains(organ) => Box::new(Cavity(organ.clone())),
        _ => Box::new(TissueModule(organ.clone())),
    }
}
