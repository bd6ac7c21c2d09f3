//! PROGRAM: the instructions of the program. The main column counts how often each is fetched.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::Definition;

/// The table as a whole.
pub struct Program;

impl Definition for Program {
    const NAME: &str = "PROGRAM";
    const PREPROCESSED: usize = ProgramPreprocessed::<u8>::WIDTH;
    const MAIN: usize = 1;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
