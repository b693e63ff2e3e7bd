//! How do I add an organ and a route of my own?
//!
//! A wound: it bleeds off resident cells and remains with its exudate, which no organ of the crate
//! does. It is fed by an artery, so cells given into a vein can reach it too.
//!
//! ```text
//! cargo run --release --example custom_organ
//! ```

use biodist::organ::{OrganModule, Wiring, WiringError, standard};
use biodist::prelude::*;
use biodist::scenario::{Entry, ExtraOrgan};

struct Wound;

impl OrganModule for Wound {
    fn organ(&self) -> Organ {
        Organ::new("wound")
    }

    fn wire(&self, wiring: &mut Wiring<'_>) -> Result<(), WiringError> {
        standard(&self.organ()).wire(wiring)?; // everything an ordinary tissue does, and then:
        for cells in wiring.populations() {
            let resident = wiring.viable(self.organ(), State::Resident, cells);
            let gone = wiring.remains(Place::Outside, State::Excreted, cells.product);
            let id = format!("wound.exudate{}", wiring.suffix(cells));
            wiring.linear(&id, resident, gone, 0.01); // 1/h
        }
        Ok(())
    }
}

fn main() -> Result<(), biodist::Error> {
    let wound = ExtraOrgan::new("wound", 5.g(), 1.ml_per_min());
    let into_the_wound = Route::new("into the wound", Entry::Depot(Organ::new("wound")));
    for route in [into_the_wound, Route::intravenous()] {
        let run = Scenario::new(Host::rat(250.g()).with_organ(wound.clone()))
            .dose(Dose::new(1e6.cells(), Product::new("rat_msc")).by(route.clone()))
            .with("wound.chemokine", 1.0)
            .with("wound.homing_gain", 20.0)
            .assemble_with(&[&Wound])?
            .simulate(&biodist::solver::Options::default())?;
        let ledger = run.ledger(24.hours())?;
        println!(
            "{}: {:.0} living cells in the wound after 24 h",
            route.name,
            ledger.viable(Organ::new("wound"))
        );
        println!("{ledger}\n");
    }
    Ok(())
}
