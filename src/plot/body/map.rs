//! The same body again and again: rows of what is seen, columns of times.

use super::amounts::{Seen, Shares};
use super::shade::{EMPTY, shade, stops};
use super::shapes::{BodyShapes, Form, Shape};
use crate::plot::PlotError;
use crate::plot::frame::{heading, heading_height, thinned};
use crate::plot::labels::spread;
use crate::plot::look::{
    AXIS, AXIS_TITLE, Colour, FAINT_INK, Font, HEADING, LABEL, MARGIN, WHITE, WIDTH, number, plain,
    power_of_ten, short_number, wrapped,
};
use crate::plot::samples::summary;
use crate::plot::sheet::{Anchor, Sheet, Spot, Stroke};
use crate::simulation::Run;
use crate::units::Time;

/// Choices for [`body_map`].
#[derive(Debug, Clone, PartialEq)]
pub struct BodyMap {
    /// What is seen, one row each.
    pub rows: Vec<Seen>,
    /// When, one column each; those after the end of the run are left out.
    pub times: Vec<Time>,
    /// Where the scale begins: the power of ten of the least share of the dose in % that has a
    /// shade, -6 to 1.
    pub lowest: i32,
    /// What is seen; empty for a title of the picture's own.
    pub title: String,
}

impl Default for BodyMap {
    fn default() -> Self {
        let hours = [5.0 / 60.0, 1.0, 24.0, 72.0, 240.0];
        Self {
            rows: vec![Seen::Living, Seen::Remains],
            times: hours.map(Time::new).to_vec(),
            lowest: -2,
            title: String::new(),
        }
    }
}

/// Width of the column with names and scales, px.
const KEY: f64 = 236.0;
/// Width of the body with the names, px.
const KEY_BODY: f64 = 136.0;
/// Width of the title of a row, px.
const ROW_TITLE: f64 = 24.0;
/// Height of the times above the bodies, and of the sums below each of them, px.
const ABOVE: f64 = 26.0;
const BELOW: f64 = 46.0;
/// Height of one scale with a title of one line, and of each further line, px.
const SCALE: f64 = 56.0;
const LINE: f64 = 17.0;
/// The edge of a body.
const OUTLINE: Colour = (176, 180, 180);
const SMALL: Font = Font {
    size: 12.5,
    ..LABEL
};

/// Draws the body at several times, its organs shaded by their share of the dose, as SVG.
///
/// Humans are drawn from the front, all animals as a small one lying on its back. What is drawn is
/// where an organ lies, not how large it is. Extra organs of the host have no drawing; they are
/// named below.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without rows or without times within the run;
/// [`PlotError::Observation`] for a label that the scenario does not carry;
/// [`PlotError::Solver`] for a time before the run; [`PlotError::NotFinite`].
///
/// # Example
/// ```
/// use biodist::plot::{BodyMap, body_map};
/// use biodist::prelude::*;
/// let run = Scenario::new(Host::mouse(25.g()))
///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
///     .simulate()?;
/// let svg = body_map(&run, &BodyMap::default())?;
/// assert!(svg.contains("Living cells") && svg.contains("bone marrow"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn body_map(run: &Run, looks: &BodyMap) -> Result<String, PlotError> {
    let end = run.trajectory.span().1;
    let within = looks.times.iter().filter(|time| time.value() <= end);
    let times: Vec<Time> = within.copied().collect();
    if looks.rows.is_empty() || times.is_empty() {
        let reason = "there is no row, or no time within the run";
        return Err(PlotError::nothing("the body map", reason));
    }
    let title = match looks.title.is_empty() {
        true => "Where the cells are",
        false => &looks.title,
    };
    let body = BodyShapes::of(&run.model.scenario.host.species);
    let top = heading_height(WIDTH, title, &summary(&run.model));
    let plan = Plan::new(body, looks, times.len(), top);
    let mut sheet = Sheet::new(WIDTH, plan.bottom + MARGIN);
    heading(&mut sheet, WIDTH, title, &summary(&run.model));
    plan.draw_key(&mut sheet);
    let mut undrawn: Vec<String> = vec![];
    let mut scale_top = plan.scales();
    for (row, seen) in looks.rows.iter().enumerate() {
        plan.draw_scale(&mut sheet, scale_top, seen);
        scale_top += scale_height(seen);
        plan.draw_row_title(&mut sheet, row, seen);
        for (column, time) in times.iter().enumerate() {
            let shares = seen.shares(run, *time)?;
            let at = plan.corner(row, column);
            if row == 0 {
                let head = (at.0 + plan.column / 2.0, top + 10.0);
                sheet.text(head, &time.to_string(), AXIS_TITLE, Anchor::Middle);
            }
            let colour = |place: &str| Some(shade(seen, shares.of(place)?, plan.lowest));
            draw_body(&mut sheet, body, at, plan.scale, &colour);
            plan.draw_sums(&mut sheet, at, &shares);
            undrawn.extend(without_drawing(body, &shares));
        }
    }
    undrawn.sort();
    undrawn.dedup();
    if !undrawn.is_empty() {
        let note = format!("Not drawn, but counted: {}", undrawn.join(", "));
        sheet.text((MARGIN, plan.bottom + 4.0), &note, SMALL, Anchor::Start);
    }
    sheet.finish()
}

