//! A network prepared for integration: right-hand side and stage matrix in elimination order.

use std::collections::BTreeSet;
use std::ops::Mul;

use super::SolverError;
use super::places::Places;
use super::sparse_lu::Symbolic;
use super::sums::{Sum, Sums};
use super::tolerance::Tolerance;
use crate::network::{Network, Number, ParameterId, RateLaw, Transfer};

/// One topology, compiled once, shared by any number of runs.
#[derive(Debug, Clone)]
pub(crate) struct Kernel {
    pub(crate) symbolic: Symbolic,
    /// Linear transfers: law, and slots of the matrix entries (from, from) and (to, from).
    linear: Vec<(RateLaw, usize, usize)>,
    /// Row and column of each entry off the diagonal that linear transfers touch, column after column:
    /// neighbours in the list add to different pools.
    entries: Places,
    /// The slot of each.
    slots: Vec<usize>,
    /// All other transfers, their pools renumbered.
    nonlinear: Vec<Nonlinear>,
    /// What the laws look at instead of sums of pools.
    sums: Vec<Sum>,
    /// Pumps: the pool that each draws on, its factor and its rate.
    pumps: Vec<(usize, f64, ParameterId)>,
}

#[derive(Debug, Clone)]
struct Nonlinear {
    transfer: Transfer,
    /// Slots of (from, driver) and (to, driver) for each driver, in the order of the law.
    slots: Vec<(usize, usize)>,
}

/// The linear part at given parameter values, on the pattern of the factors.
#[derive(Debug, Clone, Default)]
pub(crate) struct LinearPart<V = f64> {
    /// On the pattern of the factors, the diagonal first.
    pub(super) slots: Vec<V>,
    /// In the order of the kernel's entries.
    pub(super) entries: Vec<V>,
}

/// Row and column of every entry of the Jacobian, each once.
fn pattern(transfers: &[Transfer]) -> impl Iterator<Item = (usize, usize)> {
    let entries = transfers.iter().flat_map(|t| {
        let drivers = t.law.drivers(t.from).into_iter();
        drivers.flat_map(|d| [(t.from.index(), d.index()), (t.to.index(), d.index())])
    });
    entries.collect::<BTreeSet<_>>().into_iter()
}

impl Kernel {
    /// # Errors
    /// [`SolverError::TooLarge`] when a step would take too much.
    pub(crate) fn new(network: &Network) -> Result<Self, SolverError> {
        let plain = || Self::compile(network, &Sums::default());
        let sums = Sums::of(network);
        if sums.count() == 0 {
            return plain();
        }
        let Ok(summed) = Self::compile(network, &sums) else {
            return plain();
        };
        // Fill only adds to a pattern: this one need not be analysed to be the larger.
        if pattern(network.transfers()).count() >= summed.symbolic.entries() {
            return Ok(summed);
        }
        match plain() {
            Ok(plain) if summed.symbolic.work() >= plain.symbolic.work() => Ok(plain),
            _ => Ok(summed),
        }
    }

    fn compile(network: &Network, sums: &Sums) -> Result<Self, SolverError> {
        let pools = network.pools().len();
        let transfers = network.transfers().iter();
        let transfers: Vec<_> = transfers.map(|t| sums.stand_in(t, pools)).collect();
        let entries = pattern(&transfers).chain(sums.entries(pools));
        let symbolic = Symbolic::new((pools, sums.count()), entries)?;
        let place = symbolic.place();
        let mut kernel = Self {
            sums: sums.lay_out(&symbolic, &place),
            symbolic,
            linear: vec![],
            entries: Places::new(0, std::iter::empty()),
            slots: vec![],
            nonlinear: vec![],
            pumps: vec![],
        };
        for transfer in transfers {
            kernel.add(&transfer.renumbered(&place));
        }
        kernel.index_entries();
        Ok(kernel)
    }

    fn add(&mut self, transfer: &Transfer) {
        let slot = |row, column| self.symbolic.position(row, column);
        let (from, to) = (transfer.from.index(), transfer.to.index());
        if let RateLaw::Steady {
            constant,
            parameter,
        } = transfer.law
        {
            self.pumps.push((from, constant, parameter));
        }
        if transfer.law.is_linear() {
            let slots = (slot(from, from), slot(to, from));
            self.linear.push((transfer.law.clone(), slots.0, slots.1));
        } else {
            let drivers = transfer.law.drivers(transfer.from);
            let slots = drivers
                .iter()
                .map(|d| (slot(from, d.index()), slot(to, d.index())))
                .collect();
            self.nonlinear.push(Nonlinear {
                transfer: transfer.clone(),
                slots,
            });
        }
    }

