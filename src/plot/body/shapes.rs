//! Drawn bodies: organs as smooth closed curves, for pictures and for the page alike.

use std::fmt::Write;

use super::{animal, human};
use crate::physiology::Species;

/// A point of a drawing: to the right and down, in units of the drawing.
pub type Knot = (f64, f64);

/// What a curve encloses or follows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// The area within the closed curve.
    Area,
    /// A line of this width along the open curve.
    Line(f64),
    /// A line of this width along the closed curve.
    Rim(f64),
}

/// On which sides of the middle of the body a shape lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Where its knots are.
    One,
    /// There and mirrored: kidneys.
    Both,
    /// Its knots are one half of a symmetric curve, from its top to its bottom.
    Halved,
}

/// One piece of the drawing of a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Name of the organ or cavity; `blood` stands for the great vessels together.
    pub place: &'static str,
    /// Points that the smooth curve passes through.
    pub knots: &'static [Knot],
    /// Area or line.
    pub form: Form,
    /// Where it is repeated.
    pub side: Side,
}

/// A drawn body, seen from the front: its right side is on the left of the drawing.
///
/// ```
/// use biodist::physiology::Species;
/// use biodist::plot::BodyShapes;
/// let man = BodyShapes::of(&Species::new("human"));
/// let lungs = man.shapes.iter().find(|shape| shape.place == "lung").unwrap();
/// assert!(lungs.path(man.width).starts_with('M'));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BodyShapes {
    /// What is drawn: `human` or `animal`.
    pub name: &'static str,
    /// Width of the drawing; its middle is the middle of the body.
    pub width: f64,
    /// Height of the drawing.
    pub height: f64,
    /// Its pieces, from the back to the front; the first is the rest of the body.
    pub shapes: &'static [Shape],
    /// Where the names of places are written in a key: place and the spot that is meant.
    pub names: &'static [(&'static str, Knot)],
}

impl BodyShapes {
    /// Every body that is drawn.
    pub const ALL: [Self; 2] = [human::BODY, animal::BODY];

    /// The body of a species. All animals are drawn as one of the size of a rat, from below.
    #[must_use]
    pub fn of(species: &Species) -> &'static Self {
        if species.is_human() {
            &human::BODY
        } else {
            &animal::BODY
        }
    }
}

/// Points between two knots: enough for a smooth edge on paper.
const FINE: u32 = 8;

impl Shape {
    /// The shape as runs of knots, mirrored and completed, in a body of this width.
    fn runs(&self, width: f64) -> Vec<Vec<Knot>> {
        let mirror = |(x, y): &Knot| (width - x, *y);
        let here = self.knots.to_vec();
        match self.side {
            Side::One => vec![here],
            Side::Both => vec![here, self.knots.iter().map(mirror).collect()],
            Side::Halved => {
                // Both ends lie in the middle and are there once.
                let inner = self.knots.get(1..self.knots.len().saturating_sub(1));
                let back = inner.unwrap_or_default().iter().rev().map(mirror);
                vec![self.knots.iter().copied().chain(back).collect()]
            }
        }
    }

    /// The pieces of the curve as Bézier segments: start, and for each segment its three points.
    fn segments(&self, width: f64) -> Vec<(Knot, Vec<[Knot; 3]>)> {
        let closed = !matches!(self.form, Form::Line(_));
        let runs = self.runs(width).into_iter().filter(|run| run.len() > 1);
        runs.map(|run| (run[0], smooth(&run, closed))).collect()
    }

    /// The corners of the shape, one list a piece, close enough to be drawn with straight edges.
    #[must_use]
    pub fn corners(&self, width: f64) -> Vec<Vec<Knot>> {
        let pieces = self.segments(width).into_iter();
        pieces
            .map(|(start, segments)| {
                let mut corners = vec![start];
                let mut from = start;
                for [a, b, to] in segments {
                    let steps = 1..=FINE;
                    corners.extend(steps.map(|k| {
                        let share = f64::from(k) / f64::from(FINE);
                        bezier(from, [a, b, to], share)
                    }));
                    from = to;
                }
                corners
            })
            .collect()
    }

