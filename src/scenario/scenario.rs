//! The scenario: everything that is asked, in one plain struct.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::text::other_format;
use super::{Change, Correlation, Dose, Entry, Host, Label, Product, Response, ScenarioError};
use crate::data::{DataError, Parameters, Quantity, Status, Unit};
use crate::instant;
use crate::physiology::Organ;
use crate::units::{Mass, Time};

/// A host, its doses, and what is different from the tables.
///
/// ```
/// use biodist::prelude::*;
///
/// let scenario = Scenario::new(Host::mouse(25.g()))
///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
///     .with("lung.release", 0.001) // 1/h
///     .until(3.days());
/// let text = scenario.to_toml()?;
/// assert_eq!(Scenario::from_toml(&text)?, scenario);
/// # Ok::<(), biodist::scenario::ScenarioError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is called in tables and pictures.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// How long to follow the cells.
    pub until: Time,
    /// Times to report, besides the end; absent: a grid that is fine where things happen fast.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub report: Vec<Time>,
    /// Size classes of each product, 1 to 64.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub size_classes: usize,
    /// Whether room in vessels and phagocytes is limited.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub saturation: bool,
    /// Who receives the cells.
    pub host: Host,
    /// What is given.
    #[serde(default)]
    pub doses: Vec<Dose>,
    /// Labels that all cells carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// The response of the host; absent: not computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// Parameters that differ from the tables all the time.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, f64>,
    /// Spreads of these parameters, as geometric standard deviations; absent: the value is certain.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub spreads: BTreeMap<String, f64>,
    /// Correlations between parameters with a spread; absent: none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub correlations: Vec<Correlation>,
    /// Parameters that differ for a while.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

const fn one() -> usize {
    1
}
const fn yes() -> bool {
    true
}
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
const fn is_one(n: &usize) -> bool {
    *n == 1
}
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
const fn is_yes(flag: &bool) -> bool {
    *flag
}

impl Scenario {
    /// A host without doses, followed for 10 days.
    #[must_use]
    pub const fn new(host: Host) -> Self {
        Self {
            title: String::new(),
            until: Time::new(240.0),
            report: vec![],
            size_classes: 1,
            saturation: true,
            host,
            doses: vec![],
            labels: vec![],
            response: None,
            parameters: BTreeMap::new(),
            spreads: BTreeMap::new(),
            correlations: vec![],
            changes: vec![],
        }
    }

    /// Adds a dose; several may be of different products and routes.
    #[must_use]
    pub fn dose(mut self, dose: Dose) -> Self {
        self.doses.push(dose);
        self
    }

    /// Labels all cells; what becomes of the label is a second ledger beside that of the cells.
    #[must_use]
    pub fn labelled(mut self, label: Label) -> Self {
        self.labels.push(label);
        self
    }

    /// Computes the response of the host: mediators, phagocytes, regulatory T cells.
    #[must_use]
    pub const fn responding(mut self, response: Response) -> Self {
        self.response = Some(response);
        self
    }

    /// Follows the cells for this long.
    #[must_use]
    pub const fn until(mut self, horizon: Time) -> Self {
        self.until = horizon;
        self
    }

    /// Reports at these times.
    #[must_use]
    pub fn report_at(mut self, times: impl IntoIterator<Item = Time>) -> Self {
        self.report = times.into_iter().collect();
        self
    }

    /// Names the scenario.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Changes a parameter by its id, in the unit of the registry.
    #[must_use]
    pub fn with(mut self, id: impl Into<String>, value: f64) -> Self {
        self.parameters.insert(id.into(), value);
        self
    }

    /// Changes a parameter for a while.
    #[must_use]
    pub fn changing(mut self, id: impl Into<String>, value: f64, from: Time, until: Time) -> Self {
        self.changes.push(Change {
            parameter: id.into(),
            value,
            from,
            until: Some(until),
        });
        self
    }

