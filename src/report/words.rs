//! Hosts and doses as people tell them.

use crate::scenario::{Dose, DoseAmount, Host};

/// A host in words: species, weight, what it has.
///
/// ```
/// use biodist::prelude::*;
/// let host = Host::mouse(25.g()).with_condition(Condition::skin_wound());
/// assert_eq!(biodist::report::host_in_words(&host), "mouse of 25 g with skin wound");
/// ```
#[must_use]
pub fn host_in_words(host: &Host) -> String {
    let mut words = host.species.to_string();
    if let Some(weight) = host.weight {
        words.push_str(&format!(" of {weight}"));
    }
    if !host.conditions.is_empty() {
        let names = host.conditions.iter();
        let names: Vec<String> = names.map(|c| c.name.replace('_', " ")).collect();
        words.push_str(&format!(" with {}", names.join(", ")));
    }
    words
}

/// A dose in words: how much of what, which way, when.
///
/// ```
/// use biodist::prelude::*;
/// let dose = Dose::new(2e6.cells_per_kg(), Product::bone_marrow_msc()).over(10.minutes());
/// let words = "2e6 cells/kg of bone marrow msc, intravenous, at 0 h over 10 min";
/// assert_eq!(biodist::report::dose_in_words(&dose), words);
/// ```
#[must_use]
pub fn dose_in_words(dose: &Dose) -> String {
    let amount = match dose.amount {
        DoseAmount::Cells(cells) => format!("{} cells", short(cells.value())),
        DoseAmount::PerKg(cells) => format!("{} cells/kg", short(cells.value())),
    };
    let product = dose.product.kind.replace('_', " ");
    let route = dose.route.name.replace('_', " ");
    let lag = match dose.lag.value() > 0.0 {
        true => format!(" after a lag of {}", dose.lag),
        false => String::new(),
    };
    let lost = match dose.lost > 0.0 {
        true => format!(", of which {:.3} % never enter", 100.0 * dose.lost),
        false => String::new(),
    };
    let over = match dose.over.value() > 0.0 {
        true => format!("over {}", dose.over),
        false => "as a bolus".to_string(),
    };
    let repeat = dose.repeat.map_or(String::new(), |repeat| {
        format!(", {} times every {}", repeat.times, repeat.every)
    });
    format!(
        "{amount} of {product}, {route}, at {}{lag} {over}{repeat}{lost}",
        dose.at
    )
}

/// A number of cells: `5e5`, `1.25e7`, `950`.
fn short(cells: f64) -> String {
    match cells.abs() >= 1e4 {
        true => format!("{cells:e}"),
        false => cells.to_string(),
    }
}
