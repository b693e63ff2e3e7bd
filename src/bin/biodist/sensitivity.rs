//! `biodist sensitivity`: which uncertain numbers decide the answer.

use std::path::PathBuf;

use biodist::dossier::AllSwings;
use biodist::plot::{BarRow, Bars, bars};
use biodist::population::{PopulationError, Study, latin_hypercube, morris, prcc, sobol};
use biodist::prelude::{Scenario, Time};
use biodist::report::TextTable;
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;

use crate::failure::Failure;
use crate::output::Folder;
use crate::places::{Living, cells, plain};
use crate::terminal::Terminal;
use crate::{describe, input, interrupt, progress, quantities};

/// Rank the uncertain numbers by what they do to the living cells of an organ
#[derive(Args)]
pub struct Sensitivity {
    /// Scenario
    #[arg(value_name = "SCENARIO.toml")]
    file: PathBuf,
    /// Place whose living cells are looked at; `body` for all of it
    #[arg(long)]
    organ: String,
    /// When, as in 24h
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = quantities::time)]
    at: Time,
    /// How to measure what matters
    #[arg(long, default_value = "morris")]
    method: Method,
    /// Walks of Morris (12), points of Sobol (256) or draws of the rank correlation (400); at most 10000
    #[arg(long, value_name = "COUNT", value_parser = quantities::between::<2, 10_000>)]
    draws: Option<usize>,
    /// Seed: the same seed gives the same ranking
    #[arg(long, default_value_t = 1, allow_negative_numbers = true)]
    seed: u64,
    /// How many numbers to show; of Sobol: to study
    #[arg(long, default_value_t = 10, value_name = "COUNT", value_parser = quantities::between::<1, 1_000>)]
    top: usize,
    /// Print CSV, for a spreadsheet
    #[arg(long)]
    csv: bool,
    /// Folder for the table (CSV) and the pictures (SVG): the ranking, and a tornado
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// How to measure what matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Method {
    /// Screening: effect of each number over its range, in powers of ten
    Morris,
    /// Shares of the variance, of the numbers that a screening finds
    Sobol,
    /// Partial rank correlation, -1 to 1
    Prcc,
}

/// Walks of the screening.
const WALKS: usize = 12;
/// Fewer living cells than this are told from none by nobody.
const LEAST: f64 = 1e-3;

/// One number with its measures, of which the first ranks.
struct Ranked {
    id: String,
    measures: Vec<f64>,
}

struct Ranking {
    title: &'static str,
    heads: &'static [&'static str],
    rows: Vec<Ranked>,
}

/// The scenario with the place and time that are looked at.
struct Question<'a> {
    study: Study,
    living: Living,
    at: Time,
    seed: u64,
    terminal: &'a Terminal,
}

impl Sensitivity {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let scenario = input::scenario(&self.file)?;
        let middle = scenario.simulate()?;
        let living = Living::of(&middle, &self.organ)?;
        living.at(&middle, self.at)?;
        let question = Question {
            study: Study::of(&scenario)?.with_token(interrupt::token().clone()),
            living,
            at: self.at,
            seed: self.seed,
            terminal,
        };
        let (inputs, draws) = (question.study.inputs().len(), self.draws);
        if let (Method::Prcc, Some(draws)) =
            (self.method, draws.filter(|draws| *draws < inputs + 2))
        {
            return Err(Failure::input(format!(
                "--draws {draws}: a rank correlation needs at least {}, two more than the {inputs} uncertain numbers",
                inputs + 2
            )));
        }
        let mut ranking = match self.method {
            Method::Morris => question.morris(self.draws.unwrap_or(WALKS))?,
            Method::Sobol => question.sobol(self.draws.unwrap_or(256), self.top)?,
            Method::Prcc => question.prcc(self.draws.unwrap_or(400))?,
        };
        ranking
            .rows
            .sort_by(|a, b| b.measures[0].abs().total_cmp(&a.measures[0].abs()));
        if ranking
            .rows
            .iter()
            .all(|row| row.measures[0].abs() < f64::MIN_POSITIVE)
        {
            terminal.note(format_args!(
                "no number changes the answer: are there living cells in the {} after {}?",
                plain(&self.organ),
                self.at
            ));
        }
        let ends = question.ends()?;
        if self.csv {
            terminal.print(ranking.to_csv(&ends))?;
        } else {
            terminal.heading(describe::title(&scenario))?;
            terminal.line(format_args!("{}\n", self.subject(&question.study)))?;
            terminal.table(&ranking.to_table(self.top, &ends))?;
        }
        if let Some(folder) = &self.out {
            let folder = Folder::make(terminal, folder)?;
            folder.write("sensitivity.csv", ranking.to_csv(&ends))?;
            folder.write("sensitivity.svg", self.picture(&ranking, &scenario)?)?;
            let tornado = ends.picture(&self.title(), &describe::title(&scenario), self.top)?;
            folder.write("tornado.svg", tornado)?;
        }
        Ok(())
    }

    fn title(&self) -> String {
        format!(
            "What decides the living cells in the {} after {}",
            plain(&self.organ),
            self.at
        )
    }

    fn subject(&self, study: &Study) -> String {
        format!(
            "what decides the living cells in the {} after {}; {} uncertain numbers",
            plain(&self.organ),
            self.at,
            study.inputs().len()
        )
    }

    fn picture(&self, ranking: &Ranking, scenario: &Scenario) -> Result<String, Failure> {
        let rows = ranking.rows.iter().take(self.top);
        Ok(bars(&Bars {
            title: self.title(),
            subtitle: describe::title(scenario),
            axis: ranking.title.to_string(),
            series: vec![ranking.heads[0].to_string()],
            rows: rows
                .map(|row| BarRow::new(row.id.as_str(), [row.measures[0].abs()]))
                .collect(),
            ..Bars::default()
        })?)
    }
}

