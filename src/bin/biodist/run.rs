//! `biodist run`: where the cells are, and how long they live.

use std::path::PathBuf;

use biodist::prelude::*;
use biodist::solver::Options;
use clap::{Args, ValueEnum};

use crate::failure::Failure;
use crate::files::Files;
use crate::input;
use crate::measurements::Measurements;
use crate::printing::Printing;
use crate::progress;
use crate::quantities;
use crate::subject::{Simulated, Subject};
use crate::terminal::Terminal;

/// Simulate a scenario: where the cells are, and how long they live
#[derive(Args)]
pub struct Run {
    /// Scenario
    #[arg(value_name = "SCENARIO.toml")]
    file: PathBuf,
    /// Times of the table and of CSV, as in 1h,24h,3d
    #[arg(long, value_name = "TIMES", value_delimiter = ',', allow_hyphen_values = true, value_parser = quantities::time)]
    pub(crate) at: Vec<Time>,
    /// What to print
    #[arg(long, default_value = "table")]
    pub(crate) format: Format,
    /// Folder for tables (CSV), the run (JSON), the scenario (TOML) and pictures (SVG)
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Doses from a table in the form of NONMEM (TIME, AMT, ID, EVID, RATE or DUR, ADDL, II, ROUTE, PRODUCT) in
    /// place of those of the scenario; AMT in cells, times in h
    #[arg(long, value_name = "TABLE.csv")]
    dosing: Option<PathBuf>,
    /// Measurements (time_h, organ, value; unit, assay, label, id) to print beside the model
    #[arg(long, value_name = "TABLE.csv")]
    observed: Option<PathBuf>,
    /// One page of HTML with everything that a reader of the results must know
    #[arg(long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,
    /// The long table (time_h, place, state, product, cells) as a Parquet file
    #[cfg(feature = "parquet")]
    #[arg(long, value_name = "FILE.parquet")]
    pub(crate) parquet: Option<PathBuf>,
    #[command(flatten)]
    solver: Solver,
}

/// How exactly to integrate.
#[derive(Debug, Clone, Copy, Args)]
pub struct Solver {
    /// Relative tolerance of one step, 1e-13 to 0.1
    #[arg(long, value_name = "NUMBER", default_value_t = 1e-6)]
    rtol: f64,
    /// Steps after which the run is given up
    #[arg(long, value_name = "COUNT", default_value_t = 1_000_000)]
    max_steps: usize,
}

impl Solver {
    /// As the library has it.
    pub fn options(self) -> Options {
        Options {
            rtol: self.rtol,
            max_steps: self.max_steps,
            ..Options::default()
        }
    }
}

/// What to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Tables for people
    Table,
    /// A long table: time_h, place, state, product, cells
    Csv,
    /// The whole run: scenario, options and every pool
    Json,
}

impl Run {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let scenario = input::scenario(&self.file)?;
        let options = self.solver.options();
        let subjects = match &self.dosing {
            Some(table) => Subject::of_table(terminal, table, &scenario)?,
            None => vec![Subject::of(scenario)],
        };
        let observed = self.observed.as_ref();
        let observed = observed.map(|file| Measurements::read(terminal, file));
        let observed = observed.transpose()?;
        if let Some(observed) = &observed {
            observed.check(&subjects)?;
        }
        let named = self.dosing.is_some();
        let mut printing = Printing::new(terminal, &self, named);
        let mut files = Files::begin(terminal, &self, named)?;
        let bar = progress::bar(terminal, if named { subjects.len() } else { 0 });
        // One after the other, each forgotten before the next: the memory is that of one.
        for subject in subjects {
            let subject: Simulated = subject.simulate(&options)?;
            let beside = observed.as_ref().map(|table| table.beside(&subject));
            let beside = beside.transpose()?;
            bar.suspend(|| printing.print(&subject, beside.as_ref()))?;
            if printing.is_over() && files.are_none() {
                break;
            }
            bar.suspend(|| files.write(&subject, beside.as_ref()))?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        printing.end()?;
        files.finish()
    }
}