    /// The same scenario with every dose by another route.
    #[must_use]
    pub fn with_route(mut self, route: &super::Route) -> Self {
        for dose in &mut self.doses {
            dose.route = route.clone();
        }
        self
    }

    /// Splits every product into classes of equal share by diameter.
    #[must_use]
    pub const fn in_size_classes(mut self, classes: usize) -> Self {
        self.size_classes = classes;
        self
    }

    /// Lifts every limit of room, which makes the model linear.
    #[must_use]
    pub const fn without_saturation(mut self) -> Self {
        self.saturation = false;
        self
    }

    /// Reads the TOML form.
    ///
    /// # Errors
    /// [`ScenarioError::Toml`] with what the reader says, line and column included;
    /// [`ScenarioError::OtherFormat`].
    pub fn from_toml(text: &str) -> Result<Self, ScenarioError> {
        toml::from_str(text).map_err(|error| match other_format(text) {
            Some(format) => ScenarioError::OtherFormat { format },
            None => ScenarioError::Toml {
                reason: error.to_string().trim_end().to_string(),
                offset: error.span().map(|span| span.start),
            },
        })
    }

    /// Writes the TOML form; reading it back gives the same bits.
    ///
    /// # Errors
    /// [`ScenarioError::Toml`] when a number has no TOML form.
    pub fn to_toml(&self) -> Result<String, ScenarioError> {
        toml::to_string(self).map_err(|error| ScenarioError::Toml {
            reason: error.to_string(),
            offset: None,
        })
    }

    /// The organs of the host, extra ones before the rest of the body.
    #[must_use]
    pub fn organs(&self) -> Vec<Organ> {
        let mut organs = Organ::ALL.to_vec();
        let extra = self.host.organs.iter().map(|organ| organ.name.clone());
        organs.splice(organs.len() - 1..organs.len() - 1, extra);
        organs
    }

    /// The places of the registry whose numbers it uses: organs and blood, products, routes, labels, conditions.
    pub(crate) fn places(&self) -> BTreeSet<String> {
        let always = ["body", "blood", "tissue", "cell", "immunity"].map(String::from);
        let mut places = BTreeSet::from(always);
        places.extend(self.organs().iter().map(ToString::to_string));
        for dose in &self.doses {
            let product = &dose.product;
            places.extend([product.kind.clone(), dose.route.name.clone()]);
            places.extend(product.preparations.iter().cloned());
            places.extend(product.passage.map(|_| "passage".to_string()));
            places.extend(product.matching.map(|matching| matching.name().to_string()));
            // A cavity is a place of the body only when something is put into it.
            if let Some(Entry::Depot(organ)) = dose.route.entry() {
                places.insert(organ.to_string());
            }
        }
        places.extend(self.labels.iter().map(|label| label.name().to_string()));
        places.extend(self.labels.first().map(|_| "label".to_string()));
        places.extend(self.host.conditions.iter().map(|c| c.name.clone()));
        places.extend(self.response.map(|_| "response".to_string()));
        places
    }

    /// The registry of the host with the changes that hold at a time in h.
    ///
    /// # Errors
    /// [`ScenarioError`] for names and numbers that the registry does not know or allow.
    pub fn parameters_at(&self, time: f64) -> Result<Parameters, ScenarioError> {
        let weight = self.host.weight.map(Mass::value);
        let mut parameters = Parameters::for_host(self.host.species.name(), weight)?;
        // Extra organs are told in g and mL/h, whatever becomes of the body: it goes first.
        self.differ(&mut parameters, time, of_body)?;
        for quantity in extra_quantities(self, &parameters)? {
            parameters.add_organ(quantity.place());
            parameters.add(quantity)?;
        }
        self.differ(&mut parameters, time, |id| !of_body(id))?;
        Ok(parameters)
    }

