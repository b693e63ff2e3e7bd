//! The ledger over time: every cell of the dose, always 100 %.

use super::PlotError;
use super::axis::{Axis, Scale};
use super::frame::{Frame, heading, thinned};
use super::look::{
    BLUE, Colour, FAINT_INK, GREEN, HEADING, HEIGHT, LABEL, ORANGE, PURPLE, SKY, VERMILION, WHITE,
    WIDTH, YELLOW, text_width,
};
use super::samples::{suiting, summary, times};
use super::sheet::{Anchor, Sheet, Spot, Stroke};
use crate::ledger::{Ledger, LedgerRow};
use crate::organ::{Place, State};
use crate::physiology::Organ;
use crate::simulation::Run;
use crate::units::Time;

/// Choices for [`where_every_cell_is`].
#[derive(Debug, Clone, PartialEq)]
pub struct WhereEveryCellIs {
    /// How time is spread: log from one minute on, or linear, which suits repeated doses.
    pub time: Scale,
    /// What is seen; empty for a title of the picture's own.
    pub title: String,
}

impl Default for WhereEveryCellIs {
    fn default() -> Self {
        Self {
            time: Scale::Log,
            title: String::new(),
        }
    }
}

const BANDS: usize = 11;

/// Names and colours of the bands, from the bottom up: living cold, remains warm, the rest grey.
const LOOKS: [(&str, Colour); BANDS] = [
    ("living, lung", BLUE),
    ("living, other organs", SKY),
    ("living, blood", GREEN),
    ("remains, lung", VERMILION),
    ("remains, liver", ORANGE),
    ("remains, spleen", PURPLE),
    ("remains, other organs", YELLOW),
    ("remains, blood", (140, 60, 0)),
    ("excreted", (190, 190, 190)),
    ("never delivered", (120, 120, 120)),
    ("in the syringe", (232, 232, 232)),
];

/// Every row of a ledger belongs to exactly one band, so that the bands sum to the ledger.
fn band(row: &LedgerRow) -> usize {
    let lung = row.place == Place::Organ(Organ::LUNG);
    match (row.state, &row.place) {
        (State::Syringe, _) => 10,
        (State::Undelivered, _) => 9,
        (State::Excreted, _) => 8,
        (State::Debris | State::Ingested, Place::Blood(_)) => 7,
        (State::Debris | State::Ingested, Place::Organ(organ)) => match organ {
            _ if lung => 3,
            organ if *organ == Organ::LIVER => 4,
            organ if *organ == Organ::SPLEEN => 5,
            _ => 6,
        },
        (State::Debris | State::Ingested, Place::Outside) => 6,
        (_, Place::Blood(_)) => 2,
        _ if lung => 0,
        _ => 1,
    }
}

/// Shares of the dose in the bands, %.
fn shares(ledger: &Ledger) -> [f64; BANDS] {
    let mut shares = [0.0; BANDS];
    for row in &ledger.rows {
        shares[band(row)] += 100.0 * row.cells / ledger.dose;
    }
    shares
}

/// Draws where every cell of the dose is over time, as bands that sum to 100 % of the dose, as SVG.
///
/// # Errors
/// [`PlotError::NothingToDraw`] when the run has fewer than two times to show;
/// [`PlotError::NotFinite`].
///
/// # Example
/// ```
/// use biodist::plot::{WhereEveryCellIs, where_every_cell_is};
/// use biodist::prelude::*;
/// let run = Scenario::new(Host::mouse(25.g()))
///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
///     .simulate()?;
/// let svg = where_every_cell_is(&run, &WhereEveryCellIs::default())?;
/// assert!(svg.contains("living, lung"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn where_every_cell_is(run: &Run, looks: &WhereEveryCellIs) -> Result<String, PlotError> {
    let clock = Axis::clock(looks.time, run.trajectory.span().1);
    let times = times(run, &clock);
    if times.len() < 2 {
        let reason = "the run has fewer than two times to show";
        return Err(PlotError::nothing("where every cell is", reason));
    }
    let mut columns = vec![];
    for time in &times {
        let column = shares(&run.ledger(Time::new(*time))?);
        PlotError::unless_finite("ledger", column)?;
        columns.push(column);
    }
    let mut sheet = Sheet::new(WIDTH, HEIGHT);
    let title = if looks.title.is_empty() {
        "Where every cell is"
    } else {
        &looks.title
    };
    let below = heading(&mut sheet, WIDTH, title, &summary(&run.model));
    let shown = shown(&columns);
    let frame = Frame::new(
        (WIDTH, HEIGHT),
        below,
        legend_width(&shown),
        clock,
        Axis::linear(0.0, 100.0),
    );
    let time_title = frame.x.titled("Time since the start");
    frame.draw(&mut sheet, &time_title, "Cells (% of dose)");
    draw_bands(&mut sheet, &frame, &times, &columns, &shown);
    frame.draw_spines(&mut sheet);
    let end = columns.last().copied().unwrap_or_default();
    let when = Time::new(run.trajectory.span().1);
    draw_legend(&mut sheet, &frame, &shown, (&end, when));
    sheet.finish()
}

