//! Promise: every number of the model stands in a table with unit, spread, status and source; the
//! code asks for every row and for nothing else; and the pages made from the tables are current.
//!
//! The tables are read here a second time, as plain CSV, so that the loader is not its own judge.
#![allow(clippy::unwrap_used)] // a test may fail loudly

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use biodist::data;
use biodist::physiology::{Organ, Species};
use biodist::report;

const PARAMETERS: &str = include_str!("../src/data/parameters.csv");
const PHYSIOLOGY: &str = include_str!("../src/data/physiology.csv");
const PRODUCTS: &str = include_str!("../src/data/products.csv");
const ROUTES: &str = include_str!("../src/data/routes.csv");
const LABELS: &str = include_str!("../src/data/labels.csv");
const ASSAYS: &str = include_str!("../src/data/assays.csv");
const CONDITIONS: &str = include_str!("../src/data/conditions.csv");
const PREPARATIONS: &str = include_str!("../src/data/preparations.csv");
/// Laid over the rows of other tables by the calibration.
const FITTED: &str = include_str!("../src/data/fitted.csv");
const EXPERIMENTS: &str = include_str!("../src/evidence/published.toml");
const VARIABILITY: &str = include_str!("../src/data/variability.csv");
const SOURCES: &str = include_str!("../src/data/sources.csv");

/// Every table of numbers with its name.
const TABLES: [(&str, &str); 9] = [
    ("parameters", PARAMETERS),
    ("physiology", PHYSIOLOGY),
    ("products", PRODUCTS),
    ("routes", ROUTES),
    ("labels", LABELS),
    ("assays", ASSAYS),
    ("conditions", CONDITIONS),
    ("preparations", PREPARATIONS),
    ("variability", VARIABILITY),
];

type Row = BTreeMap<String, String>;

