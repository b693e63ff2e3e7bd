//! A measure, told for one model: numbers, sums over pools, and what is made of them.

use std::f64::consts::LN_2;

use super::measure::{Content, Measure, stay_grid};
use super::{Datum, EvidenceError};
use crate::assembly::Model;
use crate::data::Parameters;
use crate::names::near;
use crate::observation::{Assay, Decay, Region};
use crate::organ::{Place, Sieve};
use crate::physiology::Organ;
use crate::scenario::Scenario;

/// One arm of an experiment: a scenario with its numbers and, if it must be run, its model.
pub(super) struct Arm {
    pub(super) scenario: Scenario,
    pub(super) parameters: Parameters,
    pub(super) model: Option<Model>,
}

impl Arm {
    pub(super) fn new(scenario: Scenario, run: bool) -> Result<Self, EvidenceError> {
        let model = run.then(|| scenario.assemble()).transpose()?;
        let parameters = match &model {
            Some(model) => model.parameters.clone(),
            None => scenario.parameters_at(0.0)?,
        };
        Ok(Self {
            scenario,
            parameters,
            model,
        })
    }
}

/// An amount that is looked at: in which arm, at which of the times, in which pool, with what weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    pub(super) arm: usize,
    pub(super) time: usize,
    pub(super) pool: usize,
    weight: f64,
}

/// A measure as an expression in amounts.
#[derive(Debug, Clone)]
pub(super) enum Sight {
    Number(f64),
    Sum(Vec<Term>),
    Ratio(Box<Self>, Box<Self>),
    HalfLife(Box<Self>, Box<Self>, f64),
}

/// Where a measure is told: the arms, which of them, and the times of the run.
#[derive(Clone, Copy)]
pub(super) struct Bench<'a> {
    pub(super) arms: &'a [Arm],
    pub(super) arm: usize,
    pub(super) times: &'a [f64],
    pub(super) datum: &'a Datum,
}

