//! Columns of DIV.

use crate::columns::columns;
use crate::layout::LIMBS;

columns! {
    /// Columns of the DIV table.
    DivCols {
        real,
        signed,
        remainder,
        word,
        /// The divisor is 0.
        by_zero,
        /// Signs of x and d, signed forms only.
        x_sign,
        d_sign,
        /// `d_sign` of the 64-bit forms.
        d_sign_long,
        /// Sign of a W form's result.
        sign_out,
        /// The result is minus the absolute value that it is made of.
        negate,
        a[LIMBS],
        b[LIMBS],
        c[LIMBS],
        /// Limbs that hold the signs of x and d.
        x_top,
        d_top,
        /// Bytes of |q| and |d|.
        q[8],
        d[8],
        /// |r|.
        r[LIMBS],
        /// Carries of the sum.
        carry[3],
        /// 1 at the most significant limb in which |r| and |d| differ.
        mark[LIMBS],
        /// |d| less |r| at the marked limb.
        gap,
        /// Carries of the result and its absolute value, where they sum to 2^64.
        over[LIMBS],
        /// Inverse of the lowest limb that is not zero of a negated value; 0 without one.
        inverse,
    }
}
