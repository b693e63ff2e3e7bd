//! What all organs share: the way in, the stay, the way out, death, and what becomes of remains.
//!
//! | from | to | rate |
//! |---|---|---|
//! | blood | lodged | `Q/V e` |
//! | blood | vascular | `Q/V (1 - e)` |
//! | vascular | outflow blood | `Q/V_o` |
//! | lodged | vascular | release, times dilation |
//! | lodged | resident | homing `eta (1 + g R S / (K + R S))` |
//! | resident | vascular | egress |
//! | depot | resident, outflow blood, outside | anchoring, washout, leak |
//! | niche | vascular, resident, lymph nodes | release, recruitment, lymph |
//! | any viable | debris | death, see [`super::death`] |
//! | debris | debris of the outflow blood | mobilisation |
//! | debris | ingested | ingestion, slowing as phagocytes fill |
//! | debris of inflow blood | ingested | extraction `eps Q/V`, slowing as phagocytes fill |
//! | ingested | excreted | elimination |
//!
//! `Q` flow, `V` volume of the blood it comes from, `V_o` of the vessels of the organ, `e` the
//! capture of [`super::capture`], `R` receptor level of the cells, `S` chemokine of the organ.

use super::capture::Sieve;
use super::death::wire_death;
use super::module::{Inflow, OrganModule};
use super::phagocytes::{held, wire_blocked};
use super::wiring::Wiring;
use super::{Capture, Place, State, WiringError};
use crate::network::{PoolId, RateLaw};
use crate::physiology::{Blood, Organ};

/// An organ with nothing of its own: every difference to others is a row of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TissueModule(pub Organ);

impl OrganModule for TissueModule {
    fn organ(&self) -> Organ {
        self.0.clone()
    }

    fn outflow(&self) -> Blood {
        if Organ::PORTAL.contains(&self.0) {
            Blood::Portal
        } else {
            Blood::Venous
        }
    }
}

/// Everything of the table above.
pub(super) fn wire(
    wiring: &mut Wiring<'_>,
    organ: &Organ,
    inflows: &[Inflow],
    outflow: Blood,
) -> Result<(), WiringError> {
    for inflow in inflows {
        let rate = inflow.flow / wiring.body().volume(inflow.from);
        wire_inlet(wiring, organ, inflow.from.into(), State::Vascular, rate)?;
    }
    if wiring.is_entered(organ, State::Artery) {
        let rate = wiring.parameter(organ.name(), "artery_transit")?;
        wire_inlet(wiring, organ, organ.clone().into(), State::Artery, rate)?;
        wire_death(
            wiring,
            organ.clone().into(),
            State::Artery,
            "death_vascular",
        )?;
    }
    wire_vessels(wiring, organ, inflows, outflow)?;
    wire_lodged(wiring, organ)?;
    wire_residents(wiring, organ, organ.clone().into())?;
    if wiring.is_entered(organ, State::Depot) {
        wire_depot(wiring, organ, outflow)?;
    }
    if wiring.is_entered(organ, State::Niche) {
        wire_niche(wiring, organ)?;
    }
    wire_remains(wiring, organ, outflow)?;
    for inflow in inflows {
        wire_phagocytes(wiring, organ, *inflow, outflow)?;
    }
    Ok(())
}

/// Cells entering: some lodge, the others pass. As vessels fill, those that find no room pass too.
fn wire_inlet(
    wiring: &mut Wiring<'_>,
    organ: &Organ,
    source: Place,
    state: State,
    rate: f64,
) -> Result<(), WiringError> {
    let occupants = wiring.all_viable(organ.clone(), State::Lodged);
    let mass = wiring
        .body()
        .tissue(organ)
        .map_or(0.0, |tissue| tissue.mass);
    let room = wiring.parameter(organ.name(), "lodging_capacity")? * mass;
    for population in wiring.populations() {
        let traits = population.traits;
        let sieve = Sieve::of(wiring.parameters(), organ, &traits)?;
        let (class, classes) = (population.class, population.classes);
        let Capture { lodging, passing } =
            sieve.capture_class(traits.diameter, traits.diameter_gsd, class, classes);
        let from = wiring.viable(source.clone(), state, population);
        let lodged = wiring.viable(organ.clone(), State::Lodged, population);
        let vascular = wiring.viable(organ.clone(), State::Vascular, population);
        let entry = if state == State::Artery {
            "artery"
        } else {
            source.name()
        };
        let id = |what: &str| format!("{organ}.{what}_from_{entry}{}", wiring.suffix(population));
        let (stop, pass, crowded, full) = (
            id("lodging"),
            id("passing"),
            id("crowded_passing"),
            id("room"),
        );
        wiring.linear(&pass, from, vascular, rate * passing);
        if !wiring.saturation() {
            wiring.linear(&stop, from, lodged, rate * lodging);
            continue;
        }
        let parameter = wiring.rate(&stop, rate * lodging);
        let capacity = wiring.network_parameter(&full, room);
        let law = RateLaw::Capacity {
            constant: 1.0,
            parameter,
            occupants: occupants.clone(),
            capacity,
        };
        wiring.transfer(&stop, from, lodged, law);
        let parameter = wiring.rate(&crowded, rate * lodging / room);
        let law = RateLaw::MassAction {
            constant: 1.0,
            parameter,
            others: occupants.clone(),
        };
        wiring.transfer(&crowded, from, vascular, law);
    }
    Ok(())
}

