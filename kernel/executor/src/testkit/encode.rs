//! From [`Instr`] to 32-bit encodings: the inverse of decoding, written independently of it.

use crate::isa::{Format, Instr, Op};

/// Encodes an instruction; `None` if a field does not fit its encoding.
#[must_use]
pub fn encode(instr: &Instr) -> Option<u32> {
    let Instr { op, rd, rs1, rs2, imm } = *instr;
    if rd > 31 || rs1 > 31 || rs2 > 31 {
        return None;
    }
    let (opcode, funct3, funct7) = codes(op);
    let [rd, rs1, rs2] = [rd, rs1, rs2].map(u32::from);
    let base = opcode | funct3 << 12;
    let operands = match op.format() {
        Format::Register => rd << 7 | rs1 << 15 | rs2 << 20 | funct7 << 25,
        Format::Immediate if is_shift(op) => rd << 7 | rs1 << 15 | shift_amount(op, imm)? << 20 | funct7 << 25,
        Format::Immediate | Format::Load | Format::JumpRegister => rd << 7 | rs1 << 15 | signed(imm, 12)? << 20,
        Format::Upper => rd << 7 | upper(imm)?,
        Format::Jump => rd << 7 | jump_offset(imm)?,
        Format::Branch => rs1 << 15 | rs2 << 20 | branch_offset(imm)?,
        Format::Store => rs1 << 15 | rs2 << 20 | store_offset(imm)?,
        Format::Fence => 0x0ff0_0000,
        Format::Ecall => 0,
    };
    Some(base | operands)
}

fn is_shift(op: Op) -> bool {
    matches!(op, Op::Slli | Op::Srli | Op::Srai | Op::Slliw | Op::Srliw | Op::Sraiw)
}

fn shift_amount(op: Op, imm: i64) -> Option<u32> {
    let bits = if matches!(op, Op::Slliw | Op::Srliw | Op::Sraiw) { 32 } else { 64 };
    (0..bits).contains(&imm).then_some(imm as u32)
}

/// A value as a two's complement field of `bits` bits.
fn signed(value: i64, bits: u32) -> Option<u32> {
    let half = 1i64 << (bits - 1);
    (-half..half).contains(&value).then_some((value & (2 * half - 1)) as u32)
}

fn upper(imm: i64) -> Option<u32> {
    let fits = imm % 4096 == 0 && i32::try_from(imm).is_ok();
    fits.then_some(imm as u32)
}

fn even(imm: i64, bits: u32) -> Option<u32> {
    signed(imm, bits).filter(|field| field % 2 == 0)
}

fn jump_offset(imm: i64) -> Option<u32> {
    let field = even(imm, 21)?;
    let (sign, middle) = (field >> 20, field >> 12 & 0xff);
    Some(sign << 31 | (field >> 1 & 0x3ff) << 21 | (field >> 11 & 1) << 20 | middle << 12)
}

fn branch_offset(imm: i64) -> Option<u32> {
    let field = even(imm, 13)?;
    let high = (field >> 12) << 31 | (field >> 5 & 0x3f) << 25;
    Some(high | (field >> 1 & 15) << 8 | (field >> 11 & 1) << 7)
}

fn store_offset(imm: i64) -> Option<u32> {
    let field = signed(imm, 12)?;
    Some((field >> 5) << 25 | (field & 31) << 7)
}

/// Major opcode, funct3 and funct7 (0 where the format has none).
#[rustfmt::skip]
fn codes(op: Op) -> (u32, u32, u32) {
    match op {
        Op::Lui => (0x37, 0, 0), Op::Auipc => (0x17, 0, 0),
        Op::Jal => (0x6f, 0, 0), Op::Jalr => (0x67, 0, 0),
        Op::Fence => (0x0f, 0, 0), Op::Ecall => (0x73, 0, 0),
        Op::Beq => (0x63, 0, 0), Op::Bne => (0x63, 1, 0), Op::Blt => (0x63, 4, 0),
        Op::Bge => (0x63, 5, 0), Op::Bltu => (0x63, 6, 0), Op::Bgeu => (0x63, 7, 0),
        Op::Lb => (0x03, 0, 0), Op::Lh => (0x03, 1, 0), Op::Lw => (0x03, 2, 0),
        Op::Ld => (0x03, 3, 0), Op::Lbu => (0x03, 4, 0), Op::Lhu => (0x03, 5, 0),
        Op::Lwu => (0x03, 6, 0),
        Op::Sb => (0x23, 0, 0), Op::Sh => (0x23, 1, 0), Op::Sw => (0x23, 2, 0),
        Op::Sd => (0x23, 3, 0),
        Op::Addi => (0x13, 0, 0), Op::Slti => (0x13, 2, 0), Op::Sltiu => (0x13, 3, 0),
        Op::Xori => (0x13, 4, 0), Op::Ori => (0x13, 6, 0), Op::Andi => (0x13, 7, 0),
        Op::Slli => (0x13, 1, 0), Op::Srli => (0x13, 5, 0), Op::Srai => (0x13, 5, 0x20),
        Op::Addiw => (0x1b, 0, 0), Op::Slliw => (0x1b, 1, 0), Op::Srliw => (0x1b, 5, 0),
        Op::Sraiw => (0x1b, 5, 0x20),
        Op::Add => (0x33, 0, 0), Op::Sub => (0x33, 0, 0x20), Op::Sll => (0x33, 1, 0),
        Op::Slt => (0x33, 2, 0), Op::Sltu => (0x33, 3, 0), Op::Xor => (0x33, 4, 0),
        Op::Srl => (0x33, 5, 0), Op::Sra => (0x33, 5, 0x20), Op::Or => (0x33, 6, 0),
        Op::And => (0x33, 7, 0),
        Op::Addw => (0x3b, 0, 0), Op::Subw => (0x3b, 0, 0x20), Op::Sllw => (0x3b, 1, 0),
        Op::Srlw => (0x3b, 5, 0), Op::Sraw => (0x3b, 5, 0x20),
        Op::Mul => (0x33, 0, 1), Op::Mulh => (0x33, 1, 1), Op::Mulhsu => (0x33, 2, 1),
        Op::Mulhu => (0x33, 3, 1), Op::Div => (0x33, 4, 1), Op::Divu => (0x33, 5, 1),
        Op::Rem => (0x33, 6, 1), Op::Remu => (0x33, 7, 1),
        Op::Mulw => (0x3b, 0, 1), Op::Divw => (0x3b, 4, 1), Op::Divuw => (0x3b, 5, 1),
        Op::Remw => (0x3b, 6, 1), Op::Remuw => (0x3b, 7, 1),
    }
}
