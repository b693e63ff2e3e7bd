//! A step of Rodas5P for eight subjects at once, each with its own length.
//!
//! The same operations in the same order as [`super::super::step`], on eight numbers at a time.

use crate::network::Number;
use crate::solver::control::{FirstStep, mean};
use crate::solver::kernel::{Kernel, LinearPart};
use crate::solver::lanes::{LANES, Lanes};
use crate::solver::step::{PATH, departure, least};
use crate::solver::tableau::{A, C, GAMMA, H, STAGES};
use crate::solver::tolerance::{allowed, slack};

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
    pools: Vec<u32>,
    pub(super) dense: [Vec<Lanes>; 3],
}

/// Relative tolerance, and the absolute one of each pool of each subject, in elimination order.
#[derive(Debug, Clone)]
pub(super) struct Tolerances {
    pub(super) relative: f64,
    pub(super) absolute: Vec<Lanes>,
}

impl Tolerances {
    /// The tolerance of one pool of one subject for a step that leads from one amount to another.
    #[inline(always)]
    pub(super) fn of(&self, (pool, lane): (usize, usize), old: &Lanes, new: &Lanes) -> f64 {
        let absolute = self.absolute[pool].0[lane];
        allowed(absolute, self.relative, old.0[lane], new.0[lane])
    }
}

