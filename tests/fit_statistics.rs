//! Promise: likelihoods are normalised, intervals and profiles hold the truth as often as they state under every
//! error model, posteriors are calibrated, and rows for validation are never fitted.
//!
//! Authorities: statsmodels 0.15.0 and scipy 1.17.1 for likelihoods and intervals, binomial limits for coverage,
//! closed forms for profiles, uniform ranks for simulation-based calibration (Talts et al. 2018, arXiv:1804.06788).
#![allow(clippy::unwrap_used)] // a test may fail loudly

use approx::assert_relative_eq;
use biodist::evidence::{Datum, ErrorModel, Evidence, Experiment, Finding};
use biodist::fit::{Fit, FitError, Prior, Sampling, Unknown};
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

/// The share of rigid spheres that stop in the lung of a dog, measured again and again: it needs no run.
fn spheres(findings: &[Finding], error: ErrorModel) -> Experiment {
    let text = r#"
        [[experiment]]
        name = "spheres"
        source = "simulated"
        [experiment.scenario]
        until = "1 h"
        host = { species = "dog" }
        doses = [{ amount = "1e6 cells", product = { kind = "rigid_spheres", diameter = "3.6 um" }, route = "intravenous" }]
        [[experiment.data]]
        name = "stopped"
        found = { value = 0.5 }
        error = { sd = 0.02 }
        measure = { what = "stopping", organ = "lung" }
        split = "calibration"
    "#;
    let mut one = Evidence::from_toml(text).unwrap().experiments.remove(0);
    let row = one.data.remove(0);
    one.data = (findings.iter())
        .map(|found| Datum {
            found: *found,
            error,
            ..row.clone()
        })
        .collect();
    one
}

fn width() -> Vec<Unknown> {
    vec![Unknown::between("lung.sieve_diameter", 0.5, 20.0)]
}

/// A fit of the width of lung vessels to readings of the one share that it decides.
fn fit_to(findings: &[Finding], error: ErrorModel) -> Fit {
    Fit::new(vec![spheres(findings, error)], width())
        .unwrap()
        .without_priors()
}

fn values(readings: &[f64]) -> Vec<Finding> {
    readings
        .iter()
        .map(|value| Finding::Value(*value))
        .collect()
}

const SIX: [f64; 6] = [0.42, 0.47, 0.44, 0.51, 0.39, 0.45];
const TWELVE: [f64; 12] = [
    0.30, 0.52, 0.47, 0.66, 0.25, 0.41, 0.58, 0.36, 0.49, 0.33, 0.71, 0.44,
];

// scipy 1.17.1: norm.logpdf and lognorm.logpdf at the mean, the geometric mean, and what minimize_scalar finds.
#[test]
fn likelihoods_are_those_of_scipy() {
    for (readings, error, model, log_likelihood) in [
        (&SIX[..], ErrorModel::Sd(0.05), 0.446_666_67, 10.754_095_78),
        (&SIX, ErrorModel::Gsd(1.1), 0.445_083_18, 11.103_621_74),
        (&TWELVE, ErrorModel::Cv(0.3), 0.458_844_04, 6.936_902_18),
    ] {
        let found = fit_to(&values(readings), error).search(1, 1).unwrap();
        assert_relative_eq!(found.residuals[0].model, model, max_relative = 1e-6);
        assert_relative_eq!(found.log_likelihood, log_likelihood, max_relative = 1e-8);
    }
}

