//! Promise: an instrument reads what it counts, in its unit, above its limit, and nothing else.
#![allow(clippy::unwrap_used)] // a test may fail loudly

mod hosts;
mod strategies;

use biodist::observation::Value::{self, Detected};
use biodist::observation::{Assay, Decay, ObservationError, ReadingUnit, Region};
use biodist::prelude::*;
use biodist::solver::Options;
use hosts::scenarios;
use proptest::prelude::*;
use strategies::config;

fn mouse(cells: f64, product: Product) -> Scenario {
    Scenario::new(Host::mouse(20.g())).dose(Dose::new(cells.cells(), product))
}

/// Sets some parameters of each place to a value.
fn set(mut scenario: Scenario, places: &[&str], names: &str, value: f64) -> Scenario {
    for place in places {
        for name in names.split(' ') {
            scenario = scenario.with(format!("{place}.{name}"), value);
        }
    }
    scenario
}

/// Adds labels that never leave their cells.
fn labelled(mut scenario: Scenario, labels: &[&str]) -> Scenario {
    scenario.labels = labels.iter().copied().map(Label::new).collect();
    let ways = "elution_live elution_dead elution_ingested";
    set(scenario, labels, ways, 0.0)
}

/// Living cells that stay in a muscle or a joint, with labels that stay in them.
fn still(cells: f64, route: Route, labels: &[&str]) -> Run {
    let mut scenario = mouse(cells, Product::bone_marrow_msc().viability(1.0)).until(30.days());
    scenario.doses[0].route = route;
    let ways = "anchoring washout_rest washout_contraction death_depot";
    let scenario = set(scenario, &["muscle", "joint"], ways, 0.0);
    labelled(scenario, labels).simulate().unwrap()
}

fn muscle(labels: &[&str]) -> Run {
    still(1e6, Route::intramuscular(), labels)
}

fn chromium() -> Assay {
    Assay::gamma_counter(Label::chromium_51())
}

fn read(run: &Run, assay: &Assay, region: impl Into<Region>, time: Time) -> Value {
    run.read(assay, region, &[time]).unwrap().values[0]
}

/// Whether this is found or, where the wanted number stands in `below`, is the limit.
fn close(found: Value, wanted: Value) {
    let ratio = match (found, wanted) {
        (Detected(found), Detected(wanted)) => found / wanted,
        (Value::NotDetected { limit: found }, Value::NotDetected { limit }) => found / limit,
        _ => f64::NAN,
    };
    assert!((ratio - 1.0).abs() < 1e-8, "{found:?} is not {wanted:?}");
}

const fn below(limit: f64) -> Value {
    Value::NotDetected { limit }
}

/// An assay in a unit, a region and a time, and what is read there and then.
macro_rules! reads {
    ($run:expr; $($assay:expr, $unit:ident, $region:expr, $time:expr => $wanted:expr;)+) => {$(
        close(read(&$run, &$assay.in_unit(ReadingUnit::$unit), $region, $time), $wanted);
    )+};
}

/// Muscle and brain of a mouse of 20 g: 38.4 and 1.65 % of it (Brown 1997).
const MUSCLE: f64 = 0.384 * 20.0;
const BRAIN: f64 = 0.0165 * 20.0;
/// Blood is 7.2 % of body weight, 3.7 % of a brain, 2.6 % of a muscle.
const BRAIN_BLOOD: f64 = 0.0165 * 0.037 / 0.072;
const START: Time = Time::new(0.0);

