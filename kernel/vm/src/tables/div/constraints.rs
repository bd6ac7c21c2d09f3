//! Constraints and interactions of DIV.

use super::columns::*;
use crate::bus::{self, Operation, Side, VmBuilder};
use crate::layout::LIMBS;
use crate::opcode;
use crate::tables::product::{CARRY_BITS, column, factors, limb_sum};
use crate::tables::{arr, inv_2_16, limb, sign_bit};
use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = DivCols::<B::Var>::read(main.current_slice());
    eval_flags(b, &l);
    eval_divisor(b, &l);
    eval_sum(b, &l);
    eval_order(b, &l);
    eval_result(b, &l);
    eval_ranges(b, &l);
    let flags = l.signed * B::Expr::from_u32(opcode::DIV_SIGNED)
        + l.remainder * B::Expr::from_u32(opcode::DIV_REMAINDER)
        + l.word * B::Expr::from_u32(opcode::DIV_WORD);
    let done = Operation {
        opcode: flags + B::Expr::from_u32(opcode::DIV),
        a: arr::<B, _>(l.a),
        b: arr::<B, _>(l.b),
        c: arr::<B, _>(l.c),
        x: B::Expr::ZERO,
        t: B::Expr::ZERO,
    };
    bus::operation(b, Side::Receive, done, l.real.into());
}

/// Flags, signs, and whether the result is a negated absolute value.
fn eval_flags<B: VmBuilder>(b: &mut B, l: &DivCols<B::Var>) {
    b.assert_bools([l.real, l.signed, l.remainder, l.word, l.by_zero]);
    b.assert_bools([l.x_sign, l.d_sign, l.d_sign_long, l.sign_out, l.negate]);
    for flag in [l.signed, l.remainder, l.word, l.by_zero] {
        b.when(flag).assert_one(l.real);
    }
    for sign in [l.x_sign, l.d_sign] {
        b.when(sign).assert_one(l.signed);
    }
    b.assert_eq(l.d_sign_long, l.d_sign * (B::Expr::ONE - l.word));
    b.when(l.sign_out).assert_one(l.word);
    for (limbs, top) in [(l.a, l.x_top), (l.b, l.d_top)] {
        b.assert_eq(top, l.word * (limbs[1] - limbs[3]) + limbs[3]);
    }
    // Signs that differ; -1 if d = 0.
    let quotient = l.x_sign + l.d_sign - l.x_sign * l.d_sign * B::Expr::TWO + l.by_zero * (B::Expr::ONE - l.x_sign);
    let negate = l.remainder * l.x_sign + (B::Expr::ONE - l.remainder) * quotient;
    b.assert_eq(l.negate, negate);
}

/// |d| of the divisor: its own limbs, or what they lack to 2^64 (2^32 in the W forms). The carries
/// are expressions of u16 limbs, boolean exactly when the sum is right.
fn eval_divisor<B: VmBuilder>(b: &mut B, l: &DivCols<B::Var>) {
    let short = l.d_sign - l.d_sign_long;
    let abs = limb::<B>(l.d);
    let mut carry = B::Expr::ZERO;
    for (i, abs) in abs.into_iter().enumerate() {
        // Limbs that are negated, and limbs that are what they are.
        let (minus, plus) = if i < 2 {
            (l.d_sign.into(), B::Expr::ONE - l.d_sign)
        } else {
            b.when(l.word).assert_zero(abs.clone());
            (l.d_sign_long.into(), B::Expr::ONE - l.word - l.d_sign_long)
        };
        b.when(plus).assert_eq(abs.clone(), l.b[i]);
        b.when(l.by_zero).assert_zero(abs.clone());
        carry = (abs + l.b[i] + carry) * inv_2_16();
        b.when::<B::Expr>(minus).assert_bool(carry.clone());
        if i == 1 {
            b.when(short.clone()).assert_one(carry.clone());
        }
    }
    b.when(l.d_sign_long).assert_one(carry);
}

