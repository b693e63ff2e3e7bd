//! What `biodist run` writes of each subject.

use std::path::{Path, PathBuf};

use biodist::prelude::State;
use biodist::report;

use crate::beside::Beside;
use crate::failure::Failure;
use crate::long_table::LongTable;
use crate::output::Folder;
#[cfg(feature = "parquet")]
use crate::parquet_file::ParquetFile;
use crate::run::Run;
use crate::subject::Simulated;
use crate::terminal::Terminal;
use crate::{interrupt, progress};

/// The files of a run, subject by subject.
pub struct Files<'a> {
    terminal: &'a Terminal,
    asked: &'a Run,
    #[cfg(feature = "parquet")]
    parquet: Option<ParquetFile>,
}

impl<'a> Files<'a> {
    /// Begins what holds all subjects; `named` if they have names.
    #[cfg_attr(
        not(feature = "parquet"),
        expect(unused_variables, clippy::unnecessary_wraps)
    )]
    pub fn begin(terminal: &'a Terminal, asked: &'a Run, named: bool) -> Result<Self, Failure> {
        Ok(Self {
            terminal,
            asked,
            #[cfg(feature = "parquet")]
            parquet: match &asked.parquet {
                Some(file) => Some(ParquetFile::begin(file, named)?),
                None => None,
            },
        })
    }

    /// Whether no file was asked for.
    pub const fn are_none(&self) -> bool {
        #[cfg(feature = "parquet")]
        if self.parquet.is_some() {
            return false;
        }
        self.asked.out.is_none() && self.asked.report.is_none()
    }

    /// Writes those of a subject.
    pub fn write(&mut self, subject: &Simulated, beside: Option<&Beside>) -> Result<(), Failure> {
        let name = subject.name.as_deref();
        if let Some(folder) = &self.asked.out {
            let folder = Folder::make(self.terminal, &folder_of(name, folder))?;
            write_folder(&folder, subject, beside)?;
        }
        if let Some(file) = &self.asked.report {
            let turning = progress::spinner(self.terminal, "the report: what decides");
            let page = biodist::dossier::of_run_with_token(&subject.run, interrupt::token());
            turning.finish_and_clear();
            let mut page = page?;
            if let Some(beside) = beside {
                beside.report(&mut page, &subject.run)?;
            }
            self.terminal.write(&file_of(name, file), page.to_html())?;
        }
        #[cfg(feature = "parquet")]
        if let Some(file) = &mut self.parquet {
            file.add(subject)?;
        }
        Ok(())
    }

    /// Ends what holds all subjects.
    #[cfg_attr(not(feature = "parquet"), expect(clippy::unnecessary_wraps))]
    pub fn finish(self) -> Result<(), Failure> {
        #[cfg(feature = "parquet")]
        if let Some(file) = self.parquet {
            file.finish(self.terminal)?;
        }
        Ok(())
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

fn write_folder(
    folder: &Folder<'_>,
    subject: &Simulated,
    beside: Option<&Beside>,
) -> Result<(), Failure> {
    let run = &subject.run;
    let kinetics = |states: &[State]| report::kinetics_table(run, states);
    folder.write("scenario.toml", run.model.scenario.to_toml()?)?;
    folder.write("cells.csv", LongTable::of(subject, &[])?.to_csv())?;
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