// statsmodels 0.15.0: OLS(y, ones(6)).fit(), whose AIC and BIC count the mean and not the variance.
#[test]
fn an_estimated_scatter_is_that_of_statsmodels() {
    // Whatever the error that the rows state.
    for stated in [0.001, 0.05, 2.0] {
        let fit = fit_to(&values(&SIX), ErrorModel::Sd(stated)).estimating_scatter();
        let found = fit.search(1, 1).unwrap();
        let scatter = found.scatter.unwrap();
        assert_relative_eq!(found.residuals[0].model, 0.446_666_67, max_relative = 1e-6);
        assert_relative_eq!(
            (scatter.factor * stated).powi(2),
            0.001_706_666_666_67,
            max_relative = 1e-6
        );
        assert_relative_eq!(scatter.freedom, 5.0, max_relative = 1e-12);
        assert_relative_eq!(found.log_likelihood, 11.152_972_857, max_relative = 1e-8);
        assert_relative_eq!(found.aic(), -20.305_945_714 + 2.0, max_relative = 1e-8);
        assert_relative_eq!(
            found.bic(),
            -20.514_186_245 + 6.0_f64.ln(),
            max_relative = 1e-8
        );
        // The interval of Student, 0.40331 to 0.49002.
        let profile = fit.profile(0, &found).unwrap();
        let at = |value: Option<f64>| fit.predict(&[fit.score(0, value.unwrap())]).unwrap()[0];
        let mut ends = [at(profile.low), at(profile.high)];
        ends.sort_by(f64::total_cmp);
        assert_relative_eq!(ends[0], 0.403_312_57, max_relative = 1e-5);
        assert_relative_eq!(ends[1], 0.490_020_77, max_relative = 1e-5);
    }
    let one = fit_to(&values(&[0.5]), ErrorModel::Sd(0.1)).estimating_scatter();
    let refused = one.search(1, 1).unwrap_err();
    assert!(matches!(refused, FitError::NoScatter { .. }), "{refused}");
    let exact = fit_to(&values(&[0.5, 0.5]), ErrorModel::Sd(0.1)).estimating_scatter();
    let refused = exact.search(1, 1).unwrap_err();
    assert!(
        refused.to_string().contains("residuals are all 0"),
        "{refused}"
    );
}

/// Readings about a prediction under an error model.
fn reading(error: ErrorModel, model: f64, noise: &mut Normal) -> f64 {
    match error {
        ErrorModel::Sd(sd) => model + sd * noise.draw(),
        // Below 0 once in thirty thousand, which no file may have: drawn anew.
        ErrorModel::Cv(cv) => loop {
            let found = model * (1.0 + cv * noise.draw());
            if found > 0.0 {
                break found;
            }
        },
        ErrorModel::Gsd(gsd) => model * gsd.powf(noise.draw()),
    }
}

/// How findings are made from readings.
#[derive(Debug, Clone, Copy)]
enum How {
    Plain,
    /// What is below is a limit.
    Censored(f64),
    /// Only on which side of two values it is.
    Ranges(f64, f64),
    /// Animals above two limits, in turn.
    Counts(f64, f64),
}

fn simulated(
    (error, how, rows): (ErrorModel, How, usize),
    model: f64,
    noise: &mut Normal,
) -> Vec<Finding> {
    let mut one = |row: usize| match how {
        How::Plain => Finding::Value(reading(error, model, noise)),
        How::Censored(limit) => match reading(error, model, noise) {
            value if value < limit => Finding::Below(limit),
            value => Finding::Value(value),
        },
        How::Ranges(low, high) => match reading(error, model, noise) {
            value if value < low => Finding::Below(low),
            value if value > high => Finding::Above(high),
            _ => Finding::Between(low, high),
        },
        How::Counts(low, high) => {
            let limit = if row.is_multiple_of(2) { low } else { high };
            let above = (0..20).filter(|_| reading(error, model, noise) > limit);
            Finding::Positive {
                animals: above.count() as u32,
                of: 20,
                limit,
            }
        }
    };
    (0..rows).map(&mut one).collect()
}

const KINDS: [(ErrorModel, How, usize); 7] = [
    (ErrorModel::Sd(0.05), How::Plain, 4),
    (ErrorModel::Cv(0.25), How::Plain, 12),
    (ErrorModel::Gsd(1.2), How::Plain, 4),
    (ErrorModel::Gsd(1.3), How::Censored(0.42), 12),
    (ErrorModel::Sd(0.1), How::Ranges(0.4, 0.55), 20),
    (ErrorModel::Gsd(1.5), How::Counts(0.35, 0.55), 2),
    (ErrorModel::Cv(0.25), How::Counts(0.35, 0.55), 2),
];

