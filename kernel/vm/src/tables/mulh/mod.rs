//! MULH: MULH, MULHSU and MULHU, the upper half of a product.
//!
//! A negative operand subtracts the other one from the upper half (two's complement).

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::Definition;

/// The table as a whole.
pub struct Mulh;

impl Definition for Mulh {
    const NAME: &str = "MULH";
    const MAIN: usize = MulhCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
