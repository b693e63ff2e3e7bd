//! A network prepared for integration: right-hand side and stage matrix in elimination order.

use std::ops::Mul;

use super::sparse_lu::Symbolic;
use super::vector::Amounts;
use crate::network::{Network, Number, RateLaw, Transfer};

/// One topology, compiled once, shared by any number of runs.
#[derive(Debug, Clone)]
pub(crate) struct Kernel {
    pub(crate) symbolic: Symbolic,
    /// Linear transfers: law, and slots of the matrix entries (from, from) and (to, from).
    linear: Vec<(RateLaw, usize, usize)>,
    /// Row, column and slot of each entry off the diagonal that linear transfers touch, column after
    /// column: neighbours in the list add to different pools.
    entries: Vec<((u16, u16), usize)>,
    /// All other transfers, their pools renumbered.
    nonlinear: Vec<Nonlinear>,
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

impl Kernel {
    pub(crate) fn new(network: &Network) -> Self {
        let size = network.pools().len();
        let entries = network.transfers().iter().flat_map(|t| {
            let drivers = t.law.drivers(t.from);
            drivers
                .into_iter()
                .flat_map(|d| [(t.from.index(), d.index()), (t.to.index(), d.index())])
        });
        let symbolic = Symbolic::new(size, entries);
        let mut place = vec![0; size];
        for (k, &original) in symbolic.order().iter().enumerate() {
            place[original] = k;
        }
        let mut kernel = Self {
            symbolic,
            linear: vec![],
            entries: vec![],
            nonlinear: vec![],
        };
        for transfer in network.transfers() {
            kernel.add(&transfer.renumbered(&place));
        }
        kernel.index_entries();
        kernel
    }

    fn add(&mut self, transfer: &Transfer) {
        let slot = |row, column| self.symbolic.position(row, column);
        let (from, to) = (transfer.from.index(), transfer.to.index());
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
        self.entries = places
            .filter(|(slot, (row, column))| touched[*slot] && row != column)
            .map(|(slot, place)| (place, slot))
            .collect();
        self.entries
            .sort_unstable_by_key(|((row, column), _)| (*column, *row));
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
        let values = self.entries.iter().map(|(_, slot)| part.slots[*slot]);
        part.entries.extend(values);
    }

    /// Writes the derivative of `y` to `dy`; both in elimination order.
    #[inline(always)]
    pub(crate) fn derivative<V: Number, A: Amounts<V> + ?Sized>(
        &self,
        part: &LinearPart<V>,
        values: &[V],
        y: &A,
        dy: &mut A,
    ) {
        self.apply_linear(part, y, dy);
        for Nonlinear { transfer, .. } in &self.nonlinear {
            let rate = transfer.law.rate(transfer.from, y.as_ref(), values);
            dy[transfer.from.index()] -= rate;
            dy[transfer.to.index()] += rate;
        }
    }

    /// Writes the linear part times `y` to `dy`.
    #[inline(always)]
    pub(crate) fn apply_linear<M, V, A>(&self, part: &LinearPart<M>, y: &A, dy: &mut A)
    where
        M: Copy,
        V: Number + Mul<M, Output = V>,
        A: Amounts<V> + ?Sized,
    {
        let size = self.symbolic.size();
        let diagonal = part.slots[..size].iter().zip(&y.as_ref()[..size]);
        for (change, (rate, amount)) in dy.as_mut().iter_mut().zip(diagonal) {
            *change = *amount * *rate;
        }
        for (((row, column), _), value) in self.entries.iter().zip(&part.entries) {
            dy[usize::from(*row)] += y[usize::from(*column)] * *value;
        }
    }

    /// The transfers that are not linear, their pools renumbered.
    pub(crate) fn nonlinear(&self) -> impl Iterator<Item = &Transfer> {
        self.nonlinear.iter().map(|nonlinear| &nonlinear.transfer)
    }

    /// Writes `-J(y)` on the pattern of the factors, the diagonal first.
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
