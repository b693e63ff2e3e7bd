//! How a command ends when it does not end well.

use std::fmt::Display;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use biodist::observation::ObservationError;
use biodist::{Error, ErrorKind};

/// Why a command stopped.
#[derive(Debug)]
pub enum Failure {
    /// Something that the user can correct.
    Input(String),
    /// Faults of files, drawn with the lines that they stand in, one after the other.
    Faults(Vec<String>),
    /// The integration failed.
    Numerics(String),
    /// Whoever read the output has seen enough.
    NobodyReads,
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
            other => other,
        }
    }

    /// Says what happened and gives the exit code.
    pub fn end(self) -> ExitCode {
        match self {
            Self::NobodyReads => ExitCode::SUCCESS,
            Self::Faults(drawn) => {
                anstream::eprintln!("{}", drawn.join("\n\n"));
                ExitCode::from(1)
            }
            Self::Input(message) => {
                anstream::eprintln!("{RED}error{RED:#}: {message}");
                ExitCode::from(1)
            }
            Self::Numerics(message) => {
                anstream::eprintln!("{RED}error{RED:#}: {message}");
                ExitCode::from(3)
            }
        }
    }
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
