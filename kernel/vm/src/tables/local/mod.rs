//! LOCAL: one row for each register and memory word that the segment touches.
//!
//! Takes the token the word's previous segment left, leaves one for the next, and opens and closes
//! the word's chain of accesses inside the segment. The phase-one columns are committed before gamma.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use self::rows::{Closing, Opened};
use crate::bus::VmBuilder;
use crate::tables::{Contributed, Definition, VmTable};
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;

/// The table as a whole.
pub struct Local;

impl Definition for Local {
    type Source<'a> = Closing;

    const TABLE: VmTable = VmTable::Local;
    const NAME: &str = "LOCAL";
    const PHASE_ONE: usize = LocalPhaseOne::<u8>::WIDTH;
    const MAIN: usize = LocalMain::<u8>::WIDTH;
    const PUBLICS: usize = public::COUNT;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}

impl Contributed for Local {
    type Word = Opened;

    fn contribute(rows: &mut Rows, word: &Opened) {
        rows::contribute(rows, word);
    }
}
