//! Rows of REFRESH.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

use super::RefreshCols;
use crate::trace::rows::Rows;
use crate::trace::values::{limb_vals, val};

/// Appends the row that brings the stamp of a word from `previous` to the beginning of `epoch`.
pub fn push(rows: &mut Rows, (space, address): (u32, u32), value: u64, previous: u32, epoch: u32) {
    let cols = RefreshCols {
        real: Val::ONE,
        space: val(space),
        address: val(address),
        value: limb_vals(value),
        previous: val(previous),
        epoch: val(epoch),
    };
    cols.write(rows.push());
}