/// A table as it is written: each row by the heads of the columns.
fn read(table: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

/// Every row of every table, with the name of its table.
fn rows() -> impl Iterator<Item = (&'static str, Row)> {
    let named = |(name, table)| read(table).into_iter().map(move |row| (name, row));
    TABLES.into_iter().flat_map(named)
}

/// Every `name` of `place.name`.
fn names(table: &str) -> BTreeSet<String> {
    let name = |row: Row| row["id"].split_once('.').unwrap().1.to_string();
    read(table).into_iter().map(name).collect()
}

/// Fails with all that is wrong, one a line.
fn none(wrong: impl IntoIterator<Item = String>) {
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_loader_sees_every_row() {
    let loaded = [
        data::parameters().unwrap().len(),
        data::physiology().unwrap().len(),
        data::products().unwrap().len(),
        data::routes().unwrap().len(),
        data::labels().unwrap().len(),
        data::assays().unwrap().len(),
        data::conditions().unwrap().len(),
        data::preparations().unwrap().len(),
        data::variability().unwrap().len(),
    ];
    assert_eq!(loaded, TABLES.map(|(_, table)| read(table).len()));
    assert_eq!(data::sources().unwrap().len(), read(SOURCES).len());
}

#[test]
fn an_id_stands_once_for_a_species() {
    let mut seen = BTreeSet::new();
    none(rows().filter_map(|(table, row)| {
        let key = (row["id"].clone(), row["species"].clone());
        let known = seen.contains(&key);
        seen.insert(key);
        known.then(|| format!("{table}: {} of {} stands twice", row["id"], row["species"]))
    }));
}

#[test]
fn ids_and_species_are_well_formed() {
    let word = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
    };
    none(rows().filter_map(|(table, row)| {
        let fits = row["id"]
            .split_once('.')
            .is_some_and(|(place, name)| word(place) && name.split('.').all(word));
        let species = row["species"].as_str();
        let known = species == "any" || Species::ALL.contains(&species);
        (!fits || !known).then(|| format!("{table}: {} of {species}", row["id"]))
    }));
}

#[test]
fn conditions_and_preparations_name_what_they_change() {
    let unit_of = |target: &str| {
        let (place, name) = target.split_once('.')?;
        let of = |id: String| {
            let mut found = rows().filter(|(_, row)| row["id"] == id);
            found.next().map(|(_, row)| row["unit"].clone())
        };
        of(format!("{place}.{name}")).or_else(|| of(format!("tissue.{name}")))
    };
    let mut wrong = vec![];
    for row in read(CONDITIONS) {
        let parts: Vec<&str> = row["id"].splitn(3, '.').collect();
        let fits = match parts[2] {
            "begins" | "ends" => row["unit"] == "h",
            target => unit_of(target).is_some_and(|u| row["unit"] == "factor" || row["unit"] == u),
        };
        if !fits {
            wrong.push(format!("{} in {} changes nothing", row["id"], row["unit"]));
        }
    }
    let traits = names(PRODUCTS);
    for row in read(PREPARATIONS) {
        let (_, name) = row["id"].split_once('.').unwrap();
        if !traits.contains(name) && row["id"] != "passage.reference" {
            wrong.push(format!("{} is no trait of cells", row["id"]));
        }
    }
    none(wrong);
}

#[test]
fn rows_of_variability_name_what_differs() {
    let known: BTreeSet<String> = [PHYSIOLOGY, PRODUCTS].into_iter().flat_map(names).collect();
    let own = ["weight", "mass_exponent", "truncation", "least_remainder"];
    none(read(VARIABILITY).into_iter().filter_map(|row| {
        let name = row["id"].split_once('.').unwrap().1;
        let name = name.strip_suffix("_cv").unwrap_or(name);
        (!known.contains(name) && !own.contains(&name))
            .then(|| format!("{} is the spread of nothing", row["id"]))
    }));
}

/// Units with the least and the greatest value that makes sense.
const UNITS: [(&str, f64, f64); 13] = [
    ("factor", 0.0, f64::MAX),
    ("1", 0.0, f64::MAX),
    ("fraction", 0.0, 1.0),
    ("1/h", 0.0, f64::MAX),
    ("um", f64::MIN_POSITIVE, f64::MAX),
    ("cells/g", f64::MIN_POSITIVE, f64::MAX),
    ("g", f64::MIN_POSITIVE, f64::MAX),
    ("mL", f64::MIN_POSITIVE, f64::MAX),
    ("mL/min", f64::MIN_POSITIVE, f64::MAX),
    ("h", f64::MIN_POSITIVE, f64::MAX),
    ("cells", 0.0, f64::MAX),
    ("Bq/cell", 0.0, f64::MAX),
    ("ug/g", f64::MIN_POSITIVE, f64::MAX),
];

#[test]
fn values_fit_their_units_and_spreads_are_spreads() {
    none(rows().filter_map(|(table, row)| {
        let number = |column: &str| row[column].parse::<f64>().unwrap();
        let unit = UNITS.iter().find(|(unit, ..)| *unit == row["unit"]);
        let in_range = unit.is_some_and(|(_, low, high)| (*low..=*high).contains(&number("value")));
        let (gsd, exponent) = (number("gsd"), number("weight_exponent"));
        let fits = in_range && (1.0..=10.0).contains(&gsd) && (-1.0..=1.0).contains(&exponent);
        (!fits).then(|| format!("{table}: {row:?}"))
    }));
}

#[test]
fn one_id_has_one_unit() {
    let mut units: BTreeMap<String, String> = BTreeMap::new();
    // Conditions and preparations have units of what they do to a number.
    let plain = |table: &str| !["conditions", "preparations"].contains(&table);
    none(
        rows()
            .filter(|(table, _)| plain(table))
            .filter_map(|(_, row)| {
                // A place of its own must not change the unit of the name either.
                let (_, name) = row["id"].split_once('.')?;
                let unit = units.entry(name.to_string()).or_insert(row["unit"].clone());
                (*unit != row["unit"]).then(|| format!("{}: {} and {unit}", row["id"], row["unit"]))
            }),
    );
}

#[test]
fn what_is_not_assumed_cites_a_publication() {
    let known = ["measured", "derived", "fitted", "assumed"];
    none(rows().filter_map(|(table, row)| {
        let status = row["status"].as_str();
        let fits = known.contains(&status) && (status == "assumed" || row["source"] != "assumed");
        (!fits).then(|| format!("{table}: {} is {status} by '{}'", row["id"], row["source"]))
    }));
}

#[test]
fn every_row_says_what_it_means() {
    none(rows().filter_map(|(table, row)| {
        // A bar or a line break would tear the table of the page.
        let torn = row["meaning"].contains(['|', '\n']);
        (row["meaning"].trim().is_empty() || torn)
            .then(|| format!("{table}: meaning of {}: {:?}", row["id"], row["meaning"]))
    }));
}

/// Name and source of every embedded experiment.
fn published() -> Vec<(String, String)> {
    let experiments: toml::Table = EXPERIMENTS.parse().unwrap();
    let experiments = experiments["experiment"].as_array().unwrap().iter();
    let text = |row: &toml::Value, key: &str| row[key].as_str().unwrap().to_string();
    experiments
        .map(|row| (text(row, "name"), text(row, "source")))
        .collect()
}

#[test]
fn the_source_of_every_experiment_is_known() {
    let known = read(SOURCES).into_iter().map(|row| row["key"].clone());
    let known: BTreeSet<String> = known.collect();
    let unknown = published()
        .into_iter()
        .filter(|(_, source)| !known.contains(source));
    none(unknown.map(|(name, source)| format!("{name}: '{source}' is not in sources.csv")));
}

#[test]
fn fitted_rows_stand_over_rows_of_the_tables() {
    assert_eq!(data::fitted().unwrap().len(), read(FITTED).len());
    let mut seen = BTreeSet::new();
    none(read(FITTED).into_iter().filter_map(|row| {
        let below = rows()
            .map(|(_, below)| below)
            .find(|below| below["id"] == row["id"] && below["species"] == row["species"]);
        let same = |below: &Row| {
            let exponents = [&below["weight_exponent"], &row["weight_exponent"]];
            let exponents = exponents.map(|text| text.parse::<f64>().unwrap());
            below["unit"] == row["unit"] && (exponents[0] - exponents[1]).abs() < 1e-12
        };
        // What was before stays readable beside what is now.
        let said = below.as_ref().is_some_and(|below| {
            let before = format!(
                "{}; before calibration {}",
                below["meaning"], below["value"]
            );
            row["meaning"] == before
        });
        let fits = below.is_some_and(|below| same(&below))
            && said
            && (row["status"].as_str(), row["source"].as_str()) == ("fitted", "calibration")
            && seen.insert((row["id"].clone(), row["species"].clone()));
        (!fits).then(|| format!("{row:?}"))
    }));
}

#[test]
fn the_source_of_every_row_is_known() {
    let known: BTreeSet<String> = read(SOURCES)
        .into_iter()
        .map(|row| row["key"].clone())
        .collect();
    assert_eq!(
        known.len(),
        read(SOURCES).len(),
        "a key of sources.csv stands twice"
    );
    none(
        rows()
            .filter(|(_, row)| !known.contains(&row["source"]))
            .map(|(table, row)| {
                format!(
                    "{table}: {} cites '{}', which is not in sources.csv",
                    row["id"], row["source"]
                )
            }),
    );
}

#[test]
fn every_source_is_used() {
    let mut used: BTreeSet<String> = rows().map(|(_, row)| row["source"].clone()).collect();
    used.extend(read(FITTED).into_iter().map(|row| row["source"].clone()));
    used.extend(published().into_iter().map(|(_, source)| source));
    // Named as "Lee 2009": a publication that gives no value but that values are judged against.
    let meanings: String = rows().map(|(_, row)| row["meaning"].clone()).collect();
    let text = (meanings + &doc("model.md")).to_lowercase();
    let named = |key: &str| text.contains(&key.replace('_', " "));
    none(read(SOURCES).into_iter().filter_map(|row| {
        let key = &row["key"];
        (!used.contains(key) && !named(key))
            .then(|| format!("no row cites {key}, nor is it named in docs/model.md"))
    }));
}

/// Sources without an address, each with the reason.
const NO_ADDRESS: [(&str, &str); 16] = [
    ("calibration", "a page of this project"),
    ("lee_ams_2021", "an abstract without full citation"),
    ("zhang_pig_heart", "an abstract without full citation"),
    ("complement_bmsc", "an abstract without full citation"),
    ("icrp_89", "a book; read by way of transcriptions"),
    (
        "lung_microspheres_1961",
        "volume and page are given; no DOI of 1961",
    ),
    ("microspheres_15um", "an abstract without full citation"),
    ("pulmonary_blood_cells", "an abstract without full citation"),
    ("umbilical_cord_msc_size", "abstracts without full citation"),
    (
        "el_masri_portier_1998",
        "the citation itself says that it is not confirmed",
    ),
    (
        "poulin_theil_2002",
        "the citation itself says that it is not confirmed",
    ),
    (
        "radionuclide_half_lives",
        "a pharmacopoeia and a table of isotopes",
    ),
    ("sry_gene", "textbook knowledge"),
    ("tissue_dna", "textbook values"),
    ("rabbit_foamy_virus", "an abstract without full citation"),
    ("assumed", "no publication"),
];

#[test]
fn sources_have_an_address_or_a_reason() {
    none(read(SOURCES).into_iter().filter_map(|row| {
        let excused = NO_ADDRESS.iter().any(|(key, _)| *key == row["key"]);
        let link = row["link"].as_str();
        let fits = if excused {
            link.is_empty()
        } else {
            link.starts_with("https://")
        };
        let fits = fits && row["citation"].len() > 20 && !row["citation"].contains('|');
        (!fits).then(|| format!("{}: {} <{link}>", row["key"], row["citation"]))
    }));
}

#[test]
fn every_species_has_every_row_of_physiology() {
    let mut wanted: BTreeSet<String> = [
        "reference_weight",
        "cardiac_output",
        "blood_volume",
        "arterial_fraction",
        "portal_fraction",
    ]
    .map(|name| format!("body.{name}"))
    .into();
    for organ in Organ::ALL {
        wanted.insert(format!("{organ}.vascular_fraction"));
        if organ != Organ::REST {
            wanted.insert(format!("{organ}.mass_fraction"));
        }
        // The inflow of the lung is the cardiac output; the rest takes what is left.
        if organ != Organ::REST && organ != Organ::LUNG {
            wanted.insert(format!("{organ}.flow_fraction"));
        }
    }
    for species in Species::ALL {
        let of_species = read(PHYSIOLOGY)
            .into_iter()
            .filter(|row| row["species"] == species);
        let found: BTreeSet<String> = of_species.map(|row| row["id"].clone()).collect();
        assert_eq!(found, wanted, "{species}");
    }
    assert_eq!(read(PHYSIOLOGY).len(), Species::ALL.len() * wanted.len());
}

/// What one place has and others do not.
const ALONE: [&str; 4] = [
    "blood.complement_share",
    "liver.shunt",
    "lung.obstruction_capacity",
    "lung.lethal_obstruction",
];

/// Places of what the host has against cells and answers to them.
const DEFENCES: [&str; 5] = [
    "immunity",
    "response",
    "autologous",
    "allogeneic",
    "xenogeneic",
];

#[test]
fn a_row_of_a_place_has_a_common_row_behind_it() {
    let common = |place: &str, table: &str| -> BTreeSet<String> {
        let ids = read(table).into_iter().map(|row| row["id"].clone());
        ids.filter_map(|id| Some(id.strip_prefix(place)?.strip_prefix('.')?.to_string()))
            .collect()
    };
    let tissue = common("tissue", PARAMETERS);
    let places: Vec<Organ> = Organ::ALL.into_iter().chain(Organ::CAVITIES).collect();
    none(read(PARAMETERS).into_iter().filter_map(|row| {
        let (place, name) = row["id"].split_once('.').unwrap();
        let known = ["tissue", "blood"].contains(&place) || places.contains(&Organ::new(place));
        let alone = ALONE.contains(&row["id"].as_str()) || DEFENCES.contains(&place);
        (!alone && (!known || !tissue.contains(name)))
            .then(|| format!("{} has no row of tissue", row["id"]))
    }));
    let mut of_cells = common("cell", PRODUCTS);
    of_cells.insert("diameter".to_string()); // each product has its own
    assert_eq!(names(PRODUCTS), of_cells);
}

/// The code of a file: without comments and without the unit tests at its end.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// Names that the code makes: `free_to_` and an organ.
const MADE: [&str; 4] = [
    "free_to_liver",
    "free_to_spleen",
    "free_to_bone_marrow",
    "free_to_kidney",
];

/// The files that ask for numbers of labels and assays.
fn readers() -> [PathBuf; 7] {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = [
        "assembly/labelling.rs",
        "observation/assay.rs",
        "observation/lens.rs",
        "observation/reading.rs",
        "ledger.rs",
        "assembly/response.rs",
        "observation/safety.rs",
    ];
    files.map(|file| src.join(file))
}

/// The Rust files of the folders between the tables and the network.
fn files() -> Vec<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folders = ["organ", "assembly", "physiology", "scenario"];
    let files = folders
        .iter()
        .flat_map(|folder| fs::read_dir(src.join(folder)).unwrap());
    files.map(|entry| entry.unwrap().path()).collect()
}

