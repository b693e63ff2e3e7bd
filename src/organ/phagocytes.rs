//! What phagocytes do, the slower the more they hold: eat remains, and kill.

use super::wiring::Wiring;
use super::{State, WiringError};
use crate::network::{PoolId, RateLaw};
use crate::physiology::Organ;

/// What the phagocytes of an organ hold, of every product.
pub(super) fn held(wiring: &mut Wiring<'_>, organ: &Organ) -> Vec<PoolId> {
    let products = wiring.products();
    products
        .iter()
        .map(|product| wiring.remains(organ.clone(), State::Ingested, *product))
        .collect()
}

/// A transfer at `rate * from * K / (K + load)`, `K` the capacity of the phagocytes of the organ; at
/// `rate * from` without saturation and in cavities, where the load is not asked for.
pub(super) fn wire_blocked(
    wiring: &mut Wiring<'_>,
    organ: &Organ,
    id: &str,
    (from, to): (PoolId, PoolId),
    load: impl FnOnce(&mut Wiring<'_>) -> Vec<PoolId>,
    rate: f64,
) -> Result<(), WiringError> {
    let Some(tissue) = wiring.body().tissue(organ).filter(|_| wiring.saturation()) else {
        wiring.linear(id, from, to, rate);
        return Ok(());
    };
    let half = wiring.parameter(organ.name(), "phagocyte_capacity")? * tissue.mass;
    let law = RateLaw::Blocked {
        constant: 1.0,
        load: load(wiring),
        parameter: wiring.rate(id, rate),
        half: wiring.network_parameter(&format!("{id}.half"), half),
    };
    wiring.transfer(id, from, to, law);
    Ok(())
}
