//! Numbers of the registry from experiments: [`Fit::search`] finds the most probable values, with intervals and
//! correlations; [`Fit::profile`] and [`Fit::draws_about`] how well the data constrain them.
//!
//! Everything is computed on standard scores of the priors: 0 is the median of a prior.

mod calibration;
mod convergence;
mod draws;
mod error;
mod estimate;
mod held_out;
#[cfg(feature = "plot")]
mod picture;
mod prior;
mod problem;
mod profile;
#[cfg(feature = "bayes")]
mod sample;
mod scatter;
mod search;
mod stated;
mod tables;
mod unknown;

pub use calibration::{Calibration, calibrate, calibration_residuals, calibration_rows, plan};
pub use convergence::{ess_bulk, ess_tail, r_hat};
pub use draws::Draws;
pub use error::FitError;
pub use estimate::{Estimate, Fitted, Residual, Told};
pub use held_out::HeldOut;
#[cfg(feature = "plot")]
pub use picture::profiles_picture;
pub use problem::{Fit, Posterior};
pub use profile::{Profile, ProfilePoint};
#[cfg(feature = "bayes")]
pub use sample::{Sampled, SampledNumber, Sampling};
pub use scatter::Scatter;
pub use tables::{bounds_table, held_out_table};
pub use unknown::{Prior, Unknown};
