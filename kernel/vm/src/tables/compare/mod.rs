//! COMPARE: SLT, SLTU and the six branches.
//!
//! The most significant limb in which the operands differ is marked; the operand order there is
//! the order of the numbers. For signed comparisons the top limbs are shifted to signed numbers.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::{Definition, VmTable};
use crate::trace::counts::Counts;
use crate::trace::operation::Operation;
use crate::trace::rows::Rows;

/// The table as a whole.
pub struct Compare;

impl Definition for Compare {
    type Source<'a> = Operation;

    const TABLE: VmTable = VmTable::Compare;
    const NAME: &str = "COMPARE";
    const MAIN: usize = CompareCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
