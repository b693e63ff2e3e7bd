//! How much work a run took.

use serde::{Deserialize, Serialize};

use super::tableau::STAGES;

/// Work counters of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Statistics {
    /// Steps that were accepted.
    pub steps: usize,
    /// Steps that were tried and rejected.
    pub rejected: usize,
    /// Evaluations of the right-hand side.
    pub derivatives: usize,
    /// Jacobians.
    pub jacobians: usize,
    /// LU factorisations.
    pub factorisations: usize,
    /// Solutions with the factors.
    pub solves: usize,
    /// Starts: one, and one more after each event that stops the integration.
    pub starts: usize,
}

impl Statistics {
    /// Counts the work of one trial step.
    pub(super) fn count_trial(&mut self) {
        self.jacobians += 1;
        self.factorisations += 1;
        self.derivatives += STAGES - 1;
        self.solves += STAGES;
    }
}
