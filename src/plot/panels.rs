//! Small multiples: the same axes again and again, each with its own lines.

use super::PlotError;
use super::axis::{Axis, Scale};
use super::curve::CurveLine;
use super::frame::{Frame, heading, heading_height};
use super::look::{
    AXIS_TITLE, FAINT_INK, HEADING, LABEL, LINES, MARGIN, STROKE, SUBTITLE, TICK, WIDTH, colour,
    text_width, wrapped,
};
use super::sheet::{Anchor, Sheet, Stroke};

/// What [`panels`] shows: values over time, one panel beside the other.
///
/// ```
/// use biodist::plot::{CurveLine, Panel, Panels, panels};
/// let decay = |k: f64| CurveLine::new("lung", (1..=48).map(|h| (f64::from(h), 100.0 * (-k * f64::from(h)).exp())));
/// let svg = panels(&Panels {
///     title: "Two half-lives".to_string(),
///     y: "% of dose".to_string(),
///     panels: vec![Panel::new("fast", vec![decay(0.5)]), Panel::new("slow", vec![decay(0.05)])],
///     ..Panels::default()
/// })?;
/// assert!(svg.contains("slow"));
/// # Ok::<(), biodist::plot::PlotError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panels {
    /// What is seen.
    pub title: String,
    /// A second, fainter line; may be empty.
    pub subtitle: String,
    /// Title of the vertical axis, with the unit.
    pub y: String,
    /// Title of the horizontal axis, with the unit; empty: it is time in h, and reads as a clock.
    pub x: String,
    /// How time, or what stands in its place, is spread.
    pub time: Scale,
    /// The panels, row by row.
    pub panels: Vec<Panel>,
    /// How many stand in a row; 0 for three.
    pub columns: usize,
}

/// One panel. Lines of one name have one colour in all panels; when no two panels share a name, each
/// panel lists its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// What it shows.
    pub title: String,
    /// A fainter line under the title; may be empty.
    pub note: String,
    /// Times in h, or what stands in their place, and values.
    pub lines: Vec<CurveLine>,
}

impl Panel {
    /// A panel with its lines.
    #[must_use]
    pub fn new(title: impl Into<String>, lines: Vec<CurveLine>) -> Self {
        Self {
            title: title.into(),
            note: String::new(),
            lines,
        }
    }

