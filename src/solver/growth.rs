//! Which pools can grow by themselves.
//!
//! A pool that drives its own filling (`mass_action` with the target among the drivers, directly or by way of
//! other pools) grows exponentially, and so does the source of a `capacity` law while more than the capacity is
//! occupied. An error in one cell becomes an error in all that descend from it. Such pools, and those that seed
//! them, need relative accuracy however little they hold, so the structure of the network is searched for them
//! once.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::network::{Network, ParameterId, PoolId, RateLaw, Transfer};

/// What the structure of a network gives about growth.
#[derive(Debug, Clone)]
pub(super) struct Growth {
    /// Whether each pool, in network order, multiplies by itself or seeds one that does.
    pub(super) seeds: Vec<bool>,
    /// Whether each pool belongs to a loop of several that can multiply, or seeds one.
    pub(super) loops: Vec<bool>,
    /// Whether each pool is the source of a capacity law that can run backwards.
    pub(super) refilled: Vec<bool>,
    /// The number of the part of the network that holds each pool: what leaves a part never comes back to it.
    pub(super) part: Vec<usize>,
}

impl Growth {
    pub(super) fn of(network: &Network) -> Self {
        let size = network.pools().len();
        let mut refilled = vec![false; size];
        mark_overfilled(network, &mut refilled);
        let (mut seeds, mut loops) = (refilled.clone(), vec![false; size]);
        mark_loops(network, &mut seeds, &mut loops);
        mark_upstream(network, &mut seeds);
        mark_upstream(network, &mut loops);
        let flows = network.transfers().iter().flat_map(|transfer| {
            let (from, to) = (transfer.from.index(), transfer.to.index());
            let back = bed(&transfer.law).is_some() && refilled[from];
            [(from, to)].into_iter().chain(back.then_some((to, from)))
        });
        let part = parts(size, flows);
        Self {
            seeds,
            loops,
            refilled,
            part,
        }
    }
}

/// The pools that fill each pool or drive its filling, as pairs with it.
fn fillers(network: &Network) -> impl Iterator<Item = (usize, usize)> {
    network.transfers().iter().flat_map(|transfer| {
        let drivers: &[_] = match &transfer.law {
            RateLaw::MassAction { others, .. } => others,
            _ => &[],
        };
        let sources = drivers.iter().chain(std::iter::once(&transfer.from));
        sources.map(|source| (source.index(), transfer.to.index()))
    })
}

/// Marks all pools from which marked ones are reached.
fn mark_upstream(network: &Network, marked: &mut [bool]) {
    let mut back = vec![vec![]; marked.len()];
    for (source, to) in fillers(network) {
        back[to].push(source);
    }
    let mut open: Vec<usize> = (0..marked.len()).filter(|pool| marked[*pool]).collect();
    while let Some(pool) = open.pop() {
        for &source in &back[pool] {
            if !std::mem::replace(&mut marked[source], true) {
                open.push(source);
            }
        }
    }
}

/// Marks the pools that multiply what they are made of: by themselves, or in loops of several.
fn mark_loops(network: &Network, alone: &mut [bool], growing: &mut [bool]) {
    let number = parts(growing.len(), fillers(network));
    let mut multiplies = vec![false; growing.len()];
    let beds = network.transfers().iter().filter_map(|transfer| {
        let (occupants, _) = bed(&transfer.law)?;
        Some((transfer.from, occupants))
    });
    let beds: FxHashSet<_> = beds.collect();
    for transfer in network.transfers() {
        let RateLaw::MassAction { others, .. } = &transfer.law else {
            continue;
        };
        // What finds no room in a bed goes past it: together the two laws are of first order.
        if beds.contains(&(transfer.from, &others[..])) {
            continue;
        }
        let (from, to) = (transfer.from.index(), transfer.to.index());
        alone[to] |= others.contains(&transfer.to);
        // Cells that only go round in a loop with their driver do not multiply.
        let fed = number[from] != number[to];
        let mut drivers = others.iter().map(|pool| number[pool.index()]);
        multiplies[number[to]] |= fed && drivers.any(|part| part == number[to]);
    }
    for (growing, part) in growing.iter_mut().zip(&number) {
        *growing |= multiplies[*part];
    }
}

/// Marks the sources of capacity laws of which more than the capacity can be occupied: at the start, or since
/// something enters that asks for no room or for that of a larger capacity.
fn mark_overfilled(network: &Network, growing: &mut [bool]) {
    let mut entries = vec![vec![]; growing.len()];
    let mut beds: FxHashMap<_, Vec<_>> = FxHashMap::default();
    for transfer in network.transfers() {
        entries[transfer.to.index()].push(transfer);
        if let Some((occupants, capacity)) = bed(&transfer.law) {
            let capacity = network.values()[capacity.index()];
            beds.entry(occupants)
                .or_default()
                .push((transfer.from.index(), capacity));
        }
    }
    for (occupants, sources) in beds {
        let members: FxHashSet<_> = occupants.iter().collect();
        let initial = occupants.iter().map(|pool| network.initial()[pool.index()]);
        let asks = |entry: &Transfer| {
            let asked = bed(&entry.law).is_some_and(|(counted, _)| counted == occupants);
            asked || members.contains(&entry.from)
        };
        let mut enters = occupants.iter().flat_map(|pool| &entries[pool.index()]);
        let held = match enters.all(|entry| asks(entry)) {
            true => sources
                .iter()
                .map(|(_, capacity)| *capacity)
                .fold(initial.sum(), f64::max),
            false => f64::INFINITY,
        };
        for (source, capacity) in sources {
            growing[source] |= capacity < held;
        }
    }
}

