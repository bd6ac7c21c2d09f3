//! Columns of CROSSING.

use crate::columns::columns;
use crate::layout::LIMBS;

columns! {
    /// Columns of the CROSSING table.
    UnalignedCols {
        /// Size of the access, one-hot.
        half,
        word,
        double,
        store,
        /// Narrow load without sign extension.
        unsigned,
        /// Narrow load with sign extension.
        extend,
        /// Sign of the loaded number, where it is extended.
        sign,
        /// Most significant byte of a narrow access.
        top,
        a[2],
        t,
        /// Stamp of the CPU row.
        clk,
        low,
        high,
        /// First accessed byte, one-hot over 1..8.
        at[7],
        /// Bytes of the two words before the access.
        cell[16],
        /// Accessed bytes and, beyond the size, what follows them in memory (load) or rs2 (store).
        part[8],
        /// The two words after the access.
        after[8],
        /// The loaded number, loads only.
        c[LIMBS],
        /// Stamps of the previous accesses of the two words.
        previous[2],
        /// See [`address::writable`].
        bound,
    }
}
