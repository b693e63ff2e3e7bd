//! Promise: label goes where its cells go, leaves them as the table says, and every unit of it is
//! accounted for in a ledger of its own.
#![allow(clippy::unwrap_used)] // a test may fail loudly

mod hosts;
mod strategies;

use std::f64::consts::LN_2;

use biodist::observation::{Decay, ObservationError};
use biodist::prelude::*;
use biodist::solver::Options;
use hosts::{cells_of, scenarios};
use proptest::prelude::*;
use strategies::config;

const NAMES: [&str; 14] = [
    "indium_111_oxine",
    "indium_111_tropolone",
    "technetium_99m_hmpao",
    "chromium_51",
    "zirconium_89_oxine",
    "zirconium_89_dbn",
    "fluorine_18_fdg",
    "copper_64_ptsm",
    "carbon_14_thymidine",
    "tritium_thymidine",
    "luciferase",
    "alu_dna",
    "sry_dna",
    "iron_oxide",
];

/// Up to three labels, each once.
fn labels() -> impl Strategy<Value = Vec<Label>> {
    prop::sample::subsequence(NAMES.to_vec(), 1..=3)
        .prop_map(|names| names.into_iter().map(Label::new).collect())
}

/// Amounts in the label pools that mirror the cells, beside those of the cells.
fn mirrored(run: &Run, label: usize, state: &[f64]) -> Vec<(f64, f64)> {
    let keys = run.model.atlas.keys();
    let pools = &run.model.atlas.labels()[label];
    let riding = pools.pools().take(keys.len());
    let pairs = riding
        .zip(state)
        .map(|((pool, _), cells)| (*cells, state[pool]));
    pairs.collect()
}

proptest! {
    #![proptest_config(config(24))]

    // Authority: the cells of the doses, of which each carries one unit.
    #[test]
    fn both_ledgers_close(scenario in scenarios(), labels in labels()) {
        let mut scenario = scenario;
        scenario.labels = labels;
        let run = scenario.simulate().unwrap();
        let dose = cells_of(&scenario);
        for time in run.trajectory.times().iter().copied().chain([0.123, 3.21, 50.0]) {
            let cells = run.ledger(time.hours()).unwrap();
            prop_assert!(cells.residual.abs() <= 1e-10);
            for label in &scenario.labels {
                for decay in [Decay::Corrected, Decay::Raw] {
                    let ledger = run.label_ledger(label, time.hours(), decay).unwrap();
                    let sum: f64 = ledger.rows.iter().map(|row| row.cells).sum();
                    prop_assert!((sum - dose).abs() <= 1e-10 * dose, "{label}: {sum} of {dose}");
                    let least = ledger.rows.iter().map(|row| row.cells).fold(0.0, f64::min);
                    prop_assert!(least >= -1e-9 * dose, "{label} {time} h: {least:e}");
                }
            }
        }
    }

    // Authority: the same cells without any label; steps differ, so both are right to the tolerance.
    #[test]
    fn cells_do_not_feel_their_label(scenario in scenarios(), labels in labels()) {
        let options = Options::with_rtol(1e-8);
        let bare = scenario.simulate_with(&options).unwrap();
        let mut scenario = scenario;
        scenario.labels = labels;
        let marked = scenario.simulate_with(&options).unwrap();
        let dose = cells_of(&scenario);
        for (a, b) in bare.trajectory.states().zip(marked.trajectory.states()) {
            for (a, b) in a.iter().zip(b) {
                prop_assert!((a - b).abs() <= 1e-6 * dose, "{a} {b}");
            }
        }
    }

    // Authority: what does not leave its cells is where the cells are.
    #[test]
    fn a_label_that_stays_counts_cells(scenario in scenarios()) {
        let mut scenario = scenario.labelled(Label::sry_dna());
        for state in ["live", "dead", "ingested"] {
            scenario = scenario.with(format!("sry_dna.elution_{state}"), 0.0);
        }
        let run = scenario.simulate_with(&Options::with_rtol(1e-8)).unwrap();
        let dose = cells_of(&scenario);
        for state in run.trajectory.states() {
            for (cells, label) in mirrored(&run, 0, state) {
                prop_assert!((cells - label).abs() <= 1e-6 * dose, "{cells} {label}");
            }
        }
    }
}

/// A million cells that neither move nor die, with a label that leaves them at 0.01 per h.
fn still() -> Scenario {
    Scenario::new(Host::mouse(20.g()))
        .dose(
            Dose::new(1e6.cells(), Product::bone_marrow_msc().viability(1.0))
                .by(Route::intramuscular()),
        )
        .labelled(Label::chromium_51())
        .with("muscle.anchoring", 0.0)
        .with("muscle.washout_rest", 0.0)
        .with("muscle.washout_contraction", 0.0)
        .with("muscle.death_depot", 0.0)
        .with("chromium_51.elution_live", 0.01)
        .with("chromium_51.free_excretion", 0.3)
        .until(60.days())
}

