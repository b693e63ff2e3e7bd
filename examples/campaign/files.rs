//! Files as people have them, spoiled, and all parsers.

use biodist::evidence::Evidence;
use biodist::fit::Fit;
use biodist::network::NetworkFile;
use biodist::observation::{Observed, Value};
use biodist::prelude::*;
use biodist::scenario::DosingTable;

use crate::random::Random;
use crate::verdict::{Verdict, refused};

/// What a file is.
#[derive(Clone, Copy)]
pub struct Sort {
    pub name: &'static str,
    pub ending: &'static str,
    pub check: fn(&str) -> Verdict,
    seeds: &'static [&'static str],
}

pub const SORTS: [Sort; 6] = [
    Sort {
        name: "file-scenario",
        ending: "toml",
        check: scenario,
        seeds: &[
            include_str!("../scenarios/human_cirrhosis.toml"),
            include_str!("../scenarios/human_repeated.toml"),
            include_str!("../scenarios/human_two_products.toml"),
            include_str!("../scenarios/mouse_endogenous.toml"),
            include_str!("../scenarios/mouse_tumour.toml"),
            include_str!("../scenarios/mouse_vasodilator.toml"),
        ],
    },
    Sort {
        name: "file-network",
        ending: "json",
        check: network,
        seeds: &[NETWORK, include_str!("../../tests/data/whole_body.json")],
    },
    Sort {
        name: "file-evidence",
        ending: "toml",
        check: evidence,
        seeds: &[include_str!("../measurements.toml"), EXPERIMENT],
    },
    Sort {
        name: "file-fit",
        ending: "toml",
        check: fit,
        seeds: &[include_str!("../experiments/depot.toml")],
    },
    Sort {
        name: "file-dosing",
        ending: "csv",
        check: dosing,
        seeds: &DOSING,
    },
    Sort {
        name: "file-observed",
        ending: "csv",
        check: observed,
        seeds: &OBSERVED,
    },
];

const NETWORK: &str = r#"{"name": "a bed", "units": {"amount": "cells", "time": "h"},
"pools": ["blood", "lodged", "remains"], "initial": {"blood": 1500},
"parameters": {"turnover": 20, "room": 1000, "release": 0.5, "death": 0.13},
"transfers": [
{"id": "in", "from": "blood", "to": "lodged", "law": "capacity", "parameter": "turnover", "occupant": "lodged", "capacity": "room"},
{"id": "out", "from": "lodged", "to": "blood", "law": "linear", "parameter": "release"},
{"id": "eaten", "from": "lodged", "to": "remains", "law": "michaelis_menten", "vmax": "death", "km": "room"},
{"id": "death", "from": "blood", "to": "remains", "law": "blocked", "parameter": "death", "load": ["lodged"], "half": "room"}],
"times": [0, 0.01, 0.1, 1, 10, 100]}"#;

const EXPERIMENT: &str = r#"[[experiment]]
name = "beating heart"
source = "made up"

[experiment.scenario]
until = "8 d"
host = { species = "rat", weight = "250 g" }
doses = [{ amount = "2 million cells", product = "rat_msc", route = "intramyocardial" }]

[[experiment.data]]
name = "in the heart after an hour, % of dose"
found = { value = 21.0 }
error = { cv = 0.2 }
measure = { what = "cells", places = ["heart"], content = "all", time = "1 h", percent_dose = true }
split = "calibration"

[[experiment.data]]
name = "living in the heart after 3 days, % of dose"
found = { between = [2.0, 5.0] }
error = { gsd = 1.3 }
measure = { what = "cells", places = ["heart"], content = "viable", time = "3 d", percent_dose = true }
split = "validation"

[[experiment.data]]
name = "living in the heart after a week"
found = { positive = { animals = 2, of = 8, limit = 10000.0 } }
error = { gsd = 2.0 }
measure = { what = "cells", places = ["heart"], content = "viable", time = "7 d" }
split = "calibration"
"#;

const DOSING: [&str; 4] = [
    "ID,TIME,AMT,EVID,RATE,DUR,ADDL,II,ROUTE,PRODUCT,SS\n1,0,1e6,1,.,0.5,2,24,intravenous,mouse_msc,0\n1,24,.,0,.,.,.,.,.,.,.\n2,0,5e5,1,.,.,.,.,intravenous,mouse_msc,.\n",
    "TIME,AMT\n0,1e6\n12,1e6\n",
    "ID;TIME;AMT;RATE\na;0;5e5;1e6\nb;1;5e5;0\n",
    "# a comment\nsep=;\nID;TIME;AMT\n1;0,5;5e5\n1;NA;.\n",
];

const OBSERVED: [&str; 3] = [
    "time_h,organ,value,unit,assay,label,id\n1,lung,50,%ID,counter,indium_111_oxine,1\n24,liver,1e4,cells,,,1\n",
    "time_h;organ;value\n1;bone marrow;3\n2;lung;0,5\n",
    "time_h\torgan\tvalue\tunit\n0.5\tspleen\t7\tcells/g\n",
];

/// What is put in the place of numbers and words.
const ODD: [&str; 36] = [
    "nan",
    "NaN",
    "inf",
    "-inf",
    "-1",
    "0",
    "-0",
    "1e308",
    "1e999",
    "5e-324",
    "1e-30",
    "1e18",
    "18446744073709551616",
    "99999999999999999999999999",
    "0x10",
    "1_000",
    "1,5",
    ".",
    "",
    "NA",
    "null",
    "true",
    "\"\"",
    "''",
    "[]",
    "{}",
    "\"10 min\"",
    "1979-05-27T07:32:00Z",
    "\u{0}",
    "\u{feff}",
    "\u{1b}[31m",
    "=1+1",
    "Ä\u{301}",
    "\u{202e}",
    "💉",
    "../../x",
];

