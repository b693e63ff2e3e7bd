//! Predictions beside measurements, row by row.

use crate::plot::PlotError;
use crate::plot::axis::Axis;
use crate::plot::frame::{heading, heading_height};
use crate::plot::look::{
    AXIS, AXIS_TITLE, BLUE, Colour, FAINT_INK, GREEN, GRID, INK, LABEL, MARGIN, STROKE, SUBTITLE,
    TICK, VERMILION, WIDTH, text_width,
};
use crate::plot::sheet::{Anchor, Sheet};

/// What [`forest`] shows: one row a measurement, each on a common scale of ratios, where 1 is what was found.
///
/// ```
/// use biodist::plot::{Forest, ForestRow, Hit, forest};
/// let svg = forest(&Forest {
///     title: "Predicted over measured".to_string(),
///     axis: "Predicted over measured".to_string(),
///     rows: vec![ForestRow::new("label in the lung", "27 to 33.5", [2.1, 3.2, 4.5]).found(0.9, 1.1).hit(Hit::Missed)],
///     ..Forest::default()
/// })?;
/// assert!(svg.contains("27 to 33.5"));
/// # Ok::<(), biodist::plot::PlotError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forest {
    /// What is seen.
    pub title: String,
    /// A second, fainter line; may be empty.
    pub subtitle: String,
    /// What the axis measures.
    pub axis: String,
    /// The rows, from the top down.
    pub rows: Vec<ForestRow>,
}

/// How a prediction fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hit {
    /// Its middle is near enough.
    #[default]
    Met,
    /// Only its interval holds what was found.
    Held,
    /// Neither.
    Missed,
}

impl Hit {
    const fn colour(self) -> Colour {
        match self {
            Self::Met => BLUE,
            Self::Held => GREEN,
            Self::Missed => VERMILION,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Held => "held by the interval",
            Self::Missed => "missed",
        }
    }
}

/// One measurement with its prediction.
#[derive(Debug, Clone, PartialEq)]
pub struct ForestRow {
    /// What was measured.
    pub label: String,
    /// What was found, in words.
    pub note: String,
    /// Low end, middle and high end of the prediction, relative to what was found.
    pub predicted: [f64; 3],
    /// The range that was found, relative to its middle; 0 or infinity where it has no end.
    pub found: (f64, f64),
    /// How it fares.
    pub hit: Hit,
}

impl ForestRow {
    /// A row whose finding is a single value.
    #[must_use]
    pub fn new(label: impl Into<String>, note: impl Into<String>, predicted: [f64; 3]) -> Self {
        Self {
            label: label.into(),
            note: note.into(),
            predicted,
            found: (1.0, 1.0),
            hit: Hit::Met,
        }
    }

    /// With the range that was found.
    #[must_use]
    pub const fn found(mut self, low: f64, high: f64) -> Self {
        self.found = (low, high);
        self
    }

    /// With its verdict.
    #[must_use]
    pub const fn hit(mut self, hit: Hit) -> Self {
        self.hit = hit;
        self
    }
}

const ROW: f64 = 30.0;
/// What lies further off than this, by ratios, is drawn at the edge with an arrow.
const EDGE: f64 = 100.0;