#[test]
fn every_unit_by_hand() {
    let run = muscle(&["chromium_51", "alu_dna"]);
    let (alu, later) = (Assay::qpcr(Label::alu_dna()), 27.7025.days());
    // 1 Bq is offered to a cell and a fifth of it taken up; 0.4 counts a decay in a well. A million
    // copies a cell, 2000 ug of DNA in a gram. One cell in 1250 grows, one in five survives the way
    // into the cytometer. After a half-life half of the raw signal is left, and all of the corrected.
    reads! { run;
        chromium(), Cells, Organ::MUSCLE, START => Detected(1e6);
        chromium(), CellsPerGram, Organ::MUSCLE, START => Detected(1e6 / MUSCLE);
        chromium(), PercentDose, Organ::MUSCLE, START => Detected(100.0);
        chromium(), PercentDosePerGram, Organ::MUSCLE, START => Detected(100.0 / MUSCLE);
        chromium(), PercentDosePerGram, Region::Body, START => Detected(100.0 / 20.0);
        chromium(), Becquerel, Organ::MUSCLE, START => Detected(2e5);
        chromium(), CountsPerMinute, Organ::MUSCLE, START => Detected(60.0 * 0.4 * 2e5);
        chromium(), Becquerel, Organ::MUSCLE, later => Detected(2e5);
        chromium().raw(), Becquerel, Organ::MUSCLE, later => Detected(1e5);
        alu.clone(), CopiesPerMicrogram, Organ::MUSCLE, START => Detected(1e12 / (MUSCLE * 2000.0));
        alu.raw(), Cells, Organ::MUSCLE, later => Detected(1e6);
        Assay::culture(), CellsRecovered, Organ::MUSCLE, START => Detected(800.0);
        Assay::flow_cytometry(), CellsRecovered, Organ::MUSCLE, START => Detected(2e5);
    }
}

#[test]
fn just_above_and_just_below_the_limit() {
    for (assay, need) in [
        (chromium(), 50.0),
        (Assay::gamma_camera(Label::chromium_51()), 50_000.0),
        (Assay::luminescence(), 10_000.0),
        (Assay::mri(), 1000.0),
        (Assay::qpcr(Label::alu_dna()), 1e-5 * 3.3e8 * MUSCLE), // a share of the cells of the host
        (Assay::ddpcr(Label::alu_dna()), 1e-6 * 3.3e8 * MUSCLE),
        (Assay::culture(), 1.0 / 0.0008), // one that grows
        (Assay::flow_cytometry(), 100.0 / 0.2),
    ] {
        let labels: Vec<&str> = assay.label.iter().map(Label::name).collect();
        let with = |cells| still(cells, Route::intramuscular(), &labels);
        let (more, less) = (with(need * (1.0 + 1e-6)), with(need * (1.0 - 1e-6)));
        reads! { more; assay.clone(), Cells, Organ::MUSCLE, START => Detected(need * (1.0 + 1e-6)); }
        reads! { less; assay.clone(), Cells, Organ::MUSCLE, START => below(need); }
    }
}

#[test]
fn below_the_limit_is_not_zero() {
    let run = muscle(&["chromium_51", "alu_dna"]);
    let alu = || Assay::ddpcr(Label::alu_dna());
    // Nothing is in the brain: the limit in every unit; that of a sequence grows with the tissue.
    reads! { run;
        chromium(), Cells, Organ::BRAIN, START => below(50.0);
        chromium(), CellsPerGram, Organ::BRAIN, START => below(50.0 / BRAIN);
        chromium(), PercentDose, Organ::BRAIN, START => below(0.005);
        chromium(), Becquerel, Organ::BRAIN, START => below(50.0 * 0.2);
        chromium(), CountsPerMinute, Organ::BRAIN, START => below(50.0 * 0.2 * 0.4 * 60.0);
        Assay::culture(), CellsRecovered, Organ::BRAIN, START => below(1.0);
        Assay::flow_cytometry(), CellsRecovered, Organ::BRAIN, START => below(100.0);
        alu(), Cells, Organ::BRAIN, START => below(1e-6 * 3.3e8 * BRAIN);
        alu(), Cells, Organ::KIDNEY, START => below(1e-6 * 3.3e8 * 0.0167 * 20.0);
        alu(), CopiesPerMicrogram, Organ::BRAIN, START => below(1e-6 * 3.3e8 * 1e6 / 2000.0);
    }
    assert_eq!(below(50.0).to_string(), "< 5.0e1");
}

