//! Constraints and interactions of ALIGNED.

use super::columns::*;
use crate::bus::{self, Access, Operation, Side, VmBuilder};
use crate::layout::{LIMBS, SPACE_MEM, STAMP_MEM};
use crate::opcode;
use crate::tables::address::{self, Address};
use crate::tables::arr;
use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = AlignedCols::<B::Var>::read(main.current_slice());
    let real = l.load + l.store;
    b.assert_bools([l.load, l.store]);
    b.assert_bool(real.clone());
    for i in 0..LIMBS {
        b.when(B::Expr::ONE - l.store).assert_eq(l.after[i], l.before[i]);
    }
    let at =
        Address { a: l.a.map(Into::into), t: l.t.into(), low: l.low.into(), high: l.high.into(), byte: B::Expr::ZERO };
    let base = address::constrain(b, &at, real.clone());
    address::writable(b, at.word(), l.bound.into(), l.store.into());
    let done = Operation {
        opcode: l.load * B::Expr::from_u32(opcode::LD) + l.store * B::Expr::from_u32(opcode::SD),
        a: base,
        b: l.after.map(|limb| l.store * limb),
        c: l.before.map(|limb| l.load * limb),
        x: l.clk.into(),
        t: l.t.into(),
    };
    bus::operation(b, Side::Receive, done, real.clone());
    let access = Access {
        space: B::Expr::from_u32(SPACE_MEM),
        address: at.word(),
        before: arr::<B, _>(l.before),
        after: arr::<B, _>(l.after),
        previous: l.previous.into(),
        stamp: l.clk + B::Expr::from_u32(STAMP_MEM),
    };
    bus::access(b, access, real);
}
