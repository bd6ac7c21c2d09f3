//! Constraints and interactions of NOT.

use super::columns::*;
use crate::bus::{self, Operation, Side, VmBuilder};
use crate::opcode;
use crate::tables::arr;
use p3_air::WindowAccess;
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = NotCols::<B::Var>::read(main.current_slice());
    b.assert_bool(l.real);
    let full = B::Expr::from_u32(0xffff);
    let done = Operation {
        opcode: B::Expr::from_u32(opcode::NOT),
        a: arr::<B, _>(l.a),
        b: core::array::from_fn(|_| full.clone()),
        c: l.a.map(|limb| full.clone() - limb),
        x: B::Expr::ZERO,
        t: B::Expr::ZERO,
    };
    bus::operation(b, Side::Receive, done, l.real.into());
}
