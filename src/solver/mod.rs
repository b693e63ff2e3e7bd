//! Integration of a network: a stiff solver of our own, an explicit one, and exact answers.
//!
//! - [`integrate`] runs a [`Network`](crate::network::Network) through its
//!   [`Schedule`](crate::network::Schedule) and gives a [`Trajectory`].
//! - [`Method::Rodas5P`] (default) is an L-stable Rosenbrock method of order 5
//!   on the network's own sparsity; [`Method::Dop853`] is the explicit method of
//!   order 8 of `ode_solvers`, for networks that are not stiff and as a check.
//! - [`Fate`] and [`exact`] answer without time steps when every law is linear.
//! - [`stochastic()`] moves whole cells one by one, at random.
//!
//! Not for general differential equations: the state is always amounts in pools.

mod control;
mod draw;
mod ensemble;
mod error;
mod exact;
mod explicit;
mod fate;
mod integrate;
mod interpolant;
mod kernel;
mod options;
mod sparse_lu;
mod statistics;
mod step;
mod stochastic;
mod tableau;
mod trajectory;
mod vector;

pub use ensemble::{Ensemble, Outcome, Subject};
pub use error::SolverError;
pub use exact::exact;
pub use fate::Fate;
pub use integrate::{Integrator, integrate};
pub use options::{Keep, Method, Options};
pub use statistics::Statistics;
pub use stochastic::{Realisation, Stochastic, StochasticOptions, stochastic};
pub use trajectory::Trajectory;
