//! The report, as a page and as tables.

use super::qualify::Qualification;
use super::scores::{Scores, Skill};
use super::verdict::Verdict;
use crate::report::{Page, TextTable};

fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_string(),
        // Three digits that count.
        size if (1e-3..1e4).contains(&size) => {
            let digits = (2.0 - libm::log10(size).floor()).max(0.0) as usize;
            format!("{value:.digits$}")
        }
        // What is left of nothing after years of steps is nothing.
        size if size < 1e-30 => "0".to_string(),
        _ => format!("{value:.1e}"),
    }
}

/// One way of predicting, of those that are scored.
type Way = fn(&Skill) -> Scores;

impl Qualification {
    /// Verification, row by row.
    #[must_use]
    pub fn checks_table(&self) -> TextTable {
        let mut table = TextTable::new(["check", "against", "criterion", "found", "verdict"]);
        for check in &self.checks {
            let verdict = if check.passed { "PASS" } else { "FAIL" };
            table.row([
                format!("{} {}", check.id, check.what),
                check.oracle.to_string(),
                check.criterion.clone(),
                check.found.clone(),
                verdict.to_string(),
            ]);
        }
        table
    }

    /// Validation, row by row.
    #[must_use]
    pub fn validation_table(&self) -> TextTable {
        let heads = [
            "measurement",
            "found",
            "predicted",
            "95 %",
            "factor",
            "PIT or chance",
            "verdict",
        ];
        let mut table = TextTable::new(heads);
        for row in &self.validation {
            let fold = row.fold_error.map(|fold| match fold {
                fold if fold <= 1.0 => "-".to_string(),
                fold if fold < 1e4 => format!("{fold:.1}-fold"),
                fold => format!("{fold:.0e}-fold"),
            });
            let chance = row.pit.or(row.probability).unwrap_or(0.0);
            table.row([
                format!("{}: {} ({})", row.experiment, row.name, row.source),
                row.found_text.clone(),
                number(row.middle),
                format!("{} to {}", number(row.low), number(row.high)),
                fold.unwrap_or_default(),
                format!("{chance:.2}"),
                row.verdict.text().to_string(),
            ]);
        }
        table
    }

    /// Proper scores of the validation, of the model and of baselines.
    #[must_use]
    pub fn scores_table(&self) -> TextTable {
        let mut table = TextTable::new([
            "way of predicting",
            "CRPS of values and ranges, decades",
            "of those that are shares",
            "log score of limits and counts",
        ]);
        let ways: [(&str, Way); 4] = [
            ("the model with all that is uncertain", |skill| skill.model),
            ("its medians as if they were exact", |skill| skill.exact),
            ("the registry before calibration", |skill| skill.before),
            ("knowing nothing", |skill| skill.nothing),
        ];
        let shown = |mean: Option<(f64, usize)>| {
            mean.map_or(String::new(), |(mean, rows)| {
                format!("{mean:.2} ({rows} rows)")
            })
        };
        for (name, of) in ways {
            // Means over other rows are no comparison.
            let all = self
                .mean_crps(of)
                .filter(|(_, rows)| *rows == self.quantities().count());
            let shares = self.mean_crps_of_shares(of);
            let scores = [all, shares, self.mean_log_score(of)].map(shown);
            table.row([name.to_string()].into_iter().chain(scores));
        }
        table
    }

    /// Calibration, row by row.
    #[must_use]
    pub fn calibration_table(&self) -> TextTable {
        let mut table = TextTable::new(["measurement", "found", "model", "residual", "verdict"]);
        for row in &self.calibration {
            let met = if row.residual.abs() <= 2.0 {
                "met"
            } else {
                "MISSED"
            };
            table.row([
                format!("{}: {} ({})", row.experiment, row.name, row.source),
                row.found.text(),
                number(row.model),
                format!("{:+.1} SD", row.residual),
                met.to_string(),
            ]);
        }
        table
    }

    /// The claims of the founding review.
    #[must_use]
    pub fn claims_table(&self) -> TextTable {
        let mut table = TextTable::new(["claim", "host", "what the model shows", "verdict"]);
        for row in &self.claims {
            let verdict = if row.shown { "met" } else { "MISSED" };
            table.row([
                row.sentence.clone(),
                row.host.clone(),
                row.observed.clone(),
                verdict.to_string(),
            ]);
        }
        table
    }

    /// The result in a few sentences.
    #[must_use]
    pub fn summary(&self) -> Vec<String> {
        let passed = self.checks.iter().filter(|check| check.passed).count();
        let met = self
            .calibration
            .iter()
            .filter(|row| row.residual.abs() <= 2.0);
        let shown = self.claims.iter().filter(|row| row.shown).count();
        let (near, all) = self.within_twofold();
        let (held, _) = self.coverage();
        let [a, b, c, d] = self.quarters();
        let count = |verdict| self.with_verdict(verdict);
        let widths = self.mean_decades().map_or(String::new(), |(mean, rows)| {
            format!(", {mean:.2} decades wide in the mean of {rows}")
        });
        let error = self.validation.iter().filter_map(|row| row.end_error);
        let error = error.fold(1.0, f64::max);
        vec![
            format!(
                "Verification: {passed} of {} criteria are met on this machine.",
                self.checks.len()
            ),
            format!(
                "Calibration: {} of {} rows lie within two standard deviations. They set the numbers, so this \
                 is agreement and not prediction.",
                met.count(),
                self.calibration.len()
            ),
            format!(
                "Validation: of {} rows that were never fitted, {} are met, {} are held only by the 95 % interval \
                 of the prediction, {} have an interval that holds every possible outcome, {} are missed.",
                self.validation.len(),
                count(Verdict::Met),
                count(Verdict::Held),
                count(Verdict::Uninformative),
                count(Verdict::Missed),
            ),
            format!(
                "Of the {all} values and ranges among them, without limits and counts, {near} lie within a factor of \
                 two of the median, and {held} within the 95 % interval{widths}. By quarters of the predicted \
                 distribution: {a}, {b}, {c}, {d}."
            ),
            format!(
                "With other draws than these {}, the ends of the intervals would move by a factor of up to {error:.1}.",
                self.draws
            ),
            format!(
                "Claims of the founding review: {shown} of {} are shown. Starting values were chosen for its \
                 picture.",
                self.claims.len()
            ),
        ]
    }

