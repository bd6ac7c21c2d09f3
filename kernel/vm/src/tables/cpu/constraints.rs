//! Constraints and interactions of CPU.

use super::columns::*;
use crate::bus::{self, Access, Instruction, Operation, Side, VmBuilder};
use crate::layout::{LIMBS, SPACE_REG, STAMP_RD, STAMP_RS1, STAMP_RS2, STAMPS};
use crate::tables::{arr, inv_2_16};
use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    eval_with(b, |b, l, n| {
        let next = l.pc + l.real + step::<B>(l);
        b.when_transition().assert_eq(n.pc, next);
    });
}

/// Constraints and interactions with a program counter that goes on in the last row as well, to that of the
/// first: a selector less, and no degree above 3.
#[inline(never)]
pub fn eval_cyclic<B: VmBuilder>(b: &mut B) {
    eval_with(b, |b, l, n| {
        let [pc_in, pc_out]: [B::Expr; 2] = [public::PC_IN, public::PC_OUT].map(|i| b.public_values()[i].into());
        let back = b.is_last_row() * (pc_in - pc_out);
        b.assert_eq(n.pc, l.pc + l.real + step::<B>(l) + back);
    });
}

/// How far a row goes beside the next instruction.
fn step<B: VmBuilder>(l: &CpuCols<B::Var>) -> B::Expr {
    l.branch * l.x * (l.t - l.pc - B::Expr::ONE) + l.dynamic * (l.x - l.pc - B::Expr::ONE)
}

/// Everything, with `eval_pc` for how the program counter goes on.
fn eval_with<B: VmBuilder>(b: &mut B, eval_pc: impl Fn(&mut B, &CpuCols<B::Var>, &CpuCols<B::Var>)) {
    let main = b.main();
    let l = CpuCols::<B::Var>::read(main.current_slice());
    let n = CpuCols::<B::Var>::read(main.next_slice());
    eval_flags(b, &l);
    eval_rows(b, &l, &n, eval_pc);
    eval_sum(b, &l);
    eval_interactions(b, &l);
}

/// Flags are boolean and zero on padding; `real` never rises again.
fn eval_flags<B: VmBuilder>(b: &mut B, l: &CpuCols<B::Var>) {
    b.assert_bool(l.real);
    for flag in [l.add, l.sub, l.branch, l.dynamic, l.memory, l.writes_rd, l.uses_rs2] {
        b.assert_bool(flag);
        b.when(flag).assert_one(l.real);
    }
}

/// Stamps, program counter and the segment's public values.
fn eval_rows<B: VmBuilder>(
    b: &mut B,
    l: &CpuCols<B::Var>,
    n: &CpuCols<B::Var>,
    eval_pc: impl Fn(&mut B, &CpuCols<B::Var>, &CpuCols<B::Var>),
) {
    let [pc_in, pc_out, cycles] = [public::PC_IN, public::PC_OUT, public::CYCLES].map(|i| {
        let value: B::Expr = b.public_values()[i].into();
        value
    });
    b.when_first_row().assert_one(l.real);
    b.when_first_row().assert_eq(l.clk, B::Expr::from_u32(STAMPS));
    b.when_first_row().assert_eq(l.pc, pc_in);
    b.when_transition().when(n.real).assert_one(l.real);
    b.when_transition().assert_eq(n.clk, l.clk + l.real * B::Expr::from_u32(STAMPS));
    eval_pc(b, l, n);
    b.when_last_row().assert_zero(l.real);
    b.when_last_row().assert_eq(l.pc, pc_out);
    b.when_last_row().assert_eq(l.clk, (cycles + B::Expr::ONE) * B::Expr::from_u32(STAMPS));
    // JAL: an inline row that branches always does.
    b.when(l.add).when(l.branch).assert_one(l.x);
    let own_x = B::Expr::ONE - l.branch - l.dynamic;
    b.when(own_x).assert_eq(l.x, l.memory * l.clk);
    b.when(l.memory).when(l.dynamic).assert_eq(l.c[0], l.clk);
}

/// c = a + b or c = a - b over 64 bits. The carries are expressions: with every limb a u16, each
/// is boolean exactly when the limb sums are right.
fn eval_sum<B: VmBuilder>(b: &mut B, l: &CpuCols<B::Var>) {
    let mut carry = B::Expr::ZERO;
    let mut borrow = B::Expr::ZERO;
    for i in 0..LIMBS {
        carry = (l.a[i] + l.b[i] + carry - l.c[i]) * inv_2_16();
        b.when(l.add).assert_bool(carry.clone());
        borrow = (l.c[i] + l.b[i] + borrow - l.a[i]) * inv_2_16();
        b.when(l.sub).assert_bool(borrow.clone());
    }
}

fn eval_interactions<B: VmBuilder>(b: &mut B, l: &CpuCols<B::Var>) {
    let weigh = |weight: u32| B::Expr::from_u32(weight);
    let flags = l.add * weigh(flag::ADD)
        + l.sub * weigh(flag::SUB)
        + l.branch * weigh(flag::BRANCH)
        + l.dynamic * weigh(flag::DYNAMIC)
        + l.memory * weigh(flag::MEMORY)
        + l.writes_rd * weigh(flag::WRITES_RD)
        + l.uses_rs2 * weigh(flag::USES_RS2);
    let fetched = Instruction {
        index: l.pc.into(),
        flags,
        opcode: l.opcode.into(),
        rd: l.rd.into(),
        rs1: l.rs1.into(),
        rs2: l.rs2.into(),
        // Rows that read rs2 have the immediate 0 in the program.
        imm: l.b.map(|limb| (B::Expr::ONE - l.uses_rs2) * limb),
        t: l.t.into(),
    };
    bus::fetch(b, &fetched, l.real.into());
    let asked = Operation {
        opcode: l.opcode.into(),
        a: arr::<B, _>(l.a),
        b: arr::<B, _>(l.b),
        c: arr::<B, _>(l.c),
        x: l.x.into(),
        t: l.t.into(),
    };
    bus::operation(b, Side::Send, asked, l.real - l.add - l.sub);
    bus::u16s(b, arr::<B, _>(l.c), l.add + l.sub);
    let accesses = [
        (l.rs1, l.a, l.a, STAMP_RS1, l.real),
        (l.rs2, l.b, l.b, STAMP_RS2, l.uses_rs2),
        (l.rd, l.old, l.c, STAMP_RD, l.writes_rd),
    ];
    for ((register, before, after, stamp, times), previous) in accesses.into_iter().zip(l.previous) {
        let access = Access {
            space: B::Expr::from_u32(SPACE_REG),
            address: register.into(),
            before: arr::<B, _>(before),
            after: arr::<B, _>(after),
            previous: previous.into(),
            stamp: l.clk + B::Expr::from_u32(stamp),
        };
        bus::access(b, access, times.into());
    }
}
