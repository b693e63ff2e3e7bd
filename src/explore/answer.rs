//! From a question to an answer: the only place where the page touches the model.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::limits::Limits;
use super::refusal::Refusal;
use crate::cancel::CancelToken;
use crate::evidence::gaps;
use crate::ledger::Ledger;
use crate::observation::{Assay, Decay, Region, Value};
use crate::organ::{Place, State};
use crate::plot::BodyShapes;
use crate::scenario::Scenario;
use crate::simulation::{Run, SimulationError};
use crate::units::Time;

/// Times of an answer: enough for a smooth curve and a smooth animation.
const POINTS: usize = 120;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    pub(super) scenario: Scenario,
    /// The instrument that looks at every place; its label must be one of the scenario.
    #[serde(default)]
    pub(super) assay: Option<Assay>,
}

/// Everything that the page shows.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    program: &'static str,
    /// The drawing that fits the species.
    body: &'static str,
    /// All cells of the scenario.
    dose: f64,
    /// h.
    times: Vec<f64>,
    places: Vec<PlaceCourse>,
    /// Cells that are nowhere in the body, at each time.
    outside: Vec<OutsideCourse>,
    labels: Vec<LabelCourse>,
    reading: Option<ReadingCourse>,
    /// Greatest |sum of the ledger - dose| / dose.
    residual: f64,
    notes: Vec<String>,
    steps: usize,
    /// The scenario as a file.
    toml: String,
    elapsed_ms: f64,
}

#[derive(Debug, Serialize)]
struct PlaceCourse {
    name: String,
    /// Living cells at each time.
    living: Vec<f64>,
    /// Remains at each time, in cell equivalents.
    remains: Vec<f64>,
}

#[derive(Debug, Serialize)]
struct OutsideCourse {
    name: &'static str,
    cells: Vec<f64>,
}

#[derive(Debug, Serialize)]
struct LabelCourse {
    name: String,
    /// Label in each place, in the order of `places`, corrected for decay, in cell equivalents.
    places: Vec<Vec<f64>>,
    /// What left the body or never entered it.
    outside: Vec<f64>,
}

#[derive(Debug, Serialize)]
struct ReadingCourse {
    title: String,
    unit: &'static str,
    /// In each place, in the order of `places`; absent below the limit.
    places: Vec<Vec<Option<f64>>>,
    body: Vec<Option<f64>>,
}

/// What the reader should know: of the model, and where it extrapolates.
fn notes(run: &Run) -> Result<Vec<String>, Refusal> {
    let gaps = gaps(&run.model.scenario)?;
    let gaps = gaps.iter().map(|gap| format!("extrapolated: {gap}"));
    Ok(run.model.notes.iter().cloned().chain(gaps).collect())
}

/// Simulates, and looks at the run from every side that the page shows.
pub(super) fn answer(
    question: &Question,
    limits: &Limits,
    token: &CancelToken,
) -> Result<Answer, Refusal> {
    let start = Instant::now();
    limits.check(&question.scenario)?;
    let model = question
        .scenario
        .assemble()
        .map_err(SimulationError::from)?;
    let pools = model.network.pools().len();
    limits.check_pools(pools)?;
    let run = model.simulate_with_token(&limits.options(pools), token)?;
    let times = times(&run);
    let ledgers = times.iter().map(|time| run.ledger(*time));
    let ledgers: Vec<Ledger> = ledgers.collect::<Result<_, _>>()?;
    let places = run.model.atlas.places();
    let places: Vec<Place> = places.into_iter().filter(in_body).collect();
    let residuals = ledgers.iter().map(|ledger| ledger.residual.abs());
    let species = &run.model.scenario.host.species;
    Ok(Answer {
        program: Run::PROGRAM,
        body: BodyShapes::of(species).name,
        dose: run.model.total_dose(),
        places: places.iter().map(|at| course(&ledgers, at)).collect(),
        outside: outside(&ledgers),
        labels: labels(&run, &places, &times)?,
        reading: reading(&run, question.assay.as_ref(), &places, &times)?,
        residual: residuals.fold(0.0, f64::max),
        notes: notes(&run)?,
        steps: run.trajectory.statistics().steps,
        toml: question.scenario.to_toml()?,
        times: times.into_iter().map(Time::value).collect(),
        elapsed_ms: 1e3 * start.elapsed().as_secs_f64(),
    })
}

