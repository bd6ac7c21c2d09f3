//! LOGIC: AND, OR, XOR by bytes, over the table of byte pairs.

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
pub struct Logic;

impl Definition for Logic {
    type Source<'a> = Operation;

    const TABLE: VmTable = VmTable::Logic;
    const NAME: &str = "LOGIC";
    const MAIN: usize = LogicCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