/// |q| |d| + |r| = |x|, where |x| is x, or 2^64 - x (2^32 - x in the W forms).
fn eval_sum<B: VmBuilder>(b: &mut B, l: &DivCols<B::Var>) {
    let sign = B::Expr::ONE - l.x_sign * B::Expr::TWO;
    let long = B::Expr::ONE - l.word;
    for m in 0..LIMBS {
        let mut sum = limb_sum::<B>(&l.q, &l.d, m) + l.r[m];
        if m > 0 {
            sum += l.carry[m - 1].into();
        }
        let mut x = sign.clone() * l.a[m];
        if m >= 2 {
            x *= long.clone();
        }
        if m == 2 {
            x += l.word * l.x_sign;
        }
        let carry: B::Expr = match l.carry.get(m) {
            Some(&carry) => carry.into(),
            None => long.clone() * l.x_sign,
        };
        b.assert_eq(sum, x + carry * B::Expr::from_u32(1 << 16));
    }
    // Nothing reaches 2^64: a sum of 28 products of bytes is zero only if each of them is.
    let beyond = (8..15).fold(B::Expr::ZERO, |sum, k| sum + column::<B>(&l.q, &l.d, k));
    b.assert_zero(beyond);
    for (i, limb) in limb::<B>(l.q).into_iter().enumerate() {
        b.when(l.by_zero).assert_eq(limb, B::Expr::from_bool(i == 0));
    }
}

/// |r| < |d|, unless d = 0: the most significant limb that differs is marked.
fn eval_order<B: VmBuilder>(b: &mut B, l: &DivCols<B::Var>) {
    b.assert_bools(l.mark);
    let abs = limb::<B>(l.d);
    let compared = l.real - l.by_zero;
    let (mut marked, mut gap) = (B::Expr::ZERO, B::Expr::ZERO);
    for i in (0..LIMBS).rev() {
        let difference = abs[i].clone() - l.r[i];
        marked += l.mark[i].into();
        b.when(compared.clone() - marked.clone()).assert_zero(difference.clone());
        gap += difference * l.mark[i];
    }
    b.assert_eq(marked, compared.clone());
    b.assert_eq(l.gap, gap);
    bus::u16(b, l.gap - B::Expr::ONE, compared);
}

/// The result is |q| or |r|, or minus that; W forms extend bit 31.
///
/// Minus v is 2^64 - v, limb by limb with carries: from the lowest limb of v that is not zero on,
/// every limb carries. `inverse` shows that there is such a limb where carrying begins, so a
/// result of u16 limbs comes of u16 limbs without range checks of its own.
fn eval_result<B: VmBuilder>(b: &mut B, l: &DivCols<B::Var>) {
    b.assert_bools(l.over);
    let (size, stay) = (B::Expr::from_u32(1 << 16), B::Expr::ONE - l.negate);
    let (mut below, mut first) = (B::Expr::ZERO, B::Expr::ZERO);
    for (i, q) in limb::<B>(l.q).into_iter().enumerate() {
        let over: B::Expr = l.over[i].into();
        let value = l.remainder * (l.r[i] - q.clone()) + q;
        let mut result = (stay.clone() - l.negate) * value - below.clone() + over.clone() * size.clone();
        if i >= 2 {
            result += stay.clone() * l.sign_out * B::Expr::from_u32(0xffff);
        }
        b.assert_eq(l.c[i], result);
        b.when(stay.clone()).assert_zero(over.clone());
        b.when(l.negate - over.clone()).assert_zero(l.c[i]);
        first += (over.clone() - below) * l.c[i];
        below = over;
    }
    let lowest = below.clone() * size - first;
    b.when(B::Expr::ONE - below.clone()).assert_zero(l.inverse);
    b.assert_eq(lowest * l.inverse, below);
}

fn eval_ranges<B: VmBuilder>(b: &mut B, l: &DivCols<B::Var>) {
    let real: B::Expr = l.real.into();
    factors(b, &l.q, &l.d, &real);
    bus::u16s(b, arr::<B, _>(l.r), real.clone());
    for carry in l.carry {
        bus::range(b, carry.into(), CARRY_BITS, real.clone());
    }
    sign_bit(b, l.x_top.into(), l.x_sign.into(), l.signed.into());
    sign_bit(b, l.d_top.into(), l.d_sign.into(), l.signed.into());
    sign_bit(b, l.c[1].into(), l.sign_out.into(), l.word.into());
}