impl Run {
    /// Where every cell of the dose is over time, as SVG: [`where_every_cell_is`] with its default
    /// choices, and with a linear time where doses are given late.
    ///
    /// # Errors
    /// As [`where_every_cell_is`].
    pub fn picture_of_where_every_cell_is(&self) -> Result<String, PlotError> {
        let time = suiting(self);
        where_every_cell_is(
            self,
            &WhereEveryCellIs {
                time,
                ..WhereEveryCellIs::default()
            },
        )
    }
}

/// Bands that are ever thick enough to be seen, or at least named: a thousandth of the dose.
fn shown(columns: &[[f64; BANDS]]) -> Vec<usize> {
    let peak = |k: usize| columns.iter().map(|column| column[k]).fold(0.0, f64::max);
    (0..BANDS).filter(|k| peak(*k) >= 0.1).collect()
}

/// Each band is drawn from the floor up and covered by those below it: no seams between them.
fn draw_bands(
    sheet: &mut Sheet,
    frame: &Frame,
    times: &[f64],
    columns: &[[f64; BANDS]],
    shown: &[usize],
) {
    for k in (0..BANDS).rev() {
        let top = |column: &[f64; BANDS]| column[..=k].iter().sum::<f64>().clamp(0.0, 100.0);
        let spots = times
            .iter()
            .zip(columns)
            .map(|(time, column)| (*time, top(column)));
        let edge: Vec<Spot> = spots.map(|pair| frame.spot(pair)).collect();
        let edge = thinned(&edge);
        let mut corners = edge.clone();
        corners.extend(edge.last().map(|end| (end.0, frame.bottom)));
        corners.extend(edge.first().map(|start| (start.0, frame.bottom)));
        sheet.area(corners, LOOKS[k].1, 1.0);
        if k + 1 < BANDS && shown.contains(&k) {
            let stroke = Stroke {
                colour: WHITE,
                width: 0.8,
                dashed: false,
            };
            sheet.line(edge, stroke);
        }
    }
}

fn legend_width(shown: &[usize]) -> f64 {
    let widths = shown.iter().map(|k| text_width(LOOKS[*k].0, LABEL));
    14.0 + 24.0 + widths.fold(60.0, f64::max) + 52.0
}

/// The names in the order of the bands, with their shares at the end of the run.
fn draw_legend(
    sheet: &mut Sheet,
    frame: &Frame,
    shown: &[usize],
    (end, when): (&[f64; BANDS], Time),
) {
    let (left, right) = (frame.right + 16.0, frame.right + legend_width(shown));
    let faint = LABEL.coloured(FAINT_INK);
    let mut y = frame.top + 4.0;
    sheet.text((right, y), &format!("at {when}, %"), faint, Anchor::End);
    for k in shown.iter().rev() {
        y += 26.0;
        let (name, colour) = LOOKS[*k];
        sheet.rectangle((left, y - 8.0), (left + 16.0, y + 8.0), colour, 1.0);
        sheet.text((left + 24.0, y), name, LABEL, Anchor::Start);
        sheet.text((right, y), &share_at_end(end[*k]), LABEL, Anchor::End);
    }
    y += 26.0;
    sheet.rule((left, y - 13.0), (right, y - 13.0), FAINT_INK, 0.8);
    let sum: f64 = end.iter().sum();
    sheet.text((left + 24.0, y), "all cells", HEADING, Anchor::Start);
    sheet.text((right, y), &share_at_end(sum), HEADING, Anchor::End);
}

/// One decimal for all, so that the column can be added up by eye.
fn share_at_end(share: f64) -> String {
    if share > 0.0 && share < 0.05 {
        "< 0.1".to_string()
    } else {
        format!("{:.1}", share.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::physiology::Blood;

    #[test]
    fn the_bands_sum_to_the_ledger() {
        let places = [
            Place::Organ(Organ::LUNG),
            Place::Organ(Organ::LIVER),
            Place::Organ(Organ::new("tumour")),
            Place::Blood(Blood::Portal),
            Place::Outside,
        ];
        let others = [State::Syringe, State::Excreted, State::Undelivered];
        let states = State::VIABLE
            .into_iter()
            .chain(State::REMAINS)
            .chain(others);
        let mut rows = vec![];
        for state in states {
            for place in &places {
                rows.push(LedgerRow {
                    place: place.clone(),
                    state,
                    cells: 1.0 + rows.len() as f64,
                });
            }
        }
        let dose = rows.iter().map(|row| row.cells).sum();
        let ledger = Ledger {
            time: 0.0,
            dose,
            rows,
            residual: 0.0,
        };
        let sum: f64 = shares(&ledger).iter().sum();
        assert!((sum - 100.0).abs() < 1e-10, "{sum}");
    }
}
