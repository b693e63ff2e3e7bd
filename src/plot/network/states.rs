//! What becomes of a cell: states, and the steps between them.

use std::collections::BTreeSet;

use super::arrow::{arrow, boxed};
use crate::organ::State;
use crate::plot::look::{
    AXIS, BLUE, Colour, FAINT_INK, Font, HEADING, LABEL, MARGIN, VERMILION, WHITE, WIDTH,
};
use crate::plot::sheet::{Anchor, Sheet, Spot};

/// Where a state stands: column and row of a grid.
fn cell(state: State, there: &BTreeSet<State>) -> Option<(f64, f64)> {
    Some(match state {
        State::Syringe => (0.0, 1.0),
        State::Undelivered => (0.0, 2.0),
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
const WORDS: [(State, State, &str); 6] = [
    (State::Vascular, State::Lodged, "capture"),
    (State::Lodged, State::Vascular, "release"),
    (State::Lodged, State::Resident, "homing"),
    (State::Debris, State::Ingested, "ingestion"),
    (State::Ingested, State::Excreted, "elimination"),
    (State::Syringe, State::Vascular, "infusion"),
];

const LIVING: Colour = (225, 238, 247);
const REMAINS: Colour = (252, 232, 215);
const HALF: Spot = (44.0, 15.0);
const ROW: f64 = 64.0;
/// Height of the heading with the arrows that pass over the first row, px.
const HEAD: f64 = 44.0;
const SMALL: Font = Font {
    size: 12.0,
    ..LABEL
};

/// The states that steps lead from or to.
fn states(steps: &BTreeSet<(State, State)>) -> BTreeSet<State> {
    steps.iter().flat_map(|(a, b)| [*a, *b]).collect()
}

/// Without an artery or a depot there is no first row.
fn first_row(there: &BTreeSet<State>) -> f64 {
    let cells = there.iter().filter_map(|state| cell(*state, there));
    cells.fold(1.0, |first, (_, row)| row.min(first))
}

/// Height of the drawing, px.
pub(super) fn height(steps: &BTreeSet<(State, State)>) -> f64 {
    ROW.mul_add(2.0 - first_row(&states(steps)), HEAD + 2.0 * HALF.1 + 6.0)
}

/// Draws the states that a model has, below `top`.
pub(super) fn draw(sheet: &mut Sheet, steps: &BTreeSet<(State, State)>, top: f64) {
    let heading = "What becomes of a cell, in every organ";
    sheet.text((MARGIN, top), heading, HEADING, Anchor::Start);
    let there = states(steps);
    let first = first_row(&there);
    let centre = |state: State| {
        let (column, row) = cell(state, &there)?;
        let pitch = (WIDTH - 2.0 * (MARGIN + HALF.0)) / 4.0;
        let x = pitch.mul_add(column, MARGIN + HALF.0);
        Some((x, ROW.mul_add(row - first, top + HEAD + HALF.1)))
    };
    let both = |a, b| steps.contains(&(a, b)) && steps.contains(&(b, a));
    for (from, to) in steps {
        if let (Some(a), Some(b)) = (centre(*from), centre(*to)) {
            draw_step(sheet, (*from, a), (*to, b), both(*from, *to));
        }
    }
    for state in there.iter().copied() {
        let Some((x, y)) = centre(state) else {
            continue;
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
}

/// An arrow between the edges of two boxes; over those between them within a row. Of a pair the one to the right
/// runs above.
fn draw_step(sheet: &mut Sheet, (from, a): (State, Spot), (to, b): (State, Spot), pair: bool) {
    let colour = match to {
        _ if to.is_viable() => BLUE,
        _ if to.is_remains() => VERMILION,
        _ => AXIS,
    };
    let right = if b.0 > a.0 { 1.0 } else { -1.0 };
    let word = WORDS.iter().find(|(x, y, _)| (*x, *y) == (from, to));
    if (a.1 - b.1).abs() > 1.0 {
        let points = [edge(a, b), edge(b, a)];
        return arrow(sheet, &points, colour, 1.6);
    }
    if (b.0 - a.0).abs() > 200.0 {
        let high = a.1 - HALF.1 - 5.0 - 0.025 * (b.0 - a.0).abs();
        let shift = 12.0 * right;
        let (x, y) = (a.0 + shift, b.0 - shift);
        let points = [(x, a.1 - HALF.1), (x, high), (y, high), (y, b.1 - HALF.1)];
        return arrow(sheet, &points, colour, 1.6);
    }
    let y = if pair {
        (-6.0_f64).mul_add(right, a.1)
    } else {
        a.1
    };
    let points = [(HALF.0.mul_add(right, a.0), y), (b.0 - HALF.0 * right, y)];
    arrow(sheet, &points, colour, 1.6);
    if let Some((_, _, word)) = word {
        let side = if pair { -9.0 * right } else { -9.0 };
        let at = (f64::midpoint(a.0, b.0), y + side);
        sheet.text(at, word, SMALL.coloured(FAINT_INK), Anchor::Middle);
    }
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
