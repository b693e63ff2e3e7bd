//! A transfer as it stands in a network file, and the law that its fields make.

use serde::{Deserialize, Serialize};

use super::lookup::Lookup;
use super::{Network, NetworkError, ParameterId, PoolId, RateLaw, Transfer};

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

pub(super) struct TransferReader<'a> {
    pub(super) transfer: &'a TransferFile,
    pub(super) pools: &'a Lookup<'a>,
    pub(super) parameters: &'a Lookup<'a>,
}

impl TransferReader<'_> {
    fn place(&self) -> String {
        format!("transfer {}", self.transfer.id)
    }

    fn fault(&self, fault: String, allowed: &'static str) -> NetworkError {
        NetworkError::BadTransfer {
            transfer: self.transfer.id.clone(),
            law: self.transfer.law.clone(),
            fault,
            allowed,
        }
    }

    pub(super) fn pool(&self, name: &str) -> Result<PoolId, NetworkError> {
        self.pools.find(name, &self.place()).map(PoolId)
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
        self.parameters.find(name, &self.place()).map(ParameterId)
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

    pub(super) fn law(&self) -> Result<RateLaw, NetworkError> {
        let t = self.transfer;
        let Some((_, fields, allowed)) = LAWS.iter().find(|(law, ..)| *law == t.law) else {
            return Err(self.fault("unknown law".to_string(), LAW_NAMES));
        };
        self.only(fields, allowed)?;
        let number = |field, given| self.parameter(field, given, allowed);
        let pools = |field: &str, given: Option<&Names>| match given {
            None => Err(self.fault(format!("'{field}' is missing"), allowed)),
            Some(_) => self.pools(given),
        };
        let constant = t.constant.unwrap_or(1.0);
        Ok(match t.law.as_str() {
            "linear" => RateLaw::Linear {
                constant,
                parameter: number("parameter", t.parameter.as_ref())?,
            },
            "steady" => RateLaw::Steady {
                constant,
                parameter: number("parameter", t.parameter.as_ref())?,
            },
            "capacity" => RateLaw::Capacity {
                constant,
                occupants: pools("occupant", t.occupant.as_ref())?,
                parameter: number("parameter", t.parameter.as_ref())?,
                capacity: number("capacity", t.capacity.as_ref())?,
            },
            "michaelis_menten" => RateLaw::MichaelisMenten {
                constant,
                vmax: number("vmax", t.vmax.as_ref())?,
                km: number("km", t.km.as_ref())?,
                competitors: self.pools(t.competitor.as_ref())?,
            },
            "mass_action" => RateLaw::MassAction {
                constant,
                others: pools("other", t.other.as_ref())?,
                parameter: number("parameter", t.parameter.as_ref())?,
            },
            _ => RateLaw::Blocked {
                constant,
                load: pools("load", t.load.as_ref())?,
                parameter: number("parameter", t.parameter.as_ref())?,
                half: number("half", t.half.as_ref())?,
            },
        })
    }
}

impl Network {
    pub(super) fn transfer_file(&self, transfer: &Transfer) -> TransferFile {
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

const LAW_NAMES: &str =
    "one of these names: linear, capacity, michaelis_menten, mass_action, blocked, steady";

/// The laws a file can name, with the fields of each and how to say them.
const LAWS: [(&str, &[&str], &str); 6] = [
    ("linear", &["parameter"], "constant (optional), parameter"),
    (
        "capacity",
        &["parameter", "occupant", "capacity"],
        "constant (optional), parameter, occupant, capacity",
    ),
    (
        "michaelis_menten",
        &["vmax", "km", "competitor"],
        "constant (optional), vmax, km, competitor (optional)",
    ),
    (
        "mass_action",
        &["parameter", "other"],
        "constant (optional), parameter, other",
    ),
    (
        "blocked",
        &["parameter", "load", "half"],
        "constant (optional), parameter, load, half",
    ),
    ("steady", &["parameter"], "constant (optional), parameter"),
];