#[test]
fn decay_takes_a_signal_below_the_limit() {
    // F-18 decays below the 10 000 cells of the tomograph after 6.64 half-lives of 1.8295 h.
    let run = muscle(&["fluorine_18_fdg"]);
    let pet = || Assay::pet(Label::fluorine_18_fdg());
    let (last, little) = (1.8295 * 100.0_f64.log2(), 2.0_f64.powf(0.01 / 1.8295));
    let (before, after) = ((last - 0.01).hours(), (last + 0.01).hours());
    // Corrected for decay, the limit is what could not have been seen.
    reads! { run;
        pet(), Cells, Organ::MUSCLE, before => Detected(1e6);
        pet().raw(), Cells, Organ::MUSCLE, before => Detected(1e4 * little);
        pet().raw(), Cells, Organ::MUSCLE, after => below(1e4);
        pet(), Cells, Organ::MUSCLE, after => below(1e6 * little);
    }
}

#[test]
fn what_has_decayed_for_ever_has_a_limit_that_is_a_number() {
    // 1200 half-lives: 2^-1200 is below the least number of 64 bits.
    let scenario = muscle(&["fluorine_18_fdg"]).model.scenario;
    let scenario = scenario.with("pet.limit", 0.0).until(100.days());
    let (run, pet) = (scenario.simulate(), Assay::pet(Label::fluorine_18_fdg()));
    let late = (1200.0 * 1.8295).hours();
    let found = read(&run.unwrap(), &pet, Organ::MUSCLE, late);
    assert!(!format!("{found:?}").contains("NaN"), "{found:?}");
}

#[test]
fn what_is_in_blood_is_in_the_blood_of_organs_too() {
    let product = |viability| Product::bone_marrow_msc().viability(viability);
    let dose = |viability| labelled(mouse(1e6, product(viability)), &["chromium_51"]).simulate();
    // Mass times vascular fraction, summed over the rows of the mouse by hand: 3.7429586 % of it is
    // blood in organs. The rest of 7.2 % is in the great vessels, 65.18 % of that in the veins.
    let vessels = 1.0 - 0.037_429_586 / 0.072;
    let venous = 0.072 * 20.0 * vessels * (1.0 - 0.3182 - 0.03);
    // Killed cells just given are remains, spread over all blood; living ones are in the vein.
    reads! { dose(0.0).unwrap();
        chromium(), Cells, Organ::BRAIN, START => Detected(1e6 * BRAIN_BLOOD);
        chromium(), Cells, Blood::Venous, START => Detected(1e6 * vessels);
        chromium().rinsed(), Cells, Organ::BRAIN, START => below(50.0);
        chromium().rinsed(), Cells, Blood::Venous, START => Detected(1e6 * vessels);
    }
    reads! { dose(1.0).unwrap();
        chromium(), CellsPerGram, Blood::Venous, START => Detected(1e6 / venous);
        chromium(), Cells, Organ::BRAIN, START => below(50.0);
    }
}

// Authority: label leaves cells at 0.1 per h for a plasma that it never leaves: 1 - exp(-0.1 t).
#[test]
fn free_label_is_radioactive_and_neither_iron_nor_sequence() {
    let labels = ["chromium_51", "sry_dna", "iron_oxide"];
    let scenario = set(muscle(&labels).model.scenario, &labels, "elution_live", 0.1);
    let scenario = set(scenario, &labels, "free_excretion", 0.0);
    let run = scenario.simulate_with(&Options::with_rtol(1e-11)).unwrap();
    let (kept, time) = (1e6 * (-0.5_f64).exp(), 5.hours());
    let free = 1e6 - kept;
    reads! { run;
        chromium(), Cells, Region::Body, time => Detected(1e6);
        Assay::mri(), Cells, Region::Body, time => Detected(kept);
        Assay::qpcr(Label::sry_dna()), Cells, Region::Body, time => Detected(kept);
        chromium(), Cells, Organ::MUSCLE, time => Detected(kept + free * 0.384 * 0.026 / 0.072);
        chromium(), Cells, Organ::BRAIN, time => Detected(free * BRAIN_BLOOD);
        chromium().rinsed(), Cells, Organ::MUSCLE, time => Detected(kept);
    }
}

