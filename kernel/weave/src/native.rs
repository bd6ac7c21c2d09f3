//! Verification of a proof that is at hand.

use p3_field::{BasedVectorSpace, Field, PrimeCharacteristicRing, PrimeField32};
use proofloom_field::{Challenge, Digest, RATE, Val};

use crate::EXTENSION;
use crate::arith::{Arith, Check, TreeShape};
use crate::sponge::{Sponge, digest};

/// Rows of the proof's trees that can be shown to lead to their roots.
pub trait Openings {
    /// The rows at positions of a tree, in their order, `None` if there are none that lead to `root`.
    fn rows(&mut self, tree: usize, root: &Digest, positions: &[u32]) -> Option<Vec<Vec<Val>>>;
}

/// For proofs, or parts of them, that open nothing.
impl Openings for () {
    fn rows(&mut self, _: usize, _: &Digest, _: &[u32]) -> Option<Vec<Vec<Val>>> {
        None
    }
}

/// Plain arithmetic over the messages of a proof. Keeps the first check that failed.
#[derive(Debug)]
pub struct Native<'a, O> {
    tape: &'a [Val],
    openings: O,
    sponge: Sponge,
    failed: Option<Check>,
}

impl<'a, O: Openings> Native<'a, O> {
    /// Over a proof's messages in the order of the protocol, all of full length.
    pub fn new(domain: &str, tape: &'a [Val], openings: O) -> Self {
        Self { tape, openings, sponge: Sponge::new(domain, 0), failed: None }
    }

    /// Permutations of the transcript so far.
    pub const fn transcript_permutations(&self) -> u64 {
        self.sponge.permutations()
    }

    /// What opens the proof's trees.
    pub const fn openings(&self) -> &O {
        &self.openings
    }

    /// The outcome: the first check that failed, or messages that were not read.
    ///
    /// # Errors
    /// What failed.
    pub fn finish(self) -> Result<(), Check> {
        match self.failed {
            Some(check) => Err(check),
            None if self.tape.is_empty() => Ok(()),
            None => Err(Check::Tape),
        }
    }

    fn demand(&mut self, holds: bool, check: Check) {
        if !holds && self.failed.is_none() {
            self.failed = Some(check);
        }
    }
}

