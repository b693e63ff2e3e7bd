//! Promise: whatever the network and whatever happens to it, nothing is made or lost, nothing
//! falls below zero by more than the tolerance, and a run depends on its inputs alone.
#![allow(clippy::unwrap_used)]

mod strategies;

use biodist::network::Schedule;
use biodist::solver::{Integrator, Keep, Options, Trajectory, integrate};
use proptest::prelude::*;
use strategies::{END, Plan, TIMES, WIDE, config, plans};

fn run(plan: &Plan, options: &Options) -> Trajectory {
    let network = plan.network();
    integrate(&network, &plan.schedule(&network), &TIMES, options).unwrap()
}

fn bits(run: &Trajectory) -> Vec<u64> {
    run.states()
        .flatten()
        .map(|amount| amount.to_bits())
        .collect()
}

/// Every amount must be a number not below `-slack`, and the sum must be the total.
fn sound(state: &[f64], total: f64, slack: f64, when: f64) -> Result<(), TestCaseError> {
    let sum: f64 = state.iter().sum();
    prop_assert!(
        (sum - total).abs() <= 1e-10 * total,
        "{when} h: sum {sum}, total {total}"
    );
    for (pool, amount) in state.iter().enumerate() {
        prop_assert!(
            *amount >= -slack,
            "{when} h: {amount:e} in pool {pool}, slack {slack:e}"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(256))]

    // Authority: the total that was put in; loose and tight tolerances alike.
    #[test]
    fn nothing_is_made_or_lost(plan in plans(WIDE), rtol in prop::sample::select(&[1e-3, 1e-4, 1e-6, 1e-8][..])) {
        let run = run(&plan, &Options::with_rtol(rtol));
        let total = plan.total();
        prop_assert!((run.total() - total).abs() <= 1e-15 * total);
        let slack = 10.0 * 1e-6 * rtol * total;
        for (time, state) in TIMES.iter().zip(run.states()) {
            sound(state, total, slack, *time)?;
        }
        for (time, _) in &plan.events {
            sound(&run.at(*time).unwrap(), total, slack, *time)?;
        }
        for k in 0..100 {
            let time = END * f64::from(k) / 100.0;
            sound(&run.at(time).unwrap(), total, f64::INFINITY, time)?;
        }
    }

    // Authority: the same run in a fresh integrator, to the bit.
    #[test]
    fn an_integrator_can_be_used_again(plan in plans(WIDE), factor in 0.1..3.0) {
        let options = Options { keep: Keep::Outputs, ..Options::with_rtol(1e-5) };
        let mut other = plan.clone();
        for arrow in &mut other.arrows {
            arrow.rate *= factor;
        }
        for amount in &mut other.initial {
            *amount *= factor;
        }
        let (first, second) = (plan.network(), other.network());
        let mut integrator = Integrator::new(&first).unwrap();
        let mut again = |plan: &Plan, network| {
            let schedule = plan.schedule(network);
            integrator.run(network, &schedule, &TIMES, &options).unwrap()
        };
        let runs = [again(&plan, &first), again(&other, &second), again(&plan, &first)];
        prop_assert_eq!(bits(&runs[0]), bits(&run(&plan, &options)));
        prop_assert_eq!(bits(&runs[1]), bits(&run(&other, &options)));
        prop_assert_eq!(bits(&runs[0]), bits(&runs[2]));
        prop_assert_eq!(runs[0].statistics(), runs[2].statistics());
    }

    // Keeping the path must not change the outputs.
    #[test]
    fn keeping_the_path_changes_nothing(plan in plans(WIDE)) {
        let with = run(&plan, &Options { keep: Keep::Path, ..Options::default() });
        let without = run(&plan, &Options { keep: Keep::Outputs, ..Options::default() });
        prop_assert_eq!(bits(&with), bits(&without));
    }
}

proptest! {
    #![proptest_config(config(64))]

    // Authority: the same network with its pools declared in another order.
    #[test]
    fn the_order_of_pools_does_not_matter(
        (plan, order) in plans(WIDE).prop_flat_map(|plan| {
            let order: Vec<usize> = (0..plan.initial.len()).collect();
            (Just(plan), Just(order).prop_shuffle())
        })
    ) {
        let options = Options::with_rtol(1e-10);
        let straight = run(&plan, &options);
        let network = plan.network_in(&order);
        let shuffled = integrate(&network, &plan.schedule(&network), &TIMES, &options).unwrap();
        for (straight, shuffled) in straight.states().zip(shuffled.states()) {
            for (place, pool) in order.iter().enumerate() {
                let difference = (straight[*pool] - shuffled[place]).abs() / plan.total();
                prop_assert!(difference <= 1e-8, "pool {pool}: {difference:e} of the total");
            }
        }
    }

    // Authority: one run over the same time.
    #[test]
    fn an_event_that_does_nothing_changes_nothing(plan in plans(WIDE), time in 0.0..END) {
        let options = Options::with_rtol(1e-10);
        let network = plan.network();
        let whole = run(&plan, &options);
        let mut schedule: Schedule = plan.schedule(&network);
        schedule.at(time, vec![]).unwrap();
        let split = integrate(&network, &schedule, &TIMES, &options).unwrap();
        for (whole, split) in whole.states().flatten().zip(split.states().flatten()) {
            prop_assert!((whole - split).abs() <= 1e-8 * plan.total());
        }
    }
}
