//! DIV: the eight divisions, reduced to two multiplications and one comparison elsewhere.
//!
//! x = q d + r over 128 bits, |r| < |d|, r zero or of x's sign: that is the quotient rounded to
//! zero, and unique. x and d are the operands, or their extended lower halves in the W forms.
//! d = 0 gives q = -1 (then r = x by the sum); the smallest number divided by -1 gives itself,
//! whose 128-bit product with -1 has another upper half than x, so that half is not compared.

use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

use crate::bus::{self, Operation, Side, VmBuilder};
use crate::columns::columns;
use crate::layout::LIMBS;
use crate::opcode;
use crate::tables::{arr, inv_2_16, sign_bit};

columns! {
    /// Columns of the DIV table.
    DivCols {
        real,
        signed,
        remainder,
        word,
        /// The divisor is 0.
        by_zero,
        /// -2^63 / -1.
        overflow,
        a[LIMBS],
        b[LIMBS],
        c[LIMBS],
        /// Upper halves of x and d.
        x_high[2],
        d_high[2],
        /// Limbs that hold the signs of x and d.
        x_top,
        d_top,
        /// Signs of x, d and r, signed forms only.
        x_sign,
        d_sign,
        r_sign,
        q[LIMBS],
        r[LIMBS],
        /// Lower and upper half of q d.
        product[LIMBS],
        product_high[LIMBS],
        /// |r| and |d|.
        r_abs[LIMBS],
        d_abs[LIMBS],
        /// Sign of a W form's result.
        sign_out,
    }
}

/// Constraints and interactions.
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = DivCols::<B::Var>::read(main.current_slice());
    let x = [l.a[0], l.a[1], l.x_high[0], l.x_high[1]];
    let d = [l.b[0], l.b[1], l.d_high[0], l.d_high[1]];
    eval_flags(b, &l);
    eval_operands(b, &l);
    eval_sum(b, &l, x);
    eval_special(b, &l, x, d);
    eval_remainder(b, &l, d);
    eval_result(b, &l);
    eval_requests(b, &l, d);
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

fn eval_flags<B: VmBuilder>(b: &mut B, l: &DivCols<B::Var>) {
    b.assert_bools([l.real, l.signed, l.remainder, l.word, l.by_zero, l.overflow]);
    b.assert_bools([l.x_sign, l.d_sign, l.r_sign, l.sign_out]);
    for flag in [l.signed, l.remainder, l.word, l.by_zero, l.overflow] {
        b.when(flag).assert_one(l.real);
    }
    for sign in [l.x_sign, l.d_sign, l.r_sign, l.overflow] {
        b.when(sign).assert_one(l.signed);
    }
    b.when(l.sign_out).assert_one(l.word);
}

/// W forms extend bit 31: by the sign if signed, else by zeros.
fn eval_operands<B: VmBuilder>(b: &mut B, l: &DivCols<B::Var>) {
    let full = B::Expr::from_u32(0xffff);
    for (limbs, high, top, sign) in [
        (l.a, l.x_high, l.x_top, l.x_sign),
        (l.b, l.d_high, l.d_top, l.d_sign),
    ] {
        for i in 0..2 {
            let extended = l.word * sign * full.clone();
            b.assert_eq(high[i], (B::Expr::ONE - l.word) * limbs[i + 2] + extended);
        }
        b.assert_eq(top, l.word * (limbs[1] - limbs[3]) + limbs[3]);
        sign_bit(b, top.into(), sign.into(), l.signed.into());
    }
}

/// q d + r = x. The carries are expressions of u16 limbs, boolean exactly when the sum is right.
fn eval_sum<B: VmBuilder>(b: &mut B, l: &DivCols<B::Var>, x: [B::Var; LIMBS]) {
    let full = B::Expr::from_u32(0xffff);
    let mut carry = B::Expr::ZERO;
    for i in 0..LIMBS {
        carry = (l.product[i] + l.r[i] + carry - x[i]) * inv_2_16();
        b.assert_bool(carry.clone());
    }
    for i in 0..LIMBS {
        let sum = l.product_high[i] + l.r_sign * full.clone() + carry;
        carry = (sum - l.x_sign * full.clone()) * inv_2_16();
        b.when(B::Expr::ONE - l.overflow).assert_bool(carry.clone());
    }
}

