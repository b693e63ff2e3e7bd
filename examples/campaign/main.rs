//! A campaign against the promises of the crate: random scenarios, random networks and spoiled files.
//!
//! ```text
//! cargo run --release --example campaign -- --minutes 60 --seed 1
//! cargo run --release --example campaign -- --file target/campaign/scenario-1-17.toml
//! ```
//!
//! Options: `--minutes M` (60), `--seed N` (1), `--scenarios N` (100000), `--networks N` (100000), `--files N`
//! (1000000), `--out FOLDER` (target/campaign). It ends when all are done or the time is over. A case depends on
//! the seed and its number alone.
//!
//! Every case must run and keep the promises of its kind (`runs.rs`, `networks.rs`, `files.rs`), or end in a typed
//! error with a message: no panic, no number that is none, no cell lost, nothing below zero, the same bits in the
//! lanes of an ensemble. Inputs that fail are kept in the folder as files, as they were (`scenario-SEED-CASE.toml`)
//! and without what the fault does not need (`scenario-SEED-CASE.small.toml`); `faults.txt` says what was wrong.
//! Exit code 1 if there was any.

mod files;
mod networks;
mod random;
mod runs;
mod scenarios;
mod shrink;
mod table;
mod verdict;

use std::cell::RefCell;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use random::Random;
use scenarios::Choices;
use table::Table;
use verdict::Verdict;

/// A case that takes longer is counted as slow.
const SLOW: Duration = Duration::from_secs(5);
/// A case that takes longer ends the campaign.
const HANGS: Duration = Duration::from_secs(300);

struct Arguments {
    minutes: f64,
    seed: u64,
    /// Scenarios, networks, files.
    counts: [u64; 3],
    out: PathBuf,
    file: Option<PathBuf>,
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let mut asked = Arguments {
        minutes: 60.0,
        seed: 1,
        counts: [100_000, 100_000, 1_000_000],
        out: PathBuf::from("target/campaign"),
        file: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or(format!("{word} needs a value"))?;
        match word.as_str() {
            "--minutes" => asked.minutes = value.parse()?,
            "--seed" => asked.seed = value.parse()?,
            "--scenarios" => asked.counts[0] = value.parse()?,
            "--networks" => asked.counts[1] = value.parse()?,
            "--files" => asked.counts[2] = value.parse()?,
            "--out" => asked.out = value.into(),
            "--file" => asked.file = Some(value.into()),
            other => return Err(format!("no option {other}").into()),
        }
    }
    Ok(asked)
}

/// A case as it is kept in a file.
struct Case {
    sort: &'static str,
    ending: &'static str,
    text: String,
    check: fn(&str) -> Verdict,
}

impl Case {
    /// The case of a number among those of its kind: scenarios, networks, files.
    fn of(kind: usize, seed: u64, number: u64, choices: &[Choices]) -> Self {
        let mut random = Random::of(seed, 3 * number + kind as u64);
        let case = |sort, ending, text, check| Self {
            sort,
            ending,
            text,
            check,
        };
        match kind {
            0 => {
                let scenario = scenarios::draw(choices, &mut random);
                case(
                    "scenario",
                    "toml",
                    scenario.to_toml().unwrap_or_default(),
                    runs::check,
                )
            }
            1 => case(
                "network",
                "json",
                networks::draw(&mut random),
                networks::check,
            ),
            _ => {
                let sort = random.pick(&files::SORTS);
                case(
                    sort.name,
                    sort.ending,
                    files::draw(sort, &mut random),
                    sort.check,
                )
            }
        }
    }

    /// One that was kept, by the name of its file.
    fn kept(path: &Path) -> Result<Self, Box<dyn Error>> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(path)?;
        let case = |sort, ending, check| Self {
            sort,
            ending,
            text: text.clone(),
            check,
        };
        let files = files::SORTS.iter();
        let mut files = files.map(|sort| case(sort.name, sort.ending, sort.check));
        let found = files.find(|case| name.starts_with(case.sort));
        Ok(found.unwrap_or_else(|| match name.ends_with("json") {
            true => case("network", "json", networks::check),
            false => case("scenario", "toml", runs::check),
        }))
    }

    fn judge(&self) -> Verdict {
        judged(self.check, &self.text)
    }

    /// The text without what the same fault does not need.
    fn small(&self, fault: &str) -> String {
        let stays = |text: &str| matches!(judged(self.check, text), Verdict::Fault(other) if table::kind(&other) == table::kind(fault));
        let json = serde_json::from_str(&self.text).ok();
        let toml = || toml::from_str::<serde_json::Value>(&self.text).ok();
        let toml_text = |tree: &serde_json::Value| toml::to_string(tree).unwrap_or_default();
        match self.sort {
            "scenario" => {
                toml().map(|tree| toml_text(&shrink::tree(tree, &|t| stays(&toml_text(t)))))
            }
            "network" => {
                json.map(|tree| format!("{:#}", shrink::tree(tree, &|t| stays(&t.to_string()))))
            }
            _ => None,
        }
        .unwrap_or_else(|| shrink::text(&self.text, &stays))
    }
}

