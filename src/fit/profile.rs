//! Profile likelihoods: what the data say of one number, whatever the others do.

use serde::Serialize;

use super::scatter::Scatter;
use super::{Fit, FitError, Fitted};

/// One place of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ProfilePoint {
    /// The number, in the unit of the registry.
    pub value: f64,
    /// Rise of the cost above its least, with all other unknowns at their best for this value.
    pub rise: f64,
}

/// How the cost rises on both sides of the best value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Profile {
    /// The number.
    pub id: String,
    /// From low to high.
    pub points: Vec<ProfilePoint>,
    /// Where the rise bounds the 95 % interval below the best value; `None`: the data do not bound the number from
    /// below within four standard deviations of the prior.
    pub low: Option<f64>,
    /// The same above.
    pub high: Option<f64>,
    /// The rise at the bounds: half of the 95 % quantile of chi square with one degree of freedom, 1.92; more where
    /// the scatter of the data was estimated.
    pub bound: f64,
}

/// How far a profile goes, in scores of the prior.
const END: f64 = 4.0;
/// The longest first step, in scores.
const STEP: f64 = 0.5;
/// By how much each step is longer than the one before.
const GROWTH: f64 = 1.3;
/// A way out that finds a better place by so much begins anew from there.
const BETTER: f64 = 1e-6;
/// So often, at most.
const ROUNDS: usize = 5;

impl Profile {
    /// Whether the data bound the number on both sides.
    #[must_use]
    pub const fn is_bounded(&self) -> bool {
        self.low.is_some() && self.high.is_some()
    }
}

/// All scores with one of them held and the others at their best, and the cost.
type Place = (f64, Vec<f64>);

/// A profile on its way.
struct Walk<'a> {
    fit: &'a Fit,
    unknown: usize,
    others: Vec<usize>,
    /// How high the root of twice the rise is at a bound.
    reach: f64,
}

impl Fit {
    /// The profile of one unknown, by its number, about the result of a search. Its own prior does not count;
    /// those of the others do.
    ///
    /// The bounds are roots: places where the rise, minimised over the other unknowns, is that of a 95 % interval.
    ///
    /// # Errors
    /// [`FitError::BadNumber`] for an unknown that is not there; [`FitError`] when the model fails at a value on the
    /// way.
    pub fn profile(&self, unknown: usize, found: &Fitted) -> Result<Profile, FitError> {
        let mut data = self.like(found);
        let Some(counts) = data.priors.get_mut(unknown) else {
            return Err(FitError::BadNumber {
                field: "unknown",
                value: unknown as f64,
                allowed: "less than the number of unknowns",
            });
        };
        *counts = false;
        data.prior = data.prior.counting(&data.unknowns, &data.priors)?;
        let walk = Walk {
            fit: &data,
            unknown,
            others: (0..self.unknowns.len()).filter(|k| *k != unknown).collect(),
            reach: Scatter::reach(found.scatter),
        };
        let (steps, lowest) = walk.both_ways(found.scores())?;
        let least = steps[lowest].0;
        let outwards: Vec<Place> = steps[..=lowest].iter().rev().cloned().collect();
        let ends = [
            walk.bound(&outwards, least)?,
            walk.bound(&steps[lowest..], least)?,
        ];
        let mut points: Vec<(f64, f64)> = (steps.iter())
            .map(|(cost, scores)| (scores[unknown], (cost - least).max(0.0)))
            .collect();
        let bound = 0.5 * walk.reach * walk.reach;
        points.extend(ends.iter().flatten().map(|score| (*score, bound)));
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let value = |score: f64| self.value(unknown, score);
        Ok(Profile {
            id: self.unknowns[unknown].id.clone(),
            points: (points.iter())
                .map(|(score, rise)| ProfilePoint {
                    value: value(*score),
                    rise: *rise,
                })
                .collect(),
            low: ends[0].map(value),
            high: ends[1].map(value),
            bound,
        })
    }
}

