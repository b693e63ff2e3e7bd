//! One step of Rodas5P.

use super::control::{FirstStep, mean};
use super::integrate::Stride;
use super::interpolant::Interpolant;
use super::kernel::{Kernel, LinearPart};
use super::statistics::Statistics;
use super::tableau::{A, C, GAMMA, H, STAGES};
use super::tolerance::Tolerance;
use super::vector::{add, add_combination, rows, stride, zeros};

/// Everything a run needs besides the network: allocated once, reused for every step.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    size: usize,
    stride: usize,
    pub(crate) part: LinearPart,
    /// State, trial state, slope, and the stages.
    memory: Vec<f64>,
    matrix: Vec<f64>,
    dense: [Vec<f64>; 3],
}

/// The weight of a departure beside the error at the end of a step: within a step at most 4/27 of it shows, the
/// greatest value of θ(1 - θ)².
pub(crate) const PATH: f64 = 0.1;

/// A step that is longer than the last by more than this factor may pass over a change that began before it.
pub(crate) const SUDDEN: f64 = 2.0;

/// How far the path of a step departs from the slope at its start: what a step misses of a change that is over
/// before it ends, since the end of such a step may be right and what lies before it wrong.
///
/// `forecast` is the slope at the start times the length of the step.
#[inline(always)]
pub(crate) fn departure(
    (old, new): (f64, f64),
    forecast: f64,
    stage: impl Fn(usize) -> f64,
) -> f64 {
    let mut bend = 0.0;
    for (j, weight) in H[0].iter().enumerate() {
        bend += weight * stage(j);
    }
    (new - old) + bend - forecast
}

/// What became of a trial step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Trial {
    /// The error relative to the tolerances: at most 1 means within; not finite after a pivot of zero.
    Error(f64),
    /// A pivot of the wrong sign: something grows faster than the step can follow.
    TooLong,
    /// The step takes this pool, an elimination index, below zero by more than its tolerance, to this amount.
    BelowZero(usize, f64),
}

/// The smaller of two numbers; the first if the second is not a number.
#[inline(always)]
pub(crate) fn least(one: f64, other: f64) -> f64 {
    if other < one { other } else { one }
}

/// The rows of a workspace by name.
pub(crate) struct Rows<'a> {
    pub(crate) y: &'a mut [f64],
    pub(crate) next: &'a mut [f64],
    pub(crate) slope: &'a mut [f64],
    /// One behind the other.
    stages: &'a mut [f64],
}

fn split(memory: &mut [f64], stride: usize) -> Rows<'_> {
    let (state, stages) = memory.split_at_mut(3 * stride);
    let [y, next, slope] = rows(state, stride);
    Rows {
        y,
        next,
        slope,
        stages,
    }
}

impl Workspace {
    pub(crate) fn new(kernel: &Kernel) -> Self {
        let size = kernel.symbolic.pools();
        Self {
            size,
            stride: stride(kernel.symbolic.size()),
            part: LinearPart::default(),
            memory: zeros(3 + STAGES, kernel.symbolic.size()),
            matrix: vec![0.0; kernel.symbolic.entries()],
            dense: std::array::from_fn(|_| vec![0.0; size]),
        }
    }

    /// The state and its slope, one number a pool.
    pub(crate) fn state(&mut self) -> (&mut [f64], &[f64]) {
        let [y, _, slope] = rows(&mut self.memory, self.stride);
        (&mut y[..self.size], &slope[..self.size])
    }

    /// Computes the slope at the state.
    pub(crate) fn refresh_slope(&mut self, kernel: &Kernel, values: &[f64]) {
        let [y, _, slope] = rows(&mut self.memory, self.stride);
        kernel.derivative(&self.part, values, y, slope);
    }

    /// Makes the trial state the state.
    pub(crate) fn accept(&mut self) {
        let [y, next] = rows(&mut self.memory, self.stride);
        y[..self.size].copy_from_slice(&next[..self.size]);
    }

    /// The first step, h, from the state, whose slope must be current.
    pub(crate) fn first_step(
        &mut self,
        kernel: &Kernel,
        values: &[f64],
        tolerance: &Tolerance,
        (time, span): (f64, f64),
    ) -> f64 {
        let (size, stride) = (self.size, self.stride);
        let Rows {
            y,
            next,
            slope,
            stages,
        } = split(&mut self.memory, stride);
        let over = |k: usize, value: f64| value / tolerance.of(k, y[k], y[k]);
        let first = FirstStep {
            amount: mean(size, |k| over(k, y[k])),
            slope: mean(size, |k| over(k, slope[k])),
        };
        let probe = first.probe(span);
        for k in 0..size {
            next[k] = y[k] + probe * slope[k];
        }
        let there = &mut stages[..stride];
        kernel.derivative(&self.part, values, next, there);
        let change = mean(size, |k| over(k, there[k] - slope[k]));
        first.length(probe, change, (time, span))
    }

