//! Columns of MUL.

use crate::columns::columns;
use crate::layout::LIMBS;

columns! {
    /// Columns of the MUL table.
    MulCols {
        mul,
        mulw,
        a[8],
        b[8],
        /// The result.
        product[LIMBS],
        /// Carries out of the limbs that are built: four for MUL, two for MULW.
        carry[LIMBS],
        /// Sign of a MULW result.
        sign,
    }
}
