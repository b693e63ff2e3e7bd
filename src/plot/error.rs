//! Why a picture could not be drawn.

use crate::observation::ObservationError;
use crate::solver::SolverError;

/// A picture that cannot be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlotError {
    /// No line, point or bar would be seen.
    #[error("{picture}: nothing to draw, because {reason}")]
    NothingToDraw {
        /// The picture that was asked for.
        picture: &'static str,
        /// Why it would be empty.
        reason: String,
    },
    /// A value that is not a finite number.
    #[error("'{name}' holds {value}, which cannot be drawn")]
    NotFinite {
        /// Name of the line, point or row.
        name: String,
        /// The value as text: NaN, inf or -inf.
        value: String,
    },
    /// A row of bars with more or fewer values than there are series.
    #[error("row '{row}' has {found} values for {expected} series")]
    RowLength {
        /// Label of the row.
        row: String,
        /// Number of series.
        expected: usize,
        /// Number of values in the row.
        found: usize,
    },
    /// The run does not have a place that was asked for.
    #[error(transparent)]
    Observation(#[from] ObservationError),
    /// The run does not hold a time that was asked for.
    #[error(transparent)]
    Solver(#[from] SolverError),
    /// The drawing library refused.
    #[error("drawing failed: {0}")]
    Drawing(String),
}

impl PlotError {
    pub(super) fn nothing(picture: &'static str, reason: impl Into<String>) -> Self {
        Self::NothingToDraw {
            picture,
            reason: reason.into(),
        }
    }

    /// Refuses the first value that is not finite.
    pub(super) fn unless_finite(
        name: &str,
        values: impl IntoIterator<Item = f64>,
    ) -> Result<(), Self> {
        match values.into_iter().find(|value| !value.is_finite()) {
            None => Ok(()),
            Some(value) => Err(Self::NotFinite {
                name: name.to_string(),
                value: value.to_string(),
            }),
        }
    }
}
