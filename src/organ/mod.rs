//! What cells do in an organ: the modules, and the one sieve they share.
//!
//! An organ with nothing of its own is a row of data and needs no file: it is a
//! [`TissueModule`]. The lung, the liver and the cavities differ in how blood or
//! lymph reaches and leaves them, and have a file each.
//!
//! To add an organ of your own, implement [`OrganModule`]; see
//! `examples/custom_organ.rs`.

mod capture;
mod cavity;
mod error;
mod key;
mod liver;
mod lung;
mod module;
mod normal;
mod tissue;
mod wiring;

pub use capture::{Capture, Sieve};
pub use cavity::Cavity;
pub use error::WiringError;
pub use key::{Place, PoolKey, State};
pub use liver::Liver;
pub use lung::Lung;
pub use module::{Inflow, OrganModule};
pub use tissue::TissueModule;
pub(crate) use tissue::wire_death;
pub use wiring::{Population, Wiring};

use crate::physiology::Organ;

/// The module of an organ by its name.
#[must_use]
pub fn standard(organ: &Organ) -> Box<dyn OrganModule> {
    match organ {
        organ if *organ == Organ::LUNG => Box::new(Lung),
        organ if *organ == Organ::LIVER => Box::new(Liver),
        organ if Organ::CAVITIES.contains(organ) => Box::new(Cavity(organ.clone())),
        _ => Box::new(TissueModule(organ.clone())),
    }
}
