//! What happens at given times: amounts moved, parameters switched.
//!
//! Between two events the network is autonomous; the integrator stops at each
//! event, applies it and starts afresh. Events at one time are applied in the
//! order in which they were added, and outputs at that time see the state
//! after all of them. Times within a few roundings of each other are one.

use std::borrow::Cow;

use super::{Network, NetworkError, ParameterId, PoolId};
use crate::instant;

/// How much of a pool is moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// A fixed amount.
    Fixed(f64),
    /// All that is in the pool at that moment.
    All,
}

/// One thing that happens at once.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Moves an amount from one pool to another.
    Move {
        /// The pool that loses.
        from: PoolId,
        /// The pool that gains.
        to: PoolId,
        /// How much.
        amount: Amount,
    },
    /// Gives a parameter a new value from now on.
    Set {
        /// The parameter.
        parameter: ParameterId,
        /// Its new value.
        value: f64,
    },
}

/// Actions at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When, in h.
    pub time: f64,
    /// What, in this order.
    pub actions: Vec<Action>,
}

/// Events in the order of time; those of one time keep the order they came in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schedule {
    events: Vec<Event>,
}

impl Schedule {
    /// Nothing happens.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds actions at a time in h; at the time of an event that is there already, if the two are one but for rounding.
    ///
    /// # Errors
    /// [`NetworkError::BadNumber`] unless the time is finite and at least 0.
    pub fn at(&mut self, time: f64, actions: Vec<Action>) -> Result<&mut Self, NetworkError> {
        if !(time.is_finite() && time >= 0.0) {
            return Err(NetworkError::BadNumber {
                field: "event time (h)".to_string(),
                value: time,
                allowed: "finite and at least 0",
            });
        }
        let place = self.events.partition_point(|event| event.time <= time);
        let around = &self.events[place.saturating_sub(1)..self.events.len().min(place + 1)];
        let known = around.iter().map(|event| event.time);
        let time = known
            .into_iter()
            .find(|known| instant::same(*known, time))
            .unwrap_or(time);
        let place = self.events.partition_point(|event| event.time <= time);
        self.events.insert(place, Event { time, actions });
        Ok(self)
    }

    /// The schedule with each event at that of `times`, which increase, whose instant it is.
    pub(crate) fn aligned(&self, times: &[f64]) -> Cow<'_, Self> {
        let place =
            |event: &Event| instant::among(times, event.time).map_or(event.time, |i| times[i]);
        if self
            .events
            .iter()
            .all(|event| place(event).total_cmp(&event.time).is_eq())
        {
            return Cow::Borrowed(self);
        }
        let mut aligned = self.clone();
        for event in &mut aligned.events {
            event.time = place(event);
        }
        Cow::Owned(aligned)
    }

    /// The events, in the order they happen.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Whether every identifier and value fits the network.
    pub(crate) fn check(&self, network: &Network) -> Result<(), NetworkError> {
        let foreign = |kind, index, count| NetworkError::ForeignId {
            transfer: "(event)".to_string(),
            kind,
            index,
            count,
        };
        let (pools, values) = (network.pools().len(), network.values().len());
        for action in self.events.iter().flat_map(|event| &event.actions) {
            match *action {
                Action::Move { from, to, amount } => {
                    if let Some(id) = [from, to].iter().find(|id| id.index() >= pools) {
                        return Err(foreign("pool", id.index(), pools));
                    }
                    if let Amount::Fixed(amount) = amount {
                        super::network::check_amount("event", amount)?;
                    }
                }
                Action::Set { parameter, value } => {
                    if parameter.index() >= values {
                        return Err(foreign("parameter", parameter.index(), values));
                    }
                    network.check_value(parameter, value)?;
                }
            }
        }
        Ok(())
    }
}

impl Action {
    /// Applies the action to amounts and parameter values.
    pub(crate) fn apply(self, amounts: &mut [f64], values: &mut [f64]) {
        match self {
            Self::Move { from, to, amount } => {
                let moved = match amount {
                    Amount::Fixed(amount) => amount,
                    Amount::All => amounts[from.index()],
                };
                amounts[from.index()] -= moved;
                amounts[to.index()] += moved;
            }
            Self::Set { parameter, value } => values[parameter.index()] = value,
        }
    }
}
