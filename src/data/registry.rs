//! The registry of one host: every number by its id, with the user's changes on top.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use rustc_hash::FxHashMap;

use super::tables::{Kind, Tables};
use super::{DataError, Quantity, Status, load};
use crate::names::near;

/// Every parameter that applies to one host.
///
/// An id is `place.name`. A parameter that an organ does not list for itself is that of `tissue`,
/// one that a product does not list that of `cell`, and so for `label` and `assay`. A row for the species goes before a row
/// for `any`.
///
/// ```
/// use biodist::data::Parameters;
///
/// let mut mouse = Parameters::for_host("mouse", None)?;
/// assert_eq!(mouse.get("lung", "sieve_diameter")?, 9.59); // um
/// assert_eq!(mouse.get("brain", "release")?, mouse.get("tissue", "release")?);
/// mouse.set("brain.release", 0.002)?; // 1/h
/// let error = mouse.set("brain.relase", 0.002).unwrap_err();
/// assert!(error.to_string().contains("brain.release"));
/// # Ok::<(), biodist::data::DataError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Shared by all hosts of the species: registries are made by the thousand.
    tables: &'static Tables,
    /// Rows that this host has of its own, in front of those of the tables: scaled, or added.
    own: FxHashMap<String, Quantity>,
    changed: FxHashMap<String, f64>,
    /// Organs that the species does not have.
    organs: BTreeSet<String>,
}

impl Parameters {
    /// The registry for a species and a body weight in g; without one, the reference weight.
    ///
    /// # Errors
    /// [`DataError::UnknownName`] listing the species that are known.
    pub fn for_host(species: &str, weight: Option<f64>) -> Result<Self, DataError> {
        let mut registry = Self {
            tables: Tables::of(species)?,
            own: FxHashMap::default(),
            changed: FxHashMap::default(),
            organs: BTreeSet::new(),
        };
        registry.scale(weight)?;
        Ok(registry)
    }

    /// The same with the table of variability, which no run needs.
    pub(crate) fn with_variability(mut self, species: &str) -> Result<Self, DataError> {
        for wanted in ["any", species] {
            let rows = load::variability()?.iter();
            for row in rows.filter(|row| row.species == wanted) {
                self.own.insert(row.id.clone(), row.clone());
            }
        }
        Ok(self)
    }

    /// Applies the powers of body weight.
    fn scale(&mut self, weight: Option<f64>) -> Result<(), DataError> {
        let Some(weight) = weight else { return Ok(()) };
        let reference = self.get("body", "reference_weight")?;
        for row in self.tables.scaling() {
            let mut row = row.clone();
            row.value *= libm::pow(weight / reference, row.weight_exponent);
            self.own.insert(row.id.clone(), row);
        }
        Ok(())
    }

    /// Whether an organ, a product or a route of this name is known.
    #[must_use]
    pub fn has_place(&self, name: &str) -> bool {
        self.kind(name).is_some()
    }

    /// Makes a place known: it falls back on `tissue` for every parameter that is not added.
    pub fn add_organ(&mut self, organ: &str) {
        self.organs.insert(organ.to_string());
    }

    /// Adds a parameter with its source, or replaces one.
    ///
    /// # Errors
    /// [`DataError::OutOfRange`] for a value that the unit does not allow.
    pub fn add(&mut self, quantity: Quantity) -> Result<(), DataError> {
        quantity.unit.check(&quantity.id, quantity.value)?;
        let id = quantity.id.clone();
        self.own.insert(id, quantity);
        Ok(())
    }

    /// The row behind `place.name`, the common one if the place has none of its own.
    ///
    /// # Errors
    /// [`DataError::UnknownName`] with near ids.
    pub fn quantity(&self, place: &str, name: &str) -> Result<&Quantity, DataError> {
        let own = joined(place, name);
        self.row(&own, place, name)
            .ok_or_else(|| self.unknown(&own))
    }

    fn row(&self, own: &str, place: &str, name: &str) -> Option<&Quantity> {
        let of = |id: &str| self.own.get(id).or_else(|| self.tables.row(id));
        let common = || with_id(self.kind(place)?.base()?, name, of);
        of(own).or_else(common)
    }

    fn kind(&self, place: &str) -> Option<Kind> {
        let known = self.tables.kind(place);
        known.or_else(|| self.organs.contains(place).then_some(Kind::Organ))
    }

    /// Whether a place is a condition of hosts.
    pub(crate) fn is_condition(&self, place: &str) -> bool {
        self.kind(place) == Some(Kind::Condition)
    }

    /// The value of `place.name`: the user's change, the place's own row, or the common one.
    ///
    /// # Errors
    /// [`DataError::UnknownName`] with near ids.
    pub fn get(&self, place: &str, name: &str) -> Result<f64, DataError> {
        self.find(place, name)
            .ok_or_else(|| self.unknown(&format!("{place}.{name}")))
    }

    /// The same where it may be missing: no error is made, which would look for near names.
    #[must_use]
    pub fn find(&self, place: &str, name: &str) -> Option<f64> {
        with_id(place, name, |own| {
            if let Some(value) = self.changed.get(own) {
                return Some(*value);
            }
            let row = self.row(own, place, name)?;
            if row.id == own {
                return Some(row.value);
            }
            Some(*self.changed.get(&row.id).unwrap_or(&row.value))
        })
    }

