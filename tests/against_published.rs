//! Promise: what the README says about published numbers is so, successes and failures alike.
//!
//! Names say what a row is: `fitted_` rows set parameters of the tables, so that agreement is no
//! prediction; `predicted_` rows were never used; `fails_` rows are not met, and the test fails on
//! the day they are, so that the documentation is corrected.
#![allow(clippy::unwrap_used)]

use biodist::data::Parameters;
use biodist::organ::{Sieve, State};
use biodist::prelude::*;

/// Share that passes an organ on one passage.
fn passing(species: &str, organ: &Organ, product: &Product, dilation: f64) -> f64 {
    let mut parameters = Parameters::for_host(species, None).unwrap();
    parameters
        .set(&format!("{organ}.dilation"), dilation)
        .unwrap();
    let cells = product.traits(&parameters).unwrap();
    let sieve = Sieve::of(&parameters, organ, &cells).unwrap();
    sieve.capture(cells.diameter, cells.diameter_gsd).passing
}

fn spheres(diameter: f64) -> Product {
    Product::new("rigid_spheres").diameter(diameter.um())
}

fn within(value: f64, low: f64, high: f64) {
    assert!(
        (low..=high).contains(&value),
        "{value} is not in {low} to {high}"
    );
}

// Am J Physiol 1961;200:1191: spheres of 2.8 to 4 um, about 50 % pass; of 8 um and more, 6 %.
#[test]
fn fitted_spheres_in_the_dog_lung() {
    within(passing("dog", &Organ::LUNG, &spheres(2.8), 1.0), 0.5, 0.7);
    within(passing("dog", &Organ::LUNG, &spheres(4.0), 1.0), 0.3, 0.5);
    within(
        passing("dog", &Organ::LUNG, &spheres(8.0), 1.0),
        0.055,
        0.065,
    );
}

// Schrepfer 2007: trapped per field 19.3 +- 11.1 (10 um) and 34.9 +- 11.9 (15 um), nearly none of
// 4 um; under nitroprusside 6.0 +- 1.6 and 25.6 +- 8.1.
#[test]
fn fitted_spheres_in_the_mouse_lung() {
    let trapped =
        |diameter, dilation| 1.0 - passing("mouse", &Organ::LUNG, &spheres(diameter), dilation);
    let whole = trapped(15.0, 1.0);
    within(whole, 0.94, 0.97);
    within(
        trapped(10.0, 1.0) / whole,
        0.9 * 19.3 / 34.9,
        1.1 * 19.3 / 34.9,
    );
    within(trapped(4.0, 1.0), 0.0, 0.01);
    // One dilation explains both sizes.
    within(
        trapped(10.0, 1.33) / whole,
        0.8 * 6.0 / 34.9,
        1.2 * 6.0 / 34.9,
    );
    within(
        trapped(15.0, 1.33) / whole,
        0.9 * 25.6 / 34.9,
        1.1 * 25.6 / 34.9,
    );
}

// 15-um spheres: at most 2 % pass brain, heart, kidney, gut and lung; 9-um spheres: 3 % pass the
// coronary and 24 % the portal bed. The lung of the dog passes somewhat less than 1 %.
#[test]
fn fitted_spheres_in_other_organs() {
    for organ in [
        Organ::BRAIN,
        Organ::HEART,
        Organ::KIDNEY,
        Organ::GUT,
        Organ::LUNG,
    ] {
        within(passing("dog", &organ, &spheres(15.0), 1.0), 0.0, 0.0205);
    }
    within(
        passing("dog", &Organ::HEART, &spheres(9.0), 1.0),
        0.025,
        0.035,
    );
    within(
        passing("dog", &Organ::LIVER, &spheres(9.0), 1.0),
        0.22,
        0.26,
    );
}

// Extraction on first pass in the rabbit lung: lymphocytes 80.1 +- 4.4 %, neutrophils 97.6 +- 0.6 %,
// platelets (2.19 um) 33.1 +- 3.9 %, monocytes (5.61 um) 91.4 +- 1.7 %. One line through four points;
// neutrophils are held better than their size tells, by six standard deviations.
#[test]
fn fitted_extraction_of_blood_cells() {
    for (diameter, extracted, spread) in [
        (2.19, 0.331, 0.039),
        (4.73, 0.801, 0.044),
        (5.61, 0.914, 0.017),
        (6.18, 0.976, 0.006),
    ] {
        let product = Product::new("lymphocytes")
            .diameter(diameter.um())
            .diameter_gsd(1.0);
        let found = 1.0 - passing("rabbit", &Organ::LUNG, &product, 1.0);
        println!("{diameter} um: extracted {extracted} +- {spread}, model {found}");
        within(found, extracted - 0.06, extracted + 0.06);
    }
}

