//! DIV: the eight divisions, one row each, over absolute values.
//!
//! |x| = |q| |d| + |r| over 64 bits with |r| < |d|: that is the quotient rounded to zero, and
//! unique. x and d are the operands, or their extended lower halves in the W forms; the remainder
//! has x's sign, the quotient is negative if the signs of x and d differ. d = 0 sets |q| = 1 and
//! makes it negative (then |r| = |x| by the sum). The smallest number divided by -1 has the
//! quotient 2^63 (2^31), whose bits are those of the result.

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
pub struct Div;

impl Definition for Div {
    type Source<'a> = Operation;

    const TABLE: VmTable = VmTable::Div;
    const NAME: &str = "DIV";
    const MAIN: usize = DivCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
