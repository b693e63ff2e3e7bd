//! Organs as boxes between the veins at the left and the arteries at the right.

use super::graph::{Station, stations, steps};
use super::states;
use crate::assembly::Model;
use crate::physiology::{Blood, Organ};
use crate::plot::PlotError;
use crate::plot::arrow::{arrow, boxed};
use crate::plot::frame::{heading, heading_height};
use crate::plot::look::{
    AXIS, BLUE, Colour, FAINT_INK, Font, HEADING, INK, LABEL, MARGIN, PURPLE, VERMILION, WHITE,
    WIDTH, number, plain, shortened,
};
use crate::plot::samples::{describe, summary};
use crate::plot::sheet::{Anchor, Sheet, Spot};
use crate::scenario::Entry;

/// Draws the circulation that a scenario was assembled to, as SVG: every organ of the body with the blood that feeds
/// it and the blood that it drains into, arrows as wide as the flow, numbered marks where the doses go in, and below
/// it the states of a cell with the steps between them.
///
/// All of it is read off the network, so that organs, modules and routes of one's own are drawn as they are.
///
/// # Errors
/// [`PlotError::NotFinite`].
///
/// # Example
/// ```
/// use biodist::plot::circulation;
/// use biodist::prelude::*;
/// let model = Scenario::new(Host::rat(250.g()))
///     .dose(Dose::new(1e6.cells(), Product::bone_marrow_msc()).by(Route::renal_artery()))
///     .assemble()?;
/// let svg = circulation(&model)?;
/// assert!(svg.contains("kidney") && svg.contains("renal artery"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn circulation(model: &Model) -> Result<String, PlotError> {
    let title = "The body as it is computed";
    let doses: Vec<String> = model.scenario.doses.iter().map(describe).collect();
    let stations = stations(model);
    let counts = format!(
        "{}. {} pools, {} transfers; widths are flows, % of the cardiac output of {} mL/min",
        summary(model),
        model.network.pools().len(),
        model.network.transfers().len(),
        number(model.body.cardiac_output / 60.0),
    );
    let below = heading_height(WIDTH, title, &counts);
    let top = 24.0_f64.mul_add(doses.len() as f64, below) + 8.0;
    let layout = Layout {
        model,
        top,
        stations: &stations,
    };
    let steps = steps(model);
    let height = layout.bottom() + 30.0 + states::height(&steps) + MARGIN;
    let mut sheet = Sheet::new(WIDTH, height);
    heading(&mut sheet, WIDTH, title, &counts);
    for (k, dose) in doses.iter().enumerate() {
        let y = 24.0_f64.mul_add(k as f64, below + 4.0);
        mark(&mut sheet, (MARGIN + 9.0, y), k);
        sheet.text((MARGIN + 26.0, y), dose, LABEL, Anchor::Start);
    }
    layout.draw_vessels(&mut sheet);
    for (row, station) in stations.iter().enumerate() {
        layout.draw_flows(&mut sheet, row, station);
        layout.draw_lymph(&mut sheet, row, station);
        layout.draw_box(&mut sheet, row, station);
    }
    layout.draw_doses(&mut sheet);
    states::draw(&mut sheet, &steps, layout.bottom() + 30.0);
    sheet.finish()
}

const ROW: f64 = 43.0;
/// Half the height of a box.
const HALF: f64 = 16.0;
/// Left and right edges, px.
const VENOUS: (f64, f64) = (MARGIN + 8.0, MARGIN + 36.0);
const PORTAL: (f64, f64) = (196.0, 218.0);
const BOX: (f64, f64) = (330.0, 520.0);
const ARTERIAL: (f64, f64) = (WIDTH - MARGIN - 36.0, WIDTH - MARGIN - 8.0);
/// Width of the arrow of the whole cardiac output, and of the thinnest, px.
const WIDEST: f64 = 18.0;
const THINNEST: f64 = 1.4;
const BOXES: Colour = (246, 247, 246);
const LYMPH: Colour = (120, 140, 90);
const SMALL: Font = Font {
    size: 12.0,
    ..LABEL
};

