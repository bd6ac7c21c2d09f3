//! The arithmetic that verification is written over.

use proofloom_field::{Challenge, RATE, Val};

use crate::EXTENSION;

/// What a check is about: the reason of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Check {
    /// A number beyond what the machine admits (a height, a width, an offset).
    Range,
    /// A message that has to be zero, since its round is not active, is not.
    InactiveMessage,
    /// The fractions of all interactions do not add up to zero.
    LookupSum,
    /// The product of all denominators of interactions is zero.
    LookupDenominator,
    /// A layer of fractions does not follow from the next one.
    LookupLayer,
    /// Constraints or fractions do not follow from the columns' values.
    Constraints,
    /// The columns' values do not follow from the stacked columns.
    Reduction,
    /// The zero bits that are demanded before positions are drawn are missing.
    Grinding,
    /// An opened row does not lead to its root.
    Opening,
    /// The final polynomial does not have the value it must have.
    Final,
    /// The proof ends before its last message.
    Tape,
}

/// One of a proof's trees.
#[derive(Clone, Copy, Debug)]
pub struct TreeShape<V> {
    /// Its number: fixed, shared, main, then the other oracles.
    pub number: usize,
    pub root: [V; RATE],
    /// Elements of a row: what its digest is over.
    pub elements: V,
    /// The most that they can be.
    pub width: usize,
}

/// Elements, operations and input of a verifier.
///
/// Verification branches on nothing that is a value and takes no length from one: machine and profile fix
/// all lengths, heights are flags. Values have no equality and no conversion to numbers, so it cannot. A
/// failed check is noted and verification goes on.
pub trait Arith {
    /// An element of the base field.
    type V: Copy;
    /// An element of the challenge field.
    type E: Copy;

    /// A constant of the base field.
    fn konst(&mut self, x: Val) -> Self::V;
    /// x + y
    fn add_v(&mut self, x: Self::V, y: Self::V) -> Self::V;
    /// x - y
    fn sub_v(&mut self, x: Self::V, y: Self::V) -> Self::V;
    /// x y
    fn mul_v(&mut self, x: Self::V, y: Self::V) -> Self::V;

    /// A constant of the challenge field.
    fn konst_e(&mut self, x: Challenge) -> Self::E;
    /// The element with these coefficients, constant term first.
    fn join(&mut self, coefficients: [Self::V; EXTENSION]) -> Self::E;
    /// Coefficients, constant term first.
    fn split(&mut self, x: Self::E) -> [Self::V; EXTENSION];
    /// x + y
    fn add(&mut self, x: Self::E, y: Self::E) -> Self::E;
    /// x - y
    fn sub(&mut self, x: Self::E, y: Self::E) -> Self::E;
    /// x y
    fn mul(&mut self, x: Self::E, y: Self::E) -> Self::E;
    /// x y, y of the base field
    fn scale(&mut self, x: Self::E, y: Self::V) -> Self::E;
    /// The inverse: a hint and the check that it is one. Zero fails the check.
    fn inv(&mut self, x: Self::E, check: Check) -> Self::E;

    /// Demands that x is zero.
    fn assert_zero_v(&mut self, x: Self::V, check: Check);
    /// Demands that x is zero.
    fn assert_zero(&mut self, x: Self::E, check: Check);

    /// `array[index]`. An index beyond the array fails [`Check::Range`].
    fn read(&mut self, array: &[Self::E], index: Self::V) -> Self::E;
    /// The `count` low bits of the number below the field's order that x is, shown boolean.
    fn bits(&mut self, x: Self::V, count: usize) -> Vec<Self::V>;
    /// The flags `i < x` for i below `count`, shown boolean. x > count fails [`Check::Range`].
    fn thermometer(&mut self, x: Self::V, count: usize) -> Vec<Self::V>;

    /// Starts the transcript anew, from a domain.
    fn start(&mut self, domain: &str);
    /// Absorbs one message.
    fn absorb(&mut self, message: &[Self::V]);
    /// One block of the transcript's output.
    fn squeeze(&mut self) -> [Self::V; RATE];
    /// Digest of elements under a domain, beside the transcript.
    fn hash(&mut self, domain: &str, elements: &[Self::V]) -> [Self::V; RATE];

    /// The proof's next elements, in the order of the protocol. Nothing is absorbed.
    fn take(&mut self, count: usize) -> Vec<Self::V>;
    /// The rows at positions of a tree, shown to lead to its root, with zeros behind them up to its width.
    fn open(&mut self, tree: &TreeShape<Self::V>, positions: &[Self::V]) -> Vec<Vec<Self::V>>;

    /// 0
    fn zero(&mut self) -> Self::E {
        self.konst_e(Challenge::default())
    }
    /// 1
    fn one(&mut self) -> Self::E {
        self.konst_e(<Challenge as p3_field::PrimeCharacteristicRing>::ONE)
    }
    /// An element of the base field in the challenge field.
    fn lift(&mut self, x: Self::V) -> Self::E {
        let one = self.one();
        self.scale(one, x)
    }
    /// 1 - x
    fn complement(&mut self, x: Self::E) -> Self::E {
        let one = self.one();
        self.sub(one, x)
    }
    /// Demands that x and y are equal.
    fn assert_eq(&mut self, x: Self::E, y: Self::E, check: Check) {
        let difference = self.sub(x, y);
        self.assert_zero(difference, check);
    }
    /// `then` if the flag (0 or 1) is 1, else `otherwise`.
    fn select(&mut self, flag: Self::V, then: Self::E, otherwise: Self::E) -> Self::E {
        let difference = self.sub(then, otherwise);
        let part = self.scale(difference, flag);
        self.add(otherwise, part)
    }
    /// a + (b - a) z
    fn line(&mut self, a: Self::E, b: Self::E, z: Self::E) -> Self::E {
        let difference = self.sub(b, a);
        let part = self.mul(difference, z);
        self.add(a, part)
    }
    /// One challenge: the first five elements of a block.
    fn challenge(&mut self) -> Self::E {
        let [c0, c1, c2, c3, c4, ..] = self.squeeze();
        self.join([c0, c1, c2, c3, c4])
    }
    /// The proof's next elements, absorbed as one message.
    fn receive(&mut self, count: usize) -> Vec<Self::V> {
        let message = self.take(count);
        self.absorb(&message);
        message
    }
    /// The proof's next elements of the challenge field, absorbed as one message.
    fn receive_challenges(&mut self, count: usize) -> Vec<Self::E> {
        let message = self.receive(count * EXTENSION);
        message.as_chunks::<EXTENSION>().0.iter().map(|&coefficients| self.join(coefficients)).collect()
    }
}
