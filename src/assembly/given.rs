//! What a model was given: how many cells, by when, and when they enter.

use super::administration::Administration;
use super::{LabelPools, Model};
use crate::instant;
use crate::units::Time;

impl Model {
    /// All cells given over the whole scenario.
    #[must_use]
    pub fn total_dose(&self) -> f64 {
        self.administrations.iter().map(Administration::total).sum()
    }

    /// Cells of all administrations that have begun by a time in h, each as a whole: the denominator of a share of the
    /// injected dose.
    #[must_use]
    pub fn dose_by(&self, time: f64) -> f64 {
        let administrations = self.administrations.iter();
        administrations.map(|one| one.begun_by(time)).sum()
    }

    /// One cell at a time in h as a share of [`Self::dose_by`], %; 0 where nothing has been given.
    pub(crate) fn percent_of_dose(&self, time: f64) -> f64 {
        let dose = self.dose_by(time);
        match dose > 0.0 {
            true => 100.0 / dose,
            false => 0.0,
        }
    }

    /// When the first dose begins, h: its time without its lag. Kinetics count from here.
    #[must_use]
    pub fn first_dose(&self) -> f64 {
        let starts = self.scenario.doses.iter().map(|dose| dose.at);
        let first = starts.map(Time::value).reduce(f64::min);
        first.unwrap_or(0.0)
    }

    /// When living cells enter, in the mean over all cells of all doses, h.
    #[must_use]
    pub fn mean_entry(&self) -> f64 {
        let keys = self.atlas.keys();
        let viable = |pool: usize| keys.get(pool).is_some_and(|key| key.state.is_viable());
        let (mut cells, mut moment) = (0.0, 0.0);
        for administration in &self.administrations {
            let alive = administration.total() * administration.share_into(viable);
            cells += alive;
            moment += alive * administration.mean_entry();
        }
        match cells > 0.0 {
            true => moment / cells,
            false => self.first_dose(),
        }
    }

    /// Whether all living cells enter at one moment, that of the first dose.
    #[must_use]
    pub fn enters_at_once(&self) -> bool {
        instant::same(self.mean_entry(), self.first_dose())
    }

    /// The amounts that would stand in each pool if every dose were given at once at time zero, with
    /// the label of the cells.
    #[must_use]
    pub fn start(&self) -> Vec<f64> {
        let mut start = vec![0.0; self.network.pools().len()];
        let labels = self.atlas.labels().iter().map(LabelPools::offset);
        let offsets: Vec<usize> = std::iter::once(0).chain(labels).collect();
        for administration in &self.administrations {
            for (pool, share) in &administration.targets {
                for offset in &offsets {
                    start[offset + pool.index()] += administration.total() * share;
                }
            }
        }
        start
    }
}