/// The last text in quotes among the arguments of every call of a function.
fn last_texts(code: &str, function: &str) -> Vec<String> {
    let call = format!("{function}(");
    let own = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let calls = code.match_indices(&call).filter(|(at, _)| own(*at));
    calls
        .filter_map(|(at, _)| {
            let mut depth = 1;
            let rest = &code[at + call.len()..];
            let end = rest.find(|c: char| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0
            })?;
            let quoted: Vec<&str> = rest[..end].split('"').collect();
            (quoted.len() > 2).then(|| quoted[quoted.len() - 2].to_string())
        })
        .collect()
}

/// Every name of a parameter that the code asks for.
fn asked() -> BTreeSet<String> {
    let mut asked = BTreeSet::new();
    for path in files() {
        let code = code(&path);
        for function in ["get", "parameters.find", "parameter", "wire_death"] {
            let names = last_texts(&code, function).into_iter();
            asked.extend(names.filter(|name| !name.contains('{')));
        }
        if path.ends_with("product.rs") {
            asked.extend(last_texts(&code, "number"));
            asked.extend(last_texts(&code, "recognised"));
        }
    }
    for path in readers() {
        for function in [
            "get", "quantity", "rate", "label", "number", "linear", "driven",
        ] {
            let names = last_texts(&code(&path), function);
            asked.extend(names.into_iter().filter(|name| !name.contains('{')));
        }
    }
    asked.extend(MADE.map(String::from));
    asked
}

