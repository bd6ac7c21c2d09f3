//! DIV: the eight divisions, one row each, over absolute values.
//!
//! |x| = |q| |d| + |r| over 64 bits with |r| < |d|: that is the quotient rounded to zero, and
//! unique. x and d are the operands, or their extended lower halves in the W forms; the remainder
//! has x's sign, the quotient is negative if the signs of x and d differ. d = 0 sets |q| = 1 and
//! makes it negative (then |r| = |x| by the sum). The smallest number divided by -1 has the
//! quotient 2^63 (2^31), whose bits are those of the result.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::Definition;

/// The table as a whole.
pub struct Div;

impl Definition for Div {
    const NAME: &str = "DIV";
    const MAIN: usize = DivCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