/// What became of the trial steps of eight subjects, as [`crate::solver::step::Trial`] has it for one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trials {
    /// The errors relative to the tolerances.
    pub(super) error: Lanes,
    /// The least of the inverse pivots: negative where something grows faster than the step can follow.
    pub(super) pivot: Lanes,
    /// The least of the amounts, each with its tolerance added: negative where a pool falls below zero.
    pub(super) margin: Lanes,
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
            pools: (0..kernel.symbolic.pools() as u32).collect(),
            dense: std::array::from_fn(|_| row()),
        }
    }

    /// The slope at the state.
    #[inline(always)]
    pub(super) fn refresh_slope(&mut self, kernel: &Kernel) {
        let slope = &mut self.slope[..];
        kernel.derivative(&self.part, &self.values, &mut self.y[..], slope);
    }

    /// The first step, h, of the lanes that are fresh, from the time of each over its stretch; the others keep theirs.
    #[inline(always)]
    pub(super) fn first_steps(
        &mut self,
        kernel: &Kernel,
        (h, fresh, stretches): (Lanes, [bool; LANES], [(f64, f64); LANES]),
        tolerance: &Tolerances,
    ) -> Lanes {
        let size = self.pools.len();
        let over = |block: &Self, k: usize, lane: usize, value: f64| {
            value / tolerance.of((k, lane), &block.y[k], &block.y[k])
        };
        let mut first = [FirstStep::default(); LANES];
        let mut probe = Lanes::default();
        for lane in (0..LANES).filter(|lane| fresh[*lane]) {
            first[lane] = FirstStep {
                amount: mean(size, |k| over(self, k, lane, self.y[k].0[lane])),
                slope: mean(size, |k| over(self, k, lane, self.slope[k].0[lane])),
            };
            probe.0[lane] = first[lane].probe(stretches[lane].1);
        }
        for &k in &self.pools {
            let k = k as usize;
            self.next[k] = self.y[k] + probe * self.slope[k];
        }
        let (part, values) = (&self.part, &self.values);
        let (next, there) = (&mut self.next[..], &mut self.stages[0][..]);
        kernel.derivative(part, values, next, there);
        let change = |k: usize, lane: usize| self.stages[0][k].0[lane] - self.slope[k].0[lane];
        Lanes::each(|lane| {
            if !fresh[lane] {
                return h.0[lane];
            }
            let change = mean(size, |k| over(self, k, lane, change(k, lane)));
            first[lane].length(probe.0[lane], change, stretches[lane])
        })
    }

    /// Tries a step of each subject.
    #[inline(always)]
    pub(super) fn try_step(
        &mut self,
        kernel: &Kernel,
        (h, sudden): (Lanes, [bool; LANES]),
        tolerance: &Tolerances,
    ) -> Trials {
        let inverse = Lanes::of(1.0) / h;
        let diagonal = Lanes::of(1.0) / (Lanes::of(GAMMA) * h);
        let (part, values) = (&self.part, &self.values);
        kernel.stage_matrix(part, values, &self.y, &mut self.matrix);
        for &k in &self.pools {
            self.matrix[k as usize] += diagonal;
        }
        kernel.symbolic.factor(&mut self.matrix);
        let mut pivot = Lanes::of(1.0);
        for inverse in &self.matrix[..kernel.symbolic.size()] {
            pivot = Lanes::each(|lane| least(pivot.0[lane], inverse.0[lane]));
        }
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
                    self.next[k as usize] += earlier[stage - 1][k as usize];
                }
            }
            kernel.derivative(part, values, &mut self.next[..], current);
            combine(&self.pools, current, &C[stage - 1], inverse, earlier);
            kernel.symbolic.solve(&self.matrix, current);
        }
        self.add_stage(STAGES - 1);
        let (mut error, margin) = self.error(tolerance);
        for (lane, sudden) in sudden.into_iter().enumerate() {
            if sudden && error.0[lane] <= 1.0 {
                let missed = self.missed(lane, h.0[lane], tolerance);
                error.0[lane] = error.0[lane].max(PATH * missed);
            }
        }
        Trials {
            error,
            pivot,
            margin,
        }
    }

    #[inline(always)]
    fn add_stage(&mut self, stage: usize) {
        for &k in &self.pools {
            self.next[k as usize] += self.stages[stage][k as usize];
        }
    }

    /// Root mean square of the errors over their tolerances, and the margin above zero.
    #[inline(always)]
    fn error(&self, tolerance: &Tolerances) -> (Lanes, Lanes) {
        let (errors, y, next) = (&self.stages[STAGES - 1], &self.y, &self.next);
        let (mut sum, mut margin) = (Lanes::of(-0.0), Lanes::of(f64::INFINITY));
        for &k in &self.pools {
            let k = k as usize;
            let (error, old, new) = (&errors[k], &y[k], &next[k]);
            let allowed = Lanes::each(|lane| tolerance.of((k, lane), old, new));
            let scaled = *error / allowed;
            sum += scaled * scaled;
            margin = Lanes::each(|lane| {
                let slack = slack(
                    tolerance.absolute[k].0[lane],
                    tolerance.relative,
                    old.0[lane],
                );
                least(margin.0[lane], new.0[lane] + slack)
            });
        }
        let size = self.pools.len() as f64;
        (Lanes::each(|lane| (sum.0[lane] / size).sqrt()), margin)
    }

    /// What a step of one subject misses of a change that is over before it ends.
    #[inline(always)]
    fn missed(&self, lane: usize, h: f64, tolerance: &Tolerances) -> f64 {
        let (y, next, slope) = (&self.y, &self.next, &self.slope);
        mean(self.pools.len(), |k| {
            let ends = (y[k].0[lane], next[k].0[lane]);
            let turn = departure(ends, h * slope[k].0[lane], |j| self.stages[j][k].0[lane]);
            turn / tolerance.of((k, lane), &y[k], &next[k])
        })
    }

    /// The amounts of a pool of a subject before and after the step that was tried last.
    pub(super) fn amounts(&self, lane: usize, pool: usize) -> (f64, f64) {
        (self.y[pool].0[lane], self.next[pool].0[lane])
    }

    /// The pool with the largest error of a subject, as an elimination index.
    pub(super) fn worst(&self, lane: usize, tolerance: &Tolerances) -> usize {
        let scaled = |k: &usize| {
            let allowed = tolerance.of((*k, lane), &self.y[*k], &self.next[*k]);
            (self.stages[STAGES - 1][*k].0[lane] / allowed).abs()
        };
        let worst = (0..self.pools.len()).max_by(|a, b| scaled(a).total_cmp(&scaled(b)));
        worst.unwrap_or(0)
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

/// `sum += factor * Σ weights[j] * vectors[j]`.
#[inline(always)]
fn combine(
    pools: &[u32],
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
    pools: &[u32],
    sum: &mut [Lanes],
    weights: &[f64],
    factor: Lanes,
    vectors: &[Vec<Lanes>],
) {
    let size = sum.len();
    let weights: [Lanes; N] = std::array::from_fn(|j| Lanes::of(weights[j]) * factor);
    let vectors: [&[Lanes]; N] = std::array::from_fn(|j| &vectors[j][..size]);
    for &k in pools {
        let k = k as usize;
        let mut total = sum[k];
        for j in 0..N {
            total += weights[j] * vectors[j][k];
        }
        sum[k] = total;
    }
}
