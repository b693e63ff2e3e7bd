//! Names and what laws ask, looked up without a walk through the network.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::allowed::Allowed;
use super::{Network, NetworkError};
use crate::names::near;

/// The places of names in a list.
#[derive(Debug, Clone)]
pub(super) struct Lookup<'a> {
    kind: &'static str,
    names: &'a [String],
    places: FxHashMap<&'a str, usize>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(kind: &'static str, names: &'a [String]) -> Self {
        let places = names.iter().enumerate();
        Self {
            kind,
            names,
            places: places.map(|(place, name)| (name.as_str(), place)).collect(),
        }
    }

    /// The place of a name that was used somewhere.
    pub(super) fn find(&self, name: &str, used: &str) -> Result<usize, NetworkError> {
        let known = self.places.get(name).copied();
        known.ok_or_else(|| unknown(self.kind, name, self.names, used))
    }
}

/// The error for a name that is not in a list.
pub(super) fn unknown(
    kind: &'static str,
    name: &str,
    names: &[String],
    used: &str,
) -> NetworkError {
    NetworkError::UnknownName {
        kind,
        name: name.to_string(),
        place: used.to_string(),
        near: near(name, names.iter().map(String::as_str)),
    }
}

/// What is asked of a network by name or by the thousand, found out when it is first asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Index(OnceLock<Found>);

#[derive(Debug, Clone)]
struct Found {
    /// Pools and parameters in the order of their names.
    pools: Vec<u32>,
    parameters: Vec<u32>,
    allowed: Vec<Option<Allowed>>,
}

/// It follows from the rest of the network.
impl PartialEq for Index {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Index {
    fn of(&self, network: &Network) -> &Found {
        self.0.get_or_init(|| Found {
            pools: sorted(&network.pools),
            parameters: sorted(&network.parameters),
            allowed: allowed(network),
        })
    }

    pub(super) fn pool(&self, network: &Network, name: &str) -> Result<usize, NetworkError> {
        let found = search(&self.of(network).pools, &network.pools, name);
        found.ok_or_else(|| unknown("pool", name, &network.pools, "network"))
    }

    pub(super) fn parameter(&self, network: &Network, name: &str) -> Result<usize, NetworkError> {
        let found = search(&self.of(network).parameters, &network.parameters, name);
        found.ok_or_else(|| unknown("parameter", name, &network.parameters, "network"))
    }

    /// What every law asks of each parameter; `None` for those that no law uses.
    pub(super) fn allowed(&self, network: &Network) -> &[Option<Allowed>] {
        &self.of(network).allowed
    }
}

fn sorted(names: &[String]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..names.len() as u32).collect();
    order.sort_unstable_by_key(|place| names[*place as usize].as_str());
    order
}

fn search(order: &[u32], names: &[String], name: &str) -> Option<usize> {
    let found = order.binary_search_by_key(&name, |place| names[*place as usize].as_str());
    found.ok().map(|found| order[found] as usize)
}

fn allowed(network: &Network) -> Vec<Option<Allowed>> {
    let mut allowed = vec![None; network.parameters.len()];
    for (id, asked) in network.transfers.iter().flat_map(|t| t.law.parameters()) {
        allowed[id.index()] = allowed[id.index()].max(Some(asked));
    }
    allowed
}