fn in_body(place: &Place) -> bool {
    *place != Place::Outside
}

/// Times that the page speaks of, h.
const SPOKEN: [f64; 3] = [1.0, 24.0, 72.0];

/// Reported times, thinned evenly, and those that are spoken of; the first and the last stay. Nothing that is drawn
/// happens in the first minute.
fn times(run: &Run) -> Vec<Time> {
    let (_, end) = run.trajectory.span();
    let soon = Time::new(1.0 / 60.0).value().min(end / 60.0);
    let all = run.trajectory.times().iter().copied();
    let all: Vec<f64> = all.filter(|time| *time <= 0.0 || *time >= soon).collect();
    let last = all.len().saturating_sub(1);
    let gaps = last.min(POINTS - 1 - SPOKEN.len());
    let indices = (0..=gaps).map(|k| k * last / gaps.max(1));
    let spoken = SPOKEN.into_iter().filter(|time| *time < end);
    let mut times: Vec<f64> = indices.map(|k| all[k]).chain(spoken).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    times.into_iter().map(Time::new).collect()
}

fn course(ledgers: &[Ledger], place: &Place) -> PlaceCourse {
    let each = |look: fn(&Ledger, Place) -> f64| {
        let amounts = ledgers.iter().map(|ledger| look(ledger, place.clone()));
        amounts.collect()
    };
    PlaceCourse {
        name: place.name().to_string(),
        living: each(|ledger, place| ledger.viable(place)),
        remains: each(|ledger, place| ledger.remains(place)),
    }
}

/// Every state that is neither living nor remains, so that the ledger closes.
fn outside(ledgers: &[Ledger]) -> Vec<OutsideCourse> {
    let names = [
        ("in the syringe", State::Syringe),
        ("never delivered", State::Undelivered),
        ("excreted", State::Excreted),
    ];
    let courses = names.map(|(name, state)| OutsideCourse {
        name,
        cells: ledgers.iter().map(|l| l.in_state(state)).collect(),
    });
    courses.into()
}

fn labels(run: &Run, places: &[Place], times: &[Time]) -> Result<Vec<LabelCourse>, Refusal> {
    let mut courses = vec![];
    for label in &run.model.scenario.labels {
        let ledgers = times
            .iter()
            .map(|time| run.label_ledger(label, *time, Decay::Corrected));
        let ledgers: Vec<Ledger> = ledgers.collect::<Result<_, _>>()?;
        let each = |place: &Place| {
            let here = |ledger: &Ledger| ledger.sum(|row| row.place == *place);
            ledgers.iter().map(here).collect()
        };
        courses.push(LabelCourse {
            name: label.name().to_string(),
            places: places.iter().map(each).collect(),
            outside: each(&Place::Outside),
        });
    }
    Ok(courses)
}

fn reading(
    run: &Run,
    assay: Option<&Assay>,
    places: &[Place],
    times: &[Time],
) -> Result<Option<ReadingCourse>, Refusal> {
    let Some(assay) = assay else { return Ok(None) };
    let read = |region: Region| -> Result<Vec<Option<f64>>, Refusal> {
        let values = run.read(assay, region, times)?.values;
        Ok(values.into_iter().map(Value::detected).collect())
    };
    let regions = places.iter().map(|place| read(Region::from(place.clone())));
    Ok(Some(ReadingCourse {
        title: assay.to_string(),
        unit: assay.unit.text(),
        places: regions.collect::<Result<_, _>>()?,
        body: read(Region::Body)?,
    }))
}
