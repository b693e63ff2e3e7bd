//! A step of Rodas5P for eight subjects at once, each with its own length.
//!
//! The same operations in the same order as [`super::super::step`], on eight numbers at a time.

use crate::network::Number;
use crate::solver::kernel::{Kernel, LinearPart};
use crate::solver::lanes::{LANES, Lanes};
use crate::solver::tableau::{A, C, GAMMA, H, STAGES};

/// State, trial state, slope, stages and dense output of eight subjects, in elimination order.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) part: LinearPart<Lanes>,
    pub(super) values: Vec<Lanes>,
    pub(super) y: Vec<Lanes>,
    pub(super) next: Vec<Lanes>,
    pub(super) slope: Vec<Lanes>,
    stages: [Vec<Lanes>; STAGES],
    matrix: Vec<Lanes>,
    /// The pools in their order. Loops that take them from a list are vectorised across subjects; plain
    /// loops would be vectorised along pools, with numbers gathered from far apart.
    pools: Vec<u16>,
    pub(super) dense: [Vec<Lanes>; 3],
}

/// Relative and absolute tolerance of each subject.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tolerance {
    pub(super) relative: f64,
    pub(super) absolute: Lanes,
}

impl Block {
    pub(super) fn new(kernel: &Kernel, values: usize) -> Self {
        let row = || vec![Lanes::default(); kernel.symbolic.size()];
        let mut part = LinearPart::<f64>::default();
        kernel.set_values(&vec![1.0; values], &mut part);
        Self {
            part: LinearPart {
                slots: vec![Lanes::default(); part.slots.len()],
                entries: vec![Lanes::default(); part.entries.len()],
            },
            // Not zero: idle lanes divide by them too.
            values: vec![Lanes::of(1.0); values],
            y: row(),
            next: row(),
            slope: row(),
            stages: std::array::from_fn(|_| row()),
            matrix: vec![Lanes::default(); kernel.symbolic.entries()],
            pools: (0..kernel.symbolic.pools() as u16).collect(),
            dense: std::array::from_fn(|_| row()),
        }
    }

    /// The slope at the state.
    #[inline(always)]
    pub(super) fn refresh_slope(&mut self, kernel: &Kernel) {
        let slope = &mut self.slope[..];
        kernel.derivative(&self.part, &self.values, &mut self.y[..], slope);
    }

    /// Tries a step of each subject; gives the error of each relative to its tolerance.
    #[inline(always)]
    pub(super) fn try_step(&mut self, kernel: &Kernel, h: Lanes, tolerance: &Tolerance) -> Lanes {
        let inverse = Lanes::of(1.0) / h;
        let diagonal = Lanes::of(1.0) / (Lanes::of(GAMMA) * h);
        let (part, values) = (&self.part, &self.values);
        kernel.stage_matrix(part, values, &self.y, &mut self.matrix);
        for &k in &self.pools {
            self.matrix[usize::from(k)] += diagonal;
        }
        kernel.symbolic.factor(&mut self.matrix);
        self.stages[0].copy_from_slice(&self.slope);
        kernel.symbolic.solve(&self.matrix, &mut self.stages[0][..]);
        for stage in 1..STAGES {
            let (earlier, rest) = self.stages.split_at_mut(stage);
            let current = &mut rest[0][..];
            if stage <= A.len() {
                self.next.copy_from_slice(&self.y);
                combine(
                    &self.pools,
                    &mut self.next,
                    &A[stage - 1],
                    Lanes::of(1.0),
                    earlier,
                );
            } else {
                for &k in &self.pools {
                    self.next[usize::from(k)] += earlier[stage - 1][usize::from(k)];
                }
            }
            kernel.derivative(part, values, &mut self.next[..], current);
            combine(&self.pools, current, &C[stage - 1], inverse, earlier);
            kernel.symbolic.solve(&self.matrix, current);
        }
        self.add_stage(STAGES - 1);
        self.error(tolerance)
    }

