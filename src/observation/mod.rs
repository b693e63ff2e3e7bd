//! What is seen of a run: time courses, kinetics, fate.
//!
//! Not for accounting: that every cell is somewhere is shown by [`crate::ledger`].

mod error;
mod fate_table;
mod kinetics;
mod time_course;

pub use error::ObservationError;
pub use fate_table::{FateRow, FateTable};
pub use kinetics::Kinetics;
pub use time_course::TimeCourse;
