//! What can be wrong with a body.

use crate::data::DataError;

/// A body that cannot be.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PhysiologyError {
    /// Shares of a whole add up to more than the whole.
    #[error(
        "{what} do not close: the listed organs take {sum} of {whole} {unit}, which leaves nothing for the rest of the body; lower one of them"
    )]
    DoesNotClose {
        /// Flows or masses.
        what: &'static str,
        /// What the listed organs add up to.
        sum: f64,
        /// The whole.
        whole: f64,
        /// Unit of both.
        unit: &'static str,
    },
    /// More blood in the organs than in the body.
    #[error(
        "vascular volumes do not fit: the organs hold {organs} mL of blood but the body has {blood} mL; lower a vascular fraction or raise body.blood_volume"
    )]
    BloodDoesNotFit {
        /// Sum over organs, mL.
        organs: f64,
        /// Blood of the body, mL.
        blood: f64,
    },
    /// A weight that is not one.
    #[error("body weight = {weight} g is not allowed: it must be finite and greater than 0")]
    BadWeight {
        /// The weight, g.
        weight: f64,
    },
    /// A number of the registry.
    #[error(transparent)]
    Data(#[from] DataError),
}
