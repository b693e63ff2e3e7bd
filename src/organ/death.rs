//! Death: what kills living cells where, and who in the host does it.
//!
//! The rates of the table are those of a competent host. Of the death of cells in blood, complement
//! has the share `blood.complement_share`; of the death of cells outside the blood stream,
//! macrophages have the share `<organ>.macrophage_share`, which slows as they fill. What a host lacks
//! is left out, what it has more of is added. Activated natural killer cells and, from some day on, T
//! cells kill besides.
//!
//! ```text
//! in blood   mu (1 - c + c C m_c) + nk A + T
//! in tissue  mu (1 - s)           + nk A + T     and   mu s M K/(K + ingested)   by macrophages
//! ```
//!
//! `mu` death rate times that of the product, `c` and `s` the shares, `C` complement and `M`
//! macrophages relative to a competent host, `m_c` the match of the donor to complement, `nk`
//! lysis by natural killer cells times their number, `A` the share of them that is activated, `T`
//! lysis by T cells.

use super::phagocytes::{held, wire_blocked};
use super::wiring::Wiring;
use super::{Place, State, WiringError};
use crate::data::{DataError, Parameters};

/// Death in one state, into the remains of the same place.
pub(crate) fn wire_death(
    wiring: &mut Wiring<'_>,
    place: Place,
    state: State,
    parameter: &str,
) -> Result<(), WiringError> {
    let registry_place = match &place {
        Place::Organ(organ) => organ.name().to_string(),
        _ => "blood".to_string(),
    };
    let rate = wiring.parameter(&registry_place, parameter)?;
    let host = wiring.defence()?;
    let in_blood = matches!(state, State::Vascular | State::Artery);
    let (complement_share, macrophage_share) = if in_blood {
        (host.complement_share, 0.0)
    } else {
        (0.0, wiring.parameter(&registry_place, "macrophage_share")?)
    };
    for population in wiring.populations() {
        let traits = population.traits;
        let base = rate * traits.death_factor;
        let alive = wiring.viable(place.clone(), state, population);
        let dead = wiring.remains(place.clone(), State::Debris, population.product);
        let suffix = wiring.suffix(population);
        let complement =
            1.0 - complement_share + complement_share * host.complement * traits.complement;
        let lysis = host.nk_lysis + host.t_cells * traits.t_cell_lysis;
        let total = base * (1.0 - macrophage_share) * complement + lysis;
        let id = format!("{place}.death_{state}{suffix}");
        wiring.linear(&id, alive, dead, total);
        if let Place::Organ(organ) = &place
            && macrophage_share > 0.0
        {
            let id = format!("{place}.attack_{state}{suffix}");
            let attack = base * macrophage_share * host.macrophages;
            let held = |wiring: &mut Wiring<'_>| held(wiring, organ);
            wire_blocked(wiring, organ, &id, (alive, dead), held, attack)?;
        }
    }
    Ok(())
}

/// What the host has against cells, the same in all places.
#[derive(Debug, Clone, Copy)]
pub(super) struct Defence {
    complement_share: f64,
    complement: f64,
    macrophages: f64,
    /// By natural killer cells, 1/h.
    nk_lysis: f64,
    t_cells: f64,
}

impl Defence {
    pub(super) fn of(parameters: &Parameters) -> Result<Self, DataError> {
        let host = "immunity";
        let get = |name| parameters.get(host, name);
        Ok(Self {
            complement_share: parameters.get("blood", "complement_share")?,
            complement: get("complement")?,
            macrophages: get("macrophages")?,
            nk_lysis: get("nk_cells")? * get("nk_activation")? * get("nk_lysis")?,
            t_cells: get("t_cells")?,
        })
    }
}
