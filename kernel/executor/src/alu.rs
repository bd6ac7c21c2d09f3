//! The arithmetic of RV64IM as pure functions.

use crate::isa::{Instr, Op};

/// Low 32 bits, sign-extended: the result form of all W operations.
const fn word(value: u32) -> u64 {
    value as i32 as i64 as u64
}

const fn high(product: u128) -> u64 {
    (product >> 64) as u64
}

const fn mulh(a: u64, b: u64) -> u64 {
    high((a as i64 as i128 * b as i64 as i128) as u128)
}

const fn mulhsu(a: u64, b: u64) -> u64 {
    high((a as i64 as i128).wrapping_mul(b as i128) as u128)
}

/// Division by zero gives all ones; the overflowing INT_MIN / -1 wraps to INT_MIN.
const fn div(a: i64, b: i64) -> i64 {
    if b == 0 { -1 } else { a.wrapping_div(b) }
}

const fn divu(a: u64, b: u64) -> u64 {
    match a.checked_div(b) {
        Some(quotient) => quotient,
        None => u64::MAX,
    }
}

/// The remainder of a division by zero is the dividend; that of INT_MIN / -1 is 0.
const fn rem(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { a.wrapping_rem(b) }
}

const fn remu(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { a % b }
}

const fn divw(a: u32, b: u32) -> u32 {
    div(a as i32 as i64, b as i32 as i64) as u32
}

const fn remw(a: u32, b: u32) -> u32 {
    rem(a as i32 as i64, b as i32 as i64) as u32
}

/// What an instruction writes to its destination, given its address and its source registers'
/// values. 0 for branches, loads, stores, `fence` and `ecall`.
#[must_use]
#[inline(always)]
pub const fn result(instr: &Instr, pc: u64, a: u64, b: u64) -> u64 {
    let imm = instr.imm as u64;
    match instr.op {
        Op::Add => a.wrapping_add(b),
        Op::Sub => a.wrapping_sub(b),
        Op::Sll => a << (b & 63),
        Op::Slt => ((a as i64) < b as i64) as u64,
        Op::Sltu => (a < b) as u64,
        Op::Xor => a ^ b,
        Op::Srl => a >> (b & 63),
        Op::Sra => (a as i64 >> (b & 63)) as u64,
        Op::Or => a | b,
        Op::And => a & b,
        Op::Addw => word((a as u32).wrapping_add(b as u32)),
        Op::Subw => word((a as u32).wrapping_sub(b as u32)),
        Op::Sllw => word((a as u32) << (b & 31)),
        Op::Srlw => word(a as u32 >> (b & 31)),
        Op::Sraw => (a as i32 >> (b & 31)) as i64 as u64,
        Op::Addi => a.wrapping_add(imm),
        Op::Slti => ((a as i64) < instr.imm) as u64,
        Op::Sltiu => (a < imm) as u64,
        Op::Xori => a ^ imm,
        Op::Ori => a | imm,
        Op::Andi => a & imm,
        Op::Slli => a << (imm & 63),
        Op::Srli => a >> (imm & 63),
        Op::Srai => (a as i64 >> (imm & 63)) as u64,
        Op::Addiw => word((a as u32).wrapping_add(imm as u32)),
        Op::Slliw => word((a as u32) << (imm & 31)),
        Op::Srliw => word(a as u32 >> (imm & 31)),
        Op::Sraiw => (a as i32 >> (imm & 31)) as i64 as u64,
        Op::Lui => imm,
        Op::Auipc => pc.wrapping_add(imm),
        Op::Jal | Op::Jalr => pc.wrapping_add(4),
        Op::Mul => a.wrapping_mul(b),
        Op::Mulh => mulh(a, b),
        Op::Mulhsu => mulhsu(a, b),
        Op::Mulhu => high(a as u128 * b as u128),
        Op::Div => div(a as i64, b as i64) as u64,
        Op::Divu => divu(a, b),
        Op::Rem => rem(a as i64, b as i64) as u64,
        Op::Remu => remu(a, b),
        Op::Mulw => word((a as u32).wrapping_mul(b as u32)),
        Op::Divw => word(divw(a as u32, b as u32)),
        Op::Divuw => word(divu(a as u32 as u64, b as u32 as u64) as u32),
        Op::Remw => word(remw(a as u32, b as u32)),
        Op::Remuw => word(remu(a as u32 as u64, b as u32 as u64) as u32),
        _ => 0,
    }
}

