//! BYTE: all pairs of bytes. The main columns count how often each is looked up.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::Definition;

/// The table as a whole.
pub struct Byte;

impl Definition for Byte {
    const NAME: &str = "BYTE";
    const PREPROCESSED: usize = BytePreprocessed::<u8>::WIDTH;
    const MAIN: usize = ByteCols::<u8>::WIDTH;
    const LOG_HEIGHTS: (usize, usize) = (super::LOG_BYTE, super::LOG_BYTE);

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