    /// Tries a step of `h` from the state, whose slope must be current.
    pub(crate) fn try_step(
        &mut self,
        kernel: &Kernel,
        values: &[f64],
        (h, sudden): (f64, bool),
        tolerance: &Tolerance,
        statistics: &mut Statistics,
    ) -> Trial {
        let (size, stride, matrix) = (self.size, self.stride, &mut self.matrix);
        let Rows {
            y,
            next,
            slope,
            stages,
        } = split(&mut self.memory, stride);
        kernel.stage_matrix(&self.part, values, &y[..], matrix);
        let diagonal = 1.0 / (GAMMA * h);
        for entry in &mut matrix[..size] {
            *entry += diagonal;
        }
        statistics.count_trial();
        kernel.symbolic.factor(matrix);
        let pivots = matrix[..kernel.symbolic.size()].iter();
        if pivots.fold(false, |wrong, inverse| wrong | (*inverse < 0.0)) {
            return Trial::TooLong;
        }
        stages[..size].copy_from_slice(&slope[..size]);
        kernel.symbolic.solve(matrix, &mut stages[..stride]);
        for stage in 1..STAGES {
            let (earlier, rest) = stages.split_at_mut(stage * stride);
            let (earlier, current) = ((&*earlier, stride), &mut rest[..stride]);
            argument(stage, &y[..size], earlier, &mut next[..size]);
            kernel.derivative(&self.part, values, next, current);
            add_combination(&mut current[..size], &C[stage - 1], 1.0 / h, earlier);
            kernel.symbolic.solve(matrix, current);
        }
        let error = &stages[(STAGES - 1) * stride..][..size];
        add(&mut next[..size], error);
        let (mut sum, mut margin) = (-0.0, f64::INFINITY);
        for (k, error) in error.iter().enumerate() {
            let allowed = tolerance.of(k, y[k], next[k]);
            let scaled = error / allowed;
            sum += scaled * scaled;
            margin = least(margin, next[k] + tolerance.slack(k, y[k]));
        }
        let mut error = (sum / size as f64).sqrt();
        if error <= 1.0 && sudden {
            let stages = |k: usize, j: usize| stages[j * stride + k];
            let missed = |k: usize| {
                let turn = departure((y[k], next[k]), h * slope[k], |j| stages(k, j));
                turn / tolerance.of(k, y[k], next[k])
            };
            let missed = mean(size, missed);
            error = error.max(PATH * missed);
        }
        if error <= 1.0 && margin < 0.0 {
            let below = kernel.below_zero(values, |k| (y[k], next[k]), tolerance);
            if let Some(pool) = below {
                return Trial::BelowZero(pool, next[pool]);
            }
        }
        Trial::Error(error)
    }

    /// The pool with the largest error of the last trial step, as an elimination index.
    pub(crate) fn worst(&mut self, tolerance: &Tolerance) -> usize {
        let (size, stride) = (self.size, self.stride);
        let Rows {
            y, next, stages, ..
        } = split(&mut self.memory, stride);
        let errors = &stages[(STAGES - 1) * stride..][..size];
        let scaled = |k: &usize| (errors[*k] / tolerance.of(*k, y[*k], next[*k])).abs();
        let worst = (0..size).max_by(|a, b| scaled(a).total_cmp(&scaled(b)));
        worst.unwrap_or(0)
    }

    /// The step just made, before it is accepted.
    pub(crate) fn stride(&mut self, (start, end): (f64, f64), h: f64) -> Stride<'_> {
        let stride = self.stride;
        let Rows { y, stages, .. } = split(&mut self.memory, stride);
        Stride {
            start,
            end,
            h,
            y,
            stages: (stages, stride),
            matrix: &self.matrix,
            part: &self.part,
        }
    }

    /// The path of the step just made, before it is accepted.
    pub(crate) fn interpolant(&mut self) -> Interpolant<'_> {
        let (size, stride) = (self.size, self.stride);
        let Rows {
            y, next, stages, ..
        } = split(&mut self.memory, self.stride);
        for (vector, weights) in self.dense.iter_mut().zip(&H) {
            vector.fill(0.0);
            add_combination(vector, weights, 1.0, (stages, stride));
        }
        Interpolant {
            y0: &y[..size],
            y1: &next[..size],
            dense: std::array::from_fn(|k| self.dense[k].as_slice()),
        }
    }
}

/// The argument of a stage: a fresh combination up to stage 6, then running sums.
fn argument(stage: usize, y: &[f64], earlier: (&[f64], usize), next: &mut [f64]) {
    if stage <= A.len() {
        next.copy_from_slice(y);
        add_combination(next, &A[stage - 1], 1.0, earlier);
    } else {
        let (stages, stride) = earlier;
        add(next, &stages[(stage - 1) * stride..]);
    }
}
