//! What the three memory tables share: the address of an access and the check of stores.

use p3_field::PrimeCharacteristicRing;

use crate::bus::{self, VmBuilder};
use crate::layout::{LIMBS, WORD_BITS};
use crate::tables::inv_2_16;

/// Bits of a word number inside 64 KiB: the low part of the word number.
pub const LOW_BITS: u32 = 13;
/// Position of the writable start (a word number) in the public values of a memory table.
pub const WRITABLE: usize = 0;
/// Public values of a memory table.
pub const PUBLICS: usize = 1;

/// Columns that make an address.
pub struct Address<E> {
    /// Low half of the base register.
    pub a: [E; 2],
    /// Signed offset of the instruction.
    pub t: E,
    /// Low 13 bits of the word number.
    pub low: E,
    /// High 16 bits of the word number.
    pub high: E,
    /// Byte in the word.
    pub byte: E,
}

impl<E: PrimeCharacteristicRing> Address<E> {
    /// Word number, below 2^29 once its parts are range-checked.
    pub fn word(&self) -> E {
        self.low.clone() + self.high.clone() * E::from_u32(1 << LOW_BITS)
    }
}

/// Constrains base + offset = 8 word + byte below 2^32; returns the base register's four limbs.
///
/// A sum below 2^32 comes from a base below 2^32, or from one just above it and a negative offset.
/// (A negative base with a positive offset reaches only addresses below 2048, which are unmapped.)
pub fn constrain<B: VmBuilder>(b: &mut B, at: &Address<B::Expr>, times: B::Expr) -> [B::Expr; LIMBS] {
    let low16 = at.low.clone() * B::Expr::from_u32(8) + at.byte.clone();
    let carry = (at.a[0].clone() + at.t.clone() - low16) * inv_2_16();
    b.assert_zero(carry.clone() * (carry.clone() - B::Expr::ONE) * (carry.clone() + B::Expr::ONE));
    let above = (at.high.clone() - at.a[1].clone() - carry) * inv_2_16();
    b.assert_bool(above.clone());
    bus::range(b, at.low.clone(), LOW_BITS, times.clone());
    bus::u16(b, at.high.clone(), times);
    [at.a[0].clone(), at.a[1].clone(), above, B::Expr::ZERO]
}

/// Requires the word of a store to lie in writable memory. `bound` holds the low 16 bits of the
/// distance; the rest has 13 bits, so a negative distance does not fit.
pub fn writable<B: VmBuilder>(b: &mut B, word: B::Expr, bound: B::Expr, times: B::Expr) {
    let start: B::Expr = b.public_values()[WRITABLE].into();
    let rest = (word - start - bound.clone()) * inv_2_16();
    bus::u16(b, bound, times.clone());
    bus::range(b, rest, WORD_BITS - 16, times);
}
