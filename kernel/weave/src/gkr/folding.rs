//! How tuples become denominators.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

use crate::arith::Arith;
use crate::machine::Bus;

/// The challenges of all fractions: a tuple m on the bus of index b has the denominator
/// `alpha + (b + 1) beta^L - sum of m_j beta^(len - 1 - j)`, L the elements of the widest tuple.
#[derive(Clone, Debug)]
pub struct Folding<E> {
    /// `alpha + (b + 1) beta^L` per bus.
    pub prefixes: Vec<E>,
    /// `beta^0 .. beta^L`.
    pub powers: Vec<E>,
}

impl<E: Copy> Folding<E> {
    /// Of a proof's pair of challenges.
    pub fn new<A: Arith<E = E>>(a: &mut A, buses: &[Bus], alpha: E, beta: E) -> Self {
        let widest = buses.iter().map(|bus| bus.width).max().unwrap_or(0);
        let mut powers = vec![a.one()];
        for j in 0..widest {
            powers.push(a.mul(powers[j], beta));
        }
        let prefixes = (0..buses.len()).map(|bus| {
            let number = a.konst(Val::from_usize(bus + 1));
            let part = a.scale(powers[widest], number);
            a.add(alpha, part)
        });
        let prefixes = prefixes.collect();
        Self { prefixes, powers }
    }

    /// What element j of a tuple of this length is multiplied with, before it is subtracted.
    pub fn weight(&self, len: usize, j: usize) -> E {
        self.powers[len - 1 - j]
    }
}
