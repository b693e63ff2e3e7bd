//! Measurements beside what the model says.

use biodist::observation::{ObservationError, ObservedRow, ReadingUnit, Value};
use biodist::plot::{Curve, CurveLine, CurvePoint, PlotError, Scale, Way, curve};
use biodist::prelude::{Run, Time};
use biodist::report::{Page, TextTable};

use crate::describe;
use crate::failure::Failure;
use crate::output::Folder;
use crate::places::{cells, plain};

/// The measurements of one subject with what the model says in their place.
pub struct Beside {
    name: String,
    pairs: Vec<Pair>,
}

/// A measurement, and what the model says in its place.
struct Pair {
    row: ObservedRow,
    /// The instrument, or living cells.
    how: String,
    model: Value,
    /// Cells that a share of the dose is of, if it is one.
    dose: Option<f64>,
}

impl Pair {
    fn new(run: &Run, row: &ObservedRow) -> Result<Self, ObservationError> {
        let assay = run.assay_of(row)?;
        let percent = matches!(
            row.unit,
            ReadingUnit::PercentDose | ReadingUnit::PercentDosePerGram
        );
        Ok(Self {
            how: assay.map_or("living cells".to_string(), |assay| assay.to_string()),
            model: run.beside(row)?,
            dose: percent.then(|| run.model.dose_by(row.time.value())),
            row: row.clone(),
        })
    }
}