// Toma 2009, rat cremaster: 92 +- 7 % of MSC of 23 um stop on first pass; 14 % of these are left
// after 72 h, lost by death where they are.
#[test]
fn fitted_arrest_and_survival_in_muscle() {
    let product = Product::new("rat_msc");
    within(
        1.0 - passing("rat", &Organ::MUSCLE, &product, 1.0),
        0.85,
        0.99,
    );
    let run = Scenario::new(Host::rat(250.g()))
        .dose(Dose::new(1e5.cells(), product).by(Route::arterial()))
        .until(4.days())
        .simulate()
        .unwrap();
    let lodged = |time: Time| run.ledger(time).unwrap().viable(Organ::MUSCLE);
    let left = lodged(72.hours()) / lodged(5.minutes());
    println!("left after 72 h: {left}");
    within(left, 0.10, 0.18);
}

// Fischer 2009, rat: passage of the lung relative to MSC: neural stem cells 2, MAPC 2, mononuclear
// cells 30. Within a factor of two.
#[test]
fn predicted_passage_of_other_cells() {
    let msc = Product::bone_marrow_msc().diameter(18.um());
    let msc = passing("rat", &Organ::LUNG, &msc, 1.0);
    for (kind, measured) in [
        ("neural_stem_cells", 2.0),
        ("mapc", 2.0),
        ("bone_marrow_mononuclear_cells", 30.0),
    ] {
        let ratio = passing("rat", &Organ::LUNG, &Product::new(kind), 1.0) / msc;
        println!("{kind}: {ratio} (measured {measured})");
        within(ratio, measured / 2.0, measured * 2.0);
    }
}

/// Share of an intramyocardial dose in the heart after a time, by contraction.
fn in_the_heart(contraction: f64, time: Time) -> f64 {
    let product = Product::new("rat_msc").viability(1.0);
    let run = Scenario::new(Host::rat(250.g()))
        .dose(Dose::new(2e6.cells(), product).by(Route::intramyocardial()))
        .with("heart.contraction", contraction)
        .until(2.days())
        .simulate()
        .unwrap();
    let ledger = run.ledger(time).unwrap();
    (ledger.viable(Organ::HEART) + ledger.remains(Organ::HEART)) / ledger.dose
}

// Terrovitis 2009, rat, cells of cardiac origin: retained after 1 h 17.6 +- 11.5 % beating, 35.4 +-
// 5.3 % slowed by adenosine, 75.6 +- 18.6 % arrested.
#[test]
fn fitted_retention_in_three_hearts() {
    for (contraction, retained, spread) in [
        (1.0, 0.176, 0.115),
        (0.345, 0.354, 0.053),
        (0.0, 0.756, 0.186),
    ] {
        let found = in_the_heart(contraction, 1.hours());
        println!("contraction {contraction}: {found} (measured {retained} +- {spread})");
        within(found, retained - spread, retained + spread);
        // The centre, not only the range.
        within(found, 0.9 * retained, 1.1 * retained);
    }
}

// Nakamuta 2009, rat, mononuclear cells of the marrow: 7 to 17 % of an intramyocardial dose in the heart
// after 24 h.
#[test]
fn predicted_label_in_the_heart_after_a_day() {
    within(in_the_heart(1.0, 24.hours()), 0.07, 0.17);
}

// Nakamuta 2009: less than 1 % of an intravenous dose of these cells.
#[test]
fn fails_label_in_the_heart_after_a_vein() {
    let product = Product::new("bone_marrow_mononuclear_cells");
    let run = Scenario::new(Host::rat(250.g()))
        .dose(Dose::new(6e6.cells(), product))
        .until(2.days())
        .simulate()
        .unwrap();
    let ledger = run.ledger(24.hours()).unwrap();
    let label = ledger.viable(Organ::HEART) + ledger.remains(Organ::HEART);
    println!("intravenous, label in the heart: {}", label / ledger.dose);
    within(label / ledger.dose, 0.01, 0.03);
}

fn mouse(cells: f64) -> Run {
    Scenario::new(Host::mouse(25.g()))
        .dose(Dose::new(
            cells.cells(),
            Product::bone_marrow_msc().diameter(18.um()),
        ))
        .until(3.days())
        .simulate()
        .unwrap()
}

// Eggenhofer 2012, mouse, 5e5 MSC: chromium mostly in the lung after 1 h and mainly in the liver after
// 24 h; living donor cells in the lung until 24 h and nowhere else at any time. The model has as much in the
// liver as in the lung after 24 h, and more from then on.
#[test]
fn predicted_label_moves_from_lung_to_liver() {
    let run = mouse(5e5);
    let label = |time: Time| {
        let ledger = run.ledger(time).unwrap();
        let all =
            |organ: Organ| (ledger.viable(organ.clone()) + ledger.remains(organ)) / ledger.dose;
        (all(Organ::LUNG), all(Organ::LIVER))
    };
    let ((lung, _), (later_lung, later_liver)) = (label(1.hours()), label(24.hours()));
    println!("1 h: lung {lung}; 24 h: lung {later_lung}, liver {later_liver}");
    within(lung, 0.5, 1.0);
    within(later_liver, 0.4, 0.6);
    within(later_liver / later_lung, 0.95, 1.05);
    let (last_lung, last_liver) = label(30.hours());
    assert!(last_liver > 1.2 * last_lung);
    let ledger = run.ledger(24.hours()).unwrap();
    within(ledger.viable(Organ::LUNG) / ledger.dose, 0.0, 0.09);
    let elsewhere = (ledger.viable_in_body() - ledger.viable(Organ::LUNG)) / ledger.dose;
    println!("living outside the lung after 24 h: {elsewhere}");
    within(elsewhere, 0.0, 0.003);
}

