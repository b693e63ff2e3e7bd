//! Scenarios much wider than those of the tests, and what must hold of each run.

use biodist::data::{Parameters, Quantity, Unit};
use biodist::physiology::Species;
use biodist::prelude::*;
use biodist::scenario::{Change, DoseAmount, Entry, ExtraOrgan, Matching, Repeat, Response};

use crate::random::Random;

/// What a species offers to choose from.
pub struct Choices {
    species: &'static str,
    weight: f64,
    output: f64,
    rows: Vec<Quantity>,
    products: Vec<String>,
    labels: Vec<String>,
    conditions: Vec<String>,
    preparations: Vec<String>,
}

impl Choices {
    pub fn of_every_species() -> Result<Vec<Self>, biodist::Error> {
        Species::ALL.iter().map(|name| Self::of(name)).collect()
    }

    fn of(species: &'static str) -> Result<Self, biodist::Error> {
        let tables = Parameters::for_host(species, None)?;
        let own = |names: &mut dyn Iterator<Item = &str>| names.map(String::from).collect();
        Ok(Self {
            species,
            weight: tables.get("body", "reference_weight")?,
            output: tables.get("body", "cardiac_output")?,
            rows: tables.rows().cloned().collect(),
            products: own(&mut tables.products()),
            labels: own(&mut tables.labels()),
            conditions: own(&mut tables.conditions()),
            // The number of passages is no preparation of its own.
            preparations: own(&mut tables.preparations().filter(|name| *name != "passage")),
        })
    }
}

/// A scenario that is mostly allowed.
pub fn draw(choices: &[Choices], random: &mut Random) -> Scenario {
    let choices = random.pick(choices);
    let until = match random.chance(0.03) {
        true => random.decades(3.0, 5.9),
        false => random.decades(-2.0, 2.7),
    };
    let count = random.whole(0, 2);
    let names = &["tumour", "graft"][..count];
    let mut scenario = Scenario::new(host(choices, names, until, random));
    scenario.until = until.hours();
    scenario.size_classes = match random.unit() {
        // Most are small, so that there can be many.
        x if x < 0.88 => 1,
        x if x < 0.985 => random.whole(2, 3),
        x if x < 0.999 => random.whole(4, 8),
        _ => random.whole(9, 64),
    };
    scenario.saturation = random.chance(0.85);
    scenario.response = match random.unit() {
        x if x < 0.5 => None,
        x if x < 0.75 => Some(Response::OneWay),
        _ => Some(Response::Feedback),
    };
    let count = *random.pick(&[1, 1, 1, 1, 1, 2, 2, 3]);
    scenario.doses = random.list(count, |random| dose(choices, names, until, random));
    if random.chance(0.5) {
        // Several doses of the same cells.
        let product = scenario.doses[0].product.clone();
        for dose in &mut scenario.doses {
            dose.product = product.clone();
        }
    }
    let count = if random.chance(0.85) {
        0
    } else {
        random.whole(1, 2)
    };
    scenario.labels = random.list(count, |random| Label::new(random.pick(&choices.labels)));
    let count = random.whole(0, 6);
    let values = random.list(count, |random| value(&choices.rows, random));
    scenario.parameters = values.into_iter().collect();
    let count = if random.chance(0.6) {
        0
    } else {
        random.whole(1, 3)
    };
    scenario.changes = random.list(count, |random| change(&choices.rows, until, random));
    if random.chance(0.9) {
        let count = random.whole(1, 6);
        let mut times = random.list(count, |random| moment(until, random));
        times.sort_by(f64::total_cmp);
        times.dedup();
        scenario.report = times.into_iter().map(Time::new).collect();
    }
    scenario
}

/// A time of the run: its ends, near its start, anywhere.
fn moment(until: f64, random: &mut Random) -> f64 {
    match random.unit() {
        x if x < 0.1 => 0.0,
        x if x < 0.2 => until,
        x if x < 0.5 => until * random.decades(-9.0, 0.0),
        _ => until * random.unit(),
    }
}

fn host(choices: &Choices, names: &[&str], until: f64, random: &mut Random) -> Host {
    let mut host = Host::new(choices.species);
    let weight = choices.weight * random.decades(-0.7, 0.7);
    if random.chance(0.7) {
        host = host.weighing(weight.g());
    }
    for name in names {
        let mass = (choices.weight * random.decades(-6.0, -1.5)).g();
        let flow = (choices.output * random.decades(-6.0, -1.5)).ml_per_min();
        let mut organ = ExtraOrgan::new(*name, mass, flow);
        organ.vascular_fraction = random.between(0.001, 0.6);
        host = host.with_organ(organ);
    }
    let count = if random.chance(0.6) {
        0
    } else {
        random.whole(1, 3)
    };
    for _ in 0..count {
        let mut condition = Condition::new(random.pick(&choices.conditions));
        condition.onset = random.between(-48.0, until).hours();
        condition.strength = random.decades(-2.0, 0.2);
        host = host.with_condition(condition);
    }
    host
}