    /// Changes one parameter.
    ///
    /// # Errors
    /// [`DataError::UnknownName`] with near ids, [`DataError::OutOfRange`] for a value that the
    /// unit does not allow.
    pub fn set(&mut self, id: &str, value: f64) -> Result<(), DataError> {
        let (place, name) = id.split_once('.').ok_or_else(|| self.unknown(id))?;
        self.quantity(place, name)?.unit.check(id, value)?;
        self.changed.insert(id.to_string(), value);
        Ok(())
    }

    /// The ids changed from the tables, with their values, in the order of ids.
    #[must_use]
    pub fn changed(&self) -> BTreeMap<&str, f64> {
        let changed = self.changed.iter();
        changed.map(|(id, value)| (id.as_str(), *value)).collect()
    }

    /// Every row, in the order of ids.
    pub fn rows(&self) -> impl Iterator<Item = &Quantity> {
        let mut own: Vec<&Quantity> = self.own.values().collect();
        own.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        let mut own = own.into_iter().peekable();
        let hidden = |row: &&Quantity| !self.own.contains_key(&row.id);
        let mut tables = self.tables.rows().filter(hidden).peekable();
        iter::from_fn(move || match (own.peek(), tables.peek()) {
            (Some(first), Some(second)) if first.id > second.id => tables.next(),
            (Some(_), _) => own.next(),
            (None, _) => tables.next(),
        })
    }

    /// How many rows of some places are assumed.
    pub(crate) fn assumed(&self, places: &BTreeSet<String>) -> usize {
        let assumed = |row: &Quantity| usize::from(row.status == Status::Assumed);
        let all: usize = places.iter().map(|place| self.tables.assumed(place)).sum();
        // A row of its own stands in the place of one of the tables.
        let own = self.own.values().filter(|row| places.contains(row.place()));
        let counts = own.map(|row| (assumed(row), self.tables.row(&row.id).map_or(0, assumed)));
        counts.fold(all, |all, (own, hidden)| all + own - hidden)
    }

    /// Names of the known products.
    pub fn products(&self) -> impl Iterator<Item = &str> {
        self.named(Kind::Product)
    }

    /// Names of the known labels.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.named(Kind::Label)
    }

    /// Names of the known conditions.
    pub fn conditions(&self) -> impl Iterator<Item = &str> {
        self.named(Kind::Condition)
    }

    /// Names of the known preparations of cells.
    pub fn preparations(&self) -> impl Iterator<Item = &str> {
        self.named(Kind::Preparation)
    }

    /// The rows of one place, in the order of ids.
    pub fn rows_of(&self, place: &str) -> impl Iterator<Item = &Quantity> {
        self.rows().filter(move |row| row.place() == place)
    }

    /// Names of the known assays.
    pub fn assays(&self) -> impl Iterator<Item = &str> {
        self.named(Kind::Assay)
    }

    /// Places of a kind, without the one that they fall back on.
    fn named(&self, kind: Kind) -> impl Iterator<Item = &str> {
        let places = self.tables.places().filter(move |(_, k)| *k == kind);
        let names = places.map(|(name, _)| name);
        names.filter(move |name| kind.base() != Some(name))
    }

    fn unknown(&self, id: &str) -> DataError {
        let common = |kind: Kind| {
            let base = kind.base();
            self.rows()
                .filter(move |row| base == Some(row.place()))
                .map(Quantity::name)
        };
        let mut places: Vec<(&str, Kind)> = self.tables.places().collect();
        places.extend(
            self.organs
                .iter()
                .map(|organ| (organ.as_str(), Kind::Organ)),
        );
        let expanded: Vec<String> = places
            .into_iter()
            .flat_map(|(place, kind)| common(kind).map(move |name| joined(place, name)))
            .collect();
        let names: BTreeSet<&str> = (self.rows().map(|row| row.id.as_str()))
            .chain(expanded.iter().map(String::as_str))
            .collect();
        DataError::UnknownName {
            kind: "parameter",
            name: id.to_string(),
            near: near(id, names),
        }
    }
}

/// Looks at `place.name`, made on the stack: a model asks for thousands of numbers.
fn with_id<T>(place: &str, name: &str, look: impl FnOnce(&str) -> T) -> T {
    let mut bytes = [0; 96];
    let (dot, end) = (place.len(), place.len() + 1 + name.len());
    if let Some(id) = bytes.get_mut(..end) {
        id[..dot].copy_from_slice(place.as_bytes());
        id[dot] = b'.';
        id[dot + 1..].copy_from_slice(name.as_bytes());
        if let Ok(id) = std::str::from_utf8(id) {
            return look(id);
        }
    }
    look(&joined(place, name))
}

/// `place.name`.
fn joined(place: &str, name: &str) -> String {
    let mut id = String::with_capacity(place.len() + 1 + name.len());
    id.push_str(place);
    id.push('.');
    id.push_str(name);
    id
}
