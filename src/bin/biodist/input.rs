//! Texts that are read: files, or standard input by the name `-`.

use std::io::Read;
use std::path::Path;

use biodist::Scenario;

use crate::diagnostic;
use crate::failure::Failure;
use crate::guard;

/// A text with its name.
#[derive(Debug, Clone)]
pub struct Input {
    /// Where it comes from, for messages.
    pub name: String,
    /// What it says.
    pub text: String,
}

impl Input {
    /// Reads a file, or standard input.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            let mut text = String::new();
            guard::reads_input();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| Failure::of_file("read", Path::new("standard input"), &error))?;
            let name = "<stdin>".to_string();
            return Ok(Self { name, text });
        }
        let bytes = std::fs::read(path).map_err(|error| Failure::of_file("read", path, &error))?;
        guard::reads(path);
        let text = String::from_utf8(bytes).map_err(|_| {
            Failure::input(format!(
                "{} is not text in UTF-8: save it as UTF-8",
                path.display()
            ))
        })?;
        // Some editors begin a text with a mark of the order of its bytes.
        let text = match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_string(),
            None => text,
        };
        let name = path.display().to_string();
        Ok(Self { name, text })
    }

    /// The text as a scenario that can be run; every fault of it, drawn, otherwise.
    pub fn scenario(&self) -> Result<Scenario, Failure> {
        diagnostic::scenario(self).map_err(|faults| diagnostic::drawn(&faults, self))
    }
}

/// Reads a scenario from a file.
pub fn scenario(path: &Path) -> Result<Scenario, Failure> {
    Input::read(path)?.scenario()
}
