//! Rate laws: each with its value, its derivative and its text side by side.

use super::allowed::Allowed;
use super::network::{ParameterId, PoolId};
use super::number::Number;

/// How fast a transfer runs.
///
/// A rate is in amount per time. With `c` a constant, `p` a parameter and `x`
/// the amount in the pool that the transfer takes from:
///
/// | law | rate |
/// |---|---|
/// | linear | `c p x` |
/// | capacity | `c p x (1 - occupants / capacity)` |
/// | Michaelis-Menten | `c vmax x / (km + x + competitors)` |
/// | mass action | `c p x others` |
/// | blocked | `c p x half / (half + load)` |
/// | steady | `c p`, whatever the pool holds |
///
/// where `occupants`, `competitors`, `others` and `load` are sums over pools.
///
/// Beyond full capacity the capacity law runs backwards: what is too much returns to the source.
///
/// Amounts are never negative, but a numerical amount may be, by as much as the tolerance allows. There
/// the laws continue so that no pole is met and the source is refilled: `competitors`, `others`, `load`
/// and the `x` of a denominator count as zero when they are negative, and the capacity law with a negative
/// `x` counts all of the capacity as free. All rates are continuous in the amounts.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RateLaw {
    /// `c p x`: first order.
    Linear {
        /// Dimensionless factor, or a volume ratio; at least 0.
        constant: f64,
        /// Rate constant, 1/h.
        parameter: ParameterId,
    },
    /// `c p x (1 - occupants / capacity)`: first order, slowing as room fills.
    Capacity {
        /// Factor, at least 0.
        constant: f64,
        /// Rate constant, 1/h.
        parameter: ParameterId,
        /// Pools whose sum takes up the room.
        occupants: Vec<PoolId>,
        /// The amount at which no room is left.
        capacity: ParameterId,
    },
    /// `c vmax x / (km + x + competitors)`: saturable.
    MichaelisMenten {
        /// Factor, at least 0.
        constant: f64,
        /// Greatest rate, amount per h.
        vmax: ParameterId,
        /// Amount at which half the greatest rate is reached.
        km: ParameterId,
        /// Other pools that compete for the same uptake.
        competitors: Vec<PoolId>,
    },
    /// `c p x others`: proportional to both.
    MassAction {
        /// Factor, at least 0.
        constant: f64,
        /// Rate constant, 1/(h amount).
        parameter: ParameterId,
        /// Pools whose sum drives the transfer.
        others: Vec<PoolId>,
    },
    /// `c p x half / (half + load)`: first order, slowing as a load builds up.
    ///
    /// With the source in the load this is Michaelis-Menten with `vmax = p half`.
    Blocked {
        /// Factor, at least 0.
        constant: f64,
        /// Rate constant without load, 1/h.
        parameter: ParameterId,
        /// Pools whose sum blocks the transfer; may include the source.
        load: Vec<PoolId>,
        /// The load at which the rate is halved.
        half: ParameterId,
    },
    /// `c p`: a pump, running until its parameter is set to zero.
    Steady {
        /// Factor, at least 0.
        constant: f64,
        /// Rate, amount per h.
        parameter: ParameterId,
    },
}

/// Begins with the negative zero, which adds nothing to any number.
#[inline(always)]
fn sum<V: Number>(pools: &[PoolId], amounts: &[V]) -> V {
    let amounts = pools.iter().map(|pool| amounts[pool.index()]);
    amounts.fold(V::of(-0.0), |sum, amount| sum + amount)
}

/// A sum of pools that a law looks at: zero where rounding left it below zero.
#[inline(always)]
fn load<V: Number>(pools: &[PoolId], amounts: &[V]) -> V {
    sum(pools, amounts).at_least_zero()
}

/// A partial derivative to a pool of a sum: zero where the sum counts as zero.
#[inline(always)]
fn counted<V: Number>(sum: V, partial: V) -> V {
    V::choose(sum, V::of(0.0), partial)
}

/// The share of a capacity that is free; all of it for a source below zero, which is refilled.
#[inline(always)]
fn room<V: Number>(source: V, occupants: V, capacity: V) -> V {
    let one = V::of(1.0);
    V::choose(source, one, one - occupants / capacity)
}

