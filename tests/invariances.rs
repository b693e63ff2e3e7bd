//! Promise: what must not matter does not matter: units, the order of organs, how a dose is split,
//! when the clock starts, and, without saturation, how much is given.
#![allow(clippy::unwrap_used)]

mod hosts;
mod strategies;

use std::collections::BTreeMap;

use biodist::organ::{Place, State};
use biodist::prelude::*;
use biodist::scenario::{DoseAmount, ExtraOrgan};
use biodist::solver::Options;
use hosts::{doses, hosts, products, reference_weight, routes, scenarios};
use proptest::prelude::*;
use strategies::config;

/// Amounts by place and state, all products and classes together, without the syringes.
type Amounts = BTreeMap<(Place, State), f64>;

const TIMES: [f64; 6] = [0.5, 2.0, 8.0, 24.0, 48.0, 71.0];

fn amounts(run: &Run, time: f64) -> Amounts {
    let ledger = run.ledger(time.hours()).unwrap();
    let rows = ledger.rows.into_iter();
    rows.filter(|row| row.state != State::Syringe)
        .map(|row| ((row.place, row.state), row.cells))
        .collect()
}

fn simulate(scenario: &Scenario) -> Run {
    let scenario = scenario.clone().until(3.days());
    scenario.simulate_with(&Options::with_rtol(1e-9)).unwrap()
}

/// Whether `a` equals `factor` times the sum of `parts`, to a part in ten million of the dose.
fn agree(a: &Amounts, parts: &[Amounts], factor: f64, dose: f64) -> Result<(), TestCaseError> {
    let keys = parts.iter().flat_map(BTreeMap::keys).chain(a.keys());
    for key in keys {
        let sum: f64 = parts.iter().filter_map(|part| part.get(key)).sum();
        let own = a.get(key).copied().unwrap_or(0.0);
        prop_assert!(
            (own - factor * sum).abs() <= 1e-7 * dose,
            "{key:?}: {own} is not {factor} * {sum}"
        );
    }
    Ok(())
}

fn scaled(dose: &Dose, factor: f64) -> Dose {
    let amount = match dose.amount {
        DoseAmount::Cells(cells) => (factor * cells.value()).cells().into(),
        DoseAmount::PerKg(cells) => (factor * cells.value()).cells_per_kg().into(),
    };
    Dose {
        amount,
        ..dose.clone()
    }
}

fn one(host: &Host, dose: Dose) -> Scenario {
    Scenario::new(host.clone()).dose(dose)
}

/// A dose that saturates nothing and something, as it comes.
fn bolus() -> impl Strategy<Value = Dose> {
    (4.0..8.5_f64, products(), routes()).prop_map(|(exponent, product, route)| {
        Dose::new(10.0_f64.powf(exponent).cells_per_kg(), product).by(route)
    })
}