impl Question<'_> {
    /// Living cells at points of the unit cube.
    fn cells(
        &self,
        study: &Study,
        points: &[Vec<f64>],
        bar: &ProgressBar,
    ) -> Result<Vec<f64>, PopulationError> {
        let rows = study.run(points, |run| {
            let cells = self.living.at(run, self.at)?;
            bar.inc(1);
            Ok(vec![cells])
        })?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// The same as powers of ten.
    fn answers(
        &self,
        study: &Study,
        points: &[Vec<f64>],
        bar: &ProgressBar,
    ) -> Result<Vec<f64>, PopulationError> {
        let cells = self.cells(study, points, bar)?.into_iter();
        Ok(cells.map(|cells| libm::log10(cells.max(LEAST))).collect())
    }

    fn id(&self, input: usize) -> String {
        self.study.inputs()[input].id.clone()
    }

    /// The living cells at both ends of each number, the others in their middle.
    fn ends(&self) -> Result<AllSwings, Failure> {
        let bar = progress::bar(self.terminal, 2 * self.study.inputs().len() + 1);
        let swings = AllSwings::of(&self.study, |points| self.cells(&self.study, points, &bar))?;
        bar.finish_and_clear();
        Ok(swings)
    }

    fn morris(&self, walks: usize) -> Result<Ranking, Failure> {
        let inputs = self.study.inputs().len();
        let bar = progress::bar(self.terminal, walks * (inputs + 1));
        let effects = morris(inputs, walks, self.seed, |points| {
            self.answers(&self.study, points, &bar)
        })?;
        bar.finish_and_clear();
        let rows = effects.iter().enumerate().map(|(input, effect)| Ranked {
            id: self.id(input),
            measures: vec![effect.size, effect.mean, effect.spread],
        });
        Ok(Ranking {
            title: "Effect over the range of the number (powers of ten)",
            heads: &["effect", "with sign", "spread"],
            rows: rows.collect(),
        })
    }

    fn sobol(&self, count: usize, few: usize) -> Result<Ranking, Failure> {
        let mut screened = self.morris(WALKS)?.rows;
        screened.sort_by(|a, b| b.measures[0].total_cmp(&a.measures[0]));
        let ids: Vec<String> = screened.into_iter().take(few).map(|row| row.id).collect();
        let chosen = self.study.clone().only(ids.iter().map(String::as_str))?;
        let bar = progress::bar(self.terminal, count.saturating_mul(ids.len() + 2));
        let indices = sobol(ids.len(), count, self.seed, |points| {
            self.answers(&chosen, points, &bar)
        })?;
        bar.finish_and_clear();
        let rows = ids.into_iter().zip(indices).map(|(id, index)| {
            let (total, first) = (index.total, index.first);
            let shares = [total.value, total.low, total.high, first.value];
            let measures = shares.map(|share| 100.0 * share).to_vec();
            Ranked { id, measures }
        });
        Ok(Ranking {
            title: "Share of the variance of the logarithm (%)",
            heads: &["total %", "from", "to", "alone %"],
            rows: rows.collect(),
        })
    }

    fn prcc(&self, draws: usize) -> Result<Ranking, Failure> {
        let inputs = self.study.inputs().len();
        let points = latin_hypercube(draws, inputs, self.seed)?;
        let bar = progress::bar(self.terminal, draws);
        let answers = self.answers(&self.study, &points, &bar)?;
        bar.finish_and_clear();
        let found = prcc(&points, &answers)?.into_iter().enumerate();
        let rows = found.map(|(input, correlation)| Ranked {
            id: self.id(input),
            measures: vec![correlation],
        });
        Ok(Ranking {
            title: "Partial rank correlation (size)",
            heads: &["correlation"],
            rows: rows.collect(),
        })
    }
}

impl Ranking {
    /// For people: the first rows, with the living cells at both ends of the number.
    fn to_table(&self, top: usize, ends: &AllSwings) -> TextTable {
        let heads = ["parameter"].iter().chain(self.heads);
        let mut table =
            TextTable::new(heads.chain(&["cells, low end", "cells, high end"]).copied());
        for row in self.rows.iter().take(top) {
            let measures = row.measures.iter().map(|value| format!("{value:.3}"));
            let ends = ends.row(&row.id).map(|ends| [ends.low, ends.high]);
            let ends = ends.into_iter().flatten().map(|end| cells(end.answer));
            let line = [row.id.clone()].into_iter().chain(measures);
            table.row(line.chain(ends));
        }
        table
    }

    /// For programs: all rows and digits, and what the ends are.
    fn to_csv(&self, ends: &AllSwings) -> String {
        let more = ["low end", "cells, low end", "high end", "cells, high end"];
        let mut table =
            TextTable::new(["parameter"].iter().chain(self.heads).chain(&more).copied());
        for row in &self.rows {
            let ends = ends.row(&row.id).map(|ends| [ends.low, ends.high]);
            let ends = ends.into_iter().flatten();
            let numbers = row.measures.iter().copied();
            let numbers = numbers.chain(ends.flat_map(|end| [end.number, end.answer]));
            let line = [row.id.clone()].into_iter();
            table.row(line.chain(numbers.map(|number| number.to_string())));
        }
        table.to_csv()
    }
}
