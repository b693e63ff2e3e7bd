//! Promise: a number of the tables and a parameter of a network never share a name.
#![allow(clippy::unwrap_used)] // a test may fail loudly

mod hosts;

use biodist::data::Parameters;
use biodist::network::NetworkError;
use biodist::prelude::*;
use biodist::scenario::Response;
use hosts::scenarios;
use proptest::prelude::*;

/// Every way to read a name as an id of the tables, with the value there.
fn in_tables(parameters: &Parameters, name: &str) -> Option<f64> {
    let dots = name.match_indices('.');
    let mut ids = dots.map(|(dot, _)| (&name[..dot], &name[dot + 1..]));
    ids.find_map(|(place, name)| parameters.find(place, name))
}

#[test]
fn the_rate_of_release_is_not_the_release_of_the_tables() {
    let product = Product::bone_marrow_msc();
    let scenario = Scenario::new(Host::mouse(25.g()))
        .dose(Dose::new(5e5.cells(), product))
        .with("lung.dilation", 1.5)
        .with("lung.release", 0.001);
    let mut model = scenario.assemble().unwrap();
    assert_eq!(in_tables(&model.parameters, "lung.release"), Some(0.001));
    let network = &mut model.network;
    let rate = network.parameter("lung.release.rate").unwrap();
    // Release times dilation; the release factor of these cells is 1.
    assert!((network.values()[rate.index()] - 0.0015).abs() < 1e-18);
    let refused = network.set("lung.release", 0.002).unwrap_err();
    let NetworkError::UnknownName { near, .. } = &refused else {
        unreachable!("{refused}");
    };
    assert!(near.starts_with("lung.release.rate"), "{near}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// All organs, species, products, routes and labels, with and without a response.
    #[test]
    fn no_parameter_of_a_network_has_the_name_of_a_row(
        scenario in scenarios(),
        label in any::<prop::sample::Index>(),
        response in prop::option::of(prop::sample::select(vec![Response::OneWay, Response::Feedback])),
    ) {
        let tables = Parameters::for_host(scenario.host.species.name(), None).unwrap();
        let labels: Vec<String> = tables.labels().map(str::to_string).collect();
        let label = Label::new(label.get(&labels));
        let mut scenario = scenario.labelled(label);
        scenario.response = response;
        let model = scenario.assemble().unwrap();
        prop_assert!(model.network.parameters().len() > 50);
        for name in model.network.parameters() {
            let row = in_tables(&model.parameters, name);
            prop_assert!(row.is_none(), "{name} is a row of the tables: {row:?}");
        }
    }
}
