//! The body map: drawn bodies whose organs are shaded by what is in them.

mod amounts;
mod animal;
mod human;
mod map;
mod shade;
mod shapes;

pub use amounts::Seen;
pub use map::{BodyMap, body_map};
pub use shapes::{BodyShapes, Form, Knot, Shape, Side};
