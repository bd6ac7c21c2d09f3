//! From 32-bit encodings to [`Instr`].

use crate::isa::{Instr, Op};

/// Decodes one 32-bit RV64IM encoding; `None` for everything the machine does not execute
/// (compressed, CSR, `ebreak`, `fence.i`, atomics, floating point, reserved).
#[must_use]
pub const fn decode(word: u32) -> Option<Instr> {
    match word & 0x7f {
        0x37 => Some(upper(word, Op::Lui)),
        0x17 => Some(upper(word, Op::Auipc)),
        0x6f => Some(jal(word)),
        0x67 => jalr(word),
        0x63 => branch(word),
        0x03 => load(word),
        0x23 => store(word),
        0x13 => op_imm(word),
        0x1b => op_imm_32(word),
        0x33 => op(word),
        0x3b => op_32(word),
        0x0f => fence(word),
        0x73 => ecall(word),
        _ => None,
    }
}

const fn rd(word: u32) -> u8 {
    (word >> 7 & 31) as u8
}

const fn rs1(word: u32) -> u8 {
    (word >> 15 & 31) as u8
}

const fn rs2(word: u32) -> u8 {
    (word >> 20 & 31) as u8
}

const fn funct3(word: u32) -> u32 {
    word >> 12 & 7
}

const fn funct7(word: u32) -> u32 {
    word >> 25
}

const fn imm_i(word: u32) -> i64 {
    (word as i32 >> 20) as i64
}

const fn imm_s(word: u32) -> i64 {
    ((word as i32 >> 25 << 5) | (word >> 7 & 31) as i32) as i64
}

const fn imm_b(word: u32) -> i64 {
    let sign = word as i32 >> 31 << 12;
    let low = (word >> 7 & 1) << 11 | (word >> 25 & 0x3f) << 5 | (word >> 8 & 15) << 1;
    (sign | low as i32) as i64
}

const fn imm_j(word: u32) -> i64 {
    let sign = word as i32 >> 31 << 20;
    let low = (word >> 12 & 0xff) << 12 | (word >> 20 & 1) << 11 | (word >> 21 & 0x3ff) << 1;
    (sign | low as i32) as i64
}

const fn upper(word: u32, op: Op) -> Instr {
    let imm = (word & 0xffff_f000) as i32 as i64;
    Instr { op, rd: rd(word), rs1: 0, rs2: 0, imm }
}

const fn jal(word: u32) -> Instr {
    Instr { op: Op::Jal, rd: rd(word), rs1: 0, rs2: 0, imm: imm_j(word) }
}

const fn immediate(word: u32, op: Op, imm: i64) -> Option<Instr> {
    Some(Instr { op, rd: rd(word), rs1: rs1(word), rs2: 0, imm })
}

const fn jalr(word: u32) -> Option<Instr> {
    match funct3(word) {
        0 => immediate(word, Op::Jalr, imm_i(word)),
        _ => None,
    }
}

const fn branch(word: u32) -> Option<Instr> {
    let op = match funct3(word) {
        0 => Op::Beq,
        1 => Op::Bne,
        4 => Op::Blt,
        5 => Op::Bge,
        6 => Op::Bltu,
        7 => Op::Bgeu,
        _ => return None,
    };
    Some(Instr { op, rd: 0, rs1: rs1(word), rs2: rs2(word), imm: imm_b(word) })
}

const fn load(word: u32) -> Option<Instr> {
    let op = match funct3(word) {
        0 => Op::Lb,
        1 => Op::Lh,
        2 => Op::Lw,
        3 => Op::Ld,
        4 => Op::Lbu,
        5 => Op::Lhu,
        6 => Op::Lwu,
        _ => return None,
    };
    immediate(word, op, imm_i(word))
}

const fn store(word: u32) -> Option<Instr> {
    let op = match funct3(word) {
        0 => Op::Sb,
        1 => Op::Sh,
        2 => Op::Sw,
        3 => Op::Sd,
        _ => return None,
    };
    Some(Instr { op, rd: 0, rs1: rs1(word), rs2: rs2(word), imm: imm_s(word) })
}

const fn op_imm(word: u32) -> Option<Instr> {
    let shift = (word >> 20 & 63) as i64;
    match (funct3(word), word >> 26) {
        (0, _) => immediate(word, Op::Addi, imm_i(word)),
        (2, _) => immediate(word, Op::Slti, imm_i(word)),
        (3, _) => immediate(word, Op::Sltiu, imm_i(word)),
        (4, _) => immediate(word, Op::Xori, imm_i(word)),
        (6, _) => immediate(word, Op::Ori, imm_i(word)),
        (7, _) => immediate(word, Op::Andi, imm_i(word)),
        (1, 0x00) => immediate(word, Op::Slli, shift),
        (5, 0x00) => immediate(word, Op::Srli, shift),
        (5, 0x10) => immediate(word, Op::Srai, shift),
        _ => None,
    }
}

