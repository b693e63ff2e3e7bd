//! Promise: label goes where its cells go, leaves them as the table says, and every unit of it is
//! accounted for in a ledger of its own.
#![allow(clippy::unwrap_used)] // a test may fail loudly

mod hosts;
mod strategies;

use biodist::assembly::AssemblyError;
use biodist::data::Parameters;
use biodist::ledger::LedgerRow;
use biodist::network::RateLaw;
use biodist::observation::{Assay, Decay, ObservationError, Region};
use biodist::organ::{OrganModule, Wiring, WiringError, standard};
use biodist::prelude::*;
use biodist::scenario::Response;
use biodist::solver::Options;
use diffsol::{FaerSparseLU, MatrixCommon, OdeSolverMethod};
use hosts::{cells_of, scenarios};
use proptest::prelude::*;
use strategies::{Plan, config};

/// Every label with its half-life, h: nuclide tables; those without one do not decay.
const LABELS: [(&str, f64); 14] = [
    ("indium_111_oxine", 67.2),
    ("indium_111_tropolone", 67.2),
    ("technetium_99m_hmpao", 6.02),
    ("chromium_51", 27.7025 * 24.0),
    ("zirconium_89_oxine", 78.4),
    ("zirconium_89_dbn", 78.4),
    ("fluorine_18_fdg", 109.77 / 60.0),
    ("copper_64_ptsm", 12.701),
    ("carbon_14_thymidine", 5.0229e7), // 5730 years
    ("tritium_thymidine", 108_080.0),  // 12.33 years
    ("luciferase", f64::INFINITY),
    ("alu_dna", f64::INFINITY),
    ("sry_dna", f64::INFINITY),
    ("iron_oxide", f64::INFINITY),
];

/// One to three labels, each once.
fn labels() -> impl Strategy<Value = Vec<Label>> {
    let labels = LABELS.map(|(name, _)| Label::new(name)).to_vec();
    prop::sample::subsequence(labels, 1..=3)
}

/// The scenario with the same rate of elution from living cells, remains and phagocytes.
fn eluting(mut scenario: Scenario, rate: f64) -> Scenario {
    for label in scenario.labels.clone() {
        for state in ["live", "dead", "ingested"] {
            scenario = scenario.with(format!("{}.elution_{state}", label.name()), rate);
        }
    }
    scenario
}

/// How far label pools are from `exp(-rate t)` of their cells; outside, only without elution.
fn apart(run: &Run, rate: f64) -> f64 {
    let (keys, mut worst) = (run.model.atlas.keys(), 0.0_f64);
    for (time, state) in run.trajectory.times().iter().zip(run.trajectory.states()) {
        for pools in run.model.atlas.labels() {
            for (cells, (pool, key)) in state.iter().zip(pools.pools().take(keys.len())) {
                if rate > 0.0 && key.place == Place::Outside {
                    continue;
                }
                let d = ((-rate * time).exp() * cells - state[pool]).abs();
                worst = if d > worst || d.is_nan() { d } else { worst };
            }
        }
    }
    worst
}

proptest! {
    #![proptest_config(config(24))]

    // Authority: the cells of the doses, of which each carries one unit of each label.
    #[test]
    fn both_ledgers_close(scenario in scenarios(), labels in labels()) {
        let scenario = Scenario { labels, ..scenario };
        let run = scenario.simulate().unwrap();
        let dose = cells_of(&scenario);
        for time in run.trajectory.times().iter().copied().chain([0.123, 3.21, 50.0]) {
            prop_assert!(run.ledger(time.hours()).unwrap().residual.abs() <= 1e-10);
            for label in &scenario.labels {
                for decay in [Decay::Corrected, Decay::Raw] {
                    let ledger = run.label_ledger(label, time.hours(), decay).unwrap();
                    let sum: f64 = ledger.rows.iter().map(|row| row.cells).sum();
                    prop_assert!((sum - dose).abs() <= 1e-10 * dose, "{label}: {sum} of {dose}");
                }
            }
        }
        // Ten times the absolute tolerance, 1e-6 of rtol = 1e-6, of all that the network holds.
        let slack = 10.0 * 1e-12 * dose * (1.0 + scenario.labels.len() as f64);
        for state in run.trajectory.states() {
            for (pool, key) in run.model.atlas.labels().iter().flat_map(|pools| pools.pools()) {
                prop_assert!(state[pool] >= -slack, "{:e} in {key:?}", state[pool]);
            }
        }
    }
}

