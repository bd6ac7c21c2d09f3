//! SHA256: the accelerator of SHA-256's compression (FIPS 180-4), one row a round.
//!
//! A compression is 64 rows in a row. Row t has the working variables before round t, their new
//! values, and the words W[t] to W[t + 15] of the message schedule. The hash's four words are accessed
//! in the rows 0 to 3, the block's eight in the even rows below 16.

mod columns;
mod constraints;
mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::{Definition, VmTable, address};
use crate::trace::accelerated::Call;
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;

/// The table as a whole.
pub struct Sha256;

impl Definition for Sha256 {
    type Source<'a> = Call<'a>;

    const TABLE: VmTable = VmTable::Sha256;
    const NAME: &str = "SHA256";
    const MAIN: usize = WIDTH;
    const PUBLICS: usize = address::PUBLICS;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
