//! Columns of PROGRAM.

use crate::columns::columns;
use crate::layout::LIMBS;

columns! {
    /// A decoded instruction; see [`crate::bus::Instruction`].
    ProgramPreprocessed { index, flags, opcode, rd, rs1, rs2, imm[LIMBS], t }
}
