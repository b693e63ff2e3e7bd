//! One of many: the numbers in which it differs from the others.

use crate::network::{Allowed, Network, NetworkError, Schedule};

/// Amounts at the start, values of the parameters and, if it has its own, a schedule.
///
/// ```
/// # use biodist::network::{Network, RateLaw};
/// # let mut builder = Network::builder("decay");
/// # let (a, b) = (builder.pool_with("a", 1.0), builder.pool("b"));
/// # let k = builder.parameter("k", 0.1);
/// # builder.transfer("a to b", a, b, RateLaw::linear(k));
/// # let network = builder.build()?;
/// use biodist::solver::Subject;
/// let fast = Subject::of(&network).with(&network, "k", 0.3)?.starting(&network, "a", 5.0)?;
/// assert_eq!(fast.values, [0.3]);
/// # Ok::<(), biodist::network::NetworkError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Amounts at the start, in the order of [`Network::pools`].
    pub initial: Vec<f64>,
    /// Values, in the order of [`Network::parameters`].
    pub values: Vec<f64>,
    /// What happens to this one; absent: what happens to all.
    pub schedule: Option<Schedule>,
}

impl Subject {
    /// The numbers of a network.
    #[must_use]
    pub fn of(network: &Network) -> Self {
        Self {
            initial: network.initial().to_vec(),
            values: network.values().to_vec(),
            schedule: None,
        }
    }

    /// Changes a parameter by its name.
    ///
    /// # Errors
    /// [`NetworkError::UnknownName`]; [`NetworkError::BadNumber`] for what no law allows.
    pub fn with(mut self, network: &Network, name: &str, value: f64) -> Result<Self, NetworkError> {
        let id = network.parameter(name)?;
        network.check_value(id, value)?;
        self.values[id.index()] = value;
        Ok(self)
    }

    /// Changes the amount in a pool at the start.
    ///
    /// # Errors
    /// As [`Self::with`].
    pub fn starting(
        mut self,
        network: &Network,
        pool: &str,
        amount: f64,
    ) -> Result<Self, NetworkError> {
        let id = network.pool(pool)?;
        network.check_amount(id, amount)?;
        self.initial[id.index()] = amount;
        Ok(self)
    }

    /// Gives it a schedule of its own.
    #[must_use]
    pub fn on(mut self, schedule: Schedule) -> Self {
        self.schedule = Some(schedule);
        self
    }

    /// With the events of its own schedule at the outputs whose instants they are.
    pub(super) fn aligned(mut self, times: &[f64]) -> Self {
        self.schedule = self.schedule.map(|own| own.aligned(times).into_owned());
        self
    }

    /// Whether every number fits the network.
    pub(super) fn check(
        &self,
        network: &Network,
        allowed: &[Option<Allowed>],
    ) -> Result<(), NetworkError> {
        network.check_length("initial amounts", &self.initial)?;
        if self.values.len() != network.values().len() {
            return Err(NetworkError::WrongLength {
                what: "parameter values",
                found: self.values.len(),
                expected: network.values().len(),
            });
        }
        network.check_numbers((&self.initial, &self.values), allowed)?;
        self.schedule.as_ref().map_or(Ok(()), |s| s.check(network))
    }
}
