//! The time loop of many subjects: eight at a time, each lane refilled as soon as its subject is done.

use super::block::{Block, Tolerance};
use super::lane::Lane;
use super::{Ensemble, Outcome, Subject};
use crate::solver::SolverError;
use crate::solver::integrate::first_step;
use crate::solver::interpolant::Interpolant;
use crate::solver::kernel::LinearPart;
use crate::solver::lanes::{LANES, Lanes};

/// Eight subjects under way, with the memory they share.
pub(super) struct Runner<'a> {
    ensemble: &'a Ensemble<'a>,
    block: Block,
    lanes: [Lane; LANES],
    tolerance: Tolerance,
    /// The linear part of one subject, before it is put into its lane.
    scratch: LinearPart,
    /// Which lanes crossed an output in the last step.
    due: [bool; LANES],
}

/// One trial step, as a thing that can be compiled for several kinds of processors.
struct TryStep<'r, 'a>(&'r mut Runner<'a>);

impl pulp::NullaryFnOnce for TryStep<'_, '_> {
    type Output = Lanes;

    // A closure would not be inlined, and would be compiled for the least of them.
    #[inline(always)]
    fn call(self) -> Lanes {
        self.0.try_step()
    }
}

impl<'a> Runner<'a> {
    pub(super) fn new(ensemble: &'a Ensemble<'a>) -> Self {
        let outcome = || Outcome::new(ensemble.watched.len(), ensemble.times.len());
        Self {
            ensemble,
            block: Block::new(&ensemble.kernel, ensemble.network.values().len()),
            lanes: std::array::from_fn(|_| Lane::new(outcome())),
            tolerance: Tolerance {
                relative: ensemble.options.rtol,
                absolute: Lanes::each(|_| 1.0),
            },
            scratch: LinearPart::default(),
            due: [false; LANES],
        }
    }

    /// Takes subjects on until there are no more and all have been told.
    pub(super) fn run(
        &mut self,
        subjects: impl Iterator<Item = (usize, Subject)>,
        mut sink: impl FnMut(usize, Result<&Outcome, SolverError>),
    ) {
        let arch = self.ensemble.arch;
        let mut subjects = subjects;
        loop {
            for lane in 0..LANES {
                while self.lanes[lane].subject.is_none() {
                    let Some((number, subject)) = subjects.next() else {
                        break;
                    };
                    self.board(lane, number, subject, &mut sink);
                }
            }
            if self.lanes.iter().all(|lane| lane.subject.is_none()) {
                return;
            }
            // Compiled for what the processor can do; the arithmetic is the same on all of them.
            let error = arch.dispatch(TryStep(self));
            self.judge(error, &mut sink);
        }
    }

    /// Puts a subject into a lane, or tells why it cannot be run.
    fn board(
        &mut self,
        lane: usize,
        number: usize,
        subject: Subject,
        sink: &mut impl FnMut(usize, Result<&Outcome, SolverError>),
    ) {
        if let Err(error) = self.ensemble.check(&subject) {
            return sink(number, Err(error));
        }
        let total: f64 = subject.initial.iter().sum();
        self.tolerance.absolute.0[lane] = self.ensemble.options.absolute(total);
        let times = self.ensemble.times;
        self.lanes[lane].board(number, subject.aligned(times));
        self.begin_stretch(lane, sink);
    }

    /// From an event, or the start, to the next; at the end the outcome is told.
    fn begin_stretch(
        &mut self,
        lane: usize,
        sink: &mut impl FnMut(usize, Result<&Outcome, SolverError>),
    ) {
        // Taken out, so that the lane can change while its events are read.
        let subject = self.lanes[lane].subject.as_mut();
        let own = subject.and_then(|(_, subject)| subject.schedule.take());
        let events = match &own {
            Some(schedule) => schedule.events(),
            None => self.ensemble.schedule.events(),
        };
        let begun = self.lanes[lane].begin_stretch(events, self.ensemble.end());
        if let Some((_, subject)) = self.lanes[lane].subject.as_mut() {
            subject.schedule = own;
        }
        if begun.is_some() {
            return self.load(lane);
        }
        self.write_rest(lane);
        if let Some(number) = self.lanes[lane].leave() {
            sink(number, Ok(&self.lanes[lane].outcome));
        }
    }

    /// Copies amounts and values of a subject into its lane.
    fn load(&mut self, lane: usize) {
        let Self {
            ensemble,
            block,
            lanes,
            scratch,
            ..
        } = self;
        let Some((_, subject)) = &lanes[lane].subject else {
            return;
        };
        let order = ensemble.kernel.symbolic.order();
        for (amounts, original) in block.y.iter_mut().zip(order) {
            amounts.0[lane] = subject.initial[*original];
        }
        for (values, value) in block.values.iter_mut().zip(&subject.values) {
            values.0[lane] = *value;
        }
        ensemble.kernel.set_values(&subject.values, scratch);
        let slots = block.part.slots.iter_mut().zip(&scratch.slots);
        let entries = block.part.entries.iter_mut().zip(&scratch.entries);
        for (lanes, value) in slots.chain(entries) {
            lanes.0[lane] = *value;
        }
    }

    /// Copies the amounts of a lane back to its subject.
    fn unload(&mut self, lane: usize) {
        let order = self.ensemble.kernel.symbolic.order();
        let Some((_, subject)) = &mut self.lanes[lane].subject else {
            return;
        };
        for (amounts, original) in self.block.y.iter().zip(order) {
            subject.initial[*original] = amounts.0[lane];
        }
    }