/// Where everything goes, px.
struct Plan<'a> {
    body: &'a BodyShapes,
    top: f64,
    bottom: f64,
    /// Width of one column.
    column: f64,
    /// Height of one row.
    row: f64,
    /// Size of a body on paper: px for each unit of its drawing.
    scale: f64,
    /// The least share that has a shade, %.
    lowest: f64,
}

impl<'a> Plan<'a> {
    fn new(body: &'a BodyShapes, looks: &BodyMap, columns: usize, top: f64) -> Self {
        let left = MARGIN + KEY + ROW_TITLE;
        // Few columns stand as wide apart as many.
        let column = (WIDTH - MARGIN - left) / columns.max(4) as f64;
        let scale = (column - 6.0) / body.width;
        let row = body.height.mul_add(scale, BELOW);
        let rows = looks.rows.len() as f64;
        let scales: f64 = looks.rows.iter().map(scale_height).sum();
        let key = key_height(body) + scales;
        Self {
            body,
            top,
            bottom: top + ABOVE + key.max(row * rows),
            column,
            row,
            scale,
            lowest: 10_f64.powi(looks.lowest.clamp(-6, 1)),
        }
    }

    /// Where the first scale begins.
    fn scales(&self) -> f64 {
        self.top + ABOVE + key_height(self.body)
    }

    /// The upper left corner of a body.
    fn corner(&self, row: usize, column: usize) -> Spot {
        let left = MARGIN + KEY + ROW_TITLE + 3.0;
        (
            self.column.mul_add(column as f64, left),
            self.row.mul_add(row as f64, self.top + ABOVE),
        )
    }

    fn draw_row_title(&self, sheet: &mut Sheet, row: usize, seen: &Seen) {
        let (_, top) = self.corner(row, 0);
        let middle = top + self.body.height * self.scale / 2.0;
        let font = HEADING.coloured(stops(seen)[3]);
        sheet.upwards((MARGIN + KEY + 10.0, middle), &seen.title(), font);
    }

    /// What is in the whole body, and where most of it is.
    fn draw_sums(&self, sheet: &mut Sheet, corner: Spot, shares: &Shares) {
        let x = corner.0 + self.column / 2.0;
        let y = self.body.height.mul_add(self.scale, corner.1) + 9.0;
        let all = format!("{} %", percent(shares.all(), self.lowest));
        sheet.text((x, y), &all, HEADING, Anchor::Middle);
        if let Some((place, share)) = shares.most().filter(|(_, share)| *share >= self.lowest) {
            let most = format!("{} {} %", plain(place), percent(share, self.lowest));
            let faint = SMALL.coloured(FAINT_INK);
            sheet.text((x, y + 16.0), &most, faint, Anchor::Middle);
        }
    }

    /// A body with the names of its organs.
    fn draw_key(&self, sheet: &mut Sheet) {
        let (corner, scale) = ((MARGIN, self.top + ABOVE), KEY_BODY / self.body.width);
        draw_body(sheet, self.body, corner, scale, &|_| Some(EMPTY));
        let place = |(x, y): Spot| (scale.mul_add(x, corner.0), scale.mul_add(y, corner.1));
        let spots: Vec<Spot> = self
            .body
            .names
            .iter()
            .map(|(_, spot)| place(*spot))
            .collect();
        let wanted: Vec<f64> = spots.iter().map(|spot| spot.1).collect();
        let bottom = self.body.height.mul_add(scale, corner.1);
        let heights = spread(&wanted, 18.0, corner.1, bottom);
        let x = MARGIN + KEY_BODY + 12.0;
        for (((name, _), spot), y) in self.body.names.iter().zip(spots).zip(heights) {
            sheet.rule(spot, (x - 4.0, y), AXIS, 0.6);
            sheet.dot(spot, 1.6, AXIS);
            sheet.text((x, y), &plain(name), SMALL, Anchor::Start);
        }
    }

