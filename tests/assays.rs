//! Promise: an instrument reads what it counts, in its unit, above its limit, and nothing else.
#![allow(clippy::unwrap_used)] // a test may fail loudly

mod hosts;
mod strategies;

use std::f64::consts::LN_2;

use biodist::observation::{Assay, ObservationError, Reading, ReadingUnit, Region, Value};
use biodist::prelude::*;
use hosts::scenarios;
use proptest::prelude::*;
use strategies::config;

/// A million living cells that stay in a muscle, with labels that stay in them.
fn still(labels: &[Label]) -> Run {
    let mut scenario = Scenario::new(Host::mouse(20.g()))
        .dose(
            Dose::new(1e6.cells(), Product::bone_marrow_msc().viability(1.0))
                .by(Route::intramuscular()),
        )
        .with("muscle.anchoring", 0.0)
        .with("muscle.washout_rest", 0.0)
        .with("muscle.washout_contraction", 0.0)
        .with("muscle.death_depot", 0.0)
        .until(30.days());
    for label in labels {
        let elution = format!("{}.elution_live", label.name());
        scenario = scenario.labelled(label.clone()).with(elution, 0.0);
    }
    scenario.simulate().unwrap()
}

fn value(run: &Run, assay: &Assay, region: impl Into<Region>, time: Time) -> Value {
    run.read(assay, region, &[time]).unwrap().values[0]
}

fn close(found: Value, wanted: f64) {
    let found = found.detected().unwrap();
    assert!((found / wanted - 1.0).abs() < 1e-9, "{found} {wanted}");
}

/// Muscle of a mouse of 20 g: 38.4 % of it (Brown 1997).
const MUSCLE: f64 = 0.384 * 20.0;

#[test]
fn every_unit_by_hand() {
    let (chromium, alu) = (Label::chromium_51(), Label::alu_dna());
    let run = still(&[chromium.clone(), alu.clone()]);
    let read = |assay: Assay, unit| value(&run, &assay.in_unit(unit), Organ::MUSCLE, 0.hours());
    let gamma = || Assay::gamma_counter(chromium.clone());
    close(read(gamma(), ReadingUnit::Cells), 1e6);
    close(read(gamma(), ReadingUnit::CellsPerGram), 1e6 / MUSCLE);
    close(read(gamma(), ReadingUnit::PercentDose), 100.0);
    close(
        read(gamma(), ReadingUnit::PercentDosePerGram),
        100.0 / MUSCLE,
    );
    // 1 Bq is offered to a cell and a fifth of it taken up; 0.4 counts a decay in a well.
    close(read(gamma(), ReadingUnit::Becquerel), 2e5);
    close(
        read(gamma(), ReadingUnit::CountsPerMinute),
        60.0 * 0.4 * 2e5,
    );
    // A million copies a cell, 2000 ug of DNA in a gram.
    let copies = read(Assay::qpcr(alu), ReadingUnit::CopiesPerMicrogram);
    close(copies, 1e6 * 1e6 / (MUSCLE * 2000.0));
    // One cell in 1250 grows, one in five survives the way into the cytometer.
    close(read(Assay::culture(), ReadingUnit::CellsRecovered), 800.0);
    close(
        read(Assay::flow_cytometry(), ReadingUnit::CellsRecovered),
        2e5,
    );
    close(read(Assay::culture(), ReadingUnit::Cells), 1e6);
}

#[test]
fn decay_raw_and_corrected() {
    let run = still(&[Label::chromium_51()]);
    let counter = Assay::gamma_counter(Label::chromium_51());
    for days in [0.0, 27.7025, 30.0] {
        let left = (-LN_2 * days / 27.7025_f64).exp();
        close(value(&run, &counter, Organ::MUSCLE, days.days()), 1e6);
        let raw = counter.clone().raw();
        close(value(&run, &raw, Organ::MUSCLE, days.days()), 1e6 * left);
    }
}

