//! KECCAK: the accelerator of Keccak-f[1600] (FIPS 202), one row a round.
//!
//! A permutation is 24 rows in a row. The first receives the call and takes the words' old tokens,
//! the last leaves the new ones. Names of the steps are the standard's: theta, rho, pi, chi, iota.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::{Definition, address};

/// The table as a whole.
pub struct Keccak;

impl Definition for Keccak {
    const NAME: &str = "KECCAK";
    const MAIN: usize = WIDTH;
    const PUBLICS: usize = address::PUBLICS;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
