//! Constraints and interactions of COMPARE.

use super::columns::*;
use crate::bus::{self, Operation, Side, VmBuilder};
use crate::layout::LIMBS;
use crate::opcode;
use crate::tables::arr;
use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = CompareCols::<B::Var>::read(main.current_slice());
    b.assert_bools([l.real, l.signed, l.equal, l.negated, l.branch, l.less]);
    b.assert_bools(l.mark);
    let marked = eval_order(b, &l);
    let differs: B::Expr = B::Expr::ONE - marked.clone();
    let asked = l.equal * differs + (B::Expr::ONE - l.equal) * l.less;
    let negated: B::Expr = l.negated.into();
    b.assert_eq(l.verdict, asked.clone() + negated.clone() - asked * negated.double());
    b.assert_eq(l.taken, l.branch * l.verdict);
    let flags = l.signed * B::Expr::from_u32(opcode::CMP_SIGNED)
        + l.equal * B::Expr::from_u32(opcode::CMP_EQUAL)
        + l.negated * B::Expr::from_u32(opcode::CMP_NEGATED)
        + l.branch * B::Expr::from_u32(opcode::CMP_BRANCH);
    let done = Operation {
        opcode: flags + B::Expr::from_u32(opcode::CMP),
        a: arr::<B, _>(l.a),
        b: arr::<B, _>(l.b),
        c: [l.verdict - l.taken, B::Expr::ZERO, B::Expr::ZERO, B::Expr::ZERO],
        x: l.taken.into(),
        t: l.t.into(),
    };
    bus::operation(b, Side::Receive, done, l.real.into());
}

/// Constrains marks and order; returns the sum of the marks (1 if the operands differ).
fn eval_order<B: VmBuilder>(b: &mut B, l: &CompareCols<B::Var>) -> B::Expr {
    let x = [l.a[0], l.a[1], l.a[2], l.top_a];
    let y = [l.b[0], l.b[1], l.b[2], l.top_b];
    let mut marked = B::Expr::ZERO;
    for i in (0..LIMBS).rev() {
        marked += l.mark[i].into();
        b.when(B::Expr::ONE - marked.clone()).assert_eq(x[i], y[i]);
        let signed_gap = (y[i] - x[i]) * (l.less * B::Expr::TWO - B::Expr::ONE);
        b.when(l.mark[i]).assert_eq(l.gap, signed_gap);
    }
    b.assert_bool(marked.clone());
    // Equal operands are not less.
    b.when(B::Expr::ONE - marked.clone()).assert_zero(l.less);
    let half = B::Expr::from_u32(1 << 15);
    for (limb, top) in [(l.a[3], l.top_a), (l.b[3], l.top_b)] {
        let drop: B::Expr = limb - top;
        b.assert_zero(drop.clone() * (drop.clone() - l.signed * B::Expr::from_u32(1 << 16)));
        bus::u16(b, l.signed * half.clone() + top, l.real.into());
    }
    // A gap of 1..2^16; the differences of signed top limbs fit as well.
    bus::u16(b, l.gap - B::Expr::ONE, marked.clone());
    marked
}
