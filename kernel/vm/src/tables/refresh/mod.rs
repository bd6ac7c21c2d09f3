//! REFRESH: renews the stamp of a word that was not touched for 2^16 stamps.
//!
//! The new stamp is a multiple of 2^16 below 2^24, so a chain of renewals cannot wrap the field.

mod columns;
mod constraints;
mod rows;

pub use self::columns::*;
pub use self::rows::Renewal;
use crate::bus::VmBuilder;
use crate::tables::{Definition, VmTable};
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;

/// The table as a whole.
pub struct Refresh;

impl Definition for Refresh {
    type Source<'a> = Renewal;

    const TABLE: VmTable = VmTable::Refresh;
    const NAME: &str = "REFRESH";
    const MAIN: usize = RefreshCols::<u8>::WIDTH;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
