//! Random hosts, products, routes, doses and scenarios.
#![allow(dead_code, clippy::unwrap_used)] // each test uses its part of this file

use biodist::data::Parameters;
use biodist::physiology::Species;
use biodist::prelude::*;
use biodist::scenario::{Change, ExtraOrgan};
use proptest::prelude::*;

/// Kinds of cells with a wide range of sizes.
pub const KINDS: [&str; 8] = [
    "bone_marrow_msc",
    "umbilical_cord_msc",
    "mouse_msc",
    "rat_msc",
    "spheroid_msc",
    "mapc",
    "bone_marrow_mononuclear_cells",
    "lymphocytes",
];

/// The reference weight of a species, g.
pub fn reference_weight(species: &str) -> f64 {
    let tables = Parameters::for_host(species, None).unwrap();
    tables.get("body", "reference_weight").unwrap()
}

/// Any species, 0.6 to 1.6 times its reference weight.
pub fn hosts() -> impl Strategy<Value = Host> {
    (prop::sample::select(Species::ALL.to_vec()), 0.6..1.6_f64).prop_map(|(species, factor)| {
        Host::new(species).weighing((factor * reference_weight(species)).g())
    })
}

/// Some hosts have a tumour.
pub fn hosts_with_tumours() -> impl Strategy<Value = Host> {
    (
        hosts(),
        prop::option::of((0.001..0.02_f64, 0.001..0.02_f64)),
    )
        .prop_map(|(host, tumour)| {
            let Some((mass, flow)) = tumour else {
                return host;
            };
            let weight = host.weight.unwrap().value();
            let parameters = Parameters::for_host(host.species.name(), Some(weight)).unwrap();
            let output = parameters.get("body", "cardiac_output").unwrap();
            host.with_organ(ExtraOrgan::new(
                "tumour",
                (mass * weight).g(),
                (flow * output).ml_per_min(),
            ))
        })
}

/// Any kind; size and viability of its own or of its kind.
pub fn products() -> impl Strategy<Value = Product> {
    let size = prop::option::of(5.0..30.0);
    let viability = prop::option::of(0.3..1.0);
    (prop::sample::select(KINDS.to_vec()), size, viability).prop_map(|(kind, size, viability)| {
        Product {
            diameter: size.map(|d: f64| d.um()),
            viability,
            ..Product::new(kind)
        }
    })
}

/// Every route that has a name.
pub fn routes() -> impl Strategy<Value = Route> {
    let names: Vec<&'static str> = Route::known().collect();
    prop::sample::select(names).prop_map(|name| Route::from(name.to_string()))
}

/// Boluses and infusions, single and repeated, in the first two days; up to far too many cells.
pub fn doses() -> impl Strategy<Value = Dose> {
    let amount = (4.0..9.5).prop_map(|exponent| 10.0_f64.powf(exponent).cells_per_kg());
    let when = (
        0.0..24.0_f64,
        0.0..1.0_f64,
        prop_oneof![Just(0.0), 0.01..4.0_f64],
    );
    let repeat = prop::option::of((2..4_u32, 1.0..8.0_f64));
    let lost = prop_oneof![Just(0.0), 0.0..0.9];
    (amount, products(), routes(), when, repeat, lost).prop_map(
        |(amount, product, route, (at, lag, over), repeat, lost)| {
            let mut dose = Dose::new(amount, product).by(route).over(over.hours());
            (dose.at, dose.lag, dose.lost) = (at.hours(), lag.hours(), lost);
            match repeat {
                None => dose,
                Some((times, every)) => dose.repeated(times, every.hours()),
            }
        },
    )
}

/// A parameter set to another value, at once or for a while.
pub fn changes() -> impl Strategy<Value = Change> {
    let id = prop::sample::select(vec![
        ("lung.release", 1.0),
        ("lung.dilation", 2.0),
        ("tissue.homing", 0.1),
        ("spleen.sieve_diameter", 20.0),
        ("tissue.death_lodged", 1.0),
        ("kidney.chemokine", 5.0),
        ("liver.debris_extraction", 1.0),
        ("body.cardiac_output", f64::NAN),
        ("tissue.phagocyte_capacity", 1e6),
    ]);
    (
        id,
        0.1..1.0_f64,
        0.0..30.0_f64,
        prop::option::of(0.1..20.0_f64),
    )
        .prop_map(|((parameter, scale), share, from, lasting)| Change {
            parameter: parameter.to_string(),
            // Cardiac output has no scale of its own: filled in for the host.
            value: if scale.is_nan() {
                -share
            } else {
                scale * share
            },
            from: from.hours(),
            until: lasting.map(|hours: f64| (from + hours).hours()),
        })
}

/// Anything the crate can be asked, over three days.
pub fn scenarios() -> impl Strategy<Value = Scenario> {
    let doses = prop::collection::vec(doses(), 1..4);
    let changes = prop::collection::vec(changes(), 0..4);
    // Cells per gram of organ; from far too little room to plenty, or without any limit.
    let room = prop::option::weighted(0.8, 3.0..9.0_f64);
    (hosts_with_tumours(), doses, changes, 1..4_usize, room).prop_map(
        |(host, doses, changes, classes, room)| {
            let weight = host.weight.map(|weight| weight.value());
            let parameters = Parameters::for_host(host.species.name(), weight).unwrap();
            let output = parameters.get("body", "cardiac_output").unwrap();
            let mut scenario = Scenario::new(host)
                .in_size_classes(classes)
                .until(3.days())
                .report_at([0.0, 0.01, 0.3, 1.0, 5.0, 24.0, 48.0].map(|t| t.hours()));
            match room {
                Some(exponent) => {
                    let room = 10.0_f64.powf(exponent);
                    scenario = scenario.with("tissue.lodging_capacity", room);
                }
                None => scenario.saturation = false,
            }
            scenario.doses = doses;
            scenario.changes = changes;
            for change in &mut scenario.changes {
                if change.value < 0.0 {
                    // The tumour needs flow in mL/min: the heart may slow only a little.
                    change.value = output * (1.0 - 0.3 * change.value.abs());
                }
            }
            scenario
        },
    )
}

/// The cells of a scenario, from its doses alone.
pub fn cells_of(scenario: &Scenario) -> f64 {
    let kilograms = scenario.host.weight.unwrap().value() / 1000.0;
    let one = |dose: &Dose| {
        let times = dose.repeat.map_or(1.0, |repeat| f64::from(repeat.times));
        let cells = match dose.amount {
            biodist::scenario::DoseAmount::Cells(cells) => cells.value(),
            biodist::scenario::DoseAmount::PerKg(cells) => cells.value() * kilograms,
        };
        times * cells
    };
    scenario.doses.iter().map(one).sum()
}
