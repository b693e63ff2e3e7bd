//! The liver: two inflows, one sieve, and the phagocytes to which the label goes.
//!
//! Blood comes from the hepatic artery and, three times as much, from the portal vein, which
//! collects what gut, pancreas and spleen drain. Both meet the same sinusoids. Kupffer cells take
//! up a large share of the remains that pass (rows `liver.debris_extraction` and
//! `liver.phagocyte_capacity`).

use super::module::{Inflow, OrganModule};
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
}
