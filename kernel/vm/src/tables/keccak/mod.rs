//! KECCAK: the accelerator of Keccak-f[1600] (FIPS 202), one row a round.
//!
//! A permutation is 24 rows in a row. The first receives the call and takes the words' old tokens,
//! the last leaves the new ones. Names of the steps are the standard's: theta, rho, pi, chi, iota.

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
pub struct Keccak;

impl Definition for Keccak {
    type Source<'a> = Call<'a>;

    const TABLE: VmTable = VmTable::Keccak;
    const NAME: &str = "KECCAK";
    const MAIN: usize = WIDTH;
    const PUBLICS: usize = address::PUBLICS;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
