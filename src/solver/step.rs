//! One step of Rodas5P.

use super::kernel::{Kernel, LinearPart};
use super::statistics::Statistics;
use super::tableau::{A, C, GAMMA, H, STAGES};

/// Everything a run needs besides the network: allocated once, reused for every step.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    pub(crate) y: Vec<f64>,
    pub(crate) next: Vec<f64>,
    pub(crate) slope: Vec<f64>,
    pub(crate) dense: [Vec<f64>; 3],
    pub(crate) part: LinearPart,
    stages: [Vec<f64>; STAGES],
    matrix: Vec<f64>,
}

impl Workspace {
    pub(crate) fn new(kernel: &Kernel) -> Self {
        let zeros = || vec![0.0; kernel.symbolic.size()];
        Self {
            y: zeros(),
            next: zeros(),
            slope: zeros(),
            dense: std::array::from_fn(|_| zeros()),
            part: LinearPart::default(),
            stages: std::array::from_fn(|_| zeros()),
            matrix: vec![0.0; kernel.symbolic.entries()],
        }
    }

    /// Tries a step of `h` from `y`, whose derivative stands in `slope`; the result is in `next`.
    ///
    /// Returns the error relative to the tolerances: at most 1 means within.
    ///
    /// # Errors
    /// The elimination index at which the stage matrix could not be factored.
    pub(crate) fn try_step(
        &mut self,
        kernel: &Kernel,
        values: &[f64],
        h: f64,
        tolerance: (f64, f64),
        statistics: &mut Statistics,
    ) -> Result<f64, usize> {
        let diagonal = 1.0 / (GAMMA * h);
        kernel.stage_matrix(&self.part, values, &self.y, diagonal, &mut self.matrix);
        statistics.jacobians += 1;
        statistics.factorisations += 1;
        kernel.symbolic.factor(&mut self.matrix)?;
        self.stages[0].copy_from_slice(&self.slope);
        kernel.symbolic.solve(&self.matrix, &mut self.stages[0]);
        for stage in 1..STAGES {
            self.argument(stage);
            let (earlier, rest) = self.stages.split_at_mut(stage);
            let current = &mut rest[0];
            kernel.derivative(&self.part, values, &self.next, current);
            add_combination(current, &C[stage - 1], 1.0 / h, earlier);
            kernel.symbolic.solve(&self.matrix, current);
        }
        statistics.derivatives += STAGES - 1;
        statistics.solves += STAGES;
        add(&mut self.next, &self.stages[STAGES - 1]);
        Ok(self.error(tolerance))
    }

    /// The argument of a stage, in `next`: a fresh combination up to stage 6, then running sums.
    fn argument(&mut self, stage: usize) {
        if stage <= A.len() {
            self.next.copy_from_slice(&self.y);
            add_combination(&mut self.next, &A[stage - 1], 1.0, &self.stages[..stage]);
        } else {
            add(&mut self.next, &self.stages[stage - 1]);
        }
    }

    /// Root mean square of the error over its tolerance.
    fn error(&self, (rtol, atol): (f64, f64)) -> f64 {
        let sum: f64 = self.stages[STAGES - 1]
            .iter()
            .zip(&self.y)
            .zip(&self.next)
            .map(|((error, old), new)| {
                let scaled = error / (atol + rtol * old.abs().max(new.abs()));
                scaled * scaled
            })
            .sum();
        (sum / self.y.len() as f64).sqrt()
    }

    /// The pool with the largest error of the last trial step, as an elimination index.
    pub(crate) fn worst(&self, (rtol, atol): (f64, f64)) -> usize {
        let scaled = |k: usize| {
            let scale = atol + rtol * self.y[k].abs().max(self.next[k].abs());
            (self.stages[STAGES - 1][k] / scale).abs()
        };
        (0..self.y.len())
            .max_by(|a, b| scaled(*a).total_cmp(&scaled(*b)))
            .unwrap_or(0)
    }

    /// Computes the three vectors of dense output for the step just made.
    pub(crate) fn make_dense(&mut self) {
        for (vector, weights) in self.dense.iter_mut().zip(&H) {
            vector.fill(0.0);
            add_combination(vector, weights, 1.0, &self.stages);
        }
    }
}

fn add(sum: &mut [f64], term: &[f64]) {
    for (value, term) in sum.iter_mut().zip(term) {
        *value += term;
    }
}

/// `sum += factor * Σ weights[j] * vectors[j]`, over as many weights as there are vectors.
fn add_combination(sum: &mut [f64], weights: &[f64], factor: f64, vectors: &[Vec<f64>]) {
    for (weight, vector) in weights.iter().zip(vectors) {
        let weight = weight * factor;
        for (value, term) in sum.iter_mut().zip(vector) {
            *value += weight * term;
        }
    }
}
