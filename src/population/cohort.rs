//! Virtual subjects: how they differ, not what is unknown.

use super::PopulationError;
use super::anatomy::{Anatomy, Varying};
use super::draw::{Range, Stream};
use super::trial::default_options;
use crate::cancel::CancelToken;
use crate::data::{Parameters, variability};
use crate::scenario::{Product, Scenario};
use crate::solver::{Keep, Options};
use crate::units::{Length, Mass};

/// Bodies drawn for one subject before it is given up.
const TRIES: usize = 1000;

/// Subjects who receive what a scenario says, each with a body and a lot of cells of their own.
///
/// The scenario describes the typical subject: its numbers are the medians. Body weight, cardiac output,
/// blood volume, masses and flows of organs, and diameter, viability and death rate of each lot differ;
/// how much is in the table of variability. Numbers that are merely not known are another matter: see
/// [`Study`](super::Study).
///
/// ```
/// use biodist::population::Cohort;
/// use biodist::prelude::*;
///
/// let scenario = Scenario::new(Host::human(73.kg()))
///     .dose(Dose::new(100e6.cells(), Product::bone_marrow_msc()).over(10.minutes()))
///     .until(1.days());
/// let patients = Cohort::of(&scenario, 1)?;
/// let patient = patients.subject(6)?; // the same one, whoever else is drawn
/// assert_eq!(patient, patients.subject(6)?);
/// assert_ne!(patient.host.weight, scenario.host.weight);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    scenario: Scenario,
    seed: u64,
    table: Parameters,
    anatomy: Anatomy,
    lots: Vec<Lot>,
    pub(super) options: Options,
    pub(super) token: Option<CancelToken>,
}

/// How lots of one product differ.
#[derive(Debug, Clone, PartialEq)]
struct Lot {
    kind: String,
    diameter: Varying,
    viability: Varying,
    death_factor: Varying,
}

impl Cohort {
    /// The subjects of a seed, about a scenario.
    ///
    /// # Errors
    /// [`PopulationError::Scenario`]; [`PopulationError::Data`].
    pub fn of(scenario: &Scenario, seed: u64) -> Result<Self, PopulationError> {
        scenario.check()?;
        let species = scenario.host.species.name();
        let weight = scenario.host.weight.map(Mass::value);
        let mut table = Parameters::for_host(species, weight)?.with_variability(species)?;
        for organ in &scenario.host.organs {
            table.add_organ(organ.name.name());
        }
        for (id, value) in &scenario.parameters {
            // Mass and flow of an extra organ have no row before the organ is made.
            let (place, name) = id.split_once('.').unwrap_or((id, ""));
            if table.quantity(place, name).is_ok() {
                table.set(id, *value)?;
            }
        }
        Ok(Self {
            anatomy: Anatomy::new(scenario, &table)?,
            lots: lots(scenario, &table)?,
            scenario: scenario.clone(),
            seed,
            table,
            options: default_options(),
            token: None,
        })
    }

    /// Changes a number of the table of variability by its id: `lung.mass_fraction_cv`,
    /// `cell.diameter_cv`, `body.truncation`.
    ///
    /// # Errors
    /// [`PopulationError::NotOfVariability`]; [`PopulationError::Data`] with near names, or for a value
    /// that is not allowed; [`PopulationError::BadNumber`] for a truncation below 1.
    pub fn with(mut self, id: &str, value: f64) -> Result<Self, PopulationError> {
        let (place, name) = id.split_once('.').unwrap_or((id, ""));
        let name = self.table.quantity(place, name)?.name();
        if !variability()?.iter().any(|row| row.name() == name) {
            return Err(PopulationError::NotOfVariability { id: id.to_string() });
        }
        self.table.set(id, value)?;
        self.anatomy = Anatomy::new(&self.scenario, &self.table)?;
        self.lots = lots(&self.scenario, &self.table)?;
        if self.anatomy.limit() < 1.0 {
            return Err(PopulationError::BadNumber {
                field: "body.truncation",
                value,
                allowed: "at least 1",
            });
        }
        Ok(self)
    }

