//! Tables for people: organs over time, kinetics, routes side by side, and the claims of the
//! review behind the model. Pictures are in `plot`.

mod cell;
mod claims;
mod markdown;
mod page;
mod tables;
mod text_table;
mod words;

pub use cell::csv_cell;
pub use claims::{Claim, claims};
pub use markdown::{parameters_page, physiology_tables};
pub use page::Page;
pub use tables::{kinetics_table, organ_table, telling_times};
pub use text_table::TextTable;
pub use words::{dose_in_words, host_in_words};
