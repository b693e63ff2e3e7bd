//! Forward sensitivities: how every amount changes with every parameter, beside the run itself.
//!
//! Not for amounts at the start, nor for times of events.

mod jet;
mod study;
mod sweep;

pub use study::{Sensitivities, sensitivities, sensitivities_along};
