//! Promise: what the founding review says can be seen in the model, over hosts and products.
//!
//! Eggenhofer, Luk, Dahlke, Hoogduijn (2014), Front Immunol 5:148. One test a claim; each threshold has
//! its reason. Showing a claim is not predicting it: starting values were chosen for the picture of an
//! intravenous dose.
#![allow(clippy::unwrap_used)] // a test may fail loudly

use biodist::assembly::Signal;
use biodist::observation::{Assay, ReadingUnit};
use biodist::prelude::*;
use biodist::scenario::{Matching, Response};

/// Hosts with a usual dose, 1 to 25 million cells per kg.
fn hosts() -> Vec<(Host, f64)> {
    vec![
        (Host::mouse(20.g()), 5e5),
        (Host::rat(250.g()), 2e6),
        (Host::new("rabbit"), 5e6),
        (Host::new("dog"), 2e7),
        (Host::new("pig"), 1e8),
        (Host::new("monkey"), 1e7),
        (Host::human(73.kg()), 1e8),
        (Host::woman(60.kg()), 1e8),
    ]
}

/// Culture-expanded MSC of several sources.
fn expanded() -> [Product; 5] {
    [
        Product::bone_marrow_msc(),
        Product::new("adipose_msc"),
        Product::new("umbilical_cord_msc"),
        Product::new("mouse_msc"),
        Product::new("rat_msc"),
    ]
}

fn given(host: &Host, cells: f64, product: &Product, route: Route) -> Scenario {
    Scenario::new(host.clone())
        .dose(Dose::new(cells.cells(), product.clone()).by(route))
        .until(3.days())
}

fn run(host: &Host, cells: f64, product: &Product, route: Route) -> Run {
    given(host, cells, product, route).simulate().unwrap()
}

/// Shares of the living cells that are in each of some organs at a time.
fn shares(run: &Run, organs: &[Organ], time: Time) -> Vec<f64> {
    let ledger = run.ledger(time).unwrap();
    let of = |organ: &Organ| ledger.viable(organ.clone()) / ledger.viable_in_body();
    organs.iter().map(of).collect()
}

#[test]
fn msc_stop_in_the_first_capillary_bed_that_they_meet() {
    let first_beds = [
        (Route::intravenous(), Organ::LUNG),
        (Route::portal_vein(), Organ::LIVER),
        (Route::renal_artery(), Organ::KIDNEY),
        (Route::hepatic_artery(), Organ::LIVER),
        (Route::carotid_artery(), Organ::BRAIN),
        (Route::intracoronary(), Organ::HEART),
    ];
    for (host, cells) in hosts() {
        for product in expanded() {
            for (route, first) in &first_beds {
                let run = run(&host, cells, &product, route.clone());
                // "The majority": more than half, though part of a selective dose flows past.
                let share = shares(&run, std::slice::from_ref(first), 5.minutes())[0];
                assert!(share > 0.5, "{} {route:?}: {share}", host.species);
            }
        }
    }
}

#[test]
fn cultured_msc_are_wider_than_the_capillaries_of_the_lung() {
    for (host, _) in hosts() {
        let weight = host.weight.map(|w| w.value());
        let numbers = biodist::data::Parameters::for_host(host.species.name(), weight).unwrap();
        // Half of rigid particles of this diameter pass; "about 20 um" is far above.
        let width = numbers.get("lung", "sieve_diameter").unwrap();
        for product in expanded() {
            assert!(product.traits(&numbers).unwrap().diameter > 1.5 * width);
        }
    }
}

#[test]
fn intravenous_msc_are_in_the_lung_at_first_and_gone_within_a_day() {
    for (host, cells) in hosts() {
        for product in expanded() {
            let run = run(&host, cells, &product, Route::intravenous());
            let alive = |time| run.ledger(time).unwrap().viable(Organ::LUNG) / cells;
            // Viable at injection are 95 %; nearly all of them.
            assert!(alive(5.minutes()) > 0.8);
            // Re-culture finds them no more: under a tenth of the dose, whose half-life is hours.
            assert!(alive(24.hours()) < 0.1);
        }
    }
}

