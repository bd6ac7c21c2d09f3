//! Columns of CPU.

use crate::columns::columns;
use crate::layout::LIMBS;

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
