//! Draws that hang together as the calibration found its numbers to.

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};

use crate::data::{self, DataError};
use crate::organ::{cumulative, quantile};

/// The correlations between rows of the registry, as the lower root of their matrix.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Correlated {
    /// `None`: the rows hang together nowhere.
    root: Option<DMatrix<f64>>,
}

impl Correlated {
    /// Of rows, each by id and species.
    pub(crate) fn of(rows: &[(String, String)]) -> Result<Self, DataError> {
        let places: BTreeMap<(&str, &str), usize> = (rows.iter().enumerate())
            .map(|(number, (id, species))| ((id.as_str(), species.as_str()), number))
            .collect();
        let mut matrix = DMatrix::identity(rows.len(), rows.len());
        for known in data::correlations()? {
            let one = places.get(&(&*known.a, &*known.a_species));
            let other = places.get(&(&*known.b, &*known.b_species));
            if let (Some(i), Some(j)) = (one, other) {
                matrix[(*i, *j)] = known.r;
                matrix[(*j, *i)] = known.r;
            }
        }
        let root = match matrix.is_identity(0.0) {
            true => None,
            false => matrix.cholesky().map(|root| root.l()),
        };
        Ok(Self { root })
    }

    /// A point of the unit cube whose coordinates are correlated, from one whose are not.
    pub(crate) fn point(&self, point: &[f64]) -> Vec<f64> {
        let Some(root) = &self.root else {
            return point.to_vec();
        };
        let normal = DVector::from_iterator(point.len(), point.iter().map(|u| quantile(*u)));
        // The least and the greatest share that have a quantile.
        let within = |share: f64| share.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
        let moved = root * normal;
        moved.iter().map(|z| within(cumulative(*z))).collect()
    }
}
