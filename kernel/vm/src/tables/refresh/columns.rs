//! Columns of REFRESH.

use crate::columns::columns;
use crate::layout::LIMBS;

columns! {
    /// Columns of the REFRESH table.
    RefreshCols { real, space, address, value[LIMBS], previous, /** New stamp / 2^16. */ epoch }
}

/// Bits of [`RefreshCols::epoch`].
pub const EPOCH_BITS: u32 = 8;
