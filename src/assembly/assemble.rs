//! The page of steps: embody, prepare the cells, wire the organs, connect the doses, schedule.

use super::administration::{self, Administration};
use super::{AssemblyError, Atlas, LabelPools, ResponsePools, labelling, response};
use crate::data::{DataError, Parameters};
use crate::instant;
use crate::network::{Action, Network, NetworkBuilder, ParameterId, RateLaw, Schedule};
use crate::organ::{
    OrganModule, PoolKey, Population, State, Wiring, WiringError, standard, wire_death,
};
use crate::physiology::{Blood, Body, Organ};
use crate::scenario::{CellTraits, Entry, Product, Scenario};
use crate::units::Mass;

/// A scenario, assembled: ready to be integrated as often as wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What was asked.
    pub scenario: Scenario,
    /// The body, as it is at time zero.
    pub body: Body,
    /// Every number that was used, with the scenario's changes, as at time zero.
    pub parameters: Parameters,
    /// Pools and transfers.
    pub network: Network,
    /// Doses and changes in time.
    pub schedule: Schedule,
    /// What each pool holds.
    pub atlas: Atlas,
    /// Things the user should know: what is assumed, what is unusual.
    pub notes: Vec<String>,
    pub(super) administrations: Vec<Administration>,
}

/// The scenario at one time: a body and a network with the numbers of that time.
struct Regime {
    body: Body,
    parameters: Parameters,
    network: Network,
    keys: Vec<PoolKey>,
    labels: Vec<LabelPools>,
    response: Option<ResponsePools>,
    administrations: Vec<Administration>,
}

impl Scenario {
    /// Builds body, network and schedule.
    ///
    /// # Errors
    /// [`AssemblyError`]: every fault of the scenario at once, a body that does not close, a
    /// network that does not hold together.
    ///
    /// # Example
    /// ```
    /// use biodist::prelude::*;
    /// let model = Scenario::new(Host::rat(250.g()))
    ///     .dose(Dose::new(1e6.cells(), Product::bone_marrow_msc()))
    ///     .assemble()?;
    /// assert!(model.network.pool("lung.lodged").is_ok());
    /// # Ok::<(), biodist::Error>(())
    /// ```
    pub fn assemble(&self) -> Result<Model, AssemblyError> {
        self.assemble_with(&[])
    }

    /// As [`Self::assemble`], with modules of your own in place of the standard ones of the same
    /// organs.
    ///
    /// # Errors
    /// As [`Self::assemble`]; [`WiringError::NoSuchOrgan`] for a module without an organ.
    pub fn assemble_with(&self, modules: &[&dyn OrganModule]) -> Result<Model, AssemblyError> {
        self.check()?;
        let start = regime(self, 0.0, modules)?;
        let schedule = schedule(self, &start, modules)?;
        let products = self.products().into_iter().map(|p| p.kind.clone());
        Ok(Model {
            scenario: self.clone(),
            notes: notes(self, &start.parameters),
            atlas: Atlas::new(start.keys, products.collect(), start.labels, start.response),
            body: start.body,
            parameters: start.parameters,
            network: start.network,
            schedule,
            administrations: start.administrations,
        })
    }
}

