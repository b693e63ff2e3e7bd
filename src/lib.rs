#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod assembly;
pub mod cancel;
pub mod data;
pub mod design;
#[cfg(feature = "plot")]
pub mod dossier;
mod error;
pub mod evidence;
#[cfg(feature = "explore")]
pub mod explore;
pub mod fit;
mod instant;
pub mod ledger;
mod names;
pub mod network;
pub mod observation;
pub mod organ;
pub mod physiology;
#[cfg(feature = "plot")]
pub mod plot;
pub mod population;
pub mod qualification;
pub mod report;
pub mod scenario;
pub mod simulation;
pub mod solver;
pub mod units;

pub use error::{Error, ErrorKind};
pub use scenario::Scenario;
pub use simulation::Run;

/// The code of the tutorial, as a test.
#[cfg(doctest)]
#[doc = include_str!("../docs/tutorial.md")]
mod tutorial {}

/// The names that most programs need.
pub mod prelude {
    pub use crate::error::Error;
    pub use crate::organ::{Place, State};
    pub use crate::physiology::{Blood, Organ};
    pub use crate::scenario::{Condition, Dose, Host, Label, Product, Route, Scenario};
    pub use crate::simulation::Run;
    pub use crate::units::{Cells, CellsPerKg, Flow, Length, Mass, Quantities, Time, Volume};
}

/// The code blocks of `docs/`, compiled and run as tests.
#[cfg(doctest)]
mod docs {
    #[doc = include_str!("../docs/architecture.md")]
    mod architecture {}
    #[doc = include_str!("../docs/model.md")]
    mod model {}
    #[doc = include_str!("../docs/network-format.md")]
    mod network_format {}
    #[doc = include_str!("../docs/physiology.md")]
    mod physiology {}
    #[doc = include_str!("../docs/scenario-format.md")]
    mod scenario_format {}
    #[doc = include_str!("../docs/solver.md")]
    mod solver {}
    #[doc = include_str!("../CONTRIBUTING.md")]
    mod contributing {}
}
