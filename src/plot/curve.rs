//! Any quantity against any other: named lines, and points with labels.

use super::PlotError;
use super::axis::{Axis, Scale};
use super::frame::{Frame, heading};
use super::look::{HEIGHT, LINES, STROKE, WIDTH, colour};
use super::sheet::{Sheet, Stroke};
use super::{line_names, points};

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
    /// Lines, named at their right ends or, where these crowd, in a list.
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
    /// Number of the line whose colour it has; none for ink.
    pub line: Option<usize>,
    /// Where what was found lies, if the point is only a limit of it: drawn as an arrow.
    pub open: Option<Way>,
}

/// A direction on a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To smaller values of the horizontal axis.
    Left,
    /// To greater values of the horizontal axis.
    Right,
    /// To greater values of the vertical axis.
    Up,
    /// To smaller values of the vertical axis.
    Down,
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
            line: None,
            open: None,
        }
    }

    /// In the colour of a line, by its number.
    #[must_use]
    pub const fn like(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    /// As a limit: what was found lies that way.
    #[must_use]
    pub const fn open(mut self, way: Way) -> Self {
        self.open = Some(way);
        self
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
    let size = (WIDTH, line_names::height(curve).max(HEIGHT));
    let mut sheet = Sheet::new(size.0, size.1);
    let below = heading(&mut sheet, WIDTH, &curve.title, &curve.subtitle);
    let beside = line_names::width(curve);
    let frame = Frame::new(size, below, beside, x, y);
    frame.draw(&mut sheet, &curve.x, &curve.y);
    let mut drawn = vec![];
    for (index, line) in curve.lines.iter().enumerate() {
        drawn.push(frame.line(&mut sheet, &line.values, stroke(index)));
    }
    line_names::draw(&mut sheet, &frame, curve, &drawn);
    points::draw(&mut sheet, &frame, curve, &drawn.concat());
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
pub(super) fn stroke(index: usize) -> Stroke {
    Stroke {
        colour: colour(index),
        width: STROKE,
        dashed: (index / LINES.len()) % 2 == 1,
    }
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
