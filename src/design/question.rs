//! The best dose, rate and route for a target, under a limit for the lung.

use serde::Serialize;

use super::DesignError;
use super::joint::{Drawn, Joint, each, set};
use crate::organ::{Place, State};
use crate::population::{Band, bands};
use crate::scenario::{DoseAmount, Route, Scenario};
use crate::solver::{Keep, Options};
use crate::units::{Cells, Time};

/// How near to the limit the greatest allowed dose is sought, by ratios.
const NEAR: f64 = 0.01;
/// More steps than the search can need.
const STEPS: usize = 40;

/// Which dose, how fast and by which route for the greatest exposure of a target.
///
/// The exposure is that of living cells, cells h, to the end of the scenario. Its first dose is the one whose
/// route, time of infusion and amount are sought; what else it gives stays. Only the lung is guarded: what cells
/// do to the organ whose artery they are given into is not weighed (intracoronary MSC left small infarcts in the
/// hearts of dogs: Vulliet et al. 2004, Lancet 363:783).
///
/// ```
/// use biodist::design::{Bound, Question};
/// use biodist::prelude::*;
///
/// let scenario = Scenario::new(Host::human(73.kg()))
///     .dose(Dose::new(1e8.cells(), Product::bone_marrow_msc()))
///     .until(3.days());
/// let mut question = Question::new(scenario, Organ::HEART);
/// question.routes = vec![Route::intravenous(), Route::intracoronary()];
/// question.draws = 40;
/// let plans = question.plans()?;
/// assert_eq!(plans[0].route, Route::intracoronary()); // the most exposure comes first
/// # Ok::<(), biodist::design::DesignError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What is given to whom; the first dose is what is asked for.
    pub scenario: Scenario,
    /// Where living cells are wanted.
    pub target: Place,
    /// Routes to choose from; at first that of the dose.
    pub routes: Vec<Route>,
    /// Times of infusion to choose from; at first that of the dose.
    pub durations: Vec<Time>,
    /// The least and the greatest dose that can be given, cells; at first 1e6 and 1e9.
    pub amounts: [f64; 2],
    /// The greatest share of the pulmonary bed that may be blocked at any moment; at first 0.02.
    pub blocked: f64,
    /// In which share of the draws this must be kept; at first 0.95.
    pub confidence: f64,
    /// Draws from what is not known; at first 200.
    pub draws: usize,
    /// Seed of the draws.
    pub seed: u64,
}

/// What bounds a dose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// More would block too much of the lung.
    Lung,
    /// More cannot be given.
    Range,
    /// Even the least dose blocks too much.
    None,
}

/// A route, a rate and the greatest dose that is allowed with them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// By which way.
    pub route: Route,
    /// How long the infusion takes.
    pub over: Time,
    /// How many cells; the least dose where none is allowed.
    pub cells: f64,
    /// What bounds the dose.
    pub bound: Bound,
    /// Living cells in the target, cells h.
    pub exposure: Band,
    /// Share of the pulmonary bed that is blocked at most.
    pub blocked: Band,
}

impl Question {
    /// With the route and the time of the scenario's first dose, 1e6 to 1e9 cells, and a fiftieth of the
    /// pulmonary bed blocked in no more than one of twenty draws.
    #[must_use]
    pub fn new(scenario: Scenario, target: impl Into<Place>) -> Self {
        let dose = scenario.doses.first();
        Self {
            target: target.into(),
            routes: dose.map(|dose| dose.route.clone()).into_iter().collect(),
            durations: dose.map(|dose| dose.over).into_iter().collect(),
            scenario,
            amounts: [1e6, 1e9],
            blocked: 0.02,
            confidence: 0.95,
            draws: 200,
            seed: 1,
        }
    }

    /// Every route with every time of infusion, the most exposure first; those without an allowed dose last.
    ///
    /// # Errors
    /// [`DesignError`]: nothing to choose from, numbers that make no sense, a scenario that cannot be run.
    pub fn plans(&self) -> Result<Vec<Plan>, DesignError> {
        self.check()?;
        let mut plans = vec![];
        for route in &self.routes {
            for over in &self.durations {
                plans.push(self.plan(route, *over)?);
            }
        }
        let rank = |plan: &Plan| match plan.bound {
            Bound::None => f64::NEG_INFINITY,
            _ => plan.exposure.middle,
        };
        plans.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
        Ok(plans)
    }

