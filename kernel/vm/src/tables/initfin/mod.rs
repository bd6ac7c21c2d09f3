//! INITFIN: first and last value of every register and memory word of the whole run.
//!
//! Rows are sorted by (space, address), strictly increasing, so each word has one row: the only
//! place where a word's first token comes from. Every image word has a row, touched or not, and so
//! has the length of the input if any of its words has one.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::Definition;

/// The table as a whole.
pub struct Initfin;

impl Definition for Initfin {
    const NAME: &str = "INITFIN";
    const PHASE_ONE: usize = InitfinPhaseOne::<u8>::WIDTH;
    const MAIN: usize = InitfinMain::<u8>::WIDTH;
    const PUBLICS: usize = public::COUNT;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
