//! Why the page could not be served.

use std::net::SocketAddr;

/// The page cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExploreError {
    /// The port could not be opened.
    #[error("cannot listen at {address}: {reason}; choose another port, or 0 for any free one")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the operating system says.
        reason: std::io::Error,
    },
    /// The server stopped.
    #[error("the server stopped: {0}")]
    Stopped(std::io::Error),
}