thread_local! {
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A panic is a fault.
fn judged(check: fn(&str) -> Verdict, text: &str) -> Verdict {
    catch_unwind(AssertUnwindSafe(|| check(text)))
        .unwrap_or_else(|_| Verdict::Fault(PANIC.with_borrow(Clone::clone)))
}

/// The input that runs now, by its name, for the watch.
type Now = Arc<Mutex<Option<(String, String)>>>;

/// Ends the campaign if a case hangs, with its input kept. It counts its own looks, since a machine may sleep.
fn watch(now: Now, out: PathBuf) {
    let pause = Duration::from_secs(5);
    std::thread::spawn(move || {
        let (mut last, mut looks) = (String::new(), 0);
        loop {
            std::thread::sleep(pause);
            let Ok(now) = now.lock() else { return };
            let Some((name, text)) = &*now else { continue };
            looks = if *name == last { looks + 1 } else { 0 };
            last.clone_from(name);
            if looks * pause > HANGS {
                let _ = fs::write(out.join(name), text);
                eprintln!("{name} hangs");
                std::process::exit(2);
            }
        }
    });
}

/// Time that this thread had a processor, where the system says so: others may be at work.
fn worked() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// Keeps an input and what it shows.
fn keep(out: &Path, name: &str, case: &Case, fault: &str, shrinks: bool) -> std::io::Result<()> {
    fs::write(out.join(format!("{name}.{}", case.ending)), &case.text)?;
    if shrinks {
        let path = out.join(format!("{name}.small.{}", case.ending));
        fs::write(path, case.small(fault))?;
    }
    let mut faults = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(out.join("faults.txt"))?;
    writeln!(faults, "{name}: {}", fault.replace('\n', " "))
}

/// The verdict, and whether it took long.
fn judged_in_time(case: &Case) -> (Verdict, bool) {
    let (begin, before) = (Instant::now(), worked());
    let verdict = case.judge();
    let took = match (before, worked()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => begin.elapsed(),
    };
    (verdict, took > SLOW)
}

/// What is said of an input that is kept, and whether a smaller one is looked for: some of each kind of fault,
/// slow ones, and a few that the integrator gives up.
fn worth_keeping(
    table: &Table,
    case: &Case,
    verdict: &Verdict,
    slow: bool,
) -> Option<(String, bool)> {
    match verdict {
        Verdict::Fault(fault) => {
            let seen = table.seen(case.sort, fault);
            (seen < 5).then(|| (fault.clone(), seen == 0))
        }
        Verdict::Refused(error) if error.starts_with("run: ") => {
            let few = table.refused(case.sort, error) < 3;
            few.then(|| (format!("refused, {error}"), false))
        }
        _ => slow.then(|| ("slow".to_string(), false)),
    }
}

fn campaign(asked: &Arguments) -> Result<Table, Box<dyn Error>> {
    fs::create_dir_all(&asked.out)?;
    let choices = Choices::of_every_species()?;
    let now: Now = Arc::default();
    watch(now.clone(), asked.out.clone());
    let (start, mut told) = (Instant::now(), Instant::now());
    let mut table = Table::default();
    let mut done = [0_u64; 3];
    while start.elapsed().as_secs_f64() < 60.0 * asked.minutes {
        // The kind that is furthest behind.
        let left = |kind: &usize| done[*kind] < asked.counts[*kind];
        let share = |kind: &usize| done[*kind] as f64 / asked.counts[*kind] as f64;
        let kinds = (0..3).filter(left);
        let Some(kind) = kinds.min_by(|a, b| share(a).total_cmp(&share(b))) else {
            break;
        };
        let number = done[kind];
        done[kind] += 1;
        let case = Case::of(kind, asked.seed, number, &choices);
        let name = format!("{}-{}-{number}", case.sort, asked.seed);
        if let Ok(mut now) = now.lock() {
            *now = Some((format!("{name}.{}", case.ending), case.text.clone()));
        }
        let (verdict, slow) = judged_in_time(&case);
        if let Ok(mut now) = now.lock() {
            *now = None;
        }
        if let Some((what, shrinks)) = worth_keeping(&table, &case, &verdict, slow) {
            keep(&asked.out, &name, &case, &what, shrinks)?;
        }
        table.count(case.sort, &verdict, slow);
        if told.elapsed().as_secs() >= 60 {
            told = Instant::now();
            eprintln!("{done:?} of {:?}, {} faults", asked.counts, table.faults());
        }
    }
    Ok(table)
}

fn run() -> Result<bool, Box<dyn Error>> {
    let asked = arguments()?;
    std::panic::set_hook(Box::new(|info| {
        PANIC.with_borrow_mut(|said| *said = format!("panic: {info}").replace('\n', " "));
    }));
    if let Some(file) = &asked.file {
        let verdict = Case::kept(file)?.judge();
        let (said, fails) = match verdict {
            Verdict::Fine => ("fine".to_string(), false),
            Verdict::Refused(error) => (format!("refused, {error}"), false),
            Verdict::Fault(fault) => (fault, true),
        };
        println!("{said}");
        return Ok(fails);
    }
    let table = campaign(&asked)?;
    println!(
        "seed {}, faults kept in {}\n\n{table}",
        asked.seed,
        asked.out.display()
    );
    Ok(table.faults() > 0)
}

fn main() -> ExitCode {
    match run() {
        Ok(false) => ExitCode::SUCCESS,
        Ok(true) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
