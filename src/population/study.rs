//! A scenario run with many draws of its uncertain numbers.

use std::collections::BTreeSet;

use super::correlated::Correlated;
use super::draw::{Range, Uncertain};
use super::{PopulationError, latin_hypercube};
use crate::cancel::{CancelToken, Tally};
use crate::data::{DataError, Parameters, Unit};
use crate::observation::ObservationError;
use crate::scenario::{Scenario, ScenarioError};
use crate::simulation::Run;
use crate::solver::{Keep, Options};

/// A scenario and those of its numbers that are uncertain.
///
/// ```
/// use biodist::population::{Study, bands};
/// use biodist::prelude::*;
///
/// let scenario = Scenario::new(Host::mouse(20.g()))
///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
///     .until(1.days());
/// let study = Study::of(&scenario)?;
/// let answers = study.draw(40, 1, |run| Ok(vec![run.ledger(24.hours())?.viable(Organ::LUNG)]))?;
/// let alive = bands(&answers)?[0];
/// assert!(alive.low < alive.middle && alive.middle < alive.high);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    scenario: Scenario,
    inputs: Vec<Uncertain>,
    /// Rows of the inputs: id and species, or how the scenario states them.
    rows: Vec<(String, String)>,
    correlated: Correlated,
    options: Options,
    token: Option<CancelToken>,
}

impl Study {
    /// All numbers with a spread that the scenario uses: those of its organs, blood, immunity,
    /// products, labels and conditions, with the correlations of the registry. What the scenario states itself is taken
    /// as certain, unless it states a spread.
    ///
    /// Numbers of the body itself (weights, flows), also those of a condition, vary between subjects and are left
    /// out.
    ///
    /// # Errors
    /// [`PopulationError::Scenario`].
    pub fn of(scenario: &Scenario) -> Result<Self, PopulationError> {
        scenario.check()?;
        let parameters = undisturbed(scenario)?;
        let inputs = uncertain(scenario, &parameters);
        let rows = rows(scenario, &inputs, &parameters)?;
        Ok(Self {
            correlated: Correlated::of(&rows, &links(scenario, &inputs))?,
            rows,
            scenario: scenario.clone(),
            inputs,
            options: Options {
                keep: Keep::Path,
                ..Options::with_rtol(1e-4)
            },
            token: None,
        })
    }

    /// Draws these numbers only, by their ids.
    ///
    /// # Errors
    /// [`PopulationError::Data`] with near names; [`PopulationError::NoSpread`].
    pub fn only<'a>(
        mut self,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, PopulationError> {
        let parameters = undisturbed(&self.scenario)?;
        let mut inputs = vec![];
        for id in ids {
            let (place, name) = id.split_once('.').unwrap_or((id, ""));
            parameters.quantity(place, name)?;
            let input = input(&self.scenario, &parameters, id);
            inputs.push(input.ok_or_else(|| PopulationError::NoSpread { id: id.to_string() })?);
        }
        self.rows = rows(&self.scenario, &inputs, &parameters)?;
        self.correlated = Correlated::of(&self.rows, &links(&self.scenario, &inputs))?;
        self.inputs = inputs;
        Ok(self)
    }

    /// Sets tolerances and method; 1e-4 relative unless said otherwise.
    #[must_use]
    pub const fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Sets a token that can end [`Self::run`] and [`Self::draw`] on the way, and sees how many draws are done.
    #[must_use]
    pub fn with_token(mut self, token: CancelToken) -> Self {
        self.token = Some(token);
        self
    }

    /// The uncertain numbers, in the order of the coordinates of a point.
    #[must_use]
    pub fn inputs(&self) -> &[Uncertain] {
        &self.inputs
    }

    /// A point whose coordinates hang together as the calibration found its numbers to.
    ///
    /// For draws that stand for what is known. What asks for the effect of one number at a time (elementary
    /// effects, shares of the variance) takes points as they are.
    #[must_use]
    pub fn correlated(&self, point: &[f64]) -> Vec<f64> {
        self.correlated.point(point)
    }

    /// Rows of the inputs: id and species, or how the scenario states them.
    pub(crate) fn rows(&self) -> &[(String, String)] {
        &self.rows
    }

    /// Correlations that the scenario states, by the places of the inputs.
    pub(crate) fn links(&self) -> Vec<(usize, usize, f64)> {
        links(&self.scenario, &self.inputs)
    }

    /// The scenario at a point of the unit cube.
    #[must_use]
    pub fn at(&self, point: &[f64]) -> Scenario {
        let mut scenario = self.scenario.clone();
        for (input, share) in self.inputs.iter().zip(point) {
            scenario = scenario.with(&input.id, input.at(*share));
        }
        scenario
    }

