//! biodist
#![forbid(unsafe_code)]

pub mod assembly;
pub mod data;
mod error;
pub mod ledger;
mod names;
pub mod network;
pub mod observation;
pub mod organ;
pub mod physiology;
#[cfg(feature = "plot")]
pub mod plot;
pub mod report;
pub mod scenario;
pub mod simulation;
pub mod solver;
pub mod units;

pub use error::{Error, ErrorKind};
pub use scenario::Scenario;
pub use simulation::Run;

/// The names that most programs need.
pub mod prelude {
    pub use crate::Error;
    pub use crate::organ::{Place, State};
    pub use crate::physiology::{Blood, Organ};
    pub use crate::scenario::{Dose, Host, Product, Route, Scenario};
    pub use crate::simulation::Run;
    pub use crate::units::{Cells, CellsPerKg, Flow, Length, Mass, Quantities, Time, Volume};
}
