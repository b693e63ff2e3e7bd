//! Promise: what the model says in the place of a measurement is what a run says, and its slopes are those of
//! small changes.
#![allow(clippy::unwrap_used, clippy::too_many_lines)] // a test here is a table

use approx::assert_relative_eq;
use biodist::evidence::{
    Content, ErrorModel, Evidence, Experiment, Finding, Input, Measure, Split, gaps, published,
};
use biodist::fit::{Fit, Unknown};
use biodist::observation::Assay;
use biodist::prelude::*;
use biodist::solver::Options;

fn named(name: &str) -> &'static Experiment {
    let all = &published().unwrap().experiments;
    all.iter()
        .find(|experiment| experiment.name == name)
        .unwrap()
}

#[test]
fn every_published_row_is_answered_with_a_number() {
    let evidence = published().unwrap();
    let (mut fitted, mut kept) = (0, 0);
    for experiment in &evidence.experiments {
        let told = experiment.predict(&[]).unwrap();
        assert_eq!(told.values.len(), experiment.data.len());
        for (datum, value) in experiment.data.iter().zip(&told.values) {
            assert!(
                value.is_finite(),
                "{}: {}: {value}",
                experiment.name,
                datum.name
            );
            let counts = datum.split == Split::Calibration;
            fitted += i32::from(counts);
            kept += i32::from(!counts);
        }
    }
    assert_eq!((fitted, kept), (35, 25));
    // Nothing stands on both sides, and each side keeps its rows.
    let rows = |split| {
        evidence
            .only(split)
            .iter()
            .map(|e| e.data.len())
            .sum::<usize>()
    };
    assert_eq!(
        (rows(Split::Calibration), rows(Split::Validation)),
        (35, 25)
    );
}

/// A mouse with a label, three measures of it, and the same by hand from a run.
#[test]
fn predictions_are_what_a_run_says() {
    let scenario = Scenario::new(Host::mouse(20.g()))
        .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
        .labelled(Label::new("chromium_51"))
        .until(2.days());
    let assay = Assay::gamma_counter(Label::new("chromium_51"));
    let cells = |places: &[&str], content, hours: f64, percent_dose| Measure::Cells {
        places: places.iter().map(|place| (*place).to_string()).collect(),
        content,
        time: Time::new(hours),
        percent_dose,
    };
    let reading = |place: &str, hours: f64| Measure::Reading {
        assay: assay.clone(),
        places: vec![place.to_string()],
        time: Time::new(hours),
    };
    let measures = [
        cells(&["lung"], Content::Viable, 6.0, false),
        cells(&["liver", "spleen"], Content::All, 24.0, true),
        cells(&["body"], Content::Remains, 24.0, false),
        reading("lung", 1.0),
        Measure::Ratio {
            of: Box::new(reading("liver", 24.0)),
            to: Box::new(reading("lung", 24.0)),
        },
        Measure::HalfLife {
            from: Box::new(cells(&["lung"], Content::Viable, 2.0, false)),
            to: Box::new(cells(&["lung"], Content::Viable, 20.0, false)),
        },
    ];
    let datum = |measure: &Measure| biodist::evidence::Datum {
        name: "by hand".to_string(),
        found: Finding::Value(1.0),
        error: ErrorModel::Cv(0.1),
        measure: measure.clone(),
        split: Split::Calibration,
        note: String::new(),
    };
    let experiment = Experiment {
        name: "by hand".to_string(),
        source: "this test".to_string(),
        scenario: scenario.clone(),
        control: None,
        data: measures.iter().map(datum).collect(),
        note: String::new(),
    };
    let told = experiment.predict(&[]).unwrap().values;
    let run = scenario.simulate_with(&Options::with_rtol(1e-7)).unwrap();
    let viable = |organ: Organ, hours: f64| run.ledger(Time::new(hours)).unwrap().viable(organ);
    let day = run.ledger(24.hours()).unwrap();
    let all = |organ: Organ| day.viable(organ.clone()) + day.remains(organ);
    let read = |organ: Organ, hours: f64| {
        let reading = run.read(&assay, organ, &[Time::new(hours)]).unwrap();
        reading.values[0].detected().unwrap()
    };
    let (early, late) = (viable(Organ::LUNG, 2.0), viable(Organ::LUNG, 20.0));
    let wanted = [
        viable(Organ::LUNG, 6.0),
        100.0 * (all(Organ::LIVER) + all(Organ::SPLEEN)) / day.dose,
        day.places()
            .into_iter()
            .map(|place| day.remains(place))
            .sum(),
        read(Organ::LUNG, 1.0),
        read(Organ::LIVER, 24.0) / read(Organ::LUNG, 24.0),
        18.0 * std::f64::consts::LN_2 / (early / late).ln(),
    ];
    for (found, wanted) in told.iter().zip(wanted) {
        assert_relative_eq!(*found, wanted, max_relative = 1e-5);
    }
}