#[test]
fn no_living_cell_is_cultured_from_any_other_organ() {
    // The mouse, whose organs were put into culture, at the dose of that study; about one cell in a
    // thousand is found again. Four times as many in a rat would show some in other organs.
    for weight in [18.0, 20.0, 25.0] {
        let host = Host::mouse(weight.g());
        let run = run(
            &host,
            5e5,
            &Product::bone_marrow_msc(),
            Route::intravenous(),
        );
        let times = [1.hours(), 6.hours(), 24.hours(), 72.hours()];
        let read = |organ| {
            let culture = Assay::culture().in_unit(ReadingUnit::CellsRecovered);
            let values = run.read(&culture, organ, &times).unwrap().values;
            values.map_found()
        };
        for organ in [
            Organ::LIVER,
            Organ::SPLEEN,
            Organ::KIDNEY,
            Organ::BONE_MARROW,
        ] {
            assert_eq!(read(organ), [false; 4]);
        }
        let lung = read(Organ::LUNG);
        assert!(lung[0] && lung[1]);
    }
}

/// Whether each reading is above its limit.
trait MapFound {
    fn map_found(&self) -> [bool; 4];
}

impl MapFound for Vec<biodist::observation::Value> {
    fn map_found(&self) -> [bool; 4] {
        [0, 1, 2, 3].map(|k| self[k].detected().is_some())
    }
}

#[test]
fn after_a_day_the_label_is_in_liver_and_spleen_and_the_cells_are_dead() {
    for (host, cells) in hosts() {
        let scenario = given(
            &host,
            cells,
            &Product::bone_marrow_msc(),
            Route::intravenous(),
        );
        let run = scenario.labelled(Label::chromium_51()).simulate().unwrap();
        let counter = Assay::gamma_counter(Label::chromium_51()).in_unit(ReadingUnit::PercentDose);
        let read = |organ: Organ| {
            let values = run.read(&counter, organ, &[1.hours(), 24.hours()]);
            let values = values.unwrap().values;
            [0, 1].map(|k| values[k].detected().unwrap_or(0.0))
        };
        let (lung, liver, spleen) = (read(Organ::LUNG), read(Organ::LIVER), read(Organ::SPLEEN));
        // The majority in the lung at 1 h, the liver ahead of it at 24 h, and the spleen after that.
        assert!(lung[0] > 50.0 && liver[0] < lung[0]);
        assert!(
            liver[1] > lung[1] && spleen[1] > spleen[0] && spleen[1] < liver[1],
            "{}: {lung:?} {liver:?} {spleen:?}",
            host.species
        );
        let day = run.ledger(24.hours()).unwrap();
        for organ in [Organ::LIVER, Organ::SPLEEN] {
            // Dead: fewer than one in a hundred of what is counted there lives.
            assert!(day.viable(organ.clone()) < 0.01 * day.remains(organ));
        }
    }
}

#[test]
fn arterial_delivery_avoids_the_lung() {
    for (host, cells) in hosts() {
        let product = Product::bone_marrow_msc();
        let vein = run(&host, cells, &product, Route::intravenous());
        let lung = |run: &Run| shares(run, &[Organ::LUNG], 5.minutes())[0];
        for route in [Route::arterial(), Route::left_ventricle()] {
            let artery = run(&host, cells, &product, route);
            // Most stop in the organs: less than half of what the vein brings to the lung.
            assert!(lung(&artery) < 0.5 * lung(&vein), "{}", host.species);
        }
    }
}

#[test]
fn cells_given_into_the_renal_artery_stay_in_the_kidney_for_days() {
    for (host, cells) in hosts() {
        let product = Product::bone_marrow_msc();
        let run = run(&host, cells, &product, Route::renal_artery());
        let kidney = run.ledger(3.days()).unwrap().viable(Organ::KIDNEY);
        // "At least several days": after three, more than a twentieth of the dose.
        assert!(kidney > 0.05 * cells, "{}", kidney / cells);
    }
}

