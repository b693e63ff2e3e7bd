//! Experiments and unknowns, joined: how unlikely everything is at given scores, and its slopes.

use serde::Deserialize;

use super::prior::JointPrior;
use super::unknown::{Scale, Unknown};
use super::{FitError, Fitted};
use crate::cancel::{CancelToken, Tally};
use crate::evidence::{Cost, EvidenceError, Experiment, Input, Prediction, Split};
use crate::population::correlations_of;
use crate::scenario::other_format;

/// How far apart two values are taken for slopes of the network's numbers, in scores.
const STEP: f64 = 1e-4;

/// What is compared with what: experiments, unknowns, and whether priors count.
///
/// ```
/// use biodist::evidence::{Split, published};
/// use biodist::fit::{Fit, Unknown};
///
/// let mut hearts = published()?.only(Split::Calibration);
/// hearts.retain(|experiment| experiment.source == "terrovitis_2009");
/// let fit = Fit::new(hearts, vec![
///     Unknown::new("tissue.washout_rest"),
///     Unknown::new("tissue.washout_contraction"),
/// ])?;
/// let found = fit.search(1, 1)?;
/// assert!(found.estimates[1].low < found.estimates[1].value);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Fit {
    /// With their rows for calibration only.
    pub(super) experiments: Vec<Experiment>,
    /// The same with their rows for validation, which are predicted and never fitted.
    pub(super) held_out: Vec<Experiment>,
    pub(super) unknowns: Vec<Unknown>,
    pub(super) scales: Vec<Scale>,
    /// By experiment, the numbers of the unknowns that concern it; then the same of those held out.
    concerns: [Vec<Vec<usize>>; 2],
    /// By unknown, whether its prior counts.
    pub(super) priors: Vec<bool>,
    pub(super) prior: JointPrior,
    /// Whether the scatter of the data is estimated.
    pub(super) scatter: bool,
    pub(super) token: Option<CancelToken>,
}

/// A fit as it stands in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "experiment", default)]
    experiments: Vec<Experiment>,
    #[serde(rename = "unknown", default)]
    unknowns: Vec<Unknown>,
}

/// Everything at given scores.
#[derive(Debug, Clone)]
pub(super) struct Look {
    /// What the model says, datum by datum.
    pub(super) values: Vec<f64>,
    pub(super) costs: Vec<Cost>,
    /// One row a datum, one column an unknown.
    pub(super) slopes: Vec<Vec<f64>>,
}

/// The logarithm of the posterior at given scores, up to a constant, and its gradient.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    /// Log posterior.
    pub log: f64,
    /// Its derivative to each score.
    pub gradient: Vec<f64>,
}

impl Fit {
    /// Joins experiments and unknowns. Every unknown has its prior, with the correlations of the registry.
    ///
    /// Rows for validation are kept out of the fit: see [`Self::predictions`].
    ///
    /// # Errors
    /// [`FitError`]: nothing to fit, unknown names, numbers without a spread or without use.
    pub fn new(experiments: Vec<Experiment>, unknowns: Vec<Unknown>) -> Result<Self, FitError> {
        let of = |split| {
            experiments
                .iter()
                .filter_map(move |e: &Experiment| e.only(split))
        };
        let held_out: Vec<Experiment> = of(Split::Validation).collect();
        let fitted: Vec<Experiment> = of(Split::Calibration).collect();
        for (what, missing) in [
            (
                "experiment with data",
                experiments.iter().all(|e| e.data.is_empty()),
            ),
            ("row with split = \"calibration\"", fitted.is_empty()),
            ("unknown", unknowns.is_empty()),
        ] {
            if missing {
                return Err(FitError::Nothing { what });
            }
        }
        let concerns = [
            concerned(&unknowns, &fitted)?,
            concerned(&unknowns, &held_out)?,
        ];
        let (mut scales, mut rows) = (vec![], vec![]);
        for (number, unknown) in unknowns.iter().enumerate() {
            let same =
                |other: &&Unknown| other.id == unknown.id && other.species == unknown.species;
            if unknowns[..number].iter().any(|other| same(&other)) {
                return Err(FitError::Twice {
                    id: unknown.id.clone(),
                });
            }
            let mut users = fitted.iter().zip(&concerns[0]);
            let first = users.find(|(_, concerned)| concerned.contains(&number));
            let first = first.map(|(experiment, _)| &experiment.scenario);
            let first = first.ok_or_else(|| FitError::Unused {
                id: unknown.id.clone(),
                species: unknown.species.clone().unwrap_or("all species".to_string()),
            })?;
            scales.push(unknown.scale(first)?);
            rows.push(unknown.row(first)?.unwrap_or_default());
        }
        for experiment in &experiments {
            experiment
                .check()
                .map_err(|source| within(experiment, source))?;
        }
        let priors = vec![true; unknowns.len()];
        Ok(Self {
            prior: JointPrior::of(correlations_of(&rows)?, &unknowns, &priors)?,
            experiments: fitted,
            held_out,
            concerns,
            priors,
            unknowns,
            scales,
            scatter: false,
            token: None,
        })
    }

