//! The response of the host: a second block beside the cells, driven by them.
//!
//! Nothing here is made of the cells that were given; the block has a supply of its own and is kept
//! apart from their ledger. It does not act on the cells unless feedback is asked for.
//!
//! | from | to | rate |
//! |---|---|---|
//! | resting phagocytes | inflammatory | `activation L/N` |
//! | inflammatory | regulatory | `switching + phagocytosis I/N` |
//! | regulatory | resting | `calming` |
//! | supply | mediators in the lung | `production inflammatory/N` |
//! | mediators: lung | serum | `spill_over` |
//! | mediators: serum | liver | `liver_uptake` |
//! | mediators: serum, liver | cleared | `serum_clearance`, `liver_clearance` |
//! | supply | secretome | `secretion V/N` |
//! | supply | IL-10 and CCL18 | `production regulatory/N` |
//! | naive T cells | induced | `induction (secretome + IL-10)/N` |
//! | induced | regulatory T cells | `maturation` |
//!
//! `N` phagocytes of the lung that can respond (`response.phagocytes` per gram); `L` living cells
//! lodged in the lung; `I` remains in phagocytes anywhere; `V` all living cells in organs. Amounts are
//! in units of phagocytes; those of mediators are relative.

use super::AssemblyError;
use crate::data::{DataError, Parameters};
use crate::network::{NetworkBuilder, ParameterId, PoolId, RateLaw};
use crate::organ::{Place, PoolKey, State};
use crate::physiology::{Body, Organ};
use crate::scenario::Response;

/// What is followed of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Signal {
    /// Factors that living MSC secrete: TGF-beta, PGE2.
    Secretome,
    /// Phagocytes of the lung that the cells irritate (M1-like).
    InflammatoryPhagocytes,
    /// Phagocytes that turned regulatory (M2-like).
    RegulatoryPhagocytes,
    /// Inflammatory mediators in the lung.
    LungMediators,
    /// Inflammatory mediators in serum.
    SerumMediators,
    /// Inflammatory mediators in the liver.
    LiverMediators,
    /// IL-10 and CCL18 of regulatory phagocytes.
    RegulatoryCytokines,
    /// Regulatory T cells.
    RegulatoryTCells,
}

impl Signal {
    /// Every signal, in the order in which they come.
    pub const ALL: [Self; 8] = [
        Self::Secretome,
        Self::InflammatoryPhagocytes,
        Self::LungMediators,
        Self::SerumMediators,
        Self::LiverMediators,
        Self::RegulatoryPhagocytes,
        Self::RegulatoryCytokines,
        Self::RegulatoryTCells,
    ];

    /// The name, as it stands in pool names and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secretome => "secretome",
            Self::InflammatoryPhagocytes => "inflammatory phagocytes",
            Self::RegulatoryPhagocytes => "regulatory phagocytes",
            Self::LungMediators => "mediators in the lung",
            Self::SerumMediators => "mediators in serum",
            Self::LiverMediators => "mediators in the liver",
            Self::RegulatoryCytokines => "IL-10 and CCL18",
            Self::RegulatoryTCells => "regulatory T cells",
        }
    }
}

impl std::fmt::Display for Signal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// The pools of the response.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponsePools {
    /// Phagocytes of the lung that can respond: the unit of every amount.
    pub phagocytes: f64,
    pools: Vec<(Signal, PoolId)>,
}

impl ResponsePools {
    /// The number of the pool of a signal.
    #[must_use]
    pub fn pool(&self, signal: Signal) -> Option<usize> {
        let mut pools = self.pools.iter();
        pools.find_map(|(known, pool)| (*known == signal).then(|| pool.index()))
    }
}

