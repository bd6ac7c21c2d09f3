//! LOGIC: AND, OR, XOR by bytes, over the table of byte pairs.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::Definition;

/// The table as a whole.
pub struct Logic;

impl Definition for Logic {
    const NAME: &str = "LOGIC";
    const MAIN: usize = LogicCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
