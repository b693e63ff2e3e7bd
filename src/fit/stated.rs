//! What a fit found, as tables of a scenario: values, spreads and correlations.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::estimate::{Estimate, Fitted, Told};

impl Fitted {
    /// Tables for a scenario (`parameters`, `spreads` and `correlations`), each with its name: `fitted.toml`, or where
    /// an id has rows of several species `fitted_<species>.toml` for each of them.
    ///
    /// A later study of the scenario then draws the fitted numbers with what the fit leaves uncertain. Numbers that the
    /// data do not identify are left out, and keep the values and spreads of the registry.
    #[must_use]
    pub fn scenario_tables(&self) -> Vec<(String, String)> {
        let ids: BTreeSet<&str> = self.estimates.iter().map(|e| e.id.as_str()).collect();
        if ids.len() == self.estimates.len() {
            return vec![("fitted.toml".to_string(), self.table(|_| true))];
        }
        let species: BTreeSet<&str> = (self.estimates.iter())
            .map(|e| e.species.as_str())
            .filter(|species| !is_common(species))
            .collect();
        let one = |species: &&str| {
            let own = |e: &Estimate| e.species == *species;
            // The row of a species goes before the common one.
            let has_own = |e: &Estimate| {
                let others = self.estimates.iter();
                others
                    .into_iter()
                    .any(|other| other.id == e.id && own(other))
            };
            let text = self.table(|e| own(e) || (is_common(&e.species) && !has_own(e)));
            (format!("fitted_{species}.toml"), text)
        };
        species.iter().map(one).collect()
    }

    fn table(&self, holds: impl Fn(&Estimate) -> bool) -> String {
        let known = |e: &Estimate| e.told != Told::Nothing && e.gsd.is_finite() && e.gsd > 1.0;
        let (kept, left): (Vec<usize>, Vec<usize>) = (0..self.estimates.len())
            .filter(|k| holds(&self.estimates[*k]))
            .partition(|k| known(&self.estimates[*k]));
        let mut text =
            "# Values that `biodist fit` found, with their spreads, for a scenario.\n".to_string();
        for k in left {
            let id = &self.estimates[k].id;
            let _ = writeln!(
                text,
                "# Not identified by the data, as in the registry: {id}"
            );
        }
        text += "\n[parameters]\n";
        for e in kept.iter().map(|k| &self.estimates[*k]) {
            let of = match is_common(&e.species) {
                true => String::new(),
                false => format!(" # {}", e.species),
            };
            let _ = writeln!(text, "\"{}\" = {}{of}", e.id, digits(e.value));
        }
        text += "\n[spreads] # geometric standard deviations\n";
        for e in kept.iter().map(|k| &self.estimates[*k]) {
            // Never 1, which would be certain.
            let gsd = digits(e.gsd).max(1.0 + 1e-6);
            let _ = writeln!(text, "\"{}\" = {gsd}", e.id);
        }
        for (place, i) in kept.iter().enumerate() {
            for j in &kept[..place] {
                let r = (1e3 * self.correlations[*i][*j]).round() / 1e3;
                let (a, b) = (&self.estimates[*j].id, &self.estimates[*i].id);
                if r != 0.0 {
                    let r = r.clamp(-0.999, 0.999);
                    let _ = write!(
                        text,
                        "\n[[correlations]]\nbetween = [\"{a}\", \"{b}\"]\nr = {r}\n"
                    );
                }
            }
        }
        text
    }
}

fn is_common(species: &str) -> bool {
    matches!(species, "" | "any")
}

/// Six digits: far more than the data have.
fn digits(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}
