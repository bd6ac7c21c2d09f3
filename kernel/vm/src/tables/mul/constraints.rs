//! Constraints and interactions of MUL.

use super::columns::*;
use crate::bus::{self, Operation, Side, VmBuilder};
use crate::layout::LIMBS;
use crate::opcode;
use crate::tables::product::{CARRY_BITS, factors, limb_sum};
use crate::tables::{arr, limb, sign_bit};
use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = MulCols::<B::Var>::read(main.current_slice());
    let real = l.mul + l.mulw;
    b.assert_bools([l.mul, l.mulw, l.sign]);
    b.assert_bool(real.clone());
    b.when(l.sign).assert_one(l.mulw);
    eval_product(b, &l);
    factors(b, &l.a, &l.b, &real);
    bus::u16s(b, arr::<B, _>(l.product), real.clone());
    for carry in l.carry {
        bus::range(b, carry.into(), CARRY_BITS, real.clone());
    }
    sign_bit(b, l.product[1].into(), l.sign.into(), l.mulw.into());
    let done = Operation {
        opcode: l.mul * B::Expr::from_u32(opcode::MUL) + l.mulw * B::Expr::from_u32(opcode::MULW),
        a: limb::<B>(l.a),
        b: limb::<B>(l.b),
        c: arr::<B, _>(l.product),
        x: B::Expr::ZERO,
        t: B::Expr::ZERO,
    };
    bus::operation(b, Side::Receive, done, real);
}

fn eval_product<B: VmBuilder>(b: &mut B, l: &MulCols<B::Var>) {
    for m in 0..LIMBS {
        let mut sum = limb_sum::<B>(&l.a, &l.b, m);
        if m > 0 {
            sum += l.carry[m - 1].into();
        }
        let built = l.carry[m] * B::Expr::from_u32(1 << 16) + l.product[m];
        if m < 2 {
            b.assert_eq(sum, built);
        } else {
            b.when(B::Expr::ONE - l.mulw).assert_eq(sum, built);
            b.when(l.mulw).assert_zero(l.carry[m]);
            b.when(l.mulw).assert_eq(l.product[m], l.sign * B::Expr::from_u32(0xffff));
        }
    }
}
