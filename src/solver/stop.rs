//! The token of an integration: whether to go on, and how far it is.

use super::SolverError;
use crate::cancel::{CancelToken, Progress};

/// A token, if there is one, with the last time of a run, h.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop {
    pub(super) token: Option<CancelToken>,
    pub(super) end: f64,
}

impl Stop {
    const fn at(&self, time: f64) -> Progress {
        Progress {
            done: time,
            all: self.end,
            unit: "h",
        }
    }

    /// Shows the time that was reached.
    pub(super) fn show(&self, time: f64) {
        if let Some(token) = &self.token {
            token.show(self.at(time));
        }
    }

    /// Whether to go on.
    pub(super) fn check(&self, time: f64) -> Result<(), SolverError> {
        match &self.token {
            Some(token) => Ok(token.check(self.at(time))?),
            None => Ok(()),
        }
    }
}