#[test]
fn below_the_limit_is_not_zero() {
    let run = still(&[Label::chromium_51(), Label::fluorine_18_fdg()]);
    let counter = Assay::gamma_counter(Label::chromium_51());
    // 50 cells; nothing is in the brain.
    let brain = value(&run, &counter, Organ::BRAIN, 0.hours());
    assert_eq!(brain, Value::NotDetected { limit: 50.0 });
    assert_eq!(brain.to_string(), "< 5.0e1");
    let percent = counter.in_unit(ReadingUnit::PercentDose);
    let Value::NotDetected { limit } = value(&run, &percent, Organ::BRAIN, 0.hours()) else {
        unreachable!("nothing is there")
    };
    assert!((limit / 0.005 - 1.0).abs() < 1e-12);
    // F-18 decays below the 10 000 cells of the tomograph after 6.64 half-lives of 1.8295 h.
    let pet = Assay::pet(Label::fluorine_18_fdg());
    let last = 1.8295 * 100.0_f64.log2();
    close(value(&run, &pet, Organ::MUSCLE, (last - 0.01).hours()), 1e6);
    let after = value(&run, &pet, Organ::MUSCLE, (last + 0.01).hours());
    let Value::NotDetected { limit } = after else {
        unreachable!("too little is left")
    };
    // Corrected for decay, the limit is what could not have been seen.
    assert!((limit / 1e6 - 1.0).abs() < 0.01, "{limit}");
}

#[test]
fn limits_of_sequences_grow_with_the_tissue_and_those_of_culture_with_its_losses() {
    let run = still(&[Label::alu_dna()]);
    let limit = |assay: Assay, organ: Organ| match value(&run, &assay, organ, 1.hours()) {
        Value::NotDetected { limit } => limit,
        Value::Detected(cells) => unreachable!("{cells}"),
    };
    // 1e-5 of 3.3e8 cells a gram; a brain of 1.65 % and a kidney of 1.67 % of 20 g (Brown 1997).
    let brain = limit(Assay::qpcr(Label::alu_dna()), Organ::BRAIN);
    assert!((brain / (1e-5 * 3.3e8 * 0.0165 * 20.0) - 1.0).abs() < 1e-9);
    let digital = limit(Assay::ddpcr(Label::alu_dna()), Organ::BRAIN);
    assert!((brain / digital - 10.0).abs() < 1e-9);
    // One colony: 1250 living cells.
    assert!((limit(Assay::culture(), Organ::KIDNEY) - 1250.0).abs() < 1e-9);
}

#[test]
fn rinsing_takes_the_blood_and_leaves_the_rest() {
    let run = Scenario::new(Host::mouse(20.g()))
        .dose(Dose::new(1e6.cells(), Product::new("lymphocytes")))
        .labelled(Label::chromium_51())
        .with("gamma_counter.limit", 0.0)
        .until(1.days())
        .simulate()
        .unwrap();
    let counter = Assay::gamma_counter(Label::chromium_51());
    for time in [0.5.minutes(), 1.hours()] {
        let whole = value(&run, &counter, Organ::BRAIN, time)
            .detected()
            .unwrap();
        let rinsed = value(&run, &counter.clone().rinsed(), Organ::BRAIN, time);
        let rinsed = rinsed.detected().unwrap();
        let ledger = run.ledger(time).unwrap();
        let place = Place::Organ(Organ::BRAIN);
        let vascular = ledger.sum(|r| r.place == place && r.state == State::Vascular);
        assert!(vascular > 0.0 && rinsed < whole);
        // Label follows the cells closely in so short a time; some is in debris of blood.
        assert!((whole - rinsed) >= 0.98 * vascular);
    }
}

proptest! {
    #![proptest_config(config(48))]

    // Authority: the parts of a body are the body.
    #[test]
    fn organs_and_bloods_sum_to_the_body(scenario in scenarios(), time in 0.01..72.0_f64) {
        let scenario = scenario.labelled(Label::indium_111_oxine()).with("gamma_counter.limit", 0.0);
        let run = scenario.simulate().unwrap();
        let counter = Assay::gamma_counter(Label::indium_111_oxine());
        let read = |region: Region| {
            value(&run, &counter, region, time.hours()).detected().unwrap_or(0.0)
        };
        let places = run.model.atlas.places().into_iter().filter(|p| *p != Place::Outside);
        let sum: f64 = places.map(|place| read(place.into())).sum();
        let body = read(Region::Body);
        prop_assert!((sum - body).abs() <= 1e-9 * hosts::cells_of(&scenario), "{sum} {body}");
    }
}

