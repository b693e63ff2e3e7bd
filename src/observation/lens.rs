//! What an instrument takes from each pool: the linear part of a reading.

use std::f64::consts::LN_2;

use super::ObservationError;
use super::assay::{Assay, ReadingUnit};
use super::region::Region;
use crate::assembly::Model;
use crate::organ::{PoolKey, State};

/// An instrument over a region of one model: its weights and its numbers, looked up once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lens {
    /// Signal of one cell, or of the label of one, in each pool that is seen.
    pub(crate) weights: Vec<(usize, f64)>,
    /// Physical decay, 1/h.
    decay: f64,
    /// One cell in the unit of the reading, or in cells if that is a share of the dose.
    unit: f64,
    /// Whether the reading is a share of the dose.
    percent: bool,
    /// Smallest signal that is told from background, in cells.
    pub(super) limit: f64,
    /// Coefficient of variation.
    pub(super) noise: f64,
}

impl Lens {
    /// The signal of amounts, in cells, before it fades.
    pub(super) fn signal(&self, state: &[f64]) -> f64 {
        let pools = self.weights.iter();
        pools.fold(0.0, |sum, (pool, weight)| sum + weight * state[*pool])
    }

    /// One cell in the unit of the reading, at a time in h.
    pub(crate) fn unit(&self, model: &Model, time: f64) -> f64 {
        match self.percent {
            true => self.unit * model.percent_of_dose(time),
            false => self.unit,
        }
    }

    /// What is left of the signal after a time in h by physical decay.
    pub(crate) fn faded(&self, time: f64) -> f64 {
        libm::exp(-self.decay * time)
    }
}

impl Model {
    /// # Errors
    /// As [`Run::read`](crate::simulation::Run::read), but for times.
    pub(crate) fn lens(&self, assay: &Assay, region: &Region) -> Result<Lens, ObservationError> {
        assay.check(&self.parameters)?;
        self.check_region(region)?;
        let pools = self.read_pools(assay)?;
        let (mut lens, signals) = self.lens_scale(assay, region)?;
        for (pool, key) in pools {
            let share = self.share(region, key, assay.rinsed);
            let weight = weight(&signals, key.state) * share;
            if weight != 0.0 {
                lens.weights.push((pool, weight));
            }
        }
        Ok(lens)
    }

    /// The pools that the instrument sees: those of its label, or the cells themselves.
    fn read_pools(&self, assay: &Assay) -> Result<Vec<(usize, &PoolKey)>, ObservationError> {
        let atlas = &self.atlas;
        let Some(label) = &assay.label else {
            return Ok(atlas.keys().iter().enumerate().collect());
        };
        match atlas.labels().iter().find(|pools| pools.label == *label) {
            Some(pools) => Ok(pools.pools().collect()),
            None => Err(ObservationError::NotLabelled {
                label: label.name().to_string(),
            }),
        }
    }

    fn lens_scale(
        &self,
        assay: &Assay,
        region: &Region,
    ) -> Result<(Lens, [f64; 4]), ObservationError> {
        let parameters = &self.parameters;
        let number = |name| assay.number(parameters, name);
        let label = |name, absent| assay.of_label(parameters, name, absent);
        let grams = self.grams(region);
        let known = |grams: Option<f64>| {
            grams.ok_or_else(|| ObservationError::NoMass {
                region: region.to_string(),
            })
        };
        let becquerel = label("activity", 0.0)? * label("efficiency", 1.0)?;
        let mut unit = match assay.unit {
            ReadingUnit::Cells
            | ReadingUnit::CellsPerGram
            | ReadingUnit::PercentDose
            | ReadingUnit::PercentDosePerGram => 1.0,
            ReadingUnit::Becquerel => becquerel,
            ReadingUnit::CountsPerMinute => 60.0 * becquerel * number("yield")?,
            ReadingUnit::CopiesPerMicrogram => label("copies", 0.0)? / number("host_dna")?,
            ReadingUnit::CellsRecovered => number("yield")?,
        };
        if assay.unit.is_per_gram() {
            unit /= known(grams)?;
        }
        let share = number("limit_share")?;
        let mut limit = number("limit")?;
        if share > 0.0 {
            limit += share * number("host_cells")? * known(grams)?;
        }
        if assay.label.is_none() {
            // So many living cells must be there for the limit to be found.
            limit /= number("yield")?;
        }
        let lens = Lens {
            weights: vec![],
            decay: LN_2 / label("half_life", f64::INFINITY)?,
            unit,
            percent: matches!(
                assay.unit,
                ReadingUnit::PercentDose | ReadingUnit::PercentDosePerGram
            ),
            limit,
            noise: number("noise")?,
        };
        let signals = [
            label("counts_viable", 1.0)?,
            label("counts_debris", 0.0)?,
            label("counts_ingested", 0.0)?,
            label("counts_free", 0.0)?,
        ];
        Ok((lens, signals))
    }
}

/// The signal of the contents of a pool, by their state.
fn weight(weights: &[f64; 4], state: State) -> f64 {
    let [viable, debris, ingested, free] = *weights;
    match state {
        State::Debris => debris,
        State::Ingested => ingested,
        State::Free => free,
        state if state.is_viable() => viable,
        _ => 0.0,
    }
}
