//! Validation: predictions with their uncertainty against rows that were never fitted.

use serde::Serialize;

use super::qualify::QualificationError;
use super::scores::{Scores, Skill};
use super::verdict::{self, Verdict};
use crate::data;
use crate::evidence::{Datum, Experiment, Finding, Input, Predictive, count_interval};
use crate::population::{Study, Uncertain, latin_hypercube};

/// A measurement beside its prediction.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Predicted {
    /// The experiment.
    pub experiment: String,
    /// Key of its source.
    pub source: String,
    /// What was measured.
    pub name: String,
    /// What was found.
    pub found: Finding,
    /// The same in words.
    pub found_text: String,
    /// Median of the prediction or, for counts, the expected number of animals.
    pub middle: f64,
    /// Lower end of the 95 % interval of a reading: with all that is uncertain and the scatter of the measurement.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// By what factor other draws would move an end of the interval, with 95 % (a jackknife over ten groups of draws);
    /// `None` for counts and for ends of 0.
    pub end_error: Option<f64>,
    /// By what factor the median is off; `None` for counts and limits, and where the model predicts nothing at all.
    pub fold_error: Option<f64>,
    /// The probability of a reading below what was found, for a range the mean over its ends; `None` for counts and
    /// limits. Uniform over rows if the predictions are right.
    pub pit: Option<f64>,
    /// The probability of a reading on the right side of a limit, or of the count that was found.
    pub probability: Option<f64>,
    /// Proper scores, and those of baselines.
    pub skill: Skill,
    /// The verdict.
    pub verdict: Verdict,
    /// What a reader must know about the row.
    pub note: String,
}

/// Groups of draws that are left out in turn.
const GROUPS: usize = 10;

impl Predicted {
    /// The width of the interval in decades; `None` for counts and limits, and where it reaches 0.
    #[must_use]
    pub fn decades(&self) -> Option<f64> {
        (self.is_quantity() && self.low > 0.0).then(|| libm::log10(self.high / self.low))
    }

    /// Whether a value or a range was found, and no limit and no count.
    #[must_use]
    pub const fn is_quantity(&self) -> bool {
        matches!(self.found, Finding::Value(_) | Finding::Between(..))
    }
}

/// What the model predicts for every datum: one row a draw.
type Draws = Vec<Vec<f64>>;

/// Predicts every datum of an experiment with draws from the spreads of the registry.
pub(super) fn predict(
    experiment: &Experiment,
    draws: usize,
    seed: u64,
) -> Result<Vec<Predicted>, QualificationError> {
    let study = Study::of(&experiment.scenario)?;
    let points = latin_hypercube(draws, study.inputs().len(), seed)?;
    let correlated: Draws = points.iter().map(|point| study.correlated(point)).collect();
    let model = run(experiment, study.inputs(), &correlated)?;
    let before = run(experiment, &before_calibration(&study)?, &points)?;
    let exact = experiment.predict(&[])?.values;
    let rows = experiment.data.iter().enumerate().map(|(k, datum)| {
        let reading =
            |draws: &Draws| Predictive::new(draws.iter().map(|row| row[k]).collect(), datum);
        let skill = Skill {
            model: Scores::of(&reading(&model), datum),
            exact: Scores::of(&Predictive::new(vec![exact[k]], datum), datum),
            before: Scores::of(&reading(&before), datum),
            nothing: Scores::of_nothing(&datum.found, reading(&model).most()),
        };
        let values = model.iter().map(|row| row[k]).collect();
        row(experiment, datum, values, skill)
    });
    Ok(rows.collect())
}

/// What the model predicts at points of the unit cube.
fn run(
    experiment: &Experiment,
    inputs: &[Uncertain],
    points: &[Vec<f64>],
) -> Result<Draws, QualificationError> {
    let one = |point: &Vec<f64>| {
        let pairs = inputs.iter().zip(point);
        let drawn: Vec<Input> = pairs
            .map(|(input, share)| Input::new(&input.id, input.at(*share)))
            .collect();
        Ok(experiment.predict(&drawn)?.values)
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        points.par_iter().map(one).collect()
    }
    #[cfg(not(feature = "parallel"))]
    points.iter().map(one).collect()
}

/// The uncertain numbers with the values and spreads that they had before the calibration.
fn before_calibration(study: &Study) -> Result<Vec<Uncertain>, QualificationError> {
    let (starting, fitted) = (data::starting()?, data::fitted()?);
    let inputs = study.inputs().iter().zip(study.rows());
    let one = |(input, row): (&Uncertain, &(String, String))| {
        let same = |other: &&data::Quantity| other.id == row.0 && other.species == row.1;
        let pair = starting.iter().find(same).zip(fitted.iter().find(same));
        match pair {
            Some((before, now)) => Uncertain {
                value: input.value * before.value / now.value,
                gsd: before.gsd,
                ..input.clone()
            },
            None => input.clone(),
        }
    };
    Ok(inputs.map(one).collect())
}

fn row(experiment: &Experiment, datum: &Datum, values: Vec<f64>, skill: Skill) -> Predicted {
    let reading = Predictive::new(values.clone(), datum);
    let (middle, (low, high), verdict) = match datum.found {
        Finding::Positive { animals, of, limit } => {
            let chances = reading.counts(of, limit);
            let mean = chances.iter().enumerate().map(|(k, c)| k as f64 * c).sum();
            let (low, high) = count_interval(&chances);
            let verdict = verdict::of_count(animals, &chances);
            (mean, (low as f64, high as f64), verdict)
        }
        ref found => {
            let ends = reading.interval();
            let verdict = verdict::of_reading(found, &reading, ends);
            (reading.middle(), ends, verdict)
        }
    };
    let quantity = matches!(datum.found, Finding::Value(_) | Finding::Between(..));
    let likelihood = || libm::exp(reading.ln_likelihood(&datum.found));
    Predicted {
        experiment: experiment.name.clone(),
        source: experiment.source.clone(),
        name: datum.name.clone(),
        found: datum.found,
        found_text: datum.found.text(),
        middle,
        low,
        high,
        end_error: end_error(&values, datum),
        fold_error: match quantity {
            true => datum.found.fold_error(middle),
            false => None,
        },
        pit: match datum.found {
            Finding::Value(value) => Some(reading.at_most(value)),
            Finding::Between(a, b) => Some(0.5 * (reading.at_most(a) + reading.at_most(b))),
            _ => None,
        },
        probability: (!quantity).then(likelihood),
        skill,
        verdict,
        note: datum.note.clone(),
    }
}

/// By what factor other draws would move an end of an interval, with 95 %: the greater of both ends.
fn end_error(values: &[f64], datum: &Datum) -> Option<f64> {
    if matches!(datum.found, Finding::Positive { .. }) {
        return None;
    }
    let mut ends: [Vec<f64>; 2] = [vec![], vec![]];
    for group in 0..GROUPS {
        let others = values.iter().enumerate();
        let others = others.filter(|(k, _)| k % GROUPS != group);
        let reading = Predictive::new(others.map(|(_, value)| *value).collect(), datum);
        let (low, high) = reading.interval();
        ends[0].push(libm::log(low));
        ends[1].push(libm::log(high));
    }
    let groups = GROUPS as f64;
    let error = |ends: &[f64]| {
        let mean = ends.iter().sum::<f64>() / groups;
        let squares: f64 = ends.iter().map(|end| (end - mean).powi(2)).sum();
        ((groups - 1.0) / groups * squares).sqrt()
    };
    let most = error(&ends[0]).max(error(&ends[1]));
    most.is_finite().then(|| libm::exp(1.96 * most))
}
