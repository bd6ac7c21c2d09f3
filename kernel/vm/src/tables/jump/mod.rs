//! JUMP: JALR and ECALL, the operations that choose the next pc by a register.

mod columns;
mod constraints;
mod rows;

pub use self::columns::*;
pub use self::rows::Jumping;
use proofloom_field::Val;

use crate::bus::VmBuilder;
use crate::tables::{Definition, VmTable};
use crate::trace::counts::Counts;
use crate::trace::rows::{Ending, Rows};

/// The table as a whole.
pub struct Jump;

impl Definition for Jump {
    type Source<'a> = Jumping;

    const TABLE: VmTable = VmTable::Jump;
    const NAME: &str = "JUMP";
    const MAIN: usize = JumpCols::<u8>::WIDTH;
    const PUBLICS: usize = public::COUNT;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }

    fn pad(row: &mut [Val], ending: &Ending) {
        rows::pad(row, ending);
    }
}
