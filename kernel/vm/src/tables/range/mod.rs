//! RANGE: numbers by their bits. The main columns count how often each is looked up.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::Definition;

/// The table as a whole.
pub struct Range;

impl Definition for Range {
    const NAME: &str = "RANGE";
    const PREPROCESSED: usize = RangePreprocessed::<u8>::WIDTH;
    const MAIN: usize = RangeCols::<u8>::WIDTH;
    const LOG_HEIGHTS: (usize, usize) = (super::LOG_RANGE, super::LOG_RANGE);

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
