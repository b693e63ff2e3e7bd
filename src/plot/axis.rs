//! Axes: where values stand and which of them are labelled.

use super::look::{TICK, number, power_of_ten, powers_of_ten, text_width};
use crate::units::Time;

/// How values are spread along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Equal differences are equally far apart.
    #[default]
    Linear,
    /// Equal ratios are equally far apart. What is zero or negative is not shown.
    Log,
}

/// A range of values with its labels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    scale: Scale,
    pub(super) low: f64,
    pub(super) high: f64,
    /// Labelled values.
    pub(super) ticks: Vec<(f64, String)>,
    /// Values with a small tick and no label.
    pub(super) minor: Vec<f64>,
}

/// Times that people name, h, up to some twenty years.
const NAMED_TIMES: [(f64, &str); 15] = [
    (1.0 / 3600.0, "1 s"),
    (10.0 / 3600.0, "10 s"),
    (1.0 / 60.0, "1 min"),
    (10.0 / 60.0, "10 min"),
    (1.0, "1 h"),
    (6.0, "6 h"),
    (24.0, "1 d"),
    (72.0, "3 d"),
    (240.0, "10 d"),
    (720.0, "30 d"),
    (2_400.0, "100 d"),
    (8_760.0, "1 y"),
    (26_280.0, "3 y"),
    (87_600.0, "10 y"),
    (262_800.0, "30 y"),
];

/// Steps of a linear time axis, h, and the unit in which they are labelled.
const TIME_STEPS: [(f64, f64, &str); 19] = [
    (1.0 / 3600.0, 3600.0, "s"),
    (10.0 / 3600.0, 3600.0, "s"),
    (1.0 / 60.0, 60.0, "min"),
    (5.0 / 60.0, 60.0, "min"),
    (10.0 / 60.0, 60.0, "min"),
    (30.0 / 60.0, 60.0, "min"),
    (1.0, 1.0, "h"),
    (2.0, 1.0, "h"),
    (6.0, 1.0, "h"),
    (12.0, 1.0, "h"),
    (24.0, 1.0 / 24.0, "d"),
    (48.0, 1.0 / 24.0, "d"),
    (120.0, 1.0 / 24.0, "d"),
    (168.0, 1.0 / 24.0, "d"),
    (336.0, 1.0 / 24.0, "d"),
    (720.0, 1.0 / 24.0, "d"),
    (2_400.0, 1.0 / 24.0, "d"),
    (8_760.0, 1.0 / 8_760.0, "y"),
    (43_800.0, 1.0 / 8_760.0, "y"),
];

