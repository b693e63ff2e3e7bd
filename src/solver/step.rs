//! One step of Rodas5P.

use super::integrate::Stride;
use super::interpolant::Interpolant;
use super::kernel::{Kernel, LinearPart};
use super::statistics::Statistics;
use super::tableau::{A, C, GAMMA, H, STAGES};
use super::vector::{Row, add, add_combination, rows, zeros};

/// Everything a run needs besides the network: allocated once, reused for every step.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    size: usize,
    pub(crate) part: LinearPart,
    /// State, trial state, slope, and the stages.
    memory: Vec<f64>,
    matrix: Vec<f64>,
    dense: [Vec<f64>; 3],
}

/// The rows of a workspace by name.
pub(crate) struct Rows<'a> {
    pub(crate) y: &'a mut Row,
    pub(crate) next: &'a mut Row,
    pub(crate) slope: &'a mut Row,
    stages: &'a mut [Row],
}

fn split(memory: &mut [f64]) -> Rows<'_> {
    let (y, rest) = rows(memory).split_at_mut(1);
    let (next, rest) = rest.split_at_mut(1);
    let (slope, stages) = rest.split_at_mut(1);
    Rows {
        y: &mut y[0],
        next: &mut next[0],
        slope: &mut slope[0],
        stages,
    }
}

impl Workspace {
    pub(crate) fn new(kernel: &Kernel) -> Self {
        let size = kernel.symbolic.pools();
        Self {
            size,
            part: LinearPart::default(),
            memory: zeros(3 + STAGES),
            matrix: vec![0.0; kernel.symbolic.entries()],
            dense: std::array::from_fn(|_| vec![0.0; size]),
        }
    }

    /// The state and its slope, one number a pool.
    pub(crate) fn state(&mut self) -> (&mut [f64], &[f64]) {
        let Rows { y, slope, .. } = split(&mut self.memory);
        (&mut y[..self.size], &slope[..self.size])
    }

    /// Computes the slope at the state.
    pub(crate) fn refresh_slope(&mut self, kernel: &Kernel, values: &[f64]) {
        let Rows { y, slope, .. } = split(&mut self.memory);
        kernel.derivative(&self.part, values, y, slope);
    }

    /// Makes the trial state the state.
    pub(crate) fn accept(&mut self) {
        let Rows { y, next, .. } = split(&mut self.memory);
        y[..self.size].copy_from_slice(&next[..self.size]);
    }

    /// Tries a step of `h` from the state, whose slope must be current.
    ///
    /// Returns the error relative to the tolerances: at most 1 means within; not finite after a pivot of
    /// zero.
    pub(crate) fn try_step(
        &mut self,
        kernel: &Kernel,
        values: &[f64],
        h: f64,
        tolerance: (f64, f64),
        statistics: &mut Statistics,
    ) -> f64 {
        let (size, matrix) = (self.size, &mut self.matrix);
        let Rows {
            y,
            next,
            slope,
            stages,
        } = split(&mut self.memory);
        kernel.stage_matrix(&self.part, values, &y[..], matrix);
        let diagonal = 1.0 / (GAMMA * h);
        for entry in &mut matrix[..size] {
            *entry += diagonal;
        }
        statistics.count_trial();
        kernel.symbolic.factor(matrix);
        stages[0][..size].copy_from_slice(&slope[..size]);
        kernel.symbolic.solve(matrix, &mut stages[0]);
        for stage in 1..STAGES {
            let (earlier, rest) = stages.split_at_mut(stage);
            let current = &mut rest[0];
            argument(stage, &y[..size], earlier, &mut next[..size]);
            kernel.derivative(&self.part, values, next, current);
            add_combination(&mut current[..size], &C[stage - 1], 1.0 / h, earlier);
            kernel.symbolic.solve(matrix, current);
        }
        let error = &stages[STAGES - 1][..size];
        add(&mut next[..size], error);
        let scaled = scaled_errors(error, &y[..size], &next[..size], tolerance);
        let sum: f64 = scaled.map(|error| error * error).sum();
        (sum / size as f64).sqrt()
    }

    /// The pool with the largest error of the last trial step, as an elimination index.
    pub(crate) fn worst(&mut self, tolerance: (f64, f64)) -> usize {
        let size = self.size;
        let Rows {
            y, next, stages, ..
        } = split(&mut self.memory);
        let error = &stages[STAGES - 1][..size];
        let scaled = scaled_errors(error, &y[..size], &next[..size], tolerance);
        let worst = scaled.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        worst.map_or(0, |(pool, _)| pool)
    }

    /// The step just made, before it is accepted.
    pub(crate) fn stride(&mut self, (start, end): (f64, f64), h: f64) -> Stride<'_> {
        let Rows { y, stages, .. } = split(&mut self.memory);
        Stride {
            start,
            end,
            h,
            y,
            stages,
            matrix: &self.matrix,
            part: &self.part,
        }
    }

    /// The path of the step just made, before it is accepted.
    pub(crate) fn interpolant(&mut self) -> Interpolant<'_> {
        let size = self.size;
        let Rows {
            y, next, stages, ..
        } = split(&mut self.memory);
        for (vector, weights) in self.dense.iter_mut().zip(&H) {
            vector.fill(0.0);
            add_combination(vector, weights, 1.0, stages);
        }
        Interpolant {
            y0: &y[..size],
            y1: &next[..size],
            dense: std::array::from_fn(|k| self.dense[k].as_slice()),
        }
    }
}

/// The argument of a stage: a fresh combination up to stage 6, then running sums.
fn argument(stage: usize, y: &[f64], earlier: &[Row], next: &mut [f64]) {
    if stage <= A.len() {
        next.copy_from_slice(y);
        add_combination(next, &A[stage - 1], 1.0, earlier);
    } else {
        add(next, &earlier[stage - 1]);
    }
}

/// The error of each pool over its tolerance.
fn scaled_errors<'a>(
    error: &'a [f64],
    old: &'a [f64],
    new: &'a [f64],
    (rtol, atol): (f64, f64),
) -> impl Iterator<Item = f64> + 'a {
    let sizes = old
        .iter()
        .zip(new)
        .map(|(old, new)| old.abs().max(new.abs()));
    let scales = sizes.map(move |size| atol + rtol * size);
    error
        .iter()
        .zip(scales)
        .map(|(error, scale)| (error / scale).abs())
}
