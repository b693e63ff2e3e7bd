//! `biodist qualify`: the whole ladder on this machine.

use std::path::PathBuf;

use biodist::qualification::qualify;
use clap::Args;

use crate::failure::Failure;
use crate::output::Folder;
use crate::quantities;
use crate::terminal::Terminal;

/// Verify the program on this machine, and hold the model against data
///
/// The exit code is 3 when a criterion of verification is not met. A prediction that fails is reported, and is no
/// reason to fail.
#[derive(Args)]
pub struct Qualify {
    /// Draws behind each predicted interval, 40 (the least for a 95 % interval) to 10000
    #[arg(long, default_value_t = 200, value_parser = quantities::between::<40, 10_000>, value_name = "COUNT")]
    draws: usize,
    /// Seed: the same seed gives the same report
    #[arg(long, default_value_t = 1, allow_negative_numbers = true)]
    seed: u64,
    /// Folder for the report (HTML and JSON) and its picture (SVG)
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

impl Qualify {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let found = qualify(self.draws, self.seed)?;
        for table in [
            found.checks_table(),
            found.validation_table(),
            found.scores_table(),
        ] {
            terminal.table(&table)?;
            terminal.line("")?;
        }
        for sentence in found.summary() {
            terminal.line(sentence)?;
        }
        if let Some(folder) = &self.out {
            let folder = Folder::make(terminal, folder)?;
            folder.write("qualification.html", found.to_html())?;
            folder.write("qualification.json", found.to_json())?;
            folder.write("qualification.svg", found.picture()?)?;
        }
        match found.is_verified() {
            true => Ok(()),
            false => Err(Failure::Numerics(
                "a criterion of verification is not met on this machine".to_string(),
            )),
        }
    }
}
