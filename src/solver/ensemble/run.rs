//! The time loop of many subjects: eight at a time, each lane refilled as soon as its subject is done.

use super::block::{Block, Tolerances, Trials};
use super::lane::Lane;
use super::{Ensemble, Outcome, Subject};
use crate::network::Number;
use crate::solver::SolverError;
use crate::solver::control::shortest;
use crate::solver::interpolant::Interpolant;
use crate::solver::kernel::LinearPart;
use crate::solver::lanes::{LANES, Lanes};
use crate::solver::scales::Scales;
use crate::solver::step::{SUDDEN, Trial};
use crate::solver::tolerance::Tolerance;

/// Eight subjects under way, with the memory they share.
pub(super) struct Runner<'a> {
    ensemble: &'a Ensemble<'a>,
    block: Block,
    lanes: [Lane; LANES],
    tolerance: Tolerances,
    scales: Scales,
    /// The tolerance of one subject: scratch.
    one: Tolerance,
    /// The linear part of one subject, before it is put into its lane.
    scratch: LinearPart,
    /// Which lanes crossed an output in the last step.
    due: [bool; LANES],
}

/// One trial step, as a thing that can be compiled for several kinds of processors.
struct TryStep<'r, 'a>(&'r mut Runner<'a>);

impl pulp::NullaryFnOnce for TryStep<'_, '_> {
    type Output = Trials;

    // A closure would not be inlined, and would be compiled for the least of them.
    #[inline(always)]
    fn call(self) -> Trials {
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
            tolerance: Tolerances {
                relative: ensemble.options.rtol,
                absolute: vec![Lanes::of(1.0); ensemble.network.pools().len()],
            },
            scales: ensemble.scales.clone(),
            one: Tolerance {
                relative: ensemble.options.rtol,
                absolute: vec![1.0; ensemble.network.pools().len()],
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
            if self.ensemble.stop.check(0.0).is_err() {
                return self.stop(subjects, &mut sink);
            }
            // Compiled for what the processor can do; the arithmetic is the same on all of them.
            let trials = arch.dispatch(TryStep(self));
            self.judge(&trials, &mut sink);
        }
    }

    /// Ends those under way and those that were not begun.
    fn stop(
        &mut self,
        rest: impl Iterator<Item = (usize, Subject)>,
        sink: &mut impl FnMut(usize, Result<&Outcome, SolverError>),
    ) {
        let stop = &self.ensemble.stop;
        let ended = self.lanes.iter_mut().filter_map(|lane| {
            let time = lane.time;
            Some((lane.leave()?, time))
        });
        let rest = rest.map(|(number, _)| (number, 0.0));
        for (number, time) in ended.chain(rest) {
            if let Err(stopped) = stop.check(time) {
                sink(number, Err(stopped));
            }
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
        self.set_tolerance(lane, &subject);
        let times = self.ensemble.times;
        self.lanes[lane].board(number, subject.aligned(times));
        self.begin_stretch(lane, sink);
    }

    /// Sets the tolerances of the pools of a subject.
    fn set_tolerance(&mut self, lane: usize, subject: &Subject) {
        let Self {
            ensemble,
            tolerance,
            scales,
            ..
        } = self;
        let start = (&subject.initial[..], &subject.values[..]);
        let schedule = subject.schedule.as_ref().unwrap_or(&ensemble.schedule);
        let run = (schedule, ensemble.end());
        let absolute = scales.absolute(ensemble.network, start, run, &ensemble.options);
        for (absolute, place) in absolute.zip(&ensemble.place) {
            tolerance.absolute[*place].0[lane] = absolute;
        }
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
    fn try_step(&mut self) -> Trials {
        let kernel = &self.ensemble.kernel;
        self.block.refresh_slope(kernel);
        let fresh = std::array::from_fn(|lane| self.lanes[lane].fresh);
        if fresh.contains(&true) {
            let h = Lanes::each(|lane| self.lanes[lane].h);
            let stretches = std::array::from_fn(|lane| self.lanes[lane].stretch());
            let h = (self.block).first_steps(kernel, (h, fresh, stretches), &self.tolerance);
            for (lane, h) in self.lanes.iter_mut().zip(h.0) {
                (lane.h, lane.fresh) = (h, false);
            }
        }
        let h = Lanes::each(|lane| self.lanes[lane].step().0);
        let sudden = std::array::from_fn(|lane| h.0[lane] > SUDDEN * self.lanes[lane].last_step);
        let trials = self.block.try_step(kernel, (h, sudden), &self.tolerance);
        let times = &self.ensemble.times;
        let errors = trials.error.0;
        for (due, (lane, error)) in self.due.iter_mut().zip(self.lanes.iter().zip(errors)) {
            let next = times.get(lane.next_output);
            let end = lane.step_end();
            *due = lane.subject.is_some() && error <= 1.0 && next.is_some_and(|t| *t < end);
        }
        if self.due.contains(&true) {
            self.block.refresh_dense();
        }
        trials
    }

    /// What became of the trial step of one lane.
    fn trial(&mut self, lane: usize, trials: &Trials) -> Trial {
        let (error, kernel) = (trials.error.0[lane], &self.ensemble.kernel);
        if trials.pivot.0[lane] < 0.0 {
            return Trial::TooLong;
        }
        if error <= 1.0 && trials.margin.0[lane] < 0.0 {
            let Self {
                block,
                one,
                tolerance,
                lanes,
                ..
            } = self;
            let pools = one.absolute.iter_mut().zip(&tolerance.absolute);
            pools.for_each(|(one, all)| *one = all.0[lane]);
            if let Some((_, subject)) = &lanes[lane].subject {
                let amounts = |pool| block.amounts(lane, pool);
                if let Some(pool) = kernel.below_zero(&subject.values, amounts, one) {
                    return Trial::BelowZero(pool, block.amounts(lane, pool).1);
                }
            }
        }
        Trial::Error(error)
    }

    /// Accepts, rejects and gives up, lane by lane.
    fn judge(
        &mut self,
        trials: &Trials,
        sink: &mut impl FnMut(usize, Result<&Outcome, SolverError>),
    ) {
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
            let trial = self.trial(lane, trials);
            *accepted = matches!(trial, Trial::Error(error) if error <= 1.0);
            if *accepted && self.due[lane] {
                self.write(lane);
            }
            self.advance(lane, trial);
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
    fn advance(&mut self, lane: usize, trial: Trial) {
        let lane = &mut self.lanes[lane];
        let ((step, _), end) = (lane.step(), lane.step_end());
        let statistics = &mut lane.outcome.statistics;
        statistics.count_trial();
        lane.below = None;
        let factor = match trial {
            Trial::Error(error) if error <= 1.0 => {
                statistics.steps += 1;
                statistics.derivatives += 1;
                lane.time = end;
                lane.last_step = step;
                lane.controller.accepted(error)
            }
            rejected => {
                statistics.rejected += 1;
                if let Trial::BelowZero(pool, amount) = rejected {
                    lane.below = Some((pool, amount));
                }
                lane.controller.after(rejected)
            }
        };
        lane.h = step * factor;
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
        if h < shortest(time) && time + h < until {
            if let Some((pool, amount)) = self.lanes[lane].below {
                return Some(SolverError::below_zero(time, name(pool), amount));
            }
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
