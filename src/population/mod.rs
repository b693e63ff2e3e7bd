//! Many runs of one scenario: what its uncertain numbers make of the answer, and which of them matter.
//!
//! - [`Study`] draws numbers from the spreads of the registry and runs the scenario with each draw;
//! - [`Cohort`] draws virtual subjects, who differ in their bodies and in the lots of cells they get;
//! - [`bands`] are quantiles over the draws;
//! - [`morris`] screens, [`sobol`] and [`prcc`] measure which inputs matter, [`swings`] move one at a time, for any
//!   function.
//!
//! Uncertainty is what is not known and could be learned; variability is how subjects differ and stays
//! however much is learned. The spreads of the registry are of the first kind, the table of variability
//! is of the second, and no draw mixes them. Not for fitting.

mod anatomy;
mod bands;
mod cohort;
mod correlated;
mod draw;
mod error;
mod morris;
mod prcc;
mod sobol;
mod study;
mod swings;
mod trial;

pub use anatomy::Varying;
#[cfg(feature = "bayes")]
pub(crate) use bands::quantile;
pub use bands::{Band, bands};
pub use cohort::Cohort;
pub(crate) use correlated::{Correlated, correlations_of, root_of_correlations};
pub use draw::{Range, Uncertain, latin_hypercube};
pub use error::PopulationError;
pub use morris::{Effect, morris};
pub use prcc::prcc;
pub use sobol::{Index, Indices, sobol};
pub use study::Study;
pub use swings::{Swing, swings};
