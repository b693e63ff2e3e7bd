//! Eight directions in the parameters along the path of one run.
//!
//! The sensitivity `S = ∂y/∂p` follows `S' = J S + ∂f/∂p`. State and sensitivity together are one
//! autonomous system whose Jacobian is block triangular with `J` on the diagonal; the step of Rodas5P
//! that was made for the state is repeated for `S` with the factors that are there:
//!
//! ```text
//! W v_i = J(y_i) S_i + ∂f/∂p(y_i) + G u_i + Σ_j C[i][j] v_j / h
//! ```
//!
//! with `y_i`, `S_i` the arguments of the stage, `u_i` the stages of the state, `v_i` those of `S`, and
//! `G u` the derivative of `J S + ∂f/∂p` along `u` at the start of the step. Order and stability are
//! those of the method; what is not controlled is the error of `S` on its own.

use super::jet::Jet;
use crate::network::{Action, Amount, Network, Number, ParameterId, PoolId, RateLaw};
use crate::solver::integrate::{Follower, Stride};
use crate::solver::kernel::Kernel;
use crate::solver::lanes::{LANES, Lanes};
use crate::solver::tableau::{A, C, H, STAGES};

/// A linear transfer whose rate constant changes along one of the directions.
#[derive(Debug, Clone, Copy)]
struct Direct {
    lane: usize,
    parameter: ParameterId,
    from: usize,
    to: usize,
    constant: f64,
}

/// How parameters change together: each with its weight.
pub(super) type Direction = Vec<(ParameterId, f64)>;

/// Sensitivities along eight directions or fewer, in elimination order.
#[derive(Debug, Clone)]
pub(super) struct Sweep {
    directions: Vec<Direction>,
    s: Vec<Lanes>,
    next: Vec<Lanes>,
    stages: [Vec<Lanes>; STAGES],
    /// Argument of a stage of the state.
    argument: Vec<f64>,
    direct: Vec<Direct>,
    amounts: Vec<Jet>,
    values: Vec<Jet>,
    /// Pools that the transfers that are not linear look at.
    seen: Vec<usize>,
    dense: [Vec<Lanes>; 3],
    arch: pulp::Arch,
    /// One row of pools for each requested time.
    pub(super) outputs: Vec<Lanes>,
    written: usize,
    place: Vec<usize>,
}

impl Sweep {
    pub(super) fn new(
        network: &Network,
        kernel: &Kernel,
        directions: &[Direction],
        times: usize,
    ) -> Self {
        let size = kernel.symbolic.size();
        let row = || vec![Lanes::default(); size];
        let place = kernel.symbolic.place();
        let direct = network.transfers().iter().flat_map(|t| {
            let (from, to) = (place[t.from.index()], place[t.to.index()]);
            let linear = match t.law {
                RateLaw::Linear { parameter, .. } => Some(parameter),
                _ => None,
            };
            let weights = directions.iter().enumerate().flat_map(|(lane, direction)| {
                direction
                    .iter()
                    .map(move |(id, weight)| (lane, *id, *weight))
            });
            let along = weights.filter(move |(_, id, _)| linear == Some(*id));
            let constant = t.law.constant();
            along.map(move |(lane, parameter, weight)| Direct {
                lane,
                parameter,
                from,
                to,
                constant: constant * weight,
            })
        });
        Self {
            directions: directions.to_vec(),
            direct: direct.collect(),
            s: row(),
            next: row(),
            stages: std::array::from_fn(|_| row()),
            argument: vec![0.0; size],
            amounts: vec![Jet::of(0.0); size],
            values: network.values().iter().map(|v| Jet::of(*v)).collect(),
            seen: seen(kernel),
            dense: std::array::from_fn(|_| row()),
            arch: pulp::Arch::new(),
            outputs: vec![Lanes::default(); size * times],
            written: 0,
            place,
        }
    }