    fn index_entries(&mut self) {
        let mut touched = vec![false; self.symbolic.entries()];
        for (_, _, into) in &self.linear {
            touched[*into] = true;
        }
        let places = self.symbolic.places().enumerate();
        let mut entries: Vec<_> = places
            .filter(|(slot, (row, column))| touched[*slot] && row != column)
            .map(|(slot, (row, column))| (column, row, slot))
            .collect();
        entries.sort_unstable();
        let pairs = entries.iter().map(|(column, row, _)| (*row, *column));
        self.entries = Places::new(self.symbolic.size(), pairs);
        self.slots = entries.iter().map(|(.., slot)| *slot).collect();
    }

    /// Evaluates the linear part for new parameter values.
    pub(crate) fn set_values(&self, values: &[f64], part: &mut LinearPart) {
        part.slots.clear();
        part.slots.resize(self.symbolic.entries(), 0.0);
        for (law, out, into) in &self.linear {
            let k = law.linear_coefficient(values);
            part.slots[*out] -= k;
            part.slots[*into] += k;
        }
        part.entries.clear();
        let values = self.slots.iter().map(|slot| part.slots[*slot]);
        part.entries.extend(values);
    }

    /// Writes the derivative of `y` to `dy`, both in elimination order, and the sums behind `y`.
    #[inline(always)]
    pub(crate) fn derivative<V: Number>(
        &self,
        part: &LinearPart<V>,
        values: &[V],
        y: &mut [V],
        dy: &mut [V],
    ) {
        self.add_up(y);
        self.apply_linear(part, y, dy);
        for Nonlinear { transfer, .. } in &self.nonlinear {
            let rate = transfer.law.rate(transfer.from, y, values);
            dy[transfer.from.index()] -= rate;
            dy[transfer.to.index()] += rate;
        }
    }

    /// Writes the sums behind the pools of `y`.
    #[inline(always)]
    pub(crate) fn add_up<V: Number>(&self, y: &mut [V]) {
        for Sum { at, members } in &self.sums {
            let amounts = members.iter().map(|(pool, _)| y[*pool as usize]);
            y[*at] = amounts.fold(V::of(-0.0), |sum, amount| sum + amount);
        }
    }

    /// Writes the linear part times `y` to `dy`.
    #[inline(always)]
    pub(crate) fn apply_linear<M, V>(&self, part: &LinearPart<M>, y: &[V], dy: &mut [V])
    where
        M: Copy,
        V: Number + Mul<M, Output = V>,
    {
        let size = self.symbolic.pools();
        let diagonal = part.slots[..size].iter().zip(&y[..size]);
        for (change, (rate, amount)) in dy.iter_mut().zip(diagonal) {
            *change = *amount * *rate;
        }
        self.entries.add_products(&part.entries, y, dy);
    }

    /// The first pool, if any, that a step takes below zero by more than its tolerance, although no pump
    /// draws on it.
    pub(crate) fn below_zero(
        &self,
        values: &[f64],
        amounts: impl Fn(usize) -> (f64, f64),
        tolerance: &Tolerance,
    ) -> Option<usize> {
        let drawn = |pool| {
            let mut pumps = self.pumps.iter().filter(|(from, ..)| *from == pool);
            pumps.any(|(_, constant, rate)| constant * values[rate.index()] > 0.0)
        };
        (0..self.symbolic.pools()).find(|&pool| {
            let (old, new) = amounts(pool);
            // What is below zero already, as a pump left it, may come back slowly.
            new < -tolerance.slack(pool, old) && new < old && !drawn(pool)
        })
    }

    /// The transfers that are not linear, their pools renumbered.
    pub(crate) fn nonlinear(&self) -> impl Iterator<Item = &Transfer> {
        self.nonlinear.iter().map(|nonlinear| &nonlinear.transfer)
    }