    /// The shape as the text of an SVG path, in a body of this width.
    #[must_use]
    pub fn path(&self, width: f64) -> String {
        let mut path = String::new();
        for (start, segments) in self.segments(width) {
            let _ = write!(path, "M{}", spot(start));
            for [a, b, to] in segments {
                let _ = write!(path, "C{} {} {}", spot(a), spot(b), spot(to));
            }
            if !matches!(self.form, Form::Line(_)) {
                path.push('Z');
            }
        }
        path
    }
}

fn spot((x, y): Knot) -> String {
    format!("{x:.1},{y:.1}")
}

/// A smooth curve through all knots (Catmull and Rom 1974), as Bézier segments.
fn smooth(knots: &[Knot], closed: bool) -> Vec<[Knot; 3]> {
    let count = knots.len();
    let knot = |index: usize| {
        // An open curve has no neighbour before its start: the end itself stands in.
        let index = if closed {
            (index + count - 1) % count
        } else {
            index.saturating_sub(1).min(count - 1)
        };
        knots[index]
    };
    let last = if closed { count } else { count - 1 };
    let segments = (0..last).map(|k| {
        let [before, from, to, after] = [knot(k), knot(k + 1), knot(k + 2), knot(k + 3)];
        [moved(from, before, to), moved(to, after, from), to]
    });
    segments.collect()
}

/// A control point: a sixth of the way between the neighbours, away from a knot.
fn moved(knot: Knot, behind: Knot, ahead: Knot) -> Knot {
    (
        knot.0 + (ahead.0 - behind.0) / 6.0,
        knot.1 + (ahead.1 - behind.1) / 6.0,
    )
}

fn bezier(from: Knot, [a, b, to]: [Knot; 3], share: f64) -> Knot {
    let rest = 1.0 - share;
    let weights = [
        rest.powi(3),
        3.0 * rest * rest * share,
        3.0 * rest * share * share,
        share.powi(3),
    ];
    let points = [from, a, b, to];
    let sum = |pick: fn(&Knot) -> f64| points.iter().zip(weights).map(|(p, w)| w * pick(p)).sum();
    (sum(|point| point.0), sum(|point| point.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::physiology::Organ;

    #[test]
    fn every_organ_is_drawn_inside_the_drawing() {
        for body in BodyShapes::ALL {
            for organ in Organ::ALL.iter().chain(&Organ::CAVITIES) {
                let mut drawn = body.shapes.iter().map(|shape| shape.place);
                assert!(drawn.any(|place| place == organ.name()), "{organ}");
            }
            for shape in body.shapes {
                for (x, y) in shape.corners(body.width).into_iter().flatten() {
                    let inside =
                        (0.0..=body.width).contains(&x) && (0.0..=body.height).contains(&y);
                    assert!(inside, "{} of the {}: {x}, {y}", shape.place, body.name);
                }
            }
        }
    }

    #[test]
    fn curves_pass_through_their_knots_and_close() {
        const KNOTS: [Knot; 4] = [(1.0, 2.0), (5.0, 1.0), (6.0, 7.0), (2.0, 5.0)];
        let shape = Shape {
            place: "gut",
            knots: &KNOTS,
            form: Form::Area,
            side: Side::Both,
        };
        let corners = shape.corners(10.0);
        assert_eq!(corners.len(), 2);
        for (index, (x, y)) in KNOTS.iter().enumerate() {
            let (here, there) = (corners[0][8 * index], corners[1][8 * index]);
            let off = |(a, b): Knot, x: f64| (a - x).abs() + (b - y).abs();
            assert!(off(here, *x) < 1e-12 && off(there, 10.0 - x) < 1e-12);
        }
        assert_eq!(corners[0].first(), corners[0].last());
        assert_eq!(shape.path(10.0).matches('Z').count(), 2);
    }
}
