//! What each number does to the answer between its ends, the greatest first.

use crate::plot::PlotError;
use crate::plot::axis::{Axis, Scale};
use crate::plot::frame::{heading, heading_height};
use crate::plot::look::{
    AXIS, AXIS_TITLE, BLUE, Colour, FAINT_INK, Font, GRID, INK, LABEL, MARGIN, SUBTITLE, TICK,
    VERMILION, WIDTH, short_number, text_width,
};
use crate::plot::sheet::{Anchor, Sheet};

/// What [`tornado`] shows: from the answer in the middle, a bar to the answer at the low end of a number and one
/// to that at its high end.
///
/// ```
/// use biodist::plot::{Scale, Tornado, TornadoEnd, TornadoRow, tornado};
/// let svg = tornado(&Tornado {
///     title: "What decides the living cells in the heart after a day".to_string(),
///     axis: "Living cells".to_string(),
///     scale: Scale::Log,
///     middle: 7e3,
///     rows: vec![TornadoRow {
///         label: "release from capillaries".to_string(),
///         low: TornadoEnd { number: 0.01, answer: 2e3 },
///         high: TornadoEnd { number: 0.25, answer: 3e4 },
///     }],
///     ..Tornado::default()
/// })?;
/// assert!(svg.contains("release from capillaries"));
/// # Ok::<(), biodist::plot::PlotError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tornado {
    /// What is seen.
    pub title: String,
    /// A second, fainter line: who and how; may be empty.
    pub subtitle: String,
    /// What the axis measures, with the unit.
    pub axis: String,
    /// How answers are spread. By powers of ten they must all be positive.
    pub scale: Scale,
    /// The answer with all numbers in their middle.
    pub middle: f64,
    /// The numbers, from the top down: put the greatest first.
    pub rows: Vec<TornadoRow>,
}

/// One number that was moved alone.
#[derive(Debug, Clone, PartialEq)]
pub struct TornadoRow {
    /// Its name.
    pub label: String,
    /// Its low end.
    pub low: TornadoEnd,
    /// Its high end.
    pub high: TornadoEnd,
}

/// One end of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TornadoEnd {
    /// The number, in a unit of its own; it is written beside the bar.
    pub number: f64,
    /// The answer, in the unit of the axis.
    pub answer: f64,
}

const ROW: f64 = 30.0;
const BAR: f64 = 17.0;
const LOW: (Colour, &str) = (BLUE, "number at its low end");
const HIGH: (Colour, &str) = (VERMILION, "at its high end");
const SMALL: Font = Font {
    size: 12.5,
    ..LABEL
};

/// Draws a tornado as SVG. Where both ends move the answer the same way, their bars lie one above the other.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without rows; [`PlotError::NotFinite`] for what is no number, and for an answer
/// that is not positive on a scale of powers of ten.
pub fn tornado(what: &Tornado) -> Result<String, PlotError> {
    check(what)?;
    let layout = Layout::new(what);
    let mut sheet = Sheet::new(WIDTH, layout.bottom + 58.0 + MARGIN);
    let below = heading(&mut sheet, WIDTH, &what.title, &what.subtitle);
    legend(&mut sheet, (MARGIN, below + 4.0));
    layout.draw_grid(&mut sheet);
    for (index, row) in what.rows.iter().enumerate() {
        let y = ROW.mul_add(index as f64 + 0.5, layout.top);
        sheet.text((layout.names, y), &row.label, LABEL, Anchor::End);
        layout.draw_row(&mut sheet, y, row, what.middle);
    }
    let x = layout.x(what.middle);
    sheet.rule((x, layout.top - 4.0), (x, layout.bottom), INK, 1.4);
    let centre = (
        f64::midpoint(layout.left, layout.right),
        layout.bottom + 46.0,
    );
    sheet.text(centre, &what.axis, AXIS_TITLE, Anchor::Middle);
    sheet.finish()
}

fn check(what: &Tornado) -> Result<(), PlotError> {
    if what.rows.is_empty() {
        return Err(PlotError::nothing("tornado", "there are no rows"));
    }
    // The logarithm of what is not positive is not finite.
    let seen = |answer: f64| match what.scale {
        Scale::Linear => answer,
        Scale::Log => libm::log(answer),
    };
    PlotError::unless_finite("the answer in the middle", [seen(what.middle)])?;
    for TornadoRow { label, low, high } in &what.rows {
        let ends = [low, high].into_iter();
        PlotError::unless_finite(label, ends.flat_map(|end| [end.number, seen(end.answer)]))?;
    }
    Ok(())
}

/// Where everything stands, px.
struct Layout {
    /// Right end of the names.
    names: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    axis: Axis,
}

