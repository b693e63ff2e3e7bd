//! Whether a scenario makes sense: every fault is found before anything is computed.

use std::collections::BTreeSet;

use super::{Dose, Entry, Fault, Route, Scenario, ScenarioError};
use crate::data::{DataError, Parameters};
use crate::instant;
use crate::names::near;
use crate::physiology::{Organ, Species};
use crate::units::{Mass, Time};

impl Scenario {
    /// Whether everything makes sense.
    ///
    /// # Errors
    /// [`ScenarioError::Invalid`] with every fault found.
    pub fn check(&self) -> Result<(), ScenarioError> {
        let mut faults = Faults(vec![]);
        self.check_texts(&mut faults);
        self.check_times(&mut faults);
        self.check_host(&mut faults);
        faults.text(
            "doses",
            "none",
            !self.doses.is_empty(),
            "must hold at least one dose",
        );
        for (index, dose) in self.doses.iter().enumerate() {
            self.check_dose(&format!("doses[{index}]"), dose, &mut faults);
        }
        self.check_names(&mut faults);
        self.check_spreads(&mut faults);
        if faults.0.is_empty() {
            self.check_effects(&mut faults);
        }
        if faults.0.is_empty() {
            return Ok(());
        }
        Err(ScenarioError::Invalid { faults: faults.0 })
    }

    fn check_times(&self, faults: &mut Faults) {
        let horizon = self.until.value();
        faults.number(
            "until (h)",
            horizon,
            horizon > 0.0,
            "must be greater than 0",
        );
        let long = horizon.is_finite() && horizon > LONGEST;
        let why = "must be at most 876600 h, a hundred years";
        faults.text("until (h)", &horizon.to_string(), !long, why);
        let mut last = -1.0;
        for (index, time) in self.report.iter().map(|time| time.value()).enumerate() {
            let fits = time > last && time >= 0.0 && instant::reached(time, horizon);
            let field = format!("report[{index}] (h)");
            faults.number(&field, time, fits, "must increase from 0 to 'until'");
            last = time;
        }
        faults.number(
            "size_classes",
            self.size_classes as f64,
            (1..=64).contains(&self.size_classes),
            "must be 1 to 64",
        );
        for (index, change) in self.changes.iter().enumerate() {
            let from = change.from.value();
            let field = format!("changes[{index}].from (h)");
            let within = from >= 0.0 && from < horizon;
            faults.number(&field, from, within, "must lie between 0 and 'until'");
            if let Some(until) = change.until.map(Time::value) {
                let field = format!("changes[{index}].until (h)");
                faults.number(&field, until, until > from, "must be later than 'from'");
            }
        }
    }

    fn check_host(&self, faults: &mut Faults) {
        if let Some(weight) = self.host.weight.map(Mass::value) {
            faults.number(
                "host.weight (g)",
                weight,
                weight > 0.0,
                "must be greater than 0",
            );
        }
        let mut names = BTreeSet::new();
        for (index, organ) in self.host.organs.iter().enumerate() {
            let field = |name: &str| format!("host.organs[{index}].{name}");
            let (mass, flow) = (organ.mass.value(), organ.flow.value());
            faults.number(
                &field("mass (g)"),
                mass,
                mass > 0.0,
                "must be greater than 0",
            );
            faults.number(
                &field("flow (mL/h)"),
                flow,
                flow > 0.0,
                "must be greater than 0",
            );
            let blood = organ.vascular_fraction;
            let fits = blood > 0.0 && blood < 1.0;
            faults.number(
                &field("vascular_fraction"),
                blood,
                fits,
                "must lie between 0 and 1",
            );
            let name = organ.name.name();
            let taken = ["venous", "arterial", "portal", "outside", ""].contains(&name)
                || !name
                    .chars()
                    .all(|c| c.is_alphanumeric() || "_-".contains(c))
                || !names.insert(name);
            faults.text(
                &field("name"),
                name,
                !taken,
                "must be a new word of letters, digits, '_' and '-', not the name of another organ",
            );
        }
    }

    fn check_conditions(&self, parameters: &Parameters, faults: &mut Faults) {
        for (index, condition) in self.host.conditions.iter().enumerate() {
            let (field, name) = (format!("host.conditions[{index}]"), &condition.name);
            if !parameters.conditions().any(|known| known == name) {
                let near = near(name, parameters.conditions());
                let why = format!("unknown condition; near names: {near}");
                faults.text(&field, name, false, &why);
            }
            let onset = condition.onset.value();
            let field = |name: &str| format!("{field}.{name}");
            faults.number(&field("onset (h)"), onset, true, "must be finite");
            let again = self.host.conditions[..index].contains(condition);
            faults.text(
                &format!("host.conditions[{index}]"),
                name,
                !again,
                "must be listed once",
            );
            let strength = condition.strength;
            let fits = strength >= 0.0;
            faults.number(&field("strength"), strength, fits, "must be at least 0");
        }
    }