// Authority: the ledger of the cells.
#[test]
fn rinsing_takes_living_cells_in_vessels_and_leaves_the_rest() {
    let scenario = mouse(1e6, Product::new("lymphocytes")).with("flow_cytometry.limit", 0.0);
    let run = scenario.until(1.days()).simulate().unwrap();
    let whole = Assay::flow_cytometry();
    for time in [0.5.minutes(), 1.hours()] {
        let ledger = run.ledger(time).unwrap();
        for organ in [Organ::BRAIN, Organ::LUNG, Organ::LIVER] {
            let place = Place::Organ(organ.clone());
            let vascular = ledger.sum(|r| r.place == place && r.state == State::Vascular);
            let living = ledger.viable(organ.clone());
            assert!(vascular > 0.0 && vascular < living);
            reads! { run;
                whole.clone(), Cells, organ.clone(), time => Detected(living);
                whole.clone().rinsed(), Cells, organ, time => Detected(living - vascular);
            }
        }
    }
}

proptest! {
    #![proptest_config(config(48))]

    // Authority: the parts of a body are the body, and that is the label that has not left it.
    #[test]
    fn organs_and_bloods_sum_to_the_body(scenario in scenarios(), time in 0.01..72.0_f64) {
        let indium = Label::indium_111_oxine();
        let scenario = scenario.labelled(indium.clone()).with("gamma_counter.limit", 0.0);
        let scenario = scenario.with("culture.limit", 0.0);
        let (run, dose) = (scenario.simulate().unwrap(), hosts::cells_of(&scenario));
        let label = run.label_ledger(&indium, time.hours(), Decay::Corrected).unwrap();
        let inside = label.sum(|row| row.place != Place::Outside);
        let alive = run.ledger(time.hours()).unwrap().viable_in_body();
        for (assay, inside) in [(Assay::gamma_counter(indium), inside), (Assay::culture(), alive)] {
            let found = |region: Region| read(&run, &assay, region, time.hours()).detected().unwrap_or(0.0);
            let sum: f64 = run.model.atlas.places().into_iter().map(|p| found(p.into())).sum();
            let body = found(Region::Body);
            prop_assert!((sum - body).abs() <= 1e-9 * dose, "{assay}: {sum} {body}");
            prop_assert!((body - inside).abs() <= 1e-9 * dose, "{assay}: {body} {inside}");
        }
    }
}

// Authority: the ledger of the cells; label that cannot leave its cells is where they are.
#[test]
fn each_counts_what_it_counts() {
    let instruments = ["culture", "flow_cytometry", "luminescence", "mri", "qpcr"];
    let scenario = mouse(5e6, Product::bone_marrow_msc()).until(2.days());
    let scenario = labelled(scenario, &["luciferase", "iron_oxide", "sry_dna"]);
    let scenario = set(scenario, &instruments, "limit", 0.0);
    let run = scenario.with("qpcr.limit_share", 0.0).simulate().unwrap();
    let ledger = run.ledger(24.hours()).unwrap();
    for organ in [Organ::LUNG, Organ::LIVER, Organ::SPLEEN] {
        let place = Place::Organ(organ.clone());
        let sum = |state| ledger.sum(|r| r.place == place && r.state == state);
        let living = ledger.viable(organ.clone()) - sum(State::Vascular);
        let (debris, ingested) = (sum(State::Debris), sum(State::Ingested));
        assert!(living > 1.0 && debris > 1.0 && ingested > 1.0, "{organ}");
        for (assay, wanted) in [
            (Assay::culture(), living),
            (Assay::flow_cytometry(), living),
            (Assay::luminescence(), living + debris), // of the dying, until they are eaten
            (Assay::mri(), living + debris + ingested),
            (Assay::qpcr(Label::sry_dna()), living + debris + ingested),
        ] {
            let found = read(&run, &assay.rinsed(), organ.clone(), 24.hours());
            let apart = (found.detected().unwrap() - wanted).abs();
            assert!(apart < 1.0, "{organ}: {found} {wanted}");
        }
    }
}

/// Readings of a million cells, as shares of them.
fn shares(run: &Run, assay: &Assay, region: impl Into<Region>, times: &[Time]) -> Vec<f64> {
    let values = run.read(assay, region, times).unwrap().values;
    let found = values.iter().map(|v| v.detected().unwrap() / 1e6);
    found.collect()
}

