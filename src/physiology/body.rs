//! A body of a given species and weight, from the registry.

use serde::{Deserialize, Serialize};

use super::{Blood, Organ, PhysiologyError};
use crate::data::Parameters;

/// One perfused organ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tissue {
    /// Its name.
    pub organ: Organ,
    /// Mass with its blood, g.
    pub mass: f64,
    /// Arterial inflow, mL/h; for the lung the whole cardiac output, from the veins.
    pub flow: f64,
    /// Blood in its own vessels, mL.
    pub vascular_volume: f64,
}

/// Organs, flows and volumes that close.
///
/// Organ flows sum to the cardiac output (the rest of the body takes the remainder), portal flow
/// is the sum of its tributaries, and the blood in organs leaves room for the great vessels.
/// Tissue density is taken as 1 g/mL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// Body weight, g.
    pub weight: f64,
    /// Cardiac output, mL/h.
    pub cardiac_output: f64,
    /// All blood, mL.
    pub blood_volume: f64,
    /// Volume of venous, arterial and portal blood outside organs, mL.
    vessels: [f64; 3],
    tissues: Vec<Tissue>,
}

impl Body {
    /// Builds a body with the organs named, the rest of the body last among them.
    ///
    /// `weight` in g; without one, the reference weight of the species.
    ///
    /// # Errors
    /// [`PhysiologyError`] when flows, masses or volumes do not close, naming both sums.
    pub fn new(
        parameters: &Parameters,
        weight: Option<f64>,
        organs: &[Organ],
    ) -> Result<Self, PhysiologyError> {
        let weight = weight.map_or_else(|| parameters.get("body", "reference_weight"), Ok)?;
        if !(weight.is_finite() && weight > 0.0) {
            return Err(PhysiologyError::BadWeight { weight });
        }
        let cardiac_output = parameters.get("body", "cardiac_output")? * 60.0;
        let blood_volume = parameters.get("body", "blood_volume")?;
        let mut tissues = vec![];
        let (mut masses, mut flows) = (0.0, 0.0);
        for organ in organs.iter().filter(|organ| **organ != Organ::REST) {
            let get = |name| parameters.get(organ.name(), name);
            let mass = get("mass_fraction")? * weight;
            let flow = if *organ == Organ::LUNG {
                cardiac_output
            } else {
                let flow = get("flow_fraction")? * cardiac_output;
                flows += flow;
                flow
            };
            masses += mass;
            tissues.push(Tissue {
                organ: organ.clone(),
                mass,
                flow,
                vascular_volume: mass * get("vascular_fraction")?,
            });
        }
        let mass = remainder("organ masses", masses, weight, "g")?;
        tissues.push(Tissue {
            organ: Organ::REST,
            mass,
            flow: remainder("organ flows", flows, cardiac_output, "mL/h")?,
            vascular_volume: mass * parameters.get("rest", "vascular_fraction")?,
        });
        let within: f64 = tissues.iter().map(|tissue| tissue.vascular_volume).sum();
        if within >= blood_volume {
            return Err(PhysiologyError::BloodDoesNotFit {
                organs: within,
                blood: blood_volume,
            });
        }
        let vessels = share_vessels(parameters, blood_volume - within)?;
        Ok(Self {
            weight,
            cardiac_output,
            blood_volume,
            vessels,
            tissues,
        })
    }

    /// The organs, the rest of the body last.
    #[must_use]
    pub fn tissues(&self) -> &[Tissue] {
        &self.tissues
    }

    /// One organ, if the body has it.
    #[must_use]
    pub fn tissue(&self, organ: &Organ) -> Option<&Tissue> {
        self.tissues.iter().find(|tissue| tissue.organ == *organ)
    }

    /// Volume of a blood outside organs, mL.
    #[must_use]
    pub const fn volume(&self, blood: Blood) -> f64 {
        self.vessels[blood as usize]
    }

    /// Portal flow, mL/h: what gut, pancreas and spleen drain.
    #[must_use]
    pub fn portal_flow(&self) -> f64 {
        self.tissues
            .iter()
            .filter(|tissue| Organ::PORTAL.contains(&tissue.organ))
            .map(|tissue| tissue.flow)
            .sum()
    }
}

/// What is left for the rest of the body, which must not be less than nothing.
fn remainder(
    what: &'static str,
    sum: f64,
    whole: f64,
    unit: &'static str,
) -> Result<f64, PhysiologyError> {
    if sum < whole {
        return Ok(whole - sum);
    }
    Err(PhysiologyError::DoesNotClose {
        what,
        sum,
        whole,
        unit,
    })
}

/// Venous, arterial and portal volume of the blood outside organs, mL.
fn share_vessels(parameters: &Parameters, outside: f64) -> Result<[f64; 3], PhysiologyError> {
    let arterial = parameters.get("body", "arterial_fraction")? * outside;
    let portal = parameters.get("body", "portal_fraction")? * outside;
    let venous = remainder(
        "arterial and portal blood volumes",
        arterial + portal,
        outside,
        "mL",
    )?;
    Ok([venous, arterial, portal])
}