impl Walk<'_> {
    /// Places from low to high, and the number of the lowest.
    fn both_ways(&self, mut start: Vec<f64>) -> Result<(Vec<Place>, usize), FitError> {
        let everything: Vec<usize> = (0..start.len()).collect();
        let mut round = 0;
        loop {
            round += 1;
            let (_, best) = self.fit.descend(start.clone(), &everything)?;
            // Without its prior an unidentified number may have run far away: begin within the profile.
            let held = best[self.unknown].clamp(-END, END);
            let here = self.at(best, held)?;
            let step = self.first_step(&here.1)?;
            let mut steps = self.outwards(&here, -step)?;
            steps.reverse();
            let middle = steps.len();
            steps.push(here);
            let above = self.outwards(&steps[middle], step)?;
            steps.extend(above);
            let least = (0..steps.len()).min_by(|a, b| steps[*a].0.total_cmp(&steps[*b].0));
            let lowest = least.unwrap_or(middle);
            // The way out may pass a place that is better than where it began.
            let better = steps[lowest].0 < steps[middle].0 - BETTER && held.abs() < END;
            if !better || round == ROUNDS {
                return Ok((steps, lowest));
            }
            start.clone_from(&steps[lowest].1);
        }
    }

    /// The others at their best with the unknown held, from where they are.
    fn at(&self, mut scores: Vec<f64>, held: f64) -> Result<Place, FitError> {
        scores[self.unknown] = held;
        self.fit.descend(scores, &self.others)
    }

    /// A part of the standard deviation that the data leave to the number.
    fn first_step(&self, scores: &[f64]) -> Result<f64, FitError> {
        let covariance = self.fit.covariance(&self.fit.look(scores, true)?);
        let deviation = covariance[(self.unknown, self.unknown)].max(0.0).sqrt();
        Ok((0.4 * deviation).clamp(1e-9, STEP))
    }

    /// Places from the one where a walk begins, which is not among them, until the rise is twice that of a bound.
    fn outwards(&self, here: &Place, first: f64) -> Result<Vec<Place>, FitError> {
        let (mut places, mut step): (Vec<Place>, f64) = (vec![], first);
        loop {
            let (cost, scores) = places.last().unwrap_or(here);
            let held = scores[self.unknown];
            let high = cost - here.0 > self.reach * self.reach;
            if high || held * first.signum() >= END {
                return Ok(places);
            }
            let next = (held + step).clamp(-END, END);
            places.push(self.at(scores.clone(), next)?);
            step *= GROWTH;
        }
    }

    /// Where the rise reaches that of a bound, on a way outwards from the lowest place.
    ///
    /// The root of twice the rise is nearly straight, so that false position (with the rule of Illinois) needs few
    /// steps.
    fn bound(&self, outwards: &[Place], least: f64) -> Result<Option<f64>, FitError> {
        let height = |place: &Place| (2.0 * (place.0 - least).max(0.0)).sqrt() - self.reach;
        let pair = outwards.windows(2).find(|pair| height(&pair[1]) >= 0.0);
        let Some([inner, outer]) = pair else {
            return Ok(None);
        };
        let held = |place: &Place| place.1[self.unknown];
        let (mut low, mut high) = ((held(inner), height(inner)), (held(outer), height(outer)));
        let (mut near, mut side) = (inner.1.clone(), 0);
        for _ in 0..100 {
            let middle = low.0 + (high.0 - low.0) * low.1 / (low.1 - high.1);
            let place = self.at(near, middle)?;
            let found = height(&place);
            if found.abs() < 1e-5 || (high.0 - low.0).abs() < 1e-10 {
                return Ok(Some(middle));
            }
            if found < 0.0 {
                low = (middle, found);
                high.1 *= if side == -1 { 0.5 } else { 1.0 };
                side = -1;
            } else {
                high = (middle, found);
                low.1 *= if side == 1 { 0.5 } else { 1.0 };
                side = 1;
            }
            near = place.1;
        }
        Ok(Some(0.5 * (low.0 + high.0)))
    }
}