    /// Reads experiments (`[[experiment]]`) and unknowns (`[[unknown]]`) from one file and joins them, with
    /// further unknowns.
    ///
    /// # Errors
    /// [`FitError::Toml`] with line and column; as [`Self::new`].
    pub fn from_toml(text: &str, more: Vec<Unknown>) -> Result<Self, FitError> {
        if let Some(format) = other_format(text) {
            let said = format!("this is {format}, not TOML");
            return Err(FitError::Toml {
                reason: said.clone(),
                said,
                span: None,
            });
        }
        let read: File = toml::from_str(text).map_err(|error| FitError::Toml {
            reason: error.to_string().trim_end().to_string(),
            said: error.message().to_string(),
            span: error.span(),
        })?;
        Self::new(read.experiments, [read.unknowns, more].concat())
    }

    /// Weighted least squares: no prior counts.
    #[must_use]
    pub fn without_priors(mut self) -> Self {
        self.priors.fill(false);
        self.prior = self.prior.of_none();
        self
    }

    /// Sets a token that can end whatever is done with the fit, and sees the starts of a search and the draws of a
    /// sample that are done.
    #[must_use]
    pub fn with_token(mut self, token: CancelToken) -> Self {
        self.token = Some(token);
        self
    }

    /// Also estimates by how much the data scatter more, or less, than their errors state: one factor for all
    /// errors. Intervals then have the quantiles of Student's distribution.
    #[must_use]
    pub const fn estimating_scatter(mut self) -> Self {
        self.scatter = true;
        self
    }

    /// The fit whose data have the scatter that was estimated.
    pub(super) fn like(&self, found: &Fitted) -> Self {
        match found.scatter {
            Some(scatter) => self.with_errors_times(scatter.factor),
            None => self.clone(),
        }
    }

    /// The fit whose data have errors so many times as great, and given.
    pub(super) fn with_errors_times(&self, factor: f64) -> Self {
        let mut fit = self.clone();
        fit.scatter = false;
        let all = fit.experiments.iter_mut().chain(&mut fit.held_out);
        for datum in all.flat_map(|experiment| &mut experiment.data) {
            datum.error = datum.error.times(factor);
        }
        fit
    }