/// Adds the block to the network of the cells, whose pools are `keys`.
pub(super) fn attach(
    builder: &mut NetworkBuilder,
    keys: &[PoolKey],
    response: Response,
    (parameters, body): (&Parameters, &Body),
) -> Result<ResponsePools, AssemblyError> {
    let lung = body.tissue(&Organ::LUNG).map_or(0.0, |tissue| tissue.mass);
    let phagocytes = parameters.get("response", "phagocytes")? * lung;
    let mut block = Block {
        builder,
        parameters,
        phagocytes,
        pools: vec![],
    };
    let seen = Seen::of(keys);
    block.wire_phagocytes(&seen)?;
    block.wire_mediators()?;
    block.wire_regulation(&seen)?;
    if response == Response::Feedback {
        block.wire_feedback(keys)?;
    }
    let pools = block.pools;
    Ok(ResponsePools { phagocytes, pools })
}

/// The pools of cells that the host responds to.
struct Seen {
    lodged_in_lung: Vec<PoolId>,
    living_in_organs: Vec<PoolId>,
    ingested: Vec<PoolId>,
}

impl Seen {
    fn of(keys: &[PoolKey]) -> Self {
        let select = |condition: &dyn Fn(&PoolKey) -> bool| {
            let numbered = keys.iter().enumerate().filter(|(_, key)| condition(key));
            numbered.map(|(index, _)| PoolId::at(index)).collect()
        };
        let settled = |state| matches!(state, State::Lodged | State::Resident | State::Depot);
        Self {
            lodged_in_lung: select(&|key| {
                key.place == Place::Organ(Organ::LUNG) && key.state == State::Lodged
            }),
            living_in_organs: select(&|key| settled(key.state)),
            ingested: select(&|key| key.state == State::Ingested),
        }
    }
}

struct Block<'a> {
    builder: &'a mut NetworkBuilder,
    parameters: &'a Parameters,
    phagocytes: f64,
    pools: Vec<(Signal, PoolId)>,
}

