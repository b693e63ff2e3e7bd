//! Assays: what an instrument is, what it counts and in which unit it speaks.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ObservationError;
use crate::data::{DataError, Parameters};
use crate::names::near;
use crate::scenario::Label;

/// Whether a reading is corrected for physical decay since time zero of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decay {
    /// As if the label did not decay.
    #[default]
    Corrected,
    /// As it is at that moment.
    Raw,
}

/// The unit of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReadingUnit {
    /// Cells, or the label of so many freshly labelled cells.
    #[default]
    Cells,
    /// The same in a gram of tissue, or a millilitre of blood.
    CellsPerGram,
    /// % of the injected dose: of the cells of all administrations begun by then.
    PercentDose,
    /// % of the injected dose in a gram.
    PercentDosePerGram,
    /// Becquerel.
    Becquerel,
    /// Counts a minute at the yield of the instrument.
    CountsPerMinute,
    /// Copies of the sequence in a microgram of DNA of the host.
    CopiesPerMicrogram,
    /// Living cells that the method finds, at its yield.
    CellsRecovered,
}

impl ReadingUnit {
    /// As it is written.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Cells => "cells",
            Self::CellsPerGram => "cells/g",
            Self::PercentDose => "%ID",
            Self::PercentDosePerGram => "%ID/g",
            Self::Becquerel => "Bq",
            Self::CountsPerMinute => "cpm",
            Self::CopiesPerMicrogram => "copies/ug DNA",
            Self::CellsRecovered => "cells recovered",
        }
    }

    /// Whether it is per gram of tissue.
    pub(super) const fn is_per_gram(self) -> bool {
        matches!(
            self,
            Self::CellsPerGram | Self::PercentDosePerGram | Self::CopiesPerMicrogram
        )
    }
}

impl fmt::Display for ReadingUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}

/// What an instrument responds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Principle {
    Gamma,
    Positrons,
    Beta,
    Light,
    Sequence,
    Iron,
    LivingCells,
}

/// The instruments of the assay table, with what each responds to.
const INSTRUMENTS: [(&str, Principle); 11] = [
    ("gamma_camera", Principle::Gamma),
    ("pet", Principle::Positrons),
    ("gamma_counter", Principle::Gamma),
    ("liquid_scintillation", Principle::Beta),
    ("mass_spectrometry", Principle::Beta),
    ("luminescence", Principle::Light),
    ("qpcr", Principle::Sequence),
    ("ddpcr", Principle::Sequence),
    ("mri", Principle::Iron),
    ("culture", Principle::LivingCells),
    ("flow_cytometry", Principle::LivingCells),
];

/// An instrument, the label it reads, and how the reading is stated.
///
/// ```
/// use biodist::observation::{Assay, ReadingUnit};
/// use biodist::prelude::*;
/// let counter = Assay::gamma_counter(Label::chromium_51()).in_unit(ReadingUnit::PercentDose);
/// assert_eq!(counter.to_string(), "gamma counter, chromium 51");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assay {
    /// Name in the assay table.
    pub instrument: String,
    /// The label that is read; none for living cells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// Unit of the reading.
    #[serde(default)]
    pub unit: ReadingUnit,
    /// Whether decay is corrected for.
    #[serde(default)]
    pub decay: Decay,
    /// Whether organs are rinsed of their blood before they are read.
    #[serde(default)]
    pub rinsed: bool,
    /// Seed of the noise; absent: readings without noise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

