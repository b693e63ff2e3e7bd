//! The workbench on which modules declare pools and transfers.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::death::Defence;
use super::{Place, PoolKey, State};
use crate::data::{DataError, Parameters};
use crate::network::{Network, NetworkBuilder, ParameterId, PoolId, RateLaw};
use crate::physiology::{Body, Organ};
use crate::scenario::CellTraits;

/// Cells of one product and one size class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Population {
    /// Number of the product among those of the scenario.
    pub product: usize,
    /// Number of the size class, from the smallest cells.
    pub class: usize,
    /// How many classes the product has.
    pub classes: usize,
    /// What the cells are like.
    pub traits: CellTraits,
}

/// Pools and transfers under construction, with everything a module may ask.
///
/// A pool exists from the first time it is asked for. Rates are in 1/h.
#[derive(Debug)]
pub struct Wiring<'a> {
    body: &'a Body,
    parameters: &'a Parameters,
    populations: &'a [Population],
    saturation: bool,
    entered: BTreeSet<(Organ, State)>,
    builder: NetworkBuilder,
    keys: Vec<PoolKey>,
    known: FxHashMap<PoolKey, PoolId>,
    /// Asked for in every place and state.
    defence: OnceCell<Defence>,
    several_products: bool,
}

impl<'a> Wiring<'a> {
    pub(crate) fn new(
        name: &str,
        body: &'a Body,
        parameters: &'a Parameters,
        populations: &'a [Population],
        saturation: bool,
    ) -> Self {
        Self {
            body,
            parameters,
            populations,
            saturation,
            entered: BTreeSet::new(),
            builder: Network::builder(name),
            keys: vec![],
            known: FxHashMap::default(),
            defence: OnceCell::new(),
            several_products: populations.windows(2).any(|p| p[0].product != p[1].product),
        }
    }

    /// The body.
    #[must_use]
    pub const fn body(&self) -> &'a Body {
        self.body
    }

    /// The cells that can be anywhere, by product and size class.
    #[must_use]
    pub const fn populations(&self) -> &'a [Population] {
        self.populations
    }

    /// Numbers of the products.
    #[must_use]
    pub fn products(&self) -> Vec<usize> {
        let products: BTreeSet<usize> = self.populations.iter().map(|p| p.product).collect();
        products.into_iter().collect()
    }

    /// Whether room is limited.
    #[must_use]
    pub const fn saturation(&self) -> bool {
        self.saturation
    }

    /// The registry.
    #[must_use]
    pub const fn parameters(&self) -> &'a Parameters {
        self.parameters
    }

    /// A parameter of a place.
    ///
    /// # Errors
    /// [`DataError`] with near names.
    pub fn parameter(&self, place: &str, name: &str) -> Result<f64, DataError> {
        self.parameters.get(place, name)
    }

    /// What the host has against cells.
    pub(super) fn defence(&self) -> Result<Defence, DataError> {
        if let Some(known) = self.defence.get() {
            return Ok(*known);
        }
        let defence = Defence::of(self.parameters)?;
        Ok(*self.defence.get_or_init(|| defence))
    }

    /// Says that a dose enters here, so that depot or artery exist.
    pub(crate) fn enter(&mut self, organ: &Organ, state: State) {
        self.entered.insert((organ.clone(), state));
    }

    /// Whether a dose enters the depot or the artery of an organ.
    #[must_use]
    pub fn is_entered(&self, organ: &Organ, state: State) -> bool {
        self.entered.contains(&(organ.clone(), state))
    }

    /// The pool of living cells of one population.
    pub fn viable(&mut self, place: impl Into<Place>, state: State, of: &Population) -> PoolId {
        self.pool(PoolKey {
            place: place.into(),
            state,
            product: of.product,
            class: of.class,
        })
    }

    /// The pools of living cells of every population.
    pub fn all_viable(&mut self, place: impl Into<Place>, state: State) -> Vec<PoolId> {
        let place = place.into();
        let populations = self.populations;
        populations
            .iter()
            .map(|population| self.viable(place.clone(), state, population))
            .collect()
    }

    /// The pool of remains, or of what is outside, of one product.
    pub fn remains(&mut self, place: impl Into<Place>, state: State, product: usize) -> PoolId {
        self.pool(PoolKey {
            place: place.into(),
            state,
            product,
            class: 0,
        })
    }

    /// A pool by its key.
    pub fn pool(&mut self, key: PoolKey) -> PoolId {
        if let Some(id) = self.known.get(&key) {
            return *id;
        }
        let id = self.builder.pool(self.name(&key));
        self.keys.push(key.clone());
        self.known.insert(key, id);
        id
    }

    /// Sets the amount that a pool starts with.
    pub(crate) fn fill(&mut self, pool: PoolId, cells: f64) {
        self.builder.set_initial(pool, cells);
    }

    /// The product that a pool holds.
    pub(crate) fn product_of(&self, pool: PoolId) -> usize {
        self.keys.get(pool.index()).map_or(0, |key| key.product)
    }

    /// `lung.lodged`, with product and class when there are several.
    fn name(&self, key: &PoolKey) -> String {
        let plain = match key.place {
            Place::Outside => key.state.name().to_string(),
            _ => format!("{}.{}", key.place, key.state),
        };
        let classes = self.populations.first().map_or(1, |p| p.classes);
        let numbered = key.state.is_viable() && classes > 1 || key.state == State::Syringe;
        match (self.several_products, numbered) {
            (false, false) => plain,
            (false, true) => format!("{plain}.{}", key.class + 1),
            (true, false) => format!("{plain}.product{}", key.product + 1),
            (true, true) => format!("{plain}.product{}.{}", key.product + 1, key.class + 1),
        }
    }

    /// A first-order transfer with its rate constant in 1/h. `id` must be unique.
    pub fn linear(&mut self, id: &str, from: PoolId, to: PoolId, rate: f64) {
        let parameter = self.rate(id, rate);
        self.transfer(id, from, to, RateLaw::linear(parameter));
    }

    /// A transfer by any law. `id` must be unique.
    pub fn transfer(&mut self, id: &str, from: PoolId, to: PoolId, law: RateLaw) {
        self.builder.transfer(id, from, to, law);
    }

    /// The rate of a transfer as a parameter of the network: `<id>.rate`.
    ///
    /// No name of the registry ends so: `lung.release` is a row of a table, and `lung.release.rate` what
    /// dilation and the cells make of it.
    pub fn rate(&mut self, id: &str, value: f64) -> ParameterId {
        self.builder.parameter(format!("{id}.rate"), value)
    }

    /// A parameter of the network, for laws that need more than a rate. It must not have the name of a
    /// row of the registry.
    pub fn network_parameter(&mut self, name: &str, value: f64) -> ParameterId {
        self.builder.parameter(name, value)
    }

    /// A suffix that makes the id of a transfer unique among populations.
    #[must_use]
    pub fn suffix(&self, of: &Population) -> String {
        match (self.populations.len(), of.classes) {
            (1, _) => String::new(),
            (_, 1) => format!(".product{}", of.product + 1),
            _ => format!(".product{}.{}", of.product + 1, of.class + 1),
        }
    }

    /// As [`Self::suffix`], for remains.
    #[must_use]
    pub fn product_suffix(&self, product: usize) -> String {
        if self.several_products {
            format!(".product{}", product + 1)
        } else {
            String::new()
        }
    }

    pub(crate) fn finish(self) -> (NetworkBuilder, Vec<PoolKey>) {
        (self.builder, self.keys)
    }
}
