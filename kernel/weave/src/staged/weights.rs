//! The weights of all terms of the staged sumcheck.

use crate::arith::Arith;
use crate::gkr::Folding;
use crate::machine::{Machine, Shape};
use crate::multilinear::eq_table;

/// The challenges that weigh the terms.
#[derive(Clone, Debug)]
pub struct StagedChallenges<E> {
    /// Weight of the denominators, less one, beside the numerators.
    pub lambda: E,
    /// Base of the constraints' weights.
    pub alpha: E,
    /// Point of the slot variables.
    pub slot: Vec<E>,
}

/// Weights of one table's terms.
#[derive(Clone, Debug)]
pub struct TableWeights<E> {
    /// Per constraint.
    pub constraints: Vec<E>,
    /// Per interaction, of its count.
    pub counts: Vec<E>,
    /// Per interaction, of the elements of its tuple.
    pub tuples: Vec<Vec<E>>,
    /// What of the denominators depends on no column, less one each.
    pub constant: E,
}

/// Weights of all tables, in machine order.
pub fn weights<A: Arith, T>(
    a: &mut A,
    machine: &Machine<T>,
    folding: &Folding<A::E>,
    challenges: &StagedChallenges<A::E>,
) -> Vec<TableWeights<A::E>> {
    let slots = eq_table(a, &challenges.slot);
    let mut power = a.one();
    let mut of_table = |shape: &Shape| {
        let constraints = shape.constraints.iter().map(|_| {
            power = a.mul(power, challenges.alpha);
            power
        });
        let constraints = constraints.collect();
        let slots = &slots[shape.first_slot..][..shape.slots.len()];
        fractions(a, shape, folding, challenges.lambda, slots, constraints)
    };
    machine.shapes().iter().map(&mut of_table).collect()
}

fn fractions<A: Arith>(
    a: &mut A,
    shape: &Shape,
    folding: &Folding<A::E>,
    lambda: A::E,
    counts: &[A::E],
    constraints: Vec<A::E>,
) -> TableWeights<A::E> {
    let mut constant = a.zero();
    let mut tuples = Vec::with_capacity(counts.len());
    for (slot, &weight) in shape.slots.iter().zip(counts) {
        let scaled = a.mul(weight, lambda);
        let one = a.one();
        let prefix = a.sub(folding.prefixes[slot.bus], one);
        let part = a.mul(scaled, prefix);
        constant = a.add(constant, part);
        let zero = a.zero();
        let negated = a.sub(zero, scaled);
        let len = slot.tuple.len();
        tuples.push((0..len).map(|j| a.mul(negated, folding.weight(len, j))).collect());
    }
    TableWeights { constraints, counts: counts.to_vec(), tuples, constant }
}
