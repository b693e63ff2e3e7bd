//! Names of organs and of the great vessels.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of an organ. An open set: any name can be one.
///
/// ```
/// use biodist::physiology::Organ;
/// assert_eq!(Organ::new("tumour").to_string(), "tumour");
/// assert_eq!(Organ::BONE_MARROW.title(), "bone marrow");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Organ(Cow<'static, str>);

impl Organ {
    /// Lung: the whole cardiac output flows through it.
    pub const LUNG: Self = Self::named("lung");
    /// Heart.
    pub const HEART: Self = Self::named("heart");
    /// Brain.
    pub const BRAIN: Self = Self::named("brain");
    /// Both kidneys.
    pub const KIDNEY: Self = Self::named("kidney");
    /// Liver: fed by the hepatic artery and the portal vein.
    pub const LIVER: Self = Self::named("liver");
    /// Spleen: drains to the portal vein.
    pub const SPLEEN: Self = Self::named("spleen");
    /// Stomach and intestine: drains to the portal vein.
    pub const GUT: Self = Self::named("gut");
    /// Pancreas: drains to the portal vein.
    pub const PANCREAS: Self = Self::named("pancreas");
    /// Bone marrow.
    pub const BONE_MARROW: Self = Self::named("bone_marrow");
    /// Bone without marrow.
    pub const BONE: Self = Self::named("bone");
    /// Skeletal muscle.
    pub const MUSCLE: Self = Self::named("muscle");
    /// Skin.
    pub const SKIN: Self = Self::named("skin");
    /// Adipose tissue.
    pub const ADIPOSE: Self = Self::named("adipose");
    /// Lymph nodes.
    pub const LYMPH_NODES: Self = Self::named("lymph_nodes");
    /// What is left of the body: its mass and flow are remainders.
    pub const REST: Self = Self::named("rest");
    /// Peritoneal cavity: no blood flow of its own; exists when a dose goes there.
    pub const PERITONEUM: Self = Self::named("peritoneum");
    /// Joint cavity: no blood flow of its own; exists when a dose goes there.
    pub const JOINT: Self = Self::named("joint");

    /// The organs of every species, the rest of the body last.
    pub const ALL: [Self; 15] = [
        Self::LUNG,
        Self::HEART,
        Self::BRAIN,
        Self::KIDNEY,
        Self::LIVER,
        Self::SPLEEN,
        Self::GUT,
        Self::PANCREAS,
        Self::BONE_MARROW,
        Self::BONE,
        Self::MUSCLE,
        Self::SKIN,
        Self::ADIPOSE,
        Self::LYMPH_NODES,
        Self::REST,
    ];
    /// The organs that drain to the portal vein.
    pub const PORTAL: [Self; 3] = [Self::SPLEEN, Self::GUT, Self::PANCREAS];
    /// Cavities: places without vessels.
    pub const CAVITIES: [Self; 2] = [Self::PERITONEUM, Self::JOINT];

    const fn named(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// An organ of any name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(Cow::Owned(name.into()))
    }

    /// The name, as it stands in parameter ids.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// The name as people write it.
    #[must_use]
    pub fn title(&self) -> String {
        self.0.replace('_', " ")
    }
}

impl fmt::Display for Organ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<&str> for Organ {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

/// The three volumes of blood between organs. A closed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blood {
    /// Systemic veins and right heart: flows to the lung.
    Venous,
    /// Left heart and arteries: flows to all organs but the lung.
    Arterial,
    /// Portal vein: flows to the liver.
    Portal,
}

impl Blood {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Venous, Self::Arterial, Self::Portal];

    /// The name, as it stands in pool names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Venous => "venous",
            Self::Arterial => "arterial",
            Self::Portal => "portal",
        }
    }
}

impl fmt::Display for Blood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
