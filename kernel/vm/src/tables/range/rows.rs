//! Rows of RANGE.

use super::{LogRange, Range, RangeCols, RangePreprocessed};
use crate::engine::Engine;
use crate::tables::Definition;
use crate::tables::ENTRIES;
use crate::trace::counts::{Counts, Times};
use crate::trace::rows::Rows;
use crate::trace::values::val;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

/// All numbers of 0 to 15 bits: entry 2^bits - 1 + value; the last entry repeats the first. Beside them
/// all of 16 bits: entry value. Entry i is in row i / [`ENTRIES`].
pub fn fixed() -> RowMajorMatrix<Val> {
    let short: Vec<(u32, u32)> = numbers().chain([(0, 0)]).collect();
    of_entries(&short)
}

/// The same in another order: entry 2^bits + value; entry 0 repeats the next.
pub fn fixed_by_logarithm() -> RowMajorMatrix<Val> {
    let short: Vec<(u32, u32)> = [(0, 0)].into_iter().chain(numbers()).collect();
    of_entries(&short)
}

/// All numbers of 0 to 15 bits, with their bits.
fn numbers() -> impl Iterator<Item = (u32, u32)> {
    (0..16).flat_map(|bits| (0..1 << bits).map(move |value| (value, bits)))
}

fn of_entries(short: &[(u32, u32)]) -> RowMajorMatrix<Val> {
    let mut rows = Rows::new(RangePreprocessed::<Val>::WIDTH);
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

/// Main columns for an engine.
pub fn main(counts: &Counts, engine: Engine) -> RowMajorMatrix<Val> {
    let none = &mut Counts::default();
    match engine {
        Engine::Univariate => Range::all_rows(none, counts.range_times()),
        Engine::Multilinear => LogRange::all_rows(none, counts.log_range_times()),
    }
}