#[test]
fn the_code_asks_for_every_row_and_for_nothing_else() {
    // Rows of conditions and preparations are asked for all together, those of variability by the number
    // that they belong to.
    let alone = [CONDITIONS, PREPARATIONS, VARIABILITY];
    let tables = TABLES.iter().filter(|(_, table)| !alone.contains(table));
    let mut known: BTreeSet<String> = tables.flat_map(|(_, table)| names(table)).collect();
    known.insert("reference".to_string());
    let asked = asked();
    let unused = known
        .difference(&asked)
        .map(|name| format!("no code asks for {name}"));
    let unknown = asked
        .difference(&known)
        .map(|name| format!("no table has {name}"));
    none(unused.chain(unknown));
}

/// Numbers of the code itself, by file, each with the reason that it is no number of the model.
const NUMBERS: [(&str, &[&str], &str); 16] = [
    ("given.rs", &["100.0"], "percent"),
    (
        "dosing_row.rs",
        &["3.0", "4.0"],
        "the events of NONMEM that are resets",
    ),
    (
        "check.rs",
        &["1e16", "876_600.0"],
        "bounds of what is asked, named in their errors",
    ),
    (
        "assemble.rs",
        &["1e-4"],
        "below it a number is written with an exponent",
    ),
    (
        "normal.rs",
        &["40.0"],
        "the interval that is halved, far beyond any quantile",
    ),
    (
        "capture.rs",
        &["9.0"],
        "standard deviations at which the normal distribution is cut off",
    ),
    (
        "capture.rs",
        &[
            "0.906_179_845_938_664",
            "0.538_469_310_105_683_1",
            "0.236_926_885_056_189_1",
            "0.478_628_670_499_366_5",
            "0.568_888_888_888_888_9",
        ],
        "nodes and weights of Gauss and Legendre",
    ),
    ("body.rs", &["60.0"], "minutes in an hour"),
    ("scenario.rs", &["60.0"], "minutes in an hour"),
    (
        "scenario.rs",
        &["240.0"],
        "default of the builder, 10 days, said in its documentation",
    ),
    ("dose.rs", &["1e3"], "grams in a kilogram"),
    (
        "dosing_table.rs",
        &["24.0"],
        "a day after a last dose at once, said in its documentation",
    ),
    (
        "dosing_row.rs",
        &["9_999.0"],
        "a bound on repetitions, named in its error",
    ),
    (
        "check.rs",
        &["1e3"],
        "any weight does: the sign of a dose per kg is that of the dose",
    ),
    (
        "check.rs",
        &["60.0", "3600.0"],
        "minutes and seconds in an hour",
    ),
    (
        "check.rs",
        &["1e-6", "1e-12"],
        "the least dose that rounding leaves a ledger for, and rounding itself",
    ),
];

