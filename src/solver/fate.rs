//! Where everything ends, without integrating: one sparse solve.

use super::SolverError;
use super::exact::require_linear;
use super::sparse_lu::Symbolic;
use super::vector::{rows, stride, zeros};
use crate::network::{Network, PoolId};

/// The fate of amounts in a linear network.
///
/// With every law linear, each cell is an independent Markov chain on the graph. The expected
/// time `m` that a cell spends in each pool that it leaves again solves `-A m = y0`, with `A` the
/// matrix of rate constants among those pools; the expected number of passages through a
/// transfer is its rate constant times the time in its source (Norris 1997, Markov Chains,
/// chapters 1.3 and 3.3). Results are per cell of the start distribution, which need not sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Fate {
    time: Vec<f64>,
    passages: Vec<f64>,
    ending: Vec<f64>,
}

impl Fate {
    /// Follows amounts that start as `start`, in pool order, to the pools that nothing leaves.
    ///
    /// # Errors
    /// [`SolverError::NotLinear`] for a law that is not linear, [`SolverError::NoFate`] when some
    /// would circle for ever, [`SolverError::TooLarge`], [`SolverError::Network`] for a start of the
    /// wrong length.
    pub fn new(network: &Network, start: &[f64]) -> Result<Self, SolverError> {
        network.check_length("start", start)?;
        require_linear(network)?;
        let time = times(network, start)?;
        let passages: Vec<f64> = network
            .transfers()
            .iter()
            .map(|t| t.law.linear_coefficient(network.values()) * time[t.from.index()])
            .collect();
        let mut ending = start.to_vec();
        for (transfer, passage) in network.transfers().iter().zip(&passages) {
            ending[transfer.from.index()] -= passage;
            ending[transfer.to.index()] += passage;
        }
        let leaves = leaving(network);
        for (end, leaving) in ending.iter_mut().zip(&leaves) {
            if *leaving > 0.0 {
                *end = 0.0;
            }
        }
        Ok(Self {
            time,
            passages,
            ending,
        })
    }

    /// Expected time in a pool over the whole future, h times the start amount.
    /// Zero for pools that nothing leaves.
    #[must_use]
    pub fn time(&self, pool: PoolId) -> f64 {
        self.time[pool.index()]
    }

    /// Expected amount that goes through a transfer, by its place in [`Network::transfers`].
    #[must_use]
    pub fn passages(&self, transfer: usize) -> f64 {
        self.passages[transfer]
    }

    /// The amount that ends in a pool for ever.
    #[must_use]
    pub fn ending(&self, pool: PoolId) -> f64 {
        self.ending[pool.index()]
    }
}

/// The sum of rate constants out of each pool.
fn leaving(network: &Network) -> Vec<f64> {
    let mut rates = vec![0.0; network.pools().len()];
    for transfer in network.transfers() {
        rates[transfer.from.index()] += transfer.law.linear_coefficient(network.values());
    }
    rates
}

fn times(network: &Network, start: &[f64]) -> Result<Vec<f64>, SolverError> {
    let rates = leaving(network);
    let transient = |pool: PoolId| rates[pool.index()] > 0.0;
    let inner: Vec<_> = network
        .transfers()
        .iter()
        .filter(|t| transient(t.from) && transient(t.to))
        .collect();
    let pattern = inner.iter().map(|t| (t.to.index(), t.from.index()));
    let symbolic = Symbolic::new((rates.len(), 0), pattern)?;
    let place = symbolic.place();
    let mut matrix = vec![0.0; symbolic.entries()];
    for (pool, rate) in rates.iter().enumerate() {
        // A pool that nothing leaves is not part of the question: its row reads time = 0.
        matrix[place[pool]] = if *rate > 0.0 { *rate } else { 1.0 };
    }
    for transfer in inner {
        let k = transfer.law.linear_coefficient(network.values());
        let slot = symbolic.position(place[transfer.to.index()], place[transfer.from.index()]);
        matrix[slot] -= k;
    }
    let circle = |k: usize| SolverError::NoFate {
        pool: network.pools()[symbolic.order()[k]].clone(),
    };
    symbolic.factor(&mut matrix);
    let pivots = &matrix[..rates.len()];
    if let Some(k) = pivots.iter().position(|inverse| !inverse.is_finite()) {
        return Err(circle(k));
    }
    let mut memory = zeros(1, symbolic.size());
    let [x] = rows(&mut memory, stride(symbolic.size()));
    for (value, &pool) in x.iter_mut().zip(symbolic.order()) {
        *value = if rates[pool] > 0.0 { start[pool] } else { 0.0 };
    }
    symbolic.solve(&matrix, x);
    // A circle that only rounding leaves shows as absurdly long stays.
    if let Some(k) = x[..rates.len()]
        .iter()
        .position(|time| !(*time >= -1e-9 && *time < 1e12))
    {
        return Err(circle(k));
    }
    let mut time = vec![0.0; rates.len()];
    for (k, &pool) in symbolic.order().iter().enumerate() {
        time[pool] = x[k];
    }
    Ok(time)
}
