//! What is known, and who said it: the registry of every number in the model.
//!
//! The tables stand beside this file as CSV and travel with the crate. Each row
//! is one number with its unit, spread, status and source; a row without a
//! source is refused. `docs/parameters.md` and `docs/physiology.md` show them.
//!
//! Not for arithmetic: bodies are built in [`crate::physiology`], rates in
//! [`crate::organ`].

mod correlation;
mod error;
mod load;
mod quantity;
mod registry;
mod source;
mod table_error;
mod tables;
mod user_row;
mod user_table;
mod user_text;

pub use correlation::Correlation;
pub use error::DataError;
pub use load::{
    assays, conditions, correlations, fitted, labels, parameters, physiology, preparations,
    products, routes, sources, starting, variability,
};
pub use quantity::{Quantity, Status, Unit};
pub use registry::Parameters;
pub use source::Source;
pub use table_error::TableError;
pub(crate) use table_error::TableFaults;
pub(crate) use user_row::UserRow;
pub use user_table::SkippedRow;
pub(crate) use user_table::{Columns, UserTable};