    /// Writes `-J(y)` on the pattern of the factors, the diagonal first; the rows of the sums whole.
    ///
    /// The sums behind `y` must be those of [`Self::add_up`].
    #[inline(always)]
    pub(crate) fn stage_matrix<V: Number>(
        &self,
        part: &LinearPart<V>,
        values: &[V],
        y: &[V],
        matrix: &mut [V],
    ) {
        for (entry, linear) in matrix.iter_mut().zip(&part.slots) {
            *entry = -*linear;
        }
        for Nonlinear { transfer, slots } in &self.nonlinear {
            let mut slots = slots.iter();
            transfer
                .law
                .partials(transfer.from, y, values, |_, partial| {
                    if let Some(&(out, into)) = slots.next() {
                        matrix[out] += partial;
                        matrix[into] -= partial;
                    }
                });
        }
        for Sum { at, members } in &self.sums {
            matrix[*at] = V::of(1.0);
            for (_, slot) in members {
                matrix[*slot as usize] -= V::of(1.0);
            }
        }
    }

    /// Puts amounts in network order into elimination order.
    pub(crate) fn permute(&self, amounts: &[f64], permuted: &mut [f64]) {
        for (value, &original) in permuted.iter_mut().zip(self.symbolic.order()) {
            *value = amounts[original];
        }
    }

    /// Puts amounts in elimination order back into network order.
    pub(crate) fn restore(&self, permuted: &[f64], amounts: &mut [f64]) {
        for (value, &original) in permuted.iter().zip(self.symbolic.order()) {
            amounts[original] = *value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::vector::{rows, stride, zeros};
    use super::*;

    /// Two classes of cells that share room and load, under every law that looks at sums.
    fn network() -> Network {
        let mut builder = Network::builder("sums");
        let pools: Vec<_> = (0..6)
            .map(|k| builder.pool_with(format!("p{k}"), 1.0 + f64::from(k)))
            .collect();
        let (k, size) = (builder.parameter("k", 0.7), builder.parameter("size", 40.0));
        let constant = 1.0;
        let sum = || vec![pools[1], pools[3], pools[5]];
        let laws = [
            RateLaw::linear(k),
            RateLaw::Capacity {
                constant,
                parameter: k,
                occupants: sum(),
                capacity: size,
            },
            RateLaw::MichaelisMenten {
                constant,
                vmax: k,
                km: size,
                competitors: sum(),
            },
            RateLaw::MassAction {
                constant,
                parameter: k,
                others: vec![pools[2], pools[4]],
            },
            RateLaw::Blocked {
                constant,
                parameter: k,
                load: sum(),
                half: size,
            },
        ];
        for (k, law) in laws.into_iter().enumerate() {
            builder.transfer(format!("t{k}"), pools[k], pools[k + 1], law);
        }
        builder.build().unwrap()
    }

    /// The slope and the solution of `(3 I - J) u = slope`, in network order.
    fn solved(network: &Network, kernel: &Kernel) -> [Vec<f64>; 2] {
        let size = network.pools().len();
        let mut part = LinearPart::default();
        kernel.set_values(network.values(), &mut part);
        let mut memory = zeros(2, kernel.symbolic.size());
        let [y, slope] = rows(&mut memory, stride(kernel.symbolic.size()));
        kernel.permute(network.initial(), &mut y[..]);
        kernel.derivative(&part, network.values(), y, slope);
        let mut matrix = vec![0.0; kernel.symbolic.entries()];
        kernel.stage_matrix(&part, network.values(), &y[..], &mut matrix);
        matrix[..size].iter_mut().for_each(|entry| *entry += 3.0);
        kernel.symbolic.factor(&mut matrix);
        [false, true].map(|solve| {
            if solve {
                kernel.symbolic.solve(&matrix, slope);
            }
            let mut result = vec![0.0; size];
            kernel.restore(&slope[..], &mut result);
            result
        })
    }

    #[test]
    fn sums_as_unknowns_change_nothing() {
        let network = network();
        let sums = Sums::of(&network);
        assert_eq!(sums.count(), 2);
        let plain = solved(
            &network,
            &Kernel::compile(&network, &Sums::default()).unwrap(),
        );
        let summed = solved(&network, &Kernel::compile(&network, &sums).unwrap());
        assert_eq!(plain[0], network.derivative(network.initial()).unwrap());
        for (plain, summed) in plain.iter().flatten().zip(summed.iter().flatten()) {
            approx::assert_relative_eq!(plain, summed, max_relative = 1e-13);
        }
        // By hand: conservation, as every column of J sums to zero.
        assert!(summed[1].iter().sum::<f64>().abs() < 1e-14);
    }
}
