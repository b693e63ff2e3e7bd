//! Promise: the host answers in the order and at the times of the evidence, out of a supply of its own,
//! and leaves the cells alone unless feedback is asked for.
#![allow(clippy::unwrap_used)] // a test may fail loudly

use biodist::assembly::Signal;
use biodist::observation::ObservationError;
use biodist::prelude::*;
use biodist::scenario::Response;

fn scenario(host: Host, cells: f64) -> Scenario {
    Scenario::new(host)
        .dose(Dose::new(cells.cells(), Product::bone_marrow_msc()))
        .until(10.days())
}

fn hosts() -> [(Host, f64); 4] {
    [
        (Host::mouse(20.g()), 5e5),
        (Host::mouse(25.g()), 5e4),
        (Host::rat(250.g()), 2e6),
        (Host::human(73.kg()), 1e8),
    ]
}

#[test]
fn peaks_come_at_the_times_of_the_evidence() {
    // Lung and serum about 2 h, liver 4 h (Hoogduijn 2013); M2-like phagocytes at a day, regulatory T
    // cells at three days. The windows are wide: rates were chosen for the mouse alone.
    for (host, cells) in hosts() {
        let run = scenario(host.clone(), cells).responding(Response::OneWay);
        let run = run.simulate().unwrap();
        for (signal, from, to) in [
            (Signal::LungMediators, 1.3, 3.1),
            (Signal::SerumMediators, 1.3, 3.1),
            (Signal::LiverMediators, 3.0, 6.0),
            (Signal::InflammatoryPhagocytes, 1.0, 3.1),
            (Signal::RegulatoryPhagocytes, 12.0, 36.0),
            (Signal::RegulatoryCytokines, 16.0, 48.0),
            (Signal::RegulatoryTCells, 48.0, 100.0),
        ] {
            let peak = run.response(signal).unwrap().time_of_peak();
            assert!((from..to).contains(&peak), "{host:?} {signal}: {peak} h");
        }
    }
}

#[test]
fn one_way_leaves_the_cells_alone() {
    for (host, cells) in hosts() {
        let alone = scenario(host, cells);
        let answered = alone.clone().responding(Response::OneWay);
        let [alone, answered] = [alone, answered].map(|s| s.simulate().unwrap());
        let count = alone.model.atlas.keys().len();
        assert_eq!(alone.model.atlas.keys(), answered.model.atlas.keys());
        for time in [0.1, 2.0, 24.0, 240.0] {
            let [a, b] = [&alone, &answered].map(|run| run.trajectory.at(time).unwrap());
            for (a, b) in a.iter().zip(&b[..count]) {
                // The same equations with other steps: each run is right to 1e-6.
                assert!((a - b).abs() < 1e-5 * cells, "{time} h: {a} {b}");
            }
        }
    }
}

#[test]
fn nothing_is_made_of_nothing() {
    // Phagocytes, T cells and supplies are closed families: their sums never change.
    let run = scenario(Host::mouse(20.g()), 3e6).responding(Response::Feedback);
    let run = run.simulate().unwrap();
    let names = run.model.network.pools();
    let number = |name: &str| {
        names
            .iter()
            .position(|n| *n == format!("response.{name}"))
            .unwrap()
    };
    let families: [&[&str]; 4] = [
        &[
            "resting_phagocytes",
            "inflammatory_phagocytes",
            "regulatory_phagocytes",
        ],
        &["naive_t_cells", "induced_t_cells", "regulatory_T_cells"],
        &[
            "supply_of_mediators",
            "mediators_in_the_lung",
            "mediators_in_serum",
            "mediators_in_the_liver",
            "cleared",
        ],
        &["supply_of_factors", "secretome", "IL_10_and_CCL18", "spent"],
    ];
    for family in families {
        let pools: Vec<usize> = family.iter().map(|name| number(name)).collect();
        let sums = run.course("family".to_string(), &pools).cells;
        let most = sums[0];
        assert!(most > 0.0);
        assert!(sums.iter().all(|sum| (sum - most).abs() < 1e-10 * most));
    }
}

#[test]
fn more_cells_more_response_until_all_phagocytes_answer() {
    let peak = |cells| {
        let run = scenario(Host::mouse(20.g()), cells).responding(Response::OneWay);
        run.simulate()
            .unwrap()
            .response(Signal::SerumMediators)
            .unwrap()
            .peak()
    };
    // Far below the number of phagocytes the response is proportional to the dose; the unit of every
    // amount is that number, 1e7 per gram of 0.0073 x 20 g.
    let (few, more) = (peak(1e3), peak(2e3));
    assert!((more / few - 2.0).abs() < 0.01, "{few} {more}");
    // Far above it adds nothing.
    assert!(peak(2e8) < 1.5 * peak(1e8));
}

#[test]
fn feedback_kills_through_killer_cells_and_the_ledgers_close() {
    let alive = |scenario: &Scenario| {
        let run = scenario.simulate().unwrap();
        let ledger = run.ledger(24.hours()).unwrap();
        assert!(ledger.residual.abs() < 1e-12);
        for label in &scenario.labels {
            let label = run.label_ledger(label, 24.hours(), Default::default());
            assert!(label.unwrap().residual.abs() < 1e-12);
        }
        ledger.viable_in_body()
    };
    let base = scenario(Host::mouse(20.g()), 2e6)
        .labelled(Label::indium_111_oxine())
        .with("response.nk_recruitment", 300.0);
    let one_way = alive(&base.clone().responding(Response::OneWay));
    let fed_back = alive(&base.clone().responding(Response::Feedback));
    assert!(fed_back < 0.7 * one_way, "{fed_back} {one_way}");
    let mut without = base.responding(Response::Feedback);
    without.host.conditions = vec![Condition::new("nk_deficient")];
    assert!((alive(&without) / one_way - 1.0).abs() < 1e-4);
}

#[test]
fn what_was_not_computed_is_refused() {
    let run = scenario(Host::mouse(20.g()), 1e5).simulate().unwrap();
    let error = run.response(Signal::Secretome).unwrap_err();
    assert!(matches!(error, ObservationError::NoResponse));
    assert!(error.to_string().contains("Scenario::responding"));
}
