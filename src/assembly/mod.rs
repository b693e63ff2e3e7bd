//! From a scenario to a network: the only place that knows both biology and transfers.
//!
//! [`Scenario::assemble`](crate::scenario::Scenario::assemble) gives a [`Model`]: network,
//! schedule and [`Atlas`], the dictionary between pools and places.

mod administration;
mod assemble;
mod atlas;
mod error;
mod given;
mod labelling;
mod response;

pub use assemble::Model;
pub use atlas::Atlas;
pub use error::AssemblyError;
pub use labelling::LabelPools;
pub use response::{ResponsePools, Signal};
