//! `biodist fit`: numbers of the registry from experiments of one's own.

use std::path::PathBuf;

use biodist::fit::{
    Fit as Problem, Fitted, Profile, Unknown, bounds_table, held_out_table, profiles_picture,
};
use clap::Args;

use crate::diagnostic;
use crate::failure::Failure;
use crate::input::Input;
use crate::interrupt;
use crate::output::Folder;
use crate::progress;
use crate::quantities;
use crate::terminal::Terminal;

/// Find numbers of the registry from measurements
///
/// The file has experiments (`[[experiment]]`: a scenario and its data) and the numbers that are sought
/// (`[[unknown]]`); docs/evidence-format.md says how.
#[derive(Args)]
pub struct Fit {
    /// Experiments and unknowns
    #[arg(value_name = "EXPERIMENTS.toml")]
    file: PathBuf,
    /// A further number to find, with value and spread of the registry as its prior; may be repeated
    #[arg(long = "unknown", value_name = "ID")]
    unknowns: Vec<String>,
    /// Starts of the search, the first from the priors' medians; at most 1000
    #[arg(long, default_value_t = 4, value_parser = quantities::between::<1, 1_000>, value_name = "COUNT")]
    starts: usize,
    /// Seed of the other starts
    #[arg(long, default_value_t = 1, allow_negative_numbers = true)]
    seed: u64,
    /// Weighted least squares: priors do not count
    #[arg(long)]
    no_priors: bool,
    /// Also estimate by how much the data scatter more, or less, than their errors state
    #[arg(long)]
    scatter: bool,
    /// Also profile likelihoods: what the data alone say of each number
    #[arg(long)]
    profile: bool,
    /// Also draws from the posterior, four chains of so many, 10 to 100000
    #[cfg(feature = "bayes")]
    #[arg(long, value_parser = quantities::between::<10, 100_000>, value_name = "DRAWS")]
    sample: Option<usize>,
    /// Folder for tables (CSV), pictures (SVG) and `fitted.toml`: values, spreads and correlations for a scenario
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// Draws behind the interval of a row for validation.
const DRAWS: usize = 200;

impl Fit {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let input = Input::read(&self.file)?;
        let more = self.unknowns.iter().map(Unknown::new).collect();
        let problem = Problem::from_toml(&input.text, more);
        let mut problem = problem.map_err(|error| diagnostic::of_fit(error, &input))?;
        problem = problem.with_token(interrupt::token().clone());
        if self.no_priors {
            problem = problem.without_priors();
        }
        if self.scatter {
            problem = problem.estimating_scatter();
        }
        let found = problem.search(self.starts, self.seed);
        let found = found.map_err(|error| diagnostic::of_fit(error, &input))?;
        terminal.heading(format!(
            "{} numbers from {} experiments",
            found.estimates.len(),
            problem.experiments().len()
        ))?;
        for table in [found.numbers_table(), found.data_table()] {
            terminal.table(&table)?;
            terminal.line("")?;
        }
        let kept = problem.predictions(&found, DRAWS, self.seed)?;
        let kept = (!kept.is_empty()).then(|| held_out_table(&kept));
        if let Some(kept) = &kept {
            terminal.table(kept)?;
            terminal.line("")?;
        }
        for remark in found.remarks() {
            terminal.line(format_args!("- {remark}"))?;
        }
        let profiles = match self.profile {
            true => self.profiles(terminal, &problem, &found)?,
            false => vec![],
        };
        if let Some(folder) = &self.out {
            let folder = Folder::make(terminal, folder)?;
            folder.write("numbers.csv", found.numbers_table().to_csv())?;
            folder.write("data.csv", found.data_table().to_csv())?;
            if let Some(kept) = &kept {
                folder.write("predictions.csv", kept.to_csv())?;
            }
            for (name, text) in found.scenario_tables() {
                folder.write(&name, text)?;
            }
            folder.write("data.svg", found.picture()?)?;
            if !profiles.is_empty() {
                folder.write("profiles.svg", profiles_picture(&profiles, &found)?)?;
            }
        }
        #[cfg(feature = "bayes")]
        if let Some(draws) = self.sample {
            self.sample(terminal, &problem, &found, draws)?;
        }
        Ok(())
    }

    fn profiles(
        &self,
        terminal: &Terminal,
        problem: &Problem,
        found: &Fitted,
    ) -> Result<Vec<Profile>, Failure> {
        let bar = progress::bar(terminal, found.estimates.len());
        let mut all = vec![];
        for number in 0..found.estimates.len() {
            all.push(problem.profile(number, found)?);
            bar.inc(1);
        }
        bar.finish_and_clear();
        terminal.line(format_args!("\n{}", bounds_table(&all, found)))?;
        Ok(all)
    }

    #[cfg(feature = "bayes")]
    fn sample(
        &self,
        terminal: &Terminal,
        problem: &Problem,
        found: &Fitted,
        draws: usize,
    ) -> Result<(), Failure> {
        use biodist::fit::Sampling;
        use biodist::report::TextTable;

        let sampling = Sampling {
            draws,
            warmup: draws.max(200),
            seed: self.seed,
            ..Sampling::default()
        };
        let sampled = problem.sample(found, &sampling)?;
        terminal.line(format_args!("\n{}", sampled.table()))?;
        if !sampled.is_reliable(&sampling) {
            terminal.line(
                "- these draws are not to be relied on: draw more, or give narrower priors",
            )?;
        }
        if let Some(folder) = &self.out {
            let ids = sampled.numbers.iter().map(|number| number.id.clone());
            let mut table = TextTable::new(ids);
            let columns: Vec<Vec<f64>> = (0..sampled.numbers.len())
                .map(|number| sampled.draws.values(number))
                .collect();
            for draw in 0..sampled.draws.len() {
                table.row(columns.iter().map(|column| column[draw].to_string()));
            }
            Folder::make(terminal, folder)?.write("draws.csv", table.to_csv())?;
        }
        Ok(())
    }
}
