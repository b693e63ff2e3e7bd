//! A folder of results.

use std::path::{Path, PathBuf};

use biodist::plot::PlotError;

use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::whole_file::{self, Links};

/// A folder that exists.
#[derive(Debug)]
pub struct Folder<'a> {
    path: PathBuf,
    terminal: &'a Terminal,
}

impl<'a> Folder<'a> {
    /// Makes the folder, and those that it is in.
    pub fn make(terminal: &'a Terminal, path: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(path)
            .map_err(|error| Failure::of_file("make the folder", path, &error))?;
        Ok(Self {
            path: path.to_path_buf(),
            terminal,
        })
    }

    /// Writes a file into it, whole or not at all; a link of that name is not followed.
    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> Result<(), Failure> {
        let path = self.path.join(name);
        whole_file::write(&path, Links::Replaced, contents)?;
        self.terminal.wrote(&path);
        Ok(())
    }

    /// Writes a picture; where there is nothing to draw, it says why.
    pub fn picture(&self, name: &str, drawn: Result<String, PlotError>) -> Result<(), Failure> {
        match drawn {
            Ok(picture) => self.write(name, picture),
            Err(error @ PlotError::NothingToDraw { .. }) => {
                self.terminal.note(format_args!("no {name}: {error}"));
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}
