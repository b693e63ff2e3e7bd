//! Rows of bars: many cases, a few numbers of each.

use crate::plot::PlotError;
use crate::plot::axis::{Axis, Scale};
use crate::plot::frame::{heading, heading_height};
use crate::plot::look::{
    AXIS, AXIS_TITLE, GRID, HEADING, LABEL, MARGIN, TICK, WIDTH, colour, filled, number,
    short_number, shortened, text_width,
};
use crate::plot::sheet::{Anchor, Sheet};

/// What [`bars`] shows: one row a case, one column of bars a series, all on one scale.
///
/// ```
/// use biodist::plot::{BarRow, Bars, bars};
/// let svg = bars(&Bars {
///     title: "Where the cells are".to_string(),
///     axis: "Share of the dose (%)".to_string(),
///     series: vec!["lung".to_string(), "liver".to_string()],
///     rows: vec![BarRow::new("intravenous", [95.0, 0.8]), BarRow::new("portal vein", [3.0, 92.0])],
///     ..Bars::default()
/// })?;
/// assert!(svg.contains("portal vein"));
/// # Ok::<(), biodist::plot::PlotError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bars {
    /// What is seen.
    pub title: String,
    /// A second, fainter line: who and how; may be empty.
    pub subtitle: String,
    /// What the bars measure, with the unit.
    pub axis: String,
    /// How values are spread: from zero, or by powers of ten.
    pub scale: Scale,
    /// Names of the series.
    pub series: Vec<String>,
    /// The cases, from the top down.
    pub rows: Vec<BarRow>,
}

/// One case with a value for each series.
#[derive(Debug, Clone, PartialEq)]
pub struct BarRow {
    /// Its name.
    pub label: String,
    /// Values in the order of the series and in the unit of the axis; not negative.
    pub values: Vec<f64>,
}

impl BarRow {
    /// A row of values in the order of the series.
    #[must_use]
    pub fn new(label: impl Into<String>, values: impl Into<Vec<f64>>) -> Self {
        Self {
            label: label.into(),
            values: values.into(),
        }
    }
}

const ROW: f64 = 28.0;
const BAR: f64 = 17.0;
const GAP: f64 = 26.0;

/// Draws bars side by side: cases as rows, series as columns with a common scale, every value
/// written at its bar, as SVG. Small values are read from their numbers.
///
/// # Errors
/// [`PlotError::NothingToDraw`] without rows or series; [`PlotError::RowLength`];
/// [`PlotError::NotFinite`]. A negative value is drawn as an empty bar with its number.
pub fn bars(bars: &Bars) -> Result<String, PlotError> {
    check(bars)?;
    let layout = Layout::new(bars);
    let mut sheet = Sheet::new(layout.width, layout.height);
    heading(&mut sheet, layout.width, &bars.title, &bars.subtitle);
    for (index, row) in bars.rows.iter().enumerate() {
        let y = layout.row(index);
        sheet.text((layout.names, y), &row.label, LABEL, Anchor::End);
    }
    for (index, name) in bars.series.iter().enumerate() {
        layout.draw_series(&mut sheet, bars, index, name);
    }
    let middle = (layout.left(0) + layout.left(bars.series.len() - 1) + layout.panel) / 2.0;
    let y = layout.bottom() + 26.0 + AXIS_TITLE.size;
    let title = layout.axis.titled(&bars.axis);
    sheet.text((middle, y), &title, AXIS_TITLE, Anchor::Middle);
    sheet.finish()
}

fn check(bars: &Bars) -> Result<(), PlotError> {
    if bars.rows.is_empty() || bars.series.is_empty() {
        return Err(PlotError::nothing("bars", "there are no rows or no series"));
    }
    for row in &bars.rows {
        if row.values.len() != bars.series.len() {
            return Err(PlotError::RowLength {
                row: row.label.clone(),
                expected: bars.series.len(),
                found: row.values.len(),
            });
        }
        PlotError::unless_finite(&row.label, row.values.iter().copied())?;
    }
    Ok(())
}

/// Where everything stands, px.
struct Layout {
    width: f64,
    height: f64,
    /// Right end of the names of the rows.
    names: f64,
    /// First row.
    top: f64,
    /// Width of a column of bars, and the part of it that is the scale.
    panel: f64,
    scale: f64,
    axis: Axis,
    rows: usize,
    headings: Vec<Vec<String>>,
}

