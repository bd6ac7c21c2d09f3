//! Operation codes: how the CPU table names the work it hands to another table.
//!
//! Codes are sums of flags, so that the receiving table rebuilds the code from its boolean columns
//! and a code determines the flags.

use proofloom_executor::{Instr, Op};

use crate::tables::VmTable;

/// Work done inside the CPU row itself.
pub const INLINE: u32 = 0;
pub const AND: u32 = 1;
pub const OR: u32 = 2;
pub const XOR: u32 = 3;
pub const ADDW: u32 = 4;
pub const SUBW: u32 = 5;
/// XORI with -1.
pub const NOT: u32 = 6;

/// Comparisons and branches: `CMP + SIGNED + EQUAL + NEGATED + BRANCH`.
pub const CMP: u32 = 16;
pub const CMP_SIGNED: u32 = 1;
pub const CMP_EQUAL: u32 = 2;
pub const CMP_NEGATED: u32 = 4;
pub const CMP_BRANCH: u32 = 8;

/// Shifts: `SHIFT + LEFT + WORD + ARITHMETIC`.
pub const SHIFT: u32 = 32;
pub const SHIFT_LEFT: u32 = 1;
pub const SHIFT_WORD: u32 = 2;
pub const SHIFT_ARITHMETIC: u32 = 4;

pub const JALR: u32 = 40;
pub const ECALL: u32 = 41;
/// 64-bit load and store, aligned or not.
pub const LD: u32 = 44;
pub const SD: u32 = 45;

/// Narrow loads and stores: `SUB_WORD + size (0 = 1, 1 = 2, 2 = 4 bytes) + UNSIGNED | STORE`.
pub const SUB_WORD: u32 = 48;
pub const SUB_WORD_HALF: u32 = 1;
pub const SUB_WORD_WORD: u32 = 2;
pub const SUB_WORD_UNSIGNED: u32 = 4;
pub const SUB_WORD_STORE: u32 = 8;

pub const MUL: u32 = 64;
pub const MULW: u32 = 65;
pub const MULH: u32 = 66;
pub const MULHSU: u32 = 67;
pub const MULHU: u32 = 68;

/// Divisions: `DIV + SIGNED + REMAINDER + WORD`.
pub const DIV: u32 = 72;
pub const DIV_SIGNED: u32 = 1;
pub const DIV_REMAINDER: u32 = 2;
pub const DIV_WORD: u32 = 4;

/// The code that the CPU row of an instruction carries.
pub const fn code(instr: &Instr) -> u32 {
    match instr.op {
        Op::Xori if instr.imm == -1 => NOT,
        Op::Add | Op::Sub | Op::Addi | Op::Lui | Op::Auipc | Op::Jal | Op::Fence => INLINE,
        Op::And | Op::Andi => AND,
        Op::Or | Op::Ori => OR,
        Op::Xor | Op::Xori => XOR,
        Op::Addw | Op::Addiw => ADDW,
        Op::Subw => SUBW,
        Op::Sltu | Op::Sltiu => CMP,
        Op::Slt | Op::Slti => CMP + CMP_SIGNED,
        Op::Beq => CMP + CMP_BRANCH + CMP_EQUAL,
        Op::Bne => CMP + CMP_BRANCH + CMP_EQUAL + CMP_NEGATED,
        Op::Blt => CMP + CMP_BRANCH + CMP_SIGNED,
        Op::Bge => CMP + CMP_BRANCH + CMP_SIGNED + CMP_NEGATED,
        Op::Bltu => CMP + CMP_BRANCH,
        Op::Bgeu => CMP + CMP_BRANCH + CMP_NEGATED,
        Op::Sll | Op::Slli => SHIFT + SHIFT_LEFT,
        Op::Srl | Op::Srli => SHIFT,
        Op::Sra | Op::Srai => SHIFT + SHIFT_ARITHMETIC,
        Op::Sllw | Op::Slliw => SHIFT + SHIFT_LEFT + SHIFT_WORD,
        Op::Srlw | Op::Srliw => SHIFT + SHIFT_WORD,
        Op::Sraw | Op::Sraiw => SHIFT + SHIFT_ARITHMETIC + SHIFT_WORD,
        Op::Jalr => JALR,
        Op::Ecall => ECALL,
        Op::Ld => LD,
        Op::Sd => SD,
        Op::Lb => SUB_WORD,
        Op::Lh => SUB_WORD + SUB_WORD_HALF,
        Op::Lw => SUB_WORD + SUB_WORD_WORD,
        Op::Lbu => SUB_WORD + SUB_WORD_UNSIGNED,
        Op::Lhu => SUB_WORD + SUB_WORD_UNSIGNED + SUB_WORD_HALF,
        Op::Lwu => SUB_WORD + SUB_WORD_UNSIGNED + SUB_WORD_WORD,
        Op::Sb => SUB_WORD + SUB_WORD_STORE,
        Op::Sh => SUB_WORD + SUB_WORD_STORE + SUB_WORD_HALF,
        Op::Sw => SUB_WORD + SUB_WORD_STORE + SUB_WORD_WORD,
        Op::Mul => MUL,
        Op::Mulh => MULH,
        Op::Mulhsu => MULHSU,
        Op::Mulhu => MULHU,
        Op::Mulw => MULW,
        Op::Divu => DIV,
        Op::Div => DIV + DIV_SIGNED,
        Op::Remu => DIV + DIV_REMAINDER,
        Op::Rem => DIV + DIV_REMAINDER + DIV_SIGNED,
        Op::Divuw => DIV + DIV_WORD,
        Op::Divw => DIV + DIV_WORD + DIV_SIGNED,
        Op::Remuw => DIV + DIV_WORD + DIV_REMAINDER,
        Op::Remw => DIV + DIV_WORD + DIV_REMAINDER + DIV_SIGNED,
    }
}

/// The table beside CPU that gets a row from an instruction, if an access of memory reaches into one word
/// and a call is none of an accelerator.
pub const fn table_of(code: u32) -> Option<VmTable> {
    Some(match code {
        INLINE => return None,
        AND | OR | XOR => VmTable::Logic,
        NOT => VmTable::Not,
        ADDW | SUBW => VmTable::Word,
        CMP..SHIFT => VmTable::Compare,
        SHIFT..JALR => VmTable::Shift,
        JALR | ECALL => VmTable::Jump,
        LD | SD => VmTable::Aligned,
        SUB_WORD..MUL => VmTable::SubWord,
        MUL | MULW => VmTable::Mul,
        MULH..DIV => VmTable::Mulh,
        _ => VmTable::Div,
    })
}
