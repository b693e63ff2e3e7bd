//! Promise: a fit finds the numbers that made the data, says how well it knows them, and names what the data
//! cannot tell.
//!
//! Authorities: simulated truth, binomial limits, closed forms, central differences, and quadrature.
#![allow(clippy::unwrap_used)]

use approx::assert_relative_eq;
use biodist::data;
use biodist::evidence::{ErrorModel, Evidence, Experiment, Finding, published};
use biodist::fit::{
    Fit, FitError, Prior, Told, Unknown, calibration_rows, ess_bulk, ess_tail, plan, r_hat,
};
use biodist::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Normal draws, the same every time.
struct Normal(ChaCha8Rng);

impl Normal {
    fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    fn unit(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    // Box and Muller.
    fn draw(&mut self) -> f64 {
        let (radius, angle) = (self.unit(), self.unit());
        (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
    }
}

/// Share of rigid spheres that stop in the lung, by diameter in um.
fn spheres(diameters: &[f64]) -> Vec<Experiment> {
    let one = |diameter: &f64| {
        let text = format!(
            r#"
            [[experiment]]
            name = "spheres of {diameter} um"
            source = "simulated"
            [experiment.scenario]
            until = "1 h"
            host = {{ species = "dog" }}
            doses = [{{ amount = "1e6 cells", product = {{ kind = "rigid_spheres", diameter = "{diameter} um" }}, route = "intravenous" }}]
            [[experiment.data]]
            name = "stopped"
            found = {{ value = 0.5 }}
            error = {{ sd = 0.02 }}
            measure = {{ what = "stopping", organ = "lung" }}
            split = "calibration"
            "#
        );
        Evidence::from_toml(&text).unwrap().experiments.remove(0)
    };
    diameters.iter().map(one).collect()
}

fn sieve() -> Vec<Unknown> {
    vec![
        Unknown::between("lung.sieve_diameter", 0.5, 20.0),
        Unknown::between("lung.sieve_spread", 0.05, 2.0),
    ]
}

/// The data become what the model says with these scores, each moved by so many of its errors.
fn simulate(fit: &Fit, scores: &[f64], mut noise: impl FnMut() -> f64) -> Vec<Experiment> {
    let mut told = fit.predict(scores).unwrap().into_iter();
    let mut experiments = fit.experiments().to_vec();
    for datum in experiments.iter_mut().flat_map(|e| &mut e.data) {
        let (value, z) = (told.next().unwrap(), noise());
        datum.found = Finding::Value(match datum.error {
            ErrorModel::Sd(sd) => value + sd * z,
            ErrorModel::Cv(cv) => value * (1.0 + cv * z),
            ErrorModel::Gsd(gsd) => value * gsd.powf(z),
        });
    }
    experiments
}

// Twenty measures of six published experiments, whose answers are replaced by those of known numbers.
#[test]
fn eight_numbers_are_found_again_from_six_experiments() {
    let names = [
        "Cells injected into the beating rat heart",
        "Cells injected into the arrested rat heart",
        "2 million MSC into a vein of the mouse",
        "MSC marked with C-14 into a vein of the mouse",
        "MSC into the artery of the rat cremaster",
        "Rigid spheres of 10 against 15 um in the mouse lung",
    ];
    let mut all = published().unwrap().experiments.clone();
    all.retain(|experiment| names.contains(&experiment.name.as_str()));
    assert_eq!(all.len(), 6);
    // What was read at one time is read at three, so that eight numbers can be told.
    for datum in all.iter_mut().flat_map(|e| &mut e.data) {
        datum.error = ErrorModel::Gsd(1.05);
        datum.found = Finding::Value(1.0);
    }
    let more = r#"
        [[experiment]]
        name = "cells and remains over time"
        source = "simulated"
        scenario = { until = "3 d", host = { species = "mouse" }, doses = [{ amount = "5e5 cells", product = "bone_marrow_msc", route = "intravenous" }] }
    "#;
    let mut more = more.to_string();
    for (place, content) in [
        ("lung", "viable"),
        ("lung", "remains"),
        ("liver", "remains"),
        ("heart", "viable"),
    ] {
        for time in ["1 h", "6 h", "1 d", "3 d"] {
            more += &format!(
                "[[experiment.data]]\nname = '{content} {place} {time}'\nfound = {{ value = 1.0 }}\nerror = {{ gsd = 1.05 }}\n\
                 measure = {{ what = 'cells', places = ['{place}'], content = '{content}', time = '{time}' }}\nsplit = 'calibration'\n"
            );
        }
    }
    all.extend(Evidence::from_toml(&more).unwrap().experiments);
    let unknowns = [
        "tissue.release",
        "tissue.death_lodged",
        "tissue.death_resident",
        "tissue.mobilisation",
        "tissue.ingestion",
        "tissue.washout_rest",
        "tissue.washout_contraction",
        "muscle.death_lodged",
    ];
    let unknowns: Vec<Unknown> = unknowns.map(Unknown::new).into();
    let fit = Fit::new(all, unknowns.clone()).unwrap();
    let truth = [0.6, -0.7, 0.4, 0.8, -0.5, 0.3, -0.4, 0.9];
    let made = Fit::new(simulate(&fit, &truth, || 0.0), unknowns).unwrap();
    let found = made.without_priors().search(2, 5).unwrap();
    assert!(found.cost < 1e-6, "{}", found.cost);
    for (estimate, score) in found.estimates.iter().zip(truth) {
        assert!(
            (estimate.score - score).abs() < 0.02,
            "{estimate:?} {score}"
        );
        assert!(estimate.low < estimate.value && estimate.value < estimate.high);
    }
}

// Of 200 intervals of 95 % the number that hold the truth is binomial: 181 to 198 but once in a thousand.
#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let fit = Fit::new(spheres(&[1.5, 2.5, 3.5, 5.0, 7.0, 9.0]), sieve()).unwrap();
    let truth = [fit.score(0, 3.6), fit.score(1, 0.5)];
    let mut noise = Normal::new(11);
    let mut held = [0; 2];
    for _ in 0..200 {
        let data = simulate(&fit, &truth, || noise.draw());
        let again = Fit::new(data, sieve()).unwrap().without_priors();
        let found = again.search(1, 1).unwrap();
        for ((count, estimate), value) in held.iter_mut().zip(&found.estimates).zip([3.6, 0.5]) {
            *count += i32::from((estimate.low..=estimate.high).contains(&value));
        }
    }
    println!("held: {held:?} of 200");
    assert!(
        held.iter().all(|count| (181..=198).contains(count)),
        "{held:?}"
    );
}

#[test]
fn the_gradient_of_the_calibration_is_that_of_central_differences() {
    let fit = Fit::new(calibration_rows().unwrap(), plan().unwrap()).unwrap();
    let mut noise = Normal::new(3);
    let scores: Vec<f64> = fit.unknowns().iter().map(|_| 0.5 * noise.draw()).collect();
    let found = fit.posterior(&scores).unwrap();
    for k in 0..scores.len() {
        let at = |h: f64| {
            let mut moved = scores.clone();
            moved[k] += h;
            -fit.cost(&moved).unwrap()
        };
        let wanted = (at(1e-3) - at(-1e-3)) / 2e-3;
        let close = (found.gradient[k] - wanted).abs() < 2e-3 * (1.0 + wanted.abs());
        assert!(
            close,
            "{:?}: {} {wanted}",
            fit.unknowns()[k],
            found.gradient[k]
        );
    }
}

// The rows that the calibration wrote are where the posterior is level, but for their four digits.
#[test]
fn the_fitted_rows_of_the_registry_are_the_optimum() {
    let rows = data::fitted().unwrap();
    let is_fitted = |unknown: &Unknown| {
        let species = unknown.species.as_deref();
        let same = |row: &&data::Quantity| row.id == unknown.id && species == Some(&row.species);
        rows.iter().any(|row| same(&row))
    };
    let unknowns: Vec<Unknown> = plan().unwrap().into_iter().filter(is_fitted).collect();
    assert_eq!(unknowns.len(), rows.len());
    let starting = |unknown: &Unknown| unknown.prior == Prior::Starting;
    assert!(unknowns.iter().all(starting));
    let fit = Fit::new(calibration_rows().unwrap(), unknowns).unwrap();
    let row = |unknown: &Unknown| {
        let same = |row: &&data::Quantity| {
            row.id == unknown.id && Some(&row.species) == unknown.species.as_ref()
        };
        rows.iter().find(same).unwrap()
    };
    let pairs = fit.unknowns().iter().enumerate();
    let scores: Vec<f64> = pairs
        .map(|(k, unknown)| fit.score(k, row(unknown).value))
        .collect();
    let found = fit.posterior(&scores).unwrap();
    for (k, unknown) in fit.unknowns().iter().enumerate() {
        let row = row(unknown);
        // How far the row's own spread reaches, in scores: a step along the gradient must be small beside it.
        let deviation = fit.score(k, row.value * row.gsd) - scores[k];
        let rest = found.gradient[k] * deviation;
        assert!(rest.abs() < 0.05, "{}: {rest}", row.id);
    }
}

/// One unknown that decides a cells-in-heart measure, with a finding of its own.
fn one_number(found: &str, error: &str) -> Fit {
    let text = format!(
        r#"
        [[experiment]]
        name = "depot"
        source = "simulated"
        scenario = {{ until = "2 h", host = {{ species = "rat" }}, doses = [{{ amount = "1e6 cells", product = "rat_msc", route = "intramyocardial" }}] }}
        [[experiment.data]]
        name = "in the heart"
        found = {found}
        error = {error}
        measure = {{ what = "cells", places = ["heart"], content = "all", time = "1 h", percent_dose = true }}
        split = "calibration"
        "#
    );
    let experiments = Evidence::from_toml(&text).unwrap().experiments;
    let unknown = Unknown::between("tissue.washout_contraction", 0.5, 500.0);
    Fit::new(experiments, vec![unknown])
        .unwrap()
        .without_priors()
}

// The most likely model has the share of animals above the limit that was seen: limit * gsd^quantile(share).
#[test]
fn counts_of_animals_have_their_closed_form() {
    for (animals, quantile) in [(2, -0.841_621), (5, 0.0), (9, 1.281_552)] {
        let finding = format!("{{ positive = {{ animals = {animals}, of = 10, limit = 20.0 }} }}");
        let fit = one_number(&finding, "{ gsd = 1.5 }");
        let found = fit.search(1, 1).unwrap();
        let wanted = 20.0 * 1.5_f64.powf(quantile);
        assert_relative_eq!(found.residuals[0].model, wanted, max_relative = 1e-3);
    }
}

#[test]
fn ranges_are_met_in_the_middle_and_bounds_only_from_the_wrong_side() {
    let model = |finding: &str| {
        let found = one_number(finding, "{ gsd = 1.2 }").search(1, 1).unwrap();
        (found.residuals[0].model, found.estimates[0].clone())
    };
    let (middle, _) = model("{ between = [10.0, 40.0] }");
    assert_relative_eq!(middle, 20.0, max_relative = 1e-3);
    let before = one_number("{ value = 1.0 }", "{ gsd = 1.2 }")
        .predict(&[0.0])
        .unwrap()[0];
    // A bound that holds anyway says nothing, and is not told.
    let (there, estimate) = model(&format!("{{ below = {} }}", 20.0 * before));
    assert_relative_eq!(there, before, max_relative = 1e-6);
    assert_eq!(estimate.told, Told::Nothing);
    // One that does not, moves the model to the other side.
    let (there, _) = model(&format!("{{ below = {} }}", 0.5 * before));
    assert!(there < 0.5 * before, "{there} {before}");
    let (there, _) = model(&format!("{{ above = {} }}", 1.5 * before));
    assert!(there > 1.5 * before, "{there} {before}");
}

// Where a fit is nearly linear, the profile ends where the curvature says; what nothing bounds stays open.
#[test]
fn profiles_agree_with_intervals_and_show_what_is_open() {
    let mut exact = spheres(&[1.5, 2.5, 3.5, 5.0, 7.0, 9.0]);
    for datum in exact.iter_mut().flat_map(|e| &mut e.data) {
        datum.error = ErrorModel::Sd(0.003);
    }
    let fit = Fit::new(exact, sieve()).unwrap();
    let truth = [fit.score(0, 3.6), fit.score(1, 0.5)];
    let fit = Fit::new(simulate(&fit, &truth, || 0.0), sieve())
        .unwrap()
        .without_priors();
    let found = fit.search(1, 1).unwrap();
    for (k, estimate) in found.estimates.iter().enumerate() {
        let profile = fit.profile(k, &found).unwrap();
        assert!(profile.is_bounded());
        assert_relative_eq!(profile.low.unwrap(), estimate.low, max_relative = 0.05);
        assert_relative_eq!(profile.high.unwrap(), estimate.high, max_relative = 0.05);
        assert!(profile.points.iter().all(|point| point.rise > -1e-6));
    }
    // One size of sphere cannot identify both numbers, whose priors here are independent: profiles stay open.
    let one = Fit::new(
        spheres(&[3.6]),
        ["lung.sieve_diameter", "lung.sieve_spread"]
            .map(|id| Unknown::new(id).with_prior(Prior::Starting))
            .into(),
    );
    let one = one.unwrap();
    let found = one.search(1, 1).unwrap();
    assert_eq!(found.not_told(), ["lung.sieve_spread"]);
    assert!(!one.profile(1, &found).unwrap().is_bounded());
}

// Retention after an hour tells the ratio of washout and anchoring, not the two.
#[test]
fn numbers_that_are_told_only_together_are_named() {
    let mut hearts = published().unwrap().experiments.clone();
    hearts.retain(|experiment| experiment.name == "Cells injected into the arrested rat heart");
    hearts[0].data[0].error = ErrorModel::Sd(1.0);
    let unknowns = ["tissue.anchoring", "tissue.washout_rest"].map(Unknown::new);
    let found = Fit::new(hearts, unknowns.into())
        .unwrap()
        .search(1, 1)
        .unwrap();
    let entangled = found.entangled(0.7);
    assert_eq!(entangled.len(), 1);
    assert!(entangled[0].2 > 0.7, "{entangled:?}");
}

#[test]
fn draws_about_a_fit_have_its_spread_and_its_correlation() {
    let fit = Fit::new(spheres(&[2.5, 3.5, 5.0]), sieve()).unwrap();
    let found = fit.search(1, 1).unwrap();
    let draws = fit.draws_about(&found, 4000, 2).unwrap();
    assert_eq!((draws.len(), draws.is_empty()), (4000, false));
    let mean = |k: usize| draws.scores().iter().map(|d| d[k]).sum::<f64>() / 4000.0;
    let product = |i: usize, j: usize| {
        let (a, b) = (mean(i), mean(j));
        let sum: f64 = draws.scores().iter().map(|d| (d[i] - a) * (d[j] - b)).sum();
        sum / 4000.0
    };
    for (k, estimate) in found.estimates.iter().enumerate() {
        assert!((mean(k) - estimate.score).abs() < 0.05 * estimate.deviation);
        assert_relative_eq!(
            product(k, k).sqrt(),
            estimate.deviation,
            max_relative = 0.05
        );
    }
    let correlation = product(0, 1) / (product(0, 0) * product(1, 1)).sqrt();
    assert!((correlation - found.correlations[0][1]).abs() < 0.05);
    // A scenario takes the numbers of its species; what it states itself stays.
    let dog =
        Scenario::new(Host::new("dog")).dose(Dose::new(1e6.cells(), Product::bone_marrow_msc()));
    let set = draws.scenario(7, &dog).unwrap();
    assert_relative_eq!(set.parameters["lung.sieve_diameter"], draws.values(0)[7]);
    let stated = dog.with("lung.sieve_diameter", 5.0);
    assert_relative_eq!(
        draws.scenario(7, &stated).unwrap().parameters["lung.sieve_diameter"],
        5.0
    );
    assert!(draws.scenario(4000, &stated).is_err());
    // Numbers without any bound cannot be drawn.
    let free = Fit::new(spheres(&[3.6]), sieve()).unwrap().without_priors();
    let found = free.search(1, 1).unwrap();
    assert!(matches!(
        free.draws_about(&found, 10, 1),
        Err(FitError::Unbounded { .. })
    ));
}

#[test]
fn wrong_fits_are_refused_with_a_reason() {
    let said = |experiments: Vec<Experiment>, unknowns: Vec<Unknown>| {
        Fit::new(experiments, unknowns).unwrap_err().to_string()
    };
    let one = || spheres(&[3.0]);
    assert_eq!(
        said(vec![], sieve()),
        "a fit needs at least one experiment with data"
    );
    assert_eq!(said(one(), vec![]), "a fit needs at least one unknown");
    let twice = vec![
        Unknown::new("tissue.release"),
        Unknown::new("tissue.release"),
    ];
    assert_eq!(said(one(), twice), "'tissue.release' is unknown twice");
    let unknown = said(one(), vec![Unknown::new("lung.sieve_diametre")]);
    assert!(unknown.contains("lung.sieve_diameter"), "{unknown}");
    let other = Unknown::new("lung.sieve_diameter").of_species("mouse");
    assert_eq!(
        said(one(), vec![other]),
        "'lung.sieve_diameter' (mouse) is used by no experiment of the fit"
    );
    let exact = said(one(), vec![Unknown::new("tissue.debris_extraction")]);
    assert!(exact.contains("has no spread in the registry"), "{exact}");
    for (low, high) in [
        (0.0, 1.0),
        (2.0, 1.0),
        (f64::NAN, 1.0),
        (1.0, f64::INFINITY),
    ] {
        let bounds = said(one(), vec![Unknown::between("tissue.release", low, high)]);
        assert!(bounds.contains("two finite bounds above 0"), "{bounds}");
    }
    let fit = Fit::new(one(), sieve()).unwrap();
    assert!(
        fit.search(0, 1)
            .unwrap_err()
            .to_string()
            .contains("starts = 0")
    );
}

// A walk with correlation rho is worth (1 - rho) / (1 + rho) of its length.
#[test]
fn convergence_of_chains_is_judged_as_theory_says() {
    let mut noise = Normal::new(9);
    let mut walk = |rho: f64, shift: f64| {
        let mut x = noise.draw();
        let mut step = || {
            x = rho * x + (1.0 - rho * rho).sqrt() * noise.draw();
            x + shift
        };
        (0..5000).map(|_| step()).collect::<Vec<f64>>()
    };
    for rho in [0.0, 0.5, 0.9] {
        let chains: Vec<Vec<f64>> = (0..4).map(|_| walk(rho, 0.0)).collect();
        let wanted = 20_000.0 * (1.0 - rho) / (1.0 + rho);
        assert_relative_eq!(ess_bulk(&chains).unwrap(), wanted, max_relative = 0.15);
        assert!(ess_tail(&chains).unwrap() > 0.5 * wanted);
        assert!(r_hat(&chains).unwrap() < 1.01);
    }
    let apart = vec![walk(0.0, 0.0), walk(0.0, 1.0)];
    // Two normals one apart: between-variance 1/2 of one, so sqrt(1.5) for halves that agree, less by ranks.
    assert!(r_hat(&apart).unwrap() > 1.1);
    assert!(ess_bulk(&apart).unwrap() < 100.0);
    let wide: Vec<f64> = walk(0.0, 0.0).iter().map(|x| 3.0 * x).collect();
    assert!(r_hat(&[walk(0.0, 0.0), wide]).unwrap() > 1.1);
    for bad in [
        vec![],
        vec![vec![1.0; 3]],
        vec![vec![1.0; 9]],
        vec![vec![f64::NAN; 9]],
    ] {
        assert_eq!(r_hat(&bad), None, "{bad:?}");
    }
    assert_eq!(r_hat(&[vec![1.0, 2.0, 3.0, 4.0], vec![1.0, 2.0]]), None);
}

/// Mean and standard deviation of both scores by quadrature of the posterior over a grid.
fn by_quadrature(fit: &Fit) -> [(f64, f64); 2] {
    let grid: Vec<f64> = (-30..=30).map(|k| f64::from(k) * 0.12).collect();
    let (mut all, mut sums) = (0.0, [[0.0; 2]; 2]);
    let least = fit.search(1, 1).unwrap().cost;
    for a in &grid {
        for b in &grid {
            let weight = (least - fit.cost(&[*a, *b]).unwrap()).exp();
            all += weight;
            for (sum, x) in sums.iter_mut().zip([a, b]) {
                sum[0] += weight * x;
                sum[1] += weight * x * x;
            }
        }
    }
    sums.map(|[x, xx]| (x / all, (xx / all - (x / all).powi(2)).sqrt()))
}

#[test]
fn sampling_agrees_with_quadrature() {
    use biodist::fit::Sampling;
    let mut data = spheres(&[2.5, 4.0, 7.0]);
    for (experiment, found) in data.iter_mut().zip([0.3, 0.6, 0.9]) {
        experiment.data[0].found = Finding::Value(found);
        experiment.data[0].error = ErrorModel::Sd(0.08);
    }
    let unknowns = ["lung.sieve_diameter", "lung.sieve_spread"].map(Unknown::new);
    let fit = Fit::new(data, unknowns.into()).unwrap();
    let found = fit.search(1, 1).unwrap();
    let sampling = Sampling {
        draws: 1000,
        ..Sampling::default()
    };
    let sampled = fit.sample(&found, &sampling).unwrap();
    assert!(sampled.is_reliable(&sampling), "{:?}", sampled.numbers);
    for (k, (mean, deviation)) in by_quadrature(&fit).into_iter().enumerate() {
        let scores: Vec<f64> = sampled.draws.scores().iter().map(|draw| draw[k]).collect();
        let n = scores.len() as f64;
        let middle = scores.iter().sum::<f64>() / n;
        let spread = (scores.iter().map(|x| (x - middle).powi(2)).sum::<f64>() / n).sqrt();
        // Four standard errors of the mean; as much for the deviation.
        let error = 4.0 * deviation / sampled.numbers[k].ess_bulk.sqrt();
        assert!(
            (middle - mean).abs() < error,
            "{k}: {middle} {mean} +- {error}"
        );
        assert!(
            (spread - deviation).abs() < error,
            "{k}: {spread} {deviation} +- {error}"
        );
        let number = &sampled.numbers[k];
        assert!(number.low < number.median && number.median < number.high);
    }
    // The same seed gives the same draws, whatever the threads.
    let short = Sampling {
        warmup: 50,
        draws: 20,
        ..sampling
    };
    let (a, b) = (
        fit.sample(&found, &short).unwrap(),
        fit.sample(&found, &short).unwrap(),
    );
    assert_eq!(a.draws.scores(), b.draws.scores());
    assert!(!a.is_reliable(&short));
    let one = Sampling {
        chains: 1,
        ..sampling
    };
    assert!(
        fit.sample(&found, &one)
            .unwrap_err()
            .to_string()
            .contains("chains = 1")
    );
    let free = fit.without_priors();
    assert!(matches!(
        free.sample(&found, &sampling),
        Err(FitError::Unbounded { .. })
    ));
}
