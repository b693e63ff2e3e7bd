//! A plot with two axes: heading, grid, labels, and lines cut at its edges.

use super::axis::Axis;
use super::look::{AXIS, AXIS_TITLE, GRID, MARGIN, SUBTITLE, TICK, TITLE, text_width, wrapped};
use super::sheet::{Anchor, Sheet, Spot, Stroke};

/// Draws title and subtitle, and gives the y below them, px.
pub(super) fn heading(sheet: &mut Sheet, width: f64, title: &str, subtitle: &str) -> f64 {
    let mut y = MARGIN;
    for (text, font) in [(title, TITLE), (subtitle, SUBTITLE)] {
        for line in wrapped(text, font, width - 2.0 * MARGIN) {
            y += 0.65 * font.size;
            sheet.text((MARGIN, y), &line, font, Anchor::Start);
            y += 0.65 * font.size;
        }
        y += 3.0;
    }
    y + 14.0
}

/// The height that [`heading`] will need, px.
pub(super) fn heading_height(width: f64, title: &str, subtitle: &str) -> f64 {
    heading(&mut Sheet::new(width, 0.0), width, title, subtitle)
}

/// The rectangle of the data, px, with its two axes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    pub(super) x: Axis,
    pub(super) y: Axis,
}

impl Frame {
    /// A frame on a sheet of the given size, below `top` and with `beside` px at its right.
    pub(super) fn new((width, height): Spot, top: f64, beside: f64, x: Axis, y: Axis) -> Self {
        let labels = y.ticks.iter().map(|(_, label)| text_width(label, TICK));
        let widest = labels.fold(0.0, f64::max);
        Self {
            left: MARGIN + 1.6 * AXIS_TITLE.size + widest + 10.0,
            top,
            right: width - MARGIN - beside,
            bottom: height - MARGIN - 0.5 * AXIS_TITLE.size - 40.0,
            x,
            y,
        }
    }

    /// Where a pair of values stands, px; outside the frame for values outside the axes.
    pub(super) fn spot(&self, (x, y): (f64, f64)) -> Spot {
        (
            self.x.share(x).mul_add(self.right - self.left, self.left),
            self.bottom - self.y.share(y) * (self.bottom - self.top),
        )
    }

    /// Draws grid, axes, labels and titles.
    pub(super) fn draw(&self, sheet: &mut Sheet, x_title: &str, y_title: &str) {
        self.draw_y(sheet);
        self.draw_x(sheet);
        self.draw_spines(sheet);
        let middle = (self.left + self.right) / 2.0;
        let x_at = (middle, self.bottom + 40.0);
        sheet.text(x_at, x_title, AXIS_TITLE, Anchor::Middle);
        let y_at = (
            MARGIN + 0.6 * AXIS_TITLE.size,
            (self.top + self.bottom) / 2.0,
        );
        sheet.upwards(y_at, y_title, AXIS_TITLE);
    }

    /// Draws grid, axes and labels without titles; labels of values only if asked for.
    pub(super) fn draw_grid(&self, sheet: &mut Sheet, values: bool) {
        let mut bare = self.clone();
        if !values {
            for (_, label) in &mut bare.y.ticks {
                label.clear();
            }
        }
        bare.draw_y(sheet);
        bare.draw_x(sheet);
        bare.draw_spines(sheet);
    }

    fn draw_y(&self, sheet: &mut Sheet) {
        for value in &self.y.minor {
            let (_, y) = self.spot((self.x.low, *value));
            sheet.rule((self.left - 3.0, y), (self.left, y), AXIS, 0.8);
        }
        for (value, label) in &self.y.ticks {
            let (_, y) = self.spot((self.x.low, *value));
            sheet.rule((self.left, y), (self.right, y), GRID, 1.0);
            sheet.rule((self.left - 6.0, y), (self.left, y), AXIS, 1.0);
            sheet.text((self.left - 10.0, y), label, TICK, Anchor::End);
        }
    }

    fn draw_x(&self, sheet: &mut Sheet) {
        for value in &self.x.minor {
            let (x, _) = self.spot((*value, self.y.low));
            sheet.rule((x, self.bottom), (x, self.bottom + 3.0), AXIS, 0.8);
        }
        let place = |value| self.spot((value, self.y.low)).0;
        for (x, label) in self.x.spaced(place) {
            sheet.rule((x, self.top), (x, self.bottom), GRID, 0.7);
            sheet.rule((x, self.bottom), (x, self.bottom + 6.0), AXIS, 1.0);
            sheet.text((x, self.bottom + 17.0), label, TICK, Anchor::Middle);
        }
    }

