//! Pools and transfers: amounts that move and are never made or lost.
//!
//! A [`Network`] is a list of named pools and a list of [`Transfer`]s, each of which takes from one pool what it
//! gives to another: conservation is structure. [`crate::solver`] integrates.
//!
//! ```
//! use biodist::network::{Network, RateLaw};
//!
//! let mut builder = Network::builder("decay");
//! let (a, b) = (builder.pool("a"), builder.pool("b"));
//! let k = builder.parameter("k", 0.1); // per hour
//! builder.transfer("a to b", a, b, RateLaw::linear(k));
//! let network = builder.build()?;
//! assert_eq!(network.rates(&[5.0, 0.0])?, vec![0.5]);
//! # Ok::<(), biodist::network::NetworkError>(())
//! ```

mod allowed;
mod builder;
mod dot;
mod error;
mod file;
mod lookup;
#[expect(clippy::module_inception, reason = "the folder's namesake")]
mod network;
mod number;
mod rate_law;
mod schedule;
mod transfer_file;

pub(crate) use allowed::Allowed;
pub use builder::NetworkBuilder;
pub use error::NetworkError;
pub use file::{NetworkFile, Units};
pub use network::{Network, ParameterId, PoolId, Transfer};
pub(crate) use number::Number;
pub use rate_law::RateLaw;
pub use schedule::{Action, Amount, Event, Schedule};
pub use transfer_file::{Names, TransferFile};
