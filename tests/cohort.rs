//! Promise: virtual subjects differ as the table of variability says, every body closes, and a subject
//! is the same whoever else is drawn.
#![allow(clippy::unwrap_used, clippy::float_cmp)] // a test may fail loudly; equal is equal to the bit

use biodist::physiology::Body;
use biodist::population::{Cohort, PopulationError, Study};
use biodist::prelude::*;
use biodist::scenario::ExtraOrgan;

fn scenario(host: Host, dose: f64) -> Scenario {
    let product = Product::bone_marrow_msc();
    Scenario::new(host)
        .dose(Dose::new(dose.cells(), product).over(10.minutes()))
        .until(1.days())
        .report_at([1.hours(), 24.hours()])
}

fn man() -> Scenario {
    scenario(Host::human(73.kg()), 100e6)
}

/// A host of each kind at its reference weight, with the weight in g.
fn hosts() -> [(Scenario, f64); 4] {
    [
        (scenario(Host::mouse(25.g()), 5e5), 25.0),
        (scenario(Host::rat(250.g()), 1e6), 250.0),
        (scenario(Host::woman(60.kg()), 100e6), 60_000.0),
        (man(), 73_000.0),
    ]
}

fn body(subject: &Scenario) -> Body {
    let parameters = subject.parameters_at(0.0).unwrap();
    let weight = subject.host.weight.map(Mass::value);
    Body::new(&parameters, weight, &subject.organs()).unwrap()
}

/// Mean and variance of the logarithms of `values / median`.
fn log_moments(values: &[f64], median: f64) -> (f64, f64) {
    let logs: Vec<f64> = values.iter().map(|value| (value / median).ln()).collect();
    let count = logs.len() as f64;
    let mean = logs.iter().sum::<f64>() / count;
    let squares = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>();
    (mean, squares / (count - 1.0))
}

/// Whether a lognormal sample, cut at 3 standard scores, has this coefficient of variation: both moments
/// within 4.5 standard errors. The variance of a normal number cut at 3 is 0.973 34 of the whole.
fn assert_spread(what: &str, values: &[f64], median: f64, cv: f64) {
    let variance = (1.0 + cv * cv).ln() * 0.973_34;
    let count = values.len() as f64;
    let (mean, found) = log_moments(values, median);
    let error = (variance / count).sqrt();
    assert!(
        mean.abs() < 4.5 * error,
        "{what}: mean of logs {mean}, error {error}"
    );
    let error = variance * (2.0 / count).sqrt();
    assert!(
        (found - variance).abs() < 4.5 * error,
        "{what}: {found} is not {variance}"
    );
}

#[test]
fn bodies_and_lots_differ_as_the_table_says() {
    let wanted = [
        ("body.weight", 0.17),
        ("body.cardiac_output", 0.15),
        ("body.blood_volume", 0.1),
    ];
    let organs = [
        ("lung", 0.25, 0.75),
        ("liver", 0.22, 0.75),
        ("brain", 0.097, 0.0),
        ("gut", 0.15, 0.75),
    ];
    let typical = body(&man());
    let cohort = Cohort::of(&man(), 5).unwrap();
    let subjects: Vec<Scenario> = (0..4000).map(|k| cohort.subject(k).unwrap()).collect();
    let ratio = |s: &Scenario| s.host.weight.unwrap().value() / 73_000.0;
    let of = |look: &dyn Fn(&Scenario) -> f64| subjects.iter().map(look).collect::<Vec<f64>>();

    assert_spread("weight", &of(&|s| ratio(s)), 1.0, wanted[0].1);
    // By hand: the powers of body weight of the tables are 0.75 and 1.
    let output = of(&|s| s.parameters["body.cardiac_output"] / ratio(s).powf(0.75));
    assert_spread("cardiac output", &output, 6500.0, wanted[1].1);
    let blood = of(&|s| s.parameters["body.blood_volume"] / ratio(s));
    assert_spread("blood", &blood, 5300.0, wanted[2].1);
    for (organ, cv, exponent) in organs {
        let mass = typical.tissue(&Organ::new(organ)).unwrap().mass;
        let masses = of(&|s| {
            let share = s.parameters[&format!("{organ}.mass_fraction")];
            share * s.host.weight.unwrap().value() / ratio(s).powf(exponent)
        });
        assert_spread(organ, &masses, mass, cv);
    }
    let diameters = of(&|s| s.parameters["bone_marrow_msc.diameter"]);
    assert_spread("diameter", &diameters, 20.0, 0.07);
    let deaths = of(&|s| s.parameters["bone_marrow_msc.death_factor"]);
    assert_spread("death", &deaths, 1.0, 0.25);
    for (id, cv) in wanted {
        let found = cohort.varying().find(|varying| varying.id == id).unwrap();
        assert_eq!(found.cv, cv, "{id}");
    }
}

