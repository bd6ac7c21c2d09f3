//! CPU: one row a cycle. Fetch, register reads and write, ADD and SUB, program counter.
//!
//! Row r is cycle r of the segment; rows after the last cycle are padding (`real` = 0), and the
//! last row always is. LUI, AUIPC, JAL and FENCE are additions of x0 and an immediate.

use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

use crate::bus::{self, Access, Instruction, Operation, Side, VmBuilder};
use crate::columns::columns;
use crate::layout::{LIMBS, SPACE_REG, STAMP_RD, STAMP_RS1, STAMP_RS2, STAMPS};
use crate::tables::{arr, inv_2_16};

columns! {
    /// Columns of the CPU table.
    CpuCols {
        /// 1 on cycles, 0 on padding.
        real,
        /// `STAMPS * (row + 1)`, frozen on padding.
        clk,
        /// Program index; on padding the index after the last cycle.
        pc,
        opcode,
        /// c = a + b.
        add,
        /// c = a - b.
        sub,
        /// The next pc is `t` if `x`, else pc + 1.
        branch,
        /// The next pc is `x`.
        dynamic,
        /// `x` is the row's stamp; `c[0]` is, where `x` is the next pc (calls).
        memory,
        writes_rd,
        uses_rs2,
        rd,
        rs1,
        rs2,
        t,
        x,
        a[LIMBS],
        /// Value of rs2, or the immediate.
        b[LIMBS],
        c[LIMBS],
        /// Value of rd before the write.
        old[LIMBS],
        /// Stamps of the previous accesses of rs1, rs2, rd.
        previous[3],
    }
}

/// Public values of the CPU table.
pub mod public {
    /// Index of the first instruction.
    pub const PC_IN: usize = 0;
    /// Index after the last instruction.
    pub const PC_OUT: usize = 1;
    /// Cycles of the segment.
    pub const CYCLES: usize = 2;
    /// Count of public values.
    pub const COUNT: usize = 3;
}

/// Weights of the flags in a program row.
pub mod flag {
    pub const ADD: u32 = 1;
    pub const SUB: u32 = 2;
    pub const BRANCH: u32 = 4;
    pub const DYNAMIC: u32 = 8;
    pub const MEMORY: u32 = 16;
    pub const WRITES_RD: u32 = 32;
    pub const USES_RS2: u32 = 64;
}

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = CpuCols::<B::Var>::read(main.current_slice());
    let n = CpuCols::<B::Var>::read(main.next_slice());
    eval_flags(b, &l);
    eval_rows(b, &l, &n);
    eval_sum(b, &l);
    eval_interactions(b, &l);
}

/// Flags are boolean and zero on padding; `real` never rises again.
fn eval_flags<B: VmBuilder>(b: &mut B, l: &CpuCols<B::Var>) {
    b.assert_bool(l.real);
    for flag in [
        l.add,
        l.sub,
        l.branch,
        l.dynamic,
        l.memory,
        l.writes_rd,
        l.uses_rs2,
    ] {
        b.assert_bool(flag);
        b.when(flag).assert_one(l.real);
    }
}

/// Stamps, program counter and the segment's public values.
fn eval_rows<B: VmBuilder>(b: &mut B, l: &CpuCols<B::Var>, n: &CpuCols<B::Var>) {
    let [pc_in, pc_out, cycles] = [public::PC_IN, public::PC_OUT, public::CYCLES].map(|i| {
        let value: B::Expr = b.public_values()[i].into();
        value
    });
    b.when_first_row().assert_one(l.real);
    b.when_first_row()
        .assert_eq(l.clk, B::Expr::from_u32(STAMPS));
    b.when_transition().when(n.real).assert_one(l.real);
    b.when_transition()
        .assert_eq(n.clk, l.clk + l.real * B::Expr::from_u32(STAMPS));
    let step =
        l.branch * l.x * (l.t - l.pc - B::Expr::ONE) + l.dynamic * (l.x - l.pc - B::Expr::ONE);
    // Cyclic: behind the last row, which does nothing, comes the first. So degree 3 is enough.
    let back = b.is_last_row() * (pc_in - pc_out.clone());
    b.assert_eq(n.pc, l.pc + l.real + step + back);
    b.when_last_row().assert_zero(l.real);
    b.when_last_row().assert_eq(l.pc, pc_out);
    b.when_last_row()
        .assert_eq(l.clk, (cycles + B::Expr::ONE) * B::Expr::from_u32(STAMPS));
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
    for ((register, before, after, stamp, times), previous) in accesses.into_iter().zip(l.previous)
    {
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
