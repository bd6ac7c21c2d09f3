//! An assembler in method calls.

use super::encode::encode;
use super::reg::{A0, A1, A2, A7, T0, ZERO};
use crate::isa::{Format, Instr, Op};
use crate::map::OUTPUT_BASE;

/// A place in the code, possibly not yet known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(usize);

/// Collects instructions from a base address on. Labels are resolved by [`Self::finish`].
///
/// Methods panic when an operand does not fit its encoding or does not suit the operation: that is
/// a mistake in a test.
#[derive(Clone, Debug)]
pub struct Assembler {
    base: u64,
    words: Vec<u32>,
    labels: Vec<Option<usize>>,
    fixups: Vec<(usize, Instr, Label)>,
}

impl Assembler {
    /// An empty text at `base`, a multiple of 4.
    #[must_use]
    pub fn new(base: u64) -> Self {
        Self { base, words: Vec::new(), labels: Vec::new(), fixups: Vec::new() }
    }

    /// Address of the next word.
    #[must_use]
    pub fn here(&self) -> u64 {
        self.base + 4 * self.words.len() as u64
    }

    /// Appends any 32 bits.
    pub fn raw(&mut self, word: u32) -> &mut Self {
        self.words.push(word);
        self
    }

    /// Appends zero words up to an address.
    pub fn pad_to(&mut self, addr: u64) -> &mut Self {
        assert!(addr >= self.here() && addr.is_multiple_of(4), "cannot pad to {addr:#x}");
        self.words.resize(((addr - self.base) / 4) as usize, 0);
        self
    }

    /// Appends an instruction.
    pub fn emit(&mut self, instr: Instr) -> &mut Self {
        let word = encode(&instr).unwrap_or_else(|| panic!("{instr} does not fit its encoding"));
        self.raw(word)
    }

    fn expect(op: Op, formats: &[Format]) {
        let (name, format) = (op.mnemonic(), op.format());
        assert!(formats.contains(&format), "{name} is of format {format:?}, not {formats:?}");
    }

    /// `op rd, rs1, rs2`
    pub fn r(&mut self, op: Op, rd: u8, rs1: u8, rs2: u8) -> &mut Self {
        Self::expect(op, &[Format::Register]);
        self.emit(Instr { op, rd, rs1, rs2, imm: 0 })
    }

    /// `op rd, rs1, imm`, for `jalr` too.
    pub fn i(&mut self, op: Op, rd: u8, rs1: u8, imm: i64) -> &mut Self {
        Self::expect(op, &[Format::Immediate, Format::JumpRegister]);
        self.emit(Instr { op, rd, rs1, rs2: 0, imm })
    }

    /// `lui` or `auipc`; `imm` is the value added, a multiple of 4096.
    pub fn u(&mut self, op: Op, rd: u8, imm: i64) -> &mut Self {
        Self::expect(op, &[Format::Upper]);
        self.emit(Instr { op, rd, rs1: 0, rs2: 0, imm })
    }

    /// `op rd, offset(base)`
    pub fn load(&mut self, op: Op, rd: u8, offset: i64, base: u8) -> &mut Self {
        Self::expect(op, &[Format::Load]);
        self.emit(Instr { op, rd, rs1: base, rs2: 0, imm: offset })
    }

    /// `op value, offset(base)`
    pub fn store(&mut self, op: Op, value: u8, offset: i64, base: u8) -> &mut Self {
        Self::expect(op, &[Format::Store]);
        self.emit(Instr { op, rd: 0, rs1: base, rs2: value, imm: offset })
    }

    /// `op rs1, rs2, target`
    pub fn branch(&mut self, op: Op, rs1: u8, rs2: u8, target: Label) -> &mut Self {
        Self::expect(op, &[Format::Branch]);
        self.fixup(Instr { op, rd: 0, rs1, rs2, imm: 0 }, target)
    }

    /// `jal rd, target`
    pub fn jal(&mut self, rd: u8, target: Label) -> &mut Self {
        self.fixup(Instr { op: Op::Jal, rd, rs1: 0, rs2: 0, imm: 0 }, target)
    }

    fn fixup(&mut self, instr: Instr, target: Label) -> &mut Self {
        self.fixups.push((self.words.len(), instr, target));
        self.raw(0)
    }

    /// A label without a place.
    pub fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    /// Puts a label here.
    pub fn bind(&mut self, label: Label) -> &mut Self {
        let old = self.labels[label.0].replace(self.words.len());
        assert_eq!(old, None, "a label has one place");
        self
    }

    /// A new label, put here.
    pub fn here_label(&mut self) -> Label {
        let label = self.label();
        self.bind(label);
        label
    }

    /// Any constant, in one to eight instructions.
    pub fn li(&mut self, rd: u8, value: u64) -> &mut Self {
        let value = value as i64;
        let low = (value << 52) >> 52;
        let high = value.wrapping_sub(low);
        if high == 0 {
            return self.i(Op::Addi, rd, ZERO, low);
        }
        if let Ok(narrow) = i32::try_from(value) {
            self.u(Op::Lui, rd, i64::from(narrow.wrapping_sub(low as i32)));
            return if low == 0 { self } else { self.i(Op::Addiw, rd, rd, low) };
        }
        let shift = high.trailing_zeros();
        self.li(rd, (high >> shift) as u64).i(Op::Slli, rd, rd, i64::from(shift));
        if low == 0 { self } else { self.i(Op::Addi, rd, rd, low) }
    }

    /// Sets the output's length to the bytes between the start of the output's contents and the
    /// address in `end`, and writes them to standard output. Uses a0-a2, a7, t0.
    pub fn write_output(&mut self, end: u8) -> &mut Self {
        self.li(T0, OUTPUT_BASE).i(Op::Addi, A1, T0, 8).r(Op::Sub, A2, end, A1);
        self.store(Op::Sd, A2, 0, T0);
        self.li(A0, 1).li(A7, 64).ecall()
    }

    /// Halts with a constant exit code. Uses a0, a7.
    pub fn exit(&mut self, code: u64) -> &mut Self {
        self.li(A0, code).exit_a0()
    }

    /// Halts with the exit code in a0. Uses a7.
    pub fn exit_a0(&mut self) -> &mut Self {
        self.li(A7, 93).ecall()
    }

    /// `ecall`
    pub fn ecall(&mut self) -> &mut Self {
        self.raw(0x73)
    }

    /// The encoded text, labels resolved.
    #[must_use]
    pub fn finish(mut self) -> Vec<u32> {
        for (position, mut instr, target) in std::mem::take(&mut self.fixups) {
            let place = self.labels[target.0].expect("every used label has a place");
            instr.imm = 4 * (place as i64 - position as i64);
            self.words[position] = encode(&instr).unwrap_or_else(|| panic!("{instr} is too far"));
        }
        self.words
    }
}