#[test]
fn every_body_closes() {
    for (scenario, reference) in hosts() {
        let cohort = Cohort::of(&scenario, 11).unwrap();
        let typical = body(&scenario);
        let shape = |body: &Body, organ: &Organ| {
            let tissue = body.tissue(organ).unwrap();
            (tissue.mass / body.weight, tissue.flow / body.cardiac_output)
        };
        let (fat, rest) = (
            shape(&typical, &Organ::ADIPOSE).0,
            shape(&typical, &Organ::REST).0,
        );
        for number in 0..2000 {
            let subject = cohort.subject(number).unwrap();
            let body = body(&subject);
            let flows = body.tissues().iter().filter(|t| t.organ != Organ::LUNG);
            let flow: f64 = flows.map(|tissue| tissue.flow).sum();
            assert!((flow / body.cardiac_output - 1.0).abs() < 1e-12);
            let mass: f64 = body.tissues().iter().map(|tissue| tissue.mass).sum();
            assert!((mass / body.weight - 1.0).abs() < 1e-12);
            assert!(body.tissues().iter().all(|t| t.flow > 0.0 && t.mass > 0.0));
            // Fat and the rest keep their ratio and at least half of their share.
            let (own_fat, own_rest) = (
                shape(&body, &Organ::ADIPOSE).0,
                shape(&body, &Organ::REST).0,
            );
            assert!((own_fat / own_rest / (fat / rest) - 1.0).abs() < 1e-9);
            assert!(own_fat + own_rest > 0.5 * (fat + rest) * (1.0 - 1e-12));
            let outside: f64 = Blood::ALL.iter().map(|blood| body.volume(*blood)).sum();
            assert!(outside > 0.1 * body.blood_volume);
            // Nobody beyond three standard scores.
            let score = (body.weight / reference).ln() / (1.0 + 0.2_f64.powi(2)).ln().sqrt();
            assert!(score.abs() <= 3.0 + 1e-12);
        }
        // The typical share of a flow stays about the middle after scaling.
        let mut shares: Vec<f64> = (0..2000)
            .map(|k| cohort.subject(k).unwrap().parameters["kidney.flow_fraction"])
            .collect();
        shares.sort_by(f64::total_cmp);
        let middle = shares[1000] / shape(&typical, &Organ::KIDNEY).1;
        assert!((middle - 1.0).abs() < 0.03, "{middle}");
    }
}

#[test]
fn a_truncation_holds() {
    let cohort = Cohort::of(&man(), 2)
        .unwrap()
        .with("body.truncation", 1.5)
        .unwrap();
    let end = 1.5 * (1.0 + 0.17_f64.powi(2)).ln().sqrt();
    let scores = (0..1000).map(|k| {
        let weight = cohort.subject(k).unwrap().host.weight.unwrap().value();
        (weight / 73_000.0).ln().abs() / end
    });
    let farthest = scores.fold(0.0, f64::max);
    assert!(farthest <= 1.0 + 1e-12 && farthest > 0.97, "{farthest}");
}

