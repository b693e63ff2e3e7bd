//! Published measurements beside the model: what was done, what was found, and how it is seen here.
//!
//! - an [`Experiment`] is a scenario and its data;
//! - a [`Datum`] is one printed number, with its error and what the model says in its place ([`Measure`]);
//! - [`Experiment::predict`] gives these, [`Experiment::predict_with_slopes`] also how they change with
//!   numbers of the registry.
//!
//! [`published`] are the experiments that travel with the crate; rows for calibration may set numbers of the
//! registry, rows for validation never do. Not for fitting: that is [`crate::fit`].

mod chance;
mod datum;
mod error;
mod error_model;
mod experiment;
mod gaps;
mod measure;
mod predict;
mod predictive;
mod sight;

pub(crate) use chance::Cost;
pub use datum::{Datum, Finding, Split};
pub use error::EvidenceError;
pub use error_model::ErrorModel;
pub use experiment::{Evidence, Experiment, published};
pub use gaps::{Gap, gaps};
pub use measure::{Content, Measure};
pub use predict::{Input, Prediction};
pub(crate) use predictive::{Predictive, count_interval, rarities};