/// Embody, prepare, wire, connect: the network with the numbers that hold at `time` (h).
fn regime(
    scenario: &Scenario,
    time: f64,
    modules: &[&dyn OrganModule],
) -> Result<Regime, AssemblyError> {
    let parameters = scenario.parameters_at(time)?;
    let weight = scenario.host.weight.map(Mass::value);
    let body = Body::new(&parameters, weight, &scenario.organs())?;
    let products = scenario.products();
    let traits = products
        .iter()
        .map(|product| traits_at(scenario, product, &parameters, time))
        .collect::<Result<Vec<_>, _>>()?;
    let populations = populations(&traits, scenario.size_classes);
    let title = &scenario.title;
    let mut wiring = Wiring::new(title, &body, &parameters, &populations, scenario.saturation);
    let organs = enter(scenario, &mut wiring);
    wire_organs(&mut wiring, &organs, modules)?;
    wire_blood(&mut wiring)?;
    // What a dose is made of is settled at time zero: a later change does not alter it.
    let begin = (time > 0.0).then(|| scenario.parameters_at(0.0));
    let begin = begin.transpose()?;
    let begin = begin.as_ref().unwrap_or(&parameters);
    let administrations = connect_doses(scenario, &mut wiring, &products, begin)?;
    let (mut builder, keys) = wiring.finish();
    let asked = scenario.response.map(|asked| {
        let host = (&parameters, &body);
        response::attach(&mut builder, &keys, asked, host)
    });
    let response = asked.transpose()?;
    let labels = attach_labels(scenario, &mut builder, &keys, &parameters)?;
    Ok(Regime {
        network: builder.build()?,
        keys,
        labels,
        response,
        administrations,
        body,
        parameters,
    })
}

/// The traits of a product at a time: T cells leave it alone until they know it.
fn traits_at(
    scenario: &Scenario,
    product: &Product,
    parameters: &Parameters,
    time: f64,
) -> Result<CellTraits, DataError> {
    let traits = product.traits(parameters)?;
    let attacked = scenario.rejection_of(product, parameters)?;
    if attacked.is_some_and(|onset| instant::reached(onset, time)) {
        return Ok(traits);
    }
    Ok(CellTraits {
        t_cell_lysis: 0.0,
        ..traits
    })
}

fn populations(traits: &[CellTraits], classes: usize) -> Vec<Population> {
    let product = |(product, traits): (usize, &CellTraits)| {
        let traits = *traits;
        (0..classes).map(move |class| Population {
            product,
            class,
            classes,
            traits,
        })
    };
    traits.iter().enumerate().flat_map(product).collect()
}

/// Marks the arteries and depots that routes open into; gives the organs with their cavities.
fn enter(scenario: &Scenario, wiring: &mut Wiring<'_>) -> Vec<Organ> {
    let mut organs = scenario.organs();
    for dose in &scenario.doses {
        match dose.route.entry() {
            Some(Entry::Artery(organ)) => wiring.enter(&organ, State::Artery),
            Some(Entry::Niche(organ)) => wiring.enter(&organ, State::Niche),
            Some(Entry::Depot(organ)) => {
                wiring.enter(&organ, State::Depot);
                if !organs.contains(&organ) {
                    organs.push(organ);
                }
            }
            _ => {}
        }
    }
    organs
}

fn wire_organs(
    wiring: &mut Wiring<'_>,
    organs: &[Organ],
    modules: &[&dyn OrganModule],
) -> Result<(), WiringError> {
    if let Some(module) = modules.iter().find(|m| !organs.contains(&m.organ())) {
        return Err(WiringError::NoSuchOrgan {
            organ: module.organ(),
        });
    }
    for organ in organs {
        match modules.iter().find(|module| module.organ() == *organ) {
            Some(module) => module.wire(wiring)?,
            None => standard(organ).wire(wiring)?,
        }
    }
    Ok(())
}

/// Cells die in the great vessels too.
fn wire_blood(wiring: &mut Wiring<'_>) -> Result<(), WiringError> {
    for blood in Blood::ALL {
        wire_death(wiring, blood.into(), State::Vascular, "death_vascular")?;
    }
    Ok(())
}

fn connect_doses(
    scenario: &Scenario,
    wiring: &mut Wiring<'_>,
    products: &[&Product],
    parameters: &Parameters,
) -> Result<Vec<Administration>, DataError> {
    let mut administrations = vec![];
    for (number, dose) in scenario.doses.iter().enumerate() {
        let Some(product) = products.iter().position(|p| **p == dose.product) else {
            continue;
        };
        // Routes of the user's own, and all but the selective arteries, have no row.
        let row = dose.route.known_name();
        let row = row.and_then(|name| parameters.find(name, "flow_past"));
        let (traits, past) = (dose.product.traits(parameters)?, row.unwrap_or(0.0));
        let connected = administration::connect(wiring, number, dose, product, &traits, past);
        administrations.push(connected);
    }
    Ok(administrations)
}

