//! Numbers of the registry from experiments: the best ones, how well they are known, and what the data cannot
//! tell.
//!
//! - a [`Fit`] joins experiments and [`Unknown`]s, each with a prior;
//! - [`Fit::search`] finds the most probable values from many starts, with intervals and correlations;
//! - [`Fit::profile`] shows how the data constrain one number, whatever the others do;
//! - [`Fit::draws_about`] and, with the feature `bayes`, `Fit::sample` draw from what is known;
//! - [`calibrate`] is the fit behind the fitted rows of the registry.
//!
//! Everything is reckoned on standard scores of the priors: 0 is the prior median, 1 its geometric standard
//! deviation.

mod calibration;
mod convergence;
mod draws;
mod error;
mod estimate;
#[cfg(feature = "plot")]
mod picture;
mod problem;
mod profile;
#[cfg(feature = "bayes")]
mod sample;
mod search;
mod tables;
mod unknown;

pub use calibration::{Calibration, calibrate, calibration_residuals, calibration_rows, plan};
pub use convergence::{ess_bulk, ess_tail, r_hat};
pub use draws::Draws;
pub use error::FitError;
pub use estimate::{Estimate, Fitted, Residual, Told};
#[cfg(feature = "plot")]
pub use picture::profiles_picture;
pub use problem::{Fit, Posterior};
pub use profile::{Profile, ProfilePoint};
#[cfg(feature = "bayes")]
pub use sample::{Sampled, SampledNumber, Sampling};
pub use tables::bounds_table;
pub use unknown::{Prior, Unknown};