// Authority: mean 1 and the spread `v` of the table; the excess kurtosis of a lognormal number with
// w = 1 + v^2 is w^4 + 2 w^3 + 3 w^2 - 6, which gives the error of a sample's spread.
#[test]
fn noise_has_the_spread_of_the_table() {
    let run = muscle(&["chromium_51", "luciferase"]);
    let times: Vec<Time> = (0..4000).map(|k| (f64::from(k) / 100.0).hours()).collect();
    let (light, culture) = (Assay::luminescence(), Assay::culture());
    for (assay, v) in [(chromium(), 0.05), (light, 0.3), (culture, 0.3)] {
        let noisy = |seed| assay.clone().with_noise(seed);
        let one = |seed| shares(&run, &noisy(seed), Organ::MUSCLE, &times[..1])[0];
        let many_times = shares(&run, &noisy(7), Organ::MUSCLE, &times);
        for values in [many_times, (0..4000).map(one).collect()] {
            let mean = |f: &dyn Fn(f64) -> f64| values.iter().map(|x| f(*x)).sum::<f64>() / 4000.0;
            let middle = mean(&|x| x);
            let spread = mean(&|x| (x - middle).powi(2)).sqrt() / v;
            let (apart, w) = ((middle - 1.0).abs(), 1.0 + v * v);
            assert!(apart < 5.0 * v / 4000.0_f64.sqrt(), "{assay}: {middle}");
            let kurtosis = w.powi(4) + 2.0 * w.powi(3) + 3.0 * w * w - 6.0;
            let error = ((2.0 + kurtosis) / (4.0 * 4000.0)).sqrt();
            assert!((spread - 1.0).abs() < 5.0 * error, "{assay}: {spread}");
        }
    }
}

#[test]
fn noise_is_fixed_by_seed_instrument_and_region() {
    let run = muscle(&["chromium_51", "zirconium_89_dbn"]);
    let times: Vec<Time> = (0..100).map(|k| f64::from(k).hours()).collect();
    let bits = |assay: Assay, region: Region| -> Vec<u64> {
        let values = shares(&run, &assay, region, &times);
        values.into_iter().map(f64::to_bits).collect()
    };
    let muscle = || Region::from(Organ::MUSCLE);
    let first = bits(chromium().with_noise(7), muscle());
    assert_eq!(first, bits(chromium().with_noise(7), muscle()));
    assert_ne!(first, bits(chromium().with_noise(8), muscle()));
    assert_ne!(first, bits(chromium().with_noise(7), Region::Body));
    let zirconium = Assay::gamma_counter(Label::zirconium_89_dbn());
    assert_ne!(first, bits(zirconium.with_noise(7), muscle()));
    assert_ne!(first, bits(Assay::culture().with_noise(7), muscle()));
    let silent = shares(&run, &chromium(), muscle(), &times);
    assert!(silent.iter().all(|share| (share - 1.0).abs() < 1e-9));
}

/// An instrument, a label or none, a unit and a place, and how the variant and message must begin.
macro_rules! refused {
    ($run:expr; $($name:literal, $label:expr, $unit:ident, $place:expr => $wanted:expr;)+) => {$(
        let label = Some($label).filter(|name| *name != "").map(Label::new);
        let assay = Assay::new($name, label).in_unit(ReadingUnit::$unit);
        let error = $run.read(&assay, $place, &[START]).unwrap_err();
        let debug = format!("{error:?}");
        let variant = debug.split(|c: char| !c.is_alphanumeric()).next().unwrap();
        let found = format!("{variant}: {error}");
        let whole = !$wanted.contains("near names");
        assert!(found.starts_with($wanted) && (!whole || found == $wanted), "{found}");
    )+};
}

