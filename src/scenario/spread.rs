//! Spreads and correlations of stated parameters: whether they make sense.

use super::Scenario;
use super::check::Faults;

impl Scenario {
    /// Whether every spread is that of a value which the scenario states, and every correlation is between two such.
    ///
    /// Whether many correlations can hold at once is found when they are drawn.
    pub(super) fn check_spreads(&self, faults: &mut Faults) {
        for (id, gsd) in &self.spreads {
            let field = format!("spreads.{id}");
            let value = self.parameters.get(id).copied();
            let why = "must be the id of a value in 'parameters', above 0";
            faults.text(&field, id, value.is_some_and(|value| value > 0.0), why);
            let why = "must be a geometric standard deviation, finite and more than 1";
            faults.number(&field, *gsd, *gsd > 1.0, why);
        }
        for (index, known) in self.correlations.iter().enumerate() {
            let field = format!("correlations[{index}]");
            for id in &known.between {
                let why = "must be the id of a parameter in 'spreads'";
                faults.text(
                    &format!("{field}.between"),
                    id,
                    self.spreads.contains_key(id),
                    why,
                );
            }
            let within = known.r > -1.0 && known.r < 1.0;
            faults.number(
                &format!("{field}.r"),
                known.r,
                within,
                "must be between -1 and 1",
            );
            let same = |other: &[String; 2]| {
                let [a, b] = &known.between;
                *other == known.between || (&other[0] == b && &other[1] == a)
            };
            let earlier = self.correlations[..index].iter();
            let new = known.between[0] != known.between[1]
                && !earlier.map(|other| &other.between).any(same);
            let text = known.between.join(", ");
            let why = "must be two parameters, and each pair once";
            faults.text(&format!("{field}.between"), &text, new, why);
        }
    }
}
