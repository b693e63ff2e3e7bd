//! The path between two steps.

/// The polynomial of one step:
/// `y(t + θh) = (1 - θ) y0 + θ (y1 + (1 - θ)(k1 + θ (k2 + θ k3)))`.
///
/// Rodas5P fills it with its own dense output (order 4); the explicit method with the cubic
/// Hermite polynomial, for which `k3 = 0`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Interpolant<'a> {
    pub(crate) y0: &'a [f64],
    pub(crate) y1: &'a [f64],
    pub(crate) dense: [&'a [f64]; 3],
}

impl Interpolant<'_> {
    /// One component at `theta` in 0..=1.
    pub(crate) fn at(&self, index: usize, theta: f64) -> f64 {
        let [k1, k2, k3] = self.dense.map(|vector| vector[index]);
        let bend = k1 + theta * (k2 + theta * k3);
        (1.0 - theta) * self.y0[index] + theta * (self.y1[index] + (1.0 - theta) * bend)
    }
}
