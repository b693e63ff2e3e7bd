//! What is seen of the cells: labels that ride on them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::named;

/// A label by its name in the label table: a nuclide, an enzyme, a sequence, iron.
///
/// ```
/// use biodist::prelude::*;
/// assert_eq!(Label::chromium_51().to_string(), "chromium 51");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Label(String);

impl From<String> for Label {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl Label {
    /// A label of any name; it is checked at assembly.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    named! {
        /// In-111 carried by oxine: days of imaging.
        indium_111_oxine;
        /// In-111 carried by tropolone.
        indium_111_tropolone;
        /// Tc-99m carried by HMPAO: hours of imaging.
        technetium_99m_hmpao;
        /// Cr-51 chromate.
        chromium_51;
        /// Zr-89 carried by oxine.
        zirconium_89_oxine;
        /// Zr-89 bound to surface proteins by DBN.
        zirconium_89_dbn;
        /// F-18 FDG: an hour or two of imaging.
        fluorine_18_fdg;
        /// Cu-64 PTSM.
        copper_64_ptsm;
        /// C-14 in DNA.
        carbon_14_thymidine;
        /// H-3 in DNA.
        tritium_thymidine;
        /// Firefly luciferase, made by living cells.
        luciferase;
        /// Alu sequences of human cells in an animal.
        alu_dna;
        /// The male sequence SRY in a female.
        sry_dna;
        /// Iron oxide particles.
        iron_oxide;
    }

    /// The name, as it stands in parameter ids.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.replace('_', " "))
    }
}
