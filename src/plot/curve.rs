//! Any quantity against any other: named lines, and points with labels.

use super::PlotError;
use super::axis::{Axis, Scale};
use super::frame::{Frame, heading, leader};
use super::labels::{Corners, Crowd, dense, spread};
use super::look::{HEIGHT, INK, LABEL, LINES, STROKE, TICK, WHITE, WIDTH, colour, text_width};
use super::sheet::{Anchor, Sheet, Spot, Stroke};

/// What [`curve`] shows.
///
/// ```
/// use biodist::plot::{Curve, CurveLine, CurvePoint, Scale, curve};
/// let passed = |d: f64| 100.0 / (1.0 + (d / 9.0).powi(8));
/// let diameters = (40..=250).map(|k| f64::from(k) / 10.0);
/// let svg = curve(&Curve {
///     title: "Small cells pass the lung".to_string(),
///     x: "Cell diameter (µm)".to_string(),
///     y: "First-pass passage (%)".to_string(),
///     lines: vec![CurveLine::new("model", diameters.map(|d| (d, passed(d))))],
///     points: vec![CurvePoint::new(7.0, 85.0, "lymphocytes")],
///     ..Curve::default()
/// })?;
/// assert!(svg.contains("lymphocytes"));
/// # Ok::<(), biodist::plot::PlotError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// What is seen.
    pub title: String,
    /// A second, fainter line; may be empty.
    pub subtitle: String,
    /// Title of the horizontal axis, with the unit.
    pub x: String,
    /// Title of the vertical axis, with the unit.
    pub y: String,
    /// How values are spread along the horizontal axis.
    pub x_scale: Scale,
    /// How values are spread along the vertical axis.
    pub y_scale: Scale,
    /// Lines, named at their right ends.
    pub lines: Vec<CurveLine>,
    /// Single points, such as measurements.
    pub points: Vec<CurvePoint>,
}

/// A named line.
#[derive(Debug, Clone, PartialEq)]
pub struct CurveLine {
    /// Its name.
    pub name: String,
    /// Pairs of values in the units of the axes, in drawing order.
    pub values: Vec<(f64, f64)>,
}

impl CurveLine {
    /// A line through pairs of values.
    #[must_use]
    pub fn new(name: impl Into<String>, values: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self {
            name: name.into(),
            values: values.into_iter().collect(),
        }
    }
}

/// A labelled point.
#[derive(Debug, Clone, PartialEq)]
pub struct CurvePoint {
    /// Horizontal value, in the unit of the axis.
    pub x: f64,
    /// Vertical value, in the unit of the axis.
    pub y: f64,
    /// Text beside it; may be empty.
    pub label: String,
    /// Least and greatest vertical value, drawn as a bar through the point.
    pub range: Option<(f64, f64)>,
}

impl CurvePoint {
    /// A point with a label.
    #[must_use]
    pub fn new(x: f64, y: f64, label: impl Into<String>) -> Self {
        Self {
            x,
            y,
            label: label.into(),
            range: None,
        }
    }

    /// With a range of vertical values: an error bar.
    #[must_use]
    pub const fn between(mut self, least: f64, greatest: f64) -> Self {
        self.range = Some((least, greatest));
        self
    }
}

/// Draws lines and labelled points on two axes, as SVG.
///
/// On a log axis values that are not positive lie below the edge and are not seen.
///
/// # Errors
/// [`PlotError::NothingToDraw`] when no value can be shown; [`PlotError::NotFinite`].
pub fn curve(curve: &Curve) -> Result<String, PlotError> {
    check(curve)?;
    let (x, y) = axes(curve)?;
    let mut sheet = Sheet::new(WIDTH, HEIGHT);
    let below = heading(&mut sheet, WIDTH, &curve.title, &curve.subtitle);
    let names = curve.lines.iter().map(|line| text_width(&line.name, LABEL));
    let beside = names.fold(0.0, f64::max) + if curve.lines.is_empty() { 20.0 } else { 34.0 };
    let frame = Frame::new((WIDTH, HEIGHT), below, beside.min(0.4 * WIDTH), x, y);
    frame.draw(&mut sheet, &curve.x, &curve.y);
    let mut drawn = vec![];
    for (index, line) in curve.lines.iter().enumerate() {
        drawn.push(frame.line(&mut sheet, &line.values, stroke(index)));
    }
    name_lines(&mut sheet, &frame, curve, &drawn);
    draw_points(&mut sheet, &frame, curve, drawn.concat());
    sheet.finish()
}

fn check(curve: &Curve) -> Result<(), PlotError> {
    for line in &curve.lines {
        PlotError::unless_finite(&line.name, line.values.iter().flat_map(|(x, y)| [*x, *y]))?;
    }
    for point in &curve.points {
        let (least, greatest) = point.range.unwrap_or((point.y, point.y));
        PlotError::unless_finite(&point.label, [point.x, point.y, least, greatest])?;
    }
    Ok(())
}

fn axes(curve: &Curve) -> Result<(Axis, Axis), PlotError> {
    let lines = || curve.lines.iter().flat_map(|line| line.values.iter());
    let xs = lines()
        .map(|pair| pair.0)
        .chain(curve.points.iter().map(|point| point.x));
    let ranges = curve.points.iter().flat_map(|point| {
        let (least, greatest) = point.range.unwrap_or((point.y, point.y));
        [point.y, least, greatest]
    });
    let ys = lines().map(|pair| pair.1).chain(ranges);
    let (x, y) = (Axis::of(curve.x_scale, xs), Axis::of(curve.y_scale, ys));
    x.zip(y)
        .ok_or_else(|| PlotError::nothing("curve", "no value stands on the axes"))
}

