//! Bodies: organs with their masses, flows and blood, checked to close.
//!
//! Not for kinetics: what cells do in an organ is in [`crate::organ`].

mod body;
mod error;
mod organ;
mod species;

pub use body::{Body, Tissue};
pub use error::PhysiologyError;
pub use organ::{Blood, Organ};
pub use species::Species;
