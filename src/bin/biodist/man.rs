//! `biodist man`: pages of the manual.

use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man as Page;

use crate::Cli;
use crate::failure::Failure;
use crate::output::Folder;
use crate::terminal::Terminal;

/// Write the pages of the manual, one a subcommand
#[derive(Args)]
pub struct Man {
    /// Folder for the pages; without it the first page is printed
    folder: Option<PathBuf>,
}

impl Man {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let mut command = Cli::command();
        command.build();
        let Some(folder) = self.folder else {
            return terminal.print(String::from_utf8_lossy(&page(command)?));
        };
        let folder = Folder::make(terminal, &folder)?;
        for subcommand in command.get_subcommands() {
            let name = format!("biodist-{}", subcommand.get_name());
            folder.write(&format!("{name}.1"), page(subcommand.clone())?)?;
        }
        folder.write("biodist.1", page(command)?)
    }
}

fn page(command: Command) -> Result<Vec<u8>, Failure> {
    let mut text = vec![];
    let rendered = Page::new(command).render(&mut text);
    rendered.map_err(|error| Failure::of_file("make", Path::new("the page"), &error))?;
    Ok(text)
}
