//! `biodist population`: what the uncertain numbers make of the answer.

use std::path::PathBuf;

use biodist::plot::{self, BandLine, BandPanel, Bands, Scale};
use biodist::population::{Band, Study, bands};
use biodist::prelude::{Scenario, Time};
use biodist::report::{TextTable, telling_times};
use clap::Args;

use crate::failure::Failure;
use crate::output::Folder;
use crate::places::{Living, cells, plain};
use crate::terminal::Terminal;
use crate::{describe, input, interrupt, progress, quantities};

/// Draw the uncertain numbers many times: medians and 95 % intervals of the living cells
#[derive(Args)]
pub struct Population {
    /// Scenario
    #[arg(value_name = "SCENARIO.toml")]
    file: PathBuf,
    /// How many draws, 40 (the least for a 95 % interval) to 100000
    #[arg(long, default_value_t = 200, value_name = "COUNT", value_parser = quantities::between::<40, 100_000>)]
    draws: usize,
    /// Seed: the same seed gives the same draws
    #[arg(long, default_value_t = 1, allow_negative_numbers = true)]
    seed: u64,
    /// Places, as in lung,heart,body; without it those that hold most
    #[arg(long, value_name = "ORGANS", value_delimiter = ',')]
    organ: Vec<String>,
    /// Times of the table, as in 1h,24h,3d
    #[arg(long, value_name = "TIMES", value_delimiter = ',', allow_hyphen_values = true, value_parser = quantities::time)]
    at: Vec<Time>,
    /// Print CSV, for a spreadsheet
    #[arg(long)]
    csv: bool,
    /// Folder for the table (CSV) and a picture of each place (SVG)
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// How many places are shown when none are asked for.
const PLACES: usize = 6;
/// Times of a picture.
const POINTS: usize = 60;

/// Bands at the times of the table, then at those of the pictures, place by place.
struct Drawn {
    places: Vec<Living>,
    times: Vec<Time>,
    grid: Vec<Time>,
    bands: Vec<Band>,
}

impl Population {
    pub fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let scenario = input::scenario(&self.file)?;
        let study = Study::of(&scenario)?.with_token(interrupt::token().clone());
        let drawn = self.draw(terminal, &scenario, &study)?;
        if self.csv {
            terminal.print(drawn.to_table().to_csv())?;
        } else {
            terminal.heading(describe::title(&scenario))?;
            terminal.line(format_args!(
                "living cells: median (95 % interval of {} draws of {} uncertain numbers, seed {})\n",
                self.draws,
                study.inputs().len(),
                self.seed
            ))?;
            terminal.table(&drawn.to_text())?;
            terminal.note("uncertainty of the typical subject, not variability between subjects");
            terminal.note(drawn.error_in_words(self.draws));
        }
        if let Some(folder) = &self.out {
            let folder = Folder::make(terminal, folder)?;
            folder.write("bands.csv", drawn.to_table().to_csv())?;
            for place in 0..drawn.places.len() {
                let name = format!("band_{}.svg", drawn.places[place].name);
                folder.write(&name, drawn.picture(place, &scenario)?)?;
            }
        }
        Ok(())
    }

    fn draw(
        &self,
        terminal: &Terminal,
        scenario: &Scenario,
        study: &Study,
    ) -> Result<Drawn, Failure> {
        let middle = scenario.simulate()?;
        let places = Living::chosen(&middle, &self.organ, PLACES)?;
        let times = match self.at.is_empty() {
            true => telling_times(scenario),
            false => self.at.clone(),
        };
        let grid = match self.out {
            Some(_) => grid(scenario.until),
            None => vec![],
        };
        for time in &times {
            middle.trajectory.at(time.value())?;
        }
        let bar = progress::bar(terminal, self.draws);
        let answers = study.draw(self.draws, self.seed, |run| {
            let mut row = vec![];
            for time in times.iter().chain(&grid) {
                for place in &places {
                    row.push(place.at(run, *time)?);
                }
            }
            bar.inc(1);
            Ok(row)
        })?;
        bar.finish_and_clear();
        let bands = bands(&answers)?;
        Ok(Drawn {
            places,
            times,
            grid,
            bands,
        })
    }
}

