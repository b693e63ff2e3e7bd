//! What is connected with what, read off the network.

use std::collections::BTreeSet;

use crate::assembly::Model;
use crate::organ::{Place, PoolKey, State};
use crate::physiology::{Blood, Organ};

/// An organ or a cavity with its vessels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Station {
    pub(super) organ: Organ,
    /// Bloods that bring living cells.
    pub(super) from: BTreeSet<Blood>,
    /// Bloods that take them away, also by lymph.
    pub(super) to: BTreeSet<Blood>,
    /// Organs that lymph takes them to.
    pub(super) lymph: BTreeSet<Organ>,
    /// Flow from arteries, or through the lung, mL/h; none for a cavity.
    pub(super) flow: Option<f64>,
    /// Mass, g.
    pub(super) mass: Option<f64>,
}

impl Station {
    /// Its place from the top down: lung, organs between arteries and veins, tributaries of the portal vein,
    /// liver, cavities.
    fn rank(&self) -> usize {
        let feeds = |blood| self.from.contains(&blood);
        match () {
            () if self.from.is_empty() => 4,
            () if feeds(Blood::Venous) => 0,
            () if feeds(Blood::Portal) => 3,
            () if self.to.contains(&Blood::Portal) => 2,
            () => 1,
        }
    }
}

/// The stations from the top down.
pub(super) fn stations(model: &Model) -> Vec<Station> {
    let places = model.atlas.places().into_iter();
    let organs = places.filter_map(|place| match place {
        Place::Organ(organ) => Some(organ),
        _ => None,
    });
    let mut stations: Vec<Station> = organs.map(|organ| station(model, organ)).collect();
    stations.sort_by_key(Station::rank);
    stations
}

fn station(model: &Model, organ: Organ) -> Station {
    let tissue = model.body.tissue(&organ);
    let mut station = Station {
        from: BTreeSet::new(),
        to: BTreeSet::new(),
        lymph: BTreeSet::new(),
        flow: tissue.map(|tissue| tissue.flow),
        mass: tissue.map(|tissue| tissue.mass),
        organ,
    };
    let here = Place::Organ(station.organ.clone());
    for (from, to) in
        transfers(model).filter(|(from, to)| from.state.is_viable() && to.state.is_viable())
    {
        match (&from.place, &to.place) {
            (Place::Blood(blood), place) if *place == here => station.from.insert(*blood),
            (place, Place::Blood(blood)) if *place == here => station.to.insert(*blood),
            (place, Place::Organ(organ)) if *place == here && *organ != station.organ => {
                station.lymph.insert(organ.clone())
            }
            _ => false,
        };
    }
    station
}

/// Steps from state to state that are made somewhere.
pub(super) fn steps(model: &Model) -> BTreeSet<(State, State)> {
    transfers(model)
        .map(|(from, to)| (from.state, to.state))
        .filter(|(from, to)| from != to)
        .collect()
}

/// Transfers of cells, as what they take from and bring to.
fn transfers(model: &Model) -> impl Iterator<Item = (&PoolKey, &PoolKey)> {
    let keys = model.atlas.keys();
    let transfers = model.network.transfers().iter();
    transfers.filter_map(|transfer| {
        let (from, to) = (transfer.from.index(), transfer.to.index());
        Some((keys.get(from)?, keys.get(to)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::physiology::Organ;
    use crate::scenario::{Dose, Host, Product, Scenario};
    use crate::units::{Cells, Mass};

    #[test]
    fn the_lung_comes_first_and_the_liver_after_what_drains_into_it() {
        let model = Scenario::new(Host::rat(Mass::new(250.0)))
            .dose(Dose::new(Cells::new(1e6), Product::bone_marrow_msc()))
            .assemble()
            .unwrap();
        let stations = stations(&model);
        let place = |organ: &Organ| stations.iter().position(|s| s.organ == *organ).unwrap();
        assert_eq!(place(&Organ::LUNG), 0);
        for tributary in Organ::PORTAL {
            assert!(place(&tributary) < place(&Organ::LIVER));
            let [blood] = stations[place(&tributary)].to.iter().collect::<Vec<_>>()[..] else {
                panic!("one way out");
            };
            assert_eq!(*blood, Blood::Portal);
        }
        let liver = &stations[place(&Organ::LIVER)];
        assert_eq!(liver.from, BTreeSet::from([Blood::Arterial, Blood::Portal]));
        assert!(steps(&model).contains(&(State::Lodged, State::Debris)));
    }
}