// Slopes are on the scale of the inputs: here on that of the standard scores of the registry's spreads.
#[test]
fn slopes_are_those_of_small_changes() {
    for (name, ids) in [
        (
            "Cells injected into the beating rat heart",
            [
                "tissue.washout_contraction",
                "tissue.anchoring",
                "rat_msc.viability",
            ],
        ),
        (
            "MSC marked with C-14 into a vein of the mouse",
            [
                "tissue.mobilisation",
                "carbon_14_thymidine.elution_dead",
                "lung.adhesion",
            ],
        ),
        (
            "MSC into a joint against a vein of the mouse",
            [
                "joint.washout_rest",
                "tissue.release",
                "blood.complement_share",
            ],
        ),
        (
            "Rigid spheres of 10 against 15 um in the mouse lung",
            ["lung.sieve_diameter", "lung.sieve_spread", "tissue.release"],
        ),
    ] {
        let experiment = named(name).clone();
        let unknowns: Vec<Unknown> = ids.iter().map(|id| Unknown::new(*id)).collect();
        let fit = Fit::new(vec![experiment.clone()], unknowns).unwrap();
        let inputs = |moved: Option<(usize, f64)>| -> Vec<Input> {
            let one = |k: usize| {
                let score = moved
                    .filter(|(other, _)| *other == k)
                    .map_or(0.0, |(_, h)| h);
                Input {
                    around: [fit.value(k, score - 1e-4), fit.value(k, score + 1e-4)],
                    step: 2e-4,
                    ..Input::new(ids[k], fit.value(k, score))
                }
            };
            (0..ids.len()).map(one).collect()
        };
        let told = experiment.predict_with_slopes(&inputs(None)).unwrap();
        let plain = experiment.predict(&inputs(None)).unwrap();
        for (k, id) in ids.iter().enumerate() {
            let side = |h: f64| experiment.predict(&inputs(Some((k, h)))).unwrap().values;
            let (low, high) = (side(-1e-2), side(1e-2));
            for (d, value) in told.values.iter().enumerate() {
                assert_relative_eq!(*value, plain.values[d], max_relative = 1e-6);
                let wanted = (high[d] - low[d]) / 2e-2;
                let error = (told.slopes[d][k] - wanted).abs();
                assert!(
                    error < 1e-3 * (wanted.abs() + value.abs()),
                    "{name}: {id} {wanted}"
                );
            }
        }
    }
}

