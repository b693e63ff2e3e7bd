//! The paper: shapes and texts are collected, checked, and then written as SVG.

use plotters::drawing::DrawingArea;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::PlotError;
use super::look::{Colour, FAMILY, Font, text_width};

/// A place on the sheet, px from its upper left corner.
pub(super) type Spot = (f64, f64);

/// The library knows whole pixels only; drawing ten times too large keeps curves smooth.
const FINE: f64 = 10.0;

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stroke {
    pub(super) colour: Colour,
    pub(super) width: f64,
    pub(super) dashed: bool,
}

/// Which end of a text stands at its spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Debug, Clone)]
enum Mark {
    Line(Vec<Spot>, Stroke),
    Area(Vec<Spot>, Colour, f64),
    Dot(Spot, f64, Colour),
    Text(Spot, String, Font, Anchor, bool),
}

/// What will be drawn, in the order of drawing.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    width: f64,
    height: f64,
    marks: Vec<Mark>,
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

impl Sheet {
    pub(super) const fn new(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            marks: vec![],
        }
    }

    pub(super) fn line(&mut self, points: Vec<Spot>, stroke: Stroke) {
        self.marks.push(Mark::Line(points, stroke));
    }

    /// A solid line from one spot to another.
    pub(super) fn rule(&mut self, from: Spot, to: Spot, colour: Colour, width: f64) {
        let stroke = Stroke {
            colour,
            width,
            dashed: false,
        };
        self.line(vec![from, to], stroke);
    }

    /// A filled shape; `cover` is its opacity, 1 is opaque.
    pub(super) fn area(&mut self, corners: Vec<Spot>, colour: Colour, cover: f64) {
        self.marks.push(Mark::Area(corners, colour, cover));
    }

    /// A filled rectangle between two opposite corners.
    pub(super) fn rectangle(&mut self, a: Spot, b: Spot, colour: Colour, cover: f64) {
        self.area(vec![a, (b.0, a.1), b, (a.0, b.1)], colour, cover);
    }

    pub(super) fn dot(&mut self, at: Spot, radius: f64, colour: Colour) {
        self.marks.push(Mark::Dot(at, radius, colour));
    }

    /// A text whose middle height is at `at`.
    pub(super) fn text(&mut self, at: Spot, text: &str, font: Font, anchor: Anchor) {
        self.push_text(at, text, font, anchor, false);
    }

    /// A text that reads upwards, centred at `at`.
    pub(super) fn upwards(&mut self, at: Spot, text: &str, font: Font) {
        self.push_text(at, text, font, Anchor::Middle, true);
    }

    fn push_text(&mut self, at: Spot, text: &str, font: Font, anchor: Anchor, turned: bool) {
        // XML allows neither control characters nor these two.
        let legal = |c: char| !c.is_control() && c != '\u{FFFE}' && c != '\u{FFFF}';
        let text: String = text
            .chars()
            .map(|c| if legal(c) { c } else { ' ' })
            .collect();
        self.marks.push(Mark::Text(at, text, font, anchor, turned));
    }

    /// Box of a text, as left, top, right, bottom.
    pub(super) fn text_box(at: Spot, text: &str, font: Font, anchor: Anchor) -> [f64; 4] {
        let width = text_width(text, font);
        let left = match anchor {
            Anchor::Start => at.0,
            Anchor::Middle => at.0 - width / 2.0,
            Anchor::End => at.0 - width,
        };
        let half = 0.6 * font.size;
        [left, at.1 - half, left + width, at.1 + half]
    }

    /// Writes the SVG.
    ///
    /// # Errors
    /// [`PlotError::NotFinite`] for a spot that is nowhere; [`PlotError::Drawing`].
    pub(super) fn finish(&self) -> Result<String, PlotError> {
        self.marks.iter().try_for_each(check)?;
        let size = (fine(self.width) as u32, fine(self.height) as u32);
        let mut svg = String::new();
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&WHITE).map_err(failure)?;
        for mark in &self.marks {
            draw(&area, mark).map_err(failure)?;
        }
        area.present().map_err(failure)?;
        drop(area);
        let from = format!(r#"width="{}" height="{}""#, size.0, size.1);
        let to = format!(
            r#"width="{}" height="{}" stroke-linejoin="round""#,
            self.width, self.height
        );
        Ok(svg.replacen(&from, &to, 1))
    }
}

