//! Small numbers: how likely it is that a place holds no cell, one, or some.

use std::fmt;

use serde::Serialize;

use super::ObservationError;
use super::binomial::Binomial;
use super::binomial_sum::Sum;
use super::one_cell;
use crate::organ::{Place, State};
use crate::simulation::Run;
use crate::units::Time;

/// The distribution of the number of whole cells in some place at one moment.
///
/// Exact for a model without saturation: each cell then moves on its own, and of the `N` cells of
/// one start of one dose, which are alike, the number in the place is binomial with the probability
/// `p` that one of them is there. Starts are independent of each other; their counts add.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chance {
    /// When, h.
    pub time: f64,
    /// Each start of each dose, in the order of the scenario.
    pub starts: Vec<ChanceOfStart>,
    #[serde(skip)]
    sum: Sum,
}

/// The cells of one start of one dose, and the probability that one of them is in the place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ChanceOfStart {
    /// Number of the dose in the scenario, from 0.
    pub dose: usize,
    /// When its first cell enters, h.
    pub start: f64,
    /// Cells that the scenario gives, dead ones included.
    pub given: f64,
    /// The nearest whole number of cells, which is what is reckoned with.
    pub cells: u64,
    /// The probability that any one of them is in the place; 0 to 1.
    pub probability: f64,
}

impl Run {
    /// How many cells are in a place in some states at one time: not the mean, but the chances.
    ///
    /// The probability of one cell comes from the model itself, integrated anew for one cell of each
    /// dose with a relative tolerance of 1e-9. A cell of a dose draws its own lot: whether it is
    /// alive, of which size class, lost at the needle, and for an infusion when it enters, evenly
    /// over the infusion. (The model's own equations give the mean of that.) What the integration
    /// leaves a hair below 0 or above 1 counts as 0 or 1. A dose that is not a whole number of cells
    /// is rounded to the nearest; [`Chance::rounded`] and the text say so.
    ///
    /// Remains are counted in cell equivalents, one for each cell that died: they never break up.
    ///
    /// # Errors
    /// [`ObservationError::UnknownPlace`]; [`ObservationError::Solver`] with
    /// [`NotLinear`](crate::solver::SolverError::NotLinear) while saturation is on, because cells that
    /// compete for room are not independent: run the scenario
    /// [`without_saturation`](crate::scenario::Scenario::without_saturation), or count realisations
    /// of [`stochastic`](crate::solver::stochastic()); with
    /// [`OutsideRun`](crate::solver::SolverError::OutsideRun) for a time that the run does not hold.
    ///
    /// # Example
    /// ```
    /// use biodist::prelude::*;
    /// let run = Scenario::new(Host::mouse(25.g()))
    ///     .dose(Dose::new(1000.cells(), Product::bone_marrow_msc()))
    ///     .without_saturation()
    ///     .until(3.days())
    ///     .simulate()?;
    /// let brain = run.chance(Organ::BRAIN, &State::VIABLE, 24.hours())?;
    /// println!("{brain}");
    /// assert!(brain.expected() < 1.0); // a fraction of a cell: usually none
    /// let some = brain.of_at_least_one();
    /// assert!((some + brain.of_none() - 1.0).abs() < 1e-12 && some <= brain.expected());
    /// # Ok::<(), biodist::Error>(())
    /// ```
    pub fn chance(
        &self,
        place: impl Into<Place>,
        states: &[State],
        time: Time,
    ) -> Result<Chance, ObservationError> {
        let pools = self.pools_in(&place.into(), states)?;
        self.chance_in(&pools, time)
    }

    /// How many cells are alive anywhere in the body at one time, cells in a syringe not counted.
    ///
    /// # Errors
    /// As [`Self::chance`].
    ///
    /// # Example
    /// ```
    /// use biodist::prelude::*;
    /// let run = Scenario::new(Host::mouse(25.g()))
    ///     .dose(Dose::new(1e6.cells(), Product::bone_marrow_msc()))
    ///     .without_saturation()
    ///     .until(60.days())
    ///     .simulate()?;
    /// let alive = run.chance_any_alive(60.days())?;
    /// assert!(alive.of_none() > 0.0); // perhaps not one of a million
    /// # Ok::<(), biodist::Error>(())
    /// ```
    pub fn chance_any_alive(&self, time: Time) -> Result<Chance, ObservationError> {
        let pools = self.model.atlas.select(|key| key.state.is_viable());
        self.chance_in(&pools, time)
    }

