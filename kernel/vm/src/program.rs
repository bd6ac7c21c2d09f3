//! Program rows: instructions as the PROGRAM table fixes them.

use proofloom_executor::{Instr, Op, Program};

use crate::layout::{INVALID_INDEX, LIMBS, limbs};
use crate::opcode;
use crate::tables::cpu::flag;

/// a7, which chooses the environment call.
const REG_CALL: u8 = 17;
/// a0, its argument.
const REG_ARGUMENT: u8 = 10;

/// A program and the rows of its slots.
#[derive(Clone, Copy)]
pub struct Decoded<'a> {
    pub program: &'a Program,
    pub rows: &'a [Option<ProgramRow>],
}

/// A decoded instruction; the fields are those of `bus::Instruction`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramRow {
    pub flags: u32,
    pub opcode: u32,
    pub rd: u8,
    pub rs1: u8,
    pub rs2: u8,
    /// Second operand when rs2 is not read.
    pub imm: u64,
    /// Branch or jump target (index), or signed address offset.
    pub t: i64,
}

impl ProgramRow {
    /// Whether all flags in `mask` are set.
    pub const fn has(&self, mask: u32) -> bool {
        self.flags & mask == mask
    }

    /// Limbs of the immediate.
    pub const fn imm_limbs(&self) -> [u32; LIMBS] {
        limbs(self.imm)
    }
}

/// Index of the slot `offset` bytes from `index`, or an index that no slot has.
fn target(program: &Program, index: u32, offset: i64) -> i64 {
    let pc = program.pc(index).wrapping_add_signed(offset);
    i64::from(program.index(pc).unwrap_or(INVALID_INDEX))
}

/// The program row of the instruction in slot `index`.
pub fn row(program: &Program, index: u32, instr: &Instr) -> ProgramRow {
    use Op::*;
    let pc = program.pc(index);
    let next = i64::from(index) + 1;
    let link = pc.wrapping_add(4);
    let writes = if instr.rd == 0 { 0 } else { flag::WRITES_RD };
    let base = ProgramRow {
        flags: writes,
        opcode: opcode::code(instr),
        rd: if instr.rd == 0 { 0 } else { instr.rd },
        rs1: instr.rs1,
        rs2: 0,
        imm: 0,
        t: 0,
    };
    let register = ProgramRow { flags: writes | flag::USES_RS2, rs2: instr.rs2, ..base };
    let immediate = ProgramRow { imm: instr.imm as u64, ..base };
    let constant = |imm: u64| ProgramRow { flags: writes | flag::ADD, rs1: 0, imm, ..base };
    match instr.op {
        Add => ProgramRow { flags: register.flags | flag::ADD, ..register },
        Sub => ProgramRow { flags: register.flags | flag::SUB, ..register },
        Addi => ProgramRow { flags: writes | flag::ADD, ..immediate },
        Lui => constant(instr.imm as u64),
        Auipc => constant(pc.wrapping_add_signed(instr.imm)),
        Fence => ProgramRow { flags: flag::ADD, rd: 0, ..constant(0) },
        Jal => {
            let jump = constant(link);
            ProgramRow { flags: jump.flags | flag::BRANCH, t: target(program, index, instr.imm), ..jump }
        }
        Jalr => ProgramRow { flags: writes | flag::DYNAMIC, imm: link, t: instr.imm, ..base },
        Beq | Bne | Blt | Bge | Bltu | Bgeu => {
            ProgramRow { flags: flag::USES_RS2 | flag::BRANCH, rd: 0, t: target(program, index, instr.imm), ..register }
        }
        Lb | Lh | Lw | Ld | Lbu | Lhu | Lwu => ProgramRow { flags: writes | flag::MEMORY, t: instr.imm, ..base },
        Sb | Sh | Sw | Sd => ProgramRow { flags: flag::USES_RS2 | flag::MEMORY, rd: 0, t: instr.imm, ..register },
        Ecall => ProgramRow {
            flags: flag::USES_RS2 | flag::DYNAMIC | flag::MEMORY,
            rd: 0,
            rs1: REG_CALL,
            rs2: REG_ARGUMENT,
            t: next,
            ..base
        },
        Addw | Subw | And | Or | Xor | Slt | Sltu | Sll | Srl | Sra | Sllw | Srlw | Sraw | Mul | Mulh | Mulhsu
        | Mulhu | Mulw | Div | Divu | Rem | Remu | Divw | Divuw | Remw | Remuw => register,
        Addiw | Andi | Ori | Xori | Slti | Sltiu | Slli | Srli | Srai | Slliw | Srliw | Sraiw => immediate,
    }
}
