//! NOT: XORI with -1. It has a table of its own because it is frequent and needs no bytes.

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
pub struct Not;

impl Definition for Not {
    type Source<'a> = Operation;

    const TABLE: VmTable = VmTable::Not;
    const NAME: &str = "NOT";
    const MAIN: usize = NotCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
