//! In which order unknowns are eliminated, and which entries that fills in.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What a factorisation may need at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
    /// Entries off the diagonal.
    pub(super) entries: usize,
    /// Products of two of them.
    pub(super) products: usize,
}

/// 268 MB of numbers and some seconds a step.
pub(super) const MOST: Most = Most {
    entries: 1 << 25,
    products: 1 << 32,
};

/// From how many unknowns on a pattern that is half full is taken as full: to look for its last gaps
/// would take longer than to calculate with them.
const CROWD: usize = 512;

/// The order of a symmetric elimination, and what each pivot meets.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Elimination {
    /// `order[k]` is the unknown that is eliminated as number `k`.
    pub(super) order: Vec<usize>,
    /// The rows below and the columns right of each pivot, as unknowns.
    pub(super) pivots: Vec<(Vec<u32>, Vec<u32>)>,
    /// How many they are in all.
    met: usize,
    /// Products of an entry below and an entry right of a pivot.
    pub(super) products: usize,
}

impl Elimination {
    /// Orders the unknowns of a pattern given as (row, column) pairs; the diagonal is always present.
    ///
    /// The order is Markowitz's on the diagonal: the pivot with the least product of remaining row and
    /// column counts is eliminated next, the first of equals; the `sums` behind the pools come after all
    /// pools. `None` if it would take more than `most`.
    pub(super) fn of(
        (pools, sums): (usize, usize),
        entries: impl Iterator<Item = (usize, usize)>,
        most: Most,
    ) -> Option<Self> {
        let mut pattern = Pattern::new(pools + sums, entries);
        let mut found = Self::default();
        let mut queue: BinaryHeap<_> = (0..pools + sums)
            .map(|k| Reverse((k >= pools, pattern.cost(k), k)))
            .collect();
        let mut entries: usize = pattern.rows.iter().map(Line::left).sum();
        while let Some(Reverse((_, cost, pivot))) = queue.pop() {
            if entries > most.entries || found.products > most.products {
                return None;
            }
            if pattern.gone[pivot] || cost != pattern.cost(pivot) {
                continue; // Overtaken by a later entry of the queue.
            }
            let active = entries - found.met;
            if pattern.is_full(cost, active) {
                return found.finish(&pattern, most);
            }
            let (below, right) = pattern.take(pivot);
            entries += pattern.fill(pivot, &below, &right);
            for &k in below.iter().chain(&right) {
                let k = k as usize;
                queue.push(Reverse((k >= pools, pattern.cost(k), k)));
            }
            found.push(pivot, below, right);
        }
        Some(found)
    }

    /// Adds what is left of a pattern in which every entry is there.
    fn finish(mut self, pattern: &Pattern, most: Most) -> Option<Self> {
        let left = (0..pattern.gone.len()).filter(|k| !pattern.gone[*k]);
        let left: Vec<u32> = left.map(|k| k as u32).collect();
        let products: usize = (0..left.len()).map(|others| others * others).sum();
        if self.met + left.len() * (left.len() - 1) > most.entries
            || self.products + products > most.products
        {
            return None;
        }
        for (number, &pivot) in left.iter().enumerate() {
            let rest = &left[number + 1..];
            self.push(pivot as usize, rest.to_vec(), rest.to_vec());
        }
        Some(self)
    }

    fn push(&mut self, pivot: usize, below: Vec<u32>, right: Vec<u32>) {
        self.met += below.len() + right.len();
        self.products += below.len() * right.len();
        self.order.push(pivot);
        self.pivots.push((below, right));
    }
}

/// Entries off the diagonal among the unknowns that are left.
struct Pattern {
    rows: Vec<Line>,
    columns: Vec<Line>,
    gone: Vec<bool>,
    left: usize,
}

/// Where a row or a column has entries, ascending; it may still name unknowns that are gone.
#[derive(Clone, Default)]
struct Line {
    at: Vec<u32>,
    gone: usize,
}

impl Line {
    const fn left(&self) -> usize {
        self.at.len() - self.gone
    }

    /// Adds places, which are ascending; gives how many were new.
    fn add(&mut self, places: &[u32], except: u32, gone: &[bool]) -> usize {
        let new = |place: &u32| *place != except;
        // A few into many: found one by one. The others are merged.
        if places.len() * 32 < self.at.len() {
            let mut added = 0;
            for place in places.iter().copied().filter(new) {
                if let Err(here) = self.at.binary_search(&place) {
                    self.at.insert(here, place);
                    added += 1;
                }
            }
            return added;
        }
        let before = self.left();
        let mut places = places.iter().copied().filter(new).peekable();
        let mut merged = Vec::with_capacity(before + places.size_hint().0);
        for old in self.at.drain(..).filter(|old| !gone[*old as usize]) {
            while let Some(place) = places.next_if(|place| *place < old) {
                merged.push(place);
            }
            places.next_if_eq(&old);
            merged.push(old);
        }
        merged.extend(places);
        *self = Self {
            at: merged,
            gone: 0,
        };
        self.left() - before
    }

    /// Notes that one of its places is gone.
    fn lose(&mut self, gone: &[bool]) {
        self.gone += 1;
        if self.gone > self.at.len() / 2 {
            self.at.retain(|place| !gone[*place as usize]);
            self.gone = 0;
        }
    }
}

