//! Integration of a network: [`integrate`] gives a [`Trajectory`], by the stiff [`Method::Rodas5P`] or by
//! [`Method::Dop853`]; [`Ensemble`] runs many subjects; [`sensitivities`] adds derivatives; [`Fate`] and [`exact`]
//! answer without time steps; [`stochastic()`] moves whole cells. The state is always amounts in pools.

mod control;
mod draw;
mod elimination;
mod ensemble;
mod error;
mod exact;
mod explicit;
mod fate;
mod growth;
mod integrate;
mod interpolant;
mod kernel;
mod lanes;
mod options;
mod places;
mod scales;
mod sensitivity;
mod sparse_lu;
mod statistics;
mod step;
mod stochastic;
mod stop;
mod sums;
mod tableau;
mod tolerance;
mod trajectory;
mod vector;

pub use ensemble::{Ensemble, Outcome, Subject};
pub use error::SolverError;
pub use exact::exact;
pub use fate::Fate;
pub use integrate::{Integrator, integrate};
pub use options::{Keep, Method, Options};
pub use sensitivity::{Sensitivities, sensitivities, sensitivities_along};
pub use statistics::Statistics;
pub use stochastic::{Realisation, Stochastic, StochasticOptions, stochastic};
pub use trajectory::Trajectory;
