//! The living cells at both ends of each uncertain number, and their tornado.

use crate::data::Unit;
use crate::plot::{PlotError, Scale, Tornado, TornadoEnd, TornadoRow, tornado};
use crate::population::{PopulationError, Study, Swing, swings};

/// The most powers of ten that a picture shows below its middle: what lies below is none.
const DECADES: i32 = 6;
/// Fewer living cells than this are told from none by nobody.
const LEAST: f64 = 1e-3;

/// Both ends of one number (those of its interval of 95 %), each with the living cells there.
#[derive(Debug, Clone, PartialEq)]
pub struct CellSwing {
    /// Id of the number in the registry.
    pub id: String,
    /// Its unit.
    pub unit: Unit,
    /// Its low end.
    pub low: TornadoEnd,
    /// Its high end.
    pub high: TornadoEnd,
}

impl CellSwing {
    /// How many times more living cells one end has than the other, at least 1; less than a thousandth of a cell is
    /// taken as that.
    #[must_use]
    pub fn factor(&self) -> f64 {
        let [low, high] = [self.low, self.high].map(|end| end.answer.max(LEAST));
        libm::exp(libm::log(high / low).abs())
    }

    /// The id with the unit of the number, where it has one.
    fn label(&self) -> String {
        match self.unit {
            Unit::One | Unit::Factor | Unit::Fraction => self.id.clone(),
            unit => {
                let text = unit.text();
                let micro = text.strip_prefix('u').map(|rest| format!("µ{rest}"));
                format!("{} ({})", self.id, micro.as_deref().unwrap_or(text))
            }
        }
    }
}

/// The living cells with all numbers in their middle, and at the ends of each, the greatest swing first.
///
/// ```
/// use biodist::dossier::AllSwings;
/// use biodist::population::Study;
/// use biodist::prelude::*;
/// let scenario = Scenario::new(Host::mouse(25.g()))
///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
///     .until(1.days());
/// let study = Study::of(&scenario)?;
/// let swings = AllSwings::of(&study, |points| {
///     let look = |run: &Run| Ok(vec![run.ledger(24.hours())?.viable(Organ::LUNG)]);
///     Ok(study.run(points, look)?.concat())
/// })?;
/// assert_eq!(swings.rows()[0].id, "cell.death_factor");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct AllSwings {
    middle: f64,
    rows: Vec<CellSwing>,
}

impl AllSwings {
    /// From living cells at points of the unit cube of a study, for all points in one call.
    ///
    /// # Errors
    /// [`PopulationError`].
    pub fn of(
        study: &Study,
        cells: impl FnOnce(&[Vec<f64>]) -> Result<Vec<f64>, PopulationError>,
    ) -> Result<Self, PopulationError> {
        let inputs = study.inputs();
        let (middle, swings) = swings(inputs.len(), cells)?;
        let rows = inputs.iter().zip(swings).map(|(input, swing)| {
            let end = |share, answer| TornadoEnd {
                number: input.at(share),
                answer,
            };
            CellSwing {
                id: input.id.clone(),
                unit: input.unit,
                low: end(Swing::ENDS[0], swing.low),
                high: end(Swing::ENDS[1], swing.high),
            }
        });
        let mut rows: Vec<CellSwing> = rows.collect();
        rows.sort_by(|a, b| b.factor().total_cmp(&a.factor()));
        Ok(Self { middle, rows })
    }

    /// All numbers, the greatest swing first.
    #[must_use]
    pub fn rows(&self) -> &[CellSwing] {
        &self.rows
    }

    /// One number, by its id.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&CellSwing> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// The tornado of the first numbers.
    ///
    /// # Errors
    /// [`PlotError::NothingToDraw`] for none of them.
    pub fn picture(&self, title: &str, subtitle: &str, most: usize) -> Result<String, PlotError> {
        let middle = self.middle.max(LEAST);
        let floor = (middle * 10.0_f64.powi(-DECADES)).max(LEAST);
        let floored = |end: TornadoEnd| TornadoEnd {
            answer: end.answer.max(floor),
            ..end
        };
        let rows = self.rows.iter().take(most).map(|row| TornadoRow {
            label: row.label(),
            low: floored(row.low),
            high: floored(row.high),
        });
        let how = "one number at a time, from the low to the high end of its interval of 95 %";
        tornado(&Tornado {
            title: title.to_string(),
            subtitle: format!("{subtitle}; {how}"),
            axis: "Living cells".to_string(),
            scale: Scale::Log,
            middle,
            rows: rows.collect(),
        })
    }
}
