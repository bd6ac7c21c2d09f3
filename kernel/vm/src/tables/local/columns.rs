//! Columns of LOCAL.

use crate::columns::columns;
use crate::cross::DEGREE;
use crate::layout::LIMBS;

columns! {
    /// Columns of the LOCAL table committed before gamma.
    LocalPhaseOne {
        real,
        space,
        address,
        /// Value when the segment begins.
        entering[LIMBS],
        /// Value when the segment ends.
        leaving[LIMBS],
        /// Segment that touched the word before.
        before,
    }
}

columns! {
    /// Columns of the LOCAL table committed after gamma.
    LocalMain {
        /// Stamp of the last access in the segment.
        last,
        fraction[DEGREE],
        sum[DEGREE],
    }
}

/// Public values of the LOCAL table.
pub mod public {
    /// Number of the segment.
    pub const SEGMENT: usize = crate::cross::public::END;
    /// Count of public values.
    pub const COUNT: usize = SEGMENT + 1;
}

/// Bits of the distance between two segments that touch a word.
pub const DISTANCE_BITS: u32 = 16;
