//! Shares of the dose as shades: one hue, light to dark, on a logarithmic scale.

use super::amounts::Seen;
use crate::plot::look::Colour;

/// What no share colours: a place that holds less than the scale begins with.
pub(super) const EMPTY: Colour = (240, 241, 240);

// One hue each, told apart and ordered by lightness with every kind of colour vision. Living is
// cold and remains are warm, as in the other pictures.
const LIVING: [Colour; 5] = [
    (214, 230, 244),
    (148, 196, 223),
    (60, 140, 195),
    (8, 84, 150),
    (6, 34, 84),
];
const REMAINS: [Colour; 5] = [
    (252, 226, 204),
    (250, 184, 128),
    (232, 124, 52),
    (178, 70, 8),
    (92, 32, 2),
];
const LABEL: [Colour; 5] = [
    (218, 239, 214),
    (160, 214, 160),
    (70, 164, 106),
    (6, 108, 62),
    (2, 54, 32),
];

/// The stops of the scale of what is seen, from its light end to its dark end.
pub(super) const fn stops(seen: &Seen) -> &'static [Colour; 5] {
    match seen {
        Seen::Living => &LIVING,
        Seen::Remains => &REMAINS,
        Seen::Label(_) => &LABEL,
    }
}

impl Seen {
    /// The scale of shades, as five colours (red, green, blue) in equal steps of the logarithm, from
    /// its light end to its dark end.
    #[must_use]
    pub const fn colours(&self) -> [(u8, u8, u8); 5] {
        *stops(self)
    }
}

/// The shade of a share in %, on a scale from `lowest` % to 100 %.
pub(super) fn shade(seen: &Seen, share: f64, lowest: f64) -> Colour {
    if share < lowest {
        return EMPTY;
    }
    along(
        stops(seen),
        libm::log(share / lowest) / libm::log(100.0 / lowest),
    )
}

/// The colour at a part of the way, 0 to 1.
pub(super) fn along(stops: &[Colour], part: f64) -> Colour {
    let last = stops.len() - 1;
    let place = part.clamp(0.0, 1.0) * last as f64;
    let index = (place as usize).min(last - 1);
    let share = place - index as f64;
    let mix = |from: u8, to: u8| {
        let (from, to) = (f64::from(from), f64::from(to));
        share.mul_add(to - from, from).round() as u8
    };
    let (from, to) = (stops[index], stops[index + 1]);
    (mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance((red, green, blue): Colour) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            match c <= 0.04045 {
                true => c / 12.92,
                false => ((c + 0.055) / 1.055).powf(2.4),
            }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    #[test]
    fn more_is_always_darker() {
        for seen in [Seen::Living, Seen::Remains] {
            let mut last = luminance(EMPTY);
            for k in 0..=40 {
                let share = 0.01 * 10_f64.powf(f64::from(k) / 10.0);
                let here = luminance(shade(&seen, share.max(0.01), 0.01));
                assert!(here < last, "{seen:?} at {share} %: {here} after {last}");
                last = here;
            }
        }
    }
}
