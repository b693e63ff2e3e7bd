//! `biodist new`: a scenario to start from.

use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Write a scenario to start from, every key of it explained
#[derive(Args)]
pub struct New {
    /// File to write, `.toml` is added where it has no ending; without it, or for `-`, the scenario is printed
    name: Option<PathBuf>,
}

/// It is read by people, and by the tests of the command line.
const TEMPLATE: &str = include_str!("new.toml");

impl New {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let name = self.name.filter(|name| name.as_os_str() != "-");
        let Some(mut path) = name else {
            return terminal.print(TEMPLATE);
        };
        if path.extension().is_none() {
            path.set_extension("toml");
        }
        if path.exists() {
            let shown = path.display();
            return Err(Failure::input(format!("{shown} exists; give another name")));
        }
        terminal.write(&path, TEMPLATE)?;
        terminal.note(format_args!("run it: biodist run \"{}\"", path.display()));
        Ok(())
    }
}