// Of 200 intervals of a nominal 95 % the number that hold the truth is binomial: 181 to 198 but once in a thousand.
// A nominal 95 % of counts has steps, and of few rows it is that of an approximation: hence two more on each side.
#[test]
fn profiles_and_intervals_hold_the_truth_under_every_error_model() {
    let exact = fit_to(&values(&[0.5]), ErrorModel::Sd(0.1));
    let truth = exact.score(0, 3.6);
    let model = exact.predict(&[truth]).unwrap()[0];
    for (number, kind) in KINDS.into_iter().enumerate() {
        let mut noise = Normal::new(20 + number as u64);
        let (mut held, mut bias) = ([0; 2], 0.0);
        for _ in 0..200 {
            let fit = fit_to(&simulated(kind, model, &mut noise), kind.0);
            let found = fit.search(1, 1).unwrap();
            let profile = fit.profile(0, &found).unwrap();
            let low = profile.low.is_none_or(|low| low <= 3.6);
            let high = profile.high.is_none_or(|high| 3.6 <= high);
            held[0] += i32::from(low && high);
            let estimate = &found.estimates[0];
            held[1] += i32::from((estimate.low..=estimate.high).contains(&3.6));
            bias += (found.residuals[0].model / model).ln() / 200.0;
        }
        println!("{kind:?}: held {held:?} of 200, bias {bias:+.4}");
        assert!(
            held.iter().all(|held| (179..=199).contains(held)),
            "{kind:?}: {held:?}"
        );
        // Five standard errors of what is least precise here; a cv weighted by the reading is off by a fifth.
        assert!(bias.abs() < 0.03, "{kind:?}: {bias}");
    }
}

// Six readings whose scatter is not known: with Student's quantile nine of ten would be too few.
#[test]
fn intervals_with_an_estimated_scatter_hold_the_truth() {
    let exact = fit_to(&values(&[0.5]), ErrorModel::Sd(0.1));
    let model = exact.predict(&[exact.score(0, 3.6)]).unwrap()[0];
    let mut noise = Normal::new(40);
    let mut held = 0;
    for _ in 0..200 {
        let kind = (ErrorModel::Sd(0.04), How::Plain, 4);
        // The rows state an error ten times as great.
        let fit = fit_to(&simulated(kind, model, &mut noise), ErrorModel::Sd(0.4));
        let fit = fit.estimating_scatter();
        let found = fit.search(1, 1).unwrap();
        let profile = fit.profile(0, &found).unwrap();
        let low = profile.low.is_none_or(|low| low <= 3.6);
        held += i32::from(low && profile.high.is_none_or(|high| 3.6 <= high));
    }
    assert!((181..=198).contains(&held), "{held} of 200");
}

/// Chi square of counts in ten bins against equal ones: with nine degrees of freedom above 27.88 once in a thousand.
fn chi_square(places: &[f64]) -> f64 {
    let mut bins = [0.0; 10];
    for place in places {
        bins[((10.0 * place) as usize).min(9)] += 1.0;
    }
    let equal = places.len() as f64 / 10.0;
    println!("{bins:?}");
    bins.iter()
        .map(|count| (count - equal).powi(2) / equal)
        .sum()
}

// Simulation-based calibration: of a truth drawn from the prior, the share of the posterior below it is uniform. The
// posterior by quadrature of what a search minimises: 210 truths for every error model.
#[test]
fn posteriors_are_calibrated_under_every_error_model() {
    let prior = |data: Vec<Experiment>| Fit::new(data, width()).unwrap();
    let exact = prior(vec![spheres(&values(&[0.5]), ErrorModel::Sd(0.1))]);
    let mut noise = Normal::new(50);
    for kind in KINDS {
        let below = (0..210).map(|_| {
            let truth = noise.draw();
            let model = exact.predict(&[truth]).unwrap()[0];
            let fit = prior(vec![spheres(&simulated(kind, model, &mut noise), kind.0)]);
            let best = fit.search(1, 1).unwrap();
            let (middle, wide) = (best.estimates[0].score, best.estimates[0].deviation);
            let (mut all, mut below) = (0.0, 0.0);
            // Ten deviations or, where the curvature is no guide, nearly all of the prior.
            let (start, end) = match wide < 0.1 {
                true => (middle - 10.0 * wide, middle + 10.0 * wide),
                false => (-5.0, 5.0),
            };
            // A step that the truth cuts counts by its part.
            let step = (end - start) / 300.0;
            for k in 0..300 {
                let from = start + f64::from(k) * step;
                let weight = (best.cost - fit.cost(&[from + 0.5 * step]).unwrap()).exp();
                all += weight;
                below += weight * ((truth - from) / step).clamp(0.0, 1.0);
            }
            below / all
        });
        let below: Vec<f64> = below.collect();
        let found = chi_square(&below);
        println!("{kind:?}: chi square {found:.1}");
        assert!(found < 27.88, "{kind:?}: {found}");
    }
}

