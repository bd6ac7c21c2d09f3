//! NARROW: loads and stores of 1, 2 or 4 bytes inside one memory word.
//!
//! `part` holds the accessed bytes: those of the word for a load, those of rs2 for a store. The
//! word after the access replaces the bytes it covers by `part`; for a load that changes nothing.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::{Definition, address};

/// The table as a whole.
pub struct SubWord;

impl Definition for SubWord {
    const NAME: &str = "NARROW";
    const MAIN: usize = SubWordCols::<u8>::WIDTH;
    const PUBLICS: usize = address::PUBLICS;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