impl Layout {
    fn new(bars: &Bars) -> Self {
        let widths = bars.rows.iter().map(|row| text_width(&row.label, LABEL));
        let names = MARGIN + widths.fold(0.0, f64::max);
        let many = bars.series.len() as f64;
        // Fewer than a dozen letters of heading would be unreadable: the picture grows instead.
        let panel = ((WIDTH - MARGIN - names - many * GAP) / many).max(110.0);
        let width = names + many * (panel + GAP) + MARGIN;
        let values = || bars.rows.iter().flat_map(|row| row.values.iter().copied());
        let headings: Vec<Vec<String>> = bars
            .series
            .iter()
            .map(|name| filled(name, HEADING, panel))
            .collect();
        let lines = headings.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let top = heading_height(width, &bars.title, &bars.subtitle) + 18.0 * lines + 10.0;
        let most = values().fold(0.0, f64::max);
        let least = values().filter(|v| *v > 0.0).fold(most, f64::min);
        let axis = match bars.scale {
            Scale::Log if least > 0.0 => {
                Axis::log(libm::pow(10.0, libm::log10(0.5 * least).floor()), most)
            }
            _ => halves(most),
        };
        Self {
            width,
            height: top + ROW * bars.rows.len() as f64 + 26.0 + 2.0 * AXIS_TITLE.size + MARGIN,
            names,
            top,
            panel,
            scale: scale(panel, &axis, values()),
            axis,
            rows: bars.rows.len(),
            headings,
        }
    }

    fn left(&self, series: usize) -> f64 {
        (series as f64).mul_add(self.panel + GAP, self.names + 12.0)
    }

    /// Middle height of a row.
    fn row(&self, index: usize) -> f64 {
        ROW.mul_add(index as f64 + 0.5, self.top)
    }

    fn bottom(&self) -> f64 {
        ROW.mul_add(self.rows as f64, self.top)
    }

    fn draw_series(&self, sheet: &mut Sheet, bars: &Bars, series: usize, name: &str) {
        let left = self.left(series);
        let share = |value: f64| self.axis.share(value.max(self.axis.low));
        let at = |value: f64| share(value).mul_add(self.scale, left);
        let lines = self
            .headings
            .get(series)
            .cloned()
            .unwrap_or_else(|| vec![name.to_string()]);
        for (k, line) in lines.iter().rev().enumerate() {
            let y = self.top - 14.0 - 18.0 * k as f64;
            let line = shortened(line, HEADING, self.panel + GAP - 8.0);
            sheet.text((left, y), &line, HEADING, Anchor::Start);
        }
        for (x, label) in self.axis.spaced(at) {
            sheet.rule((x, self.top), (x, self.bottom()), GRID, 1.0);
            let below = self.bottom() + 14.0;
            sheet.text((x, below), label, TICK, Anchor::Middle);
        }
        for (index, row) in bars.rows.iter().enumerate() {
            let value = row.values.get(series).copied().unwrap_or(0.0);
            let (y, end) = (self.row(index), at(value));
            sheet.rectangle(
                (left, y - BAR / 2.0),
                (end, y + BAR / 2.0),
                colour(series),
                1.0,
            );
            sheet.text((end + 5.0, y), &number(value), TICK, Anchor::Start);
        }
        sheet.rule((left, self.top), (left, self.bottom()), AXIS, 1.2);
    }
}

/// From zero up, with its middle: that says enough in a narrow column.
fn halves(most: f64) -> Axis {
    let mut axis = Axis::linear(0.0, most);
    let values = [0.0, 0.5, 1.0].map(|share| axis.value(share));
    axis.ticks = values.map(|value| (value, short_number(value))).to_vec();
    axis
}

/// The length of the axis, px, with which every bar leaves room for its number.
fn scale(panel: f64, axis: &Axis, values: impl Iterator<Item = f64>) -> f64 {
    let longest = panel - text_width(&short_number(axis.high), TICK) / 2.0;
    let fits = |value: f64| {
        let room = panel - text_width(&number(value), TICK) - 5.0;
        room / axis.share(value.max(axis.low)).max(1e-9)
    };
    values.map(fits).fold(longest, f64::min).max(30.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faulty_rows_are_refused() {
        let with = |values: Vec<f64>| Bars {
            series: vec!["lung".to_string()],
            rows: vec![BarRow::new("portal", values)],
            ..Bars::default()
        };
        assert!(bars(&with(vec![3.0])).is_ok());
        let long = bars(&with(vec![3.0, 4.0]));
        assert!(matches!(long, Err(PlotError::RowLength { found: 2, .. })));
        let odd = bars(&with(vec![f64::NAN]));
        assert!(matches!(odd, Err(PlotError::NotFinite { .. })));
        let none = bars(&Bars::default());
        assert!(matches!(none, Err(PlotError::NothingToDraw { .. })));
    }
}
