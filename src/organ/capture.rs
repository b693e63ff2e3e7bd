//! Capture: one sieve for every organ.
//!
//! A cell that enters an organ is either stopped in its microvessels or passes with the blood.
//! Capture is stated as a share per passage and not as a rate, because a passage takes about a
//! second: only the share can be told from data.
//!
//! ```text
//! E_size(d) = Phi( ln(d / (D phi)) / s )        Phi: standard normal distribution
//! E         = 1 - (1 - E_size)(1 - E_adh)
//! e         = E (1 - L / Lmax)
//! ```
//!
//! `d` diameter of the cell; `D` diameter at which half pass; `s` log-spread of the vessels;
//! `phi` dilation of the vessels times deformability of the cell; `E_adh` adhesion; `L` lodged
//! cells; `Lmax` their greatest number. The last line is the saturation and is left to the
//! network, since it changes with time.

use super::normal::{cumulative, density, quantile};
use crate::data::{DataError, Parameters};
use crate::physiology::Organ;
use crate::scenario::CellTraits;

/// The sieve of an organ as one kind of cell meets it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sieve {
    /// Diameter at which half pass, times dilation and deformability, um.
    pub diameter: f64,
    /// Log-spread of the widths of the vessels.
    pub spread: f64,
    /// Share of the cells that size lets through but adhesion stops.
    pub adhesion: f64,
}

/// What becomes of cells on one passage. The two shares sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capture {
    /// Share that lodges.
    pub lodging: f64,
    /// Share that passes; kept apart so that small shares keep their digits.
    pub passing: f64,
}

impl Sieve {
    /// The sieve of an organ as cells with these traits meet it.
    ///
    /// # Errors
    /// [`DataError`] when the registry has no such organ.
    ///
    /// # Source
    /// Rows `sieve_diameter`, `sieve_spread`, `dilation`, `adhesion` of the organ and
    /// `deformability`, `adhesiveness` of the product.
    pub fn of(
        parameters: &Parameters,
        organ: &Organ,
        cells: &CellTraits,
    ) -> Result<Self, DataError> {
        let get = |name| parameters.get(organ.name(), name);
        Ok(Self {
            diameter: get("sieve_diameter")? * get("dilation")? * cells.deformability,
            spread: get("sieve_spread")?,
            adhesion: get("adhesion")? * cells.adhesiveness,
        })
    }

    /// Capture of a product with a lognormal diameter: median in um and geometric standard
    /// deviation.
    ///
    /// The mean over the distribution is the same formula with the two spreads added in
    /// quadrature: `ln d - ln D` is a difference of two normal variables.
    ///
    /// ```
    /// use biodist::organ::Sieve;
    /// let dog_lung = Sieve { diameter: 3.4, spread: 0.55, adhesion: 0.0 };
    /// let spheres = dog_lung.capture(8.0, 1.0);
    /// assert!((spheres.passing - 0.06).abs() < 0.001); // Am J Physiol 1961;200:1191
    /// ```
    #[must_use]
    pub fn capture(&self, median: f64, gsd: f64) -> Capture {
        let spread = libm::hypot(self.spread, libm::log(gsd));
        let z = libm::log(median / self.diameter) / spread;
        self.with_adhesion(cumulative(-z))
    }

    /// Capture of one of `classes` classes of equal share, counted from the smallest cells.
    ///
    /// The mean of the law over the class, by Gauss-Legendre quadrature; the mean over all classes
    /// is [`Sieve::capture`].
    #[must_use]
    pub fn capture_class(&self, median: f64, gsd: f64, class: usize, classes: usize) -> Capture {
        let width = libm::log(gsd);
        if classes <= 1 || width <= 0.0 {
            return self.capture(median, gsd);
        }
        let share = 1.0 / classes as f64;
        let edge = |k: usize| match k {
            0 => -9.0,
            k if k == classes => 9.0,
            k => quantile(k as f64 * share),
        };
        let centre = libm::log(median / self.diameter);
        let passing = integrate(edge(class), edge(class + 1), |z| {
            cumulative(-(centre + z * width) / self.spread) * density(z)
        });
        self.with_adhesion((passing / share).clamp(0.0, 1.0))
    }

    fn with_adhesion(&self, passing_by_size: f64) -> Capture {
        let passing = passing_by_size * (1.0 - self.adhesion);
        Capture {
            lodging: 1.0 - passing,
            passing,
        }
    }
}

/// Integral by five-point Gauss-Legendre quadrature on 64 panels.
///
/// Nodes and weights: Abramowitz & Stegun (1964), table 25.4.
fn integrate(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    const NODES: [(f64, f64); 5] = [
        (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
        (-0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
        (0.906_179_845_938_664, 0.236_926_885_056_189_1),
    ];
    let panels = 64;
    let half = 0.5 * (to - from) / f64::from(panels);
    (0..panels)
        .map(|panel| {
            let middle = from + half * f64::from(2 * panel + 1);
            let sum: f64 = NODES.iter().map(|(x, w)| w * f(middle + half * x)).sum();
            half * sum
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_average_to_the_closed_form() {
        let sieve = Sieve {
            diameter: 9.8,
            spread: 0.26,
            adhesion: 0.9,
        };
        for classes in [2, 5, 16] {
            let mean = (0..classes)
                .map(|class| sieve.capture_class(17.0, 1.3, class, classes).passing)
                .sum::<f64>()
                / classes as f64;
            let whole = sieve.capture(17.0, 1.3).passing;
            approx::assert_relative_eq!(mean, whole, max_relative = 1e-9);
        }
    }

    #[test]
    fn quantiles_invert_the_distribution() {
        for p in [1e-12, 0.025, 0.5, 0.975] {
            approx::assert_relative_eq!(cumulative(quantile(p)), p, max_relative = 1e-9);
        }
        // Abramowitz & Stegun (1964), table 26.1.
        approx::assert_abs_diff_eq!(cumulative(1.0), 0.841_344_746_068_543, epsilon = 1e-14);
        approx::assert_abs_diff_eq!(density(1.0), 0.241_970_724_519_143, epsilon = 1e-14);
    }
}
