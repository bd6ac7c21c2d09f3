//! Constraints and interactions of PROGRAM.

use super::columns::*;
use crate::bus::{self, Instruction, VmBuilder};
use crate::tables::arr;
use p3_air::WindowAccess;

/// Constraints and interactions.
pub fn eval<B: VmBuilder>(b: &mut B) {
    let f = ProgramPreprocessed::<B::Var>::read(b.preprocessed().current_slice());
    let times: B::Expr = b.main().current_slice()[0].into();
    let row = Instruction {
        index: f.index.into(),
        flags: f.flags.into(),
        opcode: f.opcode.into(),
        rd: f.rd.into(),
        rs1: f.rs1.into(),
        rs2: f.rs2.into(),
        imm: arr::<B, _>(f.imm),
        t: f.t.into(),
    };
    bus::instruction(b, &row, times);
}
