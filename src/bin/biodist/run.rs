//! `biodist run`: where the cells are, and how long they live.

use std::path::{Path, PathBuf};

use biodist::prelude::*;
use biodist::report;
use biodist::solver::Options;
use clap::{Args, ValueEnum};

use crate::describe;
use crate::failure::Failure;
use crate::input;
use crate::long_table::LongTable;
use crate::output::Folder;
use crate::quantities;
use crate::terminal::Terminal;

/// Simulate a scenario: where the cells are, and how long they live
#[derive(Args)]
pub struct Run {
    /// Scenario
    #[arg(value_name = "SCENARIO.toml")]
    file: PathBuf,
    /// Times of the table, as in 1h,24h,3d
    #[arg(long, value_name = "TIMES", value_delimiter = ',', value_parser = quantities::time)]
    at: Vec<Time>,
    /// What to print
    #[arg(long, default_value = "table")]
    format: Format,
    /// Folder for tables (CSV), the run (JSON), the scenario (TOML) and pictures (SVG)
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// One page of HTML with everything that a reader of the results must know
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
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
enum Format {
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
        let run = scenario.simulate_with(&self.solver.options())?;
        self.print(terminal, &run)?;
        if let Some(folder) = &self.out {
            write_files(terminal, &run, folder)?;
        }
        if let Some(file) = &self.report {
            terminal.write(file, biodist::dossier::of_run(&run)?.to_html())?;
        }
        Ok(())
    }

    fn print(&self, terminal: &Terminal, run: &biodist::Run) -> Result<(), Failure> {
        match self.format {
            Format::Table => self.print_tables(terminal, run),
            Format::Csv => terminal.print(LongTable::of(run).to_csv()),
            Format::Json => terminal.line(run.to_json()),
        }
    }

    fn print_tables(&self, terminal: &Terminal, run: &biodist::Run) -> Result<(), Failure> {
        let scenario = &run.model.scenario;
        terminal.heading(describe::title(scenario))?;
        terminal.line(format_args!(
            "{}, {}",
            describe::host(scenario),
            scenario.until
        ))?;
        for dose in &scenario.doses {
            terminal.line(describe::dose(dose))?;
        }
        let times = match self.at.is_empty() {
            true => report::telling_times(scenario),
            false => self.at.clone(),
        };
        terminal.line("")?;
        terminal.print(report::organ_table(run, &times)?)?;
        terminal.heading("\nLiving cells")?;
        terminal.print(report::kinetics_table(run, &State::VIABLE)?)?;
        terminal.heading("\nRemains, cell equivalents")?;
        terminal.print(report::kinetics_table(run, &State::REMAINS)?)?;
        terminal.line(format_args!("\n{}", run.lung_obstruction()?))?;
        for note in &run.model.notes {
            terminal.note(note);
        }
        Ok(())
    }
}

fn write_files(terminal: &Terminal, run: &biodist::Run, folder: &Path) -> Result<(), Failure> {
    let folder = Folder::make(terminal, folder)?;
    let kinetics = |states: &[State]| report::kinetics_table(run, states);
    folder.write("scenario.toml", run.model.scenario.to_toml()?)?;
    folder.write("cells.csv", LongTable::of(run).to_csv())?;
    folder.write("living.csv", kinetics(&State::VIABLE)?.to_csv())?;
    folder.write("remains.csv", kinetics(&State::REMAINS)?.to_csv())?;
    folder.write("run.json", run.to_json())?;
    folder.write("time_courses.svg", run.picture_of_time_courses()?)?;
    folder.write(
        "where_every_cell_is.svg",
        run.picture_of_where_every_cell_is()?,
    )
}
