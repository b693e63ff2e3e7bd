//! `biodist network`: the pools and transfers behind a scenario, or of a file of their own.

use std::path::PathBuf;

use biodist::assembly::Model;
use biodist::network::{Network as Graph, NetworkFile};
use biodist::plot;
use biodist::report::TextTable;
use clap::{Args, ValueEnum};

use crate::failure::Failure;
use crate::input::Input;
use crate::places::cells;
use crate::tables::number;
use crate::terminal::Terminal;

/// Show the network of a scenario or of a network file: pools, transfers and rates
#[derive(Args)]
pub struct Network {
    /// Scenario, or a network in JSON
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What to print; with --picture nothing, unless asked for; otherwise the list
    #[arg(long)]
    format: Option<Format>,
    /// Write a picture (SVG): of a scenario the circulation with the doses, of a network file who gives to whom
    #[arg(long, value_name = "FILE.svg")]
    picture: Option<PathBuf>,
    /// With --picture, of a scenario: who gives to whom instead of the circulation
    #[arg(long, requires = "picture")]
    matrix: bool,
}

/// What to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Pools, transfers and their rates for people
    List,
    /// The JSON form, for other programs
    Json,
    /// For Graphviz: `biodist network FILE --format dot | dot -Tsvg`
    Dot,
}

/// What a file holds.
enum Source {
    /// A network with the times of its file.
    File(Box<Graph>, Vec<f64>),
    /// A scenario, assembled.
    Scenario(Box<Model>),
}

impl Network {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let source = Source::read(&Input::read(&self.file)?)?;
        if let Some(file) = &self.picture {
            let svg = match &source {
                Source::Scenario(model) if !self.matrix => plot::circulation(model)?,
                source => plot::matrix(source.network())?,
            };
            terminal.write(file, svg)?;
        }
        let network = source.network();
        match self.format {
            None if self.picture.is_some() => Ok(()),
            None | Some(Format::List) => list(terminal, network),
            Some(Format::Json) => terminal.line(network.to_file(&source.times()).to_json()),
            Some(Format::Dot) => terminal.print(network.to_dot()),
        }
    }
}

impl Source {
    /// JSON begins with a brace, and TOML never does.
    fn read(input: &Input) -> Result<Self, Failure> {
        if input.text.trim_start().starts_with('{') {
            let named = |error| Failure::from(error).of(&input.name);
            let file = NetworkFile::from_json(&input.text).map_err(named)?;
            let network = file.network().map_err(named)?;
            return Ok(Self::File(Box::new(network), file.times));
        }
        Ok(Self::Scenario(Box::new(input.scenario()?.assemble()?)))
    }

    fn network(&self) -> &Graph {
        match self {
            Self::File(network, _) => network,
            Self::Scenario(model) => &model.network,
        }
    }

    fn times(&self) -> Vec<f64> {
        match self {
            Self::File(_, times) => times.clone(),
            Self::Scenario(model) => {
                let report = model.scenario.report.iter();
                report.map(|time| time.value()).collect()
            }
        }
    }
}

fn list(terminal: &Terminal, network: &Graph) -> Result<(), Failure> {
    let (pools, transfers) = (network.pools(), network.transfers());
    let parameters = network.parameters();
    let name = match network.name() {
        "" => "network",
        name => name,
    };
    terminal.heading(name)?;
    let linear = match network.first_nonlinear() {
        None => "linear",
        Some(_) => "not linear",
    };
    terminal.line(format_args!(
        "{} pools, {} transfers, {} parameters; {linear}\n",
        pools.len(),
        transfers.len(),
        parameters.len()
    ))?;
    let mut table = TextTable::new(["pool", "at the start"]);
    let filled = pools.iter().zip(network.initial());
    for (pool, amount) in filled.filter(|(_, amount)| **amount > 0.0) {
        table.row([pool.clone(), cells(*amount)]);
    }
    match table.rows().len() {
        1 => terminal.line("all pools are empty at the start")?,
        _ => terminal.print(table)?,
    }
    let mut listing = crate::listing::Listing::new(&["transfer", "from", "to", "rate"]);
    for transfer in transfers {
        listing.row([
            transfer.id.clone(),
            pools[transfer.from.index()].clone(),
            pools[transfer.to.index()].clone(),
            network.rate_text(transfer),
        ]);
    }
    terminal.line("")?;
    terminal.print(listing.to_text(None))?;
    let mut table = TextTable::new(["parameter", "value"]);
    for (name, value) in parameters.iter().zip(network.values()) {
        table.row([name.clone(), number(*value)]);
    }
    terminal.line("")?;
    terminal.print(table)
}
