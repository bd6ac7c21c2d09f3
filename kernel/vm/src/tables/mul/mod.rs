//! MUL: MUL and MULW, the lower half of a product.
//!
//! MULW builds the lower 32 bits only; the limbs above are its sign.

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
pub struct Mul;

impl Definition for Mul {
    type Source<'a> = Operation;

    const TABLE: VmTable = VmTable::Mul;
    const NAME: &str = "MUL";
    const MAIN: usize = MulCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