    /// Adds `∂f/∂p` of the linear transfers at some amounts.
    #[inline(always)]
    fn add_direct(&self, amounts: &[f64], row: &mut [Lanes]) {
        for direct in &self.direct {
            let flow = direct.constant * amounts[direct.from];
            row[direct.from].0[direct.lane] -= flow;
            row[direct.to].0[direct.lane] += flow;
        }
    }

    /// Adds what the transfers that are not linear contribute, read off their jets.
    #[inline(always)]
    fn add_bent(&self, kernel: &Kernel, row: &mut [Lanes], read: impl Fn(&Jet) -> Lanes) {
        for transfer in kernel.nonlinear() {
            let rate = transfer
                .law
                .rate(transfer.from, &self.amounts, &self.values);
            let part = read(&rate);
            row[transfer.from.index()] -= part;
            row[transfer.to.index()] += part;
        }
    }

    /// Sets the jets of all amounts.
    #[inline(always)]
    fn aim(&mut self, amounts: &[f64], turns: Option<&[f64]>, at_start: bool) {
        let slopes = if at_start { &self.s } else { &self.next };
        for &k in &self.seen {
            self.amounts[k] = Jet {
                value: amounts[k],
                slope: slopes[k],
                turn: turns.map_or(0.0, |turns| turns[k]),
                both: Lanes::default(),
            };
        }
    }

    #[inline(always)]
    fn stage(&mut self, kernel: &Kernel, stride: &Stride<'_>, number: usize) {
        let size = self.s.len();
        if number == 0 || number <= A.len() {
            self.argument.copy_from_slice(&stride.y[..size]);
            self.next.copy_from_slice(&self.s);
            if number > 0 {
                let weights = &A[number - 1];
                for (number, weight) in weights.iter().enumerate().take(number) {
                    let pools = self.argument.iter_mut().zip(stride.stage(number));
                    pools.for_each(|(sum, u)| *sum += weight * u);
                }
                combine(&self.stages[..number], weights, 1.0, &mut self.next);
            }
        } else {
            let pools = self.argument.iter_mut().zip(stride.stage(number - 1));
            pools.for_each(|(sum, u)| *sum += u);
            let pools = self.next.iter_mut().zip(&self.stages[number - 1]);
            pools.for_each(|(sum, v)| *sum += *v);
        }
        let mut row = std::mem::take(&mut self.stages[number]);
        kernel.apply_linear(stride.part, &self.next[..], &mut row[..]);
        let argument = std::mem::take(&mut self.argument);
        self.add_direct(&argument, &mut row);
        self.aim(&argument, None, false);
        self.add_bent(kernel, &mut row, |rate| rate.slope);
        self.argument = argument;
        let turns = &stride.stage(number)[..size];
        self.add_direct(turns, &mut row);
        self.aim(&stride.y[..size], Some(turns), true);
        self.add_bent(kernel, &mut row, |rate| rate.both);
        if number > 0 {
            let earlier = &self.stages[..number];
            combine(earlier, &C[number - 1], 1.0 / stride.h, &mut row);
        }
        kernel.symbolic.solve(stride.matrix, &mut row[..]);
        self.stages[number] = row;
    }

    /// The outputs before the end of the step.
    #[inline(always)]
    fn write(&mut self, stride: &Stride<'_>, times: &[f64]) {
        let size = self.s.len();
        let due = times.get(self.written).is_some_and(|t| *t < stride.end);
        for (row, weights) in self.dense.iter_mut().zip(&H).filter(|_| due) {
            row.fill(Lanes::default());
            combine(&self.stages, weights, 1.0, row);
        }
        while let Some(time) = times.get(self.written).filter(|t| **t < stride.end) {
            let theta = ((time - stride.start) / (stride.end - stride.start)).max(0.0);
            let rest = 1.0 - theta;
            let [k1, k2, k3] = &self.dense;
            let output = &mut self.outputs[self.written * size..(self.written + 1) * size];
            for (k, output) in output.iter_mut().enumerate() {
                let bend = k1[k] + (k2[k] + k3[k] * theta) * theta;
                *output = self.s[k] * rest + (self.next[k] + bend * rest) * theta;
            }
            self.written += 1;
        }
    }