/// Colours in turn; dashed when they come round again.
fn stroke(index: usize) -> Stroke {
    Stroke {
        colour: colour(index),
        width: STROKE,
        dashed: (index / LINES.len()) % 2 == 1,
    }
}

/// Writes each name at the height where its line ends, as near as its neighbours allow.
fn name_lines(sheet: &mut Sheet, frame: &Frame, curve: &Curve, drawn: &[Vec<Vec<Spot>>]) {
    let mut ends = vec![];
    for (index, (line, pieces)) in curve.lines.iter().zip(drawn).enumerate() {
        if let Some(end) = pieces.last().and_then(|piece| piece.last()) {
            ends.push((index, line.name.as_str(), *end));
        }
    }
    let wanted: Vec<f64> = ends.iter().map(|(.., end)| end.1).collect();
    let gap = 1.25 * LABEL.size;
    let heights = spread(&wanted, gap, frame.top, frame.bottom);
    for ((index, name, end), y) in ends.into_iter().zip(heights) {
        let x = frame.right + 26.0;
        // A line that ends inside the frame, or far from its name, is led to it.
        if frame.right - end.0 > 2.0 || (y - end.1).abs() > 3.0 {
            leader(sheet, (end.0 + 3.0, end.1), (x - 4.0, y));
        } else {
            leader(sheet, (end.0 + 3.0, end.1), (x - 4.0, end.1));
        }
        sheet.text((x, y), name, LABEL.coloured(colour(index)), Anchor::Start);
    }
}

const RADIUS: f64 = 4.5;

fn draw_points(sheet: &mut Sheet, frame: &Frame, curve: &Curve, lines: Vec<Vec<Spot>>) {
    let inside = |point: &&CurvePoint| {
        let (x, y) = (frame.x.share(point.x), frame.y.share(point.y));
        (-1e-9..=1.0 + 1e-9).contains(&x) && (-1e-9..=1.0 + 1e-9).contains(&y)
    };
    let points: Vec<&CurvePoint> = curve.points.iter().filter(inside).collect();
    let spots: Vec<Spot> = points
        .iter()
        .map(|point| frame.spot((point.x, point.y)))
        .collect();
    let mut crowd = Crowd {
        frame: [frame.left, frame.top, frame.right, frame.bottom],
        taken: spots.iter().map(|spot| around(*spot)).collect(),
        lines: lines.iter().map(|line| dense(line)).collect(),
    };
    for (point, spot) in points.iter().zip(&spots) {
        if let Some((least, greatest)) = point.range {
            let bar = [(point.x, least), (point.x, greatest)];
            let stroke = Stroke {
                colour: INK,
                width: 1.2,
                dashed: false,
            };
            let pieces = frame.line(sheet, &bar, stroke);
            crowd.lines.extend(pieces.iter().map(|piece| dense(piece)));
        }
        sheet.dot(*spot, RADIUS + 1.2, WHITE);
        sheet.dot(*spot, RADIUS, INK);
    }
    for (point, spot) in points
        .iter()
        .zip(&spots)
        .filter(|(p, _)| !p.label.is_empty())
    {
        let places = places(*spot);
        let boxes = places.map(|(at, anchor)| Sheet::text_box(at, &point.label, TICK, anchor));
        let best = crowd.best(&boxes);
        let [left, top, right, bottom] = boxes[best];
        sheet.rectangle((left, top + 2.0), (right, bottom - 2.0), WHITE, 0.75);
        sheet.text(places[best].0, &point.label, TICK, places[best].1);
        crowd.taken.push(boxes[best]);
    }
}

fn around((x, y): Spot) -> Corners {
    [x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS]
}

/// Where the label of a point may stand, best first.
fn places((x, y): Spot) -> [(Spot, Anchor); 10] {
    let (aside, away) = (RADIUS + 5.0, RADIUS + 11.0);
    [
        ((x + aside, y), Anchor::Start),
        ((x - aside, y), Anchor::End),
        ((x, y - away), Anchor::Middle),
        ((x, y + away), Anchor::Middle),
        ((x + aside, y - 10.0), Anchor::Start),
        ((x + aside, y + 10.0), Anchor::Start),
        ((x - aside, y - 10.0), Anchor::End),
        ((x - aside, y + 10.0), Anchor::End),
        ((x + aside, y - 20.0), Anchor::Start),
        ((x - aside, y + 20.0), Anchor::End),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(values: &[(f64, f64)]) -> Curve {
        Curve {
            lines: vec![CurveLine::new("a & b", values.iter().copied())],
            y_scale: Scale::Log,
            ..Curve::default()
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let odd = curve(&line(&[(0.0, 1.0), (1.0, f64::INFINITY)]));
        assert!(matches!(odd, Err(PlotError::NotFinite { .. })));
        let empty = curve(&line(&[(0.0, 0.0), (1.0, 0.0)]));
        assert!(matches!(empty, Err(PlotError::NothingToDraw { .. })));
    }

    #[test]
    fn the_text_is_well_formed_and_always_the_same() {
        let subject = line(&[(0.0, 1e-8), (1.0, 0.0), (2.0, 90.0)]);
        let svg = curve(&subject).unwrap();
        assert_eq!(svg, curve(&subject).unwrap());
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
        assert!(svg.contains("a &amp; b"));
        let ends = svg.matches("/>").count() + svg.matches("</").count();
        let tags = svg.matches('<').count() - svg.matches("</").count();
        assert_eq!(ends, tags, "every tag is closed");
    }
}
