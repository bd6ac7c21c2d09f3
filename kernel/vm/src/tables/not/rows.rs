//! Rows of NOT. Results are arguments, not computed here: a wrong result makes rows that cannot be proven.

use super::NotCols;
use crate::trace::counts::Counts;
use crate::trace::operation::Operation;
use crate::trace::rows::Rows;
use crate::trace::values::limb_vals;
use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

/// XORI with -1.
#[inline(never)]
pub fn fill(rows: &mut Rows, _: &mut Counts, &Operation { a, .. }: &Operation) {
    let cols = NotCols { real: Val::ONE, a: limb_vals(a) };
    cols.write(rows.push());
}