impl Beside {
    /// What the model says in the place of some rows of the table of that name.
    pub fn of<'r>(
        name: &str,
        run: &Run,
        rows: impl Iterator<Item = &'r ObservedRow>,
    ) -> Result<Self, Failure> {
        let (mut pairs, mut faults) = (vec![], vec![]);
        for row in rows {
            match Pair::new(run, row) {
                Ok(pair) => pairs.push(pair),
                Err(error) => match Failure::from(error).of(&format!("line {}", row.line)) {
                    Failure::Input(said) => faults.push(said),
                    other => return Err(other.of(name)),
                },
            }
        }
        let name = name.to_string();
        match faults.is_empty() {
            true => Ok(Self { name, pairs }),
            false => Err(all(&faults).of(&name)),
        }
    }

    /// The table, with the ratio of model to measurement.
    pub fn table(&self) -> TextTable {
        let mut table = TextTable::new([
            "time",
            "organ",
            "measured by",
            "unit",
            "observed",
            "model",
            "model : observed",
        ]);
        for pair in &self.pairs {
            let row = &pair.row;
            table.row([
                row.time.to_string(),
                plain(&row.organ),
                pair.how.clone(),
                row.unit.to_string(),
                row.typed.clone(),
                shown(pair.model),
                verdict(row.value, pair.model),
            ]);
        }
        table
    }

    /// What shares of the dose are of, if there are any, in a line.
    pub fn denominators(&self) -> Option<String> {
        let mut found: Vec<(f64, String)> = vec![];
        for pair in &self.pairs {
            let Some(dose) = pair.dose else { continue };
            if found
                .iter()
                .all(|(other, _)| other.total_cmp(&dose).is_ne())
            {
                found.push((dose, format!("{dose} at {}", pair.row.time)));
            }
        }
        let found: Vec<String> = found.into_iter().map(|(_, said)| said).collect();
        let said = format!(
            "%ID is of the cells of all doses begun by then: {}",
            found.join(", ")
        );
        (!found.is_empty()).then_some(said)
    }

    /// How well they agree, in a line; none without a pair of numbers.
    pub fn summary(&self) -> Option<String> {
        let ratios = self.pairs.iter();
        let logs: Vec<f64> = ratios
            .filter_map(|pair| ratio(pair.row.value, pair.model))
            .filter(|ratio| *ratio > 0.0)
            .map(libm::log)
            .collect();
        if logs.is_empty() {
            return None;
        }
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        let close = logs
            .iter()
            .filter(|log| log.abs() <= libm::log(2.0))
            .count();
        Some(format!(
            "{close} of {} pairs of numbers within a factor of 2; the model is {} times the observed in the \
             geometric mean",
            logs.len(),
            cells(libm::exp(mean))
        ))
    }

    /// Writes the table, every digit kept, and the pictures.
    pub fn write(&self, folder: &Folder<'_>, run: &Run) -> Result<(), Failure> {
        folder.write("observed.csv", self.long().to_csv())?;
        for (number, picture) in self.pictures(run)?.into_iter().enumerate() {
            folder.write(&format!("observed_{}.svg", number + 1), picture)?;
        }
        Ok(())
    }

    /// Adds them to the report of a run.
    pub fn report(&self, page: &mut Page, run: &Run) -> Result<(), Failure> {
        page.heading("Beside what was observed");
        page.paragraph(&format!(
            "From {}, added by --observed. Nothing was changed by it: this is a look, and no fit.",
            self.name
        ));
        page.table(&self.table());
        if let Some(denominators) = self.denominators() {
            page.paragraph(&format!("{denominators}."));
        }
        if let Some(summary) = self.summary() {
            page.paragraph(&format!("{summary}."));
        }
        for picture in self.pictures(run)? {
            page.picture(
                &picture,
                "Measurements as points, limits as arrows, the model as lines.",
            );
        }
        Ok(())
    }

    /// For programs: what `table` shows, as numbers.
    fn long(&self) -> TextTable {
        let heads = [
            "time_h",
            "organ",
            "measured_by",
            "unit",
            "observed",
            "model",
            "model_over_observed",
            "percent_of_cells",
        ];
        let mut table = TextTable::new(heads);
        let number = |value: Value| match value {
            Value::Detected(number) => number.to_string(),
            Value::NotDetected { limit } => format!("<{limit}"),
        };
        for pair in &self.pairs {
            let row = &pair.row;
            let ratio = ratio(row.value, pair.model).map(|ratio| ratio.to_string());
            table.row([
                row.time.value().to_string(),
                row.organ.clone(),
                pair.how.clone(),
                row.unit.to_string(),
                row.typed.clone(),
                number(pair.model),
                ratio.unwrap_or_default(),
                pair.dose.map(|cells| cells.to_string()).unwrap_or_default(),
            ]);
        }
        table
    }

    /// A picture of each unit: lines of the model, points as measured. None where nothing was found and the model
    /// expects nothing: the table says it.
    fn pictures(&self, run: &Run) -> Result<Vec<String>, Failure> {
        let mut units = vec![];
        for pair in &self.pairs {
            if !units.contains(&pair.row.unit) {
                units.push(pair.row.unit);
            }
        }
        let mut pictures = vec![];
        for unit in units {
            let pairs = self.pairs.iter();
            let rows: Vec<&Pair> = pairs.filter(|pair| pair.row.unit == unit).collect();
            let lines = lines(run, &rows)?;
            let drawn = curve(&Curve {
                title: format!("Observed (points) and model (lines), {unit}"),
                subtitle: describe::title(&run.model.scenario),
                x: "Time since the start (h)".to_string(),
                y: format!("{unit}, log scale"),
                x_scale: Scale::Linear,
                y_scale: Scale::Log,
                points: rows.iter().filter_map(|pair| point(pair, &lines)).collect(),
                lines,
            });
            match drawn {
                Ok(picture) => pictures.push(picture),
                Err(PlotError::NothingToDraw { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(pictures)
    }
}

/// Faults of rows that are shown; more are counted.
const SHOWN: usize = 20;

/// All faults of the rows at once.
fn all(faults: &[String]) -> Failure {
    let more = faults.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| format!("and {more} more"));
    let shown = faults.iter().take(SHOWN).cloned().chain(more);
    Failure::input(shown.collect::<Vec<_>>().join("\n  "))
}

/// Times of a line of the model.
const POINTS: usize = 120;

/// What a line shows.
fn name(pair: &Pair) -> String {
    format!("{}, {}", plain(&pair.row.organ), pair.how)
}

/// The model over time, for each place and way of measuring.
fn lines(run: &Run, pairs: &[&Pair]) -> Result<Vec<CurveLine>, Failure> {
    let times = pairs.iter().map(|pair| pair.row.time.value());
    let last = times.fold(0.0, f64::max);
    let mut lines: Vec<CurveLine> = vec![];
    for pair in pairs {
        let name = name(pair);
        if lines.iter().any(|line| line.name == name) {
            continue;
        }
        let mut values = vec![];
        for k in 1..=POINTS {
            let time = last * k as f64 / POINTS as f64;
            let value = run.beside_at(&pair.row, Time::new(time))?.detected();
            values.extend(value.filter(|v| *v > 0.0).map(|value| (time, value)));
        }
        lines.push(CurveLine::new(name, values));
    }
    Ok(lines)
}

/// A measurement in the colour of its line; where nothing was found, the limit. A 0 has no place on a log scale.
fn point(pair: &Pair, lines: &[CurveLine]) -> Option<CurvePoint> {
    let (value, below) = match pair.row.value {
        Value::Detected(value) => (value, false),
        Value::NotDetected { limit } => (limit, true),
    };
    let own = name(pair);
    let line = lines.iter().position(|line| line.name == own)?;
    let point = CurvePoint::new(pair.row.time.value(), value, "").like(line);
    let point = if below { point.open(Way::Down) } else { point };
    (value > 0.0).then_some(point)
}

fn shown(value: Value) -> String {
    match value {
        Value::Detected(number) => cells(number),
        Value::NotDetected { limit } => format!("< {}", cells(limit)),
    }
}

/// Model over measurement, where both are numbers.
fn ratio(observed: Value, model: Value) -> Option<f64> {
    let observed = observed.detected().filter(|number| *number > 0.0)?;
    Some(model.detected()? / observed)
}

fn verdict(observed: Value, model: Value) -> String {
    match (observed, model) {
        (Value::NotDetected { limit }, Value::Detected(number)) => match number <= limit {
            true => "agrees".to_string(),
            false => "above".to_string(),
        },
        (Value::NotDetected { .. }, Value::NotDetected { .. }) => "agrees".to_string(),
        (Value::Detected(_), Value::NotDetected { .. }) => "not seen".to_string(),
        _ => ratio(observed, model).map_or("-".to_string(), cells),
    }
}