/// Whether a branch is taken; `false` for everything else.
#[must_use]
#[inline(always)]
pub const fn taken(op: Op, a: u64, b: u64) -> bool {
    match op {
        Op::Beq => a == b,
        Op::Bne => a != b,
        Op::Blt => (a as i64) < b as i64,
        Op::Bge => a as i64 >= b as i64,
        Op::Bltu => a < b,
        Op::Bgeu => a >= b,
        _ => false,
    }
}

/// A loaded value as its register gets it: `raw` holds the bytes zero-extended.
#[must_use]
#[inline(always)]
pub const fn extend(op: Op, raw: u64) -> u64 {
    match op {
        Op::Lb => raw as i8 as i64 as u64,
        Op::Lh => raw as i16 as i64 as u64,
        Op::Lw => raw as i32 as i64 as u64,
        _ => raw,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: u64 = 1 << 63;
    const MIN32: u64 = 0xffff_ffff_8000_0000;
    const NEG: u64 = u64::MAX;

    fn on(op: Op, a: u64, b: u64) -> u64 {
        let instr = Instr { op, rd: 1, rs1: 2, rs2: 3, imm: 0 };
        result(&instr, 0, a, b)
    }

    /// Values from the tables and prose of the RISC-V unprivileged specification.
    #[test]
    fn division_follows_the_specification() {
        let cases = [
            (Op::Div, 7, 0, NEG),
            (Op::Divu, 7, 0, NEG),
            (Op::Rem, 7, 0, 7),
            (Op::Remu, 7, 0, 7),
            (Op::Div, MIN, NEG, MIN),
            (Op::Rem, MIN, NEG, 0),
            (Op::Div, 7u64.wrapping_neg(), 2, 3u64.wrapping_neg()),
            (Op::Rem, 7u64.wrapping_neg(), 2, NEG),
            (Op::Rem, 7, 2u64.wrapping_neg(), 1),
            (Op::Divw, 7, 1 << 32, NEG),
            (Op::Divuw, 7, 1 << 32, NEG),
            (Op::Remw, 1 << 31, 0, MIN32),
            (Op::Remuw, 1 << 31, 0, MIN32),
            (Op::Divw, 1 << 31, NEG, MIN32),
            (Op::Remw, 1 << 31, NEG, 0),
            (Op::Divuw, NEG, 1, NEG),
            (Op::Divuw, 1 << 31, NEG, 0),
        ];
        for (op, a, b, expected) in cases {
            assert_eq!(on(op, a, b), expected, "{} {a:#x}, {b:#x}", op.mnemonic());
        }
    }

    #[test]
    fn high_products_respect_signs() {
        assert_eq!(on(Op::Mulh, NEG, NEG), 0);
        assert_eq!(on(Op::Mulh, MIN, MIN), 1 << 62);
        assert_eq!(on(Op::Mulhu, NEG, NEG), NEG - 1);
        assert_eq!(on(Op::Mulhsu, NEG, NEG), NEG);
        assert_eq!(on(Op::Mulhsu, MIN, NEG), MIN);
        assert_eq!(on(Op::Mulhsu, 1, NEG), 0);
        assert_eq!(on(Op::Mulw, 0x1_0001_0000, 0x8000), MIN32);
    }

    #[test]
    fn shifts_use_only_their_own_bits_of_the_amount() {
        assert_eq!(on(Op::Sll, 1, 64), 1);
        assert_eq!(on(Op::Sra, MIN, 127), NEG);
        assert_eq!(on(Op::Srl, MIN, 63), 1);
        assert_eq!(on(Op::Sllw, 1, 31), MIN32);
        assert_eq!(on(Op::Sllw, 1, 32), 1);
        assert_eq!(on(Op::Srlw, MIN32, 32), MIN32);
        assert_eq!(on(Op::Sraw, 0x8000_0000, 31), NEG);
    }

    #[test]
    fn word_operations_ignore_the_upper_half_and_sign_extend() {
        assert_eq!(on(Op::Addw, 0x7fff_ffff, 1), MIN32);
        assert_eq!(on(Op::Addw, 0xdead_0000_0000_0001, 1), 2);
        assert_eq!(on(Op::Subw, 0, 1), NEG);
        assert_eq!(extend(Op::Lw, 0x8000_0000), MIN32);
        assert_eq!(extend(Op::Lwu, 0x8000_0000), 0x8000_0000);
        assert_eq!(extend(Op::Lb, 0x80), 0x80u64.wrapping_sub(0x100));
        assert_eq!(extend(Op::Lhu, 0xffff), 0xffff);
    }
}
