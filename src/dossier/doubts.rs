//! What decides how many cells live, and which of it is assumed.

use super::AllSwings;
use super::run::short;
use crate::cancel::CancelToken;
use crate::data::{Quantity, Status};
use crate::error::Error;
use crate::population::Study;
use crate::report::Page;
use crate::simulation::Run;
use crate::units::Time;

/// From how many times more living cells on a number decides much.
const MUCH: f64 = 2.0;
/// How many numbers the tornado shows.
const SHOWN: usize = 12;

/// The living cells of the whole body after a day, or at the end of a shorter run, at the ends of each number.
pub(super) struct Doubts {
    when: Time,
    /// None where no number is uncertain.
    swings: Option<AllSwings>,
}

impl Doubts {
    pub(super) fn of(run: &Run, token: &CancelToken) -> Result<Self, Error> {
        let scenario = &run.model.scenario;
        let day = Time::new(24.0);
        let when = match scenario.until < day {
            true => scenario.until,
            false => day,
        };
        let study = Study::of(scenario)?.with_token(token.silent());
        let look = |run: &Run| Ok(vec![run.ledger(when)?.viable_in_body()]);
        let cells = |points: &[Vec<f64>]| Ok(study.run(points, look)?.concat());
        let swings = (!study.inputs().is_empty()).then(|| AllSwings::of(&study, cells));
        Ok(Self {
            when,
            swings: swings.transpose()?,
        })
    }

    /// Names the assumed numbers that decide much.
    pub(super) fn warn(&self, page: &mut Page, rows: &[&Quantity]) {
        let assumed = rows.iter().filter(|row| row.status == Status::Assumed);
        let swings = self.swings.iter().flat_map(AllSwings::rows);
        let great = swings.filter(|swing| {
            swing.factor() >= MUCH && assumed.clone().any(|row| row.id == swing.id)
        });
        let lines = great.map(|swing| {
            format!(
                "{} is assumed: between {} and {} (its interval of 95 %) it takes the living cells after {} from {} to {}.",
                swing.id,
                short(swing.low.number),
                short(swing.high.number),
                self.when,
                cells(swing.low.answer),
                cells(swing.high.answer)
            )
        });
        let lines: Vec<String> = lines.collect();
        if !lines.is_empty() {
            page.paragraph("Assumed numbers that decide much:");
            page.list(lines);
        }
    }

    /// Draws the tornado.
    pub(super) fn draw(&self, page: &mut Page, title: &str) -> Result<(), Error> {
        let Some(swings) = &self.swings else {
            return Ok(());
        };
        page.heading("What decides how many cells live");
        let words = format!(
            "What decides the living cells of the whole body after {}",
            self.when
        );
        let picture = swings.picture(&words, title, SHOWN)?;
        let words = "Living cells at both ends of each number, all others in their middle.";
        page.picture(&picture, words);
        Ok(())
    }
}

/// Cells with three digits.
fn cells(value: f64) -> String {
    match value >= 1e4 {
        true => format!("{value:.2e}"),
        false => short(format!("{value:.2e}").parse().unwrap_or(value)),
    }
}
