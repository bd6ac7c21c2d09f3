//! JUMP: JALR and ECALL, the operations that choose the next pc by a register.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::Definition;

/// The table as a whole.
pub struct Jump;

impl Definition for Jump {
    const NAME: &str = "JUMP";
    const MAIN: usize = JumpCols::<u8>::WIDTH;
    const PUBLICS: usize = public::COUNT;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