/// From a minute to the end in equal ratios.
fn grid(end: Time) -> Vec<Time> {
    let first = (1.0_f64 / 60.0).min(0.01 * end.value());
    let ratio = end.value() / first;
    let times = (0..POINTS).map(|k| {
        let share = k as f64 / (POINTS - 1) as f64;
        Time::new((first * libm::pow(ratio, share)).min(end.value()))
    });
    times.collect()
}

impl Drawn {
    /// The band of a place at a time, both by number; times of the pictures stand behind those of the table.
    fn band(&self, time: usize, place: usize) -> Band {
        self.bands[time * self.places.len() + place]
    }

    fn to_text(&self) -> TextTable {
        let heads = self.times.iter().map(ToString::to_string);
        let mut table = TextTable::new([String::new()].into_iter().chain(heads));
        for (place, living) in self.places.iter().enumerate() {
            let bands = (0..self.times.len()).map(|time| {
                let Band {
                    low, middle, high, ..
                } = self.band(time, place);
                format!("{} ({} to {})", cells(middle), cells(low), cells(high))
            });
            table.row([plain(&living.name)].into_iter().chain(bands));
        }
        table
    }

    /// By what factor the ends of the intervals could differ with other draws, at most.
    fn error_in_words(&self, draws: usize) -> String {
        let shown = (0..self.times.len()).flat_map(|time| {
            let places = 0..self.places.len();
            places.map(move |place| (time, place))
        });
        let mut worst: Option<(f64, usize, usize)> = None;
        for (time, place) in shown {
            let band = self.band(time, place);
            for within in [band.low_within, band.high_within] {
                let [Some(from), Some(to)] = within else {
                    let least = Band::LEAST_DRAWS_OF_ERRORS;
                    return format!(
                        "{draws} draws do not bound the error of the ends of the intervals: draw {least} or more"
                    );
                };
                let factor = to / from;
                // Fewer cells than one have no ends to speak of.
                if to >= 1.0 && worst.is_none_or(|(most, ..)| factor > most) {
                    worst = Some((factor, time, place));
                }
            }
        }
        match worst {
            None => "all of it is less than one cell".to_string(),
            Some((factor, time, place)) => format!(
                "ends of intervals drawn anew lie within a factor of {} (95 %; the widest: {} at {}); more draws narrow it",
                cells(factor),
                plain(&self.places[place].name),
                self.times[time]
            ),
        }
    }

    fn to_table(&self) -> TextTable {
        let errors = ["low_from", "low_to", "high_from", "high_to"];
        let heads = ["time_h", "place", "low", "middle", "high"];
        let mut table = TextTable::new(heads.into_iter().chain(errors));
        for (number, time) in self.times.iter().chain(&self.grid).enumerate() {
            for (place, living) in self.places.iter().enumerate() {
                let band = self.band(number, place);
                let numbers = [band.low, band.middle, band.high].map(|n| n.to_string());
                let head = [time.value().to_string(), living.name.clone()];
                let errors = [band.low_within, band.high_within].concat();
                let errors = errors
                    .iter()
                    .map(|end| end.map_or(String::new(), |n| n.to_string()));
                table.row(head.into_iter().chain(numbers).chain(errors));
            }
        }
        table
    }

    fn picture(&self, place: usize, scenario: &Scenario) -> Result<String, Failure> {
        let values = self.grid.iter().enumerate().map(|(index, time)| {
            let band = self.band(self.times.len() + index, place);
            (time.value(), [band.low, band.middle, band.high])
        });
        let line = BandLine::new("median and 95 % interval", values);
        Ok(plot::bands(&Bands {
            title: format!("Living cells: {}", plain(&self.places[place].name)),
            subtitle: describe::title(scenario),
            y: "Living cells".to_string(),
            time: Scale::Log,
            values: Scale::Log,
            panels: vec![BandPanel {
                title: String::new(),
                lines: vec![line],
            }],
        })?)
    }
}
