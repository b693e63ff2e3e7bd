//! The most probable numbers, by the algorithm of Levenberg and Marquardt from many starts.
//!
//! Costs that are not squares (limits, ranges, counts) enter as the roots of twice their value, whose
//! squares are what is minimised.

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::{DMatrix, DVector, Dyn, Owned};

use super::FitError;
use super::estimate::{Estimate, Fitted, Residual, Told};
use super::problem::{Fit, Look};
use super::scatter::Scatter;
use crate::cancel::Tally;
use crate::evidence::{Cost, Datum, ErrorModel, Finding};
use crate::organ::quantile;
use crate::population::{latin_hypercube, root_of_correlations};

/// Roots of costs as a problem of least squares, with some scores held.
struct Roots<'a> {
    fit: &'a Fit,
    scores: Vec<f64>,
    free: &'a [usize],
    fault: std::cell::RefCell<Option<FitError>>,
}

impl Roots<'_> {
    fn look(&self, slopes: bool) -> Option<Look> {
        match self.fit.look(&self.scores, slopes) {
            Ok(look) => Some(look),
            Err(error) => {
                self.fault.replace(Some(error));
                None
            }
        }
    }
}

/// The root of twice a cost, with the sign of its slope, and what the slope of the prediction is multiplied with:
/// standard deviations for plain values, and as smooth as they are for all else.
pub(super) fn root(cost: &Cost, datum: &Datum) -> (f64, f64) {
    let size = (2.0 * cost.cost).sqrt();
    let signed = size.copysign(cost.slope);
    match (datum.found, datum.error) {
        (Finding::Value(_), ErrorModel::Sd(_) | ErrorModel::Gsd(_)) => {
            (signed, cost.curvature.sqrt())
        }
        // Near its foot the root of a parabola is a straight line.
        _ if size > 1e-6 => (signed, cost.slope / signed),
        _ => (signed, cost.curvature.sqrt()),
    }
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for Roots<'_> {
    type ParameterStorage = Owned<f64, Dyn>;
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;

    fn set_params(&mut self, x: &DVector<f64>) {
        for (number, value) in self.free.iter().zip(x.iter()) {
            self.scores[*number] = *value;
        }
    }

    fn params(&self) -> DVector<f64> {
        let free = self.free.iter().map(|number| self.scores[*number]);
        DVector::from_iterator(self.free.len(), free)
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let look = self.look(false)?;
        let data = look.costs.iter().zip(self.fit.data());
        let mut roots: Vec<f64> = data.map(|(cost, datum)| root(cost, datum).0).collect();
        roots.extend(self.fit.prior.residuals(&self.scores).iter());
        Some(DVector::from_vec(roots))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let look = self.look(true)?;
        let whitener = self.fit.prior.whitener();
        let data = look.costs.len();
        let mut jacobian = DMatrix::zeros(data + whitener.nrows(), self.free.len());
        for (row, (cost, datum)) in look.costs.iter().zip(self.fit.data()).enumerate() {
            let factor = root(cost, datum).1;
            for (column, number) in self.free.iter().enumerate() {
                jacobian[(row, column)] = factor * look.slopes[row][*number];
            }
        }
        for (column, number) in self.free.iter().enumerate() {
            let mut part = jacobian.view_mut((data, column), (whitener.nrows(), 1));
            part.copy_from(&whitener.column(*number));
        }
        Some(jacobian)
    }
}

impl Fit {
    /// Finds the most probable values from several starts: the medians of the priors, then points drawn from
    /// the priors. The same seed gives the same answer.
    ///
    /// # Errors
    /// [`FitError::BadNumber`] for no starts; [`FitError::NoEnd`]; [`FitError::Stopped`]; [`FitError::NoScatter`] where the scatter is to be
    /// estimated and cannot; the reason why the model fails at the medians.
    pub fn search(&self, starts: usize, seed: u64) -> Result<Fitted, FitError> {
        if self.scatter {
            return self.search_scatter(starts, seed);
        }
        let count = self.unknowns.len();
        let free: Vec<usize> = (0..count).collect();
        let tally = Tally::new(self.token.as_ref(), starts, "starts");
        tally.check()?;
        let before = self.look(&vec![0.0; count], false)?;
        let mut ends: Vec<(f64, Vec<f64>)> = vec![];
        let mut reason = String::new();
        for start in self.starts(starts, seed)? {
            match self.descend(start, &free) {
                Ok((cost, scores)) => ends.push((cost, scores)),
                Err(FitError::Stopped(stopped)) => return Err(tally.stopped(stopped).into()),
                Err(error) => reason = error.to_string(),
            }
            tally.count();
        }
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let Some((best, scores)) = ends.first() else {
            return Err(FitError::NoEnd { starts, reason });
        };
        let near = ends.iter().filter(|(cost, _)| *cost < best + 0.1).count();
        self.found(scores, &before, None, (starts, near))
    }

    /// Everything about a place where a search ended.
    pub(super) fn found(
        &self,
        scores: &[f64],
        before: &Look,
        scatter: Option<Scatter>,
        starts: (usize, usize),
    ) -> Result<Fitted, FitError> {
        let look = self.look(scores, true)?;
        let (estimates, correlations) = self.estimates(scores, &look, scatter);
        let data = |look: &Look| look.costs.iter().map(|cost| cost.cost).sum::<f64>();
        let least: f64 = self.data().map(Datum::least_cost).sum();
        Ok(Fitted {
            estimates,
            correlations,
            residuals: self.residuals(before, &look),
            cost: data(&look) + self.prior.cost(scores),
            cost_before: data(before),
            log_likelihood: -data(&look) - least,
            scatter,
            starts,
        })
    }