    /// The scale of a row, with the shade of nothing before it.
    fn draw_scale(&self, sheet: &mut Sheet, top: f64, seen: &Seen) {
        const PIECES: u32 = 60;
        let (left, right) = (MARGIN + 50.0, MARGIN + KEY - 24.0);
        let font = HEADING.coloured(stops(seen)[3]);
        for (line, text) in scale_title(seen).iter().enumerate() {
            let y = LINE.mul_add(line as f64, top);
            sheet.text((MARGIN, y), text, font, Anchor::Start);
        }
        let top = top + scale_height(seen) - SCALE;
        sheet.rectangle((MARGIN, top + 12.0), (left - 10.0, top + 24.0), EMPTY, 1.0);
        let decades = -libm::log10(self.lowest) + 2.0;
        let x = |part: f64| part.mul_add(right - left, left);
        for piece in 0..PIECES {
            let (from, to) = (f64::from(piece), f64::from(piece + 1));
            let (from, to) = (from / f64::from(PIECES), to / f64::from(PIECES));
            let share = self.lowest * libm::pow(10.0, decades * (from + to) / 2.0);
            // Each is drawn to the end and covered by those after it: no seams.
            let corners = ((x(from), top + 12.0), (right, top + 24.0));
            sheet.rectangle(corners.0, corners.1, shade(seen, share, self.lowest), 1.0);
        }
        let swatch = f64::midpoint(MARGIN, left - 10.0);
        sheet.text((swatch, top + 34.0), "less", SMALL, Anchor::Middle);
        for decade in 0..=decades.round() as i32 {
            let at = x(f64::from(decade) / decades);
            sheet.rule((at, top + 24.0), (at, top + 27.0), AXIS, 0.8);
            let text = power_of_ten(decade + libm::log10(self.lowest).round() as i32);
            sheet.text((at, top + 34.0), &text, SMALL, Anchor::Middle);
        }
    }
}

/// Height of the body with the names, and of the space below it, px.
fn key_height(body: &BodyShapes) -> f64 {
    KEY_BODY / body.width * body.height + 24.0
}

/// What a scale measures, in lines.
fn scale_title(seen: &Seen) -> Vec<String> {
    let title = format!("{}, % of dose", seen.title());
    wrapped(&title, HEADING, KEY - 20.0)
}

fn scale_height(seen: &Seen) -> f64 {
    LINE.mul_add(scale_title(seen).len().saturating_sub(1) as f64, SCALE)
}

/// % of the dose, in words where it is below the scale.
fn percent(share: f64, lowest: f64) -> String {
    if share < lowest {
        return format!("< {}", short_number(lowest));
    }
    number(share)
}

/// Places of the host that have no shape: extra organs.
fn without_drawing(body: &BodyShapes, shares: &Shares) -> Vec<String> {
    let drawn = |name: &str| body.shapes.iter().any(|shape| shape.place == name);
    let places = shares
        .places()
        .filter(|name| !drawn(name) && *name != "outside");
    places.map(plain).collect()
}

/// Draws one body; places without a colour are those that the host does not have.
fn draw_body(
    sheet: &mut Sheet,
    body: &BodyShapes,
    corner: Spot,
    scale: f64,
    colour: &dyn Fn(&str) -> Option<Colour>,
) {
    let place = |(x, y): Spot| (scale.mul_add(x, corner.0), scale.mul_add(y, corner.1));
    for shape in body.shapes {
        let Some(fill) = colour(shape.place) else {
            continue;
        };
        for corners in shape.corners(body.width) {
            let corners: Vec<Spot> = corners.into_iter().map(place).collect();
            draw_shape(sheet, shape, thinned(&corners), fill, scale);
        }
    }
}

fn draw_shape(sheet: &mut Sheet, shape: &Shape, corners: Vec<Spot>, fill: Colour, scale: f64) {
    let line = |colour, width| Stroke {
        colour,
        width,
        dashed: false,
    };
    match shape.form {
        Form::Area => {
            sheet.area(corners.clone(), fill, 1.0);
            let edge = if shape.place == "rest" {
                OUTLINE
            } else {
                WHITE
            };
            sheet.line(corners, line(edge, 0.55 * scale));
        }
        Form::Line(width) => sheet.line(corners, line(fill, width * scale)),
        Form::Rim(width) => {
            // The edge of the body stays to be seen where the skin holds nothing.
            sheet.line(corners.clone(), line(OUTLINE, (width + 0.8) * scale));
            sheet.line(corners, line(fill, width * scale));
        }
    }
}
