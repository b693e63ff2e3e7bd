//! Draws with the correlations that the calibration found, or that a scenario states.

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};

use crate::data::{self, DataError};
use crate::organ::{cumulative, quantile};

/// The correlations between rows of the registry, as the lower root of their matrix.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Correlated {
    /// `None`: no two rows are correlated.
    root: Option<DMatrix<f64>>,
}

impl Correlated {
    /// Of rows, each by id and species, with further correlations between them by their places.
    pub(crate) fn of(
        rows: &[(String, String)],
        further: &[(usize, usize, f64)],
    ) -> Result<Self, DataError> {
        let mut matrix = correlations_of(rows)?;
        for (i, j, r) in further {
            matrix[(*i, *j)] = *r;
            matrix[(*j, *i)] = *r;
        }
        Self::of_matrix(matrix, rows.iter().map(|(id, _)| id.as_str()))
    }

    /// Of numbers whose correlations are these.
    pub(crate) fn of_matrix<'a>(
        matrix: DMatrix<f64>,
        ids: impl Iterator<Item = &'a str>,
    ) -> Result<Self, DataError> {
        let root = match matrix.is_identity(0.0) {
            true => None,
            false => Some(root_of_correlations(matrix, ids)?),
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

/// The correlations that the registry has between rows, each by id and species; 0 for what it does not list.
pub(crate) fn correlations_of(rows: &[(String, String)]) -> Result<DMatrix<f64>, DataError> {
    let places: BTreeMap<(&str, &str), usize> = (rows.iter().enumerate().rev())
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
    Ok(matrix)
}

/// The lower root of a matrix of correlations, whose numbers have these ids.
///
/// # Errors
/// [`DataError::NotCorrelations`] for a matrix that no numbers can have.
pub(crate) fn root_of_correlations<'a>(
    matrix: DMatrix<f64>,
    ids: impl Iterator<Item = &'a str>,
) -> Result<DMatrix<f64>, DataError> {
    let involved: Vec<bool> = (0..matrix.ncols())
        .map(|k| matrix.column(k).iter().filter(|r| **r != 0.0).count() > 1)
        .collect();
    let root = matrix.cholesky().map(|root| root.unpack());
    root.ok_or_else(|| DataError::NotCorrelations {
        ids: (ids.zip(involved).filter(|(_, involved)| *involved))
            .map(|(id, _)| id.to_string())
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Three numbers cannot all be strongly opposed: the least common correlation of three is -1/2.
    #[test]
    fn correlations_that_no_numbers_can_have_are_refused_by_name() {
        let ids = ["a", "b", "c", "alone"];
        let matrix = |r: f64| {
            DMatrix::from_fn(4, 4, |i, j| match i == j {
                true => 1.0,
                false if i == 3 || j == 3 => 0.0,
                false => r,
            })
        };
        assert!(Correlated::of_matrix(matrix(-0.49), ids.into_iter()).is_ok());
        let refused = Correlated::of_matrix(matrix(-0.51), ids.into_iter()).unwrap_err();
        assert!(
            matches!(&refused, DataError::NotCorrelations { ids } if *ids == ["a", "b", "c"]),
            "{refused}"
        );
    }
}
