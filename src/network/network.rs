//! The network itself: names, values, transfers, and what follows from them.

use super::NetworkError;
use super::allowed::Allowed;
use super::builder::NetworkBuilder;
use super::lookup::Index;
use super::rate_law::RateLaw;

/// A pool of one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PoolId(pub(super) usize);

/// A parameter of one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParameterId(pub(super) usize);

impl PoolId {
    pub(crate) const fn at(index: usize) -> Self {
        Self(index)
    }

    /// The pool this many places further on.
    pub(crate) const fn ahead(self, places: usize) -> Self {
        Self(self.0 + places)
    }

    /// Position in [`Network::pools`] and in every state vector.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0
    }
}

impl ParameterId {
    /// Position in [`Network::parameters`] and [`Network::values`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0
    }
}

/// Takes from one pool what it gives to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Transfer {
    /// Unique name.
    pub id: String,
    /// The pool that loses.
    pub from: PoolId,
    /// The pool that gains.
    pub to: PoolId,
    /// How fast.
    pub law: RateLaw,
}

impl Transfer {
    /// The same transfer with every pool renumbered.
    pub(crate) fn renumbered(&self, place: &[usize]) -> Self {
        Self {
            id: self.id.clone(),
            from: PoolId(place[self.from.0]),
            to: PoolId(place[self.to.0]),
            law: self.law.renumbered(place),
        }
    }
}

/// Pools, parameters and transfers, checked and ready to be integrated.
///
/// Amounts are in any unit, times in hours.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    pub(super) name: String,
    pub(super) pools: Vec<String>,
    pub(super) initial: Vec<f64>,
    pub(super) parameters: Vec<String>,
    pub(super) values: Vec<f64>,
    pub(super) transfers: Vec<Transfer>,
    pub(super) index: Index,
}

impl Network {
    /// Starts a new network.
    #[must_use]
    pub fn builder(name: impl Into<String>) -> NetworkBuilder {
        NetworkBuilder::new(name.into())
    }

    /// What the network is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Names of the pools, in the order of every state vector.
    #[must_use]
    pub fn pools(&self) -> &[String] {
        &self.pools
    }

    /// Amounts at the start.
    #[must_use]
    pub fn initial(&self) -> &[f64] {
        &self.initial
    }

    /// Names of the parameters.
    #[must_use]
    pub fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// Values of the parameters, in the order of [`Self::parameters`].
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The transfers, in the order they were declared.
    #[must_use]
    pub fn transfers(&self) -> &[Transfer] {
        &self.transfers
    }

    /// Finds a pool.
    ///
    /// # Errors
    /// [`NetworkError::UnknownName`] with near names.
    pub fn pool(&self, name: &str) -> Result<PoolId, NetworkError> {
        self.index.pool(self, name).map(PoolId)
    }

    /// Finds a parameter.
    ///
    /// # Errors
    /// [`NetworkError::UnknownName`] with near names.
    pub fn parameter(&self, name: &str) -> Result<ParameterId, NetworkError> {
        self.index.parameter(self, name).map(ParameterId)
    }

    /// Sets one parameter by name.
    ///
    /// # Errors
    /// [`NetworkError::UnknownName`], or [`NetworkError::BadNumber`] for a value that a law
    /// using it does not allow.
    pub fn set(&mut self, name: &str, value: f64) -> Result<(), NetworkError> {
        let id = self.parameter(name)?;
        self.check_value(id, value)?;
        self.values[id.0] = value;
        Ok(())
    }

    /// Whether `value` is allowed for a parameter by every law that uses it.
    pub(crate) fn check_value(&self, id: ParameterId, value: f64) -> Result<(), NetworkError> {
        let bad = |allowed| NetworkError::BadNumber {
            field: format!("parameter {}", self.parameters[id.0]),
            value,
            allowed,
        };
        if !value.is_finite() {
            return Err(bad("finite"));
        }
        match self.index.allowed(self)[id.0] {
            Some(allowed) if !allowed.admits(value) => Err(bad(allowed.text())),
            _ => Ok(()),
        }
    }

    /// What every law asks of each parameter; `None` for those that no law uses.
    pub(crate) fn allowances(&self) -> &[Option<Allowed>] {
        self.index.allowed(self)
    }

