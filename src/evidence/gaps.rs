//! What a scenario asks that no calibration experiment has seen.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::OnceLock;

use super::{EvidenceError, Experiment, Split, published};
use crate::data::Parameters;
use crate::scenario::Scenario;
use crate::units::Mass;

/// How many times heavier or lighter than the animal of the tables a host may be without a word.
const SIZES: f64 = 3.0;

/// One way in which a scenario lies outside of what the calibration saw: there the model extrapolates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What: species, route, product, condition, dose, time or weight.
    pub what: &'static str,
    /// What the scenario asks.
    pub asked: String,
    /// What the calibration saw.
    pub seen: String,
    /// Whether an experiment of the validation, which sets no numbers, has seen it.
    pub validated: bool,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what, asked, seen, ..
        } = self;
        write!(f, "{what} {asked}: not in the calibration ({seen})")?;
        match self.validated {
            true => f.write_str(", but in the validation"),
            false => Ok(()),
        }
    }
}

/// Where a scenario asks for more than the [published](super::published) rows for calibration hold: another species,
/// route, product or condition, a greater dose by body weight, a later time; and a weight far from that of the tables.
///
/// # Errors
/// [`EvidenceError`] for a species that is not known.
///
/// # Example
/// ```
/// use biodist::evidence::gaps;
/// use biodist::prelude::*;
/// let scenario = Scenario::new(Host::rat(250.g()))
///     .dose(Dose::new(1e6.cells(), Product::bone_marrow_msc()).by(Route::renal_artery()));
/// let gaps = gaps(&scenario)?;
/// assert!(gaps.iter().any(|gap| gap.what == "route" && gap.asked == "renal_artery"));
/// assert!(gaps.iter().all(|gap| gap.what != "species"));
/// # Ok::<(), biodist::Error>(())
/// ```
pub fn gaps(scenario: &Scenario) -> Result<Vec<Gap>, EvidenceError> {
    static READ: OnceLock<Result<[Seen; 2], EvidenceError>> = OnceLock::new();
    let [calibration, validation] = READ
        .get_or_init(published_seen)
        .as_ref()
        .map_err(Clone::clone)?;
    let mut asked = Seen::default();
    asked.add(scenario)?;
    asked.until = scenario.until.value();
    let names = |of: &Seen| -> [(&'static str, BTreeSet<String>); 4] {
        [
            ("species", of.species.clone()),
            ("route", of.routes.clone()),
            ("product", of.products.clone()),
            ("condition", of.conditions.clone()),
        ]
    };
    let (known, shown) = (names(calibration), names(validation));
    let mut gaps = vec![];
    for (number, (what, wanted)) in names(&asked).into_iter().enumerate() {
        let (known, shown) = (&known[number].1, &shown[number].1);
        gaps.extend(wanted.difference(known).map(|name| Gap {
            what,
            asked: name.clone(),
            seen: listed(known),
            validated: shown.contains(name),
        }));
    }
    for (what, unit, asked, known, shown) in [
        (
            "dose",
            "cells/kg",
            asked.per_kg,
            calibration.per_kg,
            validation.per_kg,
        ),
        (
            "time",
            "d",
            asked.until / 24.0,
            calibration.until / 24.0,
            validation.until / 24.0,
        ),
    ] {
        // A hair more is not beyond.
        if asked > known * (1.0 + 1e-6) {
            gaps.push(Gap {
                what,
                asked: format!("{} {unit}", short(asked)),
                seen: format!("up to {} {unit}", short(known)),
                validated: asked <= shown * (1.0 + 1e-6),
            });
        }
    }
    gaps.extend(size_gap(scenario)?);
    Ok(gaps)
}

/// A host much heavier or lighter than the one of the tables, from which its numbers are scaled.
fn size_gap(scenario: &Scenario) -> Result<Option<Gap>, EvidenceError> {
    let species = scenario.host.species.name();
    let usual = Parameters::for_host(species, None)?.get("body", "reference_weight")?;
    let weight = scenario.host.weight.unwrap_or(Mass::new(usual));
    let ratio = weight.value() / usual;
    Ok((!(1.0 / SIZES..=SIZES).contains(&ratio)).then(|| Gap {
        what: "weight",
        asked: weight.to_string(),
        seen: format!("numbers are scaled from {}", Mass::new(usual)),
        validated: false,
    }))
}

/// What the rows for calibration saw, and those for validation.
fn published_seen() -> Result<[Seen; 2], EvidenceError> {
    let evidence = published()?;
    let seen = |split| Seen::by(&evidence.only(split));
    Ok([seen(Split::Calibration)?, seen(Split::Validation)?])
}

/// What scenarios hold.
#[derive(Debug, Default)]
struct Seen {
    species: BTreeSet<String>,
    routes: BTreeSet<String>,
    products: BTreeSet<String>,
    conditions: BTreeSet<String>,
    /// The greatest single dose by body weight, cells/kg.
    per_kg: f64,
    /// The last time, h.
    until: f64,
}

impl Seen {
    fn by(experiments: &[Experiment]) -> Result<Self, EvidenceError> {
        let mut seen = Self::default();
        for experiment in experiments {
            for scenario in [Some(&experiment.scenario), experiment.control.as_ref()] {
                scenario.map_or(Ok(()), |scenario| seen.add(scenario))?;
            }
            // A run may go on after the last look.
            let times = experiment
                .data
                .iter()
                .flat_map(|datum| datum.measure.times());
            seen.until = times.fold(seen.until, f64::max);
        }
        Ok(seen)
    }

    fn add(&mut self, scenario: &Scenario) -> Result<(), EvidenceError> {
        let species = scenario.host.species.name();
        self.species.insert(species.to_string());
        let conditions = scenario.host.conditions.iter();
        self.conditions.extend(conditions.map(|c| c.name.clone()));
        let weight = match scenario.host.weight {
            Some(weight) => weight.value(),
            None => Parameters::for_host(species, None)?.get("body", "reference_weight")?,
        };
        for dose in &scenario.doses {
            self.routes.insert(dose.route.name.clone());
            self.products.insert(dose.product.kind.clone());
            self.per_kg = self.per_kg.max(dose.cells(weight) / weight * 1e3);
        }
        Ok(())
    }
}

fn listed(names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match names.is_empty() {
        true => "none".to_string(),
        false => names.join(", "),
    }
}

/// Two digits.
fn short(value: f64) -> String {
    match format!("{value:.1e}").parse::<f64>() {
        Ok(rounded) if !(1e-2..1e4).contains(&rounded) => format!("{rounded:e}"),
        Ok(rounded) => rounded.to_string(),
        Err(_) => value.to_string(),
    }
}