proptest! {
    #![proptest_config(config(12))]

    // Authority: the same cells without any label. Not to the bit: the step control minds the
    // pools of the label too, so the steps differ, and either run is right to its tolerance only.
    #[test]
    fn cells_do_not_feel_their_label(scenario in scenarios(), labels in labels()) {
        let marked = Scenario { labels, ..scenario.clone() };
        let run = |s: &Scenario| s.simulate_with(&Options::with_rtol(1e-8)).unwrap();
        let (bare, marked) = (run(&scenario), run(&marked));
        prop_assert_eq!(bare.model.atlas.keys(), marked.model.atlas.keys());
        let dose = cells_of(&scenario);
        for (a, b) in bare.trajectory.states().zip(marked.trajectory.states()) {
            for (a, b) in a.iter().zip(b) {
                prop_assert!((a - b).abs() <= 1e-7 * dose, "{a} {b}");
            }
        }
    }

    // Authority: label that leaves all cells and remains at the rate k is exp(-k t) of them, pool by
    // pool, after one bolus at time zero, however crowded vessels and phagocytes are and whether or
    // not the host lyses. Label that stays is where its cells are after any doses.
    #[test]
    fn label_rides_in_proportion_to_its_cells(
        scenario in scenarios(),
        labels in labels(),
        response in prop::option::of(Just(Response::Feedback)),
        rate in prop_oneof![Just(0.0), 0.01..0.3_f64],
    ) {
        let mut scenario = eluting(Scenario { labels, response, ..scenario }, rate);
        if rate > 0.0 {
            scenario.doses.truncate(1);
            let dose = &mut scenario.doses[0];
            (dose.at, dose.lag, dose.over, dose.repeat) = (0.hours(), 0.hours(), 0.hours(), None);
        }
        let run = scenario.simulate_with(&Options::with_rtol(1e-8)).unwrap();
        let apart = apart(&run, rate) / cells_of(&scenario);
        prop_assert!(apart <= 1e-7, "{apart:e} of the dose");
    }
}

/// A million living or dead cells in a muscle, which neither move nor die.
fn still(label: Label, viability: f64) -> Scenario {
    let product = Product::bone_marrow_msc().viability(viability);
    let scenario = Scenario::new(Host::mouse(20.g()))
        .dose(Dose::new(1e6.cells(), product).by(Route::intramuscular()))
        .labelled(label)
        .without_saturation()
        .until(60.days());
    let ways = "anchoring washout_rest washout_contraction leak death_depot mobilisation";
    let off = |scenario: Scenario, way| scenario.with(format!("muscle.{way}"), 0.0);
    ways.split(' ').fold(scenario, off)
}

/// Label in a place and a state at a time, as a share of the dose.
fn share(run: &Run, place: impl Into<Place>, state: State, hours: f64) -> f64 {
    let (place, label) = (place.into(), &run.model.scenario.labels[0]);
    let ledger = run.label_ledger(label, hours.hours(), Decay::Corrected);
    let here = |row: &LedgerRow| row.place == place && row.state == state;
    ledger.unwrap().sum(here) / 1e6
}

/// What an assay finds in a region.
fn found(run: &Run, assay: &Assay, region: impl Into<Region>, hours: f64) -> Option<f64> {
    let reading = run.read(assay, region, &[hours.hours()]);
    reading.unwrap().values[0].detected()
}

