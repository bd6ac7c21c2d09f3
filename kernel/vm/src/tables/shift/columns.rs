//! Columns of SHIFT.

use crate::columns::columns;
use crate::layout::LIMBS;

columns! {
    /// Columns of the SHIFT table.
    ShiftCols {
        /// One of four: 64-bit left, 64-bit right, 32-bit left, 32-bit right.
        sll,
        srl,
        sllw,
        srlw,
        arithmetic,
        a[LIMBS],
        b[LIMBS],
        c[LIMBS],
        low[LIMBS],
        high[LIMBS],
        joined[LIMBS],
        /// Amount modulo 16.
        r,
        /// Bit at which limbs are cut.
        cut,
        /// 2^cut.
        low_size,
        /// 2^(16 - cut).
        high_size,
        /// One-hot q; q = 0 where none is set.
        by[3],
        /// What of b is beyond the amount.
        excess,
        /// Sign of the operand, arithmetic shifts only.
        sign_in,
        /// Sign of the result, W forms only.
        sign_out,
    }
}
