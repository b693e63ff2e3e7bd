//! Why a run could not be looked at.

use crate::data::DataError;
use crate::solver::SolverError;

/// A question that a run cannot answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ObservationError {
    /// A place that the model does not have.
    #[error("the run has no place '{name}'; near names: {near}")]
    UnknownPlace {
        /// What was asked for.
        name: String,
        /// Places of the model that look alike.
        near: String,
    },
    /// The path between the reported times was not kept.
    #[error("kinetics need the whole path: run with Keep::Path")]
    NoPath,
    /// An instrument that the assay table does not have.
    #[error("there is no assay '{name}'; near names: {near}")]
    UnknownAssay {
        /// What was asked for.
        name: String,
        /// Names that look alike.
        near: String,
    },
    /// A label that the instrument does not see.
    #[error("'{assay}' reads {wants}, not {given}")]
    WrongLabel {
        /// The instrument.
        assay: String,
        /// The label asked for.
        given: String,
        /// What it reads.
        wants: &'static str,
    },
    /// A unit that the instrument or label does not have.
    #[error("'{assay}' cannot be stated in {unit}: this needs {wants}")]
    WrongUnit {
        /// The instrument.
        assay: String,
        /// The unit.
        unit: &'static str,
        /// What the unit needs.
        wants: &'static str,
    },
    /// A label that the cells of the run do not carry.
    #[error("the cells carry no '{label}'; add it with Scenario::labelled")]
    NotLabelled {
        /// The label.
        label: String,
    },
    /// A share of the dose by a label, where the cells do not carry one label.
    #[error(
        "{unit} is a share of a label, and the cells carry {labels}: name how it was measured ('assay', 'label'), or \
         write the assay 'living cells', of which the model has {living} {unit} of the {given} cells given by then"
    )]
    WhichLabel {
        /// The unit.
        unit: &'static str,
        /// The labels of the scenario.
        labels: String,
        /// Living cells in that unit.
        living: String,
        /// Cells of all administrations begun by then.
        given: String,
    },
    /// A signal of a response that the run does not compute.
    #[error("the response of the host was not computed; ask for it with Scenario::responding")]
    NoResponse,
    /// A reading per gram of something that has no mass.
    #[error("'{region}' has no mass, so that nothing can be stated per gram of it")]
    NoMass {
        /// The region.
        region: String,
    },
    /// A number of the registry.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A time outside the run, or an exact answer to a model that is not linear.
    #[error(transparent)]
    Solver(#[from] SolverError),
}