impl RateLaw {
    /// First order with a rate constant: `p x`.
    #[must_use]
    pub const fn linear(parameter: ParameterId) -> Self {
        Self::Linear {
            constant: 1.0,
            parameter,
        }
    }

    /// The rate constant of a linear law, 1/h; zero for any other.
    pub(crate) fn linear_coefficient(&self, values: &[f64]) -> f64 {
        match self {
            Self::Linear {
                constant,
                parameter,
            } => constant * values[parameter.index()],
            _ => 0.0,
        }
    }

    /// The same law with every pool renumbered.
    pub(crate) fn renumbered(&self, place: &[usize]) -> Self {
        let others = self.others().iter();
        self.looking_at(others.map(|pool| PoolId::at(place[pool.index()])).collect())
    }

    /// The same law with other pools in place of [`Self::others`].
    pub(crate) fn looking_at(&self, pools: Vec<PoolId>) -> Self {
        let mut law = self.clone();
        match &mut law {
            Self::Linear { .. } | Self::Steady { .. } => {}
            Self::Capacity { occupants: old, .. }
            | Self::MichaelisMenten {
                competitors: old, ..
            }
            | Self::MassAction { others: old, .. }
            | Self::Blocked { load: old, .. } => *old = pools,
        }
        law
    }

    /// The rate, amount per h, with pool amounts and parameter values given.
    #[inline(always)]
    pub(crate) fn rate<V: Number>(&self, from: PoolId, amounts: &[V], values: &[V]) -> V {
        let x = amounts[from.index()];
        let p = |id: &ParameterId| values[id.index()];
        let k = |id: &ParameterId| V::of(self.constant()) * p(id);
        match self {
            Self::Linear { parameter, .. } => k(parameter) * x,
            Self::Capacity {
                parameter,
                occupants,
                capacity,
                ..
            } => k(parameter) * x * room(x, sum(occupants, amounts), p(capacity)),
            Self::MichaelisMenten {
                vmax,
                km,
                competitors,
                ..
            } => k(vmax) * x / (p(km) + x.at_least_zero() + load(competitors, amounts)),
            Self::MassAction {
                parameter, others, ..
            } => k(parameter) * x * load(others, amounts),
            Self::Blocked {
                parameter,
                load: blocking,
                half,
                ..
            } => k(parameter) * x * p(half) / (p(half) + load(blocking, amounts)),
            Self::Steady { parameter, .. } => k(parameter),
        }
    }

    /// The partial derivatives of [`Self::rate`], one call of `emit` a term.
    ///
    /// A pool may be named more than once: its terms add up. The terms come in the order of
    /// [`Self::drivers`], on which the solver's list of matrix entries relies.
    #[inline(always)]
    pub(crate) fn partials<V: Number>(
        &self,
        from: PoolId,
        amounts: &[V],
        values: &[V],
        mut emit: impl FnMut(PoolId, V),
    ) {
        let x = amounts[from.index()];
        let p = |id: &ParameterId| values[id.index()];
        let k = |id: &ParameterId| V::of(self.constant()) * p(id);
        match self {
            Self::Linear { parameter, .. } => emit(from, k(parameter)),
            Self::Capacity {
                parameter,
                occupants,
                capacity,
                ..
            } => {
                let room = room(x, sum(occupants, amounts), p(capacity));
                emit(from, k(parameter) * room);
                for &occupant in occupants {
                    emit(occupant, -k(parameter) * x.at_least_zero() / p(capacity));
                }
            }
            Self::MichaelisMenten {
                vmax,
                km,
                competitors,
                ..
            } => {
                let competing = sum(competitors, amounts);
                let load = p(km) + x.at_least_zero() + competing.at_least_zero();
                emit(from, k(vmax) * (load - x.at_least_zero()) / (load * load));
                for &competitor in competitors {
                    emit(competitor, counted(competing, -k(vmax) * x / (load * load)));
                }
            }
            Self::MassAction {
                parameter, others, ..
            } => {
                let driving = sum(others, amounts);
                emit(from, k(parameter) * driving.at_least_zero());
                for &other in others {
                    emit(other, counted(driving, k(parameter) * x));
                }
            }
            Self::Blocked {
                parameter,
                load,
                half,
                ..
            } => {
                let blocking = sum(load, amounts);
                let free = p(half) / (p(half) + blocking.at_least_zero());
                emit(from, k(parameter) * free);
                for &pool in load {
                    let partial = -(k(parameter) * free) * x * free / p(half);
                    emit(pool, counted(blocking, partial));
                }
            }
            Self::Steady { .. } => {}
        }
    }