    /// Whether the conditions leave every number within what it allows, whenever they act.
    fn check_effects(&self, faults: &mut Faults) {
        let times = self.switch_times().unwrap_or_default();
        let moments = std::iter::once(0.0).chain(times);
        let errors = moments.filter_map(|time| self.parameters_at(time).err());
        if let Some(ScenarioError::Data(error)) = errors.into_iter().next() {
            faults.data("host.conditions", &error);
        }
    }

    fn check_dose(&self, field: &str, dose: &Dose, faults: &mut Faults) {
        let at = |name: &str| format!("{field}.{name}");
        let amount = dose.cells(self.host.weight.map_or(1e3, Mass::value));
        faults.number(
            &at("amount (cells)"),
            amount,
            amount >= LEAST_CELLS,
            "must be at least 1e-6 in all",
        );
        let many = amount.is_finite() && amount > MOST_CELLS;
        let why = "must be at most 1e16 in all, more than a hundred men have";
        faults.text(&at("amount (cells)"), &format!("{amount:e}"), !many, why);
        for (name, time) in [("at (h)", dose.at), ("lag (h)", dose.lag)] {
            let time = time.value();
            faults.number(&at(name), time, time >= 0.0, "must be at least 0");
        }
        let over = dose.over.value();
        faults.number(
            &at("over (h)"),
            over,
            over >= LEAST_INFUSION || over.to_bits() == 0,
            "must be 0 (a bolus) or at least 1 s",
        );
        let lost = dose.lost;
        faults.number(
            &at("lost"),
            lost,
            (0.0..=1.0).contains(&lost),
            "must be 0 to 1",
        );
        if let Some(repeat) = dose.repeat {
            let (times, every) = (f64::from(repeat.times), repeat.every.value());
            let few = (1..=10_000).contains(&repeat.times);
            faults.number(&at("repeat.times"), times, few, "must be 1 to 10000");
            faults.number(
                &at("repeat.every (h)"),
                every,
                every > 0.0,
                "must be greater than 0",
            );
        }
        self.check_route(&at("route"), &dose.route, faults);
        let last = dose.repeat.map_or(0.0, |repeat| {
            f64::from(repeat.times.max(1) - 1) * repeat.every.value()
        });
        let last = dose.at.value() + dose.lag.value() + last;
        self.check_end(field, dose, last, faults);
    }

    /// Whether a dose is given within the run; `last` is when its last administration begins, h.
    fn check_end(&self, field: &str, dose: &Dose, last: f64, faults: &mut Faults) {
        let (until, over) = (self.until.value(), dose.over.value());
        let end = last + over;
        if !end.is_finite() || until.is_nan() || until <= 0.0 {
            return; // told already
        }
        // What a reader would change.
        let (at, lag) = (dose.at.value(), dose.lag.value());
        let (name, value) = match dose.repeat {
            _ if instant::reached(until, at) => ("at (h)", at),
            _ if instant::reached(until, at + lag) => ("lag (h)", lag),
            Some(repeat) if instant::reached(at + lag + over, until) => {
                ("repeat.times", f64::from(repeat.times))
            }
            _ => ("over (h)", over),
        };
        let fits = instant::reached(end, until) && !instant::reached(until, last);
        let why = format!(
            "the dose ends after {end} h: it must begin before and be given by 'until', {until} h"
        );
        faults.text(&format!("{field}.{name}"), &value.to_string(), fits, &why);
    }

    fn check_route(&self, field: &str, route: &Route, faults: &mut Faults) {
        let Some(entry) = route.entry() else {
            let why = format!("unknown route; near names: {}", route.near());
            return faults.text(field, &route.name, false, &why);
        };
        let mut known = self.organs();
        let organ = match entry {
            Entry::Blood(_) => return,
            Entry::Niche(organ) => organ,
            Entry::Artery(organ) => {
                // The lung has no feeding artery of its own: its inflow is the venous blood.
                known.retain(|organ| *organ != Organ::LUNG);
                organ
            }
            Entry::Depot(organ) => {
                known.extend(Organ::CAVITIES);
                organ
            }
        };
        if !known.contains(&organ) {
            let near = near(organ.name(), known.iter().map(Organ::name));
            let why = format!("the route leads to no such place; near names: {near}");
            faults.text(&format!("{field}.entry"), organ.name(), false, &why);
        }
    }