    /// Adds a fainter line under the title.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

const PANEL_HEIGHT: f64 = 175.0;
const GAP: f64 = 42.0;
/// Height of a row of names within a panel, px.
const OWN_NAMES: f64 = 20.0;

/// Draws small multiples with common axes, as SVG.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without panels or values.
pub fn panels(what: &Panels) -> Result<String, PlotError> {
    let lines = || what.panels.iter().flat_map(|panel| &panel.lines);
    let (x, y) = axes(what)?;
    let mut names: Vec<&str> = vec![];
    for line in lines() {
        if !names.contains(&line.name.as_str()) {
            names.push(&line.name);
        }
    }
    let own = what.panels.len() > 1 && names.len() == lines().count();
    let columns = if what.columns == 0 { 3 } else { what.columns };
    let rows = what.panels.len().div_ceil(columns);
    let head = heading_height(WIDTH, &what.title, &what.subtitle) + 26.0;
    let captions = caption_height(what, columns) + if own { OWN_NAMES } else { 0.0 };
    let row_height = captions + PANEL_HEIGHT + 34.0;
    let height = (rows as f64).mul_add(row_height, head + MARGIN + 16.0);
    let mut sheet = Sheet::new(WIDTH, height);
    let below = heading(&mut sheet, WIDTH, &what.title, &what.subtitle);
    if !own {
        draw_names(&mut sheet, (MARGIN, below), &names);
    }
    for (index, panel) in what.panels.iter().enumerate() {
        let (row, column) = (index / columns, index % columns);
        let top = (row as f64).mul_add(row_height, head);
        let frame = place(column, columns, top + captions, &x, &y);
        caption(&mut sheet, &frame, top, panel);
        frame.draw_grid(&mut sheet, column == 0);
        let of_panel: Vec<&str> = panel.lines.iter().map(|line| line.name.as_str()).collect();
        if own {
            draw_names(&mut sheet, (frame.left, frame.top - OWN_NAMES), &of_panel);
        }
        let names = if own { &of_panel } else { &names };
        for line in &panel.lines {
            let number = names.iter().position(|name| *name == line.name);
            frame.line(&mut sheet, &line.values, stroke(number.unwrap_or(0)));
        }
    }
    let middle = (below + 26.0 + height) / 2.0;
    sheet.upwards(
        (MARGIN + 0.6 * AXIS_TITLE.size, middle),
        &what.y,
        AXIS_TITLE,
    );
    let axis = match what.x.is_empty() {
        true => x.titled("time"),
        false => x.titled(&what.x),
    };
    sheet.text(
        (WIDTH / 2.0, height - MARGIN),
        &axis,
        AXIS_TITLE,
        Anchor::Middle,
    );
    sheet.finish()
}

/// The axes that all panels share.
fn axes(what: &Panels) -> Result<(Axis, Axis), PlotError> {
    let lines = what.panels.iter().flat_map(|panel| &panel.lines);
    let values: Vec<(f64, f64)> = lines.flat_map(|line| line.values.iter().copied()).collect();
    let largest = |numbers: &mut dyn Iterator<Item = f64>| numbers.fold(0.0, f64::max);
    let end = largest(&mut values.iter().map(|value| value.0));
    let top = largest(&mut values.iter().map(|value| value.1));
    let x = match what.x.is_empty() {
        true if end > 0.0 => Some(Axis::clock(what.time, end)),
        true => None,
        false => Axis::of(what.time, values.iter().map(|value| value.0)),
    };
    let x = x.ok_or_else(|| PlotError::nothing("panels", "there are no values"))?;
    Ok((x, Axis::linear(0.0, top)))
}

fn stroke(index: usize) -> Stroke {
    Stroke {
        colour: colour(index),
        width: STROKE,
        dashed: index >= LINES.len(),
    }
}

/// The frame of one panel.
fn place(column: usize, columns: usize, top: f64, x: &Axis, y: &Axis) -> Frame {
    let labels = y.ticks.iter().map(|(_, label)| text_width(label, TICK));
    let left = MARGIN + 1.6 * AXIS_TITLE.size + labels.fold(0.0, f64::max) + 10.0;
    let width = (WIDTH - MARGIN - left - GAP * (columns - 1) as f64) / columns as f64;
    let left = (column as f64).mul_add(width + GAP, left);
    Frame {
        left,
        top,
        right: left + width,
        bottom: top + PANEL_HEIGHT,
        x: x.clone(),
        y: y.clone(),
    }
}

fn panel_width(columns: usize) -> f64 {
    (WIDTH - 90.0 - GAP * (columns - 1) as f64) / columns as f64
}

fn notes(panel: &Panel, columns: usize) -> Vec<String> {
    wrapped(&panel.note, SUBTITLE, panel_width(columns))
}

/// The height of the tallest caption, px.
fn caption_height(what: &Panels, columns: usize) -> f64 {
    let notes = what.panels.iter().map(|panel| notes(panel, columns).len());
    let most = notes.max().unwrap_or(0);
    (most as f64).mul_add(1.3 * SUBTITLE.size, 30.0)
}

fn caption(sheet: &mut Sheet, frame: &Frame, top: f64, panel: &Panel) {
    let mut y = top + 0.6 * HEADING.size;
    sheet.text((frame.left, y), &panel.title, HEADING, Anchor::Start);
    let faint = SUBTITLE.coloured(FAINT_INK);
    for line in wrapped(&panel.note, SUBTITLE, frame.right - frame.left) {
        y += 1.3 * SUBTITLE.size;
        sheet.text((frame.left, y), &line, faint, Anchor::Start);
    }
}

/// The names of the lines in a row.
fn draw_names(sheet: &mut Sheet, (left, y): (f64, f64), names: &[&str]) {
    let mut left = left;
    for (index, name) in names.iter().enumerate() {
        sheet.line(vec![(left, y), (left + 24.0, y)], stroke(index));
        sheet.text((left + 31.0, y), name, LABEL, Anchor::Start);
        left += 31.0 + text_width(name, LABEL) + 24.0;
    }
}
