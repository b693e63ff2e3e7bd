//! Rows from the top down, with a scale below.

mod bars;
mod forest;
mod tornado;

pub use bars::{BarRow, Bars, bars};
pub use forest::{Forest, ForestRow, Hit, forest};
pub use tornado::{Tornado, TornadoEnd, TornadoRow, tornado};
