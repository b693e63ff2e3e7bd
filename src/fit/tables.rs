//! What a fit found, as tables.

use super::{Fitted, HeldOut, Profile};
use crate::report::TextTable;

/// Four digits that count, as the registry has them.
pub(super) fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    rounded.to_string()
}

impl Fitted {
    /// The numbers: before and after, their intervals, how far they moved and whether the data identify them.
    #[must_use]
    pub fn numbers_table(&self) -> TextTable {
        let heads = [
            "number",
            "species",
            "before",
            "fitted",
            "95 %",
            "moved",
            "identified",
        ];
        let mut table = TextTable::new(heads);
        for e in &self.estimates {
            let species = if e.species.is_empty() {
                "any"
            } else {
                &e.species
            };
            table.row([
                e.id.clone(),
                species.to_string(),
                short(e.prior),
                short(e.value),
                format!("{} to {}", short(e.low), short(e.high)),
                format!("{:+.1} SD", e.score),
                e.told.text().to_string(),
            ]);
        }
        table
    }

    /// The data beside the model, before and after.
    #[must_use]
    pub fn data_table(&self) -> TextTable {
        let heads = ["experiment: datum", "found", "before", "fitted", "residual"];
        let mut table = TextTable::new(heads);
        for r in &self.residuals {
            table.row([
                format!("{}: {}", r.experiment, r.name),
                r.found.text(),
                short(r.before),
                short(r.model),
                format!("{:+.1} SD", r.residual),
            ]);
        }
        table
    }

    /// What a reader must know: where the starts ended, the likelihood, what the data do not identify, or only together.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let (starts, near) = self.starts;
        let mut remarks = vec![format!(
            "{near} of {starts} starts ended at the same best place; minus the log posterior there is {:.2}",
            self.cost
        )];
        remarks.push(format!(
            "log likelihood {:.2} of {} rows and {} fitted numbers; AIC {:.2}, BIC {:.2}",
            self.log_likelihood,
            self.residuals.len(),
            self.fitted_count(),
            self.aic(),
            self.bic()
        ));
        if let Some(scatter) = self.scatter {
            remarks.push(format!(
                "the data scatter {} times as much as their errors state ({} degrees of freedom)",
                short(scatter.factor),
                short(scatter.freedom)
            ));
        }
        let silent = self.not_told();
        if !silent.is_empty() {
            remarks.push(format!(
                "not identified by these data: {}",
                silent.join(", ")
            ));
        }
        for (a, b, r) in self.entangled(0.7) {
            remarks.push(format!(
                "{a} and {b} are known together better than each (correlation {r:.2})"
            ));
        }
        let missed = self.residuals.iter().filter(|r| r.residual.abs() > 2.0);
        for row in missed {
            remarks.push(format!(
                "missed by {:+.1} SD: {}: {}",
                row.residual, row.experiment, row.name
            ));
        }
        remarks
    }
}

/// The rows that were never fitted, beside their predictions.
#[must_use]
pub fn held_out_table(rows: &[HeldOut]) -> TextTable {
    let heads = [
        "experiment: datum, not fitted",
        "found",
        "predicted",
        "95 %",
        "held",
    ];
    let mut table = TextTable::new(heads);
    for row in rows {
        let interval = row.interval.map_or("open".to_string(), |(low, high)| {
            format!("{} to {}", short(low), short(high))
        });
        let held = match row.is_held() {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        table.row([
            format!("{}: {}", row.experiment, row.name),
            row.found.text(),
            short(row.model),
            interval,
            held.to_string(),
        ]);
    }
    table
}

/// Bounds of 95 % from the data alone, number by number; a side without a bound is open.
#[must_use]
pub fn bounds_table(profiles: &[Profile], found: &Fitted) -> TextTable {
    let mut table = TextTable::new(["number", "species", "from", "to"]);
    let end = |end: Option<f64>| end.map_or("open".to_string(), short);
    for (profile, e) in profiles.iter().zip(&found.estimates) {
        let species = if e.species.is_empty() {
            "any"
        } else {
            &e.species
        };
        table.row([
            e.id.clone(),
            species.to_string(),
            end(profile.low),
            end(profile.high),
        ]);
    }
    table
}
