//! Constraints and interactions of JUMP.

use super::columns::*;
use crate::bus::{self, Operation, Side, VmBuilder};
use crate::layout::{HALT_INDEX, INDEX_BITS};
use crate::opcode;
use crate::tables::{arr, inv_2_16};
use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = JumpCols::<B::Var>::read(main.current_slice());
    let real = l.jalr + l.halt + l.write;
    b.assert_bools([l.jalr, l.halt, l.write, l.odd]);
    b.assert_bool(real.clone());
    eval_jalr(b, &l);
    eval_ecall(b, &l);
    let ecall = l.halt + l.write;
    let done = Operation {
        opcode: l.jalr * B::Expr::from_u32(opcode::JALR) + ecall * B::Expr::from_u32(opcode::ECALL),
        a: [l.a[0].into(), l.a[1].into(), B::Expr::ZERO, B::Expr::ZERO],
        b: arr::<B, _>(l.b),
        c: [l.c0, l.b[1], l.b[2], l.b[3]].map(Into::into),
        x: l.x.into(),
        t: l.t.into(),
    };
    bus::operation(b, Side::Receive, done, real);
}

/// rs1 + offset = text base + 4 x + odd, where 4 x + odd < 2^(INDEX_BITS + 2).
///
/// The text lies below 2^32, so a sum that reaches it has a register below 2^32 as well, and no
/// carry leaves bit 31.
fn eval_jalr<B: VmBuilder>(b: &mut B, l: &JumpCols<B::Var>) {
    let base = [0, 1].map(|i| {
        let limb: B::Expr = b.public_values()[public::TEXT_BASE + i].into();
        limb
    });
    let far = (l.x * B::Expr::from_u32(4) + l.odd - l.distance) * inv_2_16();
    // Signed offsets: the carry is -1, 0 or 1.
    let carry = (base[0].clone() + l.distance - l.t - l.a[0]) * inv_2_16();
    let ternary = carry.clone() * (carry.clone() - B::Expr::ONE) * (carry.clone() + B::Expr::ONE);
    // Rows that are no JALR have the other columns free, so the ternary check is on all rows and
    // they carry a distance that satisfies it.
    b.assert_zero(ternary);
    b.when(l.jalr).assert_eq(l.a[1], base[1].clone() + far.clone() + carry);
    b.when(l.jalr).assert_eq(l.c0, l.b[0]);
    bus::u16(b, l.distance.into(), l.jalr.into());
    bus::range(b, far, INDEX_BITS + 2 - 16, l.jalr.into());
}

/// a7 = 93 halts with the public exit code, a7 = 64 goes on.
fn eval_ecall<B: VmBuilder>(b: &mut B, l: &JumpCols<B::Var>) {
    b.when(l.halt).assert_eq(l.a[0], B::Expr::from_u32(HALT_CALL));
    b.when(l.write).assert_eq(l.a[0], B::Expr::from_u32(WRITE_CALL));
    b.when(l.halt + l.write).assert_zero(l.a[1]);
    b.when(l.halt).assert_eq(l.x, B::Expr::from_u32(HALT_INDEX));
    b.when(l.write).assert_eq(l.x, l.t);
    for i in 0..2 {
        let exit = b.public_values()[public::EXIT + i];
        b.when(l.halt).assert_eq(l.b[i], exit);
    }
}
