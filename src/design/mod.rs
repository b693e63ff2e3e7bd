//! Questions before an experiment: which dose, at which rate, by which route; what a dose in one species means
//! in another; and which measurement would teach most.
//!
//! - [`Question`] finds, route by route, the greatest dose that keeps the lung open and what it brings to the
//!   target;
//! - [`translate`] finds the dose that gives another host the exposure of the first;
//! - [`worth`] says by how much each measurement would narrow a prediction.
//!
//! Every answer has the interval that the spreads of the registry give, with the correlations that the
//! calibration found. None is for deciding on the dose of a patient.

mod error;
mod joint;
mod question;
mod translate;
mod worth;

pub use error::DesignError;
pub use question::{Bound, Plan, Question};
pub use translate::{Translation, translate};
pub use worth::{Worth, worth};
