//! Where are 100 million cells, an hour after they went into a vein?
//!
//! Bone-marrow MSC, infused over 10 minutes into a man of 73 kg, followed for 10 days. Prints where
//! they are, how long they live, and what of the founding review the run shows; draws the picture.
//!
//! ```text
//! cargo run --release --example intravenous [-- FOLDER]
//! ```

use std::error::Error;

use biodist::plot;
use biodist::prelude::*;
use biodist::report;

fn main() -> Result<(), Box<dyn Error>> {
    let infusion = 10.minutes();
    let scenario = Scenario::new(Host::human(73.kg()))
        .titled("100 million MSC into a vein of a 73-kg man")
        .dose(Dose::new(100e6.cells(), Product::bone_marrow_msc()).over(infusion))
        .until(10.days());
    let run = scenario.simulate()?;

    println!("{}\n", scenario.title);
    let times = [5.minutes(), 1.hours(), 24.hours(), 72.hours(), 240.hours()];
    println!("{}", report::organ_table(&run, &times)?);
    println!(
        "Living cells\n{}",
        report::kinetics_table(&run, &State::VIABLE)?
    );
    println!(
        "Remains\n{}",
        report::kinetics_table(&run, &State::REMAINS)?
    );

    println!("What the review says (Eggenhofer et al. 2014), and what the run shows");
    for claim in report::claims(&run, infusion)? {
        let verdict = if claim.shown { "shown" } else { "NOT SHOWN" };
        println!(
            "  {verdict}: {}\n         {}",
            claim.sentence, claim.observed
        );
    }
    for note in &run.model.notes {
        println!("note: {note}");
    }
    let work = run.trajectory.statistics();
    println!("{} steps, {} rejected", work.steps, work.rejected);

    let folder = std::env::args()
        .nth(1)
        .unwrap_or("target/pictures".to_string());
    std::fs::create_dir_all(&folder)?;
    let courses = plot::time_courses(&run, &plot::TimeCourses::default())?;
    let everything = run.picture_of_where_every_cell_is()?;
    for (name, svg) in [
        ("intravenous", courses),
        ("where_every_cell_is", everything),
    ] {
        let path = format!("{folder}/{name}.svg");
        std::fs::write(&path, svg)?;
        println!("picture: {path}");
    }
    Ok(())
}
