//! `biodist completions`: what the shell needs to complete commands.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::Cli;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Print completions for a shell
#[derive(Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let mut text = vec![];
        clap_complete::generate(self.shell, &mut Cli::command(), "biodist", &mut text);
        terminal.print(String::from_utf8_lossy(&text))
    }
}
