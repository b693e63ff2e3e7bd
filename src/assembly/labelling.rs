//! Labels: a second ledger beside that of the cells.
//!
//! For every pool of cells there is one of the label that they carry, in cell equivalents: the
//! label of so many freshly labelled cells. Every transfer of cells carries its share: of a pool
//! with `x` cells and `z` label that loses cells at the rate `r`, label goes the same way at
//! `r z / x`. For laws proportional to the source this is the same law with another source, and
//! the label does not slow what slows the cells.
//!
//! What is the label's own: it leaves living cells, remains and phagocytes (elution) for the
//! plasma, is taken up from there by organs, and is excreted. It decays as a whole, wherever it is,
//! which is left to the reading.

use super::AssemblyError;
use crate::data::{DataError, Parameters};
use crate::network::{NetworkBuilder, ParameterId, PoolId, RateLaw, Transfer};
use crate::organ::{Place, PoolKey, State};
use crate::physiology::{Blood, Organ};
use crate::scenario::Label;

/// The pools of one label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelPools {
    /// Which label.
    pub label: Label,
    /// Number of the pool that mirrors the first pool of cells.
    first: usize,
    /// Keys of all pools of the label: those of the cells, then the free label.
    keys: Vec<PoolKey>,
}

impl LabelPools {
    /// Every pool of the label by its number in the network, with what it holds.
    pub fn pools(&self) -> impl Iterator<Item = (usize, &PoolKey)> {
        self.keys
            .iter()
            .enumerate()
            .map(|(k, key)| (self.first + k, key))
    }

    /// How far the pool of the label is behind that of its cells.
    pub(super) const fn offset(&self) -> usize {
        self.first
    }
}

/// The organs that take up free label.
const TAKERS: [Organ; 4] = [
    Organ::LIVER,
    Organ::SPLEEN,
    Organ::BONE_MARROW,
    Organ::KIDNEY,
];

/// Adds the pools and transfers of one label to the network of the cells.
///
/// `keys` and `transfers` are those of the cells alone.
pub(super) fn attach(
    builder: &mut NetworkBuilder,
    keys: &[PoolKey],
    transfers: &[Transfer],
    label: &Label,
    parameters: &Parameters,
) -> Result<LabelPools, AssemblyError> {
    let first = builder.pools().len();
    for pool in 0..keys.len() {
        let (name, amount) = (&builder.pools()[pool], builder.initial()[pool]);
        builder.pool_with(format!("{name}.{}", label.name()), amount);
    }
    for transfer in transfers {
        let pumped = keys[transfer.from.index()].state == State::Syringe;
        ride(builder, transfer, first, label, pumped)?;
    }
    let mut own = Own {
        builder,
        label,
        parameters,
    };
    let plasma = own.elute(keys, first)?;
    let excreted = keys.iter().position(|key| key.state == State::Excreted);
    let excreted = PoolId::at(first + excreted.unwrap_or(0));
    let mut free = own.distribute(plasma, excreted)?;
    free.insert(0, (Blood::Venous.into(), State::Free));
    let mut keys = keys.to_vec();
    keys.extend(free.into_iter().map(|(place, state)| PoolKey {
        place,
        state,
        product: 0,
        class: 0,
    }));
    Ok(LabelPools {
        label: label.clone(),
        first,
        keys,
    })
}

/// The label goes where its cells go, in proportion.
fn ride(
    builder: &mut NetworkBuilder,
    transfer: &Transfer,
    first: usize,
    label: &Label,
    from_syringe: bool,
) -> Result<(), AssemblyError> {
    let from = PoolId::at(first + transfer.from.index());
    let to = PoolId::at(first + transfer.to.index());
    let id = format!("{}.{}", transfer.id, label.name());
    let law = match &transfer.law {
        RateLaw::MichaelisMenten {
            constant,
            vmax,
            km,
            competitors,
        } => {
            let mut load = vec![transfer.from];
            load.extend(competitors);
            let rate = builder.value(*vmax) / builder.value(*km);
            RateLaw::Blocked {
                constant: *constant,
                parameter: builder.parameter(format!("{id}.rate"), rate),
                load,
                half: *km,
            }
        }
        // A syringe holds cells that are all labelled alike: a pump moves as much label.
        RateLaw::Steady { .. } if !from_syringe => {
            return Err(AssemblyError::LabelPump {
                transfer: transfer.id.clone(),
                label: label.name().to_string(),
            });
        }
        law => law.clone(),
    };
    builder.transfer(id, from, to, law);
    Ok(())
}

/// What the label does without its cells.
struct Own<'a> {
    builder: &'a mut NetworkBuilder,
    label: &'a Label,
    parameters: &'a Parameters,
}

impl Own<'_> {
    fn rate(&mut self, name: &str) -> Result<ParameterId, DataError> {
        let value = self.parameters.get(self.label.name(), name)?;
        let id = format!("{}.{name}.rate", self.label.name());
        Ok(self.builder.parameter(id, value))
    }

    fn transfer(&mut self, what: &str, from: PoolId, to: PoolId, rate: ParameterId) {
        let id = format!("{}.{what}", self.label.name());
        self.builder.transfer(id, from, to, RateLaw::linear(rate));
    }

    /// Label leaves cells, remains and phagocytes for the plasma.
    fn elute(&mut self, keys: &[PoolKey], first: usize) -> Result<PoolId, DataError> {
        let plasma = self.builder.pool(format!("plasma.{}", self.label.name()));
        let living = self.rate("elution_live")?;
        let dead = self.rate("elution_dead")?;
        let ingested = self.rate("elution_ingested")?;
        for (pool, key) in keys.iter().enumerate() {
            let rate = match key.state {
                state if state.is_viable() => living,
                State::Debris => dead,
                State::Ingested => ingested,
                _ => continue,
            };
            let what = format!("elution.{}", self.builder.pools()[pool]);
            self.transfer(&what, PoolId::at(first + pool), plasma, rate);
        }
        Ok(plasma)
    }

    /// Organs take up free label, and it leaves the body.
    fn distribute(
        &mut self,
        plasma: PoolId,
        excreted: PoolId,
    ) -> Result<Vec<(Place, State)>, DataError> {
        let excretion = self.rate("free_excretion")?;
        self.transfer("excretion", plasma, excreted, excretion);
        let loss = self.rate("bound_loss")?;
        let mut places = vec![];
        for organ in TAKERS {
            let bound = self
                .builder
                .pool(format!("{organ}.free.{}", self.label.name()));
            let uptake = self.rate(&format!("free_to_{organ}"))?;
            self.transfer(&format!("uptake.{organ}"), plasma, bound, uptake);
            self.transfer(&format!("loss.{organ}"), bound, excreted, loss);
            places.push((Place::Organ(organ), State::Free));
        }
        Ok(places)
    }
}