// Authority: what each instrument responds to, by its name; names by the letters that differ.
#[test]
fn what_cannot_be_read_is_refused() {
    let run = still(1e6, Route::intra_articular(), &["chromium_51", "alu_dna"]);
    let no_mass = "NoMass: 'joint' has no mass, so that nothing can be stated per gram of it";
    refused! { run;
        "gamma_camera", "luciferase", Cells, Organ::JOINT => "WrongLabel: 'gamma_camera' reads a label that emits gamma rays, not luciferase";
        "pet", "alu_dna", Cells, Organ::JOINT => "WrongLabel: 'pet' reads a label that emits positrons, not alu_dna";
        "gamma_counter", "", Cells, Organ::JOINT => "WrongLabel: 'gamma_counter' reads a label that emits gamma rays, not no label";
        "liquid_scintillation", "iron_oxide", Cells, Organ::JOINT => "WrongLabel: 'liquid_scintillation' reads carbon 14 or tritium, not iron_oxide";
        "mass_spectrometry", "sry_dna", Cells, Organ::JOINT => "WrongLabel: 'mass_spectrometry' reads carbon 14 or tritium, not sry_dna";
        "luminescence", "chromium_51", Cells, Organ::JOINT => "WrongLabel: 'luminescence' reads luciferase, not chromium_51";
        "qpcr", "chromium_51", Cells, Organ::JOINT => "WrongLabel: 'qpcr' reads a donor sequence: alu_dna or sry_dna, not chromium_51";
        "ddpcr", "iron_oxide", Cells, Organ::JOINT => "WrongLabel: 'ddpcr' reads a donor sequence: alu_dna or sry_dna, not iron_oxide";
        "mri", "", Cells, Organ::JOINT => "WrongLabel: 'mri' reads iron_oxide, not no label";
        "culture", "chromium_51", Cells, Organ::JOINT => "WrongLabel: 'culture' reads no label, not chromium_51";
        "flow_cytometry", "alu_dna", Cells, Organ::JOINT => "WrongLabel: 'flow_cytometry' reads no label, not alu_dna";
        "qpcr", "alu_dna", Becquerel, Organ::JOINT => "WrongUnit: 'qpcr' cannot be stated in Bq: this needs a radioactive label";
        "culture", "", CountsPerMinute, Organ::JOINT => "WrongUnit: 'culture' cannot be stated in cpm: this needs a radioactive label";
        "mri", "iron_oxide", CopiesPerMicrogram, Organ::JOINT => "WrongUnit: 'mri' cannot be stated in copies/ug DNA: this needs a donor sequence";
        "gamma_counter", "chromium_51", CellsRecovered, Organ::JOINT => "WrongUnit: 'gamma_counter' cannot be stated in cells recovered: this needs culture or flow cytometry";
        "gama_counter", "", Cells, Organ::JOINT => "UnknownAssay: there is no assay 'gama_counter'; near names: gamma_counter, gamma_camera, ";
        "gamma_counter", "chromium", Cells, Organ::JOINT => "Data: unknown parameter 'chromium.activity'; near names: ";
        "gamma_counter", "indium_111_oxine", Cells, Organ::JOINT => "NotLabelled: the cells carry no 'indium_111_oxine'; add it with Scenario::labelled";
        "gamma_counter", "chromium_51", Cells, Organ::new("brian") => "UnknownPlace: the run has no place 'brian'; near names: brain, ";
        "gamma_counter", "chromium_51", Cells, Organ::PERITONEUM => "UnknownPlace: the run has no place 'peritoneum'; near names: ";
        "gamma_counter", "chromium_51", CellsPerGram, Organ::JOINT => no_mass;
        "qpcr", "alu_dna", Cells, Organ::JOINT => no_mass; // its limit is one by the gram
        "gamma_counter", "chromium_51", CellsPerGram, Place::Outside => no_mass.replace("joint", "outside").as_str();
    }
    reads! { run; chromium(), Cells, Organ::JOINT, START => Detected(1e6); }
    let late = run.read(&chromium(), Organ::JOINT, &[START, 31.days()]);
    let outside = "744 h is outside the run, which goes from 0 h to 720 h";
    assert!(matches!(late, Err(ObservationError::Solver(e)) if e.to_string() == outside));
}

// Authority: decay schemes. Cr-51 emits no positrons and H-3 no gamma rays.
#[test]
fn a_counter_reads_only_its_kind_of_radiation() {
    let run = muscle(&["chromium_51", "tritium_thymidine"]);
    let (chromium, tritium) = (Label::chromium_51(), Label::tritium_thymidine());
    let refuses = |assay| run.read(&assay, Organ::MUSCLE, &[START]).is_err();
    assert!(refuses(Assay::pet(chromium)) && refuses(Assay::gamma_counter(tritium)));
}
