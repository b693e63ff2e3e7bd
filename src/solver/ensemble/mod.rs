//! Many subjects over one topology: the same pools and transfers, other numbers.
//!
//! Eight subjects share every instruction of a step, while each has its own time, step, events and
//! outputs; a lane whose subject is done takes on the next one. A subject has the same bits whoever its
//! neighbours are, in whatever order and on however many threads, and the bits of a run of its own.
//!
//! Not for keeping paths: what is not watched is not kept.

mod block;
mod lane;
mod outcome;
mod run;
mod study;
mod subject;

pub use outcome::Outcome;
pub use study::Ensemble;
pub use subject::Subject;
