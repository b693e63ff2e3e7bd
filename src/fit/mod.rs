//! Numbers of the registry from experiments: the best ones, how well they are known, and what the data cannot
//! tell.
//!
//! - a [`Fit`] joins experiments and [`Unknown`]s, each with a prior;
//! - [`Fit::search`] finds the most probable values from many starts, with intervals and correlations;
//! - [`Fit::profile`] shows how the data constrain one number, whatever the others do;
//! - `Fit::sample` (feature `bayes`) draws from the posterior.
//!
//! Everything is reckoned on standard scores of the priors: 0 is the prior median, 1 its geometric standard
//! deviation.

mod error;
mod estimate;
mod problem;
mod profile;
mod search;
mod unknown;

pub use error::FitError;
pub use estimate::{Estimate, Fitted, Residual, Told};
pub use problem::{Fit, Posterior};
pub use profile::{Profile, ProfilePoint};
pub use unknown::{Prior, Unknown};
