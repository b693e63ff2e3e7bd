//! Runs as a long table: one row a time, place, state and product. At every time the cells of a run sum to its
//! dose.

use std::fmt::Write;

use biodist::Run;
use biodist::prelude::Time;
use biodist::report::csv_cell;
use biodist::solver::SolverError;

use crate::subject::Simulated;

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
    /// The cells of a run at some times, without any at those that it reports; size classes are added up.
    pub fn of(subject: &Simulated, times: &[Time]) -> Result<Self, SolverError> {
        let mut table = Self::default();
        table.add(subject, times)?;
        Ok(table)
    }

    /// Adds another run.
    pub fn add(&mut self, subject: &Simulated, times: &[Time]) -> Result<(), SolverError> {
        let groups = groups(&subject.run);
        let trajectory = &subject.run.trajectory;
        if times.is_empty() {
            for (time, amounts) in trajectory.times().iter().zip(trajectory.states()) {
                self.add_moment(&subject.run, &groups, *time, amounts);
            }
        }
        for time in times {
            let amounts = trajectory.at(time.value())?;
            self.add_moment(&subject.run, &groups, time.value(), &amounts);
        }
        if let Some(id) = &subject.id {
            self.id.resize(self.time.len(), id.clone());
        }
        Ok(())
    }

    fn add_moment(&mut self, run: &Run, groups: &[Vec<usize>], time: f64, amounts: &[f64]) {
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
        format!("{}{}", self.csv_head(), self.csv_rows())
    }

    /// The heads of the columns.
    pub const fn csv_head(&self) -> &'static str {
        match self.id.is_empty() {
            true => "time_h,place,state,product,cells\n",
            false => "id,time_h,place,state,product,cells\n",
        }
    }

    /// What stands below the heads.
    pub fn csv_rows(&self) -> String {
        let named = !self.id.is_empty();
        let mut csv = String::new();
        for row in 0..self.time.len() {
            if named {
                let _ = write!(csv, "{},", csv_cell(&self.id[row]));
            }
            let (time, cells) = (self.time[row], self.cells[row]);
            let (place, product) = (csv_cell(&self.place[row]), csv_cell(&self.product[row]));
            let state = self.state[row];
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
