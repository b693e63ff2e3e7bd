//! `biodist run`: where the cells are, and how long they live.

use std::path::{Path, PathBuf};

use biodist::evidence::gaps;
use biodist::prelude::*;
use biodist::report;
use biodist::solver::Options;
use clap::{Args, ValueEnum};

use crate::beside::{Beside, Measurements};
use crate::describe;
use crate::failure::Failure;
use crate::input;
use crate::long_table::LongTable;
use crate::output::Folder;
use crate::progress;
use crate::quantities;
use crate::subject::{Subject, file_names};
use crate::terminal::Terminal;

/// Simulate a scenario: where the cells are, and how long they live
#[derive(Args)]
pub struct Run {
    /// Scenario
    #[arg(value_name = "SCENARIO.toml")]
    file: PathBuf,
    /// Times of the table and of CSV, as in 1h,24h,3d
    #[arg(long, value_name = "TIMES", value_delimiter = ',', allow_hyphen_values = true, value_parser = quantities::time)]
    at: Vec<Time>,
    /// What to print
    #[arg(long, default_value = "table")]
    format: Format,
    /// Folder for tables (CSV), the run (JSON), the scenario (TOML) and pictures (SVG)
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Doses from a table in the form of NONMEM (TIME, AMT, ID, EVID, RATE or DUR, ADDL, II, ROUTE, PRODUCT) in
    /// place of those of the scenario; AMT in cells, times in h
    #[arg(long, value_name = "TABLE.csv")]
    dosing: Option<PathBuf>,
    /// Measurements (time_h, organ, value; unit, assay, label, id) to print beside the model
    #[arg(long, value_name = "TABLE.csv")]
    observed: Option<PathBuf>,
    /// One page of HTML with everything that a reader of the results must know
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    /// The long table (time_h, place, state, product, cells) as a Parquet file
    #[cfg(feature = "parquet")]
    #[arg(long, value_name = "FILE.parquet")]
    parquet: Option<PathBuf>,
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
        let options = self.solver.options();
        let subjects = match &self.dosing {
            Some(table) => Subject::of_table(terminal, table, &scenario, &options)?,
            None => vec![Subject::of(&scenario, &options)?],
        };
        let observed = self.observed.as_ref();
        let observed = observed.map(|file| Measurements::read(terminal, file));
        let compared = match observed.transpose()? {
            Some(observed) => observed.beside(&subjects)?,
            None => subjects.iter().map(|_| None).collect(),
        };
        // Files are written also when nobody reads the tables to their end.
        let printed = self.print(terminal, &subjects, &compared);
        if !matches!(printed, Ok(()) | Err(Failure::NobodyReads)) {
            return printed;
        }
        let names = file_names(&subjects);
        for ((subject, name), beside) in subjects.iter().zip(&names).zip(&compared) {
            if let Some(folder) = &self.out {
                let folder = Folder::make(terminal, &folder_of(name.as_deref(), folder))?;
                write_files(&folder, subject, beside.as_ref())?;
            }
            if let Some(file) = &self.report {
                let turning = progress::spinner(terminal, "the report: what decides");
                let mut page = biodist::dossier::of_run(&subject.run)?;
                if let Some(beside) = beside {
                    beside.report(&mut page, &subject.run)?;
                }
                turning.finish_and_clear();
                terminal.write(&file_of(name.as_deref(), file), page.to_html())?;
            }
        }
        #[cfg(feature = "parquet")]
        if let Some(file) = &self.parquet {
            crate::parquet_file::write(file, &LongTable::of(&subjects, &[])?)?;
            terminal.wrote(file);
        }
        printed
    }

    fn print(
        &self,
        terminal: &Terminal,
        subjects: &[Subject],
        compared: &[Option<Beside>],
    ) -> Result<(), Failure> {
        match self.format {
            Format::Table => {
                for (subject, beside) in subjects.iter().zip(compared) {
                    self.print_tables(terminal, subject, beside.as_ref())?;
                }
                notes(terminal, subjects)
            }
            Format::Csv => terminal.print(LongTable::of(subjects, &self.at)?.to_csv()),
            Format::Json => terminal.line(json(subjects)),
        }
    }

    fn print_tables(
        &self,
        terminal: &Terminal,
        subject: &Subject,
        beside: Option<&Beside>,
    ) -> Result<(), Failure> {
        let run = &subject.run;
        let scenario = &run.model.scenario;
        let times = match self.at.is_empty() {
            true => report::telling_times(scenario),
            false => self.at.clone(),
        };
        // First what can fail: a time outside the run.
        let organs = report::organ_table(run, &times)?;
        terminal.heading(describe::title(scenario))?;
        let host = report::host_in_words(&scenario.host);
        terminal.line(format_args!("{host}, {}", scenario.until))?;
        for dose in &scenario.doses {
            terminal.line(report::dose_in_words(dose))?;
        }
        terminal.line("")?;
        terminal.table(&organs)?;
        terminal.heading("\nLiving cells")?;
        terminal.table(&report::kinetics_table(run, &State::VIABLE)?)?;
        terminal.heading("\nRemains, cell equivalents")?;
        terminal.table(&report::kinetics_table(run, &State::REMAINS)?)?;
        terminal.line(format_args!("\n{}", run.lung_obstruction()?))?;
        if let Some(beside) = beside {
            terminal.heading("\nBeside what was observed")?;
            terminal.table(&beside.table())?;
            if let Some(denominators) = beside.denominators() {
                terminal.line(denominators)?;
            }
            if let Some(summary) = beside.summary() {
                terminal.line(summary)?;
            }
        }
        match subject.id {
            Some(_) => terminal.line(""),
            None => Ok(()),
        }
    }
}

