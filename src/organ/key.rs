//! What a pool holds: where, in which state, of which product and size.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::physiology::{Blood, Organ};

/// Where a pool is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In an organ or a cavity.
    Organ(Organ),
    /// In the great vessels.
    Blood(Blood),
    /// Outside the body.
    Outside,
}

impl Place {
    /// The name, as it stands in pool names.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Organ(organ) => organ.name(),
            Self::Blood(blood) => blood.name(),
            Self::Outside => "outside",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl From<Organ> for Place {
    fn from(organ: Organ) -> Self {
        Self::Organ(organ)
    }
}

impl From<Blood> for Place {
    fn from(blood: Blood) -> Self {
        Self::Blood(blood)
    }
}

/// In which state the contents of a pool are. A closed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not yet given.
    Syringe,
    /// Viable, on the way through the artery that feeds the organ.
    Artery,
    /// Viable, moving with the blood.
    Vascular,
    /// Viable, stopped in microvessels.
    Lodged,
    /// Viable, outside the vessels.
    Resident,
    /// Viable, injected and neither anchored nor washed out.
    Depot,
    /// Viable, of the tissue's own, at rest.
    Niche,
    /// Remains of dead cells, where they are.
    Debris,
    /// Remains inside phagocytes.
    Ingested,
    /// Left the body.
    Excreted,
    /// Dose that never entered.
    Undelivered,
    /// Label that left its cell: in plasma, or bound in an organ. Never cells.
    Free,
    /// Label that decayed. Never cells.
    Decayed,
}

impl State {
    /// The states of living cells in the body.
    pub const VIABLE: [Self; 6] = [
        Self::Artery,
        Self::Vascular,
        Self::Lodged,
        Self::Resident,
        Self::Depot,
        Self::Niche,
    ];
    /// The states of remains in the body.
    pub const REMAINS: [Self; 2] = [Self::Debris, Self::Ingested];

    /// Whether the contents are living cells in the body.
    #[must_use]
    pub fn is_viable(self) -> bool {
        Self::VIABLE.contains(&self)
    }

    /// Whether the contents are remains in the body.
    #[must_use]
    pub fn is_remains(self) -> bool {
        Self::REMAINS.contains(&self)
    }

    /// The name, as it stands in pool names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Syringe => "syringe",
            Self::Artery => "artery",
            Self::Vascular => "vascular",
            Self::Lodged => "lodged",
            Self::Resident => "resident",
            Self::Depot => "depot",
            Self::Niche => "niche",
            Self::Debris => "debris",
            Self::Ingested => "ingested",
            Self::Excreted => "excreted",
            Self::Undelivered => "undelivered",
            Self::Free => "free",
            Self::Decayed => "decayed",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Everything that tells one pool from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PoolKey {
    /// Where.
    pub place: Place,
    /// In which state.
    pub state: State,
    /// Which product: the number of its dose in the scenario.
    pub product: usize,
    /// Which size class; 0 for remains, which have none.
    pub class: usize,
}
