//! Pictures as SVG text: a picture is a function of a subject and of a struct of choices. Not for numbers.
//! ```no_run
//! # use biodist::{plot::{Scale, TimeCourses, time_courses}, prelude::*};
//! # let run = Scenario::new(Host::human(73.kg())).simulate()?;
//! std::fs::write("cells.svg", time_courses(&run, &TimeCourses { values: Scale::Linear, ..TimeCourses::default() })?)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod arrow;
mod axis;
mod bands;
mod body;
mod curve;
mod error;
mod frame;
mod labels;
mod line_names;
mod look;
mod network;
mod panels;
mod points;
mod routes_side_by_side;
mod rows;
mod samples;
mod sheet;
mod time_courses;
mod where_every_cell_is;

pub use axis::Scale;
pub use bands::{BandLine, BandPanel, Bands, bands};
pub use body::{BodyMap, BodyShapes, Form, Knot, Seen, Shape, Side, body_map};
pub use curve::{Curve, CurveLine, CurvePoint, Way, curve};
pub use error::PlotError;
pub use network::{circulation, matrix};
pub use panels::{Panel, Panels, panels};
pub use routes_side_by_side::routes_side_by_side;
pub use rows::{BarRow, Bars, Forest, ForestRow, Hit, bars, forest};
pub use rows::{Tornado, TornadoEnd, TornadoRow, tornado};
pub use time_courses::{TimeCourses, time_courses};
pub use where_every_cell_is::{WhereEveryCellIs, where_every_cell_is};
