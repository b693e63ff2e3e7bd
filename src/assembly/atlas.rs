//! The dictionary between pools and what they hold.

use std::collections::BTreeSet;

use super::{LabelPools, ResponsePools};
use crate::organ::{Place, PoolKey, State};

/// What each pool of a model holds, by its number: cells first, then the labels they carry.
#[derive(Debug, Clone, PartialEq)]
pub struct Atlas {
    keys: Vec<PoolKey>,
    products: Vec<String>,
    labels: Vec<LabelPools>,
    response: Option<ResponsePools>,
}

impl Atlas {
    pub(super) const fn new(
        keys: Vec<PoolKey>,
        products: Vec<String>,
        labels: Vec<LabelPools>,
        response: Option<ResponsePools>,
    ) -> Self {
        Self {
            keys,
            products,
            labels,
            response,
        }
    }

    /// The key of every pool of cells, in the order of the network, which has them first.
    #[must_use]
    pub fn keys(&self) -> &[PoolKey] {
        &self.keys
    }

    /// Names of the products, by their number in the keys.
    #[must_use]
    pub fn products(&self) -> &[String] {
        &self.products
    }

    /// The pools of each label of the scenario.
    #[must_use]
    pub fn labels(&self) -> &[LabelPools] {
        &self.labels
    }

    /// The pools of the host's response, if it is computed.
    #[must_use]
    pub const fn response(&self) -> Option<&ResponsePools> {
        self.response.as_ref()
    }

    /// Numbers of the pools of cells that satisfy a condition.
    #[must_use]
    pub fn select(&self, condition: impl Fn(&PoolKey) -> bool) -> Vec<usize> {
        (0..self.keys.len())
            .filter(|index| condition(&self.keys[*index]))
            .collect()
    }

    /// Numbers of the pools of cells of a place in one of some states.
    #[must_use]
    pub fn pools(&self, place: &Place, states: &[State]) -> Vec<usize> {
        self.select(|key| key.place == *place && states.contains(&key.state))
    }

    /// The places of the model: organs, blood, outside.
    #[must_use]
    pub fn places(&self) -> Vec<Place> {
        let mut seen = BTreeSet::new();
        let places = self.keys.iter().map(|key| &key.place);
        places
            .filter(|place| seen.insert(*place))
            .cloned()
            .collect()
    }
}
