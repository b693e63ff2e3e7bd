//! Faults of a scenario, each with the line that it stands in.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use biodist::Scenario;
use biodist::data::DataError;
use biodist::evidence::{EvidenceError, Experiment};
use biodist::fit::FitError;
use biodist::scenario::{Fault, ScenarioError};
use serde::Deserialize;

use crate::every;
use crate::failure::{Failure, Faults, SHOWN, readable};
use crate::input::Input;
use crate::locate::Located;
use crate::visible::masked;

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong.
    pub title: String,
    /// What is allowed there.
    pub label: String,
    /// Where, in bytes of the text; none when no line is at fault.
    pub span: Option<Range<usize>>,
}

impl Diagnostic {
    /// The fault as a compiler shows it.
    pub fn draw(&self, input: &Input) -> String {
        let [title, label, name] =
            [&self.title, &self.label, &input.name].map(|text| readable(text));
        let Some(span) = &self.span else {
            let said = match (title.is_empty(), label.is_empty()) {
                (true, _) => label,
                (_, true) => title,
                _ => format!("{title}: {label}"),
            };
            let report = [Level::ERROR
                .primary_title(said)
                .element(annotate_snippets::Origin::path(name.as_str()))];
            return Renderer::styled().render(&report);
        };
        let mark = AnnotationKind::Primary.span(span.clone());
        let source = masked(&input.text);
        let snippet = Snippet::source(source.as_ref())
            .path(name.as_str())
            .annotation(mark.label(&label));
        let report = [Level::ERROR.primary_title(&title).element(snippet)];
        Renderer::styled().render(&report)
    }
}

/// The first faults of a text, drawn, and how many there are besides.
pub fn drawn(faults: &[Diagnostic], input: &Input) -> Failure {
    let shown = faults.iter().take(SHOWN);
    Failure::Faults(Faults {
        drawn: shown.map(|fault| fault.draw(input)).collect(),
        more: faults.len().saturating_sub(SHOWN),
    })
}

/// The scenario of a text, or all its faults.
pub fn scenario(input: &Input) -> Result<Scenario, Vec<Diagnostic>> {
    let text = &input.text;
    let located = Located::read(text).map_err(|all| {
        if let Err(other @ ScenarioError::OtherFormat { .. }) = Scenario::from_toml(text) {
            return vec![unplaced(&other.to_string())];
        }
        let all = all.iter();
        in_order(all.map(|error| of_toml(error.message(), error.span(), text)))
    })?;
    let scenario = every::read(text).map_err(|all| {
        let all = all.into_iter();
        in_order(all.map(|wrong| of_toml(&wrong.said, wrong.span, text)))
    })?;
    match scenario.check() {
        Ok(()) => {}
        Err(ScenarioError::Invalid { faults }) => {
            let faults = faults.iter().map(|fault| of_fault(fault, &located));
            return Err(in_order(faults));
        }
        Err(other) => return Err(vec![unplaced(&other.to_string())]),
    }
    // What only the assembled model can tell: a body that does not close, a change of its shape.
    match scenario.assemble() {
        Ok(_) => Ok(scenario),
        Err(error) => Err(vec![unplaced(&error.to_string())]),
    }
}

/// The experiments of a file; what else it holds is not looked at.
#[derive(Deserialize)]
struct Experiments {
    #[serde(rename = "experiment", default)]
    all: Vec<Experiment>,
}

/// Why a file of experiments cannot be fitted, with the lines at fault where there are any.
pub fn of_fit(error: FitError, input: &Input) -> Failure {
    let found = match &error {
        FitError::Toml { said, span, .. } => vec![of_toml(said, span.clone(), &input.text)],
        _ => in_experiments(&error, &input.text),
    };
    match found.is_empty() {
        true => Failure::from(error).of(&input.name),
        false => drawn(&found, input),
    }
}

fn in_experiments(error: &FitError, text: &str) -> Vec<Diagnostic> {
    let (Ok(located), Ok(read)) = (Located::read(text), toml::from_str::<Experiments>(text)) else {
        return vec![];
    };
    let mut found = vec![];
    for (index, experiment) in read.all.iter().enumerate() {
        let arms = [
            ("scenario", Some(&experiment.scenario)),
            ("control", experiment.control.as_ref()),
        ];
        for (arm, scenario) in arms {
            let Some(Err(ScenarioError::Invalid { faults })) = scenario.map(Scenario::check) else {
                continue;
            };
            found.extend(faults.into_iter().map(|mut fault| {
                fault.field = format!("experiment[{index}].{arm}.{}", fault.field);
                of_fault(&fault, &located)
            }));
        }
    }
    let span = culprit(error).and_then(|value| located.find_value(value));
    if let (true, Some(span)) = (found.is_empty(), span) {
        found.push(Diagnostic {
            title: error.to_string(),
            label: String::new(),
            span: Some(span),
        });
    }
    in_order(found.into_iter())
}