/// Draws predictions with their intervals beside what was found, as SVG: a grey band is the finding, its lighter
/// rim a factor of two about it.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without rows; [`PlotError::NotFinite`] for a prediction that is no number.
pub fn forest(what: &Forest) -> Result<String, PlotError> {
    if what.rows.is_empty() {
        return Err(PlotError::nothing("forest", "there are no rows"));
    }
    for row in &what.rows {
        PlotError::unless_finite(&row.label, row.predicted.iter().copied())?;
    }
    let widest = |text: &dyn Fn(&ForestRow) -> &str| {
        let widths = what.rows.iter().map(|row| text_width(text(row), LABEL));
        widths.fold(0.0, f64::max)
    };
    let notes = MARGIN + widest(&|row| &row.label) + 16.0;
    let left = notes + widest(&|row| &row.note) + 22.0;
    let width = WIDTH.max(left + 330.0);
    let right = width - MARGIN - 10.0;
    let top = heading_height(width, &what.title, &what.subtitle) + 34.0;
    let bottom = ROW.mul_add(what.rows.len() as f64, top);
    let mut sheet = Sheet::new(width, bottom + 58.0 + MARGIN);
    let below = heading(&mut sheet, width, &what.title, &what.subtitle);
    let axis = Axis::log(1.0 / EDGE, EDGE);
    let x = |value: f64| {
        let within = value.clamp(1.0 / EDGE, EDGE);
        axis.share(within).mul_add(right - left, left)
    };
    legend(&mut sheet, (MARGIN, below + 6.0));
    for (value, label) in &axis.ticks {
        sheet.rule((x(*value), top), (x(*value), bottom), GRID, 1.0);
        sheet.text((x(*value), bottom + 18.0), label, TICK, Anchor::Middle);
    }
    for (number, row) in what.rows.iter().enumerate() {
        let y = ROW.mul_add(number as f64 + 0.5, top);
        sheet.text((MARGIN, y), &row.label, LABEL, Anchor::Start);
        sheet.text(
            (notes, y),
            &row.note,
            LABEL.coloured(FAINT_INK),
            Anchor::Start,
        );
        finding(&mut sheet, y, row.found, &x);
        draw(
            &mut sheet,
            y,
            row.predicted.map(|value| (value, x(value))),
            row.hit,
        );
    }
    sheet.rule((x(1.0), top), (x(1.0), bottom), INK, 1.0);
    sheet.rule((left, bottom), (right, bottom), AXIS, 1.0);
    let middle = 0.5 * (left + right);
    sheet.text(
        (middle, bottom + 46.0),
        &what.axis,
        AXIS_TITLE,
        Anchor::Middle,
    );
    sheet.finish()
}

/// What was found, with a factor of two about it.
fn finding(sheet: &mut Sheet, y: f64, (low, high): (f64, f64), x: &dyn Fn(f64) -> f64) {
    let half = 0.36 * ROW;
    let (from, to) = (x(0.5 * low), x(2.0 * high));
    sheet.rectangle((from, y - half), (to, y + half), GRID, 0.55);
    // A value has no width of its own: a rule stands for it.
    let (from, to) = (x(low).min(x(high) - 2.0), x(high).max(x(low) + 2.0));
    sheet.rectangle((from, y - half), (to, y + half), AXIS, 0.45);
}

/// One interval with its middle; an end beyond the edge becomes an arrow.
fn draw(sheet: &mut Sheet, y: f64, [low, middle, high]: [(f64, f64); 3], hit: Hit) {
    let colour = hit.colour();
    sheet.rule((low.1, y), (high.1, y), colour, STROKE);
    for ((value, x), outwards) in [(low, -1.0), (high, 1.0)] {
        if !(1.0 / EDGE..=EDGE).contains(&value) {
            let back = (-6.0_f64).mul_add(outwards, x);
            sheet.area(vec![(x, y), (back, y - 5.0), (back, y + 5.0)], colour, 1.0);
        } else {
            sheet.rule((x, y - 4.0), (x, y + 4.0), colour, STROKE);
        }
    }
    sheet.dot((middle.1, y), 5.0, colour);
}

fn legend(sheet: &mut Sheet, (mut x, y): (f64, f64)) {
    for hit in [Hit::Met, Hit::Held, Hit::Missed] {
        sheet.rule((x, y), (x + 22.0, y), hit.colour(), STROKE);
        sheet.dot((x + 11.0, y), 5.0, hit.colour());
        sheet.text(
            (x + 29.0, y),
            hit.text(),
            SUBTITLE.coloured(INK),
            Anchor::Start,
        );
        x += 29.0 + text_width(hit.text(), SUBTITLE) + 20.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(predicted: [f64; 3]) -> Result<String, PlotError> {
        forest(&Forest {
            title: "<both>".to_string(),
            axis: "ratio".to_string(),
            rows: vec![ForestRow::new("a & b", "< 3", predicted).found(0.0, 1.0)],
            ..Forest::default()
        })
    }

    #[test]
    fn rows_are_drawn_wherever_they_lie() {
        for predicted in [[0.5, 1.0, 2.0], [0.0, 1e-90, 1e90], [-1.0, 0.0, 1e300]] {
            let svg = picture(predicted).unwrap();
            assert!(svg.contains("a &amp; b") && svg.contains("&lt;both&gt;"));
            assert!(!svg.contains("NaN") && !svg.contains("inf"));
            assert_eq!(svg, picture(predicted).unwrap());
        }
    }

    #[test]
    fn faulty_rows_are_refused() {
        assert!(picture([0.1, f64::NAN, 2.0]).is_err());
        assert!(forest(&Forest::default()).is_err());
    }
}