impl Bench<'_> {
    fn here(&self) -> &Arm {
        &self.arms[self.arm]
    }

    pub(super) fn sight(&self, measure: &Measure) -> Result<Sight, EvidenceError> {
        match measure {
            Measure::Cells {
                places,
                content,
                time,
                percent_dose,
            } => self.cells(places, *content, time.value(), *percent_dose),
            Measure::Reading {
                assay,
                places,
                time,
            } => self.reading(assay, places, time.value()),
            Measure::Passing { organ } => Ok(Sight::Number(self.passage(organ)?.0)),
            Measure::Stopping { organ } => Ok(Sight::Number(self.passage(organ)?.1)),
            Measure::Stay { places, until } => self.stay(places, until.value()),
            Measure::Ratio { of, to } => Ok(Sight::Ratio(
                Box::new(self.sight(of)?),
                Box::new(self.sight(to)?),
            )),
            Measure::HalfLife { from, to } => {
                let span = from.time().zip(to.time()).map(|(a, b)| b - a);
                let span = span.filter(|span| *span > 0.0);
                let span = span.ok_or_else(|| EvidenceError::NoHalfLife {
                    name: self.datum.name.clone(),
                })?;
                let (from, to) = (self.sight(from)?, self.sight(to)?);
                Ok(Sight::HalfLife(Box::new(from), Box::new(to), span))
            }
            Measure::Relative { of } => {
                if self.arms.len() < 2 {
                    return Err(EvidenceError::NoControl {
                        name: self.datum.name.clone(),
                    });
                }
                let control = Bench { arm: 1, ..*self };
                Ok(Sight::Ratio(
                    Box::new(self.sight(of)?),
                    Box::new(control.sight(of)?),
                ))
            }
        }
    }

    /// The model; measures that need one have made the experiment run.
    fn model(&self) -> Result<&Model, EvidenceError> {
        self.here().model.as_ref().ok_or(EvidenceError::Toml {
            reason: format!("{}: the experiment was not run", self.datum.name),
        })
    }

    fn index(&self, time: f64) -> usize {
        // The times are the union of those of all measures, so that each is among them.
        self.times.partition_point(|t| *t < time)
    }

    fn terms(&self, time: f64, pools: impl IntoIterator<Item = (usize, f64)>) -> Vec<Term> {
        let (arm, time) = (self.arm, self.index(time));
        let term = |(pool, weight)| Term {
            arm,
            time,
            pool,
            weight,
        };
        pools.into_iter().map(term).collect()
    }

    fn region(&self, name: &str) -> Result<Region, EvidenceError> {
        if name == "body" {
            return Ok(Region::Body);
        }
        let places = self.model()?.atlas.places();
        match places.iter().find(|place| place.name() == name) {
            Some(place) => Ok(Region::Place(place.clone())),
            None => Err(EvidenceError::UnknownPlace {
                name: self.datum.name.clone(),
                place: name.to_string(),
                near: near(name, places.iter().map(Place::name)),
            }),
        }
    }

    fn cells(
        &self,
        places: &[String],
        content: Content,
        time: f64,
        percent_dose: bool,
    ) -> Result<Sight, EvidenceError> {
        let model = self.model()?;
        let unit = match percent_dose {
            true => model.percent_of_dose(time),
            false => 1.0,
        };
        let mut pools = vec![];
        for name in places {
            let region = self.region(name)?;
            pools.extend(model.atlas.select(|key| {
                let there = match &region {
                    Region::Body => key.place != Place::Outside,
                    Region::Place(place) => key.place == *place,
                };
                let counted = match content {
                    Content::Viable => key.state.is_viable(),
                    Content::Remains => key.state.is_remains(),
                    Content::All => key.state.is_viable() || key.state.is_remains(),
                };
                there && counted
            }));
        }
        Ok(Sight::Sum(
            self.terms(time, pools.into_iter().map(|pool| (pool, unit))),
        ))
    }

    fn reading(&self, assay: &Assay, places: &[String], time: f64) -> Result<Sight, EvidenceError> {
        let model = self.model()?;
        let mut terms = vec![];
        for name in places {
            let lens = model.lens(assay, &self.region(name)?)?;
            let faded = match assay.decay {
                Decay::Corrected => 1.0,
                Decay::Raw => lens.faded(time),
            };
            let scaled = lens.weights.iter();
            let unit = lens.unit(model, time);
            let scaled = scaled.map(|(pool, weight)| (*pool, weight * unit * faded));
            terms.extend(self.terms(time, scaled));
        }
        Ok(Sight::Sum(terms))
    }

    /// Shares that pass and that stop.
    fn passage(&self, organ: &Organ) -> Result<(f64, f64), EvidenceError> {
        let Arm {
            scenario,
            parameters,
            ..
        } = self.here();
        let Some(dose) = scenario.doses.first() else {
            return Ok((0.0, 0.0));
        };
        let cells = dose.product.traits(parameters)?;
        let sieve = Sieve::of(parameters, organ, &cells)?;
        let capture = sieve.capture(cells.diameter, cells.diameter_gsd);
        Ok((capture.passing, capture.lodging))
    }

    /// Area under `t y` over area under `y`, both by trapezia, with `t` from the start of the first dose.
    fn stay(&self, places: &[String], until: f64) -> Result<Sight, EvidenceError> {
        let grid = stay_grid(until);
        let first = self.model()?.first_dose();
        let (mut moment, mut area) = (vec![], vec![]);
        for (k, time) in grid.iter().enumerate() {
            let before = if k > 0 { time - grid[k - 1] } else { 0.0 };
            let after = grid.get(k + 1).map_or(0.0, |next| next - time);
            let width = 0.5 * (before + after);
            let Sight::Sum(terms) = self.cells(places, Content::Viable, *time, false)? else {
                continue;
            };
            let weighed = |factor: f64| {
                terms.iter().map(move |term| Term {
                    weight: term.weight * factor,
                    ..*term
                })
            };
            moment.extend(weighed(width * (time - first)));
            area.extend(weighed(width));
        }
        Ok(Sight::Ratio(
            Box::new(Sight::Sum(moment)),
            Box::new(Sight::Sum(area)),
        ))
    }
}

impl Sight {
    /// The value, from amounts.
    pub(super) fn value(&self, amount: &impl Fn(&Term) -> f64) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Sum(terms) => terms
                .iter()
                .fold(0.0, |sum, term| sum + term.weight * amount(term)),
            Self::Ratio(of, to) => of.value(amount) / to.value(amount),
            Self::HalfLife(from, to, span) => {
                LN_2 * span / libm::log(from.value(amount) / to.value(amount))
            }
        }
    }

    /// How the value changes when the amounts change at `slope`.
    pub(super) fn change(
        &self,
        amount: &impl Fn(&Term) -> f64,
        slope: &impl Fn(&Term) -> f64,
    ) -> f64 {
        match self {
            Self::Number(_) => 0.0,
            Self::Sum(_) => self.value(slope),
            Self::Ratio(of, to) => {
                let below = to.value(amount);
                let ratio = of.value(amount) / below;
                (of.change(amount, slope) - ratio * to.change(amount, slope)) / below
            }
            Self::HalfLife(from, to, span) => {
                let (a, b) = (from.value(amount), to.value(amount));
                let fall = libm::log(a / b);
                let change = from.change(amount, slope) / a - to.change(amount, slope) / b;
                -LN_2 * span * change / (fall * fall)
            }
        }
    }
}
