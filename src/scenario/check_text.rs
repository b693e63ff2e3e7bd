//! Whether texts of a scenario fit into tables, pictures and terminals.

use super::Scenario;
use super::check::Faults;
use crate::names::shortened;

/// Letters of a title.
const TITLE: usize = 300;
/// Letters of a name.
const NAME: usize = 100;

impl Scenario {
    /// Whether title and names are short and hold nothing but letters.
    pub(super) fn check_texts(&self, faults: &mut Faults) {
        check(faults, "title", &self.title, TITLE);
        check(faults, "host.species", self.host.species.name(), NAME);
        for (index, organ) in self.host.organs.iter().enumerate() {
            let field = format!("host.organs[{index}].name");
            check(faults, &field, organ.name.name(), NAME);
            let name = organ.name.name();
            // A spreadsheet would take it for a formula.
            let begins = !name.starts_with('-');
            faults.text(&field, name, begins, "must not begin with '-'");
        }
        for (index, condition) in self.host.conditions.iter().enumerate() {
            let field = format!("host.conditions[{index}]");
            check(faults, &field, &condition.name, NAME);
        }
        for (index, dose) in self.doses.iter().enumerate() {
            let field = |name: &str| format!("doses[{index}].{name}");
            check(faults, &field("product"), &dose.product.kind, NAME);
            check(faults, &field("route"), &dose.route.name, NAME);
        }
        for (index, label) in self.labels.iter().enumerate() {
            check(faults, &format!("labels[{index}]"), label.name(), NAME);
        }
        for id in self.parameters.keys() {
            check(faults, "parameters", id, NAME);
        }
        for (index, change) in self.changes.iter().enumerate() {
            let field = format!("changes[{index}].parameter");
            check(faults, &field, &change.parameter, NAME);
        }
    }
}

fn check(faults: &mut Faults, field: &str, text: &str, most: usize) {
    let allowed = format!("must have at most {most} letters");
    let fits = text.char_indices().nth(most).is_none();
    let shown = shortened(text, 40);
    faults.text(field, &shown, fits, &allowed);
    let plain = !text.chars().any(is_hidden);
    faults.text(
        field,
        &shown,
        plain,
        "must not hold signs that control a terminal or turn the direction of reading",
    );
}

fn is_hidden(sign: char) -> bool {
    sign.is_control() || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
