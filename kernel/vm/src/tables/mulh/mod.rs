//! MULH: MULH, MULHSU and MULHU, the upper half of a product.
//!
//! A negative operand subtracts the other one from the upper half (two's complement).

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
pub struct Mulh;

impl Definition for Mulh {
    type Source<'a> = Operation;

    const TABLE: VmTable = VmTable::Mulh;
    const NAME: &str = "MULH";
    const MAIN: usize = MulhCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
