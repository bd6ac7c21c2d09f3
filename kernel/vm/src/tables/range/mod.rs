//! RANGE: numbers by their bits. The main columns count how often each is looked up.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

use crate::bus::VmBuilder;
use crate::program::Decoded;
use crate::tables::{Definition, VmTable};
use crate::trace::counts::{Counts, Times};
use crate::trace::rows::Rows;

/// The table as a whole.
pub struct Range;

impl Definition for Range {
    type Source<'a> = Times;

    const TABLE: VmTable = VmTable::Range;
    const NAME: &str = "RANGE";
    const PREPROCESSED: usize = RangePreprocessed::<u8>::WIDTH;
    const MAIN: usize = RangeCols::<u8>::WIDTH;
    const LOG_HEIGHTS: (usize, usize) = (super::LOG_RANGE, super::LOG_RANGE);

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fixed(_: &Decoded<'_>) -> Option<RowMajorMatrix<Val>> {
        Some(rows::fixed())
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}

/// The table with its entries by logarithm, which gives its preprocessed columns closed forms.
pub struct LogRange;

impl Definition for LogRange {
    type Source<'a> = Times;

    const TABLE: VmTable = VmTable::LogRange;
    const NAME: &str = Range::NAME;
    const PREPROCESSED: usize = Range::PREPROCESSED;
    const MAIN: usize = Range::MAIN;
    const LOG_HEIGHTS: (usize, usize) = Range::LOG_HEIGHTS;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fixed(_: &Decoded<'_>) -> Option<RowMajorMatrix<Val>> {
        Some(rows::fixed_by_logarithm())
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