#[test]
fn elution_distribution_and_excretion_by_hand() {
    // Label leaves at k = 0.01; plasma loses it at 0.3 to urine and 0.1 to the liver: Bateman.
    let scenario = still()
        .with("chromium_51.free_to_liver", 0.1)
        .with("chromium_51.bound_loss", 0.0);
    let run = scenario.simulate_with(&Options::with_rtol(1e-9)).unwrap();
    let (k, loss) = (0.01, 0.4);
    for time in [1.0_f64, 10.0, 100.0, 1000.0] {
        let label = Label::chromium_51();
        let ledger = run
            .label_ledger(&label, time.hours(), Decay::Corrected)
            .unwrap();
        let muscle = ledger.viable(Organ::MUSCLE) / 1e6;
        assert!((muscle - (-k * time).exp()).abs() < 1e-7);
        let free =
            |place: Place| ledger.sum(|row| row.place == place && row.state == State::Free) / 1e6;
        let plasma = k / (loss - k) * ((-k * time).exp() - (-loss * time).exp());
        assert!((free(Blood::Venous.into()) - plasma).abs() < 1e-7);
        // A quarter of what has left plasma is bound in the liver, the rest is excreted.
        let gone = 1.0 - (-k * time).exp() - plasma;
        assert!((free(Organ::LIVER.into()) - 0.25 * gone).abs() < 1e-7);
        assert!((ledger.in_state(State::Excreted) / 1e6 - 0.75 * gone).abs() < 1e-7);
    }
}

#[test]
fn what_has_decayed_is_a_row_of_its_own() {
    let run = still().simulate().unwrap();
    // 27.7025 days, the half-life of Cr-51.
    let half_life = 27.7025;
    for days in [1.0, half_life, 50.0] {
        let label = Label::chromium_51();
        let read = |decay| run.label_ledger(&label, days.days(), decay).unwrap();
        let (raw, corrected) = (read(Decay::Raw), read(Decay::Corrected));
        let left = (-LN_2 * days / half_life).exp();
        for (raw, corrected) in raw.rows.iter().zip(&corrected.rows) {
            assert!((raw.cells - left * corrected.cells).abs() < 1e-6);
        }
        assert!((raw.in_state(State::Decayed) - 1e6 * (1.0 - left)).abs() < 1e-3);
        assert!(corrected.in_state(State::Decayed).abs() < 1e-300);
    }
    let half = run.label_ledger(&Label::chromium_51(), half_life.days(), Decay::Raw);
    assert!((half.unwrap().in_state(State::Decayed) - 5e5).abs() < 1.0);
}

#[test]
fn dead_cells_carry_their_label_too() {
    let mut scenario = Scenario::new(Host::mouse(20.g()))
        .dose(Dose::new(
            5e5.cells(),
            Product::bone_marrow_msc().viability(0.0),
        ))
        .labelled(Label::iron_oxide())
        .until(2.days());
    let read = |scenario: &Scenario| {
        let run = scenario.simulate().unwrap();
        let label = run.label_ledger(&Label::iron_oxide(), 24.hours(), Decay::Corrected);
        (run.ledger(24.hours()).unwrap(), label.unwrap())
    };
    let (cells, label) = read(&scenario);
    assert!(cells.viable_in_body().abs() < 1e-9 && label.viable_in_body().abs() < 1e-9);
    // Killed cells go straight to the phagocytes, most of them in the liver.
    assert!(label.remains(Organ::LIVER) > 0.5 * 5e5);
    scenario.doses[0].product.viability = Some(1.0);
    let (_, living) = read(&scenario);
    assert!(living.remains(Organ::LIVER) < label.remains(Organ::LIVER));
}

#[test]
fn labels_stand_in_files_and_faults_are_told() {
    let text = "until = \"1 d\"\nlabels = [\"chromium_51\", \"alu_dna\"]\n[host]\nspecies = \"rat\"\n\
                [[doses]]\namount = \"1e6 cells\"\nproduct = \"rat_msc\"\nroute = \"intravenous\"\n";
    let scenario = Scenario::from_toml(text).unwrap();
    assert_eq!(scenario.labels, [Label::chromium_51(), Label::alu_dna()]);
    let again = Scenario::from_toml(&scenario.to_toml().unwrap()).unwrap();
    assert_eq!(again, scenario);
    let run = scenario.simulate().unwrap();
    let missing = run.label_ledger(&Label::sry_dna(), 1.hours(), Decay::Raw);
    assert!(matches!(missing, Err(ObservationError::NotLabelled { label }) if label == "sry_dna"));
    let late = run.label_ledger(&Label::alu_dna(), 25.hours(), Decay::Raw);
    assert!(matches!(late, Err(ObservationError::Solver(_))));
    let told = |label: Label| {
        let scenario = scenario.clone().labelled(label);
        scenario.simulate().unwrap_err().to_string()
    };
    let twice = told(Label::alu_dna());
    assert!(twice.contains("labels[2] = alu_dna: must be listed once"));
    let unknown = told(Label::new("chromium-51"));
    assert!(unknown.contains("labels[2] = chromium-51: unknown label; near names: chromium_51"));
}
