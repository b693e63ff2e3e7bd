//! How a population spreads over time.

use super::PlotError;
use super::axis::{Axis, Scale};
use super::frame::{Frame, heading, heading_height};
use super::look::{AXIS_TITLE, HEADING, LABEL, MARGIN, STROKE, WIDTH, colour, text_width};
use super::sheet::{Anchor, Sheet, Stroke};

/// What [`bands`] shows: panels side by side, each with bands over time.
///
/// ```
/// use biodist::plot::{Bands, BandPanel, BandLine, bands};
/// let lung = BandLine::new("lung", (1..=24).map(|h| (f64::from(h), [20.0, 40.0, 60.0].map(|y| y / f64::from(h)))));
/// let svg = bands(&Bands {
///     title: "Living cells".to_string(),
///     y: "% of dose".to_string(),
///     panels: vec![BandPanel { title: "people differ".to_string(), lines: vec![lung] }],
///     ..Bands::default()
/// })?;
/// assert!(svg.contains("people differ"));
/// # Ok::<(), biodist::plot::PlotError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bands {
    /// What is seen.
    pub title: String,
    /// A second, fainter line: who and how; may be empty.
    pub subtitle: String,
    /// Title of the vertical axis, with the unit.
    pub y: String,
    /// How time is spread.
    pub time: Scale,
    /// How values are spread.
    pub values: Scale,
    /// The panels, in one row, on common axes.
    pub panels: Vec<BandPanel>,
}

/// One panel.
#[derive(Debug, Clone, PartialEq)]
pub struct BandPanel {
    /// What it shows; may be empty.
    pub title: String,
    /// Its bands.
    pub lines: Vec<BandLine>,
}

/// A quantity over time: low end, middle and high end.
#[derive(Debug, Clone, PartialEq)]
pub struct BandLine {
    /// Its name.
    pub name: String,
    /// Times in h, each with low end, middle and high end.
    pub values: Vec<(f64, [f64; 3])>,
}

impl BandLine {
    /// A band from its values.
    #[must_use]
    pub fn new(name: impl Into<String>, values: impl IntoIterator<Item = (f64, [f64; 3])>) -> Self {
        Self {
            name: name.into(),
            values: values.into_iter().collect(),
        }
    }
}

const PANEL: f64 = 300.0;
const GAP: f64 = 42.0;
/// How much of what lies behind a band it covers.
const COVER: f64 = 0.22;
/// Decades below the greatest value that a logarithmic axis shows.
const DECADES: f64 = 6.0;

/// Draws bands over time, as SVG: the middle as a line, the interval as an area. On a logarithmic axis what is
/// below a millionth of the greatest value is drawn at the foot.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without panels or values; [`PlotError::NotFinite`].
pub fn bands(what: &Bands) -> Result<String, PlotError> {
    let lines = || what.panels.iter().flat_map(|panel| &panel.lines);
    for line in lines() {
        let numbers = line
            .values
            .iter()
            .flat_map(|(time, ends)| [*time, ends[0], ends[1], ends[2]]);
        PlotError::unless_finite(&line.name, numbers)?;
    }
    let (x, y) = axes(what)?;
    let mut names: Vec<&str> = vec![];
    for line in lines() {
        if !names.contains(&line.name.as_str()) {
            names.push(&line.name);
        }
    }
    let head = heading_height(WIDTH, &what.title, &what.subtitle) + 30.0;
    let top = head + 24.0;
    let height = top + PANEL + 56.0 + MARGIN;
    let mut sheet = Sheet::new(WIDTH, height);
    let below = heading(&mut sheet, WIDTH, &what.title, &what.subtitle);
    draw_names(&mut sheet, (MARGIN, below), &names);
    let labels = y
        .ticks
        .iter()
        .map(|(_, label)| text_width(label, AXIS_TITLE));
    let left = MARGIN + 1.6 * AXIS_TITLE.size + labels.fold(0.0, f64::max) + 10.0;
    let count = what.panels.len() as f64;
    let width = (WIDTH - MARGIN - left - GAP * (count - 1.0)) / count;
    for (number, panel) in what.panels.iter().enumerate() {
        let left = (number as f64).mul_add(width + GAP, left);
        let frame = Frame {
            left,
            top,
            right: left + width,
            bottom: top + PANEL,
            x: x.clone(),
            y: y.clone(),
        };
        sheet.text((left, head + 4.0), &panel.title, HEADING, Anchor::Start);
        frame.draw_grid(&mut sheet, number == 0);
        for line in &panel.lines {
            let place = names.iter().position(|name| *name == line.name);
            draw(&mut sheet, &frame, line, place.unwrap_or(0));
        }
    }
    sheet.upwards(
        (MARGIN + 0.6 * AXIS_TITLE.size, top + 0.5 * PANEL),
        &what.y,
        AXIS_TITLE,
    );
    let middle = 0.5 * (left + WIDTH - MARGIN);
    sheet.text(
        (middle, height - MARGIN),
        &x.titled("time"),
        AXIS_TITLE,
        Anchor::Middle,
    );
    sheet.finish()
}

