//! PROGRAM: the instructions of the program. The main column counts how often each is fetched.

mod columns;
mod constraints;
mod rows;

pub use self::columns::*;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

use crate::bus::VmBuilder;
use crate::program::Decoded;
use crate::tables::{Definition, VmTable};
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;

/// The table as a whole.
pub struct Program;

impl Definition for Program {
    type Source<'a> = u32;

    const TABLE: VmTable = VmTable::Program;
    const NAME: &str = "PROGRAM";
    const PREPROCESSED: usize = ProgramPreprocessed::<u8>::WIDTH;
    const MAIN: usize = 1;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fixed(decoded: &Decoded<'_>) -> Option<RowMajorMatrix<Val>> {
        Some(rows::fixed(decoded.rows))
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
