//! Instructions of RV64IM: operations, operand formats, and disassembly.

use core::fmt;

/// How an operation uses its operand fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `op rd, rs1, rs2`
    Register,
    /// `op rd, rs1, imm`, shift amounts included
    Immediate,
    /// `op rd, imm` of `lui` and `auipc`
    Upper,
    /// `jal rd, offset`
    Jump,
    /// `jalr rd, offset(rs1)`
    JumpRegister,
    /// `op rs1, rs2, offset`
    Branch,
    /// `op rd, offset(rs1)`
    Load,
    /// `op rs2, offset(rs1)`
    Store,
    /// `fence`: no operands
    Fence,
    /// `ecall`: reads a7 (as rs1) and a0 (as rs2)
    Ecall,
}

macro_rules! operations {
    ($($op:ident $mnemonic:literal $format:ident,)*) => {
        /// Every operation that the machine executes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Op {
            $(#[doc = concat!("`", $mnemonic, "`")] $op,)*
        }

        impl Op {
            /// All operations, in the order of their discriminants.
            pub const ALL: &'static [Self] = &[$(Self::$op,)*];

            /// The name in assembly language.
            #[must_use]
            pub const fn mnemonic(self) -> &'static str {
                match self { $(Self::$op => $mnemonic,)* }
            }

            /// Which operand fields the operation uses.
            #[must_use]
            pub const fn format(self) -> Format {
                match self { $(Self::$op => Format::$format,)* }
            }
        }
    };
}

operations! {
    Add "add" Register,
    Sub "sub" Register,
    Sll "sll" Register,
    Slt "slt" Register,
    Sltu "sltu" Register,
    Xor "xor" Register,
    Srl "srl" Register,
    Sra "sra" Register,
    Or "or" Register,
    And "and" Register,
    Addw "addw" Register,
    Subw "subw" Register,
    Sllw "sllw" Register,
    Srlw "srlw" Register,
    Sraw "sraw" Register,
    Addi "addi" Immediate,
    Slti "slti" Immediate,
    Sltiu "sltiu" Immediate,
    Xori "xori" Immediate,
    Ori "ori" Immediate,
    Andi "andi" Immediate,
    Slli "slli" Immediate,
    Srli "srli" Immediate,
    Srai "srai" Immediate,
    Addiw "addiw" Immediate,
    Slliw "slliw" Immediate,
    Srliw "srliw" Immediate,
    Sraiw "sraiw" Immediate,
    Lui "lui" Upper,
    Auipc "auipc" Upper,
    Jal "jal" Jump,
    Jalr "jalr" JumpRegister,
    Beq "beq" Branch,
    Bne "bne" Branch,
    Blt "blt" Branch,
    Bge "bge" Branch,
    Bltu "bltu" Branch,
    Bgeu "bgeu" Branch,
    Lb "lb" Load,
    Lh "lh" Load,
    Lw "lw" Load,
    Ld "ld" Load,
    Lbu "lbu" Load,
    Lhu "lhu" Load,
    Lwu "lwu" Load,
    Sb "sb" Store,
    Sh "sh" Store,
    Sw "sw" Store,
    Sd "sd" Store,
    Mul "mul" Register,
    Mulh "mulh" Register,
    Mulhsu "mulhsu" Register,
    Mulhu "mulhu" Register,
    Div "div" Register,
    Divu "divu" Register,
    Rem "rem" Register,
    Remu "remu" Register,
    Mulw "mulw" Register,
    Divw "divw" Register,
    Divuw "divuw" Register,
    Remw "remw" Register,
    Remuw "remuw" Register,
    Fence "fence" Fence,
    Ecall "ecall" Ecall,
}

impl Op {
    /// Whether the field `rs1` names a register that is read.
    #[must_use]
    pub const fn reads_rs1(self) -> bool {
        !matches!(self.format(), Format::Upper | Format::Jump | Format::Fence)
    }

    /// Whether the field `rs2` names a register that is read.
    #[must_use]
    pub const fn reads_rs2(self) -> bool {
        matches!(self.format(), Format::Register | Format::Branch | Format::Store | Format::Ecall)
    }