impl Axis {
    /// An axis that holds all values. On a log axis those that are not positive do not count.
    pub(super) fn of(scale: Scale, values: impl Iterator<Item = f64>) -> Option<Self> {
        let log = scale == Scale::Log;
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| !log || *value > 0.0) {
            (low, high) = (low.min(value), high.max(value));
        }
        (low <= high).then(|| match scale {
            Scale::Linear => Self::linear(low, high),
            Scale::Log => Self::log(low, high),
        })
    }

    /// Round ends and about five labels. Starts at zero when that costs little room.
    pub(super) fn linear(low: f64, high: f64) -> Self {
        let low = if low > 0.0 && low < 0.5 * high {
            0.0
        } else {
            low
        };
        let spread = high - low;
        // A single value gets some room of its own.
        let spread = if spread > 1e-12 * high.abs().max(low.abs()) && spread > 0.0 {
            spread
        } else {
            high.abs().max(1.0)
        };
        let step = round_step(spread / 5.0);
        let first = (low / step + 1e-9).floor();
        let last = ((low + spread) / step - 1e-9).ceil();
        let count = (last - first) as u32;
        let value = |k: u32| (first + f64::from(k)) * step;
        Self {
            scale: Scale::Linear,
            low: first * step,
            high: last * step,
            ticks: (0..=count)
                .map(|k| (value(k), linear_label(value(k), step)))
                .collect(),
            minor: vec![],
        }
    }

    /// Whole decades at both ends; up to two decades end at 1, 2 or 5.
    pub(super) fn log(low: f64, high: f64) -> Self {
        // 4e-308 is where powers of ten stop being normal numbers.
        let low = low.max(4e-308);
        let high = high.max(low);
        let bottom = (libm::log10(low) + 1e-9).floor() as i32;
        let top = ((libm::log10(high) - 1e-9).ceil() as i32).max(bottom + 1);
        let decades = top - bottom;
        let every = (decades + 7) / 8;
        let labelled = (bottom..=top).filter(|k| (top - k) % every == 0);
        let labels = powers_of_ten(labelled.clone());
        let mut axis = Self {
            scale: Scale::Log,
            low: 10_f64.powi(bottom),
            high: 10_f64.powi(top),
            ticks: labelled.map(|k| 10_f64.powi(k)).zip(labels).collect(),
            minor: vec![],
        };
        let between = |factors: &'static [f64]| {
            (bottom..top).flat_map(move |k| factors.iter().map(move |f| f * 10_f64.powi(k)))
        };
        axis.minor = if every == 1 {
            between(&[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]).collect()
        } else {
            (bottom..=top).map(|k| 10_f64.powi(k)).collect()
        };
        if decades <= 2 {
            let halves = between(&[2.0, 5.0]).map(|value| (value, number_short(value)));
            axis.ticks.extend(halves);
            axis.ticks.sort_by(|a, b| a.0.total_cmp(&b.0));
            axis.shrink(low, high);
        }
        axis
    }

    /// Moves the ends to the labelled values next to the data.
    fn shrink(&mut self, low: f64, high: f64) {
        let values = || self.ticks.iter().map(|(value, _)| *value);
        let below = values().filter(|value| *value <= low * (1.0 + 1e-9));
        let above = values().filter(|value| *value >= high * (1.0 - 1e-9));
        let start = below.fold(self.low, f64::max);
        let end = above.fold(self.high, f64::min);
        if start < end {
            (self.low, self.high) = (start, end);
            let inside = |value: f64| value >= start * 0.999 && value <= end * 1.001;
            self.ticks.retain(|(value, _)| inside(*value));
            self.minor.retain(|value| inside(*value));
        }
    }

    /// Times from the start of a run to `end` h. A log axis begins at one minute, or earlier for a
    /// run of minutes.
    pub(super) fn clock(scale: Scale, end: f64) -> Self {
        let (low, ticks) = match scale {
            Scale::Log => ((1.0_f64 / 60.0).min(end / 100.0), named_times(end)),
            Scale::Linear => (0.0, linear_times(end)),
        };
        let mut axis = Self {
            scale,
            low,
            high: end,
            ticks,
            minor: vec![],
        };
        axis.ticks
            .retain(|(time, _)| *time >= low * 0.999 && *time <= end * 1.001);
        axis
    }

    /// Where a value stands: 0 at the low end, 1 at the high end. Finite for every finite value.
    pub(super) fn share(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log => {
                // Nothing stands infinitely far below, so that a fall to zero is drawn as a fall.
                let value = value.max(1e-300);
                // A ratio of the ends may be greater than any number.
                (libm::log(value) - libm::log(self.low))
                    / (libm::log(self.high) - libm::log(self.low))
            }
        }
    }

    /// The value at a share of the axis.
    pub(super) fn value(&self, share: f64) -> f64 {
        match self.scale {
            Scale::Linear => share.mul_add(self.high - self.low, self.low),
            Scale::Log => libm::exp(share.mul_add(
                libm::log(self.high) - libm::log(self.low),
                libm::log(self.low),
            )),
        }
    }

    /// The labelled values from the low end on, each at its place on paper, px; labels that would touch the one
    /// before them are empty.
    pub(super) fn spaced(&self, place: impl Fn(f64) -> f64) -> Vec<(f64, &str)> {
        let mut ticks: Vec<&(f64, String)> = self.ticks.iter().collect();
        ticks.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut free_from = f64::NEG_INFINITY;
        let spaced = ticks.into_iter().map(|(value, label)| {
            let (x, half) = (place(*value), text_width(label, TICK) / 2.0);
            if x - half <= free_from {
                return (x, "");
            }
            free_from = x + half + 6.0;
            (x, label.as_str())
        });
        spaced.collect()
    }

    /// A title that says so when the axis is not linear.
    pub(super) fn titled(&self, title: &str) -> String {
        match self.scale {
            Scale::Linear => title.to_string(),
            Scale::Log => format!("{title}, log scale"),
        }
    }
}

