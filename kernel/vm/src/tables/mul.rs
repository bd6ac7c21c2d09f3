//! MUL: the five multiplications, by bytes.
//!
//! The 128-bit product is built in eight 16-bit limbs. Limb m gathers the byte products of weight
//! 2^(16 m) and 2^(16 m + 8): at most 2^27, so sums and carries stay far below the field's order.
//! A negative operand subtracts the other one from the upper half (two's complement).

use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

use crate::bus::{self, Operation, Side, VmBuilder};
use crate::columns::columns;
use crate::layout::LIMBS;
use crate::opcode;
use crate::tables::{limb, sign_bit};

columns! {
    /// Columns of the MUL table.
    MulCols {
        mul,
        mulh,
        mulhsu,
        mulhu,
        mulw,
        a[8],
        b[8],
        product[8],
        carry[8],
        /// Sign of a, where it counts as signed.
        sign_a,
        /// Sign of b, where it counts as signed.
        sign_b,
        /// Sign of a MULW result.
        sign_out,
    }
}

/// Carries are at least -3 (two subtractions and a borrow) and below 2^12.
pub const CARRY_OFFSET: u32 = 4;
/// Bits of a carry plus its offset.
pub const CARRY_BITS: u32 = 13;

/// Constraints and interactions.
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = MulCols::<B::Var>::read(main.current_slice());
    let real = l.mul + l.mulh + l.mulhsu + l.mulhu + l.mulw;
    b.assert_bools([
        l.mul, l.mulh, l.mulhsu, l.mulhu, l.mulw, l.sign_a, l.sign_b, l.sign_out,
    ]);
    b.assert_bool(real.clone());
    b.when(l.sign_a).assert_one(l.mulh + l.mulhsu);
    b.when(l.sign_b).assert_one(l.mulh);
    b.when(l.sign_out).assert_one(l.mulw);
    eval_product(b, &l);
    eval_ranges(b, &l, &real);
    let code = l.mul * B::Expr::from_u32(opcode::MUL)
        + l.mulh * B::Expr::from_u32(opcode::MULH)
        + l.mulhsu * B::Expr::from_u32(opcode::MULHSU)
        + l.mulhu * B::Expr::from_u32(opcode::MULHU)
        + l.mulw * B::Expr::from_u32(opcode::MULW);
    let upper = l.mulh + l.mulhsu + l.mulhu;
    let c = core::array::from_fn(|i| {
        let lower: B::Expr = if i < 2 { l.mul + l.mulw } else { l.mul.into() };
        let extension = l.sign_out * B::Expr::from_u32(if i < 2 { 0 } else { 0xffff });
        lower * l.product[i] + upper.clone() * l.product[i + LIMBS] + extension
    });
    let done = Operation {
        opcode: code,
        a: limb::<B>(l.a),
        b: limb::<B>(l.b),
        c,
        x: B::Expr::ZERO,
        t: B::Expr::ZERO,
    };
    bus::operation(b, Side::Receive, done, real);
}

/// Sum of the byte products of weight 2^(8 k).
fn column<B: VmBuilder>(l: &MulCols<B::Var>, k: usize) -> B::Expr {
    let first = k.saturating_sub(7);
    (first..=k.min(7)).fold(B::Expr::ZERO, |sum, i| sum + l.a[i] * l.b[k - i])
}

fn eval_product<B: VmBuilder>(b: &mut B, l: &MulCols<B::Var>) {
    let (x, y) = (limb::<B>(l.a), limb::<B>(l.b));
    for m in 0..8 {
        let mut sum = column::<B>(l, 2 * m);
        if m < 7 {
            sum += column::<B>(l, 2 * m + 1) * B::Expr::from_u32(256);
        }
        if m > 0 {
            sum += l.carry[m - 1].into();
        }
        if m >= LIMBS {
            sum -= y[m - LIMBS].clone() * l.sign_a + x[m - LIMBS].clone() * l.sign_b;
        }
        b.assert_eq(sum, l.carry[m] * B::Expr::from_u32(1 << 16) + l.product[m]);
    }
}

fn eval_ranges<B: VmBuilder>(b: &mut B, l: &MulCols<B::Var>, real: &B::Expr) {
    for pair in l.a.as_chunks::<2>().0.iter().chain(l.b.as_chunks::<2>().0) {
        bus::bytes(b, pair[0].into(), pair[1].into(), real.clone());
    }
    for m in 0..8 {
        bus::u16(b, l.product[m].into(), real.clone());
        bus::range(
            b,
            l.carry[m] + B::Expr::from_u32(CARRY_OFFSET),
            CARRY_BITS,
            real.clone(),
        );
    }
    let negative = |sign: B::Var| sign * B::Expr::from_u32(0x80);
    bus::range(
        b,
        negative(l.sign_a) * -B::Expr::ONE + l.a[7],
        7,
        l.mulh + l.mulhsu,
    );
    bus::range(
        b,
        negative(l.sign_b) * -B::Expr::ONE + l.b[7],
        7,
        l.mulh.into(),
    );
    sign_bit(b, l.product[1].into(), l.sign_out.into(), l.mulw.into());
}