#[test]
fn each_counts_what_it_counts() {
    // A day after a vein: living cells in the lung, remains in phagocytes of the liver.
    let mut scenario = Scenario::new(Host::mouse(20.g()))
        .dose(Dose::new(5e6.cells(), Product::bone_marrow_msc()))
        .with("culture.limit", 0.0)
        .with("luminescence.limit", 0.0)
        .until(2.days());
    for label in [Label::luciferase(), Label::iron_oxide()] {
        scenario = scenario.labelled(label);
    }
    let run = scenario.simulate().unwrap();
    let ledger = run.ledger(24.hours()).unwrap();
    let read = |assay: &Assay, organ: Organ| {
        let found = value(&run, &assay.clone().rinsed(), organ, 24.hours());
        found.detected().unwrap_or(0.0)
    };
    let culture = read(&Assay::culture(), Organ::LUNG);
    let place = Place::Organ(Organ::LUNG);
    let living = ledger.viable(place.clone())
        - ledger.sum(|r| r.place == place && r.state == State::Vascular);
    assert!((culture / living - 1.0).abs() < 1e-9);
    // Iron in phagocytes is read, light is not.
    let liver = ledger.remains(Organ::LIVER);
    assert!(read(&Assay::mri(), Organ::LIVER) > 0.9 * liver);
    assert!(read(&Assay::luminescence(), Organ::LIVER) < 0.05 * liver);
}

#[test]
fn noise_has_the_spread_of_the_table_and_a_seed() {
    let run = still(&[Label::chromium_51()]);
    let counter = Assay::gamma_counter(Label::chromium_51());
    let times: Vec<Time> = (0..4000).map(|k| (f64::from(k) / 100.0).hours()).collect();
    let noisy = |assay: &Assay| -> Vec<f64> {
        let reading: Reading = run.read(assay, Organ::MUSCLE, &times).unwrap();
        let values = reading.values.iter();
        values.map(|v| v.detected().unwrap() / 1e6).collect()
    };
    let values = noisy(&counter.clone().with_noise(7));
    let mean = values.iter().sum::<f64>() / 4000.0;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 3999.0;
    // 5 % in the table: the mean of 4000 is known to 0.08 %, the spread to 1.1 %.
    assert!((mean - 1.0).abs() < 5.0 * 0.0008, "{mean}");
    assert!((variance.sqrt() / 0.05 - 1.0).abs() < 5.0 * 0.012);
    let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&values), bits(&noisy(&counter.clone().with_noise(7))));
    assert_ne!(bits(&values), bits(&noisy(&counter.clone().with_noise(8))));
    assert!(noisy(&counter).iter().all(|v| (v - 1.0).abs() < 1e-9));
}

#[test]
fn what_cannot_be_read_is_refused() {
    let run = still(&[Label::chromium_51(), Label::alu_dna()]);
    let told = |assay: Assay| {
        let error = run.read(&assay, Organ::MUSCLE, &[1.hours()]).unwrap_err();
        error.to_string()
    };
    let chromium = || Some(Label::chromium_51());
    let text = told(Assay::new("gama_counter", chromium()));
    assert!(text.starts_with("there is no assay 'gama_counter'; near names: gamma_counter"));
    for (assay, wanted) in [
        (
            Assay::pet(Label::alu_dna()),
            "'pet' reads a radioactive label, not alu_dna",
        ),
        (
            Assay::new("luminescence", chromium()),
            "'luminescence' reads luciferase, not chromium_51",
        ),
        (
            Assay::qpcr(Label::chromium_51()),
            "'qpcr' reads a donor sequence: alu_dna or sry_dna, not chromium_51",
        ),
        (
            Assay::new("mri", None),
            "'mri' reads iron_oxide, not no label",
        ),
        (
            Assay::new("culture", chromium()),
            "'culture' reads no label, not chromium_51",
        ),
        (
            Assay::qpcr(Label::alu_dna()).in_unit(ReadingUnit::Becquerel),
            "'qpcr' cannot be stated in Bq: this needs a radioactive label",
        ),
        (
            Assay::gamma_counter(Label::chromium_51()).in_unit(ReadingUnit::CellsRecovered),
            "'gamma_counter' cannot be stated in cells recovered: this needs culture or flow cytometry",
        ),
        (
            Assay::gamma_counter(Label::indium_111_oxine()),
            "the cells carry no 'indium_111_oxine'; add it with Scenario::labelled",
        ),
    ] {
        assert_eq!(told(assay), wanted);
    }
    let counter = Assay::gamma_counter(Label::chromium_51());
    let read = |region: Organ, time: Time| run.read(&counter, region, &[time]);
    assert!(matches!(
        read(Organ::new("brian"), 1.hours()),
        Err(ObservationError::UnknownPlace { .. })
    ));
    assert!(matches!(
        read(Organ::MUSCLE, 31.days()),
        Err(ObservationError::Solver(_))
    ));
}