#[test]
fn the_portal_vein_favours_the_liver() {
    for (host, cells) in hosts() {
        let liver = |route| {
            let run = run(&host, cells, &Product::bone_marrow_msc(), route);
            run.ledger(24.hours()).unwrap().viable(Organ::LIVER)
        };
        // "Far better" than the vena cava: an order of magnitude.
        assert!(liver(Route::portal_vein()) > 10.0 * liver(Route::intravenous()));
    }
}

#[test]
fn a_needle_in_the_heart_favours_the_heart() {
    for (host, cells) in hosts() {
        let heart = |route| {
            let run = run(&host, cells, &Product::bone_marrow_msc(), route);
            run.ledger(24.hours()).unwrap().viable(Organ::HEART)
        };
        // "Poor" by vein, improved by injection: an order of magnitude.
        assert!(heart(Route::intramyocardial()) > 10.0 * heart(Route::intravenous()));
    }
}

/// Living cells outside the vessels of an organ after a day.
fn homed(scenario: &Scenario, organ: &Organ) -> f64 {
    let ledger = scenario.simulate().unwrap().ledger(24.hours()).unwrap();
    ledger.sum(|row| row.place == organ.clone().into() && row.state == State::Resident)
}

#[test]
fn cells_reappear_at_injured_tissue_and_receptors_and_priming_call_more() {
    for (host, cells) in hosts() {
        for (injury, organ) in [
            (Condition::acute_kidney_injury(), Organ::KIDNEY),
            (Condition::myocardial_infarction(), Organ::HEART),
        ] {
            let hurt = host.clone().with_condition(injury.since(12.hours()));
            let of = |host: &Host, product: Product| {
                homed(&given(host, cells, &product, Route::intravenous()), &organ)
            };
            let msc = Product::bone_marrow_msc;
            let (well, ill) = (of(&host, msc()), of(&hurt, msc()));
            let primed = of(&hurt, msc().prepared("tnf_alpha"));
            let overexpressing = of(&hurt, msc().prepared("cxcr4_overexpressing"));
            // Directions only: none of the four has a number that is measured here.
            assert!(well < ill && ill < primed && primed < overexpressing);
        }
    }
}

#[test]
fn fresh_cells_are_smaller_and_home_better_than_expanded_ones() {
    for (host, cells) in hosts() {
        let hurt = host.with_condition(Condition::acute_kidney_injury().since(12.hours()));
        let kidney = |product: Product| {
            homed(
                &given(&hurt, cells, &product, Route::intravenous()),
                &Organ::KIDNEY,
            )
        };
        let msc = Product::bone_marrow_msc;
        let fresh = kidney(msc().prepared("freshly_isolated"));
        let [early, late] = [3.0, 10.0].map(|passage| kidney(msc().passage(passage)));
        assert!(fresh > early && early > late);
    }
}

#[test]
fn preparations_of_other_kinds_migrate_otherwise() {
    // Classical MSC and multipotent adult progenitor cells: the smaller pass the lung more often.
    for (host, cells) in hosts() {
        let past = |product: Product| {
            let run = run(&host, cells, &product, Route::intravenous());
            1.0 - shares(&run, &[Organ::LUNG], 5.minutes())[0]
        };
        assert!(past(Product::new("mapc")) > 1.5 * past(Product::bone_marrow_msc()));
    }
}

#[test]
fn activated_killer_cells_lyse_msc_autologous_or_not() {
    for (host, cells) in hosts() {
        let active = host.clone().with_condition(Condition::activated_nk());
        for matching in [Matching::Autologous, Matching::Allogeneic] {
            let product = Product::bone_marrow_msc().matching(matching);
            let alive = |host: &Host| {
                let run = run(host, cells, &product, Route::intravenous());
                run.ledger(6.hours()).unwrap().viable_in_body()
            };
            // Lysed within hours in vitro: fewer than half of what resting ones leave.
            assert!(alive(&active) < 0.5 * alive(&host));
        }
    }
}

