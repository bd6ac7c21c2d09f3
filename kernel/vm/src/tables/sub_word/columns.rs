//! Columns of NARROW.

use crate::columns::columns;
use crate::layout::LIMBS;

columns! {
    /// Columns of the NARROW table.
    SubWordCols {
        /// Size of the access, one-hot.
        byte,
        half,
        word,
        store,
        /// Load without sign extension.
        unsigned,
        /// Sign of the loaded number, signed loads only.
        sign,
        /// Most significant accessed byte.
        top,
        a[2],
        t,
        /// Stamp of the CPU row.
        clk,
        low,
        high,
        /// First accessed byte of the word, one-hot.
        at[8],
        /// Bytes of the word before the access.
        cell[8],
        /// Accessed bytes.
        part[4],
        /// The word after the access.
        after[LIMBS],
        /// Upper half of rs2, stores only.
        b_high[2],
        /// Lower half of the loaded number, loads only.
        c[2],
        previous,
        /// See [`address::writable`].
        bound,
    }
}
