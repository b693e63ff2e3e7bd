//! Why a fit could not be made.

use std::ops::Range;

use crate::cancel::Stopped;
use crate::data::DataError;
use crate::evidence::EvidenceError;

/// A fit that cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// Nothing to fit, or nothing to fit to.
    #[error("a fit needs at least one {what}")]
    Nothing {
        /// What is missing.
        what: &'static str,
    },
    /// The file.
    #[error("{reason}")]
    Toml {
        /// What the reader says, with line and column.
        reason: String,
        /// The same without them.
        said: String,
        /// Where in the text, in bytes, when known.
        span: Option<Range<usize>>,
    },
    /// A number that has no spread in the registry, and was given none.
    #[error("'{id}' has no spread in the registry: give it bounds with Unknown::between")]
    NoSpread {
        /// The number.
        id: String,
    },
    /// A number that no experiment of the fit uses.
    #[error("'{id}' ({species}) is used by no experiment of the fit")]
    Unused {
        /// The number.
        id: String,
        /// The species it was asked for.
        species: String,
    },
    /// The same number twice.
    #[error("'{id}' is unknown twice")]
    Twice {
        /// The number.
        id: String,
    },
    /// A number of the fit that makes no sense.
    #[error("{field} = {value}: must be {allowed}")]
    BadNumber {
        /// Which.
        field: &'static str,
        /// What was given.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A number that neither data nor prior bounds.
    #[error("nothing bounds {id}: give it a prior")]
    Unbounded {
        /// The number.
        id: String,
    },
    /// Data from which no scatter can be estimated.
    #[error("the scatter of the data cannot be estimated: {reason}")]
    NoScatter {
        /// Why.
        reason: String,
    },
    /// The sampler gave up.
    #[error("sampling: {reason}")]
    Sampler {
        /// In its words.
        reason: String,
    },
    /// No start led anywhere.
    #[error("none of {starts} starts reached an end; the last one said: {reason}")]
    NoEnd {
        /// How many.
        starts: usize,
        /// Of the last start.
        reason: String,
    },
    /// Somebody or a deadline ended it.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The registry.
    #[error(transparent)]
    Data(#[from] DataError),
    /// An experiment.
    #[error("{experiment}: {source}")]
    Evidence {
        /// Its name.
        experiment: String,
        /// What went wrong.
        source: Box<EvidenceError>,
    },
}
