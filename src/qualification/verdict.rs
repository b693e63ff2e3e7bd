//! How a prediction and a measurement stand to each other.

use serde::Serialize;

use crate::evidence::{Finding, Predictive, count_interval, rarities};

/// How a prediction and a measurement stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A value or a range: the 95 % interval holds it and the median is within a factor of two. A limit: a reading
    /// lies on its right side with a probability of a half or more. A count: it and all counts that are less likely
    /// have a probability of a half or more.
    Met,
    /// The 95 % interval holds the finding, and that is all.
    Held,
    /// The 95 % interval holds everything that can be found, so that it cannot fail.
    Uninformative,
    /// The finding lies outside the 95 % interval, or on the wrong side of its limit but for 2.5 %.
    Missed,
}

/// Probability beyond each end of the 95 % interval.
pub(super) const BEYOND: f64 = 0.025;

impl Verdict {
    /// All, from the best to the worst.
    pub const ALL: [Self; 4] = [Self::Met, Self::Held, Self::Uninformative, Self::Missed];

    /// In a word, for tables.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Held => "held by the interval",
            Self::Uninformative => "says nothing",
            Self::Missed => "MISSED",
        }
    }
}

/// The verdict on a value, a range or a limit.
pub(super) fn of_reading(
    found: &Finding,
    reading: &Predictive,
    (low, high): (f64, f64),
) -> Verdict {
    let right_side = match *found {
        Finding::Below(limit) => Some(reading.at_most(limit)),
        Finding::Above(limit) => Some(1.0 - reading.at_most(limit)),
        _ => None,
    };
    match right_side {
        Some(chance) if chance >= 0.5 => return Verdict::Met,
        Some(chance) if chance >= BEYOND => return Verdict::Held,
        Some(_) => return Verdict::Missed,
        None => {}
    }
    let near = found
        .fold_error(reading.middle())
        .is_some_and(|fold| fold <= 2.0);
    match (found.is_held_by(low, high), reading.is_whole(low, high)) {
        (false, _) => Verdict::Missed,
        (true, true) => Verdict::Uninformative,
        (true, false) if near => Verdict::Met,
        (true, false) => Verdict::Held,
    }
}

/// The verdict on a count of animals, with the probability of each count.
pub(super) fn of_count(animals: u32, chances: &[f64]) -> Verdict {
    let seen = (animals as usize).min(chances.len() - 1);
    let (low, high) = count_interval(chances);
    match rarities(chances)[seen] {
        rarity if rarity < 0.05 => Verdict::Missed,
        _ if low == 0 && high + 1 == chances.len() => Verdict::Uninformative,
        rarity if rarity >= 0.5 => Verdict::Met,
        _ => Verdict::Held,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Datum, ErrorModel, Measure, Split};
    use crate::physiology::Organ;

    fn reading(values: Vec<f64>, error: ErrorModel) -> Predictive {
        let share = || Box::new(Measure::Stopping { organ: Organ::LUNG });
        let datum = Datum {
            name: "n".to_string(),
            found: Finding::Value(1.0),
            error,
            measure: Measure::Ratio {
                of: share(),
                to: share(),
            },
            split: Split::Validation,
            note: String::new(),
        };
        Predictive::new(values, &datum)
    }

    fn verdict(found: Finding, model: f64, gsd: f64) -> Verdict {
        let reading = reading(vec![model], ErrorModel::Gsd(gsd));
        of_reading(&found, &reading, reading.interval())
    }

    // A prediction of 150 against "fewer than 100", with an error of a factor of 1.2, is 2.2 standard deviations off.
    #[test]
    fn a_limit_is_not_met_from_the_wrong_side() {
        assert_eq!(verdict(Finding::Below(100.0), 99.0, 1.2), Verdict::Met);
        assert_eq!(verdict(Finding::Below(100.0), 120.0, 1.2), Verdict::Held);
        assert_eq!(verdict(Finding::Below(100.0), 150.0, 1.2), Verdict::Missed);
        assert_eq!(verdict(Finding::Above(100.0), 66.0, 1.2), Verdict::Missed);
        assert_eq!(verdict(Finding::Above(100.0), 101.0, 1.2), Verdict::Met);
    }

    #[test]
    fn a_value_within_twofold_and_outside_the_interval_is_missed() {
        assert_eq!(verdict(Finding::Value(100.0), 110.0, 1.2), Verdict::Met);
        assert_eq!(verdict(Finding::Value(100.0), 180.0, 1.2), Verdict::Missed);
        assert_eq!(verdict(Finding::Value(100.0), 210.0, 1.6), Verdict::Held);
        assert_eq!(
            verdict(Finding::Between(90.0, 100.0), 250.0, 1.2),
            Verdict::Missed
        );
    }

    // Ten animals with p = 0.05 and 0.5, and with draws of which half are near 0 and half near 1: none or all can be,
    // and nothing between.
    #[test]
    fn counts_are_judged_by_their_probability() {
        let chances = |values: Vec<f64>| reading(values, ErrorModel::Gsd(1.5)).counts(10, 1.0);
        // P(reading > 1) = Phi(ln m / ln 1.5).
        let at = |z: f64| 1.5_f64.powf(z);
        // Counts as likely as 3 or less have 0.0115, as 2 or less 0.086, as 1 or less 0.40.
        let few = chances(vec![at(-1.644_854)]);
        assert_eq!(of_count(3, &few), Verdict::Missed);
        assert_eq!(of_count(2, &few), Verdict::Held);
        assert_eq!(of_count(1, &few), Verdict::Held);
        assert_eq!(of_count(0, &few), Verdict::Met);
        let half = chances(vec![1.0]);
        assert_eq!(of_count(5, &half), Verdict::Met);
        assert_eq!(of_count(3, &half), Verdict::Held);
        assert_eq!(of_count(1, &half), Verdict::Missed);
        let anything = chances(vec![1e-3, 1e3]);
        assert_eq!(count_interval(&anything), (0, 10));
        assert_eq!(of_count(10, &anything), Verdict::Uninformative);
        assert_eq!(of_count(5, &anything), Verdict::Missed);
    }
}
