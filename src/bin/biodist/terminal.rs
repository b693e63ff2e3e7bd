//! What is printed, and where: results to standard output, everything else to standard error.

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use biodist::report::TextTable;
use clap::ValueEnum;

use crate::failure::Failure;
use crate::visible::visible;
use crate::whole_file::{self, Links};

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

    /// Prints a result, every sign of it visible.
    pub fn print(&self, text: impl Display) -> Result<(), Failure> {
        let text = text.to_string();
        self.write_to(std::io::stdout().lock(), &visible(&text))
    }

    /// Prints what may hold styles of ours, and no text of a user that is not [`visible`].
    fn print_styled(&self, text: &str) -> Result<(), Failure> {
        self.write_to(anstream::stdout().lock(), text)
    }

    fn write_to(&self, mut out: impl Write, text: &str) -> Result<(), Failure> {
        out.write_all(text.as_bytes())
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
        let text = text.to_string();
        self.print_styled(&format!("{BOLD}{}{BOLD:#}\n", visible(&text)))
    }

    /// Says something that is not a result.
    pub fn note(&self, text: impl Display) {
        if !self.quiet {
            let text = text.to_string();
            anstream::eprintln!("{CYAN}note{CYAN:#}: {}", visible(&text));
        }
    }

    /// Writes a file that the user named, whole or not at all, and says so.
    pub fn write(&self, path: &Path, contents: impl AsRef<[u8]>) -> Result<(), Failure> {
        whole_file::write(path, Links::Followed, contents)?;
        self.wrote(path);
        Ok(())
    }

    /// Says that a file was written.
    pub fn wrote(&self, path: &Path) {
        if !self.quiet {
            let path = path.display().to_string();
            anstream::eprintln!("{CYAN}wrote{CYAN:#} {}", visible(&path));
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
