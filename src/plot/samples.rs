//! What the pictures of a run have in common: its times and a line that says what was given.

use super::axis::{Axis, Scale};
use super::look::{grouped, plain};
use crate::assembly::Model;
use crate::instant;
use crate::scenario::Dose;
use crate::simulation::Run;
use crate::units::Cells;

/// Points along the time axis beyond the reported ones.
const EVEN: u32 = 300;
/// A dose after this part of the run is late.
const LATE: f64 = 0.05;

/// How time is best spread: by ratios, unless something is given so late that all that follows it would crowd.
pub(super) fn suiting(run: &Run) -> Scale {
    let doses = run.model.scenario.doses.iter();
    let last = doses.flat_map(Dose::starts).fold(0.0, f64::max);
    match last > LATE * run.trajectory.span().1 {
        true => Scale::Linear,
        false => Scale::Log,
    }
}

/// The times at which a picture looks at a run, h: the reported ones and, if the path was kept, an
/// even grid on the axis and the moments just before doses, so that steps look like steps.
pub(super) fn times(run: &Run, axis: &Axis) -> Vec<f64> {
    let mut times = run.trajectory.times().to_vec();
    if run.trajectory.pieces() > 0 {
        times.extend((0..=EVEN).map(|k| axis.value(f64::from(k) / f64::from(EVEN))));
        let starts = run.model.scenario.doses.iter().flat_map(Dose::starts);
        times.extend(starts.flat_map(|start| [instant::before(start), start]));
    }
    let (start, end) = run.trajectory.span();
    // Rounding may carry the ends of the grid a hair outside the run.
    for time in &mut times {
        *time = time.clamp(start, end);
    }
    times.retain(|time| *time >= axis.low * (1.0 - 1e-9));
    times.sort_by(f64::total_cmp);
    times.dedup();
    times
}

/// Who got what: "Human male, 73 kg: 100 million cells, bone marrow msc, intravenous, over 10 min".
pub(super) fn summary(model: &Model) -> String {
    let scenario = &model.scenario;
    if !scenario.title.is_empty() {
        return scenario.title.clone();
    }
    let host = plain(scenario.host.species.name());
    let weight = scenario.host.weight.map(|weight| format!(", {weight}"));
    let dose = match &scenario.doses[..] {
        [dose] => describe(dose),
        doses => {
            let count: usize = doses.iter().map(|dose| dose.starts().len()).sum();
            let cells = Cells::new(model.total_dose());
            format!("{count} doses, {} in all", grouped(&cells.to_string()))
        }
    };
    capital(&format!("{host}{}: {dose}", weight.unwrap_or_default()))
}

/// "100 million cells, bone marrow MSC, intravenous over 10 min".
pub(super) fn describe(dose: &Dose) -> String {
    let (kind, route) = (
        acronyms(&plain(&dose.product.kind)),
        plain(&dose.route.name),
    );
    let mut text = format!("{}, {kind}, {route}", grouped(&dose.amount.to_string()));
    if dose.at.value() > 0.0 {
        text.push_str(&format!(" at {}", dose.at));
    }
    if dose.over.value() > 0.0 {
        text.push_str(&format!(" over {}", dose.over));
    }
    if let Some(repeat) = dose.repeat {
        text.push_str(&format!(", {} times, every {}", repeat.times, repeat.every));
    }
    text
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Names of products hold acronyms that are not read as words.
fn acronyms(text: &str) -> String {
    let upper = |word: &str| match word {
        "msc" | "hsc" | "nsc" | "ipsc" | "esc" | "mapc" => word.to_uppercase(),
        other => other.to_string(),
    };
    text.split(' ').map(upper).collect::<Vec<_>>().join(" ")
}
