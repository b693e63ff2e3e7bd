//! `biodist compare`: living cells of several scenarios side by side.

use std::path::PathBuf;

use biodist::Run;
use biodist::plot::{BarRow, Bars, Scale, bars};
use biodist::prelude::{Scenario, Time};
use biodist::report::{TextTable, telling_times};
use biodist::solver::Options;
use clap::Args;

use crate::describe;
use crate::failure::Failure;
use crate::input::Input;
use crate::interrupt;
use crate::output::Folder;
use crate::places::{BODY, Living, cells, plain};
use crate::quantities;
use crate::terminal::Terminal;

/// Compare scenarios: living cells side by side
#[derive(Args)]
pub struct Compare {
    /// Scenarios, two or more
    #[arg(required = true, num_args = 2.., value_name = "SCENARIO.toml")]
    files: Vec<PathBuf>,
    /// Times, as in 1h,24h,3d
    #[arg(long, value_name = "TIMES", value_delimiter = ',', allow_hyphen_values = true, value_parser = quantities::time)]
    at: Vec<Time>,
    /// Places, as in lung,heart,body; without it those that hold most
    #[arg(long, value_name = "ORGANS", value_delimiter = ',')]
    organ: Vec<String>,
    /// Print CSV, for a spreadsheet
    #[arg(long)]
    csv: bool,
    /// Folder for the table (CSV) and a picture of each time (SVG)
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// How many places are shown when none are asked for.
const PLACES: usize = 8;

struct Compared {
    names: Vec<String>,
    titles: Vec<String>,
    rows: Vec<Row>,
}

/// Time, place, and living cells in each scenario; none where it has no such place.
type Row = (Time, String, Vec<Option<f64>>);

impl Compare {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let compared = self.compare()?;
        match self.csv {
            true => terminal.print(compared.long().to_csv())?,
            false => compared.print(terminal)?,
        }
        if let Some(folder) = &self.out {
            let folder = Folder::make(terminal, folder)?;
            folder.write("compare.csv", compared.long().to_csv())?;
            for rows in compared.by_time() {
                let time = rows[0].0.to_string().replace(' ', "_");
                folder.write(&format!("after_{time}.svg"), compared.picture(rows)?)?;
            }
        }
        Ok(())
    }

    fn compare(&self) -> Result<Compared, Failure> {
        let mut runs = vec![];
        let (mut names, mut titles) = (vec![], vec![]);
        for file in &self.files {
            let input = Input::read(file)?;
            let scenario = input.scenario()?;
            let run = scenario.simulate_with_token(&Options::default(), interrupt::token());
            runs.push(run.map_err(|error| Failure::from(error).of(&input.name))?);
            names.push(short_name(file, &names));
            titles.push(describe::title(&scenario));
        }
        let scenarios = runs.iter().map(|run| &run.model.scenario);
        let times = match self.at.is_empty() {
            true => common_times(scenarios),
            false => self.at.clone(),
        };
        let mut rows = vec![];
        let places = self.places(&runs)?;
        for time in times {
            for place in &places {
                rows.push((time, place.clone(), living(&runs, place, time)?));
            }
        }
        Ok(Compared {
            names,
            titles,
            rows,
        })
    }

    /// The places that were asked for, or those that hold most in any of the runs.
    fn places(&self, runs: &[Run]) -> Result<Vec<String>, Failure> {
        if !self.organ.is_empty() {
            return Ok(self.organ.clone());
        }
        let mut places: Vec<String> = vec![];
        for run in runs {
            for living in Living::chosen(run, &[], PLACES)? {
                if living.name != BODY && !places.contains(&living.name) {
                    places.push(living.name);
                }
            }
        }
        places.push(BODY.to_string());
        Ok(places)
    }
}

/// Living cells of a place in each run; none where a run has no such place. One of them must have it.
fn living(runs: &[Run], place: &str, time: Time) -> Result<Vec<Option<f64>>, Failure> {
    let mut values = vec![];
    let mut unknown = None;
    for run in runs {
        match Living::of(run, place) {
            Ok(living) => values.push(Some(living.at(run, time)?)),
            Err(error) => {
                values.push(None);
                unknown = Some(error);
            }
        }
    }
    match unknown {
        Some(error) if values.iter().all(Option::is_none) => Err(error),
        _ => Ok(values),
    }
}

/// Times that all scenarios reach.
fn common_times<'a>(scenarios: impl Iterator<Item = &'a Scenario>) -> Vec<Time> {
    let shortest = scenarios.min_by(|a, b| a.until.value().total_cmp(&b.until.value()));
    shortest.map_or(vec![], telling_times)
}

/// The name of a file without folder and ending, made unlike the others.
fn short_name(file: &std::path::Path, taken: &[String]) -> String {
    let stem = file
        .file_stem()
        .map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    match taken.contains(&stem) {
        true => format!("{stem} ({})", taken.len() + 1),
        false => stem,
    }
}

impl Compared {
    fn print(&self, terminal: &Terminal) -> Result<(), Failure> {
        for (name, title) in self.names.iter().zip(&self.titles) {
            terminal.line(format_args!("{name}: {title}"))?;
        }
        for rows in self.by_time() {
            let mut heads = vec!["living cells".to_string()];
            heads.extend(self.names.iter().cloned());
            if self.names.len() == 2 {
                heads.push("second : first".to_string());
            }
            let mut table = TextTable::new(heads);
            for (_, place, values) in rows {
                let shown = |value: &Option<f64>| value.map_or("-".to_string(), cells);
                let mut row = vec![plain(place)];
                row.extend(values.iter().map(shown));
                if let [Some(first), Some(second)] = values[..] {
                    row.push(ratio(first, second));
                }
                table.row(row);
            }
            terminal.heading(format_args!("\nAfter {}", rows[0].0))?;
            terminal.table(&table)?;
        }
        Ok(())
    }

    /// The rows of each time; none is empty.
    fn by_time(&self) -> impl Iterator<Item = &[Row]> {
        self.rows.chunk_by(|a, b| a.0 == b.0)
    }

    fn long(&self) -> TextTable {
        let mut table = TextTable::new(["time_h", "place", "scenario", "living_cells"]);
        for (time, place, values) in &self.rows {
            for (name, value) in self.names.iter().zip(values) {
                if let Some(value) = value {
                    let (time, value) = (time.value().to_string(), value.to_string());
                    table.row([&time, place, name, &value].map(String::clone));
                }
            }
        }
        table
    }

    fn picture(&self, rows: &[Row]) -> Result<String, Failure> {
        let bar = |(_, place, values): &Row| {
            let values: Vec<f64> = values.iter().map(|value| value.unwrap_or(0.0)).collect();
            BarRow::new(plain(place), values)
        };
        Ok(bars(&Bars {
            title: format!("Living cells after {}", rows[0].0),
            subtitle: self.titles.join(" | "),
            axis: "Living cells".to_string(),
            scale: Scale::Log,
            series: self.names.iter().map(|name| plain(name)).collect(),
            rows: rows.iter().map(bar).collect(),
        })?)
    }
}

/// How many times as many; nothing where there is nothing to compare with.
fn ratio(first: f64, second: f64) -> String {
    match first > 0.0 {
        true => cells(second / first),
        false => "-".to_string(),
    }
}
