//! Measurements beside what the model says.

use std::path::Path;

use biodist::observation::{Observed, ObservedRow, Value};
use biodist::plot::{Curve, CurveLine, CurvePoint, PlotError, Scale, curve};
use biodist::prelude::{Run, Time};
use biodist::report::TextTable;

use crate::failure::Failure;
use crate::input::Input;
use crate::output::Folder;
use crate::places::{cells, plain};
use crate::subject::{Subject, unread};
use crate::terminal::Terminal;

/// Reads a table of measurements.
pub fn read(terminal: &Terminal, file: &Path) -> Result<Observed, Failure> {
    let input = Input::read(file)?;
    let observed = Observed::from_csv(&input.text);
    let observed = observed.map_err(|error| Failure::from(error).of(&input.name))?;
    unread(terminal, &input.name, observed.unread());
    Ok(observed)
}

/// The measurements of one subject with what the model says in their place.
pub struct Beside {
    pairs: Vec<(ObservedRow, Value)>,
}

impl Beside {
    /// Asks the run for each measurement. Rows without an id, and all rows of a run without one, are of it.
    pub fn of(subject: &Subject, observed: &Observed) -> Result<Self, Failure> {
        let mut pairs = vec![];
        for row in observed.rows() {
            let mine = match (&subject.id, &row.subject) {
                (Some(id), Some(of)) => id == of,
                _ => true,
            };
            if mine {
                let line = |error| Failure::from(error).of(&format!("line {}", row.line));
                let model = subject.run.beside(row).map_err(line)?;
                pairs.push((row.clone(), model));
            }
        }
        Ok(Self { pairs })
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
        for (row, model) in &self.pairs {
            table.row([
                row.time.to_string(),
                plain(&row.organ),
                row.how(),
                row.unit.to_string(),
                shown(row.value),
                shown(*model),
                verdict(row.value, *model),
            ]);
        }
        table
    }

    /// How well they agree, in a line; none without a pair of numbers.
    pub fn summary(&self) -> Option<String> {
        let ratios = self.pairs.iter();
        let logs: Vec<f64> = ratios
            .filter_map(|(row, model)| ratio(row.value, *model))
            .filter(|ratio| *ratio > 0.0)
            .map(f64::ln)
            .collect();
        if logs.is_empty() {
            return None;
        }
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        let close = logs.iter().filter(|log| log.abs() <= 2.0_f64.ln()).count();
        Some(format!(
            "{close} of {} pairs of numbers within a factor of 2; the model is {} times the observed in the \
             geometric mean",
            logs.len(),
            cells(mean.exp())
        ))
    }

    /// A picture of each unit: lines of the model, points as measured.
    pub fn write(&self, folder: &Folder<'_>, run: &Run, title: &str) -> Result<(), Failure> {
        folder.write("observed.csv", self.table().to_csv())?;
        let mut units = vec![];
        for (row, _) in &self.pairs {
            if !units.contains(&row.unit) {
                units.push(row.unit);
            }
        }
        for (number, unit) in units.iter().enumerate() {
            let rows = self.pairs.iter().map(|(row, _)| row);
            let rows: Vec<&ObservedRow> = rows.filter(|row| row.unit == *unit).collect();
            let drawn = curve(&Curve {
                title: format!("Observed (points) and model (lines), {unit}"),
                subtitle: title.to_string(),
                x: "Time since the start (h)".to_string(),
                y: unit.to_string(),
                x_scale: Scale::Linear,
                y_scale: Scale::Log,
                lines: lines(run, &rows)?,
                points: rows.iter().filter_map(|row| point(row)).collect(),
            });
            match drawn {
                Ok(picture) => folder.write(&format!("observed_{}.svg", number + 1), picture)?,
                // Nothing was found, and the model expects nothing: the table says it.
                Err(PlotError::NothingToDraw { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Times of a line of the model.
const POINTS: usize = 120;

/// The model over time, for each place and way of measuring.
fn lines(run: &Run, rows: &[&ObservedRow]) -> Result<Vec<CurveLine>, Failure> {
    let last = rows.iter().map(|row| row.time.value()).fold(0.0, f64::max);
    let mut lines: Vec<CurveLine> = vec![];
    for row in rows {
        let name = format!("{}, {}", plain(&row.organ), row.how());
        if lines.iter().any(|line| line.name == name) {
            continue;
        }
        let mut values = vec![];
        for k in 1..=POINTS {
            let time = last * k as f64 / POINTS as f64;
            let value = run.beside_at(row, Time::new(time))?.detected();
            values.extend(value.filter(|v| *v > 0.0).map(|value| (time, value)));
        }
        lines.push(CurveLine::new(name, values));
    }
    Ok(lines)
}

fn point(row: &ObservedRow) -> Option<CurvePoint> {
    let value = row.value.detected().filter(|value| *value > 0.0)?;
    Some(CurvePoint::new(row.time.value(), value, plain(&row.organ)))
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
