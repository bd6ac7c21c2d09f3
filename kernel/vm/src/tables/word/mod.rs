//! WORD: ADDW and SUBW, 32-bit sums extended by their sign.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::Definition;

/// The table as a whole.
pub struct Word;

impl Definition for Word {
    const NAME: &str = "WORD";
    const MAIN: usize = WordCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
