//! Why a scenario could not be assembled.

use crate::data::DataError;
use crate::network::NetworkError;
use crate::organ::WiringError;
use crate::physiology::PhysiologyError;
use crate::scenario::ScenarioError;

/// A scenario, a body, a module or a network at fault.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AssemblyError {
    /// The scenario.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The body.
    #[error(transparent)]
    Physiology(#[from] PhysiologyError),
    /// A module of an organ.
    #[error(transparent)]
    Wiring(#[from] WiringError),
    /// The network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A change in time that would alter the pools or transfers, not only their numbers.
    #[error(
        "the changes that hold at {time} h make a network of another shape; a change may only alter numbers"
    )]
    ShapeChanges {
        /// When, h.
        time: f64,
    },
    /// A pump of a module of the user's own in a labelled model.
    #[error(
        "transfer '{transfer}' moves cells at a steady rate, whatever the pool holds, so that the label '{label}' cannot follow them; use a law that is proportional to the pool"
    )]
    LabelPump {
        /// The transfer.
        transfer: String,
        /// The label.
        label: String,
    },
    /// A change in time that would leave lodged cells without a place.
    #[error(
        "at {time} h {room} would fall from {before} to {after} cells; room may only grow in time, since lodged cells must keep their place"
    )]
    RoomShrinks {
        /// When, h.
        time: f64,
        /// The parameter of the network.
        room: String,
        /// Cells before.
        before: f64,
        /// Cells after.
        after: f64,
    },
}

impl From<DataError> for AssemblyError {
    fn from(error: DataError) -> Self {
        Self::Scenario(error.into())
    }
}
