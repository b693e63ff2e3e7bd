//! Why an integration could not be done.

use crate::cancel::Stopped;
use crate::network::NetworkError;

/// A failed integration, with the time it reached, the pool that held it up and a likely cause.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SolverError {
    /// An option out of range.
    #[error("{field} = {value} is not allowed: it must be {allowed}")]
    BadOption {
        /// The option.
        field: &'static str,
        /// Its value.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Output times that are not finite, at least 0 and increasing.
    #[error("output time number {index} is {value} h: output times must be {allowed}")]
    BadTimes {
        /// Position in the list.
        index: usize,
        /// The value, h.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// The step became too small.
    #[error(
        "the step shrank to {step:.3e} h at {time} h, held up by pool '{pool}': {cause}; {advice}"
    )]
    StepTooSmall {
        /// Time reached, h.
        time: f64,
        /// Last step tried, h.
        step: f64,
        /// The pool with the largest error.
        pool: String,
        /// Likely cause.
        cause: &'static str,
        /// What to try.
        advice: &'static str,
    },
    /// A pool would fall below zero, however short the step.
    #[error(
        "pool '{pool}' would fall below zero at {time} h, to {amount:.3e}, and no shorter step helps: a transfer takes from it what is not there; {advice}"
    )]
    BelowZero {
        /// Time reached, h.
        time: f64,
        /// The pool.
        pool: String,
        /// The amount that the shortest step tried would leave.
        amount: f64,
        /// What to try.
        advice: &'static str,
    },
    /// The limit of steps was reached.
    #[error(
        "{steps} steps were not enough: {time} h of {end} h reached, held up by pool '{pool}'; {advice}"
    )]
    TooManySteps {
        /// Steps taken.
        steps: usize,
        /// Time reached, h.
        time: f64,
        /// Time wanted, h.
        end: f64,
        /// The pool that changes fastest for its size.
        pool: String,
        /// What to try.
        advice: &'static str,
    },
    /// The limit of single-cell events was reached.
    #[error(
        "{events} transfers of single cells were not enough: {time} h of {end} h reached; raise max_events, give fewer cells or a shorter time, or integrate the mean instead"
    )]
    TooManyEvents {
        /// Transfers of single cells made.
        events: u64,
        /// Time reached, h.
        time: f64,
        /// Time wanted, h.
        end: f64,
    },
    /// A number stopped being finite.
    #[error("the rate of change of pool '{pool}' is not finite at {time} h; {advice}")]
    NotFinite {
        /// Time reached, h.
        time: f64,
        /// The pool.
        pool: String,
        /// What to try.
        advice: &'static str,
    },
    /// An exact answer was asked for and a law is not linear.
    #[error(
        "transfer '{transfer}' follows the law '{law}': this answer needs a linear network; switch saturation off"
    )]
    NotLinear {
        /// The transfer.
        transfer: String,
        /// Its law.
        law: &'static str,
    },
    /// Cells would circle for ever: the fate has no answer.
    #[error(
        "pool '{pool}' belongs to a circle that nothing leaves, so there is no final place; give it a way out"
    )]
    NoFate {
        /// A pool of the circle.
        pool: String,
    },
    /// Pools that depend on each other too much to be solved together.
    #[error(
        "the {pools} pools of this network depend on each other too much: the factors of one step would have more than 33 million entries or take more than 4 billion multiplications; split the network, or leave out what matters least"
    )]
    TooLarge {
        /// Pools of the network.
        pools: usize,
    },
    /// A time outside the run.
    #[error("{time} h is outside the run, which goes from {start} h to {end} h{hint}")]
    OutsideRun {
        /// Time asked for, h.
        time: f64,
        /// First time of the run, h.
        start: f64,
        /// Last time of the run, h.
        end: f64,
        /// The way out, if there is one.
        hint: &'static str,
    },
    /// Somebody or a deadline ended it.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The network or its schedule does not fit.
    #[error(transparent)]
    Network(#[from] NetworkError),
}

impl SolverError {
    pub(super) fn not_finite(time: f64, pool: String) -> Self {
        Self::NotFinite {
            time,
            pool,
            advice: "look for an overflowing rate constant or amount",
        }
    }

    pub(super) fn below_zero(time: f64, pool: String, amount: f64) -> Self {
        Self::BelowZero {
            time,
            pool,
            amount,
            advice: "look for a capacity that is exceeded from the start, or for drivers of a transfer that runs backwards",
        }
    }

    pub(super) fn step_too_small(time: f64, step: f64, pool: String) -> Self {
        Self::StepTooSmall {
            time,
            step,
            pool,
            cause: "the tolerance cannot be met in double precision, or a rate jumps",
            advice: "raise rtol or atol, or make the jump an event of the schedule",
        }
    }

    pub(super) fn too_many_steps(steps: usize, (time, end): (f64, f64), pool: String) -> Self {
        Self::TooManySteps {
            steps,
            time,
            end,
            pool,
            advice: "raise max_steps or the tolerances",
        }
    }
}
