//! CROSSING: loads and stores of 2, 4 or 8 bytes that reach into the next memory word.
//!
//! As NARROW, over the sixteen bytes of two neighbouring words.

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
pub struct Unaligned;

impl Definition for Unaligned {
    type Source<'a> = Request<'a>;

    const TABLE: VmTable = VmTable::Unaligned;
    const NAME: &str = "CROSSING";
    const MAIN: usize = UnalignedCols::<u8>::WIDTH;
    const PUBLICS: usize = address::PUBLICS;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