    /// Whether the operation has a destination. The destination may still be x0, see
    /// [`Instr::writes_rd`].
    #[must_use]
    pub const fn has_rd(self) -> bool {
        !matches!(self.format(), Format::Branch | Format::Store | Format::Fence | Format::Ecall)
    }

    /// Bytes of a load's or store's access (1, 2, 4 or 8); 0 for every other operation.
    #[must_use]
    pub const fn access_bytes(self) -> u8 {
        match self {
            Self::Lb | Self::Lbu | Self::Sb => 1,
            Self::Lh | Self::Lhu | Self::Sh => 2,
            Self::Lw | Self::Lwu | Self::Sw => 4,
            Self::Ld | Self::Sd => 8,
            _ => 0,
        }
    }
}

/// One decoded instruction. Fields that the operation does not use are 0, so `rs1` and `rs2` can
/// be read without asking.
///
/// - `imm` is sign-extended; for `lui` and `auipc` it is shifted too; for shifts it is the amount.
/// - Branch and jump offsets are in bytes, relative to the instruction itself.
/// - `ecall` has `rs1` = 17 (a7, the call number) and `rs2` = 10 (a0, the argument).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instr {
    /// The operation.
    pub op: Op,
    /// Destination register, below 32.
    pub rd: u8,
    /// First source register, below 32.
    pub rs1: u8,
    /// Second source register, below 32.
    pub rs2: u8,
    /// Immediate operand.
    pub imm: i64,
}

impl Instr {
    /// Whether a register changes: the operation has a destination and it is not x0.
    #[must_use]
    pub const fn writes_rd(&self) -> bool {
        self.op.has_rd() && self.rd != 0
    }
}

/// Register names of the ABI, by number.
pub const REGISTER_NAMES: [&str; 32] = [
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2",
    "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
];

fn name(register: u8) -> &'static str {
    REGISTER_NAMES[usize::from(register & 31)]
}

impl fmt::Display for Instr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (op, imm) = (self.op.mnemonic(), self.imm);
        let (rd, rs1, rs2) = (name(self.rd), name(self.rs1), name(self.rs2));
        match self.op.format() {
            Format::Register => write!(f, "{op} {rd}, {rs1}, {rs2}"),
            Format::Immediate => write!(f, "{op} {rd}, {rs1}, {imm}"),
            Format::Upper => write!(f, "{op} {rd}, {:#x}", (imm >> 12) & 0xf_ffff),
            Format::Jump => write!(f, "{op} {rd}, .{imm:+}"),
            Format::Branch => write!(f, "{op} {rs1}, {rs2}, .{imm:+}"),
            Format::JumpRegister | Format::Load => write!(f, "{op} {rd}, {imm}({rs1})"),
            Format::Store => write!(f, "{op} {rs2}, {imm}({rs1})"),
            Format::Fence | Format::Ecall => f.write_str(op),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::decode;

    #[test]
    fn option_of_an_instruction_costs_no_extra_space() {
        assert_eq!(size_of::<Option<Instr>>(), 16);
        assert_eq!(Op::ALL.len(), 64);
    }

    #[test]
    fn instructions_disassemble_to_the_usual_syntax() {
        let cases = [
            (0x0020_81b3, "add gp, ra, sp"),
            (0xffb5_8513, "addi a0, a1, -5"),
            (0x03f5_1513, "slli a0, a0, 63"),
            (0x8000_0537, "lui a0, 0x80000"),
            (0x0000_1517, "auipc a0, 0x1"),
            (0xffdf_f0ef, "jal ra, .-4"),
            (0x0085_00e7, "jalr ra, 8(a0)"),
            (0x00b5_0863, "beq a0, a1, .+16"),
            (0xff81_3503, "ld a0, -8(sp)"),
            (0x00a1_2623, "sw a0, 12(sp)"),
            (0x0ff0_000f, "fence"),
            (0x0000_0073, "ecall"),
        ];
        for (word, text) in cases {
            assert_eq!(decode(word).expect(text).to_string(), text);
        }
    }
}
