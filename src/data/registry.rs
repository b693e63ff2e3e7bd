//! The registry of one host: every number by its id, with the user's changes on top.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{DataError, Quantity, load};
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
/// assert_eq!(mouse.get("lung", "sieve_diameter")?, 9.8); // um
/// assert_eq!(mouse.get("brain", "release")?, mouse.get("tissue", "release")?);
/// mouse.set("brain.release", 0.002)?; // 1/h
/// let error = mouse.set("brain.relase", 0.002).unwrap_err();
/// assert!(error.to_string().contains("brain.release"));
/// # Ok::<(), biodist::data::DataError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Rows of the embedded tables are borrowed: registries are made by the thousand.
    rows: BTreeMap<Cow<'static, str>, Cow<'static, Quantity>>,
    changed: BTreeMap<String, f64>,
    places: BTreeMap<Cow<'static, str>, Kind>,
}

/// What a place falls back on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Organ,
    Product,
    Label,
    Assay,
    Condition,
    Preparation,
    Other,
}

impl Kind {
    const fn base(self) -> Option<&'static str> {
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

impl Parameters {
    /// The registry for a species and a body weight in g; without one, the reference weight.
    ///
    /// # Errors
    /// [`DataError::UnknownName`] listing the species that are known.
    pub fn for_host(species: &str, weight: Option<f64>) -> Result<Self, DataError> {
        let physiology = load::physiology()?;
        let known: BTreeSet<&str> = physiology.iter().map(|row| row.species.as_str()).collect();
        if !known.contains(species) {
            return Err(DataError::UnknownName {
                kind: "species",
                name: species.to_string(),
                near: near(species, known),
            });
        }
        let mut registry = Self {
            rows: BTreeMap::new(),
            changed: BTreeMap::new(),
            places: OTHERS.map(|place| (place.into(), Kind::Other)).into(),
        };
        registry.insert(physiology, species, Kind::Organ);
        registry.insert(load::parameters()?, species, Kind::Organ);
        registry.insert(load::products()?, species, Kind::Product);
        registry.insert(load::routes()?, species, Kind::Other);
        registry.insert(load::labels()?, species, Kind::Label);
        registry.insert(load::assays()?, species, Kind::Assay);
        registry.insert(load::conditions()?, species, Kind::Condition);
        registry.insert(load::preparations()?, species, Kind::Preparation);
        registry.scale(weight)?;
        Ok(registry)
    }

    /// The same with the table of variability, which no run needs.
    pub(crate) fn with_variability(mut self, species: &str) -> Result<Self, DataError> {
        self.insert(load::variability()?, species, Kind::Organ);
        Ok(self)
    }

    fn insert(&mut self, table: &'static [Quantity], species: &str, kind: Kind) {
        for wanted in ["any", species] {
            for row in table.iter().filter(|row| row.species == wanted) {
                self.places.entry(row.place().into()).or_insert(kind);
                let id = Cow::Borrowed(row.id.as_str());
                self.rows.insert(id, Cow::Borrowed(row));
            }
        }
    }

    /// Applies the powers of body weight.
    fn scale(&mut self, weight: Option<f64>) -> Result<(), DataError> {
        let Some(weight) = weight else { return Ok(()) };
        let reference = self.get("body", "reference_weight")?;
        let scaled = |row: &&mut Cow<'static, Quantity>| row.weight_exponent != 0.0;
        for row in self.rows.values_mut().filter(scaled) {
            let row = row.to_mut();
            row.value *= (weight / reference).powf(row.weight_exponent);
        }
        Ok(())
    }

    /// Whether an organ, a product or a route of this name is known.
    #[must_use]
    pub fn has_place(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// Makes a place known: it falls back on `tissue` for every parameter that is not added.
    pub fn add_organ(&mut self, organ: &str) {
        self.places.insert(organ.to_string().into(), Kind::Organ);
    }

    /// Adds a parameter with its source, or replaces one.
    ///
    /// # Errors
    /// [`DataError::OutOfRange`] for a value that the unit does not allow.
    pub fn add(&mut self, quantity: Quantity) -> Result<(), DataError> {
        quantity.unit.check(&quantity.id, quantity.value)?;
        let id = quantity.id.clone();
        self.rows.insert(id.into(), Cow::Owned(quantity));
        Ok(())
    }

    /// The row behind `place.name`, the common one if the place has none of its own.
    ///
    /// # Errors
    /// [`DataError::UnknownName`] with near ids.
    pub fn quantity(&self, place: &str, name: &str) -> Result<&Quantity, DataError> {
        let own = format!("{place}.{name}");
        self.row(&own, place, name)
            .ok_or_else(|| self.unknown(&own))
    }

    fn row(&self, own: &str, place: &str, name: &str) -> Option<&Quantity> {
        let common = || {
            let base = self.places.get(place)?.base()?;
            self.rows.get(format!("{base}.{name}").as_str())
        };
        self.rows.get(own).or_else(common).map(Cow::as_ref)
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
        let own = format!("{place}.{name}");
        if let Some(value) = self.changed.get(&own) {
            return Some(*value);
        }
        let row = self.row(&own, place, name)?;
        Some(*self.changed.get(&row.id).unwrap_or(&row.value))
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

    /// The ids changed from the tables, with their values.
    #[must_use]
    pub const fn changed(&self) -> &BTreeMap<String, f64> {
        &self.changed
    }

    /// Every row, in the order of ids.
    pub fn rows(&self) -> impl Iterator<Item = &Quantity> {
        self.rows.values().map(Cow::as_ref)
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
        let places = self.places.iter().filter(move |(_, k)| **k == kind);
        let names = places.map(|(name, _)| name.as_ref());
        names.filter(move |name| kind.base() != Some(name))
    }

    fn unknown(&self, id: &str) -> DataError {
        let common = |kind: Kind| {
            let base = kind.base();
            self.rows()
                .filter(move |row| base == Some(row.place()))
                .map(Quantity::name)
        };
        let expanded: Vec<String> = self
            .places
            .iter()
            .flat_map(|(place, kind)| common(*kind).map(move |name| format!("{place}.{name}")))
            .collect();
        let names: BTreeSet<&str> = (self.rows.keys().map(Cow::as_ref))
            .chain(expanded.iter().map(String::as_str))
            .collect();
        DataError::UnknownName {
            kind: "parameter",
            name: id.to_string(),
            near: near(id, names),
        }
    }
}
