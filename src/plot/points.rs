//! Points with labels that cover as little as possible.

use super::arrow::arrow;
use super::curve::{Curve, CurvePoint, Way};
use super::frame::Frame;
use super::labels::{Corners, Crowd, dense};
use super::look::{Colour, FAINT_INK, INK, TICK, WHITE, colour};
use super::sheet::{Anchor, Sheet, Spot, Stroke};

/// Radius of a point, px.
const RADIUS: f64 = 4.5;

/// Length of the arrow of a limit, px.
const ARROW: f64 = 17.0;

/// By how much the estimate of the width of a text is greater than most faces need.
const SPARE: f64 = 0.12;

/// Draws the points inside the frame; `lines` are the visible pieces of the data lines.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame, curve: &Curve, lines: &[Vec<Spot>]) {
    let inside = |share: f64| (-1e-9..=1.0 + 1e-9).contains(&share);
    let seen = |p: &&CurvePoint| inside(frame.x.share(p.x)) && inside(frame.y.share(p.y));
    let points: Vec<(&CurvePoint, Spot)> = curve
        .points
        .iter()
        .filter(seen)
        .map(|point| (point, frame.spot((point.x, point.y))))
        .collect();
    let mut crowd = Crowd {
        frame: [frame.left, frame.top, frame.right, frame.bottom],
        taken: points
            .iter()
            .map(|(point, spot)| around(point, *spot))
            .collect(),
        lines: lines.iter().flat_map(|line| dense(line)).collect(),
    };
    for (_, spot) in points.iter().filter(|(point, _)| point.open.is_none()) {
        sheet.dot(*spot, RADIUS + 1.2, WHITE);
    }
    for (point, spot) in &points {
        draw_range(sheet, frame, point, &mut crowd);
        let shade = point.line.map_or(INK, colour);
        match point.open {
            Some(way) => draw_limit(sheet, *spot, way, shade),
            None => sheet.dot(*spot, RADIUS, shade),
        }
    }
    for (point, spot) in points.iter().filter(|(point, _)| !point.label.is_empty()) {
        draw_label(sheet, &point.label, *spot, &mut crowd);
    }
}

/// The box of a point, with its arrow.
fn around(point: &CurvePoint, (x, y): Spot) -> Corners {
    let reach = |way| {
        if point.open == Some(way) {
            ARROW
        } else {
            RADIUS
        }
    };
    [
        x - reach(Way::Left),
        y - reach(Way::Up),
        x + reach(Way::Right),
        y + reach(Way::Down),
    ]
}

/// A bar with an arrow.
fn draw_limit(sheet: &mut Sheet, (x, y): Spot, way: Way, shade: Colour) {
    let (dx, dy) = match way {
        Way::Left => (-1.0, 0.0),
        Way::Right => (1.0, 0.0),
        Way::Up => (0.0, -1.0),
        Way::Down => (0.0, 1.0),
    };
    let half = 6.0;
    sheet.rule(
        (x - half * dy, y - half * dx),
        (x + half * dy, y + half * dx),
        shade,
        2.2,
    );
    arrow(
        sheet,
        &[(x, y), (x + ARROW * dx, y + ARROW * dy)],
        shade,
        1.6,
    );
}

/// An error bar with caps where its ends are inside the frame.
fn draw_range(sheet: &mut Sheet, frame: &Frame, point: &CurvePoint, crowd: &mut Crowd) {
    let Some((least, greatest)) = point.range else {
        return;
    };
    let stroke = Stroke {
        colour: INK,
        width: 1.3,
        dashed: false,
    };
    let bar = [(point.x, least), (point.x, greatest)];
    for piece in frame.line(sheet, &bar, stroke) {
        crowd.lines.extend(dense(&piece));
    }
    for (x, y) in bar.map(|pair| frame.spot(pair)) {
        if y >= frame.top && y <= frame.bottom {
            sheet.rule((x - 4.0, y), (x + 4.0, y), INK, 1.3);
        }
    }
}

fn draw_label(sheet: &mut Sheet, label: &str, spot: Spot, crowd: &mut Crowd) {
    let places = places(spot);
    let boxes: Vec<Corners> = places
        .iter()
        .map(|(at, anchor)| Sheet::text_box(*at, label, TICK, *anchor))
        .collect();
    let best = crowd.best(&boxes);
    let (at, anchor) = places[best];
    let [left, top, right, bottom] = boxes[best];
    let (dx, dy) = (at.0 - spot.0, at.1 - spot.1);
    let far = libm::hypot(dx, dy);
    if far > 18.0 {
        // From the edge of the point to just before the text.
        let from = RADIUS + 1.0;
        let end = |reach: f64| {
            (
                dx.mul_add(reach / far, spot.0),
                dy.mul_add(reach / far, spot.1),
            )
        };
        let stop = if anchor == Anchor::Middle {
            far - 9.0
        } else {
            far - 3.0
        };
        sheet.rule(end(from), end(stop), FAINT_INK, 0.8);
    }
    // The box is an upper estimate: where the text surely ends, what is behind it stays to be seen.
    let spare = SPARE * (right - left);
    let (left, right) = match anchor {
        Anchor::Start => (left, right - spare),
        Anchor::Middle => (left + spare / 2.0, right - spare / 2.0),
        Anchor::End => (left + spare, right),
    };
    sheet.rectangle((left, top + 2.0), (right, bottom - 2.0), WHITE, 0.7);
    sheet.text(at, label, TICK, anchor);
    crowd.taken.push(boxes[best]);
}

/// Where the label of a point may stand: eight directions at growing distances, best first.
fn places((x, y): Spot) -> Vec<(Spot, Anchor)> {
    let mut places = vec![];
    for ring in 0..4 {
        let away = 16.0 * f64::from(ring);
        let (side, up) = (RADIUS + 5.0 + away, RADIUS + 10.0 + away);
        places.extend([
            ((x + side, y), Anchor::Start),
            ((x - side, y), Anchor::End),
            ((x, y - up), Anchor::Middle),
            ((x, y + up), Anchor::Middle),
            ((x + 0.8 * side, y - 0.8 * up), Anchor::Start),
            ((x + 0.8 * side, y + 0.8 * up), Anchor::Start),
            ((x - 0.8 * side, y - 0.8 * up), Anchor::End),
            ((x - 0.8 * side, y + 0.8 * up), Anchor::End),
        ]);
    }
    places
}