/// Defaults of builders that are numbers of the model; each is said in the documentation.
const DEFAULTS: [(&str, &str); 1] = [("host.rs", "0.05")];

/// The literals of a code that are written as floating-point numbers.
fn floats(code: &str) -> Vec<String> {
    let bytes = code.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let (mut found, mut at, mut in_text) = (vec![], 0, false);
    while at < bytes.len() {
        in_text ^= bytes[at] == b'"';
        let before = at.checked_sub(1).map_or(b' ', |k| bytes[k]);
        // Not the end of a name, nor the field of a tuple.
        let begins =
            digit(at) && !before.is_ascii_alphanumeric() && before != b'_' && before != b'.';
        if in_text || !begins {
            at += 1;
            continue;
        }
        let start = at;
        let mut float = false;
        while at < bytes.len() {
            let sign = bytes[at] == b'-' && bytes[at - 1] == b'e';
            // A point between digits, and not the two points of a range.
            let point = bytes[at] == b'.' && digit(at + 1) && !float;
            let exponent = bytes[at] == b'e' && (digit(at + 1) || bytes.get(at + 1) == Some(&b'-'));
            if !(digit(at) || bytes[at] == b'_' || sign || point || exponent) {
                break;
            }
            float |= point || exponent;
            at += 1;
        }
        if float || code[at..].starts_with("f64") {
            found.push(code[start..at].to_string());
        }
    }
    found
}