/// The second ledgers, beside the finished one of the cells.
fn attach_labels(
    scenario: &Scenario,
    builder: &mut NetworkBuilder,
    keys: &[PoolKey],
    parameters: &Parameters,
) -> Result<Vec<LabelPools>, AssemblyError> {
    if scenario.labels.is_empty() {
        return Ok(vec![]);
    }
    // Those of the response carry no cells.
    let mut transfers = builder.transfers().to_vec();
    transfers.retain(|transfer| transfer.from.index() < keys.len());
    let labels = scenario.labels.iter();
    labels
        .map(|label| labelling::attach(builder, keys, &transfers, label, parameters))
        .collect()
}

/// Changes of parameters as switches of the network's own, then the doses.
fn schedule(
    scenario: &Scenario,
    start: &Regime,
    modules: &[&dyn OrganModule],
) -> Result<Schedule, AssemblyError> {
    let mut schedule = Schedule::new();
    let mut before: Option<Network> = None;
    for time in scenario.switch_times()? {
        let last = before.as_ref().unwrap_or(&start.network);
        let next = regime(scenario, time, modules)?.network;
        if next.pools() != last.pools() || next.parameters() != last.parameters() {
            return Err(AssemblyError::ShapeChanges { time });
        }
        let mut actions = vec![];
        for (index, name) in next.parameters().iter().enumerate() {
            let value = next.values()[index];
            if value.to_bits() != last.values()[index].to_bits() {
                let parameter = next.parameter(name)?;
                if value < last.values()[index] && is_room(&next, parameter) {
                    return Err(AssemblyError::RoomShrinks {
                        time,
                        room: name.clone(),
                        before: last.values()[index],
                        after: value,
                    });
                }
                actions.push(Action::Set { parameter, value });
            }
        }
        schedule.at(time, actions)?;
        before = Some(next);
    }
    let copies: Vec<usize> = start.labels.iter().map(LabelPools::offset).collect();
    for administration in &start.administrations {
        administration.schedule(&mut schedule, &copies)?;
    }
    Ok(schedule)
}

/// Whether a parameter of the network is the room of a bed.
fn is_room(network: &Network, parameter: ParameterId) -> bool {
    let mut laws = network.transfers().iter().map(|transfer| &transfer.law);
    laws.any(|law| matches!(law, RateLaw::Capacity { capacity, .. } if *capacity == parameter))
}

/// What a reader of the results should know.
fn notes(scenario: &Scenario, parameters: &Parameters) -> Vec<String> {
    let places = scenario.places();
    let assumed = parameters.assumed(&places);
    let mut notes = vec![format!(
        "{assumed} numbers of host, product and route are assumed; docs/parameters.md lists them"
    )];
    let changed = parameters.changed();
    let (heard, idle): (Vec<_>, Vec<_>) = changed
        .iter()
        .partition(|(id, _)| places.contains(id.split('.').next().unwrap_or(id)));
    for (changed, what) in [
        (heard, "changed from the tables"),
        (
            idle,
            "changed without effect, since this scenario has no such thing",
        ),
    ] {
        let changed = changed
            .iter()
            .map(|(id, value)| format!("{id} = {}", short(**value)));
        let changed: Vec<String> = changed.collect();
        if !changed.is_empty() {
            notes.push(format!("{what}: {}", changed.join(", ")));
        }
    }
    notes
}

/// At most six digits: 0.0715 and not 0.07150000000000001, and no row of zeros.
fn short(value: f64) -> String {
    let rounded = format!("{value:.5e}").parse().unwrap_or(value);
    match rounded.abs() {
        size if size > 0.0 && !(1e-4..1e7).contains(&size) => format!("{rounded:e}"),
        _ => rounded.to_string(),
    }
}
