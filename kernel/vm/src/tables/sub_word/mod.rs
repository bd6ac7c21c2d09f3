//! NARROW: loads and stores of 1, 2 or 4 bytes inside one memory word.
//!
//! `part` holds the accessed bytes: those of the word for a load, those of rs2 for a store. The
//! word after the access replaces the bytes it covers by `part`; for a load that changes nothing.

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
pub struct SubWord;

impl Definition for SubWord {
    type Source<'a> = Request<'a>;

    const TABLE: VmTable = VmTable::SubWord;
    const NAME: &str = "NARROW";
    const MAIN: usize = SubWordCols::<u8>::WIDTH;
    const PUBLICS: usize = address::PUBLICS;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
