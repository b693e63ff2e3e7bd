//! One subject on its way: its time, its step, its events, its outputs.

use super::Subject;
use super::outcome::Outcome;
use crate::network::Event;
use crate::solver::control::Controller;
use crate::solver::statistics::Statistics;

/// The place of one subject among eight.
#[derive(Debug)]
pub(super) struct Lane {
    /// Number of the subject, and itself while it is under way.
    pub(super) subject: Option<(usize, Subject)>,
    pub(super) time: f64,
    /// Where the present stretch ends: an event, or the end.
    pub(super) until: f64,
    pub(super) h: f64,
    /// The length of the last accepted step of the stretch.
    pub(super) last_step: f64,
    /// Whether the first step of a stretch is still to be chosen.
    pub(super) fresh: bool,
    pub(super) controller: Controller,
    /// The pool that the last trial step took below zero, if it was rejected for that.
    pub(super) below: Option<(usize, f64)>,
    next_event: usize,
    pub(super) next_output: usize,
    pub(super) outcome: Outcome,
}

impl Lane {
    pub(super) fn new(outcome: Outcome) -> Self {
        Self {
            subject: None,
            time: 0.0,
            until: 0.0,
            // Idle lanes step too, on zeros.
            h: 1.0,
            last_step: 0.0,
            fresh: false,
            controller: Controller::new(),
            below: None,
            next_event: 0,
            next_output: 0,
            outcome,
        }
    }

    /// Takes a subject on.
    pub(super) fn board(&mut self, number: usize, subject: Subject) {
        self.subject = Some((number, subject));
        self.time = 0.0;
        self.next_event = 0;
        self.next_output = 0;
        self.outcome.statistics = Statistics::default();
    }

    /// Gives the subject up.
    pub(super) fn leave(&mut self) -> Option<usize> {
        self.h = 1.0;
        self.fresh = false;
        self.subject.take().map(|(number, _)| number)
    }

    /// Applies the events that are due, and finds the end of the stretch that follows; `None` at the
    /// end of the run.
    pub(super) fn begin_stretch(&mut self, events: &[Event], end: f64) -> Option<()> {
        let (_, subject) = self.subject.as_mut()?;
        while let Some(event) = events.get(self.next_event).filter(|e| e.time <= self.time) {
            for action in &event.actions {
                action.apply(&mut subject.initial, &mut subject.values);
            }
            self.next_event += 1;
        }
        if self.time >= end {
            return None;
        }
        let next = events.get(self.next_event);
        self.until = next.map_or(end, |event| event.time.min(end));
        self.controller = Controller::new();
        self.below = None;
        self.last_step = 0.0;
        self.fresh = true;
        self.outcome.statistics.starts += 1;
        self.outcome.statistics.derivatives += 1;
        Some(())
    }

    /// Where the lane is, and how much of the stretch lies ahead, h.
    pub(super) fn stretch(&self) -> (f64, f64) {
        (self.time, self.until - self.time)
    }

    /// The step that is tried next, and whether it ends the stretch.
    pub(super) fn step(&self) -> (f64, bool) {
        let left = self.until - self.time;
        if self.subject.is_some() && self.h >= left {
            (left, true)
        } else {
            (self.h, false)
        }
    }

    /// Where that step ends; the sum would miss the end of a stretch by a rounding.
    pub(super) fn step_end(&self) -> f64 {
        match self.step() {
            (_, true) => self.until,
            (h, false) => self.time + h,
        }
    }
}
