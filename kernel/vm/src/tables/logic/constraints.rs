//! Constraints and interactions of LOGIC.

use super::columns::*;
use crate::bus::{self, Operation, Side, VmBuilder};
use crate::opcode;
use crate::tables::limb;
use p3_air::WindowAccess;
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = LogicCols::<B::Var>::read(main.current_slice());
    b.assert_bools([l.and, l.or, l.xor]);
    let real = l.and + l.or + l.xor;
    b.assert_bool(real.clone());
    let (x, y, z) = (limb::<B>(l.a), limb::<B>(l.b), limb::<B>(l.both));
    // or = a + b - both, xor = a + b - 2 both.
    let sum: B::Expr = l.or + l.xor;
    let shared = l.and - l.or - l.xor * B::Expr::TWO;
    let c = core::array::from_fn(|i| (x[i].clone() + y[i].clone()) * sum.clone() + z[i].clone() * shared.clone());
    let code = l.and * B::Expr::from_u32(opcode::AND)
        + l.or * B::Expr::from_u32(opcode::OR)
        + l.xor * B::Expr::from_u32(opcode::XOR);
    let done = Operation { opcode: code, a: x, b: y, c, x: B::Expr::ZERO, t: B::Expr::ZERO };
    bus::operation(b, Side::Receive, done, real.clone());
    for i in 0..8 {
        bus::byte_and(b, [l.a[i].into(), l.b[i].into(), l.both[i].into()], real.clone());
    }
}
