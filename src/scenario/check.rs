//! Whether a scenario makes sense: every fault is found before anything is computed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Dose, Entry, Fault, Route, Scenario, ScenarioError};
use crate::data::{DataError, Parameters};
use crate::names::near;
use crate::physiology::Organ;
use crate::units::{Mass, Time};

impl Scenario {
    /// Whether everything makes sense.
    ///
    /// # Errors
    /// [`ScenarioError::Invalid`] with every fault found.
    pub fn check(&self) -> Result<(), ScenarioError> {
        let mut faults = Faults(vec![]);
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
        let mut last = -1.0;
        for (index, time) in self.report.iter().map(|time| time.value()).enumerate() {
            let fits = time > last && time >= 0.0 && time <= horizon;
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
                || name.contains(['.', ' '])
                || !names.insert(name);
            faults.text(
                &field("name"),
                name,
                !taken,
                "must be a new word without dots and spaces, not the name of another organ",
            );
        }
    }

    fn check_dose(&self, field: &str, dose: &Dose, faults: &mut Faults) {
        let at = |name: &str| format!("{field}.{name}");
        let amount = dose.cells(1e3);
        faults.number(
            &at("amount"),
            amount,
            amount > 0.0,
            "must be greater than 0",
        );
        for (name, time) in [
            ("at (h)", dose.at),
            ("lag (h)", dose.lag),
            ("over (h)", dose.over),
        ] {
            let time = time.value();
            faults.number(&at(name), time, time >= 0.0, "must be at least 0");
        }
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
            if !few {
                return;
            }
        }
        if let Some(last) = dose.starts().last().filter(|last| last.is_finite()) {
            let end = last + dose.over.value();
            let fits = end <= self.until.value() && *last < self.until.value();
            let why = "the dose must begin before and be given by 'until'";
            faults.number(&at("end (h)"), end, fits, why);
        }
        self.check_route(&at("route"), &dose.route, faults);
    }

    fn check_route(&self, field: &str, route: &Route, faults: &mut Faults) {
        let Some(entry) = route.entry() else {
            let why = format!("unknown route; near names: {}", route.near());
            return faults.text(field, &route.name, false, &why);
        };
        let mut known = self.organs();
        let organ = match entry {
            Entry::Blood(_) => return,
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
        let near = near(organ.name(), known.iter().map(Organ::name));
        let why = format!("the route leads to no such place; near names: {near}");
        faults.text(
            &format!("{field}.entry"),
            organ.name(),
            known.contains(&organ),
            &why,
        );
    }

    /// Names that only the registry can judge.
    fn check_names(&self, faults: &mut Faults) {
        if let Ok(tables) = Parameters::for_host(self.host.species.name(), None) {
            for (index, organ) in self.host.organs.iter().enumerate() {
                let (field, name) = (format!("host.organs[{index}].name"), organ.name.name());
                let why = "is taken: the registry has an organ, a product or a route of that name";
                faults.text(&field, name, !tables.has_place(name), why);
            }
        }
        let bare = Self {
            parameters: BTreeMap::new(),
            changes: vec![],
            ..self.clone()
        };
        let mut parameters = match bare.parameters_at(0.0) {
            Ok(parameters) => parameters,
            Err(ScenarioError::Data(error)) => return faults.data("host", &error),
            Err(_) => return,
        };
        for (id, value) in &self.parameters {
            if let Err(error) = parameters.set(id, *value) {
                faults.data(&format!("parameters.{id}"), &error);
            }
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

struct Faults(Vec<Fault>);

impl Faults {
    /// A number that is not finite is at fault whatever else it satisfies.
    fn number(&mut self, field: &str, value: f64, fits: bool, allowed: &str) {
        self.text(
            field,
            &value.to_string(),
            fits && value.is_finite(),
            allowed,
        );
    }

    fn text(&mut self, field: &str, value: &str, fits: bool, allowed: &str) {
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
        };
        self.text(field, &value, false, &error.to_string());
    }
}