#[test]
fn macrophages_clear_msc() {
    for (host, cells) in hosts() {
        let product = Product::bone_marrow_msc();
        let without = host
            .clone()
            .with_condition(Condition::new("macrophage_depleted"));
        let [with, without] = [host, without].map(|host| {
            let run = run(&host, cells, &product, Route::intravenous());
            run.ledger(24.hours()).unwrap()
        });
        // Without them more cells live, and remains stay in blood for longer. In the end as much is
        // taken up: blood brings remains again and again to the few that are left.
        assert!(without.viable_in_body() > 1.2 * with.viable_in_body());
        let venous = Blood::Venous;
        assert!(without.remains(venous) > 2.0 * with.remains(venous));
    }
}

#[test]
fn a_systemic_response_comes_within_hours_and_regulation_after_it() {
    for (host, cells) in hosts() {
        let scenario = given(
            &host,
            cells,
            &Product::bone_marrow_msc(),
            Route::intravenous(),
        )
        .until(10.days())
        .responding(Response::OneWay);
        let run = scenario.simulate().unwrap();
        let peak = |signal| run.response(signal).unwrap().time_of_peak();
        let chain = [
            Signal::InflammatoryPhagocytes,
            Signal::SerumMediators,
            Signal::RegulatoryPhagocytes,
            Signal::RegulatoryCytokines,
            Signal::RegulatoryTCells,
        ]
        .map(peak);
        // "Within hours"; then type 2 macrophages, IL-10 and CCL18, regulatory T cells, in that order.
        assert!(chain[1] < 6.0, "{chain:?}");
        assert!(chain.windows(2).all(|pair| pair[0] < pair[1]), "{chain:?}");
        // Regulation outlasts the cells.
        let day = run.ledger(72.hours()).unwrap();
        assert!(chain[4] > 24.0 && day.viable_in_body() < 0.05 * day.dose);
    }
}

#[test]
fn eating_dead_msc_makes_phagocytes_regulatory() {
    for (host, cells) in hosts() {
        let regulatory = |rate: f64| {
            let scenario = given(
                &host,
                cells,
                &Product::bone_marrow_msc(),
                Route::intravenous(),
            )
            .with("response.phagocytosis", rate)
            .responding(Response::OneWay);
            let run = scenario.simulate().unwrap();
            let inflammatory = run.response(Signal::InflammatoryPhagocytes).unwrap();
            inflammatory.cells.iter().sum::<f64>()
        };
        // Fewer stay inflammatory where remains are eaten.
        assert!(regulatory(1000.0) < regulatory(0.0));
    }
}

#[test]
fn endogenous_msc_come_by_blood_from_the_marrow_or_from_the_tissue_itself() {
    for (host, _) in hosts() {
        let reach = |niche: Organ, hurt: bool| {
            let mut host = host.clone();
            if hurt {
                host = host.with_condition(Condition::new("skin_wound"));
            }
            let own = Product::new("endogenous_msc").matching(Matching::Autologous);
            let route = Route::niche(niche.clone());
            let run = run(&host, 1e5, &own, route);
            let skin = run.ledger(3.days()).unwrap();
            let place = Place::Organ(Organ::SKIN);
            skin.sum(|row| row.place == place && row.state == State::Resident)
        };
        // Figure 1A and 1B. An injury calls by both; cells that are there need not travel.
        let (marrow, skin) = (Organ::BONE_MARROW, Organ::SKIN);
        assert!(reach(marrow.clone(), true) > 5.0 * reach(marrow.clone(), false));
        assert!(reach(skin.clone(), true) > 5.0 * reach(skin.clone(), false));
        assert!(reach(skin, true) > 5.0 * reach(marrow, true));
    }
}
