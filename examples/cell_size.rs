//! How small must a cell be to pass the lung?
//!
//! First-pass passage against cell diameter in the lung of rat, dog and man, with and without a
//! vasodilator, and where four cell products stand on the curve. The sieves of dog and mouse were
//! measured with rigid spheres and disagree; the rat uses that of the mouse.
//!
//! ```text
//! cargo run --release --example cell_size [-- FOLDER]
//! ```

use std::error::Error;

use biodist::data::Parameters;
use biodist::organ::Sieve;
use biodist::plot::{self, Curve, CurveLine, CurvePoint, Scale};
use biodist::prelude::*;
use biodist::report::TextTable;

/// Dilation that explains both sizes of spheres under nitroprusside (Schrepfer 2007).
const VASODILATOR: f64 = 1.33;

/// Share that passes the lung, %.
fn passage(parameters: &Parameters, product: &Product) -> Result<f64, Box<dyn Error>> {
    let cells = product.traits(parameters)?;
    let sieve = Sieve::of(parameters, &Organ::LUNG, &cells)?;
    Ok(100.0 * sieve.capture(cells.diameter, cells.diameter_gsd).passing)
}

/// Passage against diameter for each host, with the products of the first as points.
fn draw(hosts: &[(&str, Parameters)], points: Vec<CurvePoint>) -> Result<String, Box<dyn Error>> {
    let mut lines = vec![];
    for (name, host) in hosts {
        let curve = (8..=120).map(|k| {
            let diameter = f64::from(k) / 4.0;
            let product = Product::bone_marrow_msc().diameter(diameter.um());
            Ok((diameter, passage(host, &product)?))
        });
        let curve = curve.collect::<Result<Vec<_>, Box<dyn Error>>>()?;
        lines.push(CurveLine::new(
            *name,
            curve.into_iter().filter(|(_, y)| *y > 1e-3),
        ));
    }
    Ok(plot::curve(&Curve {
        title: "Small cells pass the lung, large ones do not".to_string(),
        subtitle: "Share of living cells that pass on the first pass; points: products in the rat"
            .to_string(),
        x: "Cell diameter (µm)".to_string(),
        y: "Passing the lung (%)".to_string(),
        x_scale: Scale::Linear,
        y_scale: Scale::Log,
        lines,
        points,
    })?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut hosts = vec![];
    for (name, species, dilation) in [
        ("rat", "rat", 1.0),
        ("rat, vasodilator", "rat", VASODILATOR),
        ("dog", "dog", 1.0),
        ("human", "human_male", 1.0),
    ] {
        let mut parameters = Parameters::for_host(species, None)?;
        parameters.set("lung.dilation", dilation)?;
        hosts.push((name, parameters));
    }
    // The diameter of MSC in the study that compared the four products (Fischer 2009).
    let products = [
        ("MSC", Product::bone_marrow_msc().diameter(18.um())),
        ("neural stem cells", Product::new("neural_stem_cells")),
        ("MAPC", Product::new("mapc")),
        (
            "mononuclear cells",
            Product::new("bone_marrow_mononuclear_cells"),
        ),
    ];
    let mut table = TextTable::new(
        ["% passing the lung".to_string(), "um".to_string()]
            .into_iter()
            .chain(hosts.iter().map(|(name, _)| (*name).to_string())),
    );
    let mut points = vec![];
    for (name, product) in &products {
        let diameter = product.traits(&hosts[0].1)?.diameter;
        let shares = hosts.iter().map(|(_, host)| passage(host, product));
        let shares = shares.collect::<Result<Vec<_>, _>>()?;
        points.push(CurvePoint::new(diameter, shares[0], *name));
        let words = [(*name).to_string(), diameter.to_string()];
        table.row(
            words
                .into_iter()
                .chain(shares.iter().map(|share| format!("{share:.3}"))),
        );
    }
    println!("{table}");
    let msc = passage(&hosts[0].1, &products[0].1)?;
    println!(
        "Passage in the rat relative to MSC; measured by Fischer et al. 2009 and never fitted here:"
    );
    for ((name, product), measured) in products[1..].iter().zip([2.0, 2.0, 30.0]) {
        let ratio = passage(&hosts[0].1, product)? / msc;
        println!("  {name}: {ratio:.1} (measured about {measured})");
    }
    let picture = draw(&hosts, points)?;
    let folder = std::env::args()
        .nth(1)
        .unwrap_or("target/pictures".to_string());
    std::fs::create_dir_all(&folder)?;
    std::fs::write(format!("{folder}/cell_size.svg"), picture)?;
    println!("picture: {folder}/cell_size.svg");
    Ok(())
}
