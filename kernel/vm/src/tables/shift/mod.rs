//! SHIFT: SLL, SRL, SRA and their W forms.
//!
//! The amount is 16 q + r. Every limb is cut at bit u (u = 16 - r to the left, u = r to the right)
//! into `low` < 2^u and `high` < 2^(16-u); the pieces are joined with their neighbours (`joined`,
//! the shift by r) and the result is moved by q limbs. No product exceeds 2^16.

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
pub struct Shift;

impl Definition for Shift {
    type Source<'a> = Operation;

    const TABLE: VmTable = VmTable::Shift;
    const NAME: &str = "SHIFT";
    const MAIN: usize = ShiftCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
