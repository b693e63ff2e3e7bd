//! Any network as a matrix: from which pool into which.

use crate::network::{Network, RateLaw};
use crate::plot::PlotError;
use crate::plot::frame::{heading, heading_height};
use crate::plot::look::{
    AXIS, BLUE, Colour, GREEN, GRID, HEADING, INK, LABEL, MARGIN, ORANGE, PURPLE, SKY, SUBTITLE,
    VERMILION, WIDTH, text_width,
};
use crate::plot::sheet::{Anchor, Sheet};

/// More pools than this are a grey square.
const MOST: usize = 500;

/// A kind of rate law with its colour and what it says.
const KINDS: [(Colour, &str); 6] = [
    (BLUE, "first order"),
    (GREEN, "until room is full"),
    (ORANGE, "saturable"),
    (PURPLE, "driven by other pools"),
    (SKY, "blocked by a load"),
    (VERMILION, "pump"),
];

const fn kind(law: &RateLaw) -> usize {
    match law {
        RateLaw::Linear { .. } => 0,
        RateLaw::Capacity { .. } => 1,
        RateLaw::MichaelisMenten { .. } => 2,
        RateLaw::MassAction { .. } => 3,
        RateLaw::Blocked { .. } => 4,
        RateLaw::Steady { .. } => 5,
    }
}

/// Draws every transfer of a network, as SVG: a row for the pool that it takes from, a column for the pool that it
/// brings to, coloured by its rate law. Marks mirrored at the diagonal are an exchange; several transfers between the
/// same pools share a square.
///
/// # Errors
/// [`PlotError::NothingToDraw`] for a network without transfers, or with more than 500 pools.
///
/// # Example
/// ```
/// use biodist::network::{Network, RateLaw};
/// use biodist::plot::matrix;
/// let mut builder = Network::builder("two pools");
/// let (lung, liver) = (builder.pool("lung"), builder.pool("liver"));
/// let rate = builder.parameter("rate", 0.1);
/// builder.transfer("relocation", lung, liver, RateLaw::linear(rate));
/// assert!(matrix(&builder.build()?)?.contains("first order"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn matrix(network: &Network) -> Result<String, PlotError> {
    if network.transfers().is_empty() {
        return Err(PlotError::nothing("the matrix", "there are no transfers"));
    }
    let pools = network.pools().len();
    if pools > MOST {
        let reason = format!("{pools} pools could not be told apart; at most {MOST}");
        return Err(PlotError::nothing("the matrix", &reason));
    }
    let layout = Layout::new(network);
    let mut sheet = Sheet::new(layout.width, layout.height);
    let subtitle = subtitle(network);
    heading(&mut sheet, layout.width, title(network), &subtitle);
    layout.draw_legend(&mut sheet, network);
    layout.draw_pools(&mut sheet, network);
    layout.draw_transfers(&mut sheet, network);
    sheet.finish()
}

fn title(network: &Network) -> &str {
    match network.name() {
        "" => "Pools and transfers",
        name => name,
    }
}

fn subtitle(network: &Network) -> String {
    format!(
        "{} transfers between {} pools: from the pool of the row to the pool of the column",
        network.transfers().len(),
        network.pools().len()
    )
}

/// Where everything stands, px.
struct Layout {
    width: f64,
    height: f64,
    legend: f64,
    left: f64,
    top: f64,
    /// Side of a square.
    side: f64,
    /// Size of names relative to that of labels.
    size: f64,
}

impl Layout {
    fn new(network: &Network) -> Self {
        let pools = network.pools();
        let many = pools.len() as f64;
        // Names must be readable: many pools make a large picture.
        let side = ((WIDTH - 200.0) / many).clamp(11.0, 26.0);
        let size = (0.85 * side / LABEL.size).min(1.0);
        let widths = pools.iter().map(|pool| text_width(pool, LABEL) * size);
        let names = widths.fold(0.0, f64::max) + 10.0;
        let left = MARGIN + names;
        let width = WIDTH.max(side.mul_add(many, left) + MARGIN);
        let legend = heading_height(width, title(network), &subtitle(network));
        let top = legend + 34.0 + names;
        Self {
            width,
            height: side.mul_add(many, top) + MARGIN,
            legend: legend + 6.0,
            left,
            top,
            side,
            size,
        }
    }

    fn draw_legend(&self, sheet: &mut Sheet, network: &Network) {
        let mut x = MARGIN;
        for (number, (colour, text)) in KINDS.into_iter().enumerate() {
            let mut laws = network.transfers().iter().map(|transfer| &transfer.law);
            if laws.any(|law| kind(law) == number) {
                let y = self.legend;
                sheet.rectangle((x, y - 6.0), (x + 12.0, y + 6.0), colour, 1.0);
                let font = SUBTITLE.coloured(INK);
                sheet.text((x + 18.0, y), text, font, Anchor::Start);
                x += 18.0 + text_width(text, SUBTITLE) + 18.0;
            }
        }
    }

    /// Names, and the lines on which the squares lie.
    fn draw_pools(&self, sheet: &mut Sheet, network: &Network) {
        let mut font = LABEL;
        font.size *= self.size;
        let end = self.side * network.pools().len() as f64;
        for (k, pool) in network.pools().iter().enumerate() {
            let middle = self.side * (k as f64 + 0.5);
            let (x, y) = (self.left + middle, self.top + middle);
            sheet.rule((self.left, y), (self.left + end, y), GRID, 0.8);
            sheet.rule((x, self.top), (x, self.top + end), GRID, 0.8);
            sheet.text((self.left - 6.0, y), pool, font, Anchor::End);
            // Texts that read upwards are centred: this one ends at the matrix.
            let half = text_width(pool, font) / 2.0;
            sheet.upwards((x, self.top - 6.0 - half), pool, font);
        }
        let corner = (self.left + end, self.top + end);
        sheet.rule((self.left, self.top), corner, AXIS, 0.8);
    }

    fn draw_transfers(&self, sheet: &mut Sheet, network: &Network) {
        let inset = 0.1 * self.side;
        for transfer in network.transfers() {
            let (row, column) = (transfer.from.index() as f64, transfer.to.index() as f64);
            let x = self.side.mul_add(column, self.left);
            let y = self.side.mul_add(row, self.top);
            let (a, b) = (
                (x + inset, y + inset),
                (x + self.side - inset, y + self.side - inset),
            );
            sheet.rectangle(a, b, KINDS[kind(&transfer.law)].0, 1.0);
        }
        let at = (self.left - 6.0, self.top - 12.0);
        sheet.text(at, "from \\ to", HEADING, Anchor::End);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_transfer_is_a_square_and_nothing_is_refused() {
        let mut builder = Network::builder("a < b");
        let pools = [builder.pool("lung"), builder.pool("liver & spleen")];
        let rate = builder.parameter("rate", 0.1);
        builder.transfer("there", pools[0], pools[1], RateLaw::linear(rate));
        builder.transfer("back", pools[1], pools[0], RateLaw::linear(rate));
        let svg = matrix(&builder.build().unwrap()).unwrap();
        assert!(svg.contains("a &lt; b") && svg.contains("liver &amp; spleen"));
        // Two squares and the swatch of the legend.
        assert_eq!(svg.matches("#0072B2").count(), 3, "{svg}");
        let mut empty = Network::builder("");
        let lung = empty.pool("lung");
        empty.set_initial(lung, 1.0);
        assert!(matches!(
            matrix(&empty.build().unwrap()),
            Err(PlotError::NothingToDraw { .. })
        ));
    }
}
