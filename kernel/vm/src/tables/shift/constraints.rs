//! Constraints and interactions of SHIFT.

use super::columns::*;
use crate::bus::{self, Operation, Side, VmBuilder};
use crate::layout::LIMBS;
use crate::opcode;
use crate::tables::{arr, sign_bit};
use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

/// The selectors of a row, summed as the constraints need them.
struct Form<E> {
    left: E,
    right: E,
    word: E,
    real: E,
}

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = ShiftCols::<B::Var>::read(main.current_slice());
    let form = Form {
        left: l.sll + l.sllw,
        right: l.srl + l.srlw,
        word: l.sllw + l.srlw,
        real: l.sll + l.srl + l.sllw + l.srlw,
    };
    b.assert_bools([l.sll, l.srl, l.sllw, l.srlw, l.arithmetic, l.sign_in, l.sign_out]);
    b.assert_bools(l.by);
    b.assert_bool(form.real.clone());
    // Arithmetic shifts go right; signs are zero where they mean nothing.
    b.when(l.arithmetic).assert_one(form.right.clone());
    b.when(l.sign_in).assert_one(l.arithmetic);
    b.when(l.sign_out).assert_one(form.word.clone());
    eval_amount(b, &l, &form);
    eval_pieces(b, &l, &form);
    eval_result(b, &l, &form);
    let flags = form.left * B::Expr::from_u32(opcode::SHIFT_LEFT)
        + form.word * B::Expr::from_u32(opcode::SHIFT_WORD)
        + l.arithmetic * B::Expr::from_u32(opcode::SHIFT_ARITHMETIC);
    let done = Operation {
        opcode: flags + B::Expr::from_u32(opcode::SHIFT),
        a: arr::<B, _>(l.a),
        b: arr::<B, _>(l.b),
        c: arr::<B, _>(l.c),
        x: B::Expr::ZERO,
        t: B::Expr::ZERO,
    };
    bus::operation(b, Side::Receive, done, form.real);
}

/// b = r + 16 q + 64 excess (32 excess in the W forms), as integers: every term is bounded.
fn eval_amount<B: VmBuilder>(b: &mut B, l: &ShiftCols<B::Var>, form: &Form<B::Expr>) {
    b.assert_bool(l.by[0] + l.by[1] + l.by[2]);
    b.when(form.word.clone()).assert_zero(l.by[1] + l.by[2]);
    let from_left = form.left.clone() * (B::Expr::from_u32(16) - l.cut);
    b.assert_eq(l.r, from_left + form.right.clone() * l.cut);
    let q = l.by[0] + l.by[1] * B::Expr::TWO + l.by[2] * B::Expr::from_u32(3);
    let period = B::Expr::from_u32(64) - form.word.clone() * B::Expr::from_u32(32);
    let amount = q * B::Expr::from_u32(16) + period * l.excess + l.r;
    b.assert_zero(form.real.clone() * l.b[0] - amount);
    // A cut at the far end would pass as r = 16 with another q.
    bus::range(b, l.r.into(), 4, form.real.clone());
    bus::range(b, l.excess.into(), 11, form.real.clone());
}

/// Cuts the limbs of the operand and joins neighbours.
fn eval_pieces<B: VmBuilder>(b: &mut B, l: &ShiftCols<B::Var>, form: &Form<B::Expr>) {
    let full = B::Expr::from_u32(0xffff);
    for i in 0..LIMBS {
        let whole = l.low_size * l.high[i] + l.low[i];
        // W forms see zeros, or the sign, above bit 31.
        let operand: B::Expr = if i < 2 {
            l.a[i].into()
        } else {
            let signed = form.word.clone() * l.sign_in * full.clone();
            (B::Expr::ONE - form.word.clone()) * l.a[i] + signed
        };
        b.assert_eq(whole, operand);
        let rest = B::Expr::from_u32(16) - l.cut;
        bus::range_of(b, l.low[i].into(), l.cut.into(), l.low_size.into(), form.real.clone());
        bus::range_of(b, l.high[i].into(), rest, l.high_size.into(), form.real.clone());
        let below: B::Expr = if i == 0 { B::Expr::ZERO } else { l.high[i - 1].into() };
        let fill = (B::Expr::from_u32(1 << 16) - l.high_size) * l.sign_in;
        let above: B::Expr = if i == LIMBS - 1 { fill } else { l.low[i + 1] * l.high_size };
        let to_left = l.low[i] * l.high_size + below;
        let to_right = above + l.high[i];
        b.assert_eq(form.left.clone() * to_left + form.right.clone() * to_right, l.joined[i]);
    }
    let top = form.word.clone() * (l.a[1] - l.a[3]) + l.a[3];
    sign_bit(b, top, l.sign_in.into(), l.arithmetic.into());
}

/// Moves the joined limbs by q; W forms extend bit 31.
fn eval_result<B: VmBuilder>(b: &mut B, l: &ShiftCols<B::Var>, form: &Form<B::Expr>) {
    let full = B::Expr::from_u32(0xffff);
    let stay = B::Expr::ONE - l.by[0] - l.by[1] - l.by[2];
    for i in 0..LIMBS {
        let mut left: B::Expr = stay.clone() * l.joined[i];
        let mut right = left.clone();
        for (k, by) in l.by.into_iter().enumerate() {
            let q = k + 1;
            let above: B::Expr = match l.joined.get(i + q) {
                Some(&limb) => limb.into(),
                None => l.sign_in * full.clone(),
            };
            right += above * by;
            if i >= q {
                left += l.joined[i - q] * by;
            }
        }
        // The upper half of a W form is the sign of its lower half.
        let moved = if i < 2 {
            form.left.clone() * left + form.right.clone() * right
        } else {
            left * l.sll + right * l.srl + form.word.clone() * l.sign_out * full.clone()
        };
        b.assert_eq(moved, l.c[i]);
    }
    sign_bit(b, l.c[1].into(), l.sign_out.into(), form.word.clone());
}