#[test]
fn a_subject_is_the_same_whoever_else_is_drawn() {
    let cohort = Cohort::of(&man(), 3).unwrap();
    let forward: Vec<Scenario> = (0..64).map(|k| cohort.subject(k).unwrap()).collect();
    let again = Cohort::of(&man(), 3).unwrap();
    for number in (0..64).rev() {
        assert_eq!(again.subject(number).unwrap(), forward[number]);
    }
    use rayon::prelude::*;
    let threads: Vec<Scenario> = (0..64_usize)
        .into_par_iter()
        .map(|k| cohort.subject(k).unwrap())
        .collect();
    assert_eq!(threads, forward);
    let other = Cohort::of(&man(), 4).unwrap().subject(0).unwrap();
    assert_ne!(other, forward[0]);
    assert!(forward.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn the_typical_subject_is_the_scenario() {
    // Without spreads, everybody is the typical body, to rounding.
    let mut cohort = Cohort::of(&man(), 3).unwrap();
    let ids: Vec<String> = cohort.varying().map(|varying| varying.id.clone()).collect();
    for id in ids {
        cohort = cohort.with(&format!("{id}_cv"), 0.0).unwrap();
    }
    let (own, typical) = (body(&cohort.subject(9).unwrap()), body(&man()));
    for (own, typical) in own.tissues().iter().zip(typical.tissues()) {
        assert!(
            (own.mass / typical.mass - 1.0).abs() < 1e-9,
            "{}",
            own.organ
        );
        assert!(
            (own.flow / typical.flow - 1.0).abs() < 1e-9,
            "{}",
            own.organ
        );
        assert!((own.vascular_volume / typical.vascular_volume - 1.0).abs() < 1e-9);
    }
}

#[test]
fn what_a_dose_states_is_the_median_of_its_lots() {
    let product = Product::bone_marrow_msc().diameter(25.um()).viability(0.8);
    let scenario = Scenario::new(Host::human(73.kg())).dose(Dose::new(1e8.cells(), product));
    let cohort = Cohort::of(&scenario, 1).unwrap();
    let products = (0..2000).map(|k| cohort.subject(k).unwrap().doses[0].product.clone());
    let products: Vec<Product> = products.collect();
    let diameters: Vec<f64> = products
        .iter()
        .map(|p| p.diameter.unwrap().value())
        .collect();
    assert_spread("diameter", &diameters, 25.0, 0.07);
    let mut viable: Vec<f64> = products.iter().map(|p| p.viability.unwrap()).collect();
    viable.sort_by(f64::total_cmp);
    assert!((viable[1000] - 0.8).abs() < 0.005 && viable[0] > 0.6 && viable[1999] < 0.95);
}

#[test]
fn what_is_not_known_and_how_people_differ_are_kept_apart() {
    // No number is in both: what a study draws, and how much subjects differ.
    let study = Study::of(&man()).unwrap();
    assert!(
        study
            .inputs()
            .iter()
            .all(|input| !input.id.ends_with("_cv"))
    );
    assert!(
        study
            .inputs()
            .iter()
            .all(|input| !input.id.starts_with("body."))
    );
    // At a point of the study the subjects have the bodies that they have at any other.
    let count = study.inputs().len();
    let at = |share: f64| Cohort::of(&study.at(&vec![share; count]), 1).unwrap();
    let (low, high) = (at(0.2).subject(5).unwrap(), at(0.8).subject(5).unwrap());
    assert_eq!(low.host.weight, high.host.weight);
    assert_eq!(
        low.parameters["liver.mass_fraction"],
        high.parameters["liver.mass_fraction"]
    );
    // Lots differ by the same ratio about the unknown median.
    let ratio = |own: &Scenario, share: f64| {
        let typical = study.at(&vec![share; count]).parameters["bone_marrow_msc.diameter"];
        own.parameters["bone_marrow_msc.diameter"] / typical
    };
    assert!((ratio(&low, 0.2) / ratio(&high, 0.8) - 1.0).abs() < 1e-12);
}

#[test]
fn extra_organs_keep_their_mass_and_flow() {
    let tumour = ExtraOrgan::new("tumour", 500.g(), 50.ml_per_min());
    let scenario = scenario(Host::human(73.kg()).with_organ(tumour), 1e8);
    let cohort = Cohort::of(&scenario, 8).unwrap();
    for number in 0..50 {
        let body = body(&cohort.subject(number).unwrap());
        let tumour = body.tissue(&Organ::new("tumour")).unwrap();
        assert!((tumour.mass - 500.0).abs() < 1e-9 && (tumour.flow - 3000.0).abs() < 1e-6);
        assert!(body.tissue(&Organ::REST).unwrap().mass > 0.0);
    }
}

#[test]
fn nonsense_is_refused() {
    let cohort = Cohort::of(&man(), 1).unwrap();
    let with = |id: &str, value: f64| cohort.clone().with(id, value);
    let error = with("lung.mass_fraction_vc", 0.1).unwrap_err().to_string();
    assert!(error.contains("lung.mass_fraction_cv"), "{error}");
    let error = with("lung.release", 0.1).unwrap_err();
    assert!(
        matches!(error, PopulationError::NotOfVariability { .. }),
        "{error}"
    );
    for (id, value) in [
        ("lung.mass_fraction_cv", -0.1),
        ("body.weight_cv", f64::NAN),
        ("", 1.0),
    ] {
        assert!(
            matches!(with(id, value), Err(PopulationError::Data(_))),
            "{id}"
        );
    }
    let error = with("body.truncation", 0.5).unwrap_err();
    assert!(
        matches!(error, PopulationError::BadNumber { value: 0.5, .. }),
        "{error}"
    );

    let crowded = ExtraOrgan::new("graft", 72.kg(), 50.ml_per_min());
    let crowded = scenario(Host::human(73.kg()).with_organ(crowded), 1e8);
    let error = Cohort::of(&crowded, 1)
        .and_then(|cohort| cohort.subject(3))
        .unwrap_err();
    assert!(
        matches!(error, PopulationError::NoBody { subject: 3, .. }),
        "{error}"
    );
    let nobody = Scenario::new(Host::human(73.kg()));
    assert!(matches!(
        Cohort::of(&nobody, 1),
        Err(PopulationError::Scenario(_))
    ));
}

/// What is asked of every subject below.
fn alive(run: &Run) -> Result<Vec<f64>, biodist::observation::ObservationError> {
    let (early, late) = (run.ledger(1.hours())?, run.ledger(24.hours())?);
    Ok(vec![
        early.viable(Organ::LUNG),
        late.viable(Organ::LUNG),
        late.viable(Organ::LIVER),
        early.residual,
        run.trajectory.total(),
    ])
}

#[test]
fn side_by_side_and_alone_give_the_same_bits() {
    let stroke = Condition::new("stroke");
    let sick = scenario(Host::human(73.kg()).with_condition(stroke), 1e8);
    for scenario in [man(), scenario(Host::mouse(25.g()), 5e5), sick] {
        let cohort = Cohort::of(&scenario, 21).unwrap();
        let together = cohort.run(150, alive).unwrap();
        let options = biodist::solver::Options::with_rtol(1e-4);
        for number in [0, 1, 7, 8, 63, 127, 128, 149] {
            let subject = cohort.subject(number).unwrap();
            let alone = alive(&subject.simulate_with(&options).unwrap()).unwrap();
            let bits = |row: &[f64]| row.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&together[number]), bits(&alone), "{number}");
        }
        // Fewer subjects are the same subjects, and one thread gives what many give.
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .unwrap();
        let few = pool.install(|| cohort.run(20, alive)).unwrap();
        assert_eq!(few, together[..20]);
    }
}

