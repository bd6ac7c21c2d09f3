//! Rows of BYTE.

use super::{ByteCols, BytePreprocessed};
use crate::tables::ENTRIES;
use crate::trace::counts::{Counts, Times};
use crate::trace::rows::Rows;
use crate::trace::values::val;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

/// All pairs of bytes: entry 256 x + y, in row entry / [`ENTRIES`].
pub fn fixed() -> RowMajorMatrix<Val> {
    let mut rows = Rows::new(BytePreprocessed::<Val>::WIDTH);
    for (x, first) in (0..256).flat_map(|x| (0..256).step_by(ENTRIES).map(move |y| (x, y))) {
        let cols =
            BytePreprocessed { x: val(x), y: val(first), and: std::array::from_fn(|i| val(x & (first + i as u32))) };
        cols.write(rows.push());
    }
    rows.finish()
}

/// Appends a row: how often its entries are looked up.
pub fn fill(rows: &mut Rows, _: &mut Counts, &[and, pair]: &Times) {
    let cols = ByteCols { and_times: and.map(val), pair_times: pair.map(val) };
    cols.write(rows.push());
}
