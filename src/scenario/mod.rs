//! What is asked: a host, cell products, doses by routes, and changes over time.
//!
//! Plain data. A [`Scenario`] *is* its file format: what TOML says is what the
//! struct holds. Nothing is computed here beyond checking that it makes sense.
//!
//! Not for what happens in the body: see [`crate::assembly`] and [`crate::organ`].

mod change;
mod check;
mod check_text;
mod condition;
mod dose;
mod dosing_columns;
mod dosing_row;
mod dosing_table;
mod dosing_template;
mod error;
mod host;
mod label;
mod product;
mod route;
#[expect(clippy::module_inception, reason = "the folder's namesake")]
mod scenario;
mod spread;
mod text;

pub use change::{Change, Correlation, Response};
pub use condition::Condition;
pub use dose::{Dose, DoseAmount, Repeat};
pub use dosing_table::{DosingTable, DosingTableError};
pub use error::{Fault, ScenarioError};
pub use host::{ExtraOrgan, Host};
pub use label::Label;
pub use product::{CellTraits, Matching, Product};
pub use route::{Entry, Route};
pub use scenario::Scenario;
pub(crate) use text::other_format;