proptest! {
    #![proptest_config(config(32))]

    #[test]
    fn without_saturation_amounts_are_proportional_to_the_dose(
        host in hosts(), dose in doses(), factor in 1e-3..1e3_f64,
    ) {
        let base = simulate(&one(&host, dose.clone()).without_saturation());
        let more = simulate(&one(&host, scaled(&dose, factor)).without_saturation());
        for time in TIMES {
            let parts = [amounts(&base, time)];
            agree(&amounts(&more, time), &parts, factor, more.model.total_dose())?;
        }
    }

    #[test]
    fn without_saturation_doses_superpose(host in hosts(), a in doses(), b in doses()) {
        let both = one(&host, a.clone()).dose(b.clone()).without_saturation();
        let both = simulate(&both);
        let a = simulate(&one(&host, a).without_saturation());
        let b = simulate(&one(&host, b).without_saturation());
        for time in TIMES {
            let parts = [amounts(&a, time), amounts(&b, time)];
            agree(&amounts(&both, time), &parts, 1.0, both.model.total_dose())?;
        }
    }

    #[test]
    fn the_clock_may_start_earlier(host in hosts(), dose in bolus(), shift in 0.1..20.0_f64) {
        let mut later = dose.clone();
        later.at = shift.hours();
        let mut delayed = dose.clone();
        delayed.lag = shift.hours();
        let now = simulate(&one(&host, dose));
        let (later, delayed) = (simulate(&one(&host, later)), simulate(&one(&host, delayed)));
        for time in [0.5, 2.0, 8.0, 24.0, 48.0] {
            let expected = [amounts(&now, time)];
            let dose = now.model.total_dose();
            agree(&amounts(&later, time + shift), &expected, 1.0, dose)?;
            agree(&amounts(&delayed, time + shift), &expected, 1.0, dose)?;
        }
    }

    #[test]
    fn a_split_infusion_is_the_infusion(
        host in hosts(), dose in bolus(), hours in 0.01..10.0_f64, share in 0.1..0.9_f64,
    ) {
        let whole = one(&host, dose.clone().over(hours.hours()));
        let first = scaled(&dose, share).over((share * hours).hours());
        let mut second = scaled(&dose, 1.0 - share).over(((1.0 - share) * hours).hours());
        second.at = (share * hours).hours();
        let (whole, split) = (simulate(&whole), simulate(&one(&host, first).dose(second)));
        for time in TIMES {
            let parts = [amounts(&whole, time)];
            agree(&amounts(&split, time), &parts, 1.0, whole.model.total_dose())?;
        }
    }

    #[test]
    fn two_half_doses_are_one(host in hosts(), dose in doses()) {
        let half = scaled(&dose, 0.5);
        let (whole, halves) = (
            simulate(&one(&host, dose)),
            simulate(&one(&host, half.clone()).dose(half)),
        );
        for time in TIMES {
            let parts = [amounts(&whole, time)];
            agree(&amounts(&halves, time), &parts, 1.0, whole.model.total_dose())?;
        }
    }

    // Cells of one size are the same in every size class.
    #[test]
    fn classes_of_equal_cells_are_one_class(host in hosts(), dose in bolus(), classes in 2..6_usize) {
        let product = dose.product.clone().diameter_gsd(1.0);
        let dose = Dose { product, ..dose };
        let single = simulate(&one(&host, dose.clone()));
        let many = simulate(&one(&host, dose).in_size_classes(classes));
        for time in TIMES {
            let parts = [amounts(&single, time)];
            agree(&amounts(&many, time), &parts, 1.0, single.model.total_dose())?;
        }
    }

    #[test]
    fn the_order_of_organs_and_of_doses_is_irrelevant(
        species in prop::sample::select(vec!["mouse", "dog", "human_female"]), a in doses(), b in doses(),
    ) {
        let weight = reference_weight(species);
        let organ = |name: &str, share: f64| {
            ExtraOrgan::new(name, (share * weight).g(), (0.2 * share * weight).ml_per_min())
        };
        let (tumour, wound) = (organ("tumour", 0.001), organ("wound", 0.003));
        let host = Host::new(species).weighing(weight.g());
        let ordered = host.clone().with_organ(tumour.clone()).with_organ(wound.clone());
        let swapped = host.with_organ(wound).with_organ(tumour);
        let first = simulate(&one(&ordered, a.clone()).dose(b.clone()).with("wound.chemokine", 1.0));
        let second = simulate(&one(&swapped, b).dose(a).with("wound.chemokine", 1.0));
        for time in TIMES {
            let parts = [amounts(&first, time)];
            agree(&amounts(&second, time), &parts, 1.0, first.model.total_dose())?;
        }
    }

    // A change that sets what is already there changes nothing, though the run is interrupted.
    #[test]
    fn a_change_to_the_same_value_is_no_change(scenario in scenarios(), at in 0.1..70.0_f64) {
        let before = scenario.assemble().unwrap();
        let id = "lung.homing";
        let value = before.parameters.get("lung", "homing").unwrap();
        let plain = simulate(&scenario);
        let mut touched = scenario.clone();
        touched.changes.insert(0, biodist::scenario::Change {
            parameter: id.to_string(), value, from: at.hours(), until: None,
        });
        // Later changes of `tissue.homing` do not reach an organ that has its own value.
        prop_assume!(scenario.changes.iter().all(|change| change.parameter != "tissue.homing"));
        let touched = simulate(&touched);
        for time in TIMES {
            let parts = [amounts(&plain, time)];
            agree(&amounts(&touched, time), &parts, 1.0, plain.model.total_dose())?;
        }
    }
}

#[test]
fn units_are_only_names() {
    let text = |weight: &str, amount: &str, over: &str, diameter: &str| {
        format!(
            "until = \"1 d\"\n[host]\nspecies = \"rat\"\nweight = \"{weight}\"\n[[doses]]\n\
             amount = \"{amount}\"\nroute = \"intravenous\"\nover = \"{over}\"\n\
             product = {{ kind = \"rat_msc\", diameter = \"{diameter}\" }}\n"
        )
    };
    let a = text("250 g", "5e5 cells", "30 min", "23 um");
    let b = text("0.25 kg", "2e6 cells/kg", "0.5 h", "0.023 mm");
    let (a, b) = (
        Scenario::from_toml(&a).unwrap(),
        Scenario::from_toml(&b).unwrap(),
    );
    let (a, b) = (simulate(&a), simulate(&b));
    let dose = a.model.total_dose();
    assert!((dose - 5e5).abs() < 1e-6);
    for time in TIMES {
        agree(&amounts(&b, time), &[amounts(&a, time)], 1.0, dose).unwrap();
    }
}
