//! The joint prior of the scores: a normal distribution with the correlations of the registry.

use nalgebra::{DMatrix, DVector};

use super::{FitError, Unknown};
use crate::population::root_of_correlations;

/// Standard normal scores with correlations, of the unknowns whose prior counts.
#[derive(Debug, Clone)]
pub(super) struct JointPrior {
    /// Correlations of all scores under their priors.
    correlations: DMatrix<f64>,
    /// One row an unknown that counts, one column an unknown: turns scores into independent standard ones.
    whitener: DMatrix<f64>,
}

impl JointPrior {
    /// The prior of all unknowns.
    pub(super) fn of(
        correlations: DMatrix<f64>,
        unknowns: &[Unknown],
        counted: &[bool],
    ) -> Result<Self, FitError> {
        let kept: Vec<usize> = (0..counted.len()).filter(|k| counted[*k]).collect();
        let part = correlations.select_rows(&kept).select_columns(&kept);
        let ids = kept.iter().map(|k| unknowns[*k].id.as_str());
        let root = root_of_correlations(part, ids)?;
        let mut whitener = DMatrix::zeros(kept.len(), counted.len());
        let inverse = root.solve_lower_triangular(&DMatrix::identity(kept.len(), kept.len()));
        // A root of Cholesky has no zero on its diagonal.
        let inverse = inverse.unwrap_or_else(|| DMatrix::identity(kept.len(), kept.len()));
        for (column, number) in kept.iter().enumerate() {
            whitener.set_column(*number, &inverse.column(column));
        }
        Ok(Self {
            correlations,
            whitener,
        })
    }

    /// The same where other unknowns count.
    pub(super) fn counting(
        &self,
        unknowns: &[Unknown],
        counted: &[bool],
    ) -> Result<Self, FitError> {
        Self::of(self.correlations.clone(), unknowns, counted)
    }

    /// The prior that counts nowhere.
    pub(super) fn of_none(&self) -> Self {
        Self {
            correlations: self.correlations.clone(),
            whitener: DMatrix::zeros(0, self.correlations.ncols()),
        }
    }

    pub(super) const fn correlations(&self) -> &DMatrix<f64> {
        &self.correlations
    }

    pub(super) const fn whitener(&self) -> &DMatrix<f64> {
        &self.whitener
    }

    /// Independent standard scores, whose half squares are the cost.
    pub(super) fn residuals(&self, scores: &[f64]) -> DVector<f64> {
        &self.whitener * DVector::from_column_slice(scores)
    }

    /// Half of the sum of squares: minus the logarithm of the density above its least.
    pub(super) fn cost(&self, scores: &[f64]) -> f64 {
        0.5 * self.residuals(scores).norm_squared()
    }

    /// The slope of the cost with each score.
    pub(super) fn slope(&self, scores: &[f64]) -> DVector<f64> {
        self.whitener.tr_mul(&self.residuals(scores))
    }

    /// The inverse of the covariance; 0 for what does not count.
    pub(super) fn precision(&self) -> DMatrix<f64> {
        self.whitener.tr_mul(&self.whitener)
    }
}
