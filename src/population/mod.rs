//! Many runs of one scenario: what its uncertain numbers make of the answer, and which of them matter.
//!
//! - [`Study`] draws numbers from the spreads of the registry and runs the scenario with each draw;
//! - [`bands`] are quantiles over the draws;
//! - [`morris`] screens, [`sobol`] and [`prcc`] measure which inputs matter, for any function.
//!
//! Uncertainty is what is not known; variability between subjects is another thing and is not in the
//! spreads of the registry. Not for fitting.

mod bands;
mod draw;
mod error;
mod morris;
mod prcc;
mod sobol;
mod study;

pub use bands::{Band, bands};
pub use draw::{Range, Uncertain, latin_hypercube};
pub use error::PopulationError;
pub use morris::{Effect, morris};
pub use prcc::prcc;
pub use sobol::{Index, Indices, sobol};
pub use study::Study;