const fn op_imm_32(word: u32) -> Option<Instr> {
    let shift = rs2(word) as i64;
    match (funct3(word), funct7(word)) {
        (0, _) => immediate(word, Op::Addiw, imm_i(word)),
        (1, 0x00) => immediate(word, Op::Slliw, shift),
        (5, 0x00) => immediate(word, Op::Srliw, shift),
        (5, 0x20) => immediate(word, Op::Sraiw, shift),
        _ => None,
    }
}

const fn register(word: u32, op: Op) -> Option<Instr> {
    Some(Instr { op, rd: rd(word), rs1: rs1(word), rs2: rs2(word), imm: 0 })
}

const fn op(word: u32) -> Option<Instr> {
    let op = match (funct7(word), funct3(word)) {
        (0x00, 0) => Op::Add,
        (0x00, 1) => Op::Sll,
        (0x00, 2) => Op::Slt,
        (0x00, 3) => Op::Sltu,
        (0x00, 4) => Op::Xor,
        (0x00, 5) => Op::Srl,
        (0x00, 6) => Op::Or,
        (0x00, 7) => Op::And,
        (0x20, 0) => Op::Sub,
        (0x20, 5) => Op::Sra,
        (0x01, 0) => Op::Mul,
        (0x01, 1) => Op::Mulh,
        (0x01, 2) => Op::Mulhsu,
        (0x01, 3) => Op::Mulhu,
        (0x01, 4) => Op::Div,
        (0x01, 5) => Op::Divu,
        (0x01, 6) => Op::Rem,
        (0x01, 7) => Op::Remu,
        _ => return None,
    };
    register(word, op)
}

const fn op_32(word: u32) -> Option<Instr> {
    let op = match (funct7(word), funct3(word)) {
        (0x00, 0) => Op::Addw,
        (0x00, 1) => Op::Sllw,
        (0x00, 5) => Op::Srlw,
        (0x20, 0) => Op::Subw,
        (0x20, 5) => Op::Sraw,
        (0x01, 0) => Op::Mulw,
        (0x01, 4) => Op::Divw,
        (0x01, 5) => Op::Divuw,
        (0x01, 6) => Op::Remw,
        (0x01, 7) => Op::Remuw,
        _ => return None,
    };
    register(word, op)
}

/// The ordering fields and the reserved register fields of `fence` are to be ignored; funct3 1 is
/// `fence.i`, which the machine does not have (text is never writable).
const fn fence(word: u32) -> Option<Instr> {
    match funct3(word) {
        0 => Some(Instr { op: Op::Fence, rd: 0, rs1: 0, rs2: 0, imm: 0 }),
        _ => None,
    }
}

const fn ecall(word: u32) -> Option<Instr> {
    match word {
        0x73 => Some(Instr { op: Op::Ecall, rd: 0, rs1: 17, rs2: 10, imm: 0 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn immediates_are_sign_extended() {
        assert_eq!(decode(0x8000_0537).expect("lui").imm, -0x8000_0000);
        assert_eq!(decode(0x7fff_f517).expect("auipc").imm, 0x7fff_f000);
        assert_eq!(decode(0x8000_0513).expect("addi").imm, -2048);
        assert_eq!(decode(0xfe00_0fa3).expect("sb").imm, -1);
        assert_eq!(decode(0x8000_0063).expect("beq").imm, -4096);
        assert_eq!(decode(0x8000_006f).expect("jal").imm, -0x10_0000);
        assert_eq!(decode(0x7ff0_006f).expect("jal").imm, 0xffe);
    }

    #[test]
    fn what_the_machine_does_not_execute_has_no_decoding() {
        let foreign = [
            0x0000_0000, // the all-zero word
            0xffff_ffff, // the all-one word
            0x0000_4501, // c.li
            0x0010_0073, // ebreak
            0x3020_0073, // mret
            0xc000_2573, // rdcycle
            0x0000_100f, // fence.i
            0x1005_252f, // lr.w
            0x0000_7503, // load with reserved funct3
            0x0000_4023, // store with reserved funct3
            0x0000_2063, // branch with reserved funct3
            0x0000_1067, // jalr with reserved funct3
            0x0400_1513, // slli with bit 6 of the amount
            0x0200_151b, // slliw with bit 5 of the amount
            0x4000_1033, // sll with the funct7 of sub
            0x0200_103b, // 32-bit mulh does not exist
            0x0000_00f3, // ecall with a destination
        ];
        for word in foreign {
            assert_eq!(decode(word), None, "{word:#010x}");
        }
    }

    #[test]
    fn fence_ignores_its_fields() {
        for word in [0x0ff0_000f, 0x8330_000f, 0x0100_000f, 0x0ff5_058f] {
            let fence = decode(word).expect("fence");
            assert_eq!((fence.op, fence.rd, fence.rs1, fence.imm), (Op::Fence, 0, 0, 0));
        }
    }
}
