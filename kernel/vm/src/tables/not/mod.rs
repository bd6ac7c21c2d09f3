//! NOT: XORI with -1. It has a table of its own because it is frequent and needs no bytes.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::Definition;

/// The table as a whole.
pub struct Not;

impl Definition for Not {
    const NAME: &str = "NOT";
    const MAIN: usize = NotCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
