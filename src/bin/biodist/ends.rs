//! The answer at both ends of each uncertain number, and its tornado.

use std::collections::BTreeMap;

use biodist::plot::{PlotError, Scale, Tornado, TornadoEnd, TornadoRow, tornado};
use biodist::population::{Study, Swing};

/// The most powers of ten that a picture shows below its middle: what lies below is none.
const DECADES: i32 = 6;

/// Both ends of one number: the number, and the living cells with it.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    pub low: TornadoEnd,
    pub high: TornadoEnd,
}

/// The living cells with all numbers in their middle, and at the ends of each of them.
#[derive(Debug, Clone)]
pub struct AllEnds {
    middle: f64,
    of: BTreeMap<String, Ends>,
}

impl AllEnds {
    /// From answers in cells.
    pub fn new(study: &Study, middle: f64, swings: &[Swing]) -> Self {
        let pairs = study.inputs().iter().zip(swings);
        let of = pairs.map(|(input, swing)| {
            let end = |share, answer| TornadoEnd {
                number: input.at(share),
                answer,
            };
            let ends = Ends {
                low: end(Swing::ENDS[0], swing.low),
                high: end(Swing::ENDS[1], swing.high),
            };
            (input.id.clone(), ends)
        });
        Self {
            middle,
            of: of.collect(),
        }
    }

    /// Those of one number.
    pub fn of(&self, id: &str) -> Option<Ends> {
        self.of.get(id).copied()
    }

    /// The tornado of the numbers that swing most.
    pub fn picture(
        &self,
        title: String,
        subtitle: String,
        most: usize,
    ) -> Result<String, PlotError> {
        let floor = self.middle * 10.0_f64.powi(-DECADES);
        let floored = |end: TornadoEnd| TornadoEnd {
            answer: end.answer.max(floor),
            ..end
        };
        let mut rows: Vec<TornadoRow> = self
            .of
            .iter()
            .map(|(id, ends)| TornadoRow {
                label: id.clone(),
                low: floored(ends.low),
                high: floored(ends.high),
            })
            .collect();
        let swing = |row: &TornadoRow| (row.high.answer / row.low.answer).ln().abs();
        rows.sort_by(|a, b| swing(b).total_cmp(&swing(a)));
        rows.truncate(most);
        let subtitle = format!(
            "{subtitle}; one number at a time, from the low to the high end of its interval of 95 %"
        );
        tornado(&Tornado {
            title,
            subtitle,
            axis: "Living cells".to_string(),
            scale: Scale::Log,
            middle: self.middle,
            rows,
        })
    }
}