fn axes(what: &Bands) -> Result<(Axis, Axis), PlotError> {
    let lines = || what.panels.iter().flat_map(|panel| &panel.lines);
    let values = || lines().flat_map(|line| line.values.iter());
    let end = values().map(|(time, _)| *time).fold(0.0, f64::max);
    let most = values().map(|(_, ends)| ends[2]).fold(0.0, f64::max);
    if end <= 0.0 || most <= 0.0 {
        return Err(PlotError::nothing("bands", "there are no values above 0"));
    }
    let y = match what.values {
        Scale::Linear => Axis::linear(0.0, most),
        Scale::Log => {
            let foot = most * libm::pow(10.0, -DECADES);
            let least = values()
                .map(|(_, ends)| ends[0].max(foot))
                .fold(most, f64::min);
            Axis::log(least, most)
        }
    };
    Ok((Axis::clock(what.time, end), y))
}

fn draw(sheet: &mut Sheet, frame: &Frame, line: &BandLine, number: usize) {
    let spot = |time: f64, value: f64| frame.spot((time.max(frame.x.low), value.max(frame.y.low)));
    let side = |k: usize| {
        line.values
            .iter()
            .map(move |(time, ends)| spot(*time, ends[k]))
    };
    let mut corners: Vec<(f64, f64)> = side(0).collect();
    corners.extend(side(2).collect::<Vec<_>>().into_iter().rev());
    sheet.area(corners, colour(number), COVER);
    let stroke = Stroke {
        colour: colour(number),
        width: STROKE,
        dashed: false,
    };
    sheet.line(side(1).collect(), stroke);
}

fn draw_names(sheet: &mut Sheet, (mut x, y): (f64, f64), names: &[&str]) {
    for (number, name) in names.iter().enumerate() {
        sheet.rectangle((x, y - 7.0), (x + 24.0, y + 7.0), colour(number), COVER);
        sheet.rule((x, y), (x + 24.0, y), colour(number), STROKE);
        sheet.text((x + 31.0, y), name, LABEL, Anchor::Start);
        x += 31.0 + text_width(name, LABEL) + 24.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(values: Scale, ends: [f64; 3]) -> Result<String, PlotError> {
        let line = BandLine::new("a < b", [(0.0, ends), (1.0, ends), (24.0, ends)]);
        bands(&Bands {
            title: "bands".to_string(),
            values,
            panels: vec![BandPanel {
                title: "one".to_string(),
                lines: vec![line],
            }],
            ..Bands::default()
        })
    }

    #[test]
    fn the_text_is_well_formed_and_always_the_same() {
        for scale in [Scale::Linear, Scale::Log] {
            for ends in [[1.0, 2.0, 3.0], [0.0, 0.0, 5.0], [-1.0, 1e-300, 1e200]] {
                let svg = picture(scale, ends).unwrap();
                assert!(svg.contains("a &lt; b") && !svg.contains("NaN"));
                assert_eq!(svg, picture(scale, ends).unwrap());
            }
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        assert!(picture(Scale::Linear, [0.0, f64::NAN, 1.0]).is_err());
        assert!(picture(Scale::Log, [0.0, 0.0, 0.0]).is_err());
        assert!(bands(&Bands::default()).is_err());
    }
}