impl<O: Openings> Arith for Native<'_, O> {
    type V = Val;
    type E = Challenge;

    fn konst(&mut self, x: Val) -> Val {
        x
    }
    fn add_v(&mut self, x: Val, y: Val) -> Val {
        x + y
    }
    fn sub_v(&mut self, x: Val, y: Val) -> Val {
        x - y
    }
    fn mul_v(&mut self, x: Val, y: Val) -> Val {
        x * y
    }

    fn konst_e(&mut self, x: Challenge) -> Challenge {
        x
    }
    fn join(&mut self, coefficients: [Val; EXTENSION]) -> Challenge {
        Challenge::from_basis_coefficients_fn(|d| coefficients[d])
    }
    fn split(&mut self, x: Challenge) -> [Val; EXTENSION] {
        let coefficients: &[Val] = x.as_basis_coefficients_slice();
        core::array::from_fn(|d| coefficients[d])
    }
    fn add(&mut self, x: Challenge, y: Challenge) -> Challenge {
        x + y
    }
    fn sub(&mut self, x: Challenge, y: Challenge) -> Challenge {
        x - y
    }
    fn mul(&mut self, x: Challenge, y: Challenge) -> Challenge {
        x * y
    }
    fn scale(&mut self, x: Challenge, y: Val) -> Challenge {
        x * y
    }
    fn inv(&mut self, x: Challenge, check: Check) -> Challenge {
        let inverse = x.try_inverse();
        self.demand(inverse.is_some(), check);
        inverse.unwrap_or_default()
    }

    fn assert_zero_v(&mut self, x: Val, check: Check) {
        self.demand(x == Val::ZERO, check);
    }
    fn assert_zero(&mut self, x: Challenge, check: Check) {
        self.demand(x == Challenge::ZERO, check);
    }

    fn read(&mut self, array: &[Challenge], index: Val) -> Challenge {
        let found = array.get(index.as_canonical_u32() as usize).copied();
        self.demand(found.is_some(), Check::Range);
        found.unwrap_or_default()
    }
    fn bits(&mut self, x: Val, count: usize) -> Vec<Val> {
        let number = x.as_canonical_u32();
        (0..count).map(|i| Val::from_bool(number >> i & 1 == 1)).collect()
    }
    fn thermometer(&mut self, x: Val, count: usize) -> Vec<Val> {
        let number = x.as_canonical_u32() as usize;
        self.demand(number <= count, Check::Range);
        (0..count).map(|i| Val::from_bool(i < number)).collect()
    }

    fn start(&mut self, domain: &str) {
        self.sponge = Sponge::new(domain, 0);
    }
    fn absorb(&mut self, message: &[Val]) {
        self.sponge.absorb(message);
    }
    fn squeeze(&mut self) -> [Val; RATE] {
        self.sponge.squeeze()
    }
    fn hash(&mut self, domain: &str, elements: &[Val]) -> Digest {
        digest(domain, elements)
    }

    fn take(&mut self, count: usize) -> Vec<Val> {
        let available = count.min(self.tape.len());
        self.demand(available == count, Check::Tape);
        let (message, rest) = self.tape.split_at(available);
        self.tape = rest;
        let mut message = message.to_vec();
        message.resize(count, Val::ZERO);
        message
    }
    fn open(&mut self, tree: &TreeShape<Val>, positions: &[Val]) -> Vec<Vec<Val>> {
        let numbers: Vec<u32> = positions.iter().map(Val::as_canonical_u32).collect();
        let elements = tree.elements.as_canonical_u32() as usize;
        let rows = self.openings.rows(tree.number, &tree.root, &numbers);
        let fits = |row: &Vec<Val>| row.len() == elements && elements <= tree.width;
        let rows = rows.filter(|rows| rows.len() == numbers.len() && rows.iter().all(fits));
        self.demand(rows.is_some(), Check::Opening);
        let mut rows = rows.unwrap_or_else(|| vec![Vec::new(); numbers.len()]);
        rows.iter_mut().for_each(|row| row.resize(tree.width, Val::ZERO));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn native(tape: &[Val]) -> Native<'_, ()> {
        Native::new("test", tape, ())
    }

    #[test]
    fn the_first_failed_check_is_kept() {
        let mut a = native(&[]);
        a.assert_zero_v(Val::ZERO, Check::Final);
        a.assert_zero_v(Val::ONE, Check::Reduction);
        a.assert_zero(Challenge::ONE, Check::Final);
        assert_eq!(a.finish(), Err(Check::Reduction));
    }

    #[test]
    fn a_tape_is_read_to_its_end_and_not_beyond() {
        let tape = [Val::ONE, Val::TWO];
        let mut a = native(&tape);
        assert_eq!(a.take(2), tape);
        assert_eq!(a.finish(), Ok(()));
        let mut short = native(&tape);
        assert_eq!(short.take(3), [Val::ONE, Val::TWO, Val::ZERO]);
        assert_eq!(short.finish(), Err(Check::Tape));
        assert_eq!(native(&tape).finish(), Err(Check::Tape));
    }

    #[test]
    fn zero_has_no_inverse() {
        let mut a = native(&[]);
        let two = Challenge::TWO;
        assert_eq!(a.inv(two, Check::LookupDenominator) * two, Challenge::ONE);
        let _ = a.inv(Challenge::ZERO, Check::LookupDenominator);
        assert_eq!(a.finish(), Err(Check::LookupDenominator));
    }

    #[test]
    fn flags_and_bits_are_those_of_the_number() {
        let mut a = native(&[]);
        let flags = a.thermometer(Val::from_u32(2), 4);
        assert_eq!(flags, [Val::ONE, Val::ONE, Val::ZERO, Val::ZERO]);
        assert_eq!(a.bits(Val::from_u32(6), 3), [Val::ZERO, Val::ONE, Val::ONE]);
        a.thermometer(Val::from_u32(5), 4);
        assert_eq!(a.finish(), Err(Check::Range));
    }

    #[test]
    fn reading_beyond_an_array_fails() {
        let mut a = native(&[]);
        let array = [Challenge::ONE, Challenge::TWO];
        assert_eq!(a.read(&array, Val::ONE), Challenge::TWO);
        let _ = a.read(&array, Val::TWO);
        assert_eq!(a.finish(), Err(Check::Range));
    }

    #[test]
    fn select_and_line_are_what_they_say() {
        let mut a = native(&[]);
        let (x, y) = (Challenge::from_u32(7), Challenge::from_u32(9));
        assert_eq!(a.select(Val::ONE, x, y), x);
        assert_eq!(a.select(Val::ZERO, x, y), y);
        assert_eq!(a.line(x, y, Challenge::TWO), Challenge::from_u32(11));
    }
}