// The same with the sampler: ranks of 210 truths among 19 draws.
#[test]
fn draws_of_the_sampler_are_calibrated() {
    let prior = |data: Vec<Experiment>| Fit::new(data, width()).unwrap();
    let exact = prior(vec![spheres(&values(&[0.5]), ErrorModel::Sd(0.1))]);
    let mut noise = Normal::new(60);
    let ranks = (0..210).map(|replicate| {
        let kind = KINDS[replicate % KINDS.len()];
        let truth = noise.draw();
        let model = exact.predict(&[truth]).unwrap()[0];
        let fit = prior(vec![spheres(&simulated(kind, model, &mut noise), kind.0)]);
        let sampling = Sampling {
            chains: 2,
            warmup: 100,
            draws: 48,
            seed: replicate as u64,
        };
        let sampled = fit.sample(&fit.search(1, 1).unwrap(), &sampling).unwrap();
        // Every fifth draw: their correlation would widen the ranks.
        let draws = sampled.draws.scores().iter().step_by(5).take(19);
        let rank = draws.filter(|draw| draw[0] < truth).count();
        (rank as f64 + 0.5) / 20.0
    });
    let ranks: Vec<f64> = ranks.collect();
    let found = chi_square(&ranks);
    assert!(found < 27.88, "{found}");
}

/// Living cells in the lung of a mouse, as one file.
fn mouse(unknowns: &str, data: &[(&str, &str, &str, &str)]) -> String {
    let mut text = format!(
        r#"
        {unknowns}
        [[experiment]]
        name = "tail vein"
        source = "simulated"
        [experiment.scenario]
        until = "3 d"
        host = {{ species = "mouse", weight = "25 g" }}
        doses = [{{ amount = "500000 cells", product = "bone_marrow_msc", route = "intravenous" }}]
        "#
    );
    for (found, error, time, split) in data {
        text += &format!(
            r#"
            [[experiment.data]]
            name = "lung after {time}"
            found = {found}
            error = {error}
            measure = {{ what = "cells", places = ["lung"], content = "viable", time = "{time}" }}
            split = "{split}"
            "#
        );
    }
    text
}

const DEATH: &str = "[[unknown]]\nid = \"tissue.death_lodged\"\nprior = { between = [0.01, 1.0] }";

// One number, one datum: the rise of the cost is half of the square of its distance in standard deviations, so that
// the bounds are where the model is 1.2^1.96 above and below 5000 cells.
#[test]
fn profile_bounds_of_one_datum_have_a_closed_form() {
    let data = ("{ value = 5000 }", "{ gsd = 1.2 }", "1 d", "calibration");
    let fit = Fit::from_toml(&mouse(DEATH, &[data]), vec![]).unwrap();
    let found = fit.search(1, 1).unwrap();
    let profile = fit.profile(0, &found).unwrap();
    for (bound, z) in [(profile.low, 1.959_964), (profile.high, -1.959_964)] {
        let score = fit.score(0, bound.unwrap());
        let model = fit.predict(&[score]).unwrap()[0];
        assert_relative_eq!(model, 5000.0 * 1.2_f64.powf(z), max_relative = 1e-4);
    }
    // Nearly linear: the curvature gives the same, 0.181 to 0.216.
    let estimate = &found.estimates[0];
    assert_relative_eq!(estimate.value, 0.198, max_relative = 3e-3);
    assert_relative_eq!(profile.low.unwrap(), estimate.low, max_relative = 3e-3);
    assert_relative_eq!(profile.high.unwrap(), estimate.high, max_relative = 3e-3);
    assert_relative_eq!(profile.low.unwrap(), 0.181, max_relative = 3e-3);
    assert_relative_eq!(profile.high.unwrap(), 0.216, max_relative = 3e-3);
}

