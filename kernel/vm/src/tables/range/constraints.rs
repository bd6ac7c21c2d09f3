//! Constraints and interactions of RANGE.

use super::columns::*;
use crate::bus::{self, VmBuilder};
use crate::tables::ENTRIES;
use p3_air::WindowAccess;
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
pub fn eval<B: VmBuilder>(b: &mut B) {
    let f = RangePreprocessed::<B::Var>::read(b.preprocessed().current_slice());
    let l = RangeCols::<B::Var>::read(b.main().current_slice());
    for i in 0..ENTRIES {
        let short = [f.value[i], f.bits[i], f.power[i]].map(Into::into);
        bus::range_entry(b, short, l.short_times[i].into());
        let [bits, power] = [16, 1 << 16].map(B::Expr::from_u32);
        let u16 = f.u16 + B::Expr::from_usize(i);
        bus::range_entry(b, [u16, bits, power], l.u16_times[i].into());
    }
}
