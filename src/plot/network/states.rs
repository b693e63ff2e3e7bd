//! What becomes of a cell: states, and the steps between them.

use std::collections::BTreeSet;

use crate::organ::State;
use crate::plot::arrow::{arrow, boxed};
use crate::plot::look::{
    AXIS, BLUE, Colour, FAINT_INK, Font, HEADING, LABEL, MARGIN, VERMILION, WHITE, WIDTH,
};
use crate::plot::sheet::{Anchor, Sheet, Spot};

/// Where a state stands: column and row of a grid.
fn cell(state: State, there: &BTreeSet<State>) -> Option<(f64, f64)> {
    Some(match state {
        State::Syringe => (0.0, 1.0),
        State::Undelivered => (0.0, 0.0),
        // A depot has more ways to go, and the better place.
        State::Artery if there.contains(&State::Depot) => (2.0, 0.0),
        State::Artery | State::Depot => (1.0, 0.0),
        State::Vascular => (1.0, 1.0),
        State::Lodged => (2.0, 1.0),
        State::Resident => (3.0, 1.0),
        State::Niche => (4.0, 1.0),
        State::Debris => (2.0, 2.0),
        State::Ingested => (3.0, 2.0),
        State::Excreted => (4.0, 2.0),
        State::Free | State::Decayed => return None,
    })
}

/// What a step is called.
const WORDS: [(State, State, &str); 17] = [
    (State::Syringe, State::Undelivered, "loss"),
    (State::Syringe, State::Vascular, "infusion"),
    (State::Syringe, State::Depot, "injection"),
    (State::Syringe, State::Artery, "injection"),
    (State::Syringe, State::Debris, "dead when given"),
    (State::Depot, State::Undelivered, "leak"),
    (State::Depot, State::Vascular, "washout"),
    (State::Depot, State::Resident, "anchoring"),
    (State::Artery, State::Lodged, "capture"),
    (State::Vascular, State::Lodged, "capture"),
    (State::Lodged, State::Vascular, "release"),
    (State::Lodged, State::Resident, "homing"),
    (State::Resident, State::Vascular, "egress"),
    (State::Niche, State::Resident, "recruitment"),
    (State::Niche, State::Vascular, "release"),
    (State::Debris, State::Ingested, "ingestion"),
    (State::Ingested, State::Excreted, "elimination"),
];

const LIVING: Colour = (225, 238, 247);
const REMAINS: Colour = (252, 232, 215);
const ROOM: Colour = (246, 249, 252);
const HALF: Spot = (44.0, 15.0);
const ROW: f64 = 72.0;
/// From the living states to the edge of the room that they share, px.
const EDGE: Spot = (10.0, 17.0);
/// Height of the heading with the arrows that pass over the first row, px, and what a niche adds to it.
const HEAD: f64 = 44.0;
const ARCH: f64 = 18.0;
const SMALL: Font = Font {
    size: 12.0,
    ..LABEL
};

type Steps = BTreeSet<(State, State)>;

/// The states that steps lead from or to.
fn states(steps: &Steps) -> BTreeSet<State> {
    steps.iter().flat_map(|(a, b)| [*a, *b]).collect()
}

/// Where nothing stands in the first row there is none.
fn first_row(there: &BTreeSet<State>) -> f64 {
    let cells = there.iter().filter_map(|state| cell(*state, there));
    cells.fold(1.0, |first, (_, row)| row.min(first))
}

/// Room for the widest arch, from a niche to the blood, px.
fn arch(there: &BTreeSet<State>) -> f64 {
    match there.contains(&State::Niche) {
        true => ARCH,
        false => 0.0,
    }
}

/// Height of the drawing, px.
pub(super) fn height(steps: &Steps) -> f64 {
    let there = states(steps);
    let rows = ROW * (2.0 - first_row(&there));
    HEAD + arch(&there) + rows + 2.0 * HALF.1 + 6.0
}

