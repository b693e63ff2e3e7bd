//! Qualification on the machine of its user: does the program do its sums, do its numbers fit the data they
//! come from, and does it predict data that it has never seen?
//!
//! *Runnable*, *verified* and *validated* are different words. [`qualify`] verifies (every criterion is met, or
//! the report says which is not), compares with the rows of calibration, and holds predictions with their
//! uncertainty against the rows of validation, misses as large as hits. Nothing here says that the model is
//! fit for a use: that is for whoever has one.

mod arithmetic;
mod check;
mod claims;
mod invariance;
mod page;
mod prediction;
mod qualify;
mod scores;
mod verdict;

pub use check::Check;
pub use claims::ClaimRow;
pub use prediction::Predicted;
pub use qualify::{Machine, Qualification, QualificationError, qualify};
pub use scores::{Scores, Skill};
pub use verdict::Verdict;
