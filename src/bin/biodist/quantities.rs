//! Quantities as they are written on a command line.

use biodist::units::Time;

/// A time: `24h`, `"24 h"`, `10min`, `3d`.
pub fn time(text: &str) -> Result<Time, String> {
    let unit = text.find(|c: char| c.is_alphabetic() && c != 'e' && c != 'E');
    let (number, unit) = text.split_at(unit.unwrap_or(text.len()));
    let spaced = format!("{} {}", number.trim(), unit.trim());
    let time: Time = spaced.parse().map_err(|_| {
        format!("'{text}' is not a time: write a number and s, min, h or d, as in 24h")
    })?;
    match time.value().is_finite() && time.value() >= 0.0 {
        true => Ok(time),
        false => Err(format!("'{text}' must be a finite time of at least 0")),
    }
}

/// A count that says something and that memory has room for.
pub fn between<const LEAST: usize, const MOST: usize>(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(count) if (LEAST..=MOST).contains(&count) => Ok(count),
        _ => Err(format!(
            "'{text}' must be a whole number, {LEAST} to {MOST}"
        )),
    }
}