#[test]
fn a_subject_of_another_shape_is_run_all_the_same() {
    // Lots so different that of some all cells are alive, or none: those pools do not exist.
    let cohort = Cohort::of(&man(), 4).unwrap();
    let cohort = cohort.with("cell.viability_cv", 1e6).unwrap();
    let pools = |run: &Run| {
        let mut answers = alive(run)?;
        answers.push(run.model.network.transfers().len() as f64);
        Ok(answers)
    };
    let answers = cohort.run(20, pools).unwrap();
    assert!(answers.iter().any(|row| row[5] != answers[0][5]));
    let options = biodist::solver::Options::with_rtol(1e-4);
    for (number, answer) in answers.iter().enumerate() {
        let run = cohort.subject(number).unwrap().simulate_with(&options);
        assert_eq!(*answer, pools(&run.unwrap()).unwrap());
    }
}

#[test]
fn a_look_between_the_reported_times_is_refused() {
    let cohort = Cohort::of(&man(), 1).unwrap();
    let error = cohort.run(3, |run| Ok(vec![run.ledger(2.hours())?.viable_in_body()]));
    let error = error.unwrap_err();
    assert!(
        matches!(error, PopulationError::Observation { draw: 0, .. }),
        "{error}"
    );
    assert_eq!(cohort.run(0, alive).unwrap(), Vec::<Vec<f64>>::new());
}
