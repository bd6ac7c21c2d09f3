//! Constraints and interactions of REFRESH.

use super::columns::*;
use crate::bus::{self, Access, VmBuilder};
use crate::tables::arr;
use p3_air::WindowAccess;
use p3_field::PrimeCharacteristicRing;

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