    /// The weight of the host, g, if it was given and can be one.
    fn weight(&self) -> Option<f64> {
        let weight = self.host.weight.map(Mass::value);
        weight.filter(|weight| weight.is_finite() && *weight > 0.0)
    }

    /// An organ must fit into the body that it is part of.
    fn check_extra_sizes(&self, parameters: &Parameters, faults: &mut Faults) {
        let known = |value: Result<f64, DataError>| value.unwrap_or(f64::INFINITY);
        let reference = known(parameters.get("body", "reference_weight"));
        let weight = self.weight().unwrap_or(reference);
        let output = 60.0 * known(parameters.get("body", "cardiac_output"));
        for (index, organ) in self.host.organs.iter().enumerate() {
            for (name, value, whole, what) in [
                ("mass (g)", organ.mass.value(), weight, "the body weight"),
                (
                    "flow (mL/h)",
                    organ.flow.value(),
                    output,
                    "the cardiac output",
                ),
            ] {
                let field = format!("host.organs[{index}].{name}");
                let why = format!("must be less than {what}, {whole}");
                // What is not a number or not positive has been told already.
                let told = value.is_nan() || value <= 0.0 || value.is_infinite();
                faults.text(&field, &value.to_string(), told || value < whole, &why);
            }
        }
    }

    /// Names that only the registry can judge.
    fn check_names(&self, faults: &mut Faults) {
        let weight = self.weight();
        let species = self.host.species.name();
        let tables = Parameters::for_host(species, weight).or_else(|error| {
            faults.data("host.species", &error);
            // Ids are those of every species: whatever else is wrong can still be told.
            Parameters::for_host(Species::ALL[0], None)
        });
        let Ok(mut parameters) = tables else { return };
        let names = self.host.organs.iter().map(|organ| organ.name.name());
        let (taken, new): (Vec<_>, Vec<_>) = names
            .enumerate()
            .partition(|(_, name)| parameters.has_place(name));
        for (index, name) in taken {
            let why = "is taken: the registry has a place, a product or a route of that name";
            faults.text(&format!("host.organs[{index}].name"), name, false, why);
        }
        for (_, name) in new {
            parameters.add_organ(name);
        }
        for (id, value) in &self.parameters {
            if let Err(error) = parameters.set(id, *value) {
                faults.data(&format!("parameters.{id}"), &error);
            }
        }
        self.check_extra_sizes(&parameters, faults);
        self.check_conditions(&parameters, faults);
        for (index, label) in self.labels.iter().enumerate() {
            let (field, name) = (format!("labels[{index}]"), label.name());
            if !parameters.labels().any(|known| known == name) {
                let near = near(name, parameters.labels());
                let why = format!("unknown label; near names: {near}");
                faults.text(&field, name, false, &why);
            }
            let new = !self.labels[..index].contains(label);
            faults.text(&field, name, new, "must be listed once");
        }
        for (index, dose) in self.doses.iter().enumerate() {
            if let Err(error) = dose.product.traits(&parameters) {
                faults.data(&format!("doses[{index}].product"), &error);
            }
        }
        for (index, change) in self.changes.iter().enumerate() {
            if let Err(error) = parameters.set(&change.parameter, change.value) {
                faults.data(&format!("changes[{index}]"), &error);
            }
        }
    }
}

/// Fewer cells than this have no ledger: their amounts are rounding, cells.
const LEAST_CELLS: f64 = 1e-6;
/// More cells than a hundred men have.
const MOST_CELLS: f64 = 1e16;
/// A hundred years of 365.25 days, h.
const LONGEST: f64 = 876_600.0;
/// The shortest infusion that is not a bolus: one second, h.
const LEAST_INFUSION: f64 = 1.0 / 3600.0 * (1.0 - 1e-12);

/// What was found.
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    /// A number that is not finite is at fault whatever else it satisfies.
    pub(super) fn number(&mut self, field: &str, value: f64, fits: bool, allowed: &str) {
        self.text(
            field,
            &value.to_string(),
            fits && value.is_finite(),
            allowed,
        );
    }

    pub(super) fn text(&mut self, field: &str, value: &str, fits: bool, allowed: &str) {
        if !fits {
            self.0.push(Fault {
                field: field.to_string(),
                value: value.to_string(),
                allowed: allowed.to_string(),
            });
        }
    }

    fn data(&mut self, field: &str, error: &DataError) {
        let value = match error {
            DataError::UnknownName { name, .. } => name.clone(),
            DataError::OutOfRange { value, .. } => value.to_string(),
            DataError::BadRow { table, .. } => (*table).to_string(),
            DataError::NotCorrelations { ids } => ids.join(", "),
        };
        self.text(field, &value, false, &error.to_string());
    }
}