/// Blood of the organ: it flows on, and cells in it die.
fn wire_vessels(
    wiring: &mut Wiring<'_>,
    organ: &Organ,
    inflows: &[Inflow],
    outflow: Blood,
) -> Result<(), WiringError> {
    let flow: f64 = inflows.iter().map(|inflow| inflow.flow).sum();
    let volume = wiring
        .body()
        .tissue(organ)
        .map_or(0.0, |tissue| tissue.vascular_volume);
    for population in wiring.populations() {
        let vascular = wiring.viable(organ.clone(), State::Vascular, population);
        let blood = wiring.viable(outflow, State::Vascular, population);
        let id = format!("{organ}.outflow{}", wiring.suffix(population));
        wiring.linear(&id, vascular, blood, flow / volume);
    }
    wire_death(
        wiring,
        organ.clone().into(),
        State::Vascular,
        "death_vascular",
    )
}

/// Lodged cells: they pass on, leave the vessel for the tissue, or die.
fn wire_lodged(wiring: &mut Wiring<'_>, organ: &Organ) -> Result<(), WiringError> {
    let get = |name| wiring.parameter(organ.name(), name);
    let release = get("release")? * get("dilation")?;
    let (homing, gain) = (get("homing")?, get("homing_gain")?);
    let (chemokine, half) = (get("chemokine")?, get("chemokine_half")?);
    for population in wiring.populations() {
        let traits = population.traits;
        let raised = saturating(traits.receptor * chemokine, half);
        let lodged = wiring.viable(organ.clone(), State::Lodged, population);
        let vascular = wiring.viable(organ.clone(), State::Vascular, population);
        let resident = wiring.viable(organ.clone(), State::Resident, population);
        let suffix = wiring.suffix(population);
        let rate = release * traits.release_factor;
        wiring.linear(&format!("{organ}.release{suffix}"), lodged, vascular, rate);
        let rate = homing * (1.0 + gain * raised);
        wiring.linear(&format!("{organ}.homing{suffix}"), lodged, resident, rate);
    }
    wire_death(wiring, organ.clone().into(), State::Lodged, "death_lodged")
}

/// Cells outside the vessels: they go back to the blood at `way_out`, or die.
pub(super) fn wire_residents(
    wiring: &mut Wiring<'_>,
    organ: &Organ,
    way_out: Place,
) -> Result<(), WiringError> {
    let egress = wiring.parameter(organ.name(), "egress")?;
    for population in wiring.populations() {
        let resident = wiring.viable(organ.clone(), State::Resident, population);
        let vascular = wiring.viable(way_out.clone(), State::Vascular, population);
        let id = format!("{organ}.egress{}", wiring.suffix(population));
        wiring.linear(&id, resident, vascular, egress);
    }
    wire_death(
        wiring,
        organ.clone().into(),
        State::Resident,
        "death_resident",
    )
}

/// Cells injected into the tissue: they anchor, are washed out into the blood that drains it, leak,
/// or die.
///
/// Source of the form: retention in beating, slowed and arrested hearts (Terrovitis 2009).
pub(super) fn wire_depot(
    wiring: &mut Wiring<'_>,
    organ: &Organ,
    outflow: Blood,
) -> Result<(), WiringError> {
    let get = |name| wiring.parameter(organ.name(), name);
    let (anchoring, leak) = (get("anchoring")?, get("leak")?);
    let washout = get("washout_rest")? + get("washout_contraction")? * get("contraction")?;
    for population in wiring.populations() {
        let depot = wiring.viable(organ.clone(), State::Depot, population);
        let resident = wiring.viable(organ.clone(), State::Resident, population);
        let blood = wiring.viable(outflow, State::Vascular, population);
        let lost = wiring.remains(Place::Outside, State::Undelivered, population.product);
        let suffix = wiring.suffix(population);
        let ways = [
            ("anchoring", resident, anchoring),
            ("washout", blood, washout),
            ("leak", lost, leak),
        ];
        for (what, to, rate) in ways {
            wiring.linear(&format!("{organ}.{what}{suffix}"), depot, to, rate);
        }
    }
    wire_death(wiring, organ.clone().into(), State::Depot, "death_depot")
}

