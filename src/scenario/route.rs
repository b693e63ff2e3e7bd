//! Where the cells go in. A route is an entry into the graph of the body and nothing more.

use serde::{Deserialize, Serialize};

use super::text::named;
use crate::names::{near, same};
use crate::physiology::{Blood, Organ};

/// The place that a route opens into.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// Into one of the great vessels.
    Blood(Blood),
    /// Into the artery that feeds one organ.
    Artery(Organ),
    /// Into the tissue of an organ or into a cavity.
    Depot(Organ),
    /// Nowhere: the cells are those of the tissue itself, at rest in their niche until called.
    Niche(Organ),
}

/// A route of administration, by name or with an entry of its own.
///
/// ```
/// use biodist::prelude::*;
/// use biodist::scenario::Entry;
///
/// let vein = Route::intravenous();
/// let tumour = Route::new("intratumoural", Entry::Depot(Organ::new("tumour")));
/// assert_ne!(vein.entry(), tumour.entry());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Its name.
    pub name: String,
    /// Where it opens into; absent for the routes that the crate knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    entry: Option<Entry>,
}

impl From<String> for Route {
    fn from(name: String) -> Self {
        Self { name, entry: None }
    }
}

/// The routes that the crate knows.
static KNOWN: [(&str, Entry); 15] = [
    ("intravenous", Entry::Blood(Blood::Venous)),
    ("arterial", Entry::Blood(Blood::Arterial)),
    ("left_ventricle", Entry::Blood(Blood::Arterial)),
    ("portal_vein", Entry::Blood(Blood::Portal)),
    ("renal_artery", Entry::Artery(Organ::KIDNEY)),
    ("hepatic_artery", Entry::Artery(Organ::LIVER)),
    ("carotid_artery", Entry::Artery(Organ::BRAIN)),
    ("intracoronary", Entry::Artery(Organ::HEART)),
    ("intramyocardial", Entry::Depot(Organ::HEART)),
    ("intramuscular", Entry::Depot(Organ::MUSCLE)),
    ("subcutaneous", Entry::Depot(Organ::SKIN)),
    ("intrasplenic", Entry::Depot(Organ::SPLEEN)),
    ("intramedullary", Entry::Depot(Organ::BONE_MARROW)),
    ("intraperitoneal", Entry::Depot(Organ::PERITONEUM)),
    ("intra_articular", Entry::Depot(Organ::JOINT)),
];

/// What people write for some of the known ones.
const SHORT: [(&str, &str); 9] = [
    ("iv", "intravenous"),
    ("tail vein", "intravenous"),
    ("tail_vein", "intravenous"),
    ("ia", "arterial"),
    ("ic", "intracoronary"),
    ("im", "intramuscular"),
    ("imc", "intramyocardial"),
    ("ip", "intraperitoneal"),
    ("sc", "subcutaneous"),
];

impl Route {
    named! {
        /// Into a peripheral vein.
        intravenous;
        /// Into the aorta.
        arterial;
        /// Into the cavity of the left ventricle.
        left_ventricle;
        /// Into the portal vein.
        portal_vein;
        /// Into a renal artery.
        renal_artery;
        /// Into the hepatic artery.
        hepatic_artery;
        /// Into an internal carotid artery.
        carotid_artery;
        /// Into a coronary artery.
        intracoronary;
        /// Into the wall of the heart.
        intramyocardial;
        /// Into skeletal muscle.
        intramuscular;
        /// Under the skin.
        subcutaneous;
        /// Into the peritoneal cavity.
        intraperitoneal;
        /// Into a joint.
        intra_articular;
    }

    /// A route of your own.
    #[must_use]
    pub fn new(name: impl Into<String>, entry: Entry) -> Self {
        Self {
            name: name.into(),
            entry: Some(entry),
        }
    }

    /// Cells of the host's own, in the niche of a tissue.
    #[must_use]
    pub fn niche(organ: Organ) -> Self {
        Self::new(format!("niche of the {organ}"), Entry::Niche(organ))
    }

    /// Names of the routes that need no entry.
    pub fn known() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|(name, _)| *name)
    }

    /// Where it opens into; `None` for a name that is not known and has no entry of its own.
    #[must_use]
    pub fn entry(&self) -> Option<Entry> {
        let known = || KNOWN.iter().find(|(name, _)| *name == self.name);
        self.entry
            .clone()
            .or_else(|| known().map(|(_, entry)| entry.clone()))
    }

    /// The name, unless the route has an entry of its own.
    pub(crate) fn known_name(&self) -> Option<&str> {
        self.entry.is_none().then_some(self.name.as_str())
    }

    /// The known route that is meant: `Intra Articular`, `i.v.`.
    pub(super) fn meant(written: &str) -> Option<Self> {
        let plain = written.replace('.', "");
        let long = SHORT.iter().find(|(short, _)| same(short, &plain));
        let name = long.map_or(plain.as_str(), |(_, long)| long);
        let known = Self::known().find(|known| same(known, name));
        known.map(|known| Self::from(known.to_string()))
    }

    /// Known names that look like this one.
    pub(crate) fn near(&self) -> String {
        let name = self.name.to_lowercase();
        let meant = SHORT.iter().find(|(short, _)| *short == name);
        near(meant.map_or(&name, |(_, long)| long), Self::known())
    }
}
