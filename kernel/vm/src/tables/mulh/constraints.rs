//! Constraints and interactions of MULH.

use super::columns::*;
use crate::bus::{self, Operation, Side, VmBuilder};
use crate::layout::LIMBS;
use crate::opcode;
use crate::tables::limb;
use crate::tables::product::{factors, limb_sum};
use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = MulhCols::<B::Var>::read(main.current_slice());
    let real = l.mulh + l.mulhsu + l.mulhu;
    b.assert_bools([l.mulh, l.mulhsu, l.mulhu, l.negative, l.sign_a, l.sign_b]);
    b.assert_bool(real.clone());
    b.when(l.sign_a).assert_one(l.mulh + l.mulhsu);
    b.when(l.sign_b).assert_one(l.mulh);
    eval_product(b, &l);
    eval_ranges(b, &l, &real);
    let code = l.mulh * B::Expr::from_u32(opcode::MULH)
        + l.mulhsu * B::Expr::from_u32(opcode::MULHSU)
        + l.mulhu * B::Expr::from_u32(opcode::MULHU);
    let done = Operation {
        opcode: code,
        a: limb::<B>(l.a),
        b: limb::<B>(l.b),
        c: core::array::from_fn(|i| l.product[i + LIMBS].into()),
        x: B::Expr::ZERO,
        t: B::Expr::ZERO,
    };
    bus::operation(b, Side::Receive, done, real);
}

fn eval_product<B: VmBuilder>(b: &mut B, l: &MulhCols<B::Var>) {
    let (x, y) = (limb::<B>(l.a), limb::<B>(l.b));
    for m in 0..8 {
        let mut sum = limb_sum::<B>(&l.a, &l.b, m);
        if m > 0 {
            sum += l.carry[m - 1].into();
        }
        if m >= LIMBS {
            sum -= y[m - LIMBS].clone() * l.sign_a + x[m - LIMBS].clone() * l.sign_b;
        }
        let carry: B::Expr = match l.carry.get(m) {
            Some(&carry) => carry.into(),
            None => l.negative * -B::Expr::ONE,
        };
        b.assert_eq(sum, carry * B::Expr::from_u32(1 << 16) + l.product[m]);
    }
}

fn eval_ranges<B: VmBuilder>(b: &mut B, l: &MulhCols<B::Var>, real: &B::Expr) {
    factors(b, &l.a, &l.b, real);
    for limb in l.product {
        bus::u16(b, limb.into(), real.clone());
    }
    for carry in l.carry {
        bus::range(b, carry + B::Expr::from_u32(CARRY_OFFSET), CARRY_BITS, real.clone());
    }
    let below_sign = |top: B::Var, sign: B::Var| top - sign * B::Expr::from_u32(0x80);
    bus::range(b, below_sign(l.a[7], l.sign_a), 7, l.mulh + l.mulhsu);
    bus::range(b, below_sign(l.b[7], l.sign_b), 7, l.mulh.into());
}