    fn starts(&self, count: usize, seed: u64) -> Result<Vec<Vec<f64>>, FitError> {
        if count == 0 {
            return Err(FitError::BadNumber {
                field: "starts",
                value: 0.0,
                allowed: "at least 1",
            });
        }
        let mut starts = vec![vec![0.0; self.unknowns.len()]];
        if count > 1 {
            let points = latin_hypercube(count - 1, self.unknowns.len(), seed);
            // It refuses no points and no inputs, and there are both.
            let points = points.unwrap_or_default().into_iter();
            let root = root_of_correlations(
                self.prior.correlations().clone(),
                self.unknowns.iter().map(|unknown| unknown.id.as_str()),
            )?;
            let drawn = points.map(|point| {
                let normal = point.into_iter().map(quantile);
                &root * DVector::from_iterator(self.unknowns.len(), normal)
            });
            starts.extend(drawn.map(|scores| scores.as_slice().to_vec()));
        }
        Ok(starts)
    }

    /// Minimises over the free scores; gives the cost and all scores.
    pub(super) fn descend(
        &self,
        start: Vec<f64>,
        free: &[usize],
    ) -> Result<(f64, Vec<f64>), FitError> {
        if free.is_empty() {
            return Ok((self.cost(&start)?, start));
        }
        let roots = Roots {
            fit: self,
            scores: start,
            free,
            fault: None.into(),
        };
        let method = LevenbergMarquardt::new()
            .with_ftol(1e-8)
            .with_xtol(1e-6)
            .with_gtol(1e-10)
            .with_patience(30);
        let (roots, _) = method.minimize(roots);
        if let Some(fault) = roots.fault.take() {
            return Err(fault);
        }
        Ok((self.cost(&roots.scores)?, roots.scores))
    }

    /// What a search makes least: minus the logarithm of the posterior, above the least that any model with the
    /// scores of 0 could reach. Half of the deviance of the data, and half of the squares of the scores.
    ///
    /// # Errors
    /// As [`Self::predict`].
    pub fn cost(&self, scores: &[f64]) -> Result<f64, FitError> {
        let look = self.look(scores, false)?;
        let data: f64 = look.costs.iter().map(|cost| cost.cost).sum();
        Ok(data + self.prior.cost(scores))
    }

    pub(super) fn data(&self) -> impl Iterator<Item = &Datum> {
        self.experiments
            .iter()
            .flat_map(|experiment| &experiment.data)
    }

    /// The covariance of the scores from the curvature at a place.
    pub(super) fn covariance(&self, look: &Look) -> DMatrix<f64> {
        let count = self.unknowns.len();
        let mut curvature = self.prior.precision();
        for (cost, slopes) in look.costs.iter().zip(&look.slopes) {
            let g = DVector::from_column_slice(slopes);
            curvature += &g * g.transpose() * cost.curvature;
        }
        for (k, counts) in self.priors.iter().enumerate() {
            // Without a prior, what the data do not constrain at all keeps a width that is no width.
            curvature[(k, k)] += if *counts { 0.0 } else { 1e-12 };
        }
        let inverse = curvature.try_inverse();
        inverse.unwrap_or_else(|| DMatrix::identity(count, count) * 1e12)
    }

    /// Intervals and correlations from the curvature at the optimum.
    fn estimates(
        &self,
        scores: &[f64],
        look: &Look,
        scatter: Option<Scatter>,
    ) -> (Vec<Estimate>, Vec<Vec<f64>>) {
        let count = scores.len();
        let covariance = self.covariance(look);
        let deviations: Vec<f64> = (0..count)
            .map(|k| covariance[(k, k)].max(0.0).sqrt())
            .collect();
        let reach = Scatter::reach(scatter);
        let estimates = (0..count).map(|k| self.estimate(k, scores[k], deviations[k], reach));
        let correlation = |i: usize, j: usize| match i == j {
            true => 1.0,
            false => covariance[(i, j)] / (deviations[i] * deviations[j]),
        };
        let correlations = (0..count).map(|i| (0..count).map(|j| correlation(i, j)).collect());
        (estimates.collect(), correlations.collect())
    }

    fn estimate(&self, k: usize, score: f64, deviation: f64, reach: f64) -> Estimate {
        let (unknown, scale) = (&self.unknowns[k], &self.scales[k]);
        let variance = deviation * deviation;
        Estimate {
            id: unknown.id.clone(),
            species: unknown.species.clone().unwrap_or_default(),
            value: scale.value(score),
            low: scale.value(score - reach * deviation),
            high: scale.value(score + reach * deviation),
            gsd: scale.gsd(score, deviation),
            prior: scale.value(0.0),
            score,
            deviation,
            told: match variance {
                v if v < 0.5 => Told::Well,
                v if v < 0.9 => Told::Little,
                _ => Told::Nothing,
            },
        }
    }

    pub(super) fn residuals(&self, before: &Look, look: &Look) -> Vec<Residual> {
        let rows = self.experiments.iter().flat_map(|experiment| {
            let data = experiment.data.iter();
            data.map(move |datum| (experiment, datum))
        });
        rows.enumerate()
            .map(|(k, (experiment, datum))| Residual {
                experiment: experiment.name.clone(),
                source: experiment.source.clone(),
                name: datum.name.clone(),
                found: datum.found,
                model: look.values[k],
                before: before.values[k],
                residual: root(&look.costs[k], datum).0,
                fold_error: datum.found.fold_error(look.values[k]),
                split: datum.split,
            })
            .collect()
    }
}
