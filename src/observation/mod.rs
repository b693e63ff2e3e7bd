//! What is seen of a run: time courses, kinetics, fate, and what instruments read.
//!
//! Not for accounting: that every cell is somewhere is shown by [`crate::ledger`].

mod assay;
mod beside;
mod binomial;
mod binomial_sum;
mod chance;
mod error;
mod fate_table;
mod kinetics;
mod lens;
mod observed;
mod observed_row;
mod one_cell;
mod reading;
mod region;
mod response;
mod safety;
mod time_course;

pub use assay::{Assay, Decay, ReadingUnit};
pub use chance::{Chance, ChanceOfStart};
pub use error::ObservationError;
pub use fate_table::{FateRow, FateTable};
pub use kinetics::Kinetics;
pub use observed::{MeasuredBy, Observed, ObservedRow};
pub use reading::{Reading, Value};
pub use region::Region;
pub use safety::Obstruction;
pub use time_course::TimeCourse;
