//! Stopping a long call, and seeing how far it is.
//!
//! ```
//! use biodist::cancel::{CancelToken, Stopped};
//! use biodist::population::{PopulationError, Study};
//! use biodist::prelude::*;
//!
//! let scenario = Scenario::new(Host::mouse(20.g()))
//!     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
//!     .until(1.days());
//! let token = CancelToken::new();
//! let enough = token.clone(); // for another thread, a button, a signal
//! let study = Study::of(&scenario)?.with_token(token);
//! enough.cancel();
//! let answers = study.draw(50, 1, |run| Ok(vec![run.ledger(24.hours())?.viable(Organ::LUNG)]));
//! let Err(PopulationError::Stopped(Stopped::Cancelled(at))) = answers else { panic!() };
//! assert_eq!(at.to_string(), "0 of 50 draws");
//! # Ok::<(), PopulationError>(())
//! ```

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How far a call is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// What is done.
    pub done: f64,
    /// What there is to do.
    pub all: f64,
    /// What is counted: `h` of an integration, `draws`, `subjects`, `starts`.
    pub unit: &'static str,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} {}", self.done, self.all, self.unit)
    }
}

/// A call that ended before its work was done.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Stopped {
    /// Somebody called [`CancelToken::cancel`].
    #[error("cancelled after {0}")]
    Cancelled(Progress),
    /// The time that the call was given is over.
    #[error("the deadline passed after {0}")]
    DeadlineExceeded(Progress),
}

impl Stopped {
    /// How far the call came.
    #[must_use]
    pub const fn progress(&self) -> Progress {
        match self {
            Self::Cancelled(at) | Self::DeadlineExceeded(at) => *at,
        }
    }
}

/// What a long call looks at now and then: whether to stop, and whom to show how far it is.
///
/// Clones share the switch: what one cancels is cancelled for all, for good. Deadline and progress belong to the clone
/// that they were set on.
#[derive(Clone, Default)]
pub struct CancelToken {
    cancelled: Arc<AtomicBool>,
    deadline: Option<Instant>,
    show: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
}

impl CancelToken {
    /// Makes a token without a deadline that nobody has cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the call when so much time has passed from now on.
    #[must_use]
    pub fn with_deadline(mut self, after: Duration) -> Self {
        // A deadline beyond all clocks is none.
        self.deadline = Instant::now().checked_add(after);
        self
    }

    /// Shows how far the call is: after every step of an integration, every draw, every subject. A call that works on
    /// several threads shows from any of them, one at a time and in order.
    #[must_use]
    pub fn with_progress(mut self, show: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.show = Some(Arc::new(show));
        self
    }

    /// Ends every call that looks at this token or a clone of it.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether somebody cancelled it; a deadline does not count.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Whether the call should go on.
    ///
    /// # Errors
    /// [`Stopped`], with what was done by now.
    pub fn check(&self, now: Progress) -> Result<(), Stopped> {
        if self.is_cancelled() {
            return Err(Stopped::Cancelled(now));
        }
        match self.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(Stopped::DeadlineExceeded(now)),
            _ => Ok(()),
        }
    }

    /// Shows how far the call is.
    pub fn show(&self, now: Progress) {
        if let Some(show) = &self.show {
            show(now);
        }
    }

    /// The same switch and deadline for a part of the call, whose own progress is of no interest.
    pub(crate) fn silent(&self) -> Self {
        Self {
            show: None,
            ..self.clone()
        }
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelToken")
            .field("cancelled", &self.cancelled)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// Tokens are equal that share their switch.
impl PartialEq for CancelToken {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.cancelled, &other.cancelled)
    }
}

/// Counts the parts of a call that are done, on whatever thread.
pub(crate) struct Tally<'a> {
    token: Option<&'a CancelToken>,
    done: Mutex<usize>,
    all: usize,
    unit: &'static str,
}

impl<'a> Tally<'a> {
    pub(crate) const fn new(
        token: Option<&'a CancelToken>,
        all: usize,
        unit: &'static str,
    ) -> Self {
        Self {
            token,
            done: Mutex::new(0),
            all,
            unit,
        }
    }

    fn progress(&self, done: usize) -> Progress {
        Progress {
            done: done as f64,
            all: self.all as f64,
            unit: self.unit,
        }
    }

    /// Before a part is begun: whether to begin it.
    pub(crate) fn check(&self) -> Result<(), Stopped> {
        let Some(token) = self.token else {
            return Ok(());
        };
        let done = *self.done.lock().unwrap_or_else(PoisonError::into_inner);
        token.check(self.progress(done))
    }

    /// One part is done.
    pub(crate) fn count(&self) {
        let Some(token) = self.token else { return };
        // Held while it is shown, so that what is shown only grows.
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        *done += 1;
        token.show(self.progress(*done));
    }

    /// A part was stopped: the same of the whole.
    pub(crate) fn stopped(&self, part: Stopped) -> Stopped {
        let done = *self.done.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.progress(done);
        match part {
            Stopped::Cancelled(_) => Stopped::Cancelled(now),
            Stopped::DeadlineExceeded(_) => Stopped::DeadlineExceeded(now),
        }
    }

    /// The token for the parts.
    pub(crate) fn token(&self) -> Option<CancelToken> {
        self.token.map(CancelToken::silent)
    }
}