impl Pattern {
    fn new(size: usize, entries: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut rows = vec![Line::default(); size];
        let mut columns = rows.clone();
        for (row, column) in entries.filter(|(row, column)| row != column) {
            rows[row].at.push(column as u32);
            columns[column].at.push(row as u32);
        }
        for line in rows.iter_mut().chain(&mut columns) {
            line.at.sort_unstable();
            line.at.dedup();
        }
        Self {
            rows,
            columns,
            gone: vec![false; size],
            left: size,
        }
    }

    fn cost(&self, k: usize) -> usize {
        self.rows[k].left() * self.columns[k].left()
    }

    /// Whether all that is left may be taken as full: by the cost of the cheapest pivot, or by the number
    /// of entries.
    const fn is_full(&self, cheapest: usize, entries: usize) -> bool {
        let full = (self.left - 1) * (self.left - 1);
        cheapest == full || (self.left > CROWD && entries > full / 2)
    }

    /// Takes a pivot out: the rows below it and the columns right of it.
    fn take(&mut self, pivot: usize) -> (Vec<u32>, Vec<u32>) {
        self.gone[pivot] = true;
        self.left -= 1;
        let [below, right] = [&mut self.columns[pivot], &mut self.rows[pivot]].map(|line| {
            let mut line = std::mem::take(line).at;
            line.retain(|place| !self.gone[*place as usize]);
            line
        });
        (below, right)
    }

    /// Adds the products of a pivot that is gone; gives how many entries were new.
    fn fill(&mut self, pivot: usize, below: &[u32], right: &[u32]) -> usize {
        debug_assert!(self.gone[pivot]);
        let mut added = 0;
        for &row in below {
            let line = &mut self.rows[row as usize];
            line.lose(&self.gone);
            added += line.add(right, row, &self.gone);
        }
        for &column in right {
            let line = &mut self.columns[column as usize];
            line.lose(&self.gone);
            line.add(below, column, &self.gone);
        }
        added
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const NO_LIMIT: Most = Most {
        entries: usize::MAX,
        products: usize::MAX,
    };

    /// Authority: the rule as it is defined, by looking at every unknown that is left.
    fn by_definition(pools: usize, size: usize, entries: &[(usize, usize)]) -> Elimination {
        let mut pattern: BTreeSet<_> = entries.iter().filter(|(r, c)| r != c).copied().collect();
        let mut left: BTreeSet<usize> = (0..size).collect();
        let mut found = Elimination::default();
        while !left.is_empty() {
            let met = |k: usize| -> (Vec<u32>, Vec<u32>) {
                let below = left.iter().filter(|r| pattern.contains(&(**r, k)));
                let right = left.iter().filter(|c| pattern.contains(&(k, **c)));
                let short = |k: &usize| *k as u32;
                (below.map(short).collect(), right.map(short).collect())
            };
            let cost = |k: usize| (k >= pools, met(k).0.len() * met(k).1.len(), k);
            let pivot = left.iter().copied().min_by_key(|k| cost(*k)).unwrap();
            let (below, right) = met(pivot);
            for row in &below {
                let places = right.iter().filter(|column| *column != row);
                pattern.extend(places.map(|column| (*row as usize, *column as usize)));
            }
            left.remove(&pivot);
            found.push(pivot, below, right);
        }
        found
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_the_definition(
            pools in 1_usize..40,
            sums in 0_usize..4,
            entries in prop::collection::vec((0_usize..44, 0_usize..44), 0..150),
        ) {
            let size = pools + sums;
            let entries = entries.iter().map(|(r, c)| (r % size, c % size));
            let entries: Vec<_> = entries.collect();
            let found = Elimination::of((pools, sums), entries.iter().copied(), NO_LIMIT);
            prop_assert_eq!(found, Some(by_definition(pools, size, &entries)));
        }
    }

    /// A hub with leaves costs nothing; what grows with the square of the pools is not tried.
    #[test]
    fn limits_hold() {
        let star = |n: usize| (1..n).flat_map(|leaf| [(0, leaf), (leaf, 0)]);
        let most = |entries, products| Most { entries, products };
        let found = |most| Elimination::of((1000, 0), star(1000), most);
        assert_eq!(found(most(1998, 999)).unwrap().order[998..], [0, 999]);
        assert!(found(most(1997, 999)).is_none());
        let ring = |n: usize| (0..n).flat_map(move |k| (0..n).map(move |j| (k, j)));
        let full = |entries, products| Elimination::of((60, 0), ring(60), most(entries, products));
        // Σ k² for k below 60, by the closed form.
        assert!(full(3600, 59 * 60 * 119 / 6).is_some());
        assert!(full(3600, 59 * 60 * 119 / 6 - 1).is_none());
    }

    /// A pattern more than half full is taken as full, and its order is complete.
    #[test]
    fn a_crowd_is_taken_as_full() {
        let size = CROWD + 88;
        let pairs = (0..size).flat_map(|row| (0..size).map(move |column| (row, column)));
        let found = Elimination::of(
            (size, 0),
            pairs.filter(|(r, c)| (r + 2 * c) % 5 < 3),
            NO_LIMIT,
        );
        let found = found.unwrap();
        let mut order = found.order.clone();
        order.sort_unstable();
        assert_eq!(order, (0..size).collect::<Vec<_>>());
        assert_eq!(found.met, size * (size - 1));
    }
}
