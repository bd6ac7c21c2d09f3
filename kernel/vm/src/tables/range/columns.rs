//! Columns of RANGE.

use crate::columns::columns;
use crate::tables::ENTRIES;

columns! {
    /// Numbers, each with a bit count below 16 that holds it and two to that count; and the first
    /// of as many consecutive u16s.
    RangePreprocessed { value[ENTRIES], bits[ENTRIES], power[ENTRIES], u16 }
}

columns! {
    /// How often each entry of a RANGE row is looked up.
    RangeCols { short_times[ENTRIES], u16_times[ENTRIES] }
}
