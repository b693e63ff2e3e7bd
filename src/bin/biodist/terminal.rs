//! What is printed, and where: results to standard output, everything else to standard error.

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use biodist::report::TextTable;
use clap::ValueEnum;

use crate::failure::Failure;
use crate::guard;

const BOLD: Style = Style::new().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();

/// When to colour.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Colour {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Colour {
    /// Makes the choice hold for all that is printed.
    pub fn apply(self) {
        let choice = match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// The two streams.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    quiet: bool,
}

impl Terminal {
    /// `quiet`: results and errors only.
    pub const fn new(quiet: bool) -> Self {
        Self { quiet }
    }

    /// Prints a result.
    pub fn print(&self, text: impl Display) -> Result<(), Failure> {
        let mut out = anstream::stdout().lock();
        write!(out, "{text}")
            .and_then(|()| out.flush())
            .map_err(|error| match error.kind() {
                ErrorKind::BrokenPipe => Failure::NobodyReads,
                _ => Failure::Input(format!("cannot write to standard output: {error}")),
            })
    }

    /// Prints a result and ends the line.
    pub fn line(&self, text: impl Display) -> Result<(), Failure> {
        self.print(format_args!("{text}\n"))
    }

    /// Prints a table, folded to the width of the terminal.
    pub fn table(&self, table: &TextTable) -> Result<(), Failure> {
        let Some(width) = self.width() else {
            return self.print(table);
        };
        let pieces: Vec<String> = table
            .folded(width)
            .iter()
            .map(ToString::to_string)
            .collect();
        self.print(pieces.join("\n"))
    }

    /// Prints what the next lines are.
    pub fn heading(&self, text: impl Display) -> Result<(), Failure> {
        self.print(format_args!("{BOLD}{text}{BOLD:#}\n"))
    }

    /// Says something that is not a result.
    pub fn note(&self, text: impl Display) {
        if !self.quiet {
            anstream::eprintln!("{CYAN}note{CYAN:#}: {text}");
        }
    }

    /// Writes a file, and says so.
    pub fn write(&self, path: &Path, contents: impl AsRef<[u8]>) -> Result<(), Failure> {
        guard::writes(path)?;
        std::fs::write(path, contents).map_err(|error| Failure::of_file("write", path, &error))?;
        self.wrote(path);
        Ok(())
    }

    /// Says that a file was written.
    pub fn wrote(&self, path: &Path) {
        if !self.quiet {
            anstream::eprintln!("{CYAN}wrote{CYAN:#} {}", path.display());
        }
    }

    /// Columns of standard output; none when it is not a terminal, so that a row stays a line.
    pub fn width(&self) -> Option<usize> {
        if !std::io::stdout().is_terminal() {
            return None;
        }
        terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
    }

    /// Whether somebody sees a progress bar.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }
}