    /// The pools that the rate depends on, the source first.
    pub(crate) fn drivers(&self, from: PoolId) -> Vec<PoolId> {
        let mut drivers = match self {
            Self::Steady { .. } => vec![],
            _ => vec![from],
        };
        drivers.extend(self.others());
        drivers
    }

    /// The pools besides the source that the rate depends on.
    pub(crate) fn others(&self) -> &[PoolId] {
        match self {
            Self::Linear { .. } | Self::Steady { .. } => &[],
            Self::Capacity { occupants, .. } => occupants,
            Self::MichaelisMenten { competitors, .. } => competitors,
            Self::MassAction { others, .. } => others,
            Self::Blocked { load, .. } => load,
        }
    }

    /// The parameters of the law, with what each must be.
    pub(crate) fn parameters(&self) -> Vec<(ParameterId, Allowed)> {
        match self {
            Self::Linear { parameter, .. }
            | Self::MassAction { parameter, .. }
            | Self::Steady { parameter, .. } => vec![(*parameter, Allowed::NotNegative)],
            Self::Capacity {
                parameter,
                capacity,
                ..
            } => vec![
                (*parameter, Allowed::NotNegative),
                (*capacity, Allowed::Positive),
            ],
            Self::Blocked {
                parameter, half, ..
            } => vec![
                (*parameter, Allowed::NotNegative),
                (*half, Allowed::Positive),
            ],
            Self::MichaelisMenten { vmax, km, .. } => {
                vec![(*vmax, Allowed::NotNegative), (*km, Allowed::Positive)]
            }
        }
    }

    /// The constant factor.
    #[must_use]
    pub const fn constant(&self) -> f64 {
        match self {
            Self::Linear { constant, .. }
            | Self::Capacity { constant, .. }
            | Self::MichaelisMenten { constant, .. }
            | Self::MassAction { constant, .. }
            | Self::Blocked { constant, .. }
            | Self::Steady { constant, .. } => *constant,
        }
    }

    /// Whether the rate is proportional to the source and to nothing else.
    #[must_use]
    pub const fn is_linear(&self) -> bool {
        matches!(self, Self::Linear { .. })
    }

    /// The law's name in files.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Linear { .. } => "linear",
            Self::Capacity { .. } => "capacity",
            Self::MichaelisMenten { .. } => "michaelis_menten",
            Self::MassAction { .. } => "mass_action",
            Self::Blocked { .. } => "blocked",
            Self::Steady { .. } => "steady",
        }
    }

    /// The law in words of its pools and parameters, for pictures and messages.
    #[must_use]
    pub(crate) fn text(&self, from: &str, pools: &[String], parameters: &[String]) -> String {
        let p = |id: &ParameterId| parameters[id.index()].as_str();
        let join = |ids: &[PoolId]| {
            ids.iter()
                .map(|id| pools[id.index()].as_str())
                .collect::<Vec<_>>()
                .join(" + ")
        };
        let body = match self {
            Self::Linear { parameter, .. } => format!("{} * {from}", p(parameter)),
            Self::Capacity {
                parameter,
                occupants,
                capacity,
                ..
            } => format!(
                "{} * {from} * (1 - ({}) / {})",
                p(parameter),
                join(occupants),
                p(capacity)
            ),
            Self::MichaelisMenten {
                vmax,
                km,
                competitors,
                ..
            } => {
                let mut load = format!("{} + {from}", p(km));
                if !competitors.is_empty() {
                    load = format!("{load} + {}", join(competitors));
                }
                format!("{} * {from} / ({load})", p(vmax))
            }
            Self::MassAction {
                parameter, others, ..
            } => format!("{} * {from} * ({})", p(parameter), join(others)),
            Self::Blocked {
                parameter,
                load,
                half,
                ..
            } => format!(
                "{} * {from} * {half} / ({half} + {})",
                p(parameter),
                join(load),
                half = p(half)
            ),
            Self::Steady { parameter, .. } => p(parameter).to_string(),
        };
        match self.constant() {
            1.0 => body,
            constant => format!("{constant} * {body}"),
        }
    }
}
