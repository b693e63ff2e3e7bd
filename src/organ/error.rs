//! Why an organ could not be wired.

use crate::data::DataError;
use crate::network::NetworkError;
use crate::physiology::Organ;

/// A module that does not fit the body, the registry or the network.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WiringError {
    /// A module for an organ that the body does not have.
    #[error(
        "there is a module for '{organ}' but the host has no such organ; add it with Host::with_organ"
    )]
    NoSuchOrgan {
        /// The organ.
        organ: Organ,
    },
    /// A number of the registry.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The network.
    #[error(transparent)]
    Network(#[from] NetworkError),
}