    /// What differs from the tables at a time in h: the scenario's parameters, on which the
    /// conditions of the host act one after the other, and the changes of that time over both.
    fn differ(
        &self,
        parameters: &mut Parameters,
        time: f64,
        concerned: impl Fn(&str) -> bool,
    ) -> Result<(), DataError> {
        let of_condition = |parameters: &Parameters, id: &str| {
            let place = id.split_once('.').map_or("", |(place, _)| place);
            parameters.is_condition(place)
        };
        for (id, value) in &self.parameters {
            // The numbers of a condition must be known before it acts anywhere.
            if concerned(id) || of_condition(parameters, id) {
                parameters.set(id, *value)?;
            }
        }
        for condition in &self.host.conditions {
            for (id, value) in condition.effects(parameters, time)? {
                if concerned(&id) {
                    parameters.set(&id, value)?;
                }
            }
        }
        let holds = |change: &&Change| {
            let ended = change
                .until
                .is_some_and(|until| instant::reached(until.value(), time));
            instant::reached(change.from.value(), time) && !ended
        };
        for change in self.changes.iter().filter(holds) {
            if concerned(&change.parameter) {
                parameters.set(&change.parameter, change.value)?;
            }
        }
        Ok(())
    }

    /// The times within the run at which some number of the model switches, h, in order.
    ///
    /// Changes, stages of conditions, and the rejection of products by T cells.
    ///
    /// # Errors
    /// As [`Self::parameters_at`].
    pub fn switch_times(&self) -> Result<Vec<f64>, ScenarioError> {
        let start = self.parameters_at(0.0)?;
        let ends = self.changes.iter().filter_map(|change| change.until);
        let begins = self.changes.iter().map(|change| change.from);
        let mut times: Vec<f64> = begins.chain(ends).map(Time::value).collect();
        for condition in &self.host.conditions {
            times.extend(condition.switches(&start));
        }
        for dose in &self.doses {
            times.extend(self.rejection_of(&dose.product, &start)?);
        }
        times.retain(|time| *time > 0.0 && *time < self.until.value());
        instant::distinct(&mut times);
        Ok(times)
    }

    /// When T cells begin to attack a product, h; never, if they do not know it.
    ///
    /// # Errors
    /// [`DataError`], from the registry.
    pub fn rejection_of(
        &self,
        product: &Product,
        parameters: &Parameters,
    ) -> Result<Option<f64>, DataError> {
        if product.matching.is_none() {
            return Ok(None);
        }
        let doses = self.doses.iter().filter(|dose| dose.product == *product);
        let first = doses.flat_map(Dose::starts).reduce(f64::min);
        let onset = parameters.get("immunity", "rejection_onset")?;
        Ok(first.map(|first| first + onset))
    }
}

fn of_body(id: &str) -> bool {
    id.starts_with("body.")
}

/// The physiology rows of the extra organs, with their values.
fn extra_quantities(
    scenario: &Scenario,
    parameters: &Parameters,
) -> Result<Vec<Quantity>, DataError> {
    let weight = scenario.host.weight.map(Mass::value);
    let weight = weight.map_or_else(|| parameters.get("body", "reference_weight"), Ok)?;
    let output = parameters.get("body", "cardiac_output")? * 60.0;
    let row = |organ: &Organ, name: &str, value: f64| Quantity {
        id: format!("{organ}.{name}"),
        species: "any".to_string(),
        value,
        unit: Unit::Fraction,
        gsd: 1.0,
        weight_exponent: 0.0,
        status: Status::Assumed,
        source: "assumed".to_string(),
        meaning: "Given by the scenario".to_string(),
    };
    let rows = scenario.host.organs.iter().flat_map(|extra| {
        [
            ("mass_fraction", extra.mass.value() / weight),
            ("flow_fraction", extra.flow.value() / output),
            ("vascular_fraction", extra.vascular_fraction),
        ]
        .map(|(name, value)| row(&extra.name, name, value))
    });
    Ok(rows.collect())
}
