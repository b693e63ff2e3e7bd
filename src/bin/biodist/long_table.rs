//! Runs as a long table: one row a time, place, state and product. At every time the cells of a run sum to its
//! dose.

use std::fmt::Write;

use biodist::Run;
use biodist::prelude::Time;
use biodist::solver::SolverError;

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
    /// The cells of runs at some times, without any at those that they report; size classes are added up.
    pub fn of<'a>(
        subjects: impl IntoIterator<Item = &'a Subject>,
        times: &[Time],
    ) -> Result<Self, SolverError> {
        let mut table = Self::default();
        for subject in subjects {
            let groups = groups(&subject.run);
            let trajectory = &subject.run.trajectory;
            if times.is_empty() {
                for (time, amounts) in trajectory.times().iter().zip(trajectory.states()) {
                    table.add(&subject.run, &groups, *time, amounts);
                }
            }
            for time in times {
                let amounts = trajectory.at(time.value())?;
                table.add(&subject.run, &groups, time.value(), &amounts);
            }
            if let Some(id) = &subject.id {
                table.id.resize(table.time.len(), id.clone());
            }
        }
        Ok(table)
    }

    fn add(&mut self, run: &Run, groups: &[Vec<usize>], time: f64, amounts: &[f64]) {
        let (keys, products) = (run.model.atlas.keys(), run.model.atlas.products());
        for pools in groups {
            let key = &keys[pools[0]];
            self.time.push(time);
            self.place.push(key.place.name().to_string());
            self.state.push(key.state.name());
            let product = products.get(key.product).cloned();
            self.product.push(product.unwrap_or_default());
            self.cells
                .push(pools.iter().map(|pool| amounts[*pool]).sum());
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

/// The pools of each place, state and product.
fn groups(run: &Run) -> Vec<Vec<usize>> {
    let keys = run.model.atlas.keys();
    let mut groups: Vec<Vec<usize>> = vec![];
    for (pool, key) in keys.iter().enumerate() {
        let same = |pools: &&mut Vec<usize>| {
            let other = &keys[pools[0]];
            (&other.place, other.state, other.product) == (&key.place, key.state, key.product)
        };
        match groups.iter_mut().find(same) {
            Some(pools) => pools.push(pool),
            None => groups.push(vec![pool]),
        }
    }
    groups
}

/// An id as a cell of CSV: whatever a user may call a subject.
fn quoted(id: &str) -> String {
    match id.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", id.replace('"', "\"\"")),
        false => id.to_string(),
    }
}
