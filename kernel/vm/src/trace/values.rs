//! Values as field elements.

use crate::layout::{LIMBS, limbs};
use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

/// A number as a field element.
pub fn val(x: u32) -> Val {
    Val::from_u32(x)
}

/// A flag as a field element.
pub fn bit(x: bool) -> Val {
    Val::from_bool(x)
}

/// The limbs of a 64-bit value as field elements.
pub fn limb_vals(x: u64) -> [Val; LIMBS] {
    limbs(x).map(val)
}

/// Bytes as field elements.
pub fn byte_vals<const N: usize>(bytes: [u8; N]) -> [Val; N] {
    bytes.map(Val::from_u8)
}