    /// The lines of the two axes, to be drawn again over filled areas.
    pub(super) fn draw_spines(&self, sheet: &mut Sheet) {
        let corner = (self.left, self.bottom);
        sheet.rule(corner, (self.right, self.bottom), AXIS, 1.2);
        sheet.rule(corner, (self.left, self.top), AXIS, 1.2);
    }

    /// Draws a line through pairs of values and gives its visible pieces, px.
    pub(super) fn line(
        &self,
        sheet: &mut Sheet,
        values: &[(f64, f64)],
        stroke: Stroke,
    ) -> Vec<Vec<Spot>> {
        let spots: Vec<Spot> = values.iter().map(|pair| self.spot(*pair)).collect();
        let pieces = self.visible(&spots);
        for piece in &pieces {
            sheet.line(thinned(piece), stroke);
        }
        pieces
    }

    /// The parts of a line inside the frame.
    fn visible(&self, spots: &[Spot]) -> Vec<Vec<Spot>> {
        let mut pieces: Vec<Vec<Spot>> = vec![];
        for pair in spots.windows(2) {
            let Some((from, to)) = self.cut(pair[0], pair[1]) else {
                continue;
            };
            match pieces.last_mut() {
                Some(piece) if piece.last().is_some_and(|end| near(*end, from)) => piece.push(to),
                _ => pieces.push(vec![from, to]),
            }
        }
        pieces
    }

    /// The part of a straight line inside the frame (Liang and Barsky, 1984).
    fn cut(&self, from: Spot, to: Spot) -> Option<(Spot, Spot)> {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        // A hair of room, so that a line along an edge is not lost to rounding.
        let room = 0.05;
        for (speed, distance) in [
            (-dx, from.0 - self.left + room),
            (dx, self.right - from.0 + room),
            (-dy, from.1 - self.top + room),
            (dy, self.bottom - from.1 + room),
        ] {
            if speed < 0.0 {
                enter = enter.max(distance / speed);
            } else if speed > 0.0 {
                leave = leave.min(distance / speed);
            } else if distance < 0.0 {
                return None;
            }
        }
        let at = |share: f64| (share.mul_add(dx, from.0), share.mul_add(dy, from.1));
        (enter <= leave).then(|| (at(enter), at(leave)))
    }
}

fn near(a: Spot, b: Spot) -> bool {
    (a.0 - b.0).abs() < 0.01 && (a.1 - b.1).abs() < 0.01
}

/// The line without the points that nobody would miss: less than a tenth of a pixel off.
pub(super) fn thinned(spots: &[Spot]) -> Vec<Spot> {
    let Some(mut kept) = spots.first().copied() else {
        return vec![];
    };
    let mut thin = vec![kept];
    let mut start = 0;
    for end in 2..spots.len() {
        let between = &spots[start + 1..end];
        if between
            .iter()
            .any(|spot| off(*spot, kept, spots[end]) > 0.1)
        {
            start = end - 1;
            kept = spots[start];
            thin.push(kept);
        }
    }
    if spots.len() > 1 {
        thin.extend(spots.last());
    }
    thin
}

/// Distance of a spot from the straight line between two others.
fn off(spot: Spot, a: Spot, b: Spot) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = libm::hypot(dx, dy);
    let (sx, sy) = (spot.0 - a.0, spot.1 - a.1);
    if length < 1e-9 {
        return libm::hypot(sx, sy);
    }
    // Beyond the ends the nearest point is an end.
    let along = ((sx * dx + sy * dy) / (length * length)).clamp(0.0, 1.0);
    libm::hypot(along.mul_add(-dx, sx), along.mul_add(-dy, sy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_the_edges() {
        let (x, y) = (Axis::linear(0.0, 10.0), Axis::log(1e-3, 100.0));
        let frame = Frame::new((800.0, 500.0), 60.0, 100.0, x, y);
        let spots = [(0.0, 0.0), (4.0, 10.0), (8.0, 0.0), (9.0, 0.0), (10.0, 1.0)];
        let spots = spots.map(|pair| frame.spot(pair));
        let pieces = frame.visible(&spots);
        assert_eq!(pieces.len(), 2);
        for (x, y) in pieces.concat() {
            assert!(x >= frame.left - 0.1 && x <= frame.right + 0.1);
            assert!(y >= frame.top - 0.1 && y <= frame.bottom + 0.1);
        }
    }

    #[test]
    fn thinning_keeps_ends_and_corners() {
        let line: Vec<Spot> = (0..=100)
            .map(|k| (f64::from(k), (50.0 - f64::from(k)).abs()))
            .collect();
        assert_eq!(thinned(&line), [(0.0, 50.0), (50.0, 0.0), (100.0, 50.0)]);
    }
}
