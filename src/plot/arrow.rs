//! Lines that point.

use crate::plot::look::Colour;
use crate::plot::sheet::{Sheet, Spot, Stroke};

/// A solid line through points, with a head at its end.
pub(super) fn arrow(sheet: &mut Sheet, points: &[Spot], colour: Colour, width: f64) {
    let [.., before, end] = points else {
        return;
    };
    let (dx, dy) = (end.0 - before.0, end.1 - before.1);
    let length = libm::hypot(dx, dy).max(1e-9);
    let (along, across) = ((dx / length, dy / length), (-dy / length, dx / length));
    let (long, half) = (0.7_f64.mul_add(width, 6.0), 0.65_f64.mul_add(width, 3.2));
    let back = |part: f64, side: f64| {
        let part = part * long;
        (
            end.0 - part * along.0 + side * half * across.0,
            end.1 - part * along.1 + side * half * across.1,
        )
    };
    // The line ends within the head, so that its blunt end does not stand out.
    let mut line = points.to_vec();
    line.pop();
    line.push(back(0.8, 0.0));
    let stroke = Stroke {
        colour,
        width,
        dashed: false,
    };
    sheet.line(line, stroke);
    sheet.area(vec![*end, back(1.0, 1.0), back(1.0, -1.0)], colour, 1.0);
}

/// A filled box with an edge, between two opposite corners.
pub(super) fn boxed(sheet: &mut Sheet, a: Spot, b: Spot, fill: Colour, edge: Colour) {
    sheet.rectangle(a, b, fill, 1.0);
    let corners = vec![a, (b.0, a.1), b, (a.0, b.1), a];
    let stroke = Stroke {
        colour: edge,
        width: 1.3,
        dashed: false,
    };
    sheet.line(corners, stroke);
}