#[test]
fn rows_for_validation_are_predicted_and_never_fitted() {
    let fitted = ("{ value = 5000 }", "{ gsd = 1.2 }", "1 d", "calibration");
    let kept = ("{ value = 30000 }", "{ gsd = 1.2 }", "2 d", "validation");
    let fit = Fit::from_toml(&mouse(DEATH, &[fitted, kept]), vec![]).unwrap();
    let found = fit.search(1, 1).unwrap();
    assert_relative_eq!(found.estimates[0].value, 0.198, max_relative = 3e-3);
    assert_eq!((found.residuals.len(), fit.held_out().len()), (1, 1));
    let rows = fit.predictions(&found, 200, 1).unwrap();
    let (low, high) = rows[0].interval.unwrap();
    // 5000 of 5e5 cells after a day and a few hundred after two: far from 30000.
    assert!(
        low < rows[0].model && rows[0].model < high && high < 600.0,
        "{rows:?}"
    );
    assert_eq!(rows[0].is_held(), Some(false));
    // The interval holds the scatter of the measurement and that of the fit: more than that of a gsd of 1.2.
    assert!(
        (high / low).ln() > 2.0 * 1.96 * 1.2_f64.ln(),
        "{low} {high}"
    );
    let few = fit.predictions(&found, 2, 1).unwrap_err().to_string();
    assert!(
        few.contains("draws = 2") && few.contains("at least 40"),
        "{few}"
    );
    let none = Fit::from_toml(&mouse(DEATH, &[kept]), vec![]).unwrap_err();
    assert!(
        none.to_string().contains("split = \"calibration\""),
        "{none}"
    );
}

// Without data the posterior is the prior: that of two numbers of the registry with a correlation r has the precision
// 1/(1 - r^2) on its diagonal and -r/(1 - r^2) beside it.
#[test]
fn priors_have_the_correlations_of_the_registry() {
    let known = biodist::data::correlations().unwrap().iter();
    let mut known = known.filter(|c| c.a == "tissue.release" && c.b == "tissue.death_lodged");
    let r = known.next().unwrap().r;
    assert!(r > 0.5, "{r}");
    let data = ("{ value = 5000 }", "{ gsd = 1e9 }", "1 d", "calibration");
    let both = || ["tissue.release", "tissue.death_lodged"].map(Unknown::new);
    let fit = Fit::from_toml(&mouse("", &[data]), both().into()).unwrap();
    let gradient = fit.posterior(&[1.0, 0.5]).unwrap().gradient;
    let wanted = [(1.0 - 0.5 * r), (0.5 - r)].map(|slope| -slope / (1.0 - r * r));
    assert_relative_eq!(gradient[0], wanted[0], epsilon = 1e-2);
    assert_relative_eq!(gradient[1], wanted[1], epsilon = 1e-2);
    let found = fit.search(2, 1).unwrap();
    assert_relative_eq!(found.correlations[0][1], r, epsilon = 5e-3);
    assert_relative_eq!(found.estimates[1].deviation, 1.0, epsilon = 5e-3);
    // Those before the calibration have none.
    let before = both().map(|unknown| unknown.with_prior(Prior::Starting));
    let fit = Fit::from_toml(&mouse("", &[data]), before.into()).unwrap();
    let gradient = fit.posterior(&[1.0, 0.5]).unwrap().gradient;
    assert_relative_eq!(gradient[0], -1.0, epsilon = 1e-2);
}

// The objective of a search by hand, on a grid of scores: half of the squares of the datum and of the score.
#[test]
fn the_most_probable_value_is_the_mode_on_the_scale_of_the_score() {
    let data = ("{ value = 5000 }", "{ gsd = 8 }", "1 d", "calibration");
    let fit = Fit::from_toml(&mouse(DEATH, &[data]), vec![]).unwrap();
    let cost = |score: f64| {
        let model = fit.predict(&[score]).unwrap()[0];
        0.5 * ((model / 5000.0).ln() / 8.0_f64.ln()).powi(2) + 0.5 * score * score
    };
    let costs = (0..200)
        .map(|k| -0.5 + 0.005 * f64::from(k))
        .map(|score| (cost(score), score));
    let (_, best) = costs.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    let found = fit.search(1, 1).unwrap();
    assert_relative_eq!(found.estimates[0].score, best, epsilon = 4e-3);
    // Pulled from the most likely value, where the model is 5000 cells, to the middle of the bounds, 0.1.
    assert!(found.estimates[0].value < 0.195, "{:?}", found.estimates[0]);
    assert_relative_eq!(fit.value(0, 0.0), 0.1, max_relative = 1e-12);
}