    /// The unknowns, in the order of the scores.
    #[must_use]
    pub fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }

    /// The experiments with the rows that are fitted.
    #[must_use]
    pub fn experiments(&self) -> &[Experiment] {
        &self.experiments
    }

    /// The experiments with the rows that are kept for validation.
    #[must_use]
    pub fn held_out(&self) -> &[Experiment] {
        &self.held_out
    }

    /// The value of an unknown, by its number, at a score.
    #[must_use]
    pub fn value(&self, unknown: usize, score: f64) -> f64 {
        self.scales[unknown].value(score)
    }

    /// The score of a value of an unknown, by its number.
    #[must_use]
    pub fn score(&self, unknown: usize, value: f64) -> f64 {
        self.scales[unknown].score(value)
    }

    /// What the model says in the place of each datum, experiment after experiment.
    ///
    /// # Errors
    /// [`FitError::Evidence`] with the experiment that failed.
    pub fn predict(&self, scores: &[f64]) -> Result<Vec<f64>, FitError> {
        Ok(self.look(scores, false)?.values)
    }

    /// The log posterior and its gradient.
    ///
    /// # Errors
    /// As [`Self::predict`].
    pub fn posterior(&self, scores: &[f64]) -> Result<Posterior, FitError> {
        let look = self.look(scores, true)?;
        let data: f64 = look.costs.iter().map(|cost| cost.cost).sum();
        let mut gradient = -self.prior.slope(scores);
        for (cost, slopes) in look.costs.iter().zip(&look.slopes) {
            for (sum, slope) in gradient.iter_mut().zip(slopes) {
                *sum -= cost.slope * slope;
            }
        }
        Ok(Posterior {
            log: -data - self.prior.cost(scores),
            gradient: gradient.as_slice().to_vec(),
        })
    }

    pub(super) fn look(&self, scores: &[f64], slopes: bool) -> Result<Look, FitError> {
        let answers = self.answers(false, scores, slopes)?;
        let (mut values, mut costs, mut rows) = (vec![], vec![], vec![]);
        let parts = self.experiments.iter().zip(&self.concerns[0]).zip(answers);
        for ((experiment, concerned), answer) in parts {
            for (k, (datum, value)) in experiment.data.iter().zip(answer.values).enumerate() {
                values.push(value);
                costs.push(datum.cost(value));
                if slopes {
                    let mut row = vec![0.0; scores.len()];
                    for (number, slope) in concerned.iter().zip(&answer.slopes[k]) {
                        row[*number] = *slope;
                    }
                    rows.push(row);
                }
            }
        }
        Ok(Look {
            values,
            costs,
            slopes: rows,
        })
    }

    /// What the model predicts for the experiments that are fitted, or for those held out.
    pub(super) fn answers(
        &self,
        held_out: bool,
        scores: &[f64],
        slopes: bool,
    ) -> Result<Vec<Prediction>, FitError> {
        let (experiments, concerns) = match held_out {
            true => (&self.held_out, &self.concerns[1]),
            false => (&self.experiments, &self.concerns[0]),
        };
        let silent = self.token.as_ref().map(CancelToken::silent);
        let tally = Tally::new(silent.as_ref(), experiments.len(), "experiments");
        let one = |(experiment, concerned): (&Experiment, &Vec<usize>)| {
            tally.check()?;
            let inputs: Vec<Input> = concerned
                .iter()
                .map(|number| self.input(*number, scores[*number]))
                .collect();
            let answer = match slopes {
                true => experiment.predict_with_slopes(&inputs),
                false => experiment.predict(&inputs),
            };
            tally.count();
            answer.map_err(|source| within(experiment, source))
        };
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            let pairs = experiments.par_iter().zip(concerns.par_iter());
            pairs.map(one).collect()
        }
        #[cfg(not(feature = "parallel"))]
        experiments.iter().zip(concerns).map(one).collect()
    }

    fn input(&self, number: usize, score: f64) -> Input {
        let scale = &self.scales[number];
        Input {
            id: self.unknowns[number].id.clone(),
            value: scale.value(score),
            around: [scale.value(score - STEP), scale.value(score + STEP)],
            step: 2.0 * STEP,
        }
    }
}

/// By experiment, the numbers of the unknowns that concern it.
fn concerned(
    unknowns: &[Unknown],
    experiments: &[Experiment],
) -> Result<Vec<Vec<usize>>, FitError> {
    let of = |experiment: &Experiment| {
        let mut concerned = vec![];
        for (number, unknown) in unknowns.iter().enumerate() {
            if unknown.concerns(&experiment.scenario)? {
                concerned.push(number);
            }
        }
        Ok(concerned)
    };
    experiments.iter().map(of).collect()
}

fn within(experiment: &Experiment, source: EvidenceError) -> FitError {
    FitError::Evidence {
        experiment: experiment.name.clone(),
        source: Box::new(source),
    }
}
