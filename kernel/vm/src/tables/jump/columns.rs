//! Columns of JUMP.

use crate::columns::columns;
use crate::layout::LIMBS;

/// a7 of the halting ecall.
pub const HALT_CALL: u32 = 93;

/// a7 of the write that the machine ignores: its bytes are in the output region already.
pub const WRITE_CALL: u32 = 64;

columns! {
    /// Columns of the JUMP table.
    JumpCols {
        jalr,
        /// ecall 93.
        halt,
        /// ecall 64.
        write,
        /// Low half of rs1 (JALR) or of a7 (ECALL); the upper half is zero.
        a[2],
        /// Link (JALR) or a0 (ECALL).
        b[LIMBS],
        /// Low limb of the link (JALR) or the row's stamp (ECALL).
        c0,
        /// Address offset (JALR) or the next index (ECALL).
        t,
        /// Next index.
        x,
        /// Bit 0 of the sum, which JALR clears.
        odd,
        /// Low 16 bits of the target's distance from the text base.
        distance,
    }
}

/// Public values of the JUMP table.
pub mod public {
    /// Exit code, two u16 limbs.
    pub const EXIT: usize = 0;
    /// Low and high half of the text base.
    pub const TEXT_BASE: usize = 2;
    /// Count of public values.
    pub const COUNT: usize = 4;
}