    /// Whether amounts and values fit, with the [`Self::allowances`] of the network.
    pub(crate) fn check_numbers(
        &self,
        (amounts, values): (&[f64], &[f64]),
        allowed: &[Option<Allowed>],
    ) -> Result<(), NetworkError> {
        for (pool, amount) in amounts.iter().enumerate() {
            self.check_amount(PoolId(pool), *amount)?;
        }
        for (id, (value, allowed)) in values.iter().zip(allowed).enumerate() {
            let fits = allowed.map_or(value.is_finite(), |allowed| allowed.admits(*value));
            if !fits {
                // The long way finds the words.
                self.check_value(ParameterId(id), *value)?;
            }
        }
        Ok(())
    }

    /// Whether an amount may stand in a pool at the start.
    pub(crate) fn check_amount(&self, pool: PoolId, amount: f64) -> Result<(), NetworkError> {
        check_amount(&self.pools[pool.0], amount)
    }

    /// Sets the amount in one pool at the start.
    ///
    /// # Errors
    /// [`NetworkError::UnknownName`], or [`NetworkError::BadNumber`] for a negative or
    /// non-finite amount.
    pub fn set_initial(&mut self, pool: &str, amount: f64) -> Result<(), NetworkError> {
        let id = self.pool(pool)?;
        check_amount(pool, amount)?;
        self.initial[id.0] = amount;
        Ok(())
    }

    /// The rate of each transfer, amount per h, at the given amounts.
    ///
    /// # Errors
    /// [`NetworkError::WrongLength`] unless there is one amount a pool.
    pub fn rates(&self, amounts: &[f64]) -> Result<Vec<f64>, NetworkError> {
        self.check_length("amounts", amounts)?;
        Ok(self
            .transfers
            .iter()
            .map(|t| t.law.rate(t.from, amounts, &self.values))
            .collect())
    }

    /// The change of every pool, amount per h: what comes in less what goes out.
    ///
    /// # Errors
    /// [`NetworkError::WrongLength`] unless there is one amount a pool.
    pub fn derivative(&self, amounts: &[f64]) -> Result<Vec<f64>, NetworkError> {
        let mut change = vec![0.0; self.pools.len()];
        for (transfer, rate) in self.transfers.iter().zip(self.rates(amounts)?) {
            change[transfer.from.0] -= rate;
            change[transfer.to.0] += rate;
        }
        Ok(change)
    }

    /// Whether a transfer takes from each pool or gives to it.
    pub(super) fn touched(&self) -> Vec<bool> {
        let mut touched = vec![false; self.pools.len()];
        for transfer in &self.transfers {
            touched[transfer.from.0] = true;
            touched[transfer.to.0] = true;
        }
        touched
    }

    /// The first transfer, if any, that is not proportional to its source.
    ///
    /// A pump that stands still does not count.
    #[must_use]
    pub fn first_nonlinear(&self) -> Option<&Transfer> {
        self.transfers.iter().find(|t| match t.law {
            RateLaw::Linear { .. } => false,
            RateLaw::Steady {
                constant,
                parameter,
            } => constant * self.values[parameter.index()] > 0.0,
            _ => true,
        })
    }

    /// The rate law of a transfer as text.
    #[must_use]
    pub fn rate_text(&self, transfer: &Transfer) -> String {
        transfer
            .law
            .text(&self.pools[transfer.from.0], &self.pools, &self.parameters)
    }

    pub(crate) fn check_length(
        &self,
        what: &'static str,
        values: &[f64],
    ) -> Result<(), NetworkError> {
        if values.len() == self.pools.len() {
            return Ok(());
        }
        Err(NetworkError::WrongLength {
            what,
            found: values.len(),
            expected: self.pools.len(),
        })
    }
}

pub(super) fn check_amount(pool: &str, amount: f64) -> Result<(), NetworkError> {
    if amount.is_finite() && amount >= 0.0 {
        return Ok(());
    }
    Err(NetworkError::BadNumber {
        field: format!("initial amount in {pool}"),
        value: amount,
        allowed: "finite and at least 0",
    })
}
