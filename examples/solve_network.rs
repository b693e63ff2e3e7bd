//! Integrates any network in the JSON form of `docs/network-format.md`.
//!
//! ```text
//! cargo run --release --example solve_network -- FILE.json [--rtol R] [--atol A] [--repeat N]
//! ```
//!
//! The trajectories go to standard output as CSV: `time` and one column a pool, with every digit.
//! The time per simulation and the step counts go to standard error.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

use biodist::network::{NetworkFile, Schedule};
use biodist::solver::{Integrator, Keep, Options, Trajectory};

const USAGE: &str = "usage: solve_network FILE.json [--rtol R] [--atol A] [--repeat N]";

struct Arguments {
    file: String,
    options: Options,
    repeat: usize,
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let mut file = None;
    let mut options = Options {
        keep: Keep::Outputs,
        ..Options::default()
    };
    let mut repeat = 1;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value; {USAGE}"));
        match word.as_str() {
            "--rtol" => options.rtol = value()?.parse()?,
            "--atol" => options.atol = Some(value()?.parse()?),
            "--repeat" => repeat = value()?.parse::<usize>()?.max(1),
            _ if word.starts_with('-') => {
                return Err(format!("unknown option {word}; {USAGE}").into());
            }
            _ => file = Some(word),
        }
    }
    Ok(Arguments {
        file: file.ok_or(USAGE)?,
        options,
        repeat,
    })
}

fn main() -> ExitCode {
    match solve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn solve() -> Result<(), Box<dyn Error>> {
    let Arguments {
        file,
        options,
        repeat,
    } = arguments()?;
    let text = std::fs::read_to_string(&file).map_err(|e| format!("cannot read {file}: {e}"))?;
    let description = NetworkFile::from_json(&text)?;
    let network = description.network()?;
    if description.times.is_empty() {
        return Err(format!("{file} lists no 'times' at which to report").into());
    }
    let schedule = Schedule::new();
    let mut integrator = Integrator::new(&network)?;
    let clock = Instant::now();
    let mut trajectory = integrator.run(&network, &schedule, &description.times, &options)?;
    for _ in 1..repeat {
        trajectory = integrator.run(&network, &schedule, &description.times, &options)?;
    }
    let seconds = clock.elapsed().as_secs_f64() / repeat as f64;
    write_csv(network.pools(), &trajectory)?;
    let work = trajectory.statistics();
    eprintln!(
        "{:.1} us per simulation, {} pools, {} transfers, {} steps, {} rejected, {} factorisations",
        seconds * 1e6,
        network.pools().len(),
        network.transfers().len(),
        work.steps,
        work.rejected,
        work.factorisations,
    );
    Ok(())
}

fn write_csv(pools: &[String], trajectory: &Trajectory) -> Result<(), csv::Error> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    // Names may need quotes; numbers need none.
    let mut head = csv::Writer::from_writer(&mut out);
    head.write_field("time")?;
    head.write_record(pools)?;
    drop(head);
    for (time, state) in trajectory.times().iter().zip(trajectory.states()) {
        write!(out, "{time:e}")?;
        for amount in state {
            write!(out, ",{amount:e}")?;
        }
        writeln!(out)?;
    }
    Ok(out.flush()?)
}
