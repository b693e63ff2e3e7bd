//! The command line `biodist`.
//!
//! Each subcommand is a file with a struct of its arguments and a method `run`; a new one is that file and its
//! two lines here. What they share: [`terminal`] prints, [`input`] reads, [`failure`] says how a command ends.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod beside;
mod check;
mod compare;
mod completions;
mod describe;
mod diagnostic;
mod every;
mod explore;
mod failure;
mod files;
mod fit;
mod guard;
mod input;
mod interrupt;
mod listing;
mod locate;
mod long_table;
mod man;
mod measurements;
mod network;
mod new;
mod not_read;
mod output;
#[cfg(feature = "parquet")]
mod parquet_file;
mod places;
mod population;
mod printing;
mod progress;
mod qualify;
mod quantities;
mod run;
mod sensitivity;
mod subject;
mod tables;
mod terminal;
mod visible;
mod whole_file;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;
use terminal::{Colour, Terminal};

/// Where administered stem cells go, and how long they live
///
/// A scenario is a TOML file: `biodist new` writes one to start from, `biodist check` finds its faults, `biodist
/// run` simulates it. A file named `-` is standard input.
#[derive(Parser)]
#[command(name = "biodist", version, after_help = EXIT_CODES, disable_help_subcommand = true)]
struct Cli {
    /// Print results and errors only, no notes and no progress
    #[arg(short, long, global = true)]
    quiet: bool,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Colour,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 good, 1 wrong input, 2 wrong use of the command line, 3 the numerics failed, 130 ended by Ctrl-C.";

macro_rules! subcommands {
    ($($module:ident::$name:ident,)+) => {
        #[derive(Subcommand)]
        enum Command {
            $($name($module::$name),)+
        }

        impl Command {
            fn run(self, terminal: &Terminal) -> Result<(), Failure> {
                match self {
                    $(Self::$name(asked) => asked.run(terminal),)+
                }
            }
        }
    };
}

subcommands! {
    new::New,
    check::Check,
    run::Run,
    compare::Compare,
    population::Population,
    sensitivity::Sensitivity,
    fit::Fit,
    qualify::Qualify,
    explore::Explore,
    network::Network,
    tables::Routes,
    tables::Species,
    tables::Products,
    tables::Assays,
    tables::Labels,
    tables::Conditions,
    tables::Parameters,
    completions::Completions,
    man::Man,
}

fn main() -> ExitCode {
    let asked = Cli::parse();
    asked.color.apply();
    let terminal = Terminal::new(asked.quiet);
    match asked.command.run(&terminal) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.end(),
    }
}
