//! Constraints and interactions of BYTE.

use super::columns::*;
use crate::bus::{self, VmBuilder};
use crate::tables::ENTRIES;
use p3_air::WindowAccess;
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
pub fn eval<B: VmBuilder>(b: &mut B) {
    let f = BytePreprocessed::<B::Var>::read(b.preprocessed().current_slice());
    let l = ByteCols::<B::Var>::read(b.main().current_slice());
    for i in 0..ENTRIES {
        let y = f.y + B::Expr::from_usize(i);
        bus::byte_and_entry(b, [f.x.into(), y.clone(), f.and[i].into()], l.and_times[i].into());
        bus::bytes_entry(b, f.x.into(), y, l.pair_times[i].into());
    }
}