fn failure(error: impl std::fmt::Display) -> PlotError {
    PlotError::Drawing(error.to_string())
}

fn check(mark: &Mark) -> Result<(), PlotError> {
    let one;
    let (name, spots) = match mark {
        Mark::Line(spots, _) => ("a line of the picture", spots.as_slice()),
        Mark::Area(spots, ..) => ("an area of the picture", spots.as_slice()),
        Mark::Dot(spot, ..) => {
            one = [*spot];
            ("a point of the picture", one.as_slice())
        }
        Mark::Text(spot, text, ..) => {
            one = [*spot];
            (text.as_str(), one.as_slice())
        }
    };
    PlotError::unless_finite(name, spots.iter().flat_map(|(x, y)| [*x, *y]))
}

/// Tenths of a pixel.
fn fine(length: f64) -> i32 {
    (length * FINE).round() as i32
}

fn fine_path(spots: &[Spot]) -> Vec<(i32, i32)> {
    let mut path: Vec<(i32, i32)> = spots.iter().map(|(x, y)| (fine(*x), fine(*y))).collect();
    path.dedup();
    path
}

fn draw<'a>(
    area: &Area<'a>,
    mark: &Mark,
) -> Result<(), DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>> {
    let rgb = |(red, green, blue): Colour| RGBColor(red, green, blue);
    match mark {
        Mark::Line(spots, stroke) => {
            let style = rgb(stroke.colour).stroke_width(fine(stroke.width) as u32);
            let path = fine_path(spots);
            if stroke.dashed {
                let (dash, gap) = (fine(3.0 * stroke.width), fine(2.0 * stroke.width));
                area.draw(&DashedPathElement::new(path, dash, gap, style))
            } else {
                area.draw(&PathElement::new(path, style))
            }
        }
        Mark::Area(spots, colour, cover) => {
            let style = rgb(*colour).mix(*cover).filled();
            area.draw(&Polygon::new(fine_path(spots), style))
        }
        Mark::Dot(at, radius, colour) => {
            let style = rgb(*colour).filled();
            area.draw(&Circle::new((fine(at.0), fine(at.1)), fine(*radius), style))
        }
        Mark::Text(at, text, font, anchor, turned) => {
            let at = (fine(at.0), fine(at.1));
            area.draw(&Text::new(
                text.clone(),
                place(at, *font, *turned),
                style(*font, *anchor, *turned),
            ))
        }
    }
}

/// The library puts the top of a text 0.76 em above its base line; the middle is 0.35 em above it.
fn place((x, y): (i32, i32), font: Font, turned: bool) -> (i32, i32) {
    let rise = fine(0.41 * font.size);
    if turned { (x - rise, y) } else { (x, y - rise) }
}

fn style(font: Font, anchor: Anchor, turned: bool) -> TextStyle<'static> {
    let weight = if font.bold {
        FontStyle::Bold
    } else {
        FontStyle::Normal
    };
    // The library divides the size by 1.24 when it writes SVG.
    let size = font.size * FINE * 1.24;
    let turn = if turned {
        FontTransform::Rotate270
    } else {
        FontTransform::None
    };
    let h = match anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let (red, green, blue) = font.colour;
    FontDesc::new(FontFamily::Name(FAMILY), size, weight)
        .transform(turn)
        .color(&RGBColor(red, green, blue))
        .pos(Pos::new(h, VPos::Top))
}

#[cfg(test)]
mod tests {
    use super::super::look::LABEL;
    use super::*;

    #[test]
    fn texts_are_escaped_and_nowhere_is_refused() {
        let mut sheet = Sheet::new(100.0, 50.0);
        sheet.text((5.0, 5.0), "a < b & \u{1} c", LABEL, Anchor::Start);
        let svg = sheet.finish().unwrap();
        assert!(svg.contains("a &lt; b &amp;   c"), "{svg}");
        assert!(svg.starts_with(r#"<svg width="100" height="50""#), "{svg}");
        sheet.dot((f64::NAN, 1.0), 1.0, (0, 0, 0));
        assert!(matches!(sheet.finish(), Err(PlotError::NotFinite { .. })));
    }
}
