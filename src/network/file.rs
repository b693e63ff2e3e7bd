//! The network as a JSON file, described in `docs/network-format.md`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::network::find;
use super::{Network, NetworkError, ParameterId, PoolId, RateLaw};

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
    #[serde(default)]
    pub initial: BTreeMap<String, f64>,
    /// Values of the parameters.
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

/// One name, or a list of names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Names {
    /// One name.
    One(String),
    /// Several, whose amounts are summed.
    Many(Vec<String>),
}

/// A transfer as it stands in a file; which fields are needed depends on the law.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferFile {
    /// Unique name.
    pub id: String,
    /// The pool that loses.
    pub from: String,
    /// The pool that gains.
    pub to: String,
    /// Name of the law.
    pub law: String,
    /// Constant factor; 1 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constant: Option<f64>,
    /// Rate parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Capacity law: the pool or pools that take up the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occupant: Option<Names>,
    /// Capacity law: the parameter that holds the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<String>,
    /// Michaelis-Menten law: greatest rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vmax: Option<String>,
    /// Michaelis-Menten law: half-saturating amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub km: Option<String>,
    /// Michaelis-Menten law: pools that compete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competitor: Option<Names>,
    /// Mass action law: the pool or pools that drive it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<Names>,
    /// Blocked law: the pool or pools that block it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<Names>,
    /// Blocked law: the parameter that holds the half-blocking load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half: Option<String>,
}

impl NetworkFile {
    /// Reads the JSON form.
    ///
    /// # Errors
    /// [`NetworkError::Json`] with line and column.
    pub fn from_json(text: &str) -> Result<Self, NetworkError> {
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
        for name in self.initial.keys() {
            find("pool", name, &self.pools).map_err(|e| at(e, "initial"))?;
        }
        let parameters: Vec<String> = self.parameters.keys().cloned().collect();
        for (name, value) in &self.parameters {
            builder.parameter(name, *value);
        }
        for transfer in &self.transfers {
            let reader = TransferReader {
                transfer,
                pools: &self.pools,
                parameters: &parameters,
            };
            let (from, to) = (reader.pool(&transfer.from)?, reader.pool(&transfer.to)?);
            builder.transfer(&transfer.id, from, to, reader.law()?);
        }
        builder.build()
    }
}

fn at(error: NetworkError, location: &str) -> NetworkError {
    match error {
        NetworkError::UnknownName {
            kind, name, near, ..
        } => NetworkError::UnknownName {
            kind,
            name,
            place: location.to_string(),
            near,
        },
        other => other,
    }
}

struct TransferReader<'a> {
    transfer: &'a TransferFile,
    pools: &'a [String],
    parameters: &'a [String],
}

