//! Labels that do not cover one another.

use super::sheet::Spot;

/// Moves heights apart until they differ by `gap` px, as little as needed, between `top` and
/// `bottom`. The answer has the order of the question.
pub(super) fn spread(wanted: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    // Blocks of labels that touch: mean of the wanted places of their first label, and size.
    let mut blocks: Vec<(f64, usize)> = vec![];
    for index in &order {
        blocks.push((wanted[*index], 1));
        while let [.., (above, many), (below, few)] = blocks[..] {
            if above + many as f64 * gap <= below {
                break;
            }
            let size = (many + few) as f64;
            let first = (above * many as f64 + (below - many as f64 * gap) * few as f64) / size;
            blocks.truncate(blocks.len() - 2);
            blocks.push((first, many + few));
        }
    }
    let mut placed: Vec<f64> = blocks
        .iter()
        .flat_map(|(first, size)| (0..*size).map(move |k| first + k as f64 * gap))
        .collect();
    keep_between(&mut placed, gap, top, bottom);
    let mut answer = vec![0.0; wanted.len()];
    for (index, height) in order.into_iter().zip(placed) {
        answer[index] = height;
    }
    answer
}

fn keep_between(placed: &mut [f64], gap: f64, top: f64, bottom: f64) {
    let mut limit = bottom;
    for height in placed.iter_mut().rev() {
        *height = height.min(limit);
        limit = *height - gap;
    }
    let mut limit = top;
    for height in placed.iter_mut() {
        *height = height.max(limit);
        limit = *height + gap;
    }
}

/// A box: left, top, right, bottom.
pub(super) type Corners = [f64; 4];

fn overlap(a: Corners, b: Corners) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

fn holds(frame: Corners, inner: Corners) -> bool {
    inner[0] >= frame[0] && inner[1] >= frame[1] && inner[2] <= frame[2] && inner[3] <= frame[3]
}

/// What labels of points must not cover.
#[derive(Debug, Clone)]
pub(super) struct Crowd {
    /// The frame.
    pub(super) frame: Corners,
    /// Points and labels that are there already.
    pub(super) taken: Vec<Corners>,
    /// Data lines as dense points, px.
    pub(super) lines: Vec<Spot>,
}

impl Crowd {
    /// The number of the box that covers least; earlier ones are a little better.
    pub(super) fn best(&self, boxes: &[Corners]) -> usize {
        let cost = |rank: &usize| self.cost(boxes[*rank]) + rank;
        (0..boxes.len()).min_by_key(cost).unwrap_or(0)
    }

    /// A label outside is worse than one over another, and that is worse than one over a line.
    fn cost(&self, [left, top, right, bottom]: Corners) -> usize {
        let corners = [left - 3.0, top, right + 3.0, bottom];
        let outside = usize::from(!holds(self.frame, corners));
        let others = self.taken.iter();
        let covered = others.filter(|other| overlap(corners, **other)).count();
        let on_lines = |spot: &&Spot| overlap(corners, [spot.0, spot.1, spot.0, spot.1]);
        let crossed = self.lines.iter().filter(on_lines).count();
        10_000 * outside + 200 * covered + 4 * crossed
    }
}

/// A line with a point at least every 3 px, so that a box over it holds one.
pub(super) fn dense(line: &[Spot]) -> Vec<Spot> {
    let mut spots = vec![];
    for pair in line.windows(2) {
        let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
        let steps = (libm::hypot(dx, dy) / 3.0).ceil().clamp(1.0, 1e3) as u32;
        spots.extend((0..=steps).map(|k| {
            let share = f64::from(k) / f64::from(steps);
            (share.mul_add(dx, pair[0].0), share.mul_add(dy, pair[0].1))
        }));
    }
    spots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_labels_are_apart_in_order_and_inside() {
        let wanted = [100.0, 100.0, 101.0, 300.0, 0.0, 399.0, 399.5];
        let placed = spread(&wanted, 16.0, 0.0, 400.0);
        let mut sorted = placed.clone();
        sorted.sort_by(f64::total_cmp);
        assert!(
            sorted.windows(2).all(|pair| pair[1] - pair[0] > 15.99),
            "{sorted:?}"
        );
        assert!(sorted[0] >= 0.0 && sorted[6] <= 400.0);
        assert!(
            placed[0] < placed[1] && placed[1] < placed[2] && placed[3].total_cmp(&300.0).is_eq()
        );
    }
}