/// Draws the states that a model has, below `top`.
pub(super) fn draw(sheet: &mut Sheet, steps: &Steps, top: f64) {
    let heading = "What becomes of a cell, in every organ";
    sheet.text((MARGIN, top), heading, HEADING, Anchor::Start);
    let there = states(steps);
    let drawing = Drawing {
        steps,
        top: top + HEAD + arch(&there) + HALF.1 - ROW * first_row(&there),
        there,
    };
    drawing.draw_room(sheet);
    for step in steps {
        drawing.draw_step(sheet, *step);
    }
    for state in &drawing.there {
        drawing.draw_state(sheet, *state);
    }
}

struct Drawing<'a> {
    steps: &'a Steps,
    there: BTreeSet<State>,
    /// Middle of the boxes of the first row, px.
    top: f64,
}

impl Drawing<'_> {
    /// Middle of the box of a state, px.
    fn centre(&self, state: State) -> Option<Spot> {
        let (column, row) = cell(state, &self.there)?;
        let pitch = (WIDTH - 2.0 * (MARGIN + HALF.0)) / 4.0;
        let x = pitch.mul_add(column, MARGIN + HALF.0);
        Some((x, ROW.mul_add(row, self.top)))
    }

    /// Whether a step is a death, which has no arrow of its own.
    fn is_death(from: State, to: State) -> bool {
        from.is_viable() && to == State::Debris
    }

    /// Cells die in nearly every state: one arrow out of a room that holds them all, and not one from each.
    fn draw_room(&self, sheet: &mut Sheet) {
        let deaths = self
            .steps
            .iter()
            .filter(|(from, to)| Self::is_death(*from, *to));
        let spots: Vec<Spot> = deaths.filter_map(|(from, _)| self.centre(*from)).collect();
        let (Some(debris), Some(first)) = (self.centre(State::Debris), spots.first().copied())
        else {
            return;
        };
        let (mut a, mut b) = (first, first);
        for (x, y) in spots {
            (a, b) = ((a.0.min(x), a.1.min(y)), (b.0.max(x), b.1.max(y)));
        }
        let reach = (HALF.0 + EDGE.0, HALF.1 + EDGE.1);
        let (a, b) = (
            (a.0 - reach.0, a.1 - reach.1),
            (b.0 + reach.0, b.1 + reach.1 - 4.0),
        );
        sheet.rectangle(a, b, ROOM, 1.0);
        let end = (debris.0, debris.1 - HALF.1);
        arrow(sheet, &[(debris.0, b.1), end], VERMILION, 1.6);
        let middle = f64::midpoint(b.1, end.1);
        word(sheet, (debris.0 + 8.0, middle), "death", Anchor::Start);
    }

    fn draw_state(&self, sheet: &mut Sheet, state: State) {
        let Some((x, y)) = self.centre(state) else {
            return;
        };
        let (fill, edge) = match state {
            _ if state.is_viable() => (LIVING, BLUE),
            _ if state.is_remains() => (REMAINS, VERMILION),
            _ => (WHITE, AXIS),
        };
        let corners = ((x - HALF.0, y - HALF.1), (x + HALF.0, y + HALF.1));
        boxed(sheet, corners.0, corners.1, fill, edge);
        let name = match state {
            State::Vascular => "in blood",
            _ => state.name(),
        };
        sheet.text((x, y), name, LABEL, Anchor::Middle);
    }

    /// An arrow between the edges of two boxes, with its word.
    fn draw_step(&self, sheet: &mut Sheet, (from, to): (State, State)) {
        let (Some(a), Some(b)) = (self.centre(from), self.centre(to)) else {
            return;
        };
        if Self::is_death(from, to) {
            return;
        }
        let pair = self.steps.contains(&(to, from));
        let free = !self.there.contains(&State::Artery);
        let (points, at, anchor) = match (from, to) {
            (State::Depot, State::Resident) if free => over_and_down(a, b),
            (State::Syringe, State::Debris) => down_and_over(a, b),
            _ if (a.1 - b.1).abs() > 1.0 => straight(a, b),
            _ if (b.0 - a.0).abs() > 200.0 => above(a, b),
            _ => beside(a, b, pair),
        };
        let colour = match to {
            _ if to.is_viable() => BLUE,
            _ if to.is_remains() => VERMILION,
            _ => AXIS,
        };
        arrow(sheet, &points, colour, 1.6);
        if let Some((.., text)) = WORDS.iter().find(|(x, y, _)| (*x, *y) == (from, to)) {
            word(sheet, at, text, anchor);
        }
    }
}