impl TransferReader<'_> {
    fn fault(&self, fault: String, allowed: &'static str) -> NetworkError {
        NetworkError::BadTransfer {
            transfer: self.transfer.id.clone(),
            law: self.transfer.law.clone(),
            fault,
            allowed,
        }
    }

    fn pool(&self, name: &str) -> Result<PoolId, NetworkError> {
        let index = find("pool", name, self.pools);
        Ok(PoolId(index.map_err(|e| {
            at(e, &format!("transfer {}", self.transfer.id))
        })?))
    }

    fn pools(&self, names: Option<&Names>) -> Result<Vec<PoolId>, NetworkError> {
        match names {
            None => Ok(vec![]),
            Some(Names::One(name)) => Ok(vec![self.pool(name)?]),
            Some(Names::Many(names)) => names.iter().map(|name| self.pool(name)).collect(),
        }
    }

    fn parameter(
        &self,
        field: &'static str,
        name: Option<&String>,
        allowed: &'static str,
    ) -> Result<ParameterId, NetworkError> {
        let name = name.ok_or_else(|| self.fault(format!("'{field}' is missing"), allowed))?;
        let index = find("parameter", name, self.parameters);
        Ok(ParameterId(index.map_err(|e| {
            at(e, &format!("transfer {}", self.transfer.id))
        })?))
    }

    /// Refuses fields that the law does not read, so that a slip is not silently ignored.
    fn only(&self, fields: &[&str], allowed: &'static str) -> Result<(), NetworkError> {
        let t = self.transfer;
        let present = [
            ("parameter", t.parameter.is_some()),
            ("occupant", t.occupant.is_some()),
            ("capacity", t.capacity.is_some()),
            ("vmax", t.vmax.is_some()),
            ("km", t.km.is_some()),
            ("competitor", t.competitor.is_some()),
            ("other", t.other.is_some()),
            ("load", t.load.is_some()),
            ("half", t.half.is_some()),
        ];
        match present
            .iter()
            .find(|(field, there)| *there && !fields.contains(field))
        {
            None => Ok(()),
            Some((field, _)) => Err(self.fault(format!("'{field}' does not belong here"), allowed)),
        }
    }

    fn law(&self) -> Result<RateLaw, NetworkError> {
        let t = self.transfer;
        let constant = t.constant.unwrap_or(1.0);
        match t.law.as_str() {
            "linear" | "steady" => {
                let allowed = "constant (optional), parameter";
                self.only(&["parameter"], allowed)?;
                let parameter = self.parameter("parameter", t.parameter.as_ref(), allowed)?;
                Ok(match t.law.as_str() {
                    "linear" => RateLaw::Linear {
                        constant,
                        parameter,
                    },
                    _ => RateLaw::Steady {
                        constant,
                        parameter,
                    },
                })
            }
            "capacity" => {
                let allowed = "constant (optional), parameter, occupant, capacity";
                self.only(&["parameter", "occupant", "capacity"], allowed)?;
                if t.occupant.is_none() {
                    return Err(self.fault("'occupant' is missing".to_string(), allowed));
                }
                Ok(RateLaw::Capacity {
                    constant,
                    parameter: self.parameter("parameter", t.parameter.as_ref(), allowed)?,
                    occupants: self.pools(t.occupant.as_ref())?,
                    capacity: self.parameter("capacity", t.capacity.as_ref(), allowed)?,
                })
            }
            "michaelis_menten" => {
                let allowed = "constant (optional), vmax, km, competitor (optional)";
                self.only(&["vmax", "km", "competitor"], allowed)?;
                Ok(RateLaw::MichaelisMenten {
                    constant,
                    vmax: self.parameter("vmax", t.vmax.as_ref(), allowed)?,
                    km: self.parameter("km", t.km.as_ref(), allowed)?,
                    competitors: self.pools(t.competitor.as_ref())?,
                })
            }
            "mass_action" => {
                let allowed = "constant (optional), parameter, other";
                self.only(&["parameter", "other"], allowed)?;
                if t.other.is_none() {
                    return Err(self.fault("'other' is missing".to_string(), allowed));
                }
                Ok(RateLaw::MassAction {
                    constant,
                    parameter: self.parameter("parameter", t.parameter.as_ref(), allowed)?,
                    others: self.pools(t.other.as_ref())?,
                })
            }
            "blocked" => {
                let allowed = "constant (optional), parameter, load, half";
                self.only(&["parameter", "load", "half"], allowed)?;
                if t.load.is_none() {
                    return Err(self.fault("'load' is missing".to_string(), allowed));
                }
                Ok(RateLaw::Blocked {
                    constant,
                    parameter: self.parameter("parameter", t.parameter.as_ref(), allowed)?,
                    load: self.pools(t.load.as_ref())?,
                    half: self.parameter("half", t.half.as_ref(), allowed)?,
                })
            }
            _ => Err(self.fault(
                "unknown law".to_string(),
                "one of these names: linear, capacity, michaelis_menten, mass_action, blocked, steady",
            )),
        }
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

    fn transfer_file(&self, transfer: &super::Transfer) -> TransferFile {
        let p = |id: &ParameterId| Some(self.parameters[id.index()].clone());
        let names = |ids: &[PoolId]| match ids {
            [] => None,
            [one] => Some(Names::One(self.pools[one.index()].clone())),
            many => Some(Names::Many(
                many.iter()
                    .map(|id| self.pools[id.index()].clone())
                    .collect(),
            )),
        };
        let mut file = TransferFile {
            id: transfer.id.clone(),
            from: self.pools[transfer.from.index()].clone(),
            to: self.pools[transfer.to.index()].clone(),
            law: transfer.law.name().to_string(),
            constant: Some(transfer.law.constant()),
            ..TransferFile::default()
        };
        match &transfer.law {
            RateLaw::Linear { parameter, .. } | RateLaw::Steady { parameter, .. } => {
                file.parameter = p(parameter);
            }
            RateLaw::Capacity {
                parameter,
                occupants,
                capacity,
                ..
            } => {
                file.parameter = p(parameter);
                file.occupant = names(occupants);
                file.capacity = p(capacity);
            }
            RateLaw::MichaelisMenten {
                vmax,
                km,
                competitors,
                ..
            } => {
                file.vmax = p(vmax);
                file.km = p(km);
                file.competitor = names(competitors);
            }
            RateLaw::MassAction {
                parameter, others, ..
            } => {
                file.parameter = p(parameter);
                file.other = names(others);
            }
            RateLaw::Blocked {
                parameter,
                load,
                half,
                ..
            } => {
                file.parameter = p(parameter);
                file.load = names(load);
                file.half = p(half);
            }
        }
        file
    }
}