fn dose(choices: &Choices, names: &[&str], until: f64, random: &mut Random) -> Dose {
    let amount: DoseAmount = match random.chance(0.5) {
        true => random.decades(0.0, 12.0).cells().into(),
        false => random.decades(0.0, 10.0).cells_per_kg().into(),
    };
    let mut dose = Dose::new(amount, product(choices, random)).by(route(names, random));
    dose.at = (random.maybe(0.5, |r| moment(0.6 * until, r)).unwrap_or(0.0)).hours();
    dose.lag = (random.maybe(0.2, |r| 0.1 * until * r.unit()).unwrap_or(0.0)).hours();
    // A second at least.
    let over = random.maybe(0.5, |r| (0.2 * until * r.decades(-6.0, 0.0)).max(0.0003));
    dose.over = over.unwrap_or(0.0).hours();
    dose.lost = random.maybe(0.2, Random::unit).unwrap_or(0.0);
    dose.repeat = random.maybe(0.2, |random| Repeat {
        times: random.whole(2, 5) as u32,
        every: (0.05 * until * random.decades(-3.0, 0.0)).hours(),
    });
    dose
}

fn product(choices: &Choices, random: &mut Random) -> Product {
    let mut product = Product::new(random.pick(&choices.products));
    product.diameter = random.maybe(0.2, |r| r.decades(0.0, 2.3).um());
    product.diameter_gsd = random.maybe(0.2, |r| 1.0 + r.decades(-4.0, 0.3));
    product.viability = random.maybe(0.2, Random::unit);
    product.adhesiveness = random.maybe(0.1, Random::unit);
    product.deformability = random.maybe(0.1, |r| r.decades(-1.0, 1.0));
    product.receptor = random.maybe(0.1, |r| r.decades(-3.0, 2.0));
    product.death_factor = random.maybe(0.1, |r| r.decades(-4.0, 2.0));
    product.release_factor = random.maybe(0.1, |r| r.decades(-4.0, 3.0));
    product.passage = random.maybe(0.2, |r| r.between(0.0, 30.0));
    let count = if random.chance(0.6) {
        0
    } else {
        random.whole(1, 2)
    };
    product.preparations = random.list(count, |r| r.pick(&choices.preparations).clone());
    let matchings = [
        Matching::Autologous,
        Matching::Allogeneic,
        Matching::Xenogeneic,
    ];
    product.matching = random.maybe(0.4, |r| *r.pick(&matchings));
    product
}

fn route(names: &[&str], random: &mut Random) -> Route {
    let known: Vec<&str> = Route::known().collect();
    if random.chance(0.75) {
        return Route::from(random.pick(&known).to_string());
    }
    let mut organs: Vec<Organ> = Organ::ALL.to_vec();
    organs.extend(names.iter().map(|name| Organ::new(*name)));
    let organ = random.pick(&organs).clone();
    let entry = match random.whole(0, 3) {
        0 => Entry::Artery(organ),
        1 => Entry::Depot(organ),
        2 => Entry::Niche(organ),
        _ => Entry::Blood(*random.pick(&[Blood::Venous, Blood::Arterial, Blood::Portal])),
    };
    Route::new("own", entry)
}

/// A parameter, over 18 decades about what the tables have; those of the body seldom, since a body must close.
fn value(rows: &[Quantity], random: &mut Random) -> (String, f64) {
    let mut row = random.pick(rows);
    for _ in 0..3 {
        let own = row.id.starts_with("body.") || row.id.ends_with("_fraction");
        if !own {
            break;
        }
        row = random.pick(rows);
    }
    let value = match row.unit {
        Unit::Fraction => match random.whole(0, 4) {
            0 => 0.0,
            1 => 1.0,
            2 => random.decades(-18.0, 0.0),
            3 => 1.0 - random.decades(-12.0, 0.0),
            _ => random.unit(),
        },
        _ if random.chance(0.05) => 0.0,
        _ if row.value > 0.0 => row.value * random.decades(-9.0, 9.0),
        _ => random.decades(-9.0, 9.0),
    };
    (row.id.clone(), value)
}

fn change(rows: &[Quantity], until: f64, random: &mut Random) -> Change {
    let (parameter, value) = value(rows, random);
    let from = 0.99 * moment(until, random);
    Change {
        parameter,
        value,
        from: from.hours(),
        until: random.maybe(0.6, |r| (from + until * r.decades(-6.0, 0.0)).hours()),
    }
}