/// Cells of the tissue's own: called into the blood, into the stroma where it is injured, or by
/// lymph to the lymph nodes. They do not die here: a niche renews itself.
fn wire_niche(wiring: &mut Wiring<'_>, organ: &Organ) -> Result<(), WiringError> {
    let get = |name| wiring.parameter(organ.name(), name);
    let (release, lymph) = (get("niche_release")?, get("niche_lymph")?);
    let (recruitment, half) = (get("recruitment")?, get("chemokine_half")?);
    let chemokine = get("chemokine")?;
    for population in wiring.populations() {
        let niche = wiring.viable(organ.clone(), State::Niche, population);
        let vascular = wiring.viable(organ.clone(), State::Vascular, population);
        let resident = wiring.viable(organ.clone(), State::Resident, population);
        let nodes = wiring.viable(Organ::LYMPH_NODES, State::Resident, population);
        let called = recruitment * saturating(population.traits.receptor * chemokine, half);
        let mut ways = vec![
            ("niche_release", vascular, release),
            ("recruitment", resident, called),
        ];
        if *organ != Organ::LYMPH_NODES {
            ways.push(("niche_lymph", nodes, lymph));
        }
        let suffix = wiring.suffix(population);
        for (what, to, rate) in ways {
            wiring.linear(&format!("{organ}.{what}{suffix}"), niche, to, rate);
        }
    }
    Ok(())
}

/// `signal / (half + signal)`; without a signal 0, even where half saturation is set to 0.
fn saturating(signal: f64, half: f64) -> f64 {
    if signal > 0.0 {
        signal / (half + signal)
    } else {
        0.0
    }
}

/// Remains in place: washed off with the blood, or taken up and eliminated.
pub(super) fn wire_remains(
    wiring: &mut Wiring<'_>,
    organ: &Organ,
    outflow: Blood,
) -> Result<(), WiringError> {
    let get = |name| wiring.parameter(organ.name(), name);
    let phagocytes = wiring.parameter("immunity", "macrophages")?;
    let (mobilisation, ingestion) = (get("mobilisation")?, get("ingestion")? * phagocytes);
    let elimination = get("ingested_elimination")?;
    for product in wiring.products() {
        let debris = wiring.remains(organ.clone(), State::Debris, product);
        let blood = wiring.remains(outflow, State::Debris, product);
        let ingested = wiring.remains(organ.clone(), State::Ingested, product);
        let excreted = wiring.remains(Place::Outside, State::Excreted, product);
        let suffix = wiring.product_suffix(product);
        let id = |what: &str| format!("{organ}.{what}{suffix}");
        wiring.linear(&id("mobilisation"), debris, blood, mobilisation);
        wire_uptake(wiring, organ, &id("ingestion"), debris, ingestion)?;
        wiring.linear(&id("elimination"), ingested, excreted, elimination);
    }
    Ok(())
}

/// Remains in the blood that flows in: the phagocytes of the organ take a share, the rest passes.
fn wire_phagocytes(
    wiring: &mut Wiring<'_>,
    organ: &Organ,
    inflow: Inflow,
    outflow: Blood,
) -> Result<(), WiringError> {
    let share = wiring.parameter(organ.name(), "debris_extraction")?;
    // Each of them misses as much as in a competent host.
    let taken = 1.0 - libm::pow(1.0 - share, wiring.parameter("immunity", "macrophages")?);
    let rate = inflow.flow / wiring.body().volume(inflow.from);
    for product in wiring.products() {
        let from = wiring.remains(inflow.from, State::Debris, product);
        let to = wiring.remains(outflow, State::Debris, product);
        let suffix = wiring.product_suffix(product);
        let id = |what: &str| format!("{organ}.{what}_from_{}{suffix}", inflow.from);
        wiring.linear(&id("debris_passing"), from, to, rate * (1.0 - taken));
        if share > 0.0 {
            wire_uptake(wiring, organ, &id("debris_extraction"), from, rate * taken)?;
        }
    }
    Ok(())
}

/// Uptake by the phagocytes of an organ: `rate * from * K / (K + load)`.
///
/// The load is what waits in `from` and what the phagocytes of the organ already hold, of every
/// product: this is how earlier remains block later uptake. What they leave stays in `from`.
fn wire_uptake(
    wiring: &mut Wiring<'_>,
    organ: &Organ,
    id: &str,
    from: PoolId,
    rate: f64,
) -> Result<(), WiringError> {
    let mut load = vec![from];
    load.extend(held(wiring, organ));
    let own = wiring.product_of(from);
    let to = wiring.remains(organ.clone(), State::Ingested, own);
    wire_blocked(wiring, organ, id, (from, to), |_| load, rate)
}