    /// The outputs that are left at the end of the run.
    pub(super) fn finish(&mut self, times: usize) {
        let size = self.s.len();
        for index in self.written..times {
            self.outputs[index * size..(index + 1) * size].copy_from_slice(&self.s);
        }
    }

    /// The sensitivity of one pool, in network order, at one time, along direction `lane` of the sweep.
    pub(super) fn at(&self, time: usize, pool: usize, lane: usize) -> f64 {
        self.outputs[time * self.s.len() + self.place[pool]].0[lane]
    }
}

/// `Σ_j weights[j] v_j`, times a factor, added to a row.
#[inline(always)]
fn combine(stages: &[Vec<Lanes>], weights: &[f64], factor: f64, row: &mut [Lanes]) {
    for (k, sum) in row.iter_mut().enumerate() {
        let mut total = *sum;
        for (weight, stage) in weights.iter().zip(stages) {
            total += stage[k] * (weight * factor);
        }
        *sum = total;
    }
}

/// The pools on which the rates of transfers that are not linear depend.
fn seen(kernel: &Kernel) -> Vec<usize> {
    let drivers = kernel.nonlinear().flat_map(|t| t.law.drivers(t.from));
    let mut seen: Vec<usize> = drivers.map(PoolId::index).collect();
    // A pump looks at nothing, but its source is asked for.
    seen.extend(kernel.nonlinear().map(|t| t.from.index()));
    seen.sort_unstable();
    seen.dedup();
    seen
}

/// A step of the sensitivities, as a thing that can be compiled for several kinds of processors.
struct Step<'a> {
    sweep: &'a mut Sweep,
    kernel: &'a Kernel,
    stride: &'a Stride<'a>,
    times: &'a [f64],
}

impl pulp::NullaryFnOnce for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self {
            sweep,
            kernel,
            stride,
            times,
        } = self;
        // An event may have moved what they are sums of; stages keep them up by themselves.
        kernel.add_up(&mut sweep.s[..]);
        for number in 0..STAGES {
            sweep.stage(kernel, stride, number);
        }
        for (sum, v) in sweep.next.iter_mut().zip(&sweep.stages[STAGES - 1]) {
            *sum += *v;
        }
        sweep.write(stride, times);
        std::mem::swap(&mut sweep.s, &mut sweep.next);
    }
}

impl Follower for Sweep {
    /// A fixed amount depends on no parameter; all of a pool takes its sensitivity along. A parameter
    /// that an event sets does not depend on its first value any more.
    fn event(&mut self, action: Action) {
        match action {
            Action::Move {
                from,
                to,
                amount: Amount::All,
            } => {
                let (from, to) = (self.place[from.index()], self.place[to.index()]);
                let moved = std::mem::take(&mut self.s[from]);
                self.s[to] += moved;
            }
            Action::Set { parameter, .. } => {
                self.direct.retain(|direct| direct.parameter != parameter);
                for direction in &mut self.directions {
                    direction.retain(|(id, _)| *id != parameter);
                }
            }
            Action::Move { .. } => {}
        }
    }

    fn begin(&mut self, values: &[f64]) {
        for (jet, value) in self.values.iter_mut().zip(values) {
            *jet = Jet::of(*value);
        }
        for (lane, direction) in self.directions.iter().enumerate().take(LANES) {
            for (id, weight) in direction {
                if let Some(jet) = self.values.get_mut(id.index()) {
                    jet.slope.0[lane] += *weight;
                }
            }
        }
    }

    fn step(&mut self, kernel: &Kernel, stride: &Stride<'_>, times: &[f64]) {
        let arch = self.arch;
        arch.dispatch(Step {
            sweep: self,
            kernel,
            stride,
            times,
        });
    }
}