struct Layout<'a> {
    model: &'a Model,
    top: f64,
    stations: &'a [Station],
}

impl Layout<'_> {
    fn y(&self, row: usize) -> f64 {
        ROW.mul_add(row as f64 + 0.5, self.top)
    }

    fn bottom(&self) -> f64 {
        ROW.mul_add(self.stations.len() as f64, self.top)
    }

    fn row_of(&self, organ: &Organ) -> Option<usize> {
        self.stations.iter().position(|s| s.organ == *organ)
    }

    fn width(&self, flow: f64) -> f64 {
        (WIDEST * flow / self.model.body.cardiac_output).max(THINNEST)
    }

    /// Upper and lower end of a vessel: the rows that it is connected with.
    fn span(&self, blood: Blood) -> Option<(f64, f64)> {
        let touches = |s: &Station| s.from.contains(&blood) || s.to.contains(&blood);
        let first = self.stations.iter().position(touches)?;
        let last = self.stations.iter().rposition(touches)?;
        // The liver drains below the portal vein.
        let end = match blood {
            Blood::Portal => 0.1 * HALF,
            _ => HALF,
        };
        Some((self.y(first) - HALF, self.y(last) + end))
    }

    fn draw_vessels(&self, sheet: &mut Sheet) {
        for (blood, name) in [
            (Blood::Venous, "veins and right heart"),
            (Blood::Arterial, "left heart and arteries"),
            (Blood::Portal, "portal vein"),
        ] {
            let Some((from, to)) = self.span(blood) else {
                continue;
            };
            let (left, right) = edges(blood);
            sheet.rectangle((left, from), (right, to), colour(blood), 1.0);
            let volume = number(self.model.body.volume(blood));
            let text = match blood {
                Blood::Portal => name.to_string(),
                _ => format!("{name}: {volume} mL"),
            };
            let font = SMALL.coloured(WHITE);
            let at = (f64::midpoint(left, right), f64::midpoint(from, to));
            sheet.upwards(at, &text, font);
        }
    }

    /// From each blood that feeds a station, and to each that it drains into.
    fn draw_flows(&self, sheet: &mut Sheet, row: usize, station: &Station) {
        let body = &self.model.body;
        let portal = station.from.contains(&Blood::Portal);
        let own = station.flow.unwrap_or(0.0);
        let out = if portal {
            own + body.portal_flow()
        } else {
            own
        };
        for blood in &station.from {
            let flow = match blood {
                Blood::Portal => body.portal_flow(),
                _ => own,
            };
            let y = self.y(row) + if portal { HALF * -0.5 } else { 0.0 };
            let (start, end) = ends(*blood);
            arrow(
                sheet,
                &[(start, y), (end, y)],
                colour(*blood),
                self.width(flow),
            );
            self.write_share(sheet, *blood, y, flow);
        }
        for blood in &station.to {
            let y = self.y(row) + if portal { HALF * 0.55 } else { 0.0 };
            let (start, end) = ends(*blood);
            // Without a flow of blood of its own it drains by lymph.
            let shade = match station.flow {
                Some(_) => colour(*blood),
                None => LYMPH,
            };
            arrow(sheet, &[(end, y), (start, y)], shade, self.width(out));
            if station.flow.is_none() {
                let at = (f64::midpoint(start, end), y - 9.0);
                sheet.text(at, "lymph", SMALL.coloured(LYMPH), Anchor::Middle);
            }
        }
    }

    /// From the left edge of a box round to that of another.
    fn draw_lymph(&self, sheet: &mut Sheet, row: usize, station: &Station) {
        for organ in &station.lymph {
            let Some(other) = self.row_of(organ) else {
                continue;
            };
            let down = if other > row { 1.0 } else { -1.0 };
            let (from, to) = (0.7 * HALF * down, -0.7 * HALF * down);
            let (from, to) = (self.y(row) + from, self.y(other) + to);
            let aside = BOX.0 - 26.0;
            let points = [(BOX.0, from), (aside, from), (aside, to), (BOX.0, to)];
            arrow(sheet, &points, LYMPH, THINNEST);
            let at = (aside - 5.0, from + 12.0 * down);
            sheet.text(at, "lymph", SMALL.coloured(LYMPH), Anchor::End);
        }
    }

    /// The share of the cardiac output, above its arrow.
    fn write_share(&self, sheet: &mut Sheet, blood: Blood, y: f64, flow: f64) {
        let (start, end) = ends(blood);
        let share = number(100.0 * flow / self.model.body.cardiac_output);
        let y = y - self.width(flow) / 2.0 - 8.0;
        let font = SMALL.coloured(FAINT_INK);
        let at = (f64::midpoint(start, end), y);
        sheet.text(at, &format!("{share} %"), font, Anchor::Middle);
    }

    fn draw_box(&self, sheet: &mut Sheet, row: usize, station: &Station) {
        let y = self.y(row);
        boxed(sheet, (BOX.0, y - HALF), (BOX.1, y + HALF), BOXES, AXIS);
        // Up to the mark of a dose.
        let room = BOX.1 - BOX.0 - 82.0;
        let name = shortened(&plain(station.organ.name()), HEADING, room);
        sheet.text((BOX.0 + 10.0, y), &name, HEADING, Anchor::Start);
        let mass = station.mass.map(|mass| match mass {
            mass if mass >= 1e3 => format!("{} kg", number(mass / 1e3)),
            mass => format!("{} g", number(mass)),
        });
        let font = SMALL.coloured(FAINT_INK);
        sheet.text(
            (BOX.1 - 8.0, y),
            &mass.unwrap_or_default(),
            font,
            Anchor::End,
        );
    }

    /// Marks of the doses: beside the vessel, on the artery, or at the tissue. Several lie side by side.
    fn draw_doses(&self, sheet: &mut Sheet) {
        let mut taken: Vec<Spot> = vec![];
        for (k, dose) in self.model.scenario.doses.iter().enumerate() {
            let Some((mut x, mut y)) = dose.route.entry().and_then(|entry| self.spot(&entry))
            else {
                continue;
            };
            while taken
                .iter()
                .any(|spot| libm::hypot(spot.0 - x, spot.1 - y) < 18.0)
            {
                match dose.route.entry() {
                    Some(Entry::Blood(_)) => y += 20.0,
                    _ => x += 20.0,
                }
            }
            taken.push((x, y));
            mark(sheet, (x, y), k);
        }
    }

    fn spot(&self, entry: &Entry) -> Option<Spot> {
        match entry {
            Entry::Blood(blood) => {
                let (from, _) = self.span(*blood)?;
                let (left, right) = edges(*blood);
                Some((f64::midpoint(left, right), from + 14.0))
            }
            Entry::Artery(organ) => Some((BOX.1 + 24.0, self.y(self.row_of(organ)?))),
            Entry::Depot(organ) | Entry::Niche(organ) => {
                Some((BOX.0 + 120.0, self.y(self.row_of(organ)?)))
            }
        }
    }
}

const fn edges(blood: Blood) -> (f64, f64) {
    match blood {
        Blood::Venous => VENOUS,
        Blood::Arterial => ARTERIAL,
        Blood::Portal => PORTAL,
    }
}

/// Where the arrow from a blood to a box begins and ends.
const fn ends(blood: Blood) -> (f64, f64) {
    match blood {
        Blood::Venous => (VENOUS.1, BOX.0),
        Blood::Portal => (PORTAL.1, BOX.0),
        Blood::Arterial => (ARTERIAL.0, BOX.1),
    }
}

const fn colour(blood: Blood) -> Colour {
    match blood {
        Blood::Venous => BLUE,
        Blood::Arterial => VERMILION,
        Blood::Portal => PURPLE,
    }
}

/// A numbered mark.
fn mark(sheet: &mut Sheet, at: Spot, number: usize) {
    sheet.dot(at, 9.5, WHITE);
    sheet.dot(at, 8.5, INK);
    let font = Font {
        size: 11.0,
        ..HEADING.coloured(WHITE)
    };
    sheet.text(at, &(number + 1).to_string(), font, Anchor::Middle);
}