#[test]
fn the_scanner_sees_what_it_must_see() {
    let seen =
        floats("let a = 1.5e-3 + b.0.c(2..60, 0.0..=1.0) - 7 * 3f64; \"9.9\"; x1.5; 1e3; 0.1_2");
    assert_eq!(seen, ["1.5e-3", "0.0", "1.0", "3", "1e3", "0.1_2"]);
    let code = "w.parameter(o.name(), \"egress\")? + network_parameter(\"no\", 1) + get(f(1), \"a\", \"b\")";
    assert_eq!(last_texts(code, "parameter"), ["egress"]);
    assert_eq!(last_texts(code, "get"), ["b"]);
}

#[test]
fn no_number_of_the_model_stands_in_the_code() {
    let mut used = BTreeSet::new();
    let mut wrong = vec![];
    for path in files() {
        let file = path.file_name().unwrap().to_str().unwrap().to_string();
        for literal in floats(&code(&path)) {
            let plain = ["0.0", "0.5", "1.0", "2.0"].contains(&literal.as_str());
            let reason = NUMBERS
                .iter()
                .any(|(name, list, _)| *name == file && list.contains(&&*literal));
            if reason || DEFAULTS.contains(&(&file, &literal)) {
                used.insert((file.clone(), literal));
            } else if !plain {
                wrong.push(format!("{file}: {literal} belongs to a table of src/data, or to NUMBERS with its reason"));
            }
        }
    }
    none(wrong);
    let listed = NUMBERS.iter().map(|(_, list, _)| list.len()).sum::<usize>() + DEFAULTS.len();
    assert_eq!(
        used.len(),
        listed,
        "a number that is excused is not in the code any more"
    );
}

#[test]
fn every_parameter_is_explained_in_the_model() {
    let page = doc("model.md");
    let mut all = names(PARAMETERS);
    all.extend(names(PRODUCTS));
    all.extend(names(ROUTES));
    all.extend(names(LABELS));
    all.extend(names(ASSAYS));
    all.extend(names(VARIABILITY));
    for table in [CONDITIONS, PREPARATIONS] {
        let places = read(table).into_iter();
        all.extend(places.map(|row| row["id"].split_once('.').unwrap().0.to_string()));
    }
    none(
        all.into_iter()
            .filter(|name| !page.contains(name.as_str()))
            .map(|name| format!("docs/model.md does not say what {name} does")),
    );
}

fn doc_path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(name)
}

fn doc(name: &str) -> String {
    fs::read_to_string(doc_path(name)).unwrap()
}

/// Compares a page with what it must be, or writes it if that is asked for.
fn current(name: &str, wanted: &str) {
    if doc(name) == wanted {
        return;
    }
    if std::env::var_os("BIODIST_BLESS").is_some() {
        fs::write(doc_path(name), wanted).unwrap();
        return;
    }
    let page = doc(name);
    let differs = page
        .lines()
        .zip(wanted.lines())
        .position(|(old, new)| old != new);
    let line = differs.unwrap_or_else(|| page.lines().count().min(wanted.lines().count()));
    let shown = |text: &str| text.lines().nth(line).unwrap_or("(end)").to_string();
    none([format!(
        "docs/{name} is not what the tables say, first in line {}:\n  page:   {}\n  tables: {}\n\
         To write it anew, run:\n  BIODIST_BLESS=1 cargo test --release --test tables_are_cited",
        line + 1,
        shown(&page),
        shown(wanted),
    )]);
}

