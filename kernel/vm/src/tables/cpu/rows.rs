//! Rows of CPU.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

use super::{CpuCols, flag};
use crate::layout::limbs;
use crate::program::ProgramRow;
use crate::trace::counts::Counts;
use crate::trace::rows::{Ending, Rows};
use crate::trace::values::{bit, limb_vals, val};

/// The operands and the result of a step.
#[derive(Clone, Copy)]
pub struct Operands {
    pub a: u64,
    pub b: u64,
    pub c: u64,
}

/// One cycle.
pub struct Cycle<'a> {
    pub row: &'a ProgramRow,
    /// Slot of the instruction.
    pub index: u32,
    pub clk: u32,
    pub operands: Operands,
    /// What the table that did the work gives back.
    pub x: Val,
    /// What rd held before.
    pub old: u64,
    /// Stamps of the previous accesses of rs1, rs2 and rd.
    pub previous: [u32; 3],
}

/// Appends the row of a cycle.
pub fn fill(rows: &mut Rows, counts: &mut Counts, cycle: &Cycle<'_>) {
    let Cycle { row, operands, .. } = cycle;
    counts.fetch(cycle.index);
    if row.has(flag::ADD) || row.has(flag::SUB) {
        counts.u16s(limbs(operands.c));
    }
    let mut c = limb_vals(operands.c);
    if row.has(flag::MEMORY | flag::DYNAMIC) {
        c[0] = val(cycle.clk);
    }
    let cols = CpuCols {
        real: Val::ONE,
        clk: val(cycle.clk),
        pc: val(cycle.index),
        opcode: val(row.opcode),
        add: bit(row.has(flag::ADD)),
        sub: bit(row.has(flag::SUB)),
        branch: bit(row.has(flag::BRANCH)),
        dynamic: bit(row.has(flag::DYNAMIC)),
        memory: bit(row.has(flag::MEMORY)),
        writes_rd: bit(row.has(flag::WRITES_RD)),
        uses_rs2: bit(row.has(flag::USES_RS2)),
        rd: Val::from_u8(row.rd),
        rs1: Val::from_u8(row.rs1),
        rs2: Val::from_u8(row.rs2),
        t: Val::from_i64(row.t),
        x: cycle.x,
        a: limb_vals(operands.a),
        b: limb_vals(operands.b),
        c,
        old: limb_vals(cycle.old),
        previous: cycle.previous.map(val),
    };
    cols.write(rows.push());
}

/// Stamp and program counter stay as they are after the last cycle.
pub fn pad(row: &mut [Val], ending: &Ending) {
    let cols = CpuCols { clk: val(ending.clk), pc: val(ending.pc), ..CpuCols::<Val>::default() };
    cols.write(row);
}
