//! WORD: ADDW and SUBW, 32-bit sums extended by their sign.

mod columns;
mod constraints;
mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::{Definition, VmTable};
use crate::trace::counts::Counts;
use crate::trace::operation::Operation;
use crate::trace::rows::Rows;

/// The table as a whole.
pub struct Word;

impl Definition for Word {
    type Source<'a> = Operation;

    const TABLE: VmTable = VmTable::Word;
    const NAME: &str = "WORD";
    const MAIN: usize = WordCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
