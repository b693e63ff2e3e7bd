//! Experiments, and those that travel with the crate.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{Datum, EvidenceError, Split};
use crate::data;
use crate::instant;
use crate::scenario::Scenario;

/// What was done, and what was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// Who and what, in words.
    pub name: String,
    /// Key of the source in the table of sources; free text in experiments of your own.
    pub source: String,
    /// What was done.
    pub scenario: Scenario,
    /// What was done to the arm that others are compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<Scenario>,
    /// What was found.
    pub data: Vec<Datum>,
    /// What was chosen to turn the publication into a scenario.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Experiment {
    /// The experiment with the rows of one use only; `None` if it has none.
    #[must_use]
    pub fn only(&self, split: Split) -> Option<Self> {
        let mut kept = self.clone();
        kept.data.retain(|datum| datum.split == split);
        (!kept.data.is_empty()).then_some(kept)
    }

    /// Whether numbers and scenarios make sense.
    ///
    /// # Errors
    /// [`EvidenceError`] of the first fault.
    pub fn check(&self) -> Result<(), EvidenceError> {
        self.data.iter().try_for_each(Datum::check)?;
        self.scenario.check()?;
        let mut end = self.scenario.until.value();
        if let Some(control) = &self.control {
            control.check()?;
            end = end.min(control.until.value());
        }
        for datum in &self.data {
            let times = datum.measure.times();
            let outside = |time: &f64| !(*time >= 0.0 && instant::reached(*time, end));
            if let Some(value) = times.into_iter().find(outside) {
                return Err(EvidenceError::BadNumber {
                    name: datum.name.clone(),
                    field: "time",
                    value,
                    allowed: "in h, from 0 to the end of its scenarios",
                });
            }
        }
        Ok(())
    }
}

/// A list of experiments, as it stands in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The experiments.
    #[serde(rename = "experiment")]
    pub experiments: Vec<Experiment>,
}

impl Evidence {
    /// Reads and checks experiments.
    ///
    /// # Errors
    /// [`EvidenceError`]: what the reader says with line and column, or the first fault of an experiment.
    pub fn from_toml(text: &str) -> Result<Self, EvidenceError> {
        let read: Self = toml::from_str(text).map_err(|error| EvidenceError::Toml {
            reason: error.to_string().trim_end().to_string(),
        })?;
        read.experiments.iter().try_for_each(Experiment::check)?;
        Ok(read)
    }

    /// The experiments with rows of one use, with these rows only.
    #[must_use]
    pub fn only(&self, split: Split) -> Vec<Experiment> {
        let experiments = self.experiments.iter();
        experiments
            .filter_map(|experiment| experiment.only(split))
            .collect()
    }
}

/// The published experiments that travel with the crate, with their sources.
///
/// # Errors
/// [`EvidenceError`] if the embedded file is damaged.
pub fn published() -> Result<&'static Evidence, EvidenceError> {
    static READ: OnceLock<Result<Evidence, EvidenceError>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        let read = Evidence::from_toml(include_str!("published.toml"))?;
        let sources = data::sources()?;
        let known = |key: &str| sources.iter().any(|source| source.key == key);
        match read.experiments.iter().find(|e| !known(&e.source)) {
            None => Ok(read),
            Some(experiment) => Err(EvidenceError::UnknownSource {
                name: experiment.name.clone(),
                source_key: experiment.source.clone(),
            }),
        }
    });
    read.as_ref().map_err(Clone::clone)
}
