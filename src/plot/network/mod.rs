//! Pictures of networks: the circulation of a scenario, and any network as a matrix.

mod circulation;
mod graph;
mod matrix;
mod states;

pub use circulation::circulation;
pub use matrix::matrix;
