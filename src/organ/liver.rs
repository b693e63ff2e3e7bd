//! The liver: two inflows, one sieve, and the phagocytes to which the label goes.
//!
//! Blood comes from the hepatic artery and, three times as much, from the portal vein, which
//! collects what gut, pancreas and spleen drain. Both meet the same sinusoids. Kupffer cells take
//! up a large share of the remains that pass (rows `liver.debris_extraction` and
//! `liver.phagocyte_capacity`). In cirrhosis a share of the portal blood (`liver.shunt`) reaches the
//! veins by collaterals and meets no sinusoid.

use super::module::{Inflow, OrganModule};
use super::wiring::Wiring;
use super::{State, WiringError, tissue};
use crate::physiology::{Blood, Body, Organ};

/// The liver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Liver;

impl OrganModule for Liver {
    fn organ(&self) -> Organ {
        Organ::LIVER
    }

    fn inflows(&self, body: &Body) -> Vec<Inflow> {
        let artery = body.tissue(&Organ::LIVER).map_or(0.0, |tissue| tissue.flow);
        vec![
            Inflow {
                from: Blood::Arterial,
                flow: artery,
            },
            Inflow {
                from: Blood::Portal,
                flow: body.portal_flow(),
            },
        ]
    }

    fn wire(&self, wiring: &mut Wiring<'_>) -> Result<(), WiringError> {
        let shunt = wiring.parameter("liver", "shunt")?;
        let mut inflows = self.inflows(wiring.body());
        for inflow in inflows.iter_mut().filter(|i| i.from == Blood::Portal) {
            let past = shunt * inflow.flow / wiring.body().volume(Blood::Portal);
            wire_shunt(wiring, past);
            inflow.flow *= 1.0 - shunt;
        }
        tissue::wire(wiring, &self.organ(), &inflows, self.outflow())
    }
}

/// Portal blood that flows past the liver, with the cells and remains in it; `rate` in 1/h.
fn wire_shunt(wiring: &mut Wiring<'_>, rate: f64) {
    for population in wiring.populations() {
        let from = wiring.viable(Blood::Portal, State::Vascular, population);
        let to = wiring.viable(Blood::Venous, State::Vascular, population);
        let id = format!("liver.shunt{}", wiring.suffix(population));
        wiring.linear(&id, from, to, rate);
    }
    for product in wiring.products() {
        let from = wiring.remains(Blood::Portal, State::Debris, product);
        let to = wiring.remains(Blood::Venous, State::Debris, product);
        let id = format!("liver.debris_shunt{}", wiring.product_suffix(product));
        wiring.linear(&id, from, to, rate);
    }
}