/// The last pool of a chain in which every pool is left at a rate of `out` and passed on at one of
/// `on`, after a start of 1 in the first: Bateman (1910).
fn bateman(on: &[f64], out: &[f64], t: f64) -> f64 {
    let term = |i: usize| {
        let others = (0..out.len()).filter(|j| *j != i);
        let product: f64 = others.map(|j| out[j] - out[i]).product();
        (-out[i] * t).exp() / product
    };
    on.iter().product::<f64>() * (0..out.len()).map(term).sum::<f64>()
}

#[test]
fn elution_distribution_and_excretion_by_hand() {
    // From cells at 0.01 to plasma; from there to urine at 0.3, to liver at 0.1, to spleen at 0.08.
    for loss in [0.0, 0.02] {
        let scenario = still(Label::chromium_51(), 1.0)
            .with("chromium_51.elution_live", 0.01)
            .with("chromium_51.free_excretion", 0.3)
            .with("chromium_51.free_to_liver", 0.1)
            .with("chromium_51.free_to_spleen", 0.08)
            .with("chromium_51.bound_loss", loss);
        let run = scenario.simulate_with(&Options::with_rtol(1e-9)).unwrap();
        let (k, all) = (0.01, 0.3 + 0.1 + 0.08);
        for t in [0.0_f64, 1.0, 10.0, 100.0, 1000.0] {
            let expect = |place: Place, state, wanted: f64| {
                let found = share(&run, place.clone(), state, t);
                assert!((found - wanted).abs() < 1e-7, "{place} {t} h: {found}");
            };
            let bound = |to| bateman(&[k, to], &[k, all, loss], t);
            let (cells, plasma) = ((-k * t).exp(), bateman(&[k], &[k, all], t));
            expect(Organ::MUSCLE.into(), State::Depot, cells);
            expect(Blood::Venous.into(), State::Free, plasma);
            expect(Organ::LIVER.into(), State::Free, bound(0.1));
            expect(Organ::SPLEEN.into(), State::Free, bound(0.08));
            let left = 1.0 - cells - plasma - bound(0.1) - bound(0.08);
            expect(Place::Outside, State::Excreted, left);
        }
        // In the end: what organs keep for ever is the rest of what urine has got.
        let shares = if loss > 0.0 { 1.0 } else { 0.3 / all };
        let end = share(&run, Place::Outside, State::Excreted, 1440.0);
        assert!((end - shares).abs() < 2e-6, "{end}");
    }
}

#[test]
fn label_leaves_remains_and_phagocytes_by_hand() {
    // Remains: taken up at 0.02 and eluted at 0.05; in phagocytes: eliminated at 0.004, eluted at 0.03.
    let run = still(Label::alu_dna(), 0.0)
        .with("muscle.ingestion", 0.02)
        .with("muscle.ingested_elimination", 0.004)
        .with("alu_dna.elution_dead", 0.05)
        .with("alu_dna.elution_ingested", 0.03)
        .with("alu_dna.free_excretion", 0.6)
        .simulate_with(&Options::with_rtol(1e-9));
    let run = run.unwrap();
    for t in [1.0_f64, 10.0, 100.0] {
        let eaten = bateman(&[0.02], &[0.07, 0.034], t);
        let free =
            bateman(&[0.05], &[0.07, 0.6], t) + bateman(&[0.02, 0.03], &[0.07, 0.034, 0.6], t);
        assert!((share(&run, Organ::MUSCLE, State::Debris, t) - (-0.07 * t).exp()).abs() < 1e-7);
        assert!((share(&run, Organ::MUSCLE, State::Ingested, t) - eaten).abs() < 1e-7);
        assert!((share(&run, Blood::Venous, State::Free, t) - free).abs() < 1e-7);
        // The cells themselves have lost nothing to plasma.
        let cells = run.ledger(t.hours()).unwrap().in_state(State::Ingested) / 1e6;
        assert!((cells - bateman(&[0.02], &[0.02, 0.004], t)).abs() < 1e-7);
    }
}

