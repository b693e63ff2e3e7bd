//! A run as a long table: one row a time, place, state and product. At every time the cells sum to the dose.

use biodist::Run;

/// The columns of the long table.
#[derive(Debug, Default, PartialEq)]
pub struct LongTable {
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
    /// The cells of a run at its reported times; size classes are added up.
    pub fn of(run: &Run) -> Self {
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
        let mut table = Self::default();
        for (time, amounts) in run.trajectory.times().iter().zip(run.trajectory.states()) {
            for (first, pools) in &groups {
                let key = &keys[*first];
                table.time.push(*time);
                table.place.push(key.place.name().to_string());
                table.state.push(key.state.name());
                let product = products.get(key.product).cloned();
                table.product.push(product.unwrap_or_default());
                table
                    .cells
                    .push(pools.iter().map(|pool| amounts[*pool]).sum());
            }
        }
        table
    }

    /// The table as CSV, every digit kept.
    pub fn to_csv(&self) -> String {
        let mut csv = "time_h,place,state,product,cells\n".to_string();
        for row in 0..self.time.len() {
            let (time, cells) = (self.time[row], self.cells[row]);
            let (place, state, product) = (&self.place[row], self.state[row], &self.product[row]);
            csv.push_str(&format!("{time},{place},{state},{product},{cells}\n"));
        }
        csv
    }
}
