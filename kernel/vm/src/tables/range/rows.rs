//! Rows of RANGE.

use super::{RangeCols, RangePreprocessed};
use crate::tables::ENTRIES;
use crate::trace::counts::{Counts, Times};
use crate::trace::rows::Rows;
use crate::trace::values::val;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

/// All numbers of 0 to 15 bits: entry 2^bits - 1 + value; the last entry repeats the first. Beside them
/// all of 16 bits: entry value. Entry i is in row i / [`ENTRIES`].
pub fn fixed() -> RowMajorMatrix<Val> {
    let mut rows = Rows::new(RangePreprocessed::<Val>::WIDTH);
    let short = (0..16).flat_map(|bits| (0..1 << bits).map(move |value| (value, bits)));
    let short: Vec<(u32, u32)> = short.chain([(0, 0)]).collect();
    for (first, entries) in (0..).step_by(ENTRIES).zip(short.as_chunks::<ENTRIES>().0) {
        let cols = RangePreprocessed {
            value: entries.map(|(value, _)| val(value)),
            bits: entries.map(|(_, bits)| val(bits)),
            power: entries.map(|(_, bits)| val(1 << bits)),
            u16: val(first),
        };
        cols.write(rows.push());
    }
    rows.finish()
}

/// Appends a row: how often its entries are looked up.
pub fn fill(rows: &mut Rows, _: &mut Counts, &[short, u16]: &Times) {
    let cols = RangeCols { short_times: short.map(val), u16_times: u16.map(val) };
    cols.write(rows.push());
}
