//! A page to play with, served by this program to this machine and to nobody else.
//!
//! The page asks `GET /api/choices` once and `POST /api/simulate` while a control moves. It needs no
//! other request: scripts, styles and drawings are part of the program.
//!
//! ```no_run
//! biodist::explore::serve(8080, |url| println!("{url}"))?;
//! # Ok::<(), biodist::explore::ExploreError>(())
//! ```

mod answer;
mod assets;
mod choices;
mod connections;
mod error;
mod limits;
mod refusal;
mod server;

pub use error::ExploreError;
pub use limits::Limits;
pub use server::{Explore, serve};
