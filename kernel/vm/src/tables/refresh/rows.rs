//! Rows of REFRESH.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

use super::{EPOCH_BITS, RefreshCols};
use crate::trace::chain::Place;
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;
use crate::trace::values::{limb_vals, val};

/// A word whose stamp is brought up to the next multiple of 2^16.
pub struct Renewal {
    pub place: Place,
    pub value: u64,
    /// The stamp before.
    pub previous: u32,
}

impl Renewal {
    const fn epoch(&self) -> u32 {
        (self.previous >> 16) + 1
    }

    /// The stamp afterwards.
    pub const fn stamp(&self) -> u32 {
        self.epoch() << 16
    }
}

/// Appends the row of a renewal.
pub fn fill(rows: &mut Rows, counts: &mut Counts, renewal: &Renewal) {
    let &Renewal { place, value, previous } = renewal;
    let epoch = renewal.epoch();
    counts.range(epoch, EPOCH_BITS);
    counts.u16(renewal.stamp() - previous - 1);
    let (space, address) = place.coordinates();
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
