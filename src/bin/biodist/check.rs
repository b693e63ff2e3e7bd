//! `biodist check`: every fault of scenario files.

use std::path::PathBuf;

use clap::Args;

use crate::describe;
use crate::failure::{Failure, Faults, RED, readable};
use crate::input::Input;
use crate::terminal::Terminal;

/// Find every fault of scenarios, with the line that it stands in
#[derive(Args)]
pub struct Check {
    /// Scenarios
    #[arg(required = true, value_name = "SCENARIO.toml")]
    files: Vec<PathBuf>,
}

impl Check {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let mut faults = Faults::default();
        for file in &self.files {
            let input = Input::read(file);
            match input.and_then(|input| Ok((input.scenario()?, input.name))) {
                Ok((scenario, name)) => {
                    terminal.line(format_args!("{name}: good; {}", describe::brief(&scenario)))?;
                }
                Err(Failure::Faults(drawn)) => faults.extend(drawn),
                Err(Failure::Input(message)) => {
                    let message = readable(&message);
                    faults.drawn.push(format!("{RED}error{RED:#}: {message}"));
                }
                Err(other) => return Err(other),
            }
        }
        match faults.drawn.is_empty() {
            true => Ok(()),
            false => Err(Failure::Faults(faults)),
        }
    }
}
