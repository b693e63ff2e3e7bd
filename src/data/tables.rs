//! What the tables say of one species: made once, shared by all registries.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{DataError, Quantity, Status, load};
use crate::names::near;

/// What a place falls back on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Organ,
    Product,
    Label,
    Assay,
    Condition,
    Preparation,
    Other,
}

impl Kind {
    pub(super) const fn base(self) -> Option<&'static str> {
        match self {
            Self::Organ => Some("tissue"),
            Self::Product => Some("cell"),
            Self::Label => Some("label"),
            Self::Assay => Some("assay"),
            Self::Condition | Self::Preparation | Self::Other => None,
        }
    }
}

/// Places that are neither organs nor products.
const OTHERS: [&str; 7] = [
    "body",
    "blood",
    "immunity",
    "autologous",
    "allogeneic",
    "xenogeneic",
    "response",
];

/// The rows that hold for a species, a row of its own before one for any.
#[derive(Debug, PartialEq)]
pub(super) struct Tables {
    /// In the order of ids.
    rows: BTreeMap<&'static str, &'static Quantity>,
    /// The same, for those who know the id.
    index: FxHashMap<&'static str, &'static Quantity>,
    /// In the order of names.
    places: BTreeMap<&'static str, Kind>,
    /// The same, for those who know the name.
    kinds: FxHashMap<&'static str, Kind>,
    /// How many rows of a place are assumed.
    assumed: FxHashMap<&'static str, usize>,
}

type BySpecies = BTreeMap<&'static str, Tables>;

impl Tables {
    /// The tables of a species.
    pub(super) fn of(species: &str) -> Result<&'static Self, DataError> {
        static ALL: OnceLock<Result<BySpecies, DataError>> = OnceLock::new();
        let all = ALL.get_or_init(every_species).as_ref();
        let all = all.map_err(Clone::clone)?;
        all.get(species).ok_or_else(|| DataError::UnknownName {
            kind: "species",
            name: species.to_string(),
            near: near(species, all.keys().copied()),
        })
    }

    fn read(species: &str) -> Result<Self, DataError> {
        let mut tables = Self {
            rows: BTreeMap::new(),
            index: FxHashMap::default(),
            kinds: FxHashMap::default(),
            assumed: FxHashMap::default(),
            places: OTHERS.map(|place| (place, Kind::Other)).into(),
        };
        tables.insert(load::physiology()?, species, Kind::Organ);
        tables.insert(load::parameters()?, species, Kind::Organ);
        tables.insert(load::products()?, species, Kind::Product);
        tables.insert(load::routes()?, species, Kind::Other);
        tables.insert(load::labels()?, species, Kind::Label);
        tables.insert(load::assays()?, species, Kind::Assay);
        tables.insert(load::conditions()?, species, Kind::Condition);
        tables.insert(load::preparations()?, species, Kind::Preparation);
        tables.index = tables.rows.iter().map(|(id, row)| (*id, *row)).collect();
        tables.kinds = tables.places().collect();
        let assumed = tables.rows.values();
        for row in assumed.filter(|row| row.status == Status::Assumed) {
            *tables.assumed.entry(row.place()).or_default() += 1;
        }
        Ok(tables)
    }

    fn insert(&mut self, table: &'static [Quantity], species: &str, kind: Kind) {
        for wanted in ["any", species] {
            for row in table.iter().filter(|row| row.species == wanted) {
                self.places.entry(row.place()).or_insert(kind);
                self.rows.insert(&row.id, row);
            }
        }
    }

    pub(super) fn row(&self, id: &str) -> Option<&'static Quantity> {
        self.index.get(id).copied()
    }

    /// Every row, in the order of ids.
    pub(super) fn rows(&self) -> impl Iterator<Item = &'static Quantity> {
        self.rows.values().copied()
    }

    /// The rows that scale with body weight.
    pub(super) fn scaling(&self) -> impl Iterator<Item = &'static Quantity> {
        self.rows().filter(|row| row.weight_exponent != 0.0)
    }

    pub(super) fn assumed(&self, place: &str) -> usize {
        self.assumed.get(place).copied().unwrap_or(0)
    }

    pub(super) fn kind(&self, place: &str) -> Option<Kind> {
        self.kinds.get(place).copied()
    }

    /// Every place, in the order of names.
    pub(super) fn places(&self) -> impl Iterator<Item = (&'static str, Kind)> {
        self.places.iter().map(|(place, kind)| (*place, *kind))
    }
}

fn every_species() -> Result<BySpecies, DataError> {
    let mut all = BySpecies::new();
    for row in load::physiology()? {
        let species = row.species.as_str();
        if !all.contains_key(species) {
            all.insert(species, Tables::read(species)?);
        }
    }
    Ok(all)
}
