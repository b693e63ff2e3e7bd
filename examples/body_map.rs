//! Where are the cells in the body, and what is left of them later?
//!
//! A man and a mouse after an infusion into a vein, and the mouse with a radioactive label: living
//! cells above, what became of them below.
//!
//! ```text
//! cargo run --release --example body_map [-- FOLDER]
//! ```

use std::error::Error;

use biodist::plot::{BodyMap, Seen, body_map};
use biodist::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let man = Scenario::new(Host::human(73.kg()))
        .titled("100 million MSC into a vein of a 73-kg man, over 10 minutes")
        .dose(Dose::new(100e6.cells(), Product::bone_marrow_msc()).over(10.minutes()))
        .until(10.days())
        .simulate()?;
    let label = Label::indium_111_tropolone();
    let mouse = Scenario::new(Host::mouse(25.g()))
        .titled("500 000 MSC with indium 111 into a vein of a 25-g mouse")
        .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
        .labelled(label.clone())
        .until(10.days())
        .simulate()?;

    let folder = std::env::args()
        .nth(1)
        .unwrap_or("target/pictures".to_string());
    std::fs::create_dir_all(&folder)?;
    let in_the_mouse = BodyMap {
        rows: vec![Seen::Living, Seen::Label(label)],
        title: "Living cells, and what a gamma camera follows".to_string(),
        ..BodyMap::default()
    };
    for (name, svg) in [
        ("body_map", body_map(&man, &BodyMap::default())?),
        ("body_map_mouse", body_map(&mouse, &in_the_mouse)?),
    ] {
        let path = format!("{folder}/{name}.svg");
        std::fs::write(&path, svg)?;
        println!("picture: {path}");
    }
    Ok(())
}