    /// Runs the scenario at points of the unit cube and looks at each run: one row of answers a point, in
    /// their order. With the feature `parallel`, on all threads, with the same answers.
    ///
    /// # Errors
    /// [`PopulationError`] of the first point that fails; [`PopulationError::Stopped`].
    pub fn run(
        &self,
        points: &[Vec<f64>],
        look: impl Fn(&Run) -> Result<Vec<f64>, ObservationError> + Sync,
    ) -> Result<Vec<Vec<f64>>, PopulationError> {
        let tally = Tally::new(self.token.as_ref(), points.len(), "draws");
        let part = tally.token();
        let one = |(draw, point): (usize, &Vec<f64>)| {
            tally.check()?;
            let scenario = self.at(point);
            let run = match &part {
                Some(token) => scenario.simulate_with_token(&self.options, token),
                None => scenario.simulate_with(&self.options),
            };
            let run = run.map_err(|source| match source.stopped() {
                Some(stopped) => tally.stopped(stopped).into(),
                None => PopulationError::Simulation { draw, source },
            })?;
            let answer =
                look(&run).map_err(|source| PopulationError::Observation { draw, source })?;
            tally.count();
            Ok(answer)
        };
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            points.par_iter().enumerate().map(one).collect()
        }
        #[cfg(not(feature = "parallel"))]
        points.iter().enumerate().map(one).collect()
    }

    /// As [`Self::run`] at a Latin hypercube of `count` points, [correlated](Self::correlated).
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn draw(
        &self,
        count: usize,
        seed: u64,
        look: impl Fn(&Run) -> Result<Vec<f64>, ObservationError> + Sync,
    ) -> Result<Vec<Vec<f64>>, PopulationError> {
        let points = latin_hypercube(count, self.inputs.len(), seed)?;
        let points: Vec<_> = points.iter().map(|point| self.correlated(point)).collect();
        self.run(&points, look)
    }
}

/// The numbers on which conditions and changes act: what a draw sets in their place is changed by them once.
fn undisturbed(scenario: &Scenario) -> Result<Parameters, ScenarioError> {
    let mut quiet = scenario.clone();
    quiet.host.conditions.clear();
    quiet.changes.clear();
    quiet.parameters_at(0.0)
}

fn uncertain(scenario: &Scenario, parameters: &Parameters) -> Vec<Uncertain> {
    let organs = scenario.organs().into_iter();
    let mut places: BTreeSet<String> = organs.map(|organ| organ.name().to_string()).collect();
    let products = scenario.doses.iter().map(|dose| dose.product.kind.clone());
    places.extend(products);
    let labels = scenario.labels.iter().map(|label| label.name().to_string());
    places.extend(labels);
    let conditions = scenario.host.conditions.iter();
    places.extend(conditions.map(|condition| condition.name.clone()));
    places.extend(["tissue", "blood", "cell", "immunity"].map(String::from));
    let rows = parameters.rows().filter(|row| {
        // By their ends, so that those of a condition are left out as well: a flow drawn beyond the
        // cardiac output is no body.
        let body = [".mass_fraction", ".flow_fraction", ".vascular_fraction"];
        let body = body.iter().any(|end| row.id.ends_with(end));
        places.contains(row.place()) && !body && !scenario.parameters.contains_key(&row.id)
    });
    let ids = rows.map(|row| &row.id).chain(scenario.spreads.keys());
    ids.filter_map(|id| input(scenario, parameters, id))
        .collect()
}

/// A number with its spread: that of the scenario for what it states, else that of the registry.
fn input(scenario: &Scenario, parameters: &Parameters, id: &str) -> Option<Uncertain> {
    let (place, name) = id.split_once('.').unwrap_or((id, ""));
    let mut row = parameters.quantity(place, name).ok()?.clone();
    let value = parameters.get(place, name).ok()?;
    if let Some(gsd) = scenario.spreads.get(id) {
        row.gsd = *gsd;
    }
    let mut input = Uncertain::of(&row, id, value)?;
    // What lessens a share lessens it in every draw: its effect stays a share.
    if row.unit == Unit::Factor && value < 1.0 && parameters.is_condition(place) {
        let target = name
            .split_once('.')
            .and_then(|(_, target)| target.split_once('.'));
        let target = target.and_then(|(place, name)| parameters.quantity(place, name).ok());
        if target.is_some_and(|target| target.unit == Unit::Fraction) {
            input.range = Range::Share;
        }
    }
    Some(input)
}

fn rows(
    scenario: &Scenario,
    inputs: &[Uncertain],
    parameters: &Parameters,
) -> Result<Vec<(String, String)>, DataError> {
    let row = |input: &Uncertain| {
        let (place, name) = input.id.split_once('.').unwrap_or((&input.id, ""));
        let row = parameters.quantity(place, name)?;
        // A stated number is another than that of the registry, and has none of its correlations.
        if scenario.spreads.contains_key(&input.id) {
            let stated = format!("stated {} {}", input.value, input.gsd);
            return Ok((input.id.clone(), stated));
        }
        Ok((row.id.clone(), row.species.clone()))
    };
    inputs.iter().map(row).collect()
}

/// Correlations that a scenario states, by the places of the inputs.
fn links(scenario: &Scenario, inputs: &[Uncertain]) -> Vec<(usize, usize, f64)> {
    let place = |id: &String| inputs.iter().position(|input| input.id == *id);
    let stated = scenario.correlations.iter();
    stated
        .filter_map(|known| {
            let [a, b] = &known.between;
            Some((place(a)?, place(b)?, known.r))
        })
        .collect()
}
