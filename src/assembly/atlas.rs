//! The dictionary between pools and what they hold.

use std::collections::BTreeSet;

use crate::organ::{Place, PoolKey, State};

/// What each pool of a model holds, by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Atlas {
    keys: Vec<PoolKey>,
    products: Vec<String>,
}

impl Atlas {
    pub(super) const fn new(keys: Vec<PoolKey>, products: Vec<String>) -> Self {
        Self { keys, products }
    }

    /// The key of every pool, in the order of the network.
    #[must_use]
    pub fn keys(&self) -> &[PoolKey] {
        &self.keys
    }

    /// Names of the products, by their number in the keys.
    #[must_use]
    pub fn products(&self) -> &[String] {
        &self.products
    }

    /// Numbers of the pools that satisfy a condition.
    #[must_use]
    pub fn select(&self, condition: impl Fn(&PoolKey) -> bool) -> Vec<usize> {
        (0..self.keys.len())
            .filter(|index| condition(&self.keys[*index]))
            .collect()
    }

    /// Numbers of the pools of a place in one of some states.
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