#[test]
fn nothing_leaves_a_syringe_but_time_passes_in_it() {
    // Given from hour 10 to 14; label leaves living cells only, decay counts from time zero.
    let mut scenario = still(Label::technetium_99m_hmpao(), 1.0);
    scenario.doses[0] = scenario.doses[0].clone().at(10.hours()).over(4.hours());
    let run = scenario.simulate().unwrap();
    for (hours, waiting) in [(0.0, 1.0), (9.0, 1.0), (12.0, 0.5), (14.0, 0.0)] {
        let syringe = share(&run, Place::Outside, State::Syringe, hours);
        assert!((syringe - waiting).abs() < 1e-9, "{hours} h");
        let raw = run.label_ledger(&scenario.labels[0], hours.hours(), Decay::Raw);
        let left = 1.0 - raw.unwrap().in_state(State::Decayed) / 1e6;
        assert!((left - 2.0_f64.powf(-hours / 6.02)).abs() < 1e-9);
    }
}

// Authority: the half-lives of nuclide tables, and that half is left after one.
#[test]
fn raw_is_corrected_less_what_has_decayed() {
    let tables = Parameters::for_host("mouse", None);
    assert_eq!(tables.unwrap().labels().count(), LABELS.len());
    for (name, half_life) in LABELS {
        let label = Label::new(name);
        let run = still(label.clone(), 1.0).simulate().unwrap();
        let beta = name.ends_with("thymidine");
        let instrument = if beta {
            "liquid_scintillation"
        } else {
            "gamma_counter"
        };
        let counter = Assay::new(instrument, Some(label.clone()));
        for hours in [0.0, half_life.min(1440.0)] {
            let read = |decay| run.label_ledger(&label, hours.hours(), decay).unwrap();
            let (raw, corrected) = (read(Decay::Raw), read(Decay::Corrected));
            let left = 2.0_f64.powf(-hours / half_life);
            for (raw, corrected) in raw.rows.iter().zip(&corrected.rows) {
                assert!((raw.cells - left * corrected.cells).abs() < 1e-3, "{label}");
            }
            let gone = raw.in_state(State::Decayed) / 1e6;
            assert!((gone - (1.0 - left)).abs() < 1e-9, "{label}: {gone}");
            if half_life.is_finite() {
                let read = |assay| found(&run, assay, Region::Body, hours).unwrap();
                let ratio = read(&counter.clone().raw()) / read(&counter);
                assert!((ratio - left).abs() < 1e-9, "{label}: {ratio}");
            }
        }
    }
}

// Authority: diffsol (BDF), on the rates of the documentation, written a second time.
#[test]
fn a_second_program_agrees_on_a_labelled_mouse() {
    let times = [0.001, 0.01, 0.1, 1.0, 6.0, 24.0, 72.0, 240.0];
    let scenario = Scenario::new(Host::mouse(25.g()))
        .dose(Dose::new(5e6.cells(), Product::bone_marrow_msc()))
        .dose(Dose::new(1e6.cells(), Product::new("mapc")).by(Route::renal_artery()))
        .labelled(Label::copper_64_ptsm())
        .labelled(Label::luciferase())
        .labelled(Label::iron_oxide())
        .with("lung.lodging_capacity", 2e7)
        .with("tissue.phagocyte_capacity", 1e5)
        .report_at(times.map(|t| t.hours()));
    let model = scenario.assemble().unwrap();
    let run = model.simulate(&Options::with_rtol(1e-9)).unwrap();
    let mut plan = Plan::from_json(&model.network.to_file(&[]).to_json());
    plan.initial = model.start();
    let problem = diffsol_problem!(plan, 1e-10, 1e-13 * plan.total());
    let mut solver = problem.bdf::<FaerSparseLU<f64>>().unwrap();
    let (other, _) = solver.solve_dense(&times).unwrap();
    for (k, (time, state)) in times.iter().zip(run.trajectory.states()).enumerate() {
        for (pool, amount) in state.iter().enumerate() {
            let apart = (amount - other.inner()[(pool, k)]).abs() / 6e6;
            assert!(apart < 1e-6, "pool {pool} at {time} h: {apart:e}");
        }
    }
}

