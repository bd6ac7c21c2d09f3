//! ALIGNED: LD and SD of a whole memory word.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::{Definition, address};

/// The table as a whole.
pub struct Aligned;

impl Definition for Aligned {
    const NAME: &str = "ALIGNED";
    const MAIN: usize = AlignedCols::<u8>::WIDTH;
    const PUBLICS: usize = address::PUBLICS;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
