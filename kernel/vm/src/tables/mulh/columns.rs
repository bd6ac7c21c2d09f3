//! Columns of MULH.

use crate::columns::columns;

columns! {
    /// Columns of the MULH table.
    MulhCols {
        mulh,
        mulhsu,
        mulhu,
        a[8],
        b[8],
        product[8],
        /// Carries out of all limbs but the last.
        carry[7],
        /// The product is negative: what leaves the last limb is -1.
        negative,
        /// Sign of a, where it counts as signed.
        sign_a,
        /// Sign of b, where it counts as signed.
        sign_b,
    }
}

/// Carries are at least -3 (two subtractions and a borrow) and below 2^12.
pub const CARRY_OFFSET: u32 = 4;

/// Bits of a carry plus its offset.
pub const CARRY_BITS: u32 = 13;
