//! REFRESH: renews the stamp of a word that was not touched for 2^16 stamps.
//!
//! The new stamp is a multiple of 2^16 below 2^24, so a chain of renewals cannot wrap the field.

use p3_air::WindowAccess;
use p3_field::PrimeCharacteristicRing;

use crate::bus::{self, Access, VmBuilder};
use crate::columns::columns;
use crate::layout::LIMBS;
use crate::tables::arr;

columns! {
    /// Columns of the REFRESH table.
    RefreshCols { real, space, address, value[LIMBS], previous, /** New stamp / 2^16. */ epoch }
}

/// Bits of [`RefreshCols::epoch`].
pub const EPOCH_BITS: u32 = 8;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = RefreshCols::<B::Var>::read(main.current_slice());
    b.assert_bool(l.real);
    bus::range(b, l.epoch.into(), EPOCH_BITS, l.real.into());
    let access = Access {
        space: l.space.into(),
        address: l.address.into(),
        before: arr::<B, _>(l.value),
        after: arr::<B, _>(l.value),
        previous: l.previous.into(),
        stamp: l.epoch * B::Expr::from_u32(1 << 16),
    };
    bus::access(b, access, l.real.into());
}