/// The pools that a capacity law counts, and the parameter that holds the capacity.
fn bed(law: &RateLaw) -> Option<(&[PoolId], ParameterId)> {
    match law {
        RateLaw::Capacity {
            occupants,
            capacity,
            ..
        } => Some((occupants, *capacity)),
        _ => None,
    }
}

/// The number of the strongly connected part that holds each pool of a graph.
///
/// Two searches in depth (Kosaraju; Sharir 1981, Comput Math Appl 7:67).
fn parts(size: usize, edges: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    let (mut ahead, mut back) = (vec![vec![]; size], vec![vec![]; size]);
    for (from, to) in edges {
        ahead[from].push(to);
        back[to].push(from);
    }
    let mut finished = vec![];
    let mut seen = vec![false; size];
    for pool in 0..size {
        visit(pool, &ahead, &mut seen, &mut finished);
    }
    let mut number = vec![0; size];
    seen.fill(false);
    for (part, &pool) in finished.iter().rev().enumerate() {
        let mut members = vec![];
        visit(pool, &back, &mut seen, &mut members);
        for member in members {
            number[member] = part;
        }
    }
    number
}

/// Lists the pools that are reached from one and were not seen before, each after those beyond it.
fn visit(start: usize, edges: &[Vec<usize>], seen: &mut [bool], finished: &mut Vec<usize>) {
    if std::mem::replace(&mut seen[start], true) {
        return;
    }
    let mut open = vec![(start, 0)];
    while let Some((pool, next)) = open.last_mut() {
        match edges[*pool].get(*next) {
            Some(&beyond) => {
                *next += 1;
                if !std::mem::replace(&mut seen[beyond], true) {
                    open.push((beyond, 0));
                }
            }
            None => {
                finished.push(*pool);
                open.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn driven(constant: f64, parameter: ParameterId, others: Vec<PoolId>) -> RateLaw {
        RateLaw::MassAction {
            constant,
            parameter,
            others,
        }
    }

    /// Virus and infected cells make each other out of targets and supply; a delay seeds the virus; what is
    /// made of it, and what only decays, is no seed.
    #[test]
    fn loops_that_multiply_are_found_with_their_seeds() {
        let mut builder = Network::builder("virus");
        let names = [
            "delay", "virus", "infected", "targets", "supply", "dead", "other", "end",
        ];
        let pool = names.map(|name| builder.pool_with(name, 1.0));
        let k = builder.parameter("k", 1.0);
        let [delay, virus, infected, targets, supply, dead, other, end] = pool;
        builder.transfer("seeding", delay, virus, RateLaw::linear(k));
        builder.transfer("infection", targets, infected, driven(1.0, k, vec![virus]));
        builder.transfer("shedding", supply, virus, driven(1.0, k, vec![infected]));
        builder.transfer("death", infected, dead, RateLaw::linear(k));
        builder.transfer("decay", other, end, RateLaw::linear(k));
        let growth = Growth::of(&builder.build().unwrap());
        let seeds = [true, true, true, true, true, false, false, false];
        assert_eq!(growth.loops, seeds);
        assert_eq!(growth.seeds, [false; 8]);
    }

    /// Lodged cells crowd others out, which go round and lodge elsewhere: nothing multiplies. A bed that all
    /// enter by its capacity law stays within it; one that something enters past the law does not.
    #[test]
    fn crowding_does_not_multiply_and_beds_may_overflow() {
        for past in [false, true] {
            let mut builder = Network::builder("crowding");
            let (blood, lodged) = (builder.pool_with("blood", 1.0), builder.pool("lodged"));
            let vessel = builder.pool("vessel");
            let (k, room) = (builder.parameter("k", 1.0), builder.parameter("room", 1.0));
            let law = RateLaw::Capacity {
                constant: 1.0,
                parameter: k,
                occupants: vec![lodged],
                capacity: room,
            };
            builder.transfer("lodging", blood, lodged, law);
            builder.transfer("crowding", blood, vessel, driven(1.0, k, vec![lodged]));
            builder.transfer("release", lodged, vessel, RateLaw::linear(k));
            builder.transfer("return", vessel, blood, RateLaw::linear(k));
            if past {
                builder.transfer("past", vessel, lodged, RateLaw::linear(k));
            }
            let growth = Growth::of(&builder.build().unwrap());
            assert_eq!(growth.refilled, [past, false, false]);
            assert_eq!(growth.seeds, [past; 3]);
            assert!(growth.part.iter().all(|part| *part == growth.part[0]));
        }
    }
}