#[test]
fn dead_cells_carry_their_label_and_do_not_grow() {
    let killed = Product::bone_marrow_msc().viability(0.0);
    let scenario = Scenario::new(Host::mouse(20.g())).dose(Dose::new(5e5.cells(), killed));
    let run = scenario.labelled(Label::chromium_51()).simulate().unwrap();
    let counter = Assay::gamma_counter(Label::chromium_51());
    // The organs whose phagocytes take remains out of the blood that passes.
    for organ in [Organ::LUNG, Organ::LIVER, Organ::SPLEEN] {
        assert!(found(&run, &counter, organ.clone(), 24.0).is_some());
        assert!(found(&run, &Assay::culture(), organ, 24.0).is_none());
    }
    assert!(run.ledger(24.hours()).unwrap().viable_in_body().abs() < 1e-9);
}

/// A wounded muscle that loses resident cells by a law of its own.
struct Wound(fn(&mut Wiring<'_>) -> RateLaw);

impl OrganModule for Wound {
    fn organ(&self) -> Organ {
        Organ::MUSCLE
    }

    fn wire(&self, wiring: &mut Wiring<'_>) -> Result<(), WiringError> {
        standard(&self.organ()).wire(wiring)?;
        let resident = wiring.all_viable(self.organ(), State::Resident)[0];
        let gone = wiring.remains(Place::Outside, State::Excreted, 0);
        let law = (self.0)(wiring);
        wiring.transfer("wound.exudate", resident, gone, law);
        Ok(())
    }
}

fn wounded() -> Scenario {
    let cells = Dose::new(1e6.cells(), Product::new("rat_msc"));
    Scenario::new(Host::rat(250.g())).dose(cells.by(Route::intramuscular()))
}

#[test]
fn a_label_cannot_follow_a_pump_of_the_users_own() {
    let pump = Wound(|wiring| RateLaw::Steady {
        constant: 1.0,
        parameter: wiring.network_parameter("exudate", 10.0),
    });
    assert!(wounded().assemble_with(&[&pump]).is_ok());
    let refused = wounded().labelled(Label::alu_dna()).assemble_with(&[&pump]);
    let Err(AssemblyError::LabelPump { transfer, label }) = refused else {
        unreachable!("a pump was taken");
    };
    assert_eq!((&*transfer, &*label), ("wound.exudate", "alu_dna"));
}

// Authority: label that leaves all at one rate is where the cells are, whatever the law of a module.
#[test]
fn a_label_follows_a_saturable_law_of_the_users_own() {
    let module = Wound(|wiring| RateLaw::MichaelisMenten {
        constant: 2.0,
        vmax: wiring.network_parameter("vmax", 5e4),
        km: wiring.network_parameter("km", 2e5),
        competitors: wiring.all_viable(Organ::MUSCLE, State::Lodged),
    });
    let scenario = eluting(wounded().labelled(Label::chromium_51()), 0.05);
    let model = scenario.assemble_with(&[&module]).unwrap();
    let run = model.simulate(&Options::with_rtol(1e-9)).unwrap();
    let gone = run.ledger(1.days()).unwrap().in_state(State::Excreted);
    assert!(gone > 1e5, "the law does nothing: {gone}");
    assert!(apart(&run, 0.05) < 1e-7 * 1e6, "{}", apart(&run, 0.05));
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
    let ask = |label, time| run.label_ledger(&label, time, Decay::Raw).unwrap_err();
    let late = ask(Label::alu_dna(), 25.hours());
    let missing = ask(Label::sry_dna(), 1.hours());
    assert!(matches!(missing, ObservationError::NotLabelled { label } if label == "sry_dna"));
    assert!(matches!(late, ObservationError::Solver(_)));
    let told = |label: &str| {
        let faulty = scenario.clone().labelled(Label::new(label));
        faulty.check().unwrap_err().to_string()
    };
    assert!(told("alu_dna").ends_with("\n  labels[2] = alu_dna: must be listed once"));
    let unknown = "\n  labels[2] = chromium-51: unknown label; near names: chromium_51, ";
    assert!(told("chromium-51").contains(unknown));
    assert!(told("label").contains("labels[2] = label: unknown label; near names: "));
}