    /// One trial step of every lane.
    #[inline(always)]
    fn try_step(&mut self) -> Lanes {
        let kernel = &self.ensemble.kernel;
        self.block.refresh_slope(kernel);
        for lane in 0..LANES {
            if self.lanes[lane].fresh {
                self.lanes[lane].h = self.first_step(lane);
                self.lanes[lane].fresh = false;
            }
        }
        let h = Lanes::each(|lane| self.lanes[lane].step().0);
        let error = self.block.try_step(kernel, h, &self.tolerance);
        let times = &self.ensemble.times;
        for (due, (lane, error)) in self.due.iter_mut().zip(self.lanes.iter().zip(error.0)) {
            let next = times.get(lane.next_output);
            let end = lane.step_end();
            *due = lane.subject.is_some() && error <= 1.0 && next.is_some_and(|t| *t < end);
        }
        if self.due.contains(&true) {
            self.block.refresh_dense();
        }
        error
    }

    /// As the first step of a single run.
    fn first_step(&self, lane: usize) -> f64 {
        let tolerance = (self.tolerance.relative, self.tolerance.absolute.0[lane]);
        let count = self.ensemble.kernel.symbolic.pools();
        let pools = self.block.y.iter().zip(&self.block.slope).take(count);
        let pools = pools.map(|(y, slope)| (y.0[lane], slope.0[lane]));
        let span = self.lanes[lane].until - self.lanes[lane].time;
        first_step(pools, tolerance, span)
    }

    /// Accepts, rejects and gives up, lane by lane.
    fn judge(&mut self, error: Lanes, sink: &mut impl FnMut(usize, Result<&Outcome, SolverError>)) {
        let mut accepted = [false; LANES];
        for (lane, accepted) in accepted.iter_mut().enumerate() {
            if self.lanes[lane].subject.is_none() {
                continue;
            }
            if let Some(error) = self.fault(lane) {
                if let Some(number) = self.lanes[lane].leave() {
                    sink(number, Err(error));
                }
                continue;
            }
            if self.due[lane] {
                self.write(lane);
            }
            *accepted = self.advance(lane, error.0[lane]);
        }
        self.block.accept(accepted);
        for (lane, accepted) in accepted.into_iter().enumerate() {
            let done = self.lanes[lane].time >= self.lanes[lane].until;
            if accepted && done {
                self.unload(lane);
                self.begin_stretch(lane, sink);
            }
        }
    }

    /// Moves the clock of a lane by an accepted step; chooses the next step either way.
    fn advance(&mut self, lane: usize, error: f64) -> bool {
        let lane = &mut self.lanes[lane];
        let ((step, _), end) = (lane.step(), lane.step_end());
        let statistics = &mut lane.outcome.statistics;
        statistics.count_trial();
        let accepted = error <= 1.0;
        let factor = if accepted {
            statistics.steps += 1;
            statistics.derivatives += 1;
            lane.time = end;
            lane.controller.accepted(error)
        } else {
            statistics.rejected += 1;
            if error.is_finite() {
                lane.controller.rejected(error)
            } else {
                lane.controller.refused()
            }
        };
        lane.h = step * factor;
        accepted
    }

    /// Why a subject cannot go on, if it cannot; as in a single run.
    fn fault(&self, lane: usize) -> Option<SolverError> {
        let Lane {
            time,
            until,
            ref outcome,
            ..
        } = self.lanes[lane];
        let name = |k: usize| {
            let pool = self.ensemble.kernel.symbolic.order()[k];
            self.ensemble.network.pools()[pool].clone()
        };
        let mut slopes = self.block.slope.iter().map(|slope| slope.0[lane]);
        if let Some(pool) = slopes.position(|slope| !slope.is_finite()) {
            return Some(SolverError::not_finite(time, name(pool)));
        }
        let (h, _) = self.lanes[lane].step();
        let worst = || name(self.block.worst(lane, &self.tolerance));
        if h < 4.0 * f64::EPSILON * time && time + h < until {
            return Some(SolverError::step_too_small(time, h, worst()));
        }
        let tried = outcome.statistics.factorisations;
        (tried >= self.ensemble.options.max_steps)
            .then(|| SolverError::too_many_steps(tried, (time, self.ensemble.end()), worst()))
    }

    /// The outputs before the end of an accepted step.
    fn write(&mut self, number: usize) {
        let Self {
            ensemble,
            block,
            lanes,
            ..
        } = self;
        let lane = &mut lanes[number];
        let end = lane.step_end();
        let dense = &block.dense;
        while let Some(time) = ensemble.times.get(lane.next_output).filter(|t| **t < end) {
            let theta = ((time - lane.time) / (end - lane.time)).max(0.0);
            let output = lane.outcome.row_mut(lane.next_output);
            for (amount, &k) in output.iter_mut().zip(&ensemble.watched) {
                let path = Interpolant {
                    y0: &[block.y[k].0[number]],
                    y1: &[block.next[k].0[number]],
                    dense: [
                        &[dense[0][k].0[number]],
                        &[dense[1][k].0[number]],
                        &[dense[2][k].0[number]],
                    ],
                };
                *amount = path.at(0, theta);
            }
            lane.next_output += 1;
        }
    }

    /// The outputs that are left at the end of the run, all at its final state.
    fn write_rest(&mut self, lane: usize) {
        let order = self.ensemble.kernel.symbolic.order();
        let lane = &mut self.lanes[lane];
        let Some((_, subject)) = &lane.subject else {
            return;
        };
        for index in lane.next_output..self.ensemble.times.len() {
            let output = lane.outcome.row_mut(index);
            for (amount, k) in output.iter_mut().zip(&self.ensemble.watched) {
                *amount = subject.initial[order[*k]];
            }
        }
    }
}
