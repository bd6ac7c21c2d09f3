//! Columns of BYTE.

use crate::columns::columns;
use crate::tables::ENTRIES;

columns! {
    /// A byte, the first of consecutive bytes, and its conjunction with each of them.
    BytePreprocessed { x, y, and[ENTRIES] }
}

columns! {
    /// How often each entry of a BYTE row is looked up.
    ByteCols { and_times[ENTRIES], pair_times[ENTRIES] }
}
