//! How a command ends when it does not end well.

use std::fmt::Display;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use biodist::observation::ObservationError;
use biodist::{Error, ErrorKind};

use crate::visible::visible;
use crate::{guard, interrupt};

/// Why a command stopped.
#[derive(Debug)]
pub enum Failure {
    /// Something that the user can correct.
    Input(String),
    /// Faults of files, drawn with the lines that they stand in, one after the other.
    Faults(Faults),
    /// Ctrl-C, with how far it came.
    Stopped(String),
    /// The integration failed.
    Numerics(String),
    /// Whoever read the output has seen enough.
    NobodyReads,
}

/// Faults that are shown at most; more are counted.
pub const SHOWN: usize = 20;
/// Letters at the beginning and at the end of a line of a message; what is between them is no news.
const LETTERS: usize = 400;

/// Faults as they are shown.
#[derive(Debug, Default)]
pub struct Faults {
    /// At most [`SHOWN`] of each file.
    pub drawn: Vec<String>,
    /// How many there are besides.
    pub more: usize,
}

impl Faults {
    /// Adds those of another file.
    pub fn extend(&mut self, other: Self) {
        self.drawn.extend(other.drawn);
        self.more += other.more;
    }
}

/// How the word `error` looks.
pub const RED: Style = AnsiColor::BrightRed.on_default().bold();

impl Failure {
    /// A fault in words.
    pub fn input(message: impl Display) -> Self {
        Self::Input(message.to_string())
    }

    /// A file that could not be read or written.
    pub fn of_file(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::Input(format!("cannot {doing} {}: {error}", path.display()))
    }

    /// The same failure, with the file or subject that it concerns.
    pub fn of(self, name: &str) -> Self {
        match self {
            Self::Input(message) => Self::Input(format!("{name}: {message}")),
            Self::Numerics(message) => Self::Numerics(format!("{name}: {message}")),
            Self::Stopped(message) => Self::Stopped(format!("{name}: {message}")),
            other => other,
        }
    }

    /// Says what happened and gives the exit code.
    pub fn end(self) -> ExitCode {
        match self {
            Self::NobodyReads => ExitCode::SUCCESS,
            Self::Faults(Faults { mut drawn, more }) => {
                match more {
                    0 => {}
                    1 => drawn.push(format!("{RED}error{RED:#}: and one more fault")),
                    _ => drawn.push(format!("{RED}error{RED:#}: and {more} more faults")),
                }
                anstream::eprintln!("{}", drawn.join("\n\n"));
                ExitCode::from(1)
            }
            Self::Input(message) => {
                say(&message);
                ExitCode::from(1)
            }
            Self::Numerics(message) => {
                say(&message);
                ExitCode::from(3)
            }
            Self::Stopped(message) => {
                let kept = match guard::written() {
                    0 => "no file was written".to_string(),
                    1 => "the file that was written before is whole and kept".to_string(),
                    many => format!("the {many} files that were written before are whole and kept"),
                };
                say(&format!("{message}; {kept}"));
                ExitCode::from(interrupt::CODE)
            }
        }
    }
}

/// Says what is wrong, every sign of it visible.
fn say(message: &str) {
    anstream::eprintln!("{RED}error{RED:#}: {}", readable(message));
}

/// A message with every sign visible, and lines that somebody can read.
pub fn readable(message: &str) -> String {
    let place = |at: Option<(usize, char)>| at.map(|(place, _)| place);
    let line = |line: &str| {
        let begin = place(line.char_indices().nth(LETTERS));
        let end = place(line.char_indices().nth_back(LETTERS));
        match (begin, end) {
            (Some(begin), Some(end)) if begin < end => {
                format!("{}...{}", &line[..begin], &line[end..])
            }
            _ => line.to_string(),
        }
    };
    let lines: Vec<String> = visible(message).split('\n').map(line).collect();
    lines.join("\n")
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        if let Error::Observation(ObservationError::NotLabelled { label }) = &error {
            // In the words of a file, not of the library.
            let way_out = format!("add labels = [\"{label}\"] at the top of the scenario");
            return Self::Input(format!("the cells carry no '{label}'; {way_out}"));
        }
        match error.kind() {
            ErrorKind::Numerics => Self::Numerics(error.to_string()),
            ErrorKind::Stopped => Self::Stopped(error.to_string()),
            _ => Self::Input(error.to_string()),
        }
    }
}

/// Errors of the layers, by way of the one error of the crate.
macro_rules! from_layers {
    ($($error:ty,)+) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Error::from(error).into()
            }
        })+
    };
}

from_layers! {
    biodist::data::DataError,
    biodist::data::TableError,
    biodist::scenario::DosingTableError,
    biodist::scenario::ScenarioError,
    biodist::assembly::AssemblyError,
    biodist::simulation::SimulationError,
    biodist::solver::SolverError,
    biodist::network::NetworkError,
    biodist::observation::ObservationError,
    biodist::population::PopulationError,
    biodist::evidence::EvidenceError,
    biodist::fit::FitError,
    biodist::qualification::QualificationError,
    biodist::plot::PlotError,
}