    #[inline(always)]
    fn add_stage(&mut self, stage: usize) {
        for &k in &self.pools {
            self.next[usize::from(k)] += self.stages[stage][usize::from(k)];
        }
    }

    /// Root mean square of the errors over their tolerances.
    #[inline(always)]
    fn error(&self, tolerance: &Tolerance) -> Lanes {
        let (errors, y, next) = (&self.stages[STAGES - 1], &self.y, &self.next);
        let mut sum = Lanes::of(-0.0);
        for &k in &self.pools {
            let k = usize::from(k);
            let (error, old, new) = (&errors[k], &y[k], &next[k]);
            sum += Lanes::each(|lane| {
                let scaled = scaled(error, old, new, tolerance, lane);
                scaled * scaled
            });
        }
        let size = self.pools.len() as f64;
        Lanes::each(|lane| (sum.0[lane] / size).sqrt())
    }

    /// The pool with the largest error of a subject, as an elimination index.
    pub(super) fn worst(&self, lane: usize, tolerance: &Tolerance) -> usize {
        let pools = self.stages[STAGES - 1].iter().zip(&self.y).zip(&self.next);
        let errors = pools.map(|((error, old), new)| scaled(error, old, new, tolerance, lane));
        let worst = errors
            .take(self.pools.len())
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(&b.1));
        worst.map_or(0, |(pool, _)| pool)
    }

    /// The path of the step just made, of every subject.
    #[inline(always)]
    pub(super) fn refresh_dense(&mut self) {
        for (vector, weights) in self.dense.iter_mut().zip(&H) {
            vector.fill(Lanes::default());
            combine(&self.pools, vector, weights, Lanes::of(1.0), &self.stages);
        }
    }

    /// Makes the trial state the state where the step was accepted.
    #[inline(always)]
    pub(super) fn accept(&mut self, accepted: [bool; LANES]) {
        for (y, next) in self.y.iter_mut().zip(&self.next) {
            *y = Lanes::each(|lane| match accepted[lane] {
                true => next.0[lane],
                false => y.0[lane],
            });
        }
    }
}

/// The error of one pool of one subject over its tolerance.
#[inline(always)]
fn scaled(error: &Lanes, old: &Lanes, new: &Lanes, tolerance: &Tolerance, lane: usize) -> f64 {
    let size = old.0[lane].abs().max(new.0[lane].abs());
    let scale = tolerance.absolute.0[lane] + tolerance.relative * size;
    (error.0[lane] / scale).abs()
}

/// `sum += factor * Σ weights[j] * vectors[j]`.
#[inline(always)]
fn combine(
    pools: &[u16],
    sum: &mut [Lanes],
    weights: &[f64],
    factor: Lanes,
    vectors: &[Vec<Lanes>],
) {
    match vectors.len() {
        1 => fused::<1>(pools, sum, weights, factor, vectors),
        2 => fused::<2>(pools, sum, weights, factor, vectors),
        3 => fused::<3>(pools, sum, weights, factor, vectors),
        4 => fused::<4>(pools, sum, weights, factor, vectors),
        5 => fused::<5>(pools, sum, weights, factor, vectors),
        6 => fused::<6>(pools, sum, weights, factor, vectors),
        7 => fused::<7>(pools, sum, weights, factor, vectors),
        _ => fused::<8>(pools, sum, weights, factor, vectors),
    }
}

#[inline(always)]
fn fused<const N: usize>(
    pools: &[u16],
    sum: &mut [Lanes],
    weights: &[f64],
    factor: Lanes,
    vectors: &[Vec<Lanes>],
) {
    let size = sum.len();
    let weights: [Lanes; N] = std::array::from_fn(|j| Lanes::of(weights[j]) * factor);
    let vectors: [&[Lanes]; N] = std::array::from_fn(|j| &vectors[j][..size]);
    for &k in pools {
        let k = usize::from(k);
        let mut total = sum[k];
        for j in 0..N {
            total += weights[j] * vectors[j][k];
        }
        sum[k] = total;
    }
}
