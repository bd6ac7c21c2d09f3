//! Constraints and interactions of WORD.

use super::columns::*;
use crate::bus::{self, Operation, Side, VmBuilder};
use crate::opcode;
use crate::tables::{arr, extended, inv_2_16, sign_bit};
use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = WordCols::<B::Var>::read(main.current_slice());
    b.assert_bools([l.add, l.sub, l.sign]);
    let real = l.add + l.sub;
    b.assert_bool(real.clone());
    let mut carry = B::Expr::ZERO;
    let mut borrow = B::Expr::ZERO;
    for i in 0..2 {
        carry = (l.a[i] + l.b[i] + carry - l.c[i]) * inv_2_16();
        b.when(l.add).assert_bool(carry.clone());
        borrow = (l.c[i] + l.b[i] + borrow - l.a[i]) * inv_2_16();
        b.when(l.sub).assert_bool(borrow.clone());
    }
    let done = Operation {
        opcode: l.add * B::Expr::from_u32(opcode::ADDW) + l.sub * B::Expr::from_u32(opcode::SUBW),
        a: arr::<B, _>(l.a),
        b: arr::<B, _>(l.b),
        c: extended::<B>(l.c, l.sign),
        x: B::Expr::ZERO,
        t: B::Expr::ZERO,
    };
    bus::operation(b, Side::Receive, done, real.clone());
    bus::u16(b, l.c[0].into(), real.clone());
    sign_bit(b, l.c[1].into(), l.sign.into(), real);
}