/// The text of the file that is at fault.
fn culprit(error: &FitError) -> Option<&str> {
    match error {
        FitError::Data(DataError::UnknownName { name, .. }) => Some(name),
        FitError::NoSpread { id } | FitError::Unused { id, .. } | FitError::Twice { id } => {
            Some(id)
        }
        FitError::Evidence { source, .. } => match &**source {
            EvidenceError::UnknownPlace { place, .. } => Some(place),
            EvidenceError::Data(DataError::UnknownName { name, .. }) => Some(name),
            EvidenceError::UnknownSource { source_key, .. } => Some(source_key),
            _ => None,
        },
        _ => None,
    }
}

/// As a reader meets them, each once.
fn in_order(faults: impl Iterator<Item = Diagnostic>) -> Vec<Diagnostic> {
    let mut faults: Vec<Diagnostic> = faults.collect();
    faults.sort_by_key(|fault| fault.span.as_ref().map_or(usize::MAX, |span| span.start));
    faults.dedup();
    faults
}

/// What the reader of TOML says.
fn of_toml(said: &str, span: Option<Range<usize>>, text: &str) -> Diagnostic {
    let mut message = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let span = span.map(|span| {
        // A mark needs something to stand under, also at the end of the text.
        let end = span.end.clamp(span.start.min(text.len()), text.len());
        span.start.min(text.len())..end
    });
    let title = in_words(message.next().unwrap_or("not a scenario"));
    let more = message.collect::<Vec<_>>().join("; ");
    let label = match title.starts_with("unknown key `experiment`") {
        true => "this is a file of measurements: see `biodist fit`".to_string(),
        false => in_words(&more),
    };
    Diagnostic { title, label, span }
}

/// The reader speaks of the types of Rust; people who write scenarios know texts, numbers and lists.
fn in_words(said: &str) -> String {
    const WORDS: [(&str, &str); 15] = [
        ("unknown field", "unknown key"),
        ("missing field", "missing key"),
        ("unknown variant", "unknown name"),
        ("invalid type: ", "found "),
        ("invalid value: ", "found "),
        ("floating point `", "the number `"),
        ("integer `", "the number `"),
        ("string \"", "the text \""),
        ("a borrowed string", "a text in quotes"),
        (
            "expected a string",
            "expected a text in quotes, with its unit where it has one, as in \"3 d\"",
        ),
        (
            "expected a sequence",
            "expected a list in brackets, as in [\"a\", \"b\"]",
        ),
        ("expected f64", "expected a number"),
        ("expected usize", "expected a whole number"),
        ("expected u32", "expected a whole number"),
        (
            "wanted string or table",
            "expected a name in quotes, or a table in braces",
        ),
    ];
    let mut said = said.to_string();
    for (rust, words) in WORDS {
        said = said.replace(rust, words);
    }
    said.replace(
        "found map, expected a number",
        "found a table, expected a number: put an id with a point in quotes",
    )
    .replace("found map", "found a table")
    .replace("found sequence", "found a list")
    .replace("found boolean", "found")
}

fn of_fault(fault: &Fault, located: &Located<'_>) -> Diagnostic {
    // `doses[0].over (h)` is a field and the unit of the value.
    let (field, unit) = match fault.field.split_once(" (") {
        Some((field, unit)) => (field, unit.trim_end_matches(')')),
        None => (fault.field.as_str(), ""),
    };
    // An id with points is one key, in quotes; one that nobody knows is its own fault.
    let shown = match field.strip_prefix("parameters.") {
        Some(id) if id == fault.value => format!("parameters.\"{id}\""),
        Some(id) => format!("parameters.\"{id}\" = {}", fault.value),
        None => format!("{field} = {} {unit}", fault.value),
    };
    Diagnostic {
        title: shown.trim_end().to_string(),
        label: fault.allowed.clone(),
        span: located.find(field, &fault.value),
    }
}

fn unplaced(said: &str) -> Diagnostic {
    Diagnostic {
        title: String::new(),
        label: said.to_string(),
        span: None,
    }
}