/// What the user should know, each once.
fn notes(terminal: &Terminal, subjects: &[Subject]) -> Result<(), Failure> {
    let mut said: Vec<String> = vec![];
    for model in subjects.iter().map(|subject| &subject.run.model) {
        let gaps = gaps(&model.scenario)?;
        let gaps = gaps.iter().map(|gap| format!("extrapolated: {gap}"));
        for note in model.notes.iter().cloned().chain(gaps) {
            if !said.contains(&note) {
                terminal.note(&note);
                said.push(note);
            }
        }
    }
    Ok(())
}

/// One run, or a list of the runs of subjects.
fn json(subjects: &[Subject]) -> String {
    match subjects {
        [Subject { id: None, run }] => run.to_json(),
        _ => {
            let records = subjects.iter().map(
                |subject| serde_json::json!({ "id": subject.id, "run": subject.run.record() }),
            );
            let records: Vec<serde_json::Value> = records.collect();
            serde_json::to_string_pretty(&records).unwrap_or_default()
        }
    }
}

/// Each subject of a dosing table has a folder of its own.
fn folder_of(name: Option<&str>, folder: &Path) -> PathBuf {
    match name {
        Some(name) => folder.join(format!("subject_{name}")),
        None => folder.to_path_buf(),
    }
}

/// `report.html` is `report_3.html` for subject 3.
fn file_of(name: Option<&str>, file: &Path) -> PathBuf {
    let Some(name) = name else {
        return file.to_path_buf();
    };
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let ending = file.extension().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{stem}_{name}.{ending}"))
}

fn write_files(
    folder: &Folder<'_>,
    subject: &Subject,
    beside: Option<&Beside>,
) -> Result<(), Failure> {
    let run = &subject.run;
    let kinetics = |states: &[State]| report::kinetics_table(run, states);
    folder.write("scenario.toml", run.model.scenario.to_toml()?)?;
    folder.write("cells.csv", LongTable::of([subject], &[])?.to_csv())?;
    folder.write("living.csv", kinetics(&State::VIABLE)?.to_csv())?;
    folder.write("remains.csv", kinetics(&State::REMAINS)?.to_csv())?;
    folder.write("run.json", run.to_json())?;
    folder.picture("time_courses.svg", run.picture_of_time_courses())?;
    folder.picture(
        "where_every_cell_is.svg",
        run.picture_of_where_every_cell_is(),
    )?;
    match beside {
        Some(beside) => beside.write(folder, run),
        None => Ok(()),
    }
}
