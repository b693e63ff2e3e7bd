//! The response of the host over time, as far as it is computed.

use super::{ObservationError, TimeCourse};
use crate::assembly::Signal;
use crate::simulation::Run;

impl Run {
    /// One signal of the response at the reported times, relative to the phagocytes of the lung.
    ///
    /// Times of peaks rest on measurements; amplitudes do not and are relative.
    ///
    /// # Errors
    /// [`ObservationError::NoResponse`] unless the scenario is `responding`.
    ///
    /// # Example
    /// ```
    /// use biodist::assembly::Signal;
    /// use biodist::prelude::*;
    /// use biodist::scenario::Response;
    /// let run = Scenario::new(Host::mouse(20.g()))
    ///     .dose(Dose::new(3e5.cells(), Product::bone_marrow_msc()))
    ///     .responding(Response::OneWay)
    ///     .simulate()?;
    /// let serum = run.response(Signal::SerumMediators)?;
    /// assert!((1.0..4.0).contains(&serum.time_of_peak())); // h
    /// # Ok::<(), biodist::Error>(())
    /// ```
    pub fn response(&self, signal: Signal) -> Result<TimeCourse, ObservationError> {
        let response = self.model.atlas.response();
        let found = response.and_then(|r| Some((r.phagocytes, r.pool(signal)?)));
        let (unit, pool) = found.ok_or(ObservationError::NoResponse)?;
        let mut course = self.course(signal.to_string(), &[pool]);
        for amount in &mut course.cells {
            *amount /= unit;
        }
        Ok(course)
    }
}