/// A file of the sort, spoiled once or several times.
pub fn draw(sort: &Sort, random: &mut Random) -> String {
    // Large ones seldom: they take most of the time.
    let small = random.chance(0.97);
    let seeds: Vec<&str> = sort
        .seeds
        .iter()
        .copied()
        .filter(|seed| !small || seed.len() < 4_000)
        .collect();
    let mut text = random.pick(&seeds).to_string();
    let times = if random.chance(0.6) {
        1
    } else {
        random.whole(2, 5)
    };
    for _ in 0..times {
        let other = *random.pick(&seeds);
        text = spoil(&text, other, random);
    }
    text
}

/// A span of bytes that begins and ends between characters.
fn span(text: &str, longest: usize, random: &mut Random) -> std::ops::Range<usize> {
    let cut = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = cut(random.whole(0, text.len()));
    let end = cut((start + random.whole(0, longest)).min(text.len()));
    start..end.max(start)
}

/// The words of a text: what stands between separators.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = vec![];
    let mut start = None;
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+' | '%');
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (inner(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn spoil(text: &str, other: &str, random: &mut Random) -> String {
    let mut text = text.to_string();
    let words = words(&text);
    let odd = *random.pick(&ODD);
    match random.whole(0, 11) {
        0..=3 if !words.is_empty() => {
            let word = random.pick(&words).clone();
            text.replace_range(word, odd);
        }
        4 if !words.is_empty() => {
            // A word of the file in the place of another.
            let (to, from) = (random.pick(&words).clone(), random.pick(&words).clone());
            let word = text[from].to_string();
            text.replace_range(to, &word);
        }
        5 => text.replace_range(span(&text, 30, random), ""),
        6 => {
            let piece = text[span(&text, 200, random)].repeat(random.whole(1, 3));
            text.insert_str(span(&text, 0, random).start, &piece);
        }
        7 => text.insert_str(span(&text, 0, random).start, odd),
        8 => text.truncate(span(&text, 0, random).start),
        9 => {
            let mut lines: Vec<&str> = text.split('\n').collect();
            let (a, b) = (
                random.whole(0, lines.len() - 1),
                random.whole(0, lines.len() - 1),
            );
            lines.swap(a, b);
            text = lines.join("\n");
        }
        10 => {
            let place = span(&text, 0, random).start;
            text.insert_str(place, &other[span(other, 300, random)]);
        }
        _ => {
            let marks = [
                ",", ";", "\t", "\"", "=", "[", "]", "{", "}", "\n", "\r\n", " ", ":", ".",
            ];
            let (from, to) = (*random.pick(&marks), *random.pick(&marks));
            text = match random.chance(0.5) {
                true => text.replace(from, to),
                false => text.replacen(from, to, 1),
            };
        }
    }
    text
}

fn scenario(text: &str) -> Verdict {
    match Scenario::from_toml(text) {
        Err(error) => refused("read", &error),
        Ok(scenario) => match scenario.check() {
            Err(error) => refused("check", &error),
            Ok(()) => match scenario.to_toml().map(|text| Scenario::from_toml(&text)) {
                Ok(Ok(again)) if again == scenario => Verdict::Fine,
                _ => Verdict::Fault("written and read, it is another scenario".to_string()),
            },
        },
    }
}

fn network(text: &str) -> Verdict {
    match NetworkFile::from_json(text) {
        Err(error) => refused("read", &error),
        Ok(file) => match file.network() {
            Err(error) => refused("network", &error),
            Ok(_) => match NetworkFile::from_json(&file.to_json()) {
                Ok(again) if again == file => Verdict::Fine,
                _ => Verdict::Fault("written and read, it is another network".to_string()),
            },
        },
    }
}

fn evidence(text: &str) -> Verdict {
    match Evidence::from_toml(text) {
        Err(error) => refused("read", &error),
        Ok(_) => Verdict::Fine,
    }
}

fn fit(text: &str) -> Verdict {
    match Fit::from_toml(text, vec![]) {
        Err(error) => refused("read", &error),
        Ok(_) => Verdict::Fine,
    }
}

fn dosing(text: &str) -> Verdict {
    let table = match DosingTable::from_csv(text) {
        Err(error) => return refused("read", &error),
        Ok(table) => table,
    };
    let like = Scenario::new(Host::mouse(25.g()))
        .dose(Dose::new(5e5.cells(), Product::new("mouse_msc")))
        .until(2.days());
    let scenarios = match table.scenarios(&like) {
        Err(error) => return refused("scenarios", &error),
        Ok(scenarios) => scenarios,
    };
    for (_, scenario) in scenarios {
        if let Err(error) = scenario.check() {
            return refused("check", &error);
        }
    }
    Verdict::Fine
}

/// What was found, or the limit below which nothing was.
fn amount(value: Value) -> f64 {
    match value {
        Value::Detected(amount) => amount,
        Value::NotDetected { limit } => limit,
    }
}

fn observed(text: &str) -> Verdict {
    match Observed::from_csv(text) {
        Err(error) => refused("read", &error),
        Ok(table) => match table
            .rows()
            .iter()
            .find(|row| !amount(row.value).is_finite())
        {
            None => Verdict::Fine,
            Some(row) => Verdict::Fault(format!("a value is {}", amount(row.value))),
        },
    }
}