fn eval_special<B: VmBuilder>(
    b: &mut B,
    l: &DivCols<B::Var>,
    x: [B::Var; LIMBS],
    d: [B::Var; LIMBS],
) {
    let full = B::Expr::from_u32(0xffff);
    let smallest = [0, 0, 0, 0x8000].map(B::Expr::from_u32);
    for i in 0..LIMBS {
        b.when(l.by_zero).assert_zero(d[i]);
        b.when(l.by_zero).assert_eq(l.q[i], full.clone());
        b.when(l.overflow).assert_eq(x[i], smallest[i].clone());
        b.when(l.overflow).assert_eq(d[i], full.clone());
    }
}

/// Absolute values, and the sign of a remainder that is not zero.
fn eval_remainder<B: VmBuilder>(b: &mut B, l: &DivCols<B::Var>, d: [B::Var; LIMBS]) {
    b.when(l.r_sign).assert_one(l.x_sign);
    for limb in l.r {
        b.when(l.x_sign - l.r_sign).assert_zero(limb);
    }
    for (limbs, abs, sign) in [(l.r, l.r_abs, l.r_sign), (d, l.d_abs, l.d_sign)] {
        let mut carry = B::Expr::ZERO;
        for i in 0..LIMBS {
            b.when(B::Expr::ONE - sign).assert_eq(abs[i], limbs[i]);
            // A negative number and its absolute value sum to 2^64.
            carry = (limbs[i] + abs[i] + carry) * inv_2_16();
            b.when(sign).assert_bool(carry.clone());
        }
        b.when(sign).assert_one(carry);
        bus::u16s(b, arr::<B, _>(abs), l.real.into());
    }
    bus::u16s(b, arr::<B, _>(l.r), l.real.into());
    sign_bit(b, l.r[3].into(), l.r_sign.into(), l.signed.into());
}

fn eval_result<B: VmBuilder>(b: &mut B, l: &DivCols<B::Var>) {
    for i in 0..LIMBS {
        let chosen = l.remainder * (l.r[i] - l.q[i]) + l.q[i];
        if i < 2 {
            b.assert_eq(l.c[i], chosen);
        } else {
            let extension = l.word * l.sign_out * B::Expr::from_u32(0xffff);
            b.assert_eq(l.c[i], (B::Expr::ONE - l.word) * chosen + extension);
        }
    }
    sign_bit(b, l.c[1].into(), l.sign_out.into(), l.word.into());
}

/// q d from the MUL table, |r| < |d| from the COMPARE table.
fn eval_requests<B: VmBuilder>(b: &mut B, l: &DivCols<B::Var>, d: [B::Var; LIMBS]) {
    let signed_by = B::Expr::from_u32(opcode::MULHU)
        - B::Expr::from_u32(opcode::MULHU - opcode::MULH) * l.signed;
    let products = [
        (B::Expr::from_u32(opcode::MUL), l.product),
        (signed_by, l.product_high),
    ];
    for (opcode, c) in products {
        let op = Operation {
            opcode,
            a: arr::<B, _>(l.q),
            b: arr::<B, _>(d),
            c: arr::<B, _>(c),
            x: B::Expr::ZERO,
            t: B::Expr::ZERO,
        };
        bus::operation(b, Side::Send, op, l.real.into());
    }
    let less = Operation {
        opcode: B::Expr::from_u32(opcode::CMP),
        a: arr::<B, _>(l.r_abs),
        b: arr::<B, _>(l.d_abs),
        c: [B::Expr::ONE, B::Expr::ZERO, B::Expr::ZERO, B::Expr::ZERO],
        x: B::Expr::ZERO,
        t: B::Expr::ZERO,
    };
    bus::operation(b, Side::Send, less, l.real - l.by_zero);
}
