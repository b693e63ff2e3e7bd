//! Peak, exposure and stay of cells in a place.

use serde::Serialize;

use super::ObservationError;
use crate::organ::{Place, State};
use crate::simulation::Run;
use crate::solver::Trajectory;

/// Summary of one time course `A(t)`, from the whole path to the end `T` of the run and not from the reported times.
///
/// Times count from the start `s` of the first dose: its `at`, without its lag. Areas are `AUC = ∫ A dt` and
/// `AUMC = ∫ t A dt`, both from 0 to `T`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Kinetics {
    /// Greatest amount, cells.
    pub cmax: f64,
    /// When it is reached, h after the start of the first dose.
    pub tmax: f64,
    /// Area under the curve to the end of the run, cells h.
    pub auc: f64,
    /// Mean residence time, h: `AUMC / AUC - s`, counted from the start of the first dose, so that it holds the
    /// time over which doses are given. Absent when the place stays empty.
    pub mrt: Option<f64>,
    /// `mrt` less the mean time from `s` to the entry of a living cell (lag, half the infusion, the wait for later
    /// doses), h: the mean residence time that a bolus of all cells would have if each lived as in the run.
    pub mrt_of_bolus: Option<f64>,
    /// From the peak until half of it is left, h. Absent when the run ends before.
    pub half_gone: Option<f64>,
    /// Half-life over the last fifth of the run, h: that of the slowest that is going on then. Absent when the amount
    /// does not fall, or so slowly that half of it would outlast the run, which then cannot tell.
    pub half_life: Option<f64>,
}

impl Run {
    /// Kinetics of a place in some states: `State::VIABLE`, `State::REMAINS`, or any.
    ///
    /// # Errors
    /// [`ObservationError::UnknownPlace`], or [`ObservationError::NoPath`] when only outputs were
    /// kept.
    ///
    /// # Example
    /// ```
    /// use biodist::prelude::*;
    /// let run = Scenario::new(Host::mouse(25.g()))
    ///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
    ///     .simulate()?;
    /// let lung = run.kinetics(Organ::LUNG, &State::VIABLE)?;
    /// assert!(lung.tmax < 0.1 && lung.cmax > 0.9 * 0.95 * 5e5);
    /// # Ok::<(), biodist::Error>(())
    /// ```
    pub fn kinetics(
        &self,
        place: impl Into<Place>,
        states: &[State],
    ) -> Result<Kinetics, ObservationError> {
        let pools = self.pools_in(&place.into(), states)?;
        if self.trajectory.pieces() == 0 {
            return Err(ObservationError::NoPath);
        }
        let entry = (self.model.first_dose(), self.model.mean_entry());
        Ok(summarise(&self.trajectory, &pools, entry))
    }
}

/// Exact integrals of the polynomials of the path; the peak to a part in a thousand of a step.
fn summarise(trajectory: &Trajectory, pools: &[usize], (first, entry): (f64, f64)) -> Kinetics {
    // Three-point Gauss-Legendre: exact for the fourth-order path times time.
    const GAUSS: [(f64, f64); 3] = [
        (0.112_701_665_379_258_3, 0.277_777_777_777_777_8),
        (0.5, 0.444_444_444_444_444_4),
        (0.887_298_334_620_741_7, 0.277_777_777_777_777_8),
    ];
    let (mut auc, mut moment) = (0.0, 0.0);
    let (mut cmax, mut tmax) = (0.0, 0.0);
    for piece in 0..trajectory.pieces() {
        let (start, length) = trajectory.piece_span(piece);
        let value = |theta| trajectory.sum_within(piece, theta, pools);
        for (theta, weight) in GAUSS {
            let part = weight * length * value(theta);
            auc += part;
            moment += part * (start + theta * length);
        }
        let samples = 16;
        for k in 0..=samples {
            let theta = f64::from(k) / f64::from(samples);
            if value(theta) > cmax {
                (cmax, tmax) = (value(theta), start + theta * length);
            }
        }
    }
    let centre = (auc > 0.0).then(|| moment / auc);
    Kinetics {
        cmax,
        tmax: if cmax > 0.0 { tmax - first } else { 0.0 },
        auc,
        mrt: centre.map(|centre| centre - first),
        mrt_of_bolus: centre.map(|centre| centre - entry),
        half_gone: half_gone(trajectory, pools, (tmax, cmax)),
        half_life: half_life(trajectory, pools),
    }
}

/// From the peak to the first moment with half of it, by bisection within the piece where it is passed.
fn half_gone(trajectory: &Trajectory, pools: &[usize], (tmax, cmax): (f64, f64)) -> Option<f64> {
    let above = |piece, theta| trajectory.sum_within(piece, theta, pools) > 0.5 * cmax;
    let later = (0..trajectory.pieces()).filter(|piece| {
        let (start, length) = trajectory.piece_span(*piece);
        start + length > tmax
    });
    let piece = later.into_iter().find(|piece| !above(*piece, 1.0))?;
    let (start, length) = trajectory.piece_span(piece);
    let mut low = ((tmax - start) / length).clamp(0.0, 1.0);
    let mut high = 1.0;
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        match above(piece, middle) {
            true => low = middle,
            false => high = middle,
        }
    }
    (cmax > 0.0).then_some(start + high * length - tmax)
}

fn half_life(trajectory: &Trajectory, pools: &[usize]) -> Option<f64> {
    let (start, end) = trajectory.span();
    let from = end - 0.2 * (end - start);
    let sum = |time| {
        let state = trajectory.at(time).ok()?;
        Some(pools.iter().map(|pool| state[*pool]).sum::<f64>())
    };
    let (early, late) = (sum(from)?, sum(end)?);
    // What is left of a fall to nothing is noise of the tolerance, not a half-life.
    let noise = trajectory.options().rtol * 1e-6 * trajectory.total();
    let half_life = (end - from) * std::f64::consts::LN_2 / libm::log(early / late);
    (late > noise && early > late && half_life <= end - start).then_some(half_life)
}