    fn check(&self) -> Result<(), DesignError> {
        for (what, missing) in [
            ("dose", self.scenario.doses.is_empty()),
            ("route", self.routes.is_empty()),
            ("time of infusion", self.durations.is_empty()),
        ] {
            if missing {
                return Err(DesignError::Nothing { what });
            }
        }
        let bad = |field, value, allowed| {
            Err(DesignError::BadNumber {
                field,
                value,
                allowed,
            })
        };
        let [least, most] = self.amounts;
        if !(least > 0.0 && least <= most && most.is_finite()) {
            return bad("amounts", least, "above 0 cells, the least first");
        }
        for (field, value) in [("blocked", self.blocked), ("confidence", self.confidence)] {
            if !(value > 0.0 && value < 1.0) {
                return bad(field, value, "between 0 and 1");
            }
        }
        Ok(())
    }

    fn plan(&self, route: &Route, over: Time) -> Result<Plan, DesignError> {
        let given = |cells: f64| {
            let mut scenario = self.scenario.clone();
            if let Some(dose) = scenario.doses.first_mut() {
                dose.route = route.clone();
                dose.over = over;
                dose.amount = DoseAmount::Cells(Cells::new(cells));
            }
            scenario
        };
        let [least, most] = self.amounts;
        let scenario = given(most);
        scenario.check()?;
        let draws = Joint::of(&[&scenario])?.draws(self.draws, self.seed)?;
        let look = |cells: f64| self.look(&given(cells), &draws);
        let (mut high, mut found) = (most, look(most)?);
        let mut bound = Bound::Range;
        if self.worst(&found) > self.blocked {
            let first = look(least)?;
            if self.worst(&first) > self.blocked {
                (high, found, bound) = (least, first, Bound::None);
            } else {
                (high, found) = self.greatest((least, first), (most, found), &look)?;
                bound = Bound::Lung;
            }
        }
        let told = bands(&found)?;
        Ok(Plan {
            route: route.clone(),
            over,
            cells: high,
            bound,
            exposure: told[0],
            blocked: told[1],
        })
    }

    /// Exposure and blocked share of every draw.
    fn look(
        &self,
        scenario: &Scenario,
        draws: &[Vec<Drawn>],
    ) -> Result<Vec<Vec<f64>>, DesignError> {
        let options = Options {
            keep: Keep::Path,
            ..Options::with_rtol(1e-4)
        };
        each(draws, |drawn| {
            let run = set(scenario, &drawn[0]).simulate_with(&options)?;
            let exposure = run.kinetics(self.target.clone(), &State::VIABLE)?.auc;
            Ok(vec![exposure, run.lung_obstruction()?.peak()])
        })
    }

    /// The blocked share that the wanted share of the draws keeps below.
    fn worst(&self, found: &[Vec<f64>]) -> f64 {
        let mut shares: Vec<f64> = found.iter().map(|row| row[1]).collect();
        shares.sort_by(f64::total_cmp);
        let place = (self.confidence * shares.len() as f64).ceil() as usize;
        shares[place.clamp(1, shares.len()) - 1]
    }

    /// The greatest dose that keeps the limit, between one that does and one that does not: the blocked share
    /// is nearly a power of the dose, so that a straight line of logarithms meets it in few steps.
    #[allow(clippy::type_complexity)]
    fn greatest(
        &self,
        (mut low, mut kept): (f64, Vec<Vec<f64>>),
        (mut high, over): (f64, Vec<Vec<f64>>),
        look: &dyn Fn(f64) -> Result<Vec<Vec<f64>>, DesignError>,
    ) -> Result<(f64, Vec<Vec<f64>>), DesignError> {
        let aim = libm::log(self.blocked);
        let height = |found: &[Vec<f64>]| libm::log(self.worst(found).max(f64::MIN_POSITIVE)) - aim;
        let (mut below, mut above) = (height(&kept), height(&over));
        for step in 0..STEPS {
            if high / low < 1.0 + NEAR || below > -NEAR {
                break;
            }
            // Every third step halves, so that a curved share cannot hold the search up.
            let share = match step % 3 {
                2 => 0.5,
                _ => (-below / (above - below)).clamp(0.05, 0.95),
            };
            // A little to the safe side, where the search may end.
            let tried =
                libm::exp(libm::log(low) + share * libm::log(high / low) - 0.3 * NEAR).max(low);
            let found = look(tried)?;
            let here = height(&found);
            if here <= 0.0 {
                (low, below, kept) = (tried, here, found);
            } else {
                (high, above) = (tried, here);
            }
        }
        Ok((low, kept))
    }
}
