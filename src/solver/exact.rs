//! The exact path of a linear network, by the matrix exponential.

use nalgebra::{DMatrix, DVector};

use super::SolverError;
use crate::network::Network;

/// Amounts of a linear network at each of `times` (h), exact but for rounding.
///
/// `y(t) = exp(A t) y(0)`, with `A` the matrix of rate constants, by scaling and squaring. The
/// cost grows with the cube of the number of pools: this is for checks and small networks.
///
/// # Errors
/// [`SolverError::NotLinear`] naming the first transfer that is not linear.
pub fn exact(network: &Network, times: &[f64]) -> Result<Vec<Vec<f64>>, SolverError> {
    let matrix = rate_matrix(network)?;
    let start = DVector::from_column_slice(network.initial());
    Ok(times
        .iter()
        .map(|time| ((&matrix * *time).exp() * &start).as_slice().to_vec())
        .collect())
}

/// `A` in `dy/dt = A y`, 1/h.
fn rate_matrix(network: &Network) -> Result<DMatrix<f64>, SolverError> {
    let size = network.pools().len();
    let mut matrix = DMatrix::zeros(size, size);
    require_linear(network)?;
    for transfer in network.transfers() {
        let k = transfer.law.linear_coefficient(network.values());
        let (from, to) = (transfer.from.index(), transfer.to.index());
        matrix[(from, from)] -= k;
        matrix[(to, from)] += k;
    }
    Ok(matrix)
}

/// Exact answers exist for linear networks only.
pub(super) fn require_linear(network: &Network) -> Result<(), SolverError> {
    match network.first_nonlinear() {
        None => Ok(()),
        Some(transfer) => Err(SolverError::NotLinear {
            transfer: transfer.id.clone(),
            law: transfer.law.name(),
        }),
    }
}
