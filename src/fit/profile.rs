//! Profile likelihoods: what the data say of one number, whatever the others do.

use serde::Serialize;

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
    /// Where the rise reaches 1.92 below the best value (an interval of 95 %); `None`: the data do not bound
    /// it from below within four standard deviations of the prior.
    pub low: Option<f64>,
    /// The same above.
    pub high: Option<f64>,
}

/// Half of the 95 % quantile of chi square with one degree of freedom.
const RISE: f64 = 1.920_729_410_347_062;
/// How far a profile goes, in scores of the prior.
const END: f64 = 4.0;
const STEP: f64 = 0.5;

impl Profile {
    /// Whether the data bound the number on both sides.
    #[must_use]
    pub const fn is_bounded(&self) -> bool {
        self.low.is_some() && self.high.is_some()
    }
}

impl Fit {
    /// The profile of one unknown, by its number, about what a search found. Its own prior does not count;
    /// those of the others do.
    ///
    /// # Errors
    /// [`FitError`] when the model fails at a value on the way.
    pub fn profile(&self, unknown: usize, found: &Fitted) -> Result<Profile, FitError> {
        let mut data = self.clone();
        if let Some(counts) = data.priors.get_mut(unknown) {
            *counts = false;
        }
        let others: Vec<usize> = (0..self.unknowns.len()).filter(|k| *k != unknown).collect();
        let everything: Vec<usize> = (0..self.unknowns.len()).collect();
        let best = data
            .descend(found.scores(), &everything)
            .map(|(_, scores)| scores)?;
        // Without its prior an untold number may have run far away: begin within the profile.
        let mut start = best.clone();
        start[unknown] = best[unknown].clamp(-END, END);
        let (here, start) = data.descend(start, &others)?;
        let mut sides = vec![];
        for direction in [-1.0, 1.0] {
            let (mut scores, mut side) = (start.clone(), vec![]);
            while scores[unknown].abs() < END + STEP {
                scores[unknown] += direction * STEP;
                let (cost, moved) = data.descend(scores, &others)?;
                side.push((moved[unknown], cost));
                scores = moved;
                if cost - here > 2.0 * RISE {
                    break;
                }
            }
            sides.push(side);
        }
        let [below, above] = [&sides[0], &sides[1]];
        let mut steps: Vec<(f64, f64)> = below.iter().rev().copied().collect();
        steps.push((start[unknown], here));
        steps.extend(above);
        // The way out may pass a place that is better than where it began.
        let lowest = (0..steps.len()).min_by(|a, b| steps[*a].1.total_cmp(&steps[*b].1));
        let lowest = lowest.unwrap_or(0);
        let least = steps[lowest].1;
        steps.iter_mut().for_each(|step| step.1 -= least);
        let crossing = |outwards: &[(f64, f64)]| {
            let pair = outwards.windows(2).find(|pair| pair[1].1 >= RISE)?;
            let share = (RISE - pair[0].1) / (pair[1].1 - pair[0].1);
            Some(self.value(unknown, pair[0].0 + share * (pair[1].0 - pair[0].0)))
        };
        let downwards: Vec<(f64, f64)> = steps[..=lowest].iter().rev().copied().collect();
        let (low, high) = (crossing(&downwards), crossing(&steps[lowest..]));
        Ok(Profile {
            id: self.unknowns[unknown].id.clone(),
            points: steps
                .into_iter()
                .map(|(score, rise)| ProfilePoint {
                    value: self.value(unknown, score),
                    rise,
                })
                .collect(),
            low,
            high,
        })
    }
}
