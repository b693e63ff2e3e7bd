//! A scenario in a line or two.

use biodist::Scenario;
use biodist::prelude::Dose;

/// What is called what: the title, or what the scenario is.
pub fn title(scenario: &Scenario) -> String {
    match scenario.title.is_empty() {
        true => brief(scenario),
        false => scenario.title.clone(),
    }
}

/// Host, doses and horizon.
pub fn brief(scenario: &Scenario) -> String {
    let doses = match scenario.doses.len() {
        1 => "1 dose".to_string(),
        many => format!("{many} doses"),
    };
    format!("{}, {doses}, {}", host(scenario), scenario.until)
}

/// The host with its weight and what it has.
pub fn host(scenario: &Scenario) -> String {
    let host = &scenario.host;
    let mut words = host.species.to_string();
    if let Some(weight) = host.weight {
        words.push_str(&format!(" of {weight}"));
    }
    if !host.conditions.is_empty() {
        let names = host.conditions.iter().map(|c| c.name.replace('_', " "));
        words.push_str(&format!(" with {}", names.collect::<Vec<_>>().join(", ")));
    }
    words
}

/// A dose as people tell it.
pub fn dose(dose: &Dose) -> String {
    let over = match dose.over.value() > 0.0 {
        true => format!("over {}", dose.over),
        false => "as a bolus".to_string(),
    };
    let repeat = dose.repeat.map_or(String::new(), |repeat| {
        format!(", {} times every {}", repeat.times, repeat.every)
    });
    let amount = match dose.amount {
        biodist::scenario::DoseAmount::Cells(cells) => format!("{} cells", short(cells.value())),
        biodist::scenario::DoseAmount::PerKg(cells) => format!("{} cells/kg", short(cells.value())),
    };
    let (product, route) = (&dose.product.kind, dose.route.name.replace('_', " "));
    let product = product.replace('_', " ");
    format!(
        "{amount} of {product}, {route}, at {} {over}{repeat}",
        dose.at
    )
}

/// A number of cells: `5e5`, `1.25e7`, `950`.
pub fn short(cells: f64) -> String {
    match cells.abs() >= 1e4 {
        true => format!("{cells:e}"),
        false => cells.to_string(),
    }
}
