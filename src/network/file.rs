//! The network as a JSON file, described in `docs/network-format.md`.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::lookup::Lookup;
use super::transfer_file::TransferReader;
use super::{Network, NetworkError, TransferFile};

/// A network as it stands in a file: everything by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkFile {
    /// What the network is called.
    pub name: String,
    /// What the numbers mean.
    #[serde(default)]
    pub units: Units,
    /// Names of the pools.
    pub pools: Vec<String>,
    /// Amounts at the start, of the pools that are not empty or that no transfer touches.
    #[serde(default, deserialize_with = "each_once")]
    pub initial: BTreeMap<String, f64>,
    /// Values of the parameters.
    #[serde(deserialize_with = "each_once")]
    pub parameters: BTreeMap<String, f64>,
    /// The transfers.
    pub transfers: Vec<TransferFile>,
    /// Times at which the amounts are wanted, h.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<f64>,
    /// What a study varies, in a form of its own; kept and not read.
    #[serde(default, rename = "loop", skip_serializing_if = "Option::is_none")]
    pub study: Option<serde_json::Value>,
}

/// The units of a network file, for readers; nothing is converted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    /// Unit of the amounts.
    pub amount: String,
    /// Unit of time.
    pub time: String,
}

impl Default for Units {
    fn default() -> Self {
        Self {
            amount: "cells".to_string(),
            time: "h".to_string(),
        }
    }
}

/// Reads a table in which no key stands twice.
fn each_once<'de, D: Deserializer<'de>>(reader: D) -> Result<BTreeMap<String, f64>, D::Error> {
    struct EachOnce;

    impl<'de> Visitor<'de> for EachOnce {
        type Value = BTreeMap<String, f64>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table of numbers by name")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut table = BTreeMap::new();
            while let Some(name) = entries.next_key::<String>()? {
                if table.contains_key(&name) {
                    let fault = format!("the key '{name}' stands twice");
                    return Err(A::Error::custom(fault));
                }
                table.insert(name, entries.next_value()?);
            }
            Ok(table)
        }
    }

    reader.deserialize_map(EachOnce)
}

impl NetworkFile {
    /// Reads the JSON form, with or without a byte-order mark.
    ///
    /// # Errors
    /// [`NetworkError::Json`] with line and column; a key that stands twice is refused.
    pub fn from_json(text: &str) -> Result<Self, NetworkError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        serde_json::from_str(text).map_err(|error| NetworkError::Json {
            reason: error.to_string(),
            line: error.line(),
            column: error.column(),
        })
    }

    /// Writes the JSON form; reading it back gives the same bits.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Builds and checks the network.
    ///
    /// # Errors
    /// Any [`NetworkError`], naming the transfer and the field.
    pub fn network(&self) -> Result<Network, NetworkError> {
        let mut builder = Network::builder(&self.name);
        for name in &self.pools {
            match self.initial.get(name) {
                Some(amount) => builder.pool_with(name, *amount),
                None => builder.pool(name),
            };
        }
        let pools = Lookup::new("pool", &self.pools);
        for name in self.initial.keys() {
            pools.find(name, "initial")?;
        }
        let parameters: Vec<String> = self.parameters.keys().cloned().collect();
        for (name, value) in &self.parameters {
            builder.parameter(name, *value);
        }
        let parameters = Lookup::new("parameter", &parameters);
        for transfer in &self.transfers {
            let reader = TransferReader {
                transfer,
                pools: &pools,
                parameters: &parameters,
            };
            let (from, to) = (reader.pool(&transfer.from)?, reader.pool(&transfer.to)?);
            builder.transfer(&transfer.id, from, to, reader.law()?);
        }
        builder.build()
    }
}

impl Network {
    /// The network as it would stand in a file, with the times of interest in h.
    #[must_use]
    pub fn to_file(&self, times: &[f64]) -> NetworkFile {
        let touched = self.touched();
        NetworkFile {
            name: self.name.clone(),
            units: Units::default(),
            pools: self.pools.clone(),
            // A pool that only events touch must be stated.
            initial: (0..self.pools.len())
                .filter(|pool| self.initial[*pool] > 0.0 || !touched[*pool])
                .map(|pool| (self.pools[pool].clone(), self.initial[pool]))
                .collect(),
            parameters: (self.parameters.iter().cloned())
                .zip(self.values.iter().copied())
                .collect(),
            transfers: self
                .transfers
                .iter()
                .map(|t| self.transfer_file(t))
                .collect(),
            times: times.to_vec(),
            study: None,
        }
    }
}
