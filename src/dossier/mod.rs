//! The report of a run: one page with everything that a reader of its numbers must know.
//!
//! What was asked, what is doubtful, pictures, every cell at several times, kinetics, safety, each number behind
//! it with status and source, and how to repeat it. Not for tables to reckon with: see [`crate::report`].

mod doubts;
mod run;
mod swings;

pub use run::{of_run, of_run_with_token};
pub use swings::{AllSwings, CellSwing};
