//! Draws of several scenarios at once: a number that they share is the same in all of them.

use super::DesignError;
use crate::population::{Correlated, Study, Uncertain, latin_hypercube};
use crate::scenario::Scenario;

/// Values of one draw for one scenario, by id.
pub(super) type Drawn = Vec<(String, f64)>;

/// Scenarios with all that is uncertain in any of them.
///
/// A row of the registry that two species share (`any`) is one number; a row of a species is its own.
pub(super) struct Joint {
    numbers: Vec<Uncertain>,
    /// By scenario, the places of its numbers.
    of: Vec<Vec<usize>>,
    correlated: Correlated,
}

impl Joint {
    pub(super) fn of(scenarios: &[&Scenario]) -> Result<Self, DesignError> {
        let (mut rows, mut numbers, mut of, mut links) = (vec![], vec![], vec![], vec![]);
        for scenario in scenarios {
            let study = Study::of(scenario)?;
            let mut places = vec![];
            for (row, number) in study.rows().iter().zip(study.inputs()) {
                let known = rows.iter().position(|other| other == row);
                places.push(known.unwrap_or(rows.len()));
                if known.is_none() {
                    rows.push(row.clone());
                    numbers.push(number.clone());
                }
            }
            let further = study.links().into_iter();
            links.extend(further.map(|(i, j, r)| (places[i], places[j], r)));
            of.push(places);
        }
        Ok(Self {
            correlated: Correlated::of(&rows, &links).map_err(DesignError::Data)?,
            numbers,
            of,
        })
    }

    /// `count` draws, each with the values of every scenario.
    pub(super) fn draws(&self, count: usize, seed: u64) -> Result<Vec<Vec<Drawn>>, DesignError> {
        if self.numbers.is_empty() {
            return Err(DesignError::Nothing {
                what: "uncertain number",
            });
        }
        let points = latin_hypercube(count, self.numbers.len(), seed)?;
        let one = |point: Vec<f64>| {
            let shares = self.correlated.point(&point);
            let value = |place: &usize| {
                let number = &self.numbers[*place];
                (number.id.clone(), number.at(shares[*place]))
            };
            let of = self.of.iter();
            of.map(|places| places.iter().map(value).collect())
                .collect()
        };
        Ok(points.into_iter().map(one).collect())
    }
}

/// The scenario with the values of a draw.
pub(super) fn set(scenario: &Scenario, drawn: &Drawn) -> Scenario {
    let values = drawn.iter();
    values.fold(scenario.clone(), |scenario, (id, value)| {
        scenario.with(id, *value)
    })
}

/// Looks at every draw, on all threads with the feature `parallel`, in their order.
pub(super) fn each<T: Send>(
    draws: &[Vec<Drawn>],
    look: impl Fn(&Vec<Drawn>) -> Result<T, DesignError> + Sync + Send,
) -> Result<Vec<T>, DesignError> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        draws.par_iter().map(look).collect()
    }
    #[cfg(not(feature = "parallel"))]
    draws.iter().map(look).collect()
}
