//! Building a network: names first, checks at the end.

use rustc_hash::{FxBuildHasher, FxHashSet};

use super::lookup::Index;
use super::network::check_amount;
use super::rate_law::RateLaw;
use super::{Network, NetworkError, ParameterId, PoolId, Transfer};

/// Collects pools, parameters and transfers; [`build`](Self::build) checks them.
#[derive(Debug, Clone)]
pub struct NetworkBuilder {
    network: Network,
    /// Whether the start of each pool was stated.
    stated: Vec<bool>,
}

impl NetworkBuilder {
    pub(super) fn new(name: String) -> Self {
        Self {
            network: Network {
                name,
                pools: vec![],
                initial: vec![],
                parameters: vec![],
                values: vec![],
                transfers: vec![],
                index: Index::default(),
            },
            stated: vec![],
        }
    }

    /// Adds an empty pool, which a transfer must touch.
    pub fn pool(&mut self, name: impl Into<String>) -> PoolId {
        let pool = self.pool_with(name, 0.0);
        self.stated[pool.index()] = false;
        pool
    }

    /// Adds a pool that starts with an amount; with 0 it may be one that only events touch.
    pub fn pool_with(&mut self, name: impl Into<String>, initial: f64) -> PoolId {
        self.stated.push(true);
        self.network.pools.push(name.into());
        self.network.initial.push(initial);
        PoolId(self.network.pools.len() - 1)
    }

    /// Sets the amount that a pool starts with; as for [`Self::pool_with`].
    pub fn set_initial(&mut self, pool: PoolId, amount: f64) -> &mut Self {
        if let Some(initial) = self.network.initial.get_mut(pool.index()) {
            *initial = amount;
            self.stated[pool.index()] = true;
        }
        self
    }

    /// Adds a parameter with its value.
    pub fn parameter(&mut self, name: impl Into<String>, value: f64) -> ParameterId {
        self.network.parameters.push(name.into());
        self.network.values.push(value);
        ParameterId(self.network.parameters.len() - 1)
    }

    /// Names of the pools so far.
    pub(crate) fn pools(&self) -> &[String] {
        &self.network.pools
    }

    /// What the pools so far start with.
    pub(crate) fn initial(&self) -> &[f64] {
        &self.network.initial
    }

    /// The transfers so far.
    pub(crate) fn transfers(&self) -> &[Transfer] {
        &self.network.transfers
    }

    /// The value of a parameter of this builder.
    pub(crate) fn value(&self, parameter: ParameterId) -> f64 {
        self.network.values[parameter.index()]
    }

    /// Adds a transfer.
    pub fn transfer(
        &mut self,
        id: impl Into<String>,
        from: PoolId,
        to: PoolId,
        law: RateLaw,
    ) -> &mut Self {
        self.network.transfers.push(Transfer {
            id: id.into(),
            from,
            to,
            law,
        });
        self
    }

    /// Checks everything and gives the network.
    ///
    /// # Errors
    /// Any [`NetworkError`]: a name declared twice, a transfer from a pool to itself or with an
    /// identifier of another builder, a pool that nothing touches, a number out of range.
    pub fn build(self) -> Result<Network, NetworkError> {
        let network = self.network;
        if network.pools.is_empty() {
            return Err(NetworkError::Empty);
        }
        unique("pool", network.pools.iter())?;
        unique("parameter", network.parameters.iter())?;
        unique("transfer", network.transfers.iter().map(|t| &t.id))?;
        for (pool, amount) in network.pools.iter().zip(&network.initial) {
            check_amount(pool, *amount)?;
        }
        for transfer in &network.transfers {
            check_transfer(&network, transfer)?;
        }
        check_connected(&network, &self.stated)?;
        Ok(network)
    }
}

fn unique<'a>(
    kind: &'static str,
    names: impl Iterator<Item = &'a String>,
) -> Result<(), NetworkError> {
    let mut seen = FxHashSet::with_capacity_and_hasher(names.size_hint().0, FxBuildHasher);
    for name in names {
        if !seen.insert(name) {
            return Err(NetworkError::DuplicateName {
                kind,
                name: name.clone(),
            });
        }
    }
    Ok(())
}

fn check_transfer(network: &Network, transfer: &Transfer) -> Result<(), NetworkError> {
    let foreign = |kind, index: usize, count| {
        Err(NetworkError::ForeignId {
            transfer: transfer.id.clone(),
            kind,
            index,
            count,
        })
    };
    let pools = [transfer.from, transfer.to];
    for pool in pools.iter().chain(transfer.law.others()) {
        if pool.index() >= network.pools.len() {
            return foreign("pool", pool.index(), network.pools.len());
        }
    }
    if transfer.from == transfer.to {
        return Err(NetworkError::SelfTransfer {
            transfer: transfer.id.clone(),
            pool: network.pools[transfer.from.index()].clone(),
        });
    }
    let constant = transfer.law.constant();
    if !(constant.is_finite() && constant >= 0.0) {
        return Err(NetworkError::BadNumber {
            field: format!("constant of transfer {}", transfer.id),
            value: constant,
            allowed: "finite and at least 0",
        });
    }
    for (parameter, allowed) in transfer.law.parameters() {
        let Some(&value) = network.values.get(parameter.index()) else {
            return foreign("parameter", parameter.index(), network.values.len());
        };
        if !allowed.admits(value) {
            return Err(NetworkError::BadNumber {
                field: format!("parameter {}", network.parameters[parameter.index()]),
                value,
                allowed: allowed.text(),
            });
        }
    }
    Ok(())
}

/// A pool that no transfer touches is a slip of the pen, unless its start was stated.
fn check_connected(network: &Network, stated: &[bool]) -> Result<(), NetworkError> {
    let touched = network.touched();
    match (0..stated.len()).find(|pool| !touched[*pool] && !stated[*pool]) {
        None => Ok(()),
        Some(index) => Err(NetworkError::Unconnected {
            pool: network.pools[index].clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slip_has_its_error() {
        let mut twice = Network::builder("twice");
        twice.pool_with("a", 1.0);
        twice.pool_with("a", 1.0);
        assert!(matches!(
            twice.build(),
            Err(NetworkError::DuplicateName { .. })
        ));

        let mut lonely = Network::builder("lonely");
        lonely.pool("a");
        assert!(matches!(
            lonely.build(),
            Err(NetworkError::Unconnected { .. })
        ));

        let mut other = Network::builder("other");
        let k = other.parameter("k", 1.0);
        let (a, b) = (other.pool("a"), other.pool("b"));
        let mut here = Network::builder("here");
        let c = here.pool("c");
        here.transfer("t", c, b, RateLaw::linear(k));
        assert!(matches!(here.build(), Err(NetworkError::ForeignId { .. })));
        other.transfer("t", a, a, RateLaw::linear(k));
        assert!(matches!(
            other.build(),
            Err(NetworkError::SelfTransfer { .. })
        ));
    }
}