// Lee 2009, mouse, 2e6 human MSC: fewer than 1000 cells in six tissues other than the lung, by their DNA;
// the time is not given. The model has more on the first day: crowding in the lung lets them by.
#[test]
fn fails_bound_on_cells_outside_the_lung() {
    let six = [
        Organ::HEART,
        Organ::BRAIN,
        Organ::KIDNEY,
        Organ::LIVER,
        Organ::BONE_MARROW,
        Organ::SPLEEN,
    ];
    let run = Scenario::new(Host::mouse(25.g()))
        .dose(Dose::new(2e6.cells(), Product::bone_marrow_msc()))
        .until(10.days())
        .simulate()
        .unwrap();
    let living = |time: Time| {
        let ledger = run.ledger(time).unwrap();
        six.iter()
            .map(|organ| ledger.viable(organ.clone()))
            .sum::<f64>()
    };
    let (early, day, later) = (living(5.minutes()), living(24.hours()), living(96.hours()));
    println!("living in six tissues: {early} after 5 min, {day} after 1 d, {later} after 4 d");
    within(early, 1000.0, 10_000.0);
    within(later, 0.0, 1000.0);
}

// Lee 2009: human DNA in the lung halves in about 24 h. Cells and remains of the model halve sooner.
#[test]
fn fails_half_life_of_dna_in_the_lung() {
    let run = mouse(2e6);
    let dna = |time: Time| {
        let ledger = run.ledger(time).unwrap();
        let debris =
            ledger.sum(|row| row.place == Organ::LUNG.into() && row.state == State::Debris);
        ledger.viable(Organ::LUNG) + debris
    };
    let half = 24.0 * std::f64::consts::LN_2 / (dna(1.hours()) / dna(25.hours())).ln();
    println!("half-life of DNA in the lung: {half} h (measured about 24)");
    within(half, 8.0, 18.0);
}

// Shim 2015, mouse: MSC in blood stay 95 times longer after injection into a joint than into a vein.
#[test]
fn fails_stay_in_blood_after_injection_into_a_joint() {
    let stay = |route: Route| {
        let run = Scenario::new(Host::mouse(25.g()))
            .dose(Dose::new(1e6.cells(), Product::bone_marrow_msc()).by(route))
            .until(60.days())
            .simulate()
            .unwrap();
        let pools = [
            biodist::physiology::Blood::Venous,
            biodist::physiology::Blood::Arterial,
        ];
        let all = pools.map(|blood| run.kinetics(blood, &State::VIABLE).unwrap());
        let area: f64 = all.iter().map(|k| k.auc).sum();
        all.iter().map(|k| k.mrt.unwrap() * k.auc).sum::<f64>() / area
    };
    let ratio = stay(Route::intra_articular()) / stay(Route::intravenous());
    println!("joint over vein: {ratio} (measured 95)");
    within(ratio, 2.0 * 95.0, 10.0 * 95.0);
}

// Gholamrezanezhad 2011, four patients with cirrhosis, In-111: at once 27 to 33.5 % in the lung, on day 10
// 2 to 5.4 % in the lung, 13 to 17.4 % in the liver and 30 to 42 % in the spleen.
#[test]
fn fails_indium_in_four_patients() {
    let run = Scenario::new(Host::human(73.kg()))
        .dose(Dose::new(3e8.cells(), Product::bone_marrow_msc()).over(30.minutes()))
        .simulate()
        .unwrap();
    let label = |time: Time, organ: Organ| {
        let ledger = run.ledger(time).unwrap();
        (ledger.viable(organ.clone()) + ledger.remains(organ)) / ledger.dose
    };
    let lung = label(30.minutes(), Organ::LUNG);
    let spleen = label(10.days(), Organ::SPLEEN);
    let liver = label(10.days(), Organ::LIVER);
    println!("lung at once {lung}; day 10: liver {liver}, spleen {spleen}");
    assert!(
        lung > 2.0 * 0.335,
        "the lung at the first image is met: {lung}"
    );
    assert!(
        spleen < 0.5 * 0.301,
        "the spleen on day 10 is met: {spleen}"
    );
    assert!(liver > 0.174, "the liver on day 10 is met: {liver}");
}