    fn chance_in(&self, pools: &[usize], time: Time) -> Result<Chance, ObservationError> {
        let starts = one_cell::starts(self, pools, time.value())?;
        let counts = starts.iter().map(|start| Binomial {
            n: start.cells,
            p: start.probability,
        });
        Ok(Chance {
            time: time.value(),
            sum: Sum::new(counts),
            starts,
        })
    }
}

impl Chance {
    /// Mean number of cells: the sum of `N p`.
    #[must_use]
    pub fn expected(&self) -> f64 {
        self.sum.mean()
    }

    /// Variance of the number of cells: the sum of `N p (1 - p)`.
    #[must_use]
    pub fn variance(&self) -> f64 {
        self.sum.variance()
    }

    /// Probability that there is no cell: the product of `(1 - p)^N`.
    #[must_use]
    pub fn of_none(&self) -> f64 {
        libm::exp(self.sum.ln_none())
    }

    /// Probability that there is at least one cell, with every digit even when it is tiny.
    #[must_use]
    pub fn of_at_least_one(&self) -> f64 {
        // Not negated: nothing would be a negative zero.
        0.0 - libm::expm1(self.sum.ln_none())
    }

    /// Probability that there are exactly `cells`.
    ///
    /// To about 11 digits, however small. From several starts by convolution or, when their standard deviations are in
    /// the thousands, by a Fourier series, to an absolute error of about 1e-10; below 1e-4 to a relative error of 1e-8.
    #[must_use]
    pub fn probability_of(&self, cells: u64) -> f64 {
        self.sum.pmf(cells)
    }

    /// Probability that there are `cells` or fewer; accuracy as [`Self::probability_of`].
    #[must_use]
    pub fn at_most(&self, cells: u64) -> f64 {
        self.sum.tail(cells, false)
    }

    /// Probability that there are more than `cells`, without loss when it is tiny.
    #[must_use]
    pub fn more_than(&self, cells: u64) -> f64 {
        self.sum.tail(cells, true)
    }

    /// The least number of cells that is not exceeded with at least the probability `share`.
    ///
    /// # Errors
    /// [`ObservationError::Solver`] with [`BadOption`](crate::solver::SolverError::BadOption) unless
    /// `share` lies between 0 and 1, both excluded.
    ///
    /// # Example
    /// ```
    /// use biodist::prelude::*;
    /// let run = Scenario::new(Host::mouse(25.g()))
    ///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
    ///     .without_saturation()
    ///     .simulate()?;
    /// let lung = run.chance(Organ::LUNG, &State::VIABLE, 3.days())?;
    /// let (low, high) = (lung.quantile(0.025)?, lung.quantile(0.975)?);
    /// assert!((low as f64) < lung.expected() && lung.expected() < high as f64);
    /// # Ok::<(), biodist::Error>(())
    /// ```
    pub fn quantile(&self, share: f64) -> Result<u64, ObservationError> {
        if share > 0.0 && share < 1.0 {
            return Ok(self.sum.quantile(share));
        }
        Err(crate::solver::SolverError::BadOption {
            field: "share of a quantile",
            value: share,
            allowed: "greater than 0 and less than 1",
        }
        .into())
    }

    /// Whether some dose was not a whole number of cells and was rounded.
    #[must_use]
    pub fn rounded(&self) -> bool {
        let fraction = |start: &ChanceOfStart| (start.given - start.cells as f64).abs();
        // Cells per kg times kg leaves rounding that is none.
        self.starts
            .iter()
            .any(|start| fraction(start) > 1e-9 * start.given.max(1.0))
    }
}

impl fmt::Display for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "at {}: {:.4e} cells expected, standard deviation {:.4e}",
            Time::new(self.time),
            self.expected(),
            self.variance().sqrt()
        )?;
        write!(
            f,
            "none: {:.6e}, at least one: {:.6e}, at most {} cells with 97.5 %",
            self.of_none(),
            self.of_at_least_one(),
            self.sum.quantile(0.975)
        )?;
        if self.rounded() {
            write!(f, "\nrounded to whole cells:")?;
            for start in &self.starts {
                let (dose, given, cells) = (start.dose + 1, start.given, start.cells);
                write!(f, " dose {dose} of {given} to {cells};")?;
            }
        }
        Ok(())
    }
}
