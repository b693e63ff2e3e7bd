//! Doses as syringes: every cell is in the model from the first moment.
//!
//! A dose is a pool that holds all its cells until they are given. A bolus moves them at once; an
//! infusion pumps them at a steady rate. So the total is constant from beginning to end.
//!
//! At one moment things happen in this order: parameters change; then, dose by dose in the order
//! of the scenario, boluses are given, pumps get their new rate, and the syringe is emptied after
//! the last of its doses. Outputs at that moment see the state after all of it.

use crate::instant;
use crate::network::{Action, Amount, NetworkError, ParameterId, PoolId, RateLaw, Schedule};
use crate::organ::{Place, PoolKey, State, Wiring};
use crate::physiology::Blood;
use crate::scenario::{CellTraits, Dose, Entry};

/// One dose, connected: its syringe and the pools that share it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Administration {
    pub(super) syringe: PoolId,
    /// Cells of one administration.
    pub(super) amount: f64,
    /// Where the cells go, with the share of each; the shares sum to 1.
    pub(super) targets: Vec<(PoolId, f64)>,
    pumps: Vec<ParameterId>,
    starts: Vec<f64>,
    duration: f64,
}

/// Declares syringe, entry pools and, for an infusion, pumps.
pub(super) fn connect(
    wiring: &mut Wiring<'_>,
    number: usize,
    dose: &Dose,
    product: usize,
    traits: &CellTraits,
    flow_past: f64,
) -> Administration {
    let syringe = wiring.pool(PoolKey {
        place: Place::Outside,
        state: State::Syringe,
        product,
        class: number,
    });
    let targets = targets(wiring, dose, product, traits, flow_past);
    for (pool, _) in &targets {
        // A bolus may be all that ever reaches a pool.
        wiring.fill(*pool, 0.0);
    }
    let duration = dose.over.value();
    let mut pumps = vec![];
    if duration > 0.0 {
        for (index, (pool, _)) in targets.iter().enumerate() {
            let id = format!("dose{}.pump{}", number + 1, index + 1);
            let parameter = wiring.rate(&id, 0.0);
            let law = RateLaw::Steady {
                constant: 1.0,
                parameter,
            };
            wiring.transfer(&id, syringe, *pool, law);
            pumps.push(parameter);
        }
    }
    let administration = Administration {
        syringe,
        amount: dose.cells(wiring.body().weight),
        targets,
        pumps,
        starts: dose.starts(),
        duration,
    };
    wiring.fill(syringe, administration.total());
    administration
}

/// The pools that a dose enters, with the share of each.
fn targets(
    wiring: &mut Wiring<'_>,
    dose: &Dose,
    product: usize,
    traits: &CellTraits,
    flow_past: f64,
) -> Vec<(PoolId, f64)> {
    let entries: Vec<(Place, State, f64)> = match dose.route.entry() {
        None => vec![],
        Some(Entry::Blood(blood)) => vec![(blood.into(), State::Vascular, 1.0)],
        Some(Entry::Depot(organ)) => vec![(organ.into(), State::Depot, 1.0)],
        Some(Entry::Niche(organ)) => vec![(organ.into(), State::Niche, 1.0)],
        Some(Entry::Artery(organ)) => vec![
            (Blood::Arterial.into(), State::Vascular, flow_past),
            (organ.into(), State::Artery, 1.0 - flow_past),
        ],
    };
    let given = 1.0 - dose.lost;
    let populations = wiring.populations();
    let mut shares = vec![(Place::Outside, State::Undelivered, None, dose.lost)];
    for (place, state, share) in entries {
        let dead = given * share * (1.0 - traits.viability);
        shares.push((place.clone(), State::Debris, None, dead));
        for population in populations.iter().filter(|p| p.product == product) {
            let alive = given * share * traits.viability / population.classes as f64;
            shares.push((place.clone(), state, Some(population), alive));
        }
    }
    shares.retain(|(_, _, _, share)| *share > 0.0);
    shares
        .into_iter()
        .map(|(place, state, population, share)| match population {
            Some(population) => (wiring.viable(place, state, population), share),
            None => (wiring.remains(place, state, product), share),
        })
        .collect()
}

impl Administration {
    /// All cells of the dose, over every repetition.
    pub(super) fn total(&self) -> f64 {
        self.amount * self.starts.len() as f64
    }

    /// Cells of the repetitions that have begun by a time in h.
    pub(super) fn begun_by(&self, time: f64) -> f64 {
        let begun = self.starts.iter();
        self.amount
            * begun
                .filter(|start| instant::reached(**start, time))
                .count() as f64
    }

    /// The share of the cells that goes into some pools.
    pub(super) fn share_into(&self, wanted: impl Fn(usize) -> bool) -> f64 {
        let targets = self.targets.iter().filter(|(pool, _)| wanted(pool.index()));
        targets.map(|(_, share)| share).sum()
    }

    /// When its cells enter, in the mean, h.
    pub(super) fn mean_entry(&self) -> f64 {
        let starts = self.starts.iter().sum::<f64>() / self.starts.len().max(1) as f64;
        starts + 0.5 * self.duration
    }

    /// Writes boluses and pump rates into the schedule.
    ///
    /// The label of the cells is moved with them: its pools are the same, `labels` further on.
    pub(super) fn schedule(
        &self,
        schedule: &mut Schedule,
        labels: &[usize],
    ) -> Result<(), NetworkError> {
        let Some(last_start) = self.starts.last() else {
            return Ok(());
        };
        if self.duration > 0.0 {
            self.schedule_pumps(schedule)?;
        } else {
            for start in &self.starts {
                let mut moves = vec![];
                for (pool, share) in &self.targets {
                    let amount = Amount::Fixed(self.amount * share);
                    moves.extend(self.moves(*pool, amount, labels));
                }
                schedule.at(*start, moves)?;
            }
        }
        // What rounding leaves in the syringe goes where most of it went.
        let largest = self.targets.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((pool, _)) = largest {
            let empty = self.moves(*pool, Amount::All, labels).collect();
            schedule.at(last_start + self.duration, empty)?;
        }
        Ok(())
    }

    /// A move out of the syringe, of the cells and of each label.
    fn moves(&self, to: PoolId, amount: Amount, labels: &[usize]) -> impl Iterator<Item = Action> {
        let offsets = std::iter::once(0).chain(labels.iter().copied());
        let from = self.syringe;
        offsets.map(move |offset| Action::Move {
            from: from.ahead(offset),
            to: to.ahead(offset),
            amount,
        })
    }

    /// Sets every pump at each moment at which an infusion begins or ends.
    fn schedule_pumps(&self, schedule: &mut Schedule) -> Result<(), NetworkError> {
        let ends = self.starts.iter().map(|start| start + self.duration);
        let mut moments: Vec<f64> = self.starts.iter().copied().chain(ends).collect();
        instant::distinct(&mut moments);
        for moment in moments {
            let running = self
                .starts
                .iter()
                .filter(|start| {
                    let end = **start + self.duration;
                    instant::reached(**start, moment) && !instant::reached(end, moment)
                })
                .count();
            let rate = running as f64 * self.amount / self.duration;
            let actions = self.pumps.iter().zip(&self.targets);
            let actions = actions.map(|(pump, (_, share))| Action::Set {
                parameter: *pump,
                value: rate * share,
            });
            schedule.at(moment, actions.collect())?;
        }
        Ok(())
    }
}
