//! A scenario in a line.

use biodist::Scenario;
use biodist::report::host_in_words;

/// What it is called: its title, or what it is.
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
    let host = host_in_words(&scenario.host);
    format!("{host}, {doses}, {}", scenario.until)
}