impl Block<'_> {
    fn get(&self, name: &str) -> Result<f64, DataError> {
        let place = "response";
        self.parameters.get(place, name)
    }

    /// As it stands in the network.
    fn name(of: &str) -> String {
        format!("response.{of}")
    }

    fn pool(&mut self, name: &str, amount: f64) -> PoolId {
        self.builder.pool_with(Self::name(name), amount)
    }

    fn signal(&mut self, signal: Signal) -> PoolId {
        let known = self.pools.iter().find(|(known, _)| *known == signal);
        if let Some((_, pool)) = known {
            return *pool;
        }
        let pool = self.pool(&signal.name().replace([' ', '-'], "_"), 0.0);
        self.pools.push((signal, pool));
        pool
    }

    fn rate(&mut self, id: &str, value: f64) -> ParameterId {
        let id = format!("{}.rate", Self::name(id));
        self.builder.parameter(id, value)
    }

    /// A first-order transfer at the rate of a row of the table.
    fn linear(&mut self, name: &str, from: PoolId, to: PoolId) -> Result<(), DataError> {
        let value = self.get(name)?;
        let law = RateLaw::linear(self.rate(name, value));
        let id = Self::name(name);
        self.builder.transfer(id, from, to, law);
        Ok(())
    }

    /// A transfer at the rate of a row times what drives it, in units of phagocytes.
    fn driven(
        &mut self,
        (id, name): (&str, &str),
        (from, to): (PoolId, PoolId),
        drivers: Vec<PoolId>,
    ) -> Result<(), DataError> {
        if drivers.is_empty() {
            return Ok(());
        }
        let value = self.get(name)? / self.phagocytes;
        let law = RateLaw::MassAction {
            constant: 1.0,
            parameter: self.rate(id, value),
            others: drivers,
        };
        let id = Self::name(id);
        self.builder.transfer(id, from, to, law);
        Ok(())
    }

    /// Resting, inflammatory, regulatory, and back.
    fn wire_phagocytes(&mut self, seen: &Seen) -> Result<(), DataError> {
        let resting = self.pool("resting_phagocytes", self.phagocytes);
        let inflammatory = self.signal(Signal::InflammatoryPhagocytes);
        let regulatory = self.signal(Signal::RegulatoryPhagocytes);
        let irritants = seen.lodged_in_lung.clone();
        let to_inflammatory = (resting, inflammatory);
        self.driven(("activation", "activation"), to_inflammatory, irritants)?;
        self.linear("switching", inflammatory, regulatory)?;
        let eaten = seen.ingested.clone();
        let to_regulatory = (inflammatory, regulatory);
        self.driven(("phagocytosis", "phagocytosis"), to_regulatory, eaten)?;
        self.linear("calming", regulatory, resting)
    }

    /// From the lung to serum and liver.
    fn wire_mediators(&mut self) -> Result<(), DataError> {
        let supply = self.supply("mediators")?;
        let cleared = self.pool("cleared", 0.0);
        let source = self.signal(Signal::InflammatoryPhagocytes);
        let [lung, serum, liver] = [
            Signal::LungMediators,
            Signal::SerumMediators,
            Signal::LiverMediators,
        ]
        .map(|signal| self.signal(signal));
        let made = (supply, lung);
        self.driven(("lung_production", "production"), made, vec![source])?;
        self.linear("spill_over", lung, serum)?;
        self.linear("liver_uptake", serum, liver)?;
        self.linear("serum_clearance", serum, cleared)?;
        self.linear("liver_clearance", liver, cleared)
    }

    /// What cells secrete, what regulatory phagocytes secrete, and the T cells that follow.
    fn wire_regulation(&mut self, seen: &Seen) -> Result<(), DataError> {
        let supply = self.supply("factors")?;
        let spent = self.pool("spent", 0.0);
        let secretome = self.signal(Signal::Secretome);
        let source = self.signal(Signal::RegulatoryPhagocytes);
        let cytokines = self.signal(Signal::RegulatoryCytokines);
        let living = seen.living_in_organs.clone();
        self.driven(("secretion", "production"), (supply, secretome), living)?;
        let made = (supply, cytokines);
        self.driven(("regulatory_production", "production"), made, vec![source])?;
        self.linear("secretome_clearance", secretome, spent)?;
        self.linear("cytokine_clearance", cytokines, spent)?;
        let naive = self.pool("naive_t_cells", self.phagocytes);
        let induced = self.pool("induced_t_cells", 0.0);
        let regulatory = self.signal(Signal::RegulatoryTCells);
        let inducers = vec![secretome, cytokines];
        self.driven(("induction", "induction"), (naive, induced), inducers)?;
        self.linear("maturation", induced, regulatory)?;
        self.linear("t_cell_loss", regulatory, naive)
    }

    /// So much that what is drawn from it never matters.
    fn supply(&mut self, of: &str) -> Result<PoolId, DataError> {
        let amount = self.get("supply")? * self.phagocytes;
        Ok(self.pool(&format!("supply_of_{of}"), amount))
    }

    /// Mediators in serum activate natural killer cells, which lyse.
    fn wire_feedback(&mut self, keys: &[PoolKey]) -> Result<(), DataError> {
        let immunity = "immunity";
        let number = |name| self.parameters.get(immunity, name);
        let lysis = number("nk_lysis")? * number("nk_cells")?;
        let value = lysis * self.get("nk_recruitment")? / self.phagocytes;
        let parameter = self.rate("nk_recruitment", value);
        let mediators = self.signal(Signal::SerumMediators);
        let alive = |key: &PoolKey| key.state.is_viable() && key.state != State::Niche;
        for (index, key) in keys.iter().enumerate().filter(|(_, key)| alive(key)) {
            let remains = |other: &PoolKey| {
                other.place == key.place
                    && other.state == State::Debris
                    && other.product == key.product
            };
            let Some(dead) = keys.iter().position(remains) else {
                continue;
            };
            let id = Self::name(&format!("lysis.{}", self.builder.pools()[index]));
            let law = RateLaw::MassAction {
                constant: 1.0,
                parameter,
                others: vec![mediators],
            };
            self.builder
                .transfer(id, PoolId::at(index), PoolId::at(dead), law);
        }
        Ok(())
    }
}