macro_rules! reading_a_label {
    ($($(#[$meta:meta])* $name:ident;)+) => {
        $($(#[$meta])*
        #[must_use]
        pub fn $name(label: Label) -> Self {
            Self::new(stringify!($name), Some(label))
        })+
    };
}

impl Assay {
    /// An instrument by its name in the assay table.
    #[must_use]
    pub fn new(instrument: impl Into<String>, label: Option<Label>) -> Self {
        Self {
            instrument: instrument.into(),
            label,
            unit: ReadingUnit::Cells,
            decay: Decay::Corrected,
            rinsed: false,
            seed: None,
        }
    }

    reading_a_label! {
        /// Scintigraphy or SPECT of a living host.
        gamma_camera;
        /// Positron emission tomography.
        pet;
        /// Tissue in a well counter.
        gamma_counter;
        /// Digested tissue in a scintillation counter: beta emitters.
        liquid_scintillation;
        /// Accelerator mass spectrometry: counts atoms.
        mass_spectrometry;
        /// Quantitative PCR of a donor sequence.
        qpcr;
        /// Droplet digital PCR of a donor sequence.
        ddpcr;
    }

    /// Light of luciferase through the body wall.
    #[must_use]
    pub fn luminescence() -> Self {
        Self::new("luminescence", Some(Label::luciferase()))
    }

    /// Magnetic resonance imaging of iron.
    #[must_use]
    pub fn mri() -> Self {
        Self::new("mri", Some(Label::iron_oxide()))
    }

    /// Culture of dissociated tissue: living donor cells that grow.
    #[must_use]
    pub fn culture() -> Self {
        Self::new("culture", None)
    }

    /// Flow cytometry of dissociated tissue: living donor cells.
    #[must_use]
    pub fn flow_cytometry() -> Self {
        Self::new("flow_cytometry", None)
    }

    /// States the reading in another unit.
    #[must_use]
    pub const fn in_unit(mut self, unit: ReadingUnit) -> Self {
        self.unit = unit;
        self
    }

    /// Leaves the reading as it is at its moment, decayed.
    #[must_use]
    pub const fn raw(mut self) -> Self {
        self.decay = Decay::Raw;
        self
    }

    /// Reads organs without the blood in them.
    #[must_use]
    pub const fn rinsed(mut self) -> Self {
        self.rinsed = true;
        self
    }

    /// Adds noise: lognormal around the reading, with the coefficient of variation of the table.
    #[must_use]
    pub const fn with_noise(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Names of the instruments.
    pub fn instruments() -> impl Iterator<Item = &'static str> {
        INSTRUMENTS.iter().map(|(name, _)| *name)
    }

    /// A number of the instrument.
    pub(super) fn number(&self, parameters: &Parameters, name: &str) -> Result<f64, DataError> {
        parameters.get(&self.instrument, name)
    }

    /// A number of the label; what `absent` says for living cells.
    pub(super) fn of_label(
        &self,
        parameters: &Parameters,
        name: &str,
        absent: f64,
    ) -> Result<f64, DataError> {
        match &self.label {
            None => Ok(absent),
            Some(label) => parameters.get(label.name(), name),
        }
    }

    /// Whether instrument, label and unit go together.
    ///
    /// # Errors
    /// [`ObservationError::UnknownAssay`], [`ObservationError::WrongLabel`] or
    /// [`ObservationError::WrongUnit`], with what would fit; a label that the tables lack.
    ///
    /// # Example
    /// ```
    /// use biodist::data::Parameters;
    /// use biodist::observation::Assay;
    /// use biodist::prelude::*;
    /// let tables = Parameters::for_host("mouse", None)?;
    /// assert!(Assay::gamma_camera(Label::chromium_51()).check(&tables).is_ok());
    /// assert!(Assay::gamma_camera(Label::alu_dna()).check(&tables).is_err());
    /// # Ok::<(), biodist::Error>(())
    /// ```
    pub fn check(&self, parameters: &Parameters) -> Result<(), ObservationError> {
        let known = INSTRUMENTS
            .iter()
            .find(|(name, _)| *name == self.instrument);
        let Some((_, principle)) = known else {
            return Err(ObservationError::UnknownAssay {
                name: self.instrument.clone(),
                near: near(&self.instrument, Self::instruments()),
            });
        };
        let number = |name| self.of_label(parameters, name, 0.0);
        let (active, amplified) = (number("activity")? > 0.0, number("copies")? > 0.0);
        let (fits, wants) = match principle {
            Principle::Gamma => (number("gamma")? > 0.0, "a label that emits gamma rays"),
            Principle::Positrons => (number("positrons")? > 0.0, "a label that emits positrons"),
            Principle::Beta => (number("beta")? > 0.0, "carbon 14 or tritium"),
            Principle::Sequence => (amplified, "a donor sequence: alu_dna or sry_dna"),
            Principle::Light => (self.label == Some(Label::luciferase()), "luciferase"),
            Principle::Iron => (self.label == Some(Label::iron_oxide()), "iron_oxide"),
            Principle::LivingCells => (self.label.is_none(), "no label"),
        };
        if !fits {
            let given = self.label.as_ref().map_or("no label", Label::name);
            return Err(ObservationError::WrongLabel {
                assay: self.instrument.clone(),
                given: given.to_string(),
                wants,
            });
        }
        let (fits, wants) = match self.unit {
            ReadingUnit::Becquerel | ReadingUnit::CountsPerMinute => {
                (active, "a radioactive label")
            }
            ReadingUnit::CopiesPerMicrogram => (amplified, "a donor sequence"),
            ReadingUnit::CellsRecovered => (self.label.is_none(), "culture or flow cytometry"),
            _ => (true, ""),
        };
        if fits {
            return Ok(());
        }
        Err(ObservationError::WrongUnit {
            assay: self.instrument.clone(),
            unit: self.unit.text(),
            wants,
        })
    }
}

impl fmt::Display for Assay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.instrument.replace('_', " "))?;
        match &self.label {
            None => Ok(()),
            Some(label) => write!(f, ", {label}"),
        }
    }
}