#[test]
fn the_page_of_parameters_is_current() {
    current("parameters.md", &report::parameters_page().unwrap());
}

/// The page of physiology before, between and after its markers.
fn physiology_parts(page: &str) -> [&str; 3] {
    let (begin, end) = ("<!-- tables: begin -->\n", "\n<!-- tables: end -->");
    let (before, rest) = page.split_once(begin).unwrap();
    let (tables, after) = rest.split_once(end).unwrap();
    [before, tables, after]
}

#[test]
fn the_tables_of_physiology_are_current() {
    let page = doc("physiology.md");
    let [before, _, after] = physiology_parts(&page);
    let tables = report::physiology_tables().unwrap();
    let (begin, end) = ("<!-- tables: begin -->", "<!-- tables: end -->");
    current(
        "physiology.md",
        &format!("{before}{begin}\n{tables}\n{end}{after}"),
    );
}

/// What is assumed must be seen to be: read from the pages as text, not from their generator.
#[test]
fn the_pages_say_what_is_assumed() {
    let page = doc("parameters.md");
    let mut missing = vec![];
    let fitted = read(FITTED);
    for (_, below) in rows().filter(|(table, _)| *table != "physiology") {
        let same = |row: &&Row| row["id"] == below["id"] && row["species"] == below["species"];
        let row = fitted.iter().find(same).unwrap_or(&below);
        let (id, species, status) = (&row["id"], &row["species"], &row["status"]);
        let head = format!("| `{id}` | {species} | ");
        let line = page
            .lines()
            .find(|line| line.starts_with(&head))
            .unwrap_or("");
        if !line.contains(&format!(" | {status} | {} | ", row["source"])) {
            missing.push(format!("docs/parameters.md: {id} of {species} is {status}"));
        }
    }
    let page = doc("physiology.md");
    let [_, tables, _] = physiology_parts(&page);
    for (species, section) in tables
        .split("\n### ")
        .skip(1)
        .map(|s| s.split_once('\n').unwrap())
    {
        let of_species = read(PHYSIOLOGY).into_iter();
        let assumed =
            of_species.filter(|row| row["species"].replace('_', " ") == species.replace('_', " "));
        // Shares of the blood are told in the text above the tables.
        let assumed =
            assumed.filter(|row| row["status"] == "assumed" && !row["id"].starts_with("body."));
        let (wanted, found) = (assumed.count(), section.matches(" (a, ").count());
        if wanted != found {
            missing.push(format!(
                "docs/physiology.md, {species}: {found} of {wanted} marked as assumed"
            ));
        }
    }
    none(missing);
}

/// The number in the README is that of its example: a man, by the vein.
#[test]
fn the_readme_counts_what_is_assumed() {
    let readme = fs::read_to_string(doc_path("../README.md")).unwrap();
    let places: BTreeSet<String> = Organ::ALL
        .iter()
        .map(ToString::to_string)
        .chain(["tissue", "blood", "body", "immunity", "cell"].map(String::from))
        .chain(["intravenous", "bone_marrow_msc"].map(String::from))
        .collect();
    let fitted = read(FITTED);
    // A row for the species stands in front of one for any.
    let mut holds: BTreeMap<String, String> = BTreeMap::new();
    for species in ["any", "human_male"] {
        // How subjects differ is no number of a run.
        let of_runs = rows().filter(|(table, _)| *table != "variability");
        for (_, row) in of_runs.filter(|(_, row)| row["species"] == species) {
            let same = |other: &&Row| other["id"] == row["id"] && other["species"] == species;
            let row = fitted.iter().find(same).unwrap_or(&row);
            holds.insert(row["id"].clone(), row["status"].clone());
        }
    }
    let assumed = holds.iter().filter(|(id, status)| {
        places.contains(id.split('.').next().unwrap()) && *status == "assumed"
    });
    let sentence = format!(
        "; {} of those of the example above are assumed",
        assumed.count()
    );
    assert!(
        readme.contains(&sentence),
        "README.md must say \"{sentence}\""
    );
}
