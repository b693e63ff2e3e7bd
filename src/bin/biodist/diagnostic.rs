//! Faults of a scenario, each with the line that it stands in.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use biodist::Scenario;
use biodist::scenario::{Fault, ScenarioError};

use crate::input::Input;
use crate::locate::Located;

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
        let Some(span) = &self.span else {
            let said = match self.title.is_empty() {
                true => self.label.clone(),
                false => format!("{}: {}", self.title, self.label),
            };
            let report = [Level::ERROR
                .primary_title(said)
                .element(annotate_snippets::Origin::path(input.name.as_str()))];
            return Renderer::styled().render(&report);
        };
        let mark = AnnotationKind::Primary.span(span.clone());
        let snippet = Snippet::source(&input.text)
            .path(input.name.as_str())
            .annotation(mark.label(&self.label));
        let report = [Level::ERROR.primary_title(&self.title).element(snippet)];
        Renderer::styled().render(&report)
    }
}

/// The scenario of a text, or all its faults.
pub fn scenario(input: &Input) -> Result<Scenario, Vec<Diagnostic>> {
    let located = Located::read(&input.text)
        .map_err(|errors| in_order(errors.iter().map(|error| of_toml(error, &input.text))))?;
    let scenario: Scenario =
        toml::from_str(&input.text).map_err(|error| vec![of_toml(&error, &input.text)])?;
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

/// As a reader meets them, each once.
fn in_order(faults: impl Iterator<Item = Diagnostic>) -> Vec<Diagnostic> {
    let mut faults: Vec<Diagnostic> = faults.collect();
    faults.sort_by_key(|fault| fault.span.as_ref().map_or(usize::MAX, |span| span.start));
    faults.dedup();
    faults
}

/// What the reader of TOML says.
fn of_toml(error: &toml::de::Error, text: &str) -> Diagnostic {
    let message = error.message().lines();
    let mut message = message.map(str::trim).filter(|line| !line.is_empty());
    let span = error.span().map(|span| {
        // A mark needs something to stand under, also at the end of the text.
        let end = span.end.clamp(span.start.min(text.len()), text.len());
        span.start.min(text.len())..end
    });
    Diagnostic {
        title: message.next().unwrap_or("not a scenario").to_string(),
        label: message.collect::<Vec<_>>().join("; "),
        span,
    }
}

fn of_fault(fault: &Fault, located: &Located<'_>) -> Diagnostic {
    // `doses[0].over (h)` is a field and the unit of the value.
    let (field, unit) = match fault.field.split_once(" (") {
        Some((field, unit)) => (field, unit.trim_end_matches(')')),
        None => (fault.field.as_str(), ""),
    };
    let said = format!("{field} = {} {unit}", fault.value);
    Diagnostic {
        title: said.trim_end().to_string(),
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
