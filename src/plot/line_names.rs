//! Names of the lines of a curve: at their ends, or in a list where the ends crowd.

use super::curve::{Curve, stroke};
use super::frame::Frame;
use super::labels::spread;
use super::look::{LABEL, WIDTH, text_width};
use super::sheet::{Anchor, Sheet, Spot};

/// Height of one name, px.
const LINE: f64 = 22.0;

/// Room at the right of the frame, px.
pub(super) fn width(curve: &Curve) -> f64 {
    if curve.lines.is_empty() {
        return 20.0;
    }
    let widths = curve.lines.iter().map(|line| text_width(&line.name, LABEL));
    // Very long names run out of the picture rather than push the data aside.
    (widths.fold(0.0, f64::max) + 46.0).min(0.45 * WIDTH)
}

/// The height that a list of all names needs, px.
pub(super) fn height(curve: &Curve) -> f64 {
    LINE.mul_add(curve.lines.len() as f64, 160.0)
}

/// Names the lines, whose visible pieces are `drawn`.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame, curve: &Curve, drawn: &[Vec<Vec<Spot>>]) {
    let ends: Vec<Option<Spot>> = drawn
        .iter()
        .map(|pieces| pieces.last().and_then(|piece| piece.last()).copied())
        .collect();
    let wanted: Vec<f64> = ends.iter().flatten().map(|end| end.1).collect();
    let heights = spread(&wanted, 1.2 * LABEL.size, frame.top, frame.bottom);
    let near = |(height, wanted): (&f64, &f64)| (height - wanted).abs() < LABEL.size;
    let at_edge = |end: &Option<Spot>| end.is_some_and(|end| frame.right - end.0 < 2.0);
    if ends.iter().all(at_edge) && heights.iter().zip(&wanted).all(near) {
        at_ends(sheet, frame, curve, &wanted, &heights);
    } else {
        as_list(sheet, frame, curve);
    }
}

fn at_ends(sheet: &mut Sheet, frame: &Frame, curve: &Curve, ends: &[f64], heights: &[f64]) {
    for (index, line) in curve.lines.iter().enumerate() {
        let (end, height) = (ends[index], heights[index]);
        let spots = vec![(frame.right + 4.0, end), (frame.right + 20.0, height)];
        sheet.line(spots, stroke(index));
        sheet.text(
            (frame.right + 26.0, height),
            &line.name,
            LABEL,
            Anchor::Start,
        );
    }
}

fn as_list(sheet: &mut Sheet, frame: &Frame, curve: &Curve) {
    for (index, line) in curve.lines.iter().enumerate() {
        let y = LINE.mul_add(index as f64, frame.top + 8.0);
        let left = frame.right + 14.0;
        sheet.line(vec![(left, y), (left + 24.0, y)], stroke(index));
        sheet.text((left + 31.0, y), &line.name, LABEL, Anchor::Start);
    }
}