    /// Sets the tolerances of [`Self::run`]; 1e-4 relative unless said otherwise.
    #[must_use]
    pub const fn with_options(mut self, options: Options) -> Self {
        self.options = Options {
            keep: Keep::Outputs,
            ..options
        };
        self
    }

    /// Sets a token that can end [`Self::run`] on the way, and sees how many subjects are done.
    #[must_use]
    pub fn with_token(mut self, token: CancelToken) -> Self {
        self.token = Some(token);
        self
    }

    /// The scenario of the typical subject.
    #[must_use]
    pub const fn typical(&self) -> &Scenario {
        &self.scenario
    }

    /// What differs between subjects, with medians and coefficients of variation.
    pub fn varying(&self) -> impl Iterator<Item = &Varying> {
        let of_lots = self.lots.iter().flat_map(Lot::varying);
        self.anatomy.varying().chain(of_lots)
    }

    /// The scenario of one subject, counted from 0. It depends on the seed and this number alone.
    ///
    /// # Errors
    /// [`PopulationError::NoBody`] when no body closes: spreads or extra organs are too great.
    pub fn subject(&self, number: usize) -> Result<Scenario, PopulationError> {
        let mut stream = Stream::numbered(self.seed, number as u64);
        let mut bodies = (0..TRIES).map(|_| self.anatomy.draw(&mut stream));
        let body = bodies.find_map(|body| body);
        let body = body.ok_or(PopulationError::NoBody {
            subject: number,
            tries: TRIES,
        })?;
        let mut scenario = self.scenario.clone();
        scenario.host.weight = Some(Mass::new(body.weight));
        for (id, value) in body.numbers {
            scenario.parameters.insert(id.to_string(), value);
        }
        for lot in &self.lots {
            lot.give(&mut scenario, || stream.score(self.anatomy.limit()));
        }
        Ok(scenario)
    }
}

impl Lot {
    const fn varying(&self) -> [&Varying; 3] {
        [&self.diameter, &self.viability, &self.death_factor]
    }

    /// Draws one lot, of which all doses of the product are taken.
    fn give(&self, scenario: &mut Scenario, mut score: impl FnMut() -> f64) {
        let scores = [score(), score(), score()];
        for (varying, score) in self.varying().into_iter().zip(scores) {
            let value = varying.at(score);
            scenario.parameters.insert(varying.id.clone(), value);
        }
        // What a dose states itself is the median of its own lots.
        let of_kind = |product: &&mut Product| product.kind == self.kind;
        let products = scenario.doses.iter_mut().map(|dose| &mut dose.product);
        for product in products.filter(of_kind) {
            let diameter = product.diameter.map(Length::value);
            product.diameter = diameter.map(|d| Length::new(self.diameter.about(d, scores[0])));
            product.viability = (product.viability).map(|v| self.viability.about(v, scores[1]));
            product.death_factor =
                (product.death_factor).map(|f| self.death_factor.about(f, scores[2]));
        }
    }
}

/// The lots of each product of a scenario.
fn lots(scenario: &Scenario, table: &Parameters) -> Result<Vec<Lot>, PopulationError> {
    let mut lots: Vec<Lot> = vec![];
    for dose in &scenario.doses {
        let kind = dose.product.kind.as_str();
        if lots.iter().any(|lot| lot.kind == kind) {
            continue;
        }
        let of = |name: &str, range: Range| {
            let typical = table.get(kind, name)?;
            Varying::of(table, (kind, name), typical, range)
        };
        lots.push(Lot {
            kind: kind.to_string(),
            diameter: of("diameter", Range::Positive)?,
            viability: of("viability", Range::Share)?,
            death_factor: of("death_factor", Range::Positive)?,
        });
    }
    Ok(lots)
}
