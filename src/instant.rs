//! Instants: times that are equal on paper are equal in the program.
//!
//! Three times 0.1 h is 0.30000000000000004 h, and a scan at 0.3 h sees the dose of that moment. Times within a few
//! roundings of each other are one instant, wherever doses, switches of parameters and outputs meet.

/// Roundings that may lie between two ways of computing one time: conversions of units, sums, multiples.
const ROUNDINGS: f64 = 8.0;

/// Whether two times are one instant.
pub(crate) fn same(a: f64, b: f64) -> bool {
    let gap = (a - b).abs();
    // What never comes is no instant.
    gap.is_finite() && gap <= ROUNDINGS * f64::EPSILON * a.abs().max(b.abs())
}

/// Whether a moment lies at or before a time.
pub(crate) fn reached(moment: f64, time: f64) -> bool {
    moment <= time || same(moment, time)
}

/// A time just before an instant.
#[cfg(feature = "plot")]
pub(crate) fn before(time: f64) -> f64 {
    time - 2.0 * ROUNDINGS * f64::EPSILON * time.abs()
}

/// Sorts times and keeps the first of each instant.
pub(crate) fn distinct(times: &mut Vec<f64>) {
    times.sort_by(f64::total_cmp);
    times.dedup_by(|later, first| same(*later, *first));
}

/// The first of some increasing times that is the instant of `time`.
pub(crate) fn among(times: &[f64], time: f64) -> Option<usize> {
    let index = times.partition_point(|t| *t < time && !same(*t, time));
    times.get(index).filter(|t| same(**t, time)).map(|_| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_equal_on_paper_are_one_instant() {
        assert!(
            same(3.0 * 0.1, 0.3) && same(0.1 + 0.2, 0.3) && same(18.0 / 60.0, 3.0 * (6.0 / 60.0))
        );
        assert!(same(0.0, 0.0) && !same(0.0, 1e-300) && !same(0.3, 0.3 + 1e-14));
        let never = f64::INFINITY;
        assert!(!same(never, 1.0) && !reached(never, 1e9) && reached(1.0, never));
        assert!(reached(3.0 * 0.1, 0.3) && reached(0.2, 0.3) && !reached(0.31, 0.3));
        // A second in a hundred years is far from nothing.
        assert!(!same(876_600.0, 876_600.0 - 1.0 / 3600.0));
        let mut times = vec![0.3, 1.0, 0.1 + 0.2, 0.0, 1.0];
        distinct(&mut times);
        assert_eq!(times, [0.0, 0.3, 1.0]);
        assert_eq!(among(&[0.0, 0.3, 0.1 + 0.2, 1.0], 0.1 + 0.2), Some(1));
        assert_eq!(among(&[0.0, 0.3], 0.4), None);
    }
}
