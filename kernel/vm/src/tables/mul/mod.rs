//! MUL: MUL and MULW, the lower half of a product.
//!
//! MULW builds the lower 32 bits only; the limbs above are its sign.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::Definition;

/// The table as a whole.
pub struct Mul;

impl Definition for Mul {
    const NAME: &str = "MUL";
    const MAIN: usize = MulCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
