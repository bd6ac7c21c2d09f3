//! Columns of ALIGNED.

use crate::columns::columns;
use crate::layout::LIMBS;

columns! {
    /// Columns of the ALIGNED table.
    AlignedCols {
        load,
        store,
        a[2],
        t,
        /// Stamp of the CPU row.
        clk,
        low,
        high,
        before[LIMBS],
        after[LIMBS],
        previous,
        /// See [`address::writable`].
        bound,
    }
}
