//! tmp
use biodist::evidence::{Split, published};
use biodist::fit::*;
use std::error::Error;
fn main() -> Result<(), Box<dyn Error>> {
    let t = std::time::Instant::now();
    for e in &published()?.experiments {
        let p = e.predict(&[])?;
        println!("{} [{}]", e.name, e.source);
        for (d, v) in e.data.iter().zip(&p.values) {
            println!(
                "    {:60} {:18} model {:.4e} fold {:?} {:?}",
                d.name,
                d.found.text(),
                v,
                d.found.fold_error(*v),
                d.split
            );
        }
    }
    println!("{:?}", t.elapsed());
    let any = |id: &str| {
        Unknown::new(id)
            .with_prior(Prior::Starting)
            .of_species("any")
    };
    let of = |id: &str, s: &str| Unknown::new(id).with_prior(Prior::Starting).of_species(s);
    let unknowns = vec![
        of("lung.sieve_diameter", "dog"),
        of("lung.sieve_spread", "dog"),
        of("lung.sieve_diameter", "mouse"),
        of("lung.sieve_spread", "mouse"),
        any("vasodilator.infusion.lung.dilation"),
        of("lung.sieve_diameter", "rabbit"),
        of("lung.sieve_spread", "rabbit"),
        any("tissue.sieve_diameter"),
        any("heart.sieve_diameter"),
        any("liver.sieve_diameter"),
        any("muscle.sieve_diameter"),
        any("muscle.death_lodged"),
        any("lung.adhesion"),
        any("tissue.release"),
        any("tissue.death_lodged"),
        any("tissue.mobilisation"),
        any("tissue.ingestion"),
        any("tissue.anchoring"),
        any("tissue.washout_rest"),
        any("tissue.washout_contraction"),
        any("tissue.death_resident"),
        any("heart.mobilisation"),
        any("joint.washout_rest"),
        any("alu_dna.elution_dead"),
        any("alu_dna.elution_ingested"),
    ];
    let fit = Fit::new(published()?.only(Split::Calibration), unknowns)?;
    let t = std::time::Instant::now();
    let f = fit.search(1, 1)?;
    println!(
        "{:?} cost {} -> {} {:?}",
        t.elapsed(),
        f.cost_before,
        f.cost,
        f.starts
    );
    for e in &f.estimates {
        println!(
            "{:34} {:7} prior {:.4} -> {:.4} ({:.4} to {:.4}) gsd {:.3} score {:.2} dev {:.2} {}",
            e.id,
            e.species,
            e.prior,
            e.value,
            e.low,
            e.high,
            e.gsd,
            e.score,
            e.deviation,
            e.told.text()
        );
    }
    for r in &f.residuals {
        println!(
            "{:40.40} {:50.50} {:14} before {:.3e} now {:.3e} r {:.2}",
            r.experiment,
            r.name,
            r.found.text(),
            r.before,
            r.model,
            r.residual
        );
    }
    for (a, b, c) in f.entangled(0.5) {
        println!("{a} {b} {c:.2}");
    }
    Ok(())
}