#[test]
fn wrong_experiments_are_refused_with_a_reason() {
    let with = |datum: &str| {
        let text = format!(
            "[[experiment]]\nname = 'mine'\nsource = 'mine'\n\
             scenario = {{ until = '1 h', host = {{ species = 'mouse' }}, doses = [{{ amount = '1e5 cells', product = 'bone_marrow_msc', route = 'intravenous' }}] }}\n\
             [[experiment.data]]\nname = 'in the lung'\nsplit = 'calibration'\n{datum}"
        );
        let read = Evidence::from_toml(&text);
        read.and_then(|read| read.experiments[0].predict(&[]).map(|_| ()))
            .expect_err(datum)
            .to_string()
    };
    let lung = "measure = { what = 'cells', places = ['lung'], time = '1 h' }";
    let value = "found = { value = 3.0 }\nerror = { sd = 1.0 }";
    for (datum, wanted) in [
        (
            format!("found = {{ value = 3.0 }}\nerror = {{ sd = 0.0 }}\n{lung}"),
            "in the lung: sd = 0: must be finite and more than 0",
        ),
        (
            format!("found = {{ value = 3.0 }}\nerror = {{ gsd = 1.0 }}\n{lung}"),
            "gsd = 1: must be finite and more than 1",
        ),
        (
            format!("found = {{ between = [3.0, 2.0] }}\nerror = {{ sd = 1.0 }}\n{lung}"),
            "between = 2: must be more than the lower end",
        ),
        (
            format!("found = {{ value = -3.0 }}\nerror = {{ gsd = 2.0 }}\n{lung}"),
            "found = -3",
        ),
        (
            format!("found = {{ value = nan }}\nerror = {{ sd = 2.0 }}\n{lung}"),
            "found = NaN",
        ),
        (
            format!(
                "found = {{ positive = {{ animals = 11, of = 10, limit = 1.0 }} }}\nerror = {{ gsd = 2.0 }}\n{lung}"
            ),
            "animals = 11",
        ),
        (
            format!("{value}\nmeasure = {{ what = 'cells', places = ['lungs'], time = '1 h' }}"),
            "lung",
        ),
        (
            format!("{value}\nmeasure = {{ what = 'cells', places = ['lung'], time = '2 h' }}"),
            "in the lung: time = 2: must be in h, from 0 to the end of its scenarios",
        ),
        (
            format!("{value}\nmeasure = {{ what = 'guess', places = ['lung'], time = '1 h' }}"),
            "line",
        ),
        (
            format!(
                "{value}\nmeasure = {{ what = 'relative', of = {{ what = 'cells', places = ['lung'], time = '1 h' }} }}"
            ),
            "control",
        ),
        (
            format!(
                "{value}\nmeasure = {{ what = 'reading', places = ['lung'], time = '1 h', assay = {{ instrument = 'gamma_counter', label = 'chromium_51' }} }}"
            ),
            "chromium_51",
        ),
    ] {
        let said = with(&datum);
        assert!(said.contains(wanted), "{datum}\n{said}");
    }
    let unknown = named("Cells injected into the beating rat heart")
        .predict(&[Input::new("tissue.washot", 1.0)]);
    let said = unknown.unwrap_err().to_string();
    assert!(said.contains("tissue.washout"), "{said}");
}

#[test]
fn the_calibration_has_no_gaps_of_its_own_and_others_are_named() {
    let evidence = published().unwrap();
    let calibration = evidence.only(Split::Calibration);
    for experiment in &calibration {
        let mut scenario = experiment.scenario.clone();
        scenario.until = 1.hours();
        assert_eq!(gaps(&scenario).unwrap(), [], "{}", experiment.name);
    }
    // 2 million cells into a mouse of 25 g are the greatest of its doses by weight: 8e7 cells/kg.
    let of = |scenario: Scenario| -> Vec<String> {
        let found = gaps(&scenario).unwrap();
        found.iter().map(ToString::to_string).collect()
    };
    let mouse = |cells: f64| {
        let product = Product::bone_marrow_msc();
        Scenario::new(Host::mouse(25.g())).dose(Dose::new(cells.cells(), product))
    };
    assert_eq!(of(mouse(2e6).until(1.days())), [""; 0]);
    assert_eq!(
        of(mouse(3e6).until(1.days())),
        ["dose 1.2e8 cells/kg: not in the calibration (up to 8e7 cells/kg), but in the validation"]
    );
    let late = of(mouse(1e6).until(1000.days()));
    assert!(
        late.len() == 1 && late[0].starts_with("time 1000 d"),
        "{late:?}"
    );
    let man = Scenario::new(Host::human(73.kg()).with_condition(Condition::new("cirrhosis")))
        .dose(Dose::new(1e8.cells(), Product::bone_marrow_msc()).by(Route::portal_vein()));
    let man = of(man.until(1.days()));
    let names: Vec<&str> = man
        .iter()
        .map(|gap| gap.split(':').next().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "species human_male",
            "route portal_vein",
            "condition cirrhosis"
        ]
    );
    assert!(man[0].ends_with("but in the validation") && !man[1].ends_with("validation"));
}
