//! ALIGNED: LD and SD of a whole memory word.

mod columns;
mod constraints;
mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::{Definition, VmTable, address};
use crate::trace::counts::Counts;
use crate::trace::memory::Request;
use crate::trace::rows::Rows;

/// The table as a whole.
pub struct Aligned;

impl Definition for Aligned {
    type Source<'a> = Request<'a>;

    const TABLE: VmTable = VmTable::Aligned;
    const NAME: &str = "ALIGNED";
    const MAIN: usize = AlignedCols::<u8>::WIDTH;
    const PUBLICS: usize = address::PUBLICS;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
