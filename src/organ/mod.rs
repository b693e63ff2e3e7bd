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
mod death;
mod error;
mod key;
mod liver;
mod lung;
mod module;
mod normal;
mod phagocytes;
mod tissue;
mod wiring;

pub use capture::{Capture, Sieve};
pub use cavity::Cavity;
pub(crate) use death::wire_death;
pub use error::WiringError;
pub use key::{Place, PoolKey, State};
pub use liver::Liver;
pub use lung::Lung;
pub use module::{Inflow, OrganModule, standard};
pub(crate) use normal::{cumulative, quantile};
pub use tissue::TissueModule;
pub use wiring::{Population, Wiring};