impl Layout {
    fn new(what: &Tornado) -> Self {
        let widths = what.rows.iter().map(|row| text_width(&row.label, LABEL));
        let names = MARGIN + widths.fold(0.0, f64::max);
        let ends = || what.rows.iter().flat_map(|row| [row.low, row.high]);
        let numbers = ends().map(|end| text_width(&short_number(end.number), SMALL));
        let room = numbers.fold(0.0, f64::max) + 8.0;
        let answers = ends().map(|end| end.answer).chain([what.middle]);
        let (low, high) = answers.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let top = heading_height(WIDTH, &what.title, &what.subtitle) + 34.0;
        Self {
            names,
            left: names + 12.0 + room,
            right: WIDTH - MARGIN - room,
            top,
            bottom: ROW.mul_add(what.rows.len() as f64, top),
            axis: match what.scale {
                Scale::Linear => Axis::linear(low, high),
                Scale::Log => Axis::log(low, high),
            },
        }
    }

    fn x(&self, answer: f64) -> f64 {
        self.axis
            .share(answer)
            .mul_add(self.right - self.left, self.left)
    }

    fn draw_grid(&self, sheet: &mut Sheet) {
        for (x, label) in self.axis.spaced(|value| self.x(value)) {
            sheet.rule((x, self.top), (x, self.bottom), GRID, 1.0);
            sheet.text((x, self.bottom + 18.0), label, TICK, Anchor::Middle);
        }
        let ends = ((self.left, self.bottom), (self.right, self.bottom));
        sheet.rule(ends.0, ends.1, AXIS, 1.0);
    }

    /// Two bars with the numbers that they stand for. The one drawn first is not hidden by the second.
    fn draw_row(&self, sheet: &mut Sheet, y: f64, row: &TornadoRow, middle: f64) {
        let centre = self.x(middle);
        let ends = [row.low, row.high].map(|end| self.x(end.answer));
        let same_way = (ends[0] - centre) * (ends[1] - centre) > 0.0;
        for (k, (end, (colour, _))) in [(row.low, LOW), (row.high, HIGH)].into_iter().enumerate() {
            let x = ends[k];
            let (from, to) = match (same_way, k) {
                (false, _) => (-0.5, 0.5),
                (true, 0) => (-0.5, 0.0),
                (true, _) => (0.0, 0.5),
            };
            sheet.rectangle(
                (centre, BAR.mul_add(from, y)),
                (x, BAR.mul_add(to, y)),
                colour,
                1.0,
            );
            // Beyond the longer of two bars of one side, and on the free side for a bar of no length.
            let leftwards = match same_way {
                true => x < centre,
                false => x < ends[1 - k],
            };
            let shift = if same_way {
                0.62 * BAR * (k as f64 - 0.5)
            } else {
                0.0
            };
            let (at, anchor) = match leftwards {
                true => (x - 5.0, Anchor::End),
                false => (x + 5.0, Anchor::Start),
            };
            let font = SMALL.coloured(FAINT_INK);
            sheet.text((at, y + shift), &short_number(end.number), font, anchor);
        }
    }
}

fn legend(sheet: &mut Sheet, (mut x, y): (f64, f64)) {
    for (colour, text) in [LOW, HIGH] {
        sheet.rectangle((x, y - 6.0), (x + 22.0, y + 6.0), colour, 1.0);
        sheet.text((x + 29.0, y), text, SUBTITLE.coloured(INK), Anchor::Start);
        x += 29.0 + text_width(text, SUBTITLE) + 20.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(scale: Scale, low: f64, high: f64) -> Result<String, PlotError> {
        let end = |answer| TornadoEnd {
            number: 0.5,
            answer,
        };
        tornado(&Tornado {
            title: "<both>".to_string(),
            axis: "cells".to_string(),
            scale,
            middle: 10.0,
            rows: vec![TornadoRow {
                label: "a & b".to_string(),
                low: end(low),
                high: end(high),
            }],
            ..Tornado::default()
        })
    }

    #[test]
    fn rows_are_drawn_whichever_way_they_move_the_answer() {
        for (low, high) in [
            (1.0, 100.0),
            (100.0, 1.0),
            (20.0, 30.0),
            (10.0, 10.0),
            (1e-200, 1e200),
        ] {
            for scale in [Scale::Linear, Scale::Log] {
                let svg = of(scale, low, high).unwrap();
                assert!(svg.contains("a &amp; b") && svg.contains("&lt;both&gt;"));
                assert!(!svg.contains("NaN") && !svg.contains("inf"));
            }
        }
    }

    #[test]
    fn faulty_rows_are_refused() {
        assert!(of(Scale::Linear, -1.0, 0.0).is_ok());
        assert!(matches!(
            of(Scale::Log, 0.0, 1.0),
            Err(PlotError::NotFinite { .. })
        ));
        assert!(matches!(
            of(Scale::Log, 1.0, -1.0),
            Err(PlotError::NotFinite { .. })
        ));
        assert!(matches!(
            of(Scale::Linear, f64::NAN, 1.0),
            Err(PlotError::NotFinite { .. })
        ));
        assert!(tornado(&Tornado::default()).is_err());
    }
}