/// The least of 1, 2, 5 times a power of ten that is not less.
fn round_step(least: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(least).floor());
    let factors = [1.0, 2.0, 5.0, 10.0];
    let fits = factors
        .iter()
        .find(|factor| **factor * power >= least * 0.999_999);
    fits.copied().unwrap_or(10.0) * power
}

fn linear_label(value: f64, step: f64) -> String {
    if value.abs() < 1e-9 * step {
        return "0".to_string();
    }
    if !(1e-4..1e6).contains(&value.abs()) {
        return number(value);
    }
    let places = (-(libm::log10(step) + 1e-9).floor()).max(0.0) as usize;
    format!("{value:.places$}").replace('-', "−")
}

/// 0.2, 5, 50, 2×10⁵: one digit.
fn number_short(value: f64) -> String {
    let exponent = (libm::log10(value) + 1e-9).floor() as i32;
    match exponent {
        -3..=-1 => format!("{value:.*}", exponent.unsigned_abs() as usize),
        0..=4 => format!("{value:.0}"),
        _ => format!(
            "{:.0}×{}",
            value / 10_f64.powi(exponent),
            power_of_ten(exponent)
        ),
    }
}

/// Named times up to the end, and the end itself if it has a short name.
fn named_times(end: f64) -> Vec<(f64, String)> {
    let mut times: Vec<(f64, String)> = NAMED_TIMES
        .iter()
        .map(|(time, name)| (*time, (*name).to_string()))
        .collect();
    let name = Time::new(end).to_string();
    if name.chars().count() <= 6 {
        // A neighbour nearer than a factor of two would touch it.
        times.retain(|(time, _)| libm::log(end / time).abs() > 0.7);
        times.push((end, name));
    }
    times
}

fn linear_times(end: f64) -> Vec<(f64, String)> {
    let fits = TIME_STEPS.iter().find(|(step, ..)| end / step <= 7.0);
    let (step, factor, unit) = fits.copied().unwrap_or(TIME_STEPS[18]);
    let count = (end / step * (1.0 + 1e-9)).floor().min(1e3) as u32;
    let label = |time: f64| format!("{} {unit}", (time * factor).round());
    (0..=count)
        .map(|k| f64::from(k) * step)
        .map(|time| (time, label(time)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, label)| label.as_str()).collect()
    }

    #[test]
    fn labels_are_round() {
        assert_eq!(
            labels(&Axis::linear(0.0, 95.0)),
            ["0", "20", "40", "60", "80", "100"]
        );
        assert_eq!(
            labels(&Axis::clock(Scale::Linear, 6.0)),
            ["0 h", "1 h", "2 h", "3 h", "4 h", "5 h", "6 h"]
        );
        let clock = Axis::clock(Scale::Log, 240.0);
        assert_eq!(
            labels(&clock),
            ["1 min", "10 min", "1 h", "6 h", "1 d", "3 d", "10 d"]
        );
        let deep = Axis::log(3e-8, 90.0);
        assert!((deep.low - 1e-8).abs() < 1e-20 && (deep.high - 100.0).abs() < 1e-9);
    }

    #[test]
    fn a_single_value_and_a_zero_have_a_place() {
        for axis in [
            Axis::linear(0.0, 0.0),
            Axis::linear(7.0, 7.0),
            Axis::log(1.0, 1.0),
        ] {
            assert!(axis.high > axis.low && axis.share(0.0).is_finite());
        }
        assert!(Axis::of(Scale::Log, [0.0, -1.0].into_iter()).is_none());
    }
}