    /// The report as one self-contained page of HTML.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut page = Page::new("Qualification of biodist");
        page.list(self.summary());
        if !self.is_verified() {
            page.warning(
                "A criterion of verification is not met. Do not rely on results of this build.",
            );
        }
        page.paragraph(
            "Runnable, verified and validated are different words. This report verifies the program on the \
             machine on which it was made, and holds the model against data. It does not say that the model is \
             fit for a use.",
        );
        page.heading("What was asked");
        page.paragraph(
            "Question: where are administered cells, and how many live, by dose, route and time? Context of \
             use: exploring doses, routes and measurements before an experiment. Consequence of a wrong answer: \
             an experiment that teaches less than it could. Not for decisions on patients. Criteria were set \
             before looking: each check has its own. A value or a range is met if the 95 % interval (uncertainty of the \
             registry and error of the measurement) holds it and the median is within a factor of two, held if the \
             interval holds it, and missed otherwise. A limit is met if a reading on its right side has a probability \
             of a half or more, and missed below 2.5 %. A count is met if it and \
             all counts that are less likely have a probability of a half or more, and missed below 5 %; an interval \
             from none to all says nothing. These \
             criteria are stricter than those of version 0.1.0, which counted a limit as met up to a factor of two on \
             its wrong side, and a count within a quarter of all.",
        );
        self.validation_part(&mut page);
        page.heading("Verification: does the program do its sums");
        page.table(&self.checks_table());
        page.heading("Calibration: rows that set the numbers");
        page.table(&self.calibration_table());
        page.heading("Claims of the founding review");
        page.table(&self.claims_table());
        self.pictures(&mut page);
        page.heading("How it was made");
        let machine = &self.machine;
        page.list([
            format!("{}, {}", machine.program, machine.system),
            format!(
                "{} threads, {}",
                machine.threads,
                if machine.optimised {
                    "optimised"
                } else {
                    "not optimised"
                }
            ),
            format!("{} draws a row, seed {}", self.draws, self.seed),
            "cargo run --release --example qualify".to_string(),
        ]);
        page.to_html()
    }

    fn validation_part(&self, page: &mut Page) {
        page.heading("Validation: predictions against rows never fitted");
        page.table(&self.validation_table());
        page.paragraph(
            "PIT: the predicted probability of a reading below what was found; a limit has the probability of a \
             reading on its right side, a count that of this count. Scores, of which less is better: CRPS is the \
             distance between the predicted distribution and the finding, the log score minus the logarithm of the \
             probability of the finding. Knowing nothing: every share of the dose in six decades, every count and both \
             sides of a limit are as likely.",
        );
        page.table(&self.scores_table());
        page.list(
            (self.validation.iter().filter(|row| !row.note.is_empty()))
                .map(|row| format!("{}: {}: {}.", row.experiment, row.name, row.note)),
        );
    }

    #[cfg(not(feature = "plot"))]
    fn pictures(&self, _: &mut Page) {}

    #[cfg(feature = "plot")]
    fn pictures(&self, page: &mut Page) {
        if let Ok(picture) = self.picture() {
            page.heading("Predicted against measured");
            page.picture(
                &picture,
                "Predictions with their intervals against measurements, both on log axes",
            );
        }
    }

    /// Predictions with their intervals against measurements, relative to these; counts of animals are left to
    /// the table.
    ///
    /// # Errors
    /// As [`plot::forest`](crate::plot::forest).
    #[cfg(feature = "plot")]
    pub fn picture(&self) -> Result<String, crate::plot::PlotError> {
        use crate::evidence::Finding;
        use crate::plot::{Forest, ForestRow, Hit, forest};
        let values = self.validation.iter();
        let values = values.filter(|row| !matches!(row.found, Finding::Positive { .. }));
        let rows = values.map(|row| {
            let whole = row.found.typical();
            let (low, high) = match row.found {
                Finding::Below(_) => (0.0, 1.0),
                Finding::Above(_) => (1.0, f64::INFINITY),
                Finding::Between(low, high) => (low / whole, high / whole),
                _ => (1.0, 1.0),
            };
            let hit = match row.verdict {
                Verdict::Met => Hit::Met,
                Verdict::Held | Verdict::Uninformative => Hit::Held,
                Verdict::Missed => Hit::Missed,
            };
            let (name, _) = row.name.split_once(", %").unwrap_or((&row.name, ""));
            let name = name.replace("living cells recovered from", "living in");
            let name = match row.experiment.split_once(" against MSC") {
                Some((cells, _)) => format!("{cells} {name}"),
                None => name,
            };
            let ends = [row.low, row.middle, row.high].map(|value| value / whole);
            ForestRow::new(name, row.found_text.clone(), ends)
                .found(low, high)
                .hit(hit)
        });
        forest(&Forest {
            title: "Predictions against measurements that were never fitted".to_string(),
            subtitle: "95 % interval from all that is uncertain and from the error of the measurement; grey: what was \
                       found, and a factor of two about it"
                .to_string(),
            axis: "Predicted over measured".to_string(),
            rows: rows.collect(),
        })
    }
}
