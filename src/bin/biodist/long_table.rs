//! Runs as a long table: one row a time, place, state and product. At every time the cells of a run sum to its
//! dose.

use std::fmt::Write;

use biodist::Run;

use crate::subject::Subject;

/// The columns of the long table.
#[derive(Debug, Default, PartialEq)]
pub struct LongTable {
    /// The subject; empty when there is no dosing table.
    pub id: Vec<String>,
    /// Time since the start, h.
    pub time: Vec<f64>,
    /// Organ, blood or outside.
    pub place: Vec<String>,
    /// State of the cells.
    pub state: Vec<&'static str>,
    /// Kind of the product.
    pub product: Vec<String>,
    /// Cells; of remains, cell equivalents.
    pub cells: Vec<f64>,
}

impl LongTable {
    /// The cells of runs at their reported times; size classes are added up.
    pub fn of<'a>(subjects: impl IntoIterator<Item = &'a Subject>) -> Self {
        let mut table = Self::default();
        for subject in subjects {
            table.add(&subject.run);
            if let Some(id) = &subject.id {
                table.id.resize(table.time.len(), id.clone());
            }
        }
        table
    }

    fn add(&mut self, run: &Run) {
        let (keys, products) = (run.model.atlas.keys(), run.model.atlas.products());
        let mut groups: Vec<(usize, Vec<usize>)> = vec![];
        for (pool, key) in keys.iter().enumerate() {
            let same = |(first, _): &&mut (usize, Vec<usize>)| {
                let other = &keys[*first];
                (&other.place, other.state, other.product) == (&key.place, key.state, key.product)
            };
            match groups.iter_mut().find(same) {
                Some((_, pools)) => pools.push(pool),
                None => groups.push((pool, vec![pool])),
            }
        }
        for (time, amounts) in run.trajectory.times().iter().zip(run.trajectory.states()) {
            for (first, pools) in &groups {
                let key = &keys[*first];
                self.time.push(*time);
                self.place.push(key.place.name().to_string());
                self.state.push(key.state.name());
                let product = products.get(key.product).cloned();
                self.product.push(product.unwrap_or_default());
                self.cells
                    .push(pools.iter().map(|pool| amounts[*pool]).sum());
            }
        }
    }

    /// The table as CSV, every digit kept.
    pub fn to_csv(&self) -> String {
        let named = !self.id.is_empty();
        let mut csv = match named {
            true => "id,time_h,place,state,product,cells\n".to_string(),
            false => "time_h,place,state,product,cells\n".to_string(),
        };
        for row in 0..self.time.len() {
            if named {
                let _ = write!(csv, "{},", quoted(&self.id[row]));
            }
            let (time, cells) = (self.time[row], self.cells[row]);
            let (place, state, product) = (&self.place[row], self.state[row], &self.product[row]);
            let _ = writeln!(csv, "{time},{place},{state},{product},{cells}");
        }
        csv
    }
}

/// An id as a cell of CSV: whatever a user may call a subject.
fn quoted(id: &str) -> String {
    match id.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", id.replace('"', "\"\"")),
        false => id.to_string(),
    }
}