fn word(sheet: &mut Sheet, at: Spot, text: &str, anchor: Anchor) {
    sheet.text(at, text, SMALL.coloured(FAINT_INK), anchor);
}

/// The points of an arrow, and where its word stands.
type Track = (Vec<Spot>, Spot, Anchor);

/// Along the first row and down.
fn over_and_down(a: Spot, b: Spot) -> Track {
    let x = b.0 + 12.0;
    let points = vec![(a.0 + HALF.0, a.1), (x, a.1), (x, b.1 - HALF.1)];
    let word = (f64::midpoint(a.0 + HALF.0, x), a.1 - 9.0);
    (points, word, Anchor::Middle)
}

/// Down and along the last row.
fn down_and_over(a: Spot, b: Spot) -> Track {
    let points = vec![(a.0, a.1 + HALF.1), (a.0, b.1), (b.0 - HALF.0, b.1)];
    let word = (f64::midpoint(a.0, b.0 - HALF.0), b.1 - 9.0);
    (points, word, Anchor::Middle)
}

/// The shortest way.
fn straight(a: Spot, b: Spot) -> Track {
    let (from, to) = (edge(a, b), edge(b, a));
    let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
    // Beside an upright arrow, or over one that rises or falls to the right.
    let (shift, anchor) = match b.0 - a.0 {
        across if across.abs() < 1.0 => ((8.0, 0.0), Anchor::Start),
        _ if b.1 < a.1 => ((-12.0, -6.0), Anchor::End),
        _ => ((12.0, -6.0), Anchor::Start),
    };
    let word = (middle.0 + shift.0, middle.1 + shift.1);
    (vec![from, to], word, anchor)
}

/// Over the boxes between them in the same row.
fn above(a: Spot, b: Spot) -> Track {
    let right = if b.0 > a.0 { 1.0 } else { -1.0 };
    // The wider of two arches stands over the other.
    let wide = (b.0 - a.0).abs();
    let (high, aside) = (
        a.1 - HALF.1 + 20.0 - 0.1 * wide,
        (24.0 - 0.036 * wide).max(2.0),
    );
    let (x, y) = (aside.mul_add(right, a.0), b.0 - aside * right);
    let points = vec![(x, a.1 - HALF.1), (x, high), (y, high), (y, b.1 - HALF.1)];
    // Where no wider one comes down.
    let word = (0.3_f64.mul_add(x - y, y), high - 8.0);
    (points, word, Anchor::Middle)
}

/// To a neighbour of the same row; of a pair the one to the right runs above.
fn beside(a: Spot, b: Spot, pair: bool) -> Track {
    let right = if b.0 > a.0 { 1.0 } else { -1.0 };
    let (y, side) = match pair {
        true => ((-6.0_f64).mul_add(right, a.1), -9.0 * right),
        false => (a.1, -9.0),
    };
    let points = vec![(HALF.0.mul_add(right, a.0), y), (b.0 - HALF.0 * right, y)];
    (points, (f64::midpoint(a.0, b.0), y + side), Anchor::Middle)
}

/// Where the line from the middle of one box to another leaves the first.
fn edge(a: Spot, b: Spot) -> Spot {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let reach = |half: f64, d: f64| {
        if d == 0.0 {
            f64::INFINITY
        } else {
            half / d.abs()
        }
    };
    let part = reach(HALF.0, dx).min(reach(HALF.1, dy));
    (dx.mul_add(part, a.0), dy.mul_add(part, a.1))
}
