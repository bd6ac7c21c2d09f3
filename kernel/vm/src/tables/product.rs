//! Products of bytes, as MUL, MULH and DIV form them.
//!
//! A product is built in 16-bit limbs. Limb m gathers the byte products of weight 2^(16 m) and
//! 2^(16 m + 8): at most 15 of them, below 2^27 with their weights, so that sums with carries stay
//! far below the field's order and hold as integers.

use p3_field::PrimeCharacteristicRing;

use crate::bus::{self, VmBuilder};

/// Bits of a carry out of the limbs 0 to 3, where nothing is subtracted: the largest sum of byte
/// products is that of limb 3, 7 * 255^2 + 256 * 8 * 255^2 < 2^27.
pub const CARRY_BITS: u32 = 11;

/// Sum of the byte products of weight 2^(8 k).
pub fn column<B: VmBuilder>(x: &[B::Var; 8], y: &[B::Var; 8], k: usize) -> B::Expr {
    let first = k.saturating_sub(7);
    (first..=k.min(7)).fold(B::Expr::ZERO, |sum, i| sum + x[i] * y[k - i])
}

/// Sum of the byte products that limb `m` gathers, without the carry from below.
pub fn limb_sum<B: VmBuilder>(x: &[B::Var; 8], y: &[B::Var; 8], m: usize) -> B::Expr {
    let even = column::<B>(x, y, 2 * m);
    if m == 7 {
        return even;
    }
    even + column::<B>(x, y, 2 * m + 1) * B::Expr::from_u32(256)
}

/// Requires both factors to consist of bytes, `times` in {0, 1}.
pub fn factors<B: VmBuilder>(b: &mut B, x: &[B::Var; 8], y: &[B::Var; 8], times: &B::Expr) {
    for pair in x.as_chunks::<2>().0.iter().chain(y.as_chunks::<2>().0) {
        bus::bytes(b, pair[0].into(), pair[1].into(), times.clone());
    }
}
