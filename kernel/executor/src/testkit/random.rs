//! Random programs that always halt.

use super::asm::Assembler;
use super::program::{DATA_BASE, TEXT_BASE, TestProgram};
use super::reg::{A0, A1, GP, RA, S10, S11, SP, T0, T1, TP, ZERO};
use super::rng::Rng;
use crate::isa::{Format, Op};
use crate::map::OUTPUT_BASE;

/// What a random program is made of.
#[derive(Clone, Debug)]
pub struct Mix {
    /// Operations to draw from; listing one twice makes it twice as likely. Jumps, branches, loads
    /// and stores come with what they need to be harmless. At least one.
    pub ops: Vec<Op>,
    /// Instructions or small groups in the body.
    pub body: usize,
    /// Times the body is executed.
    pub rounds: u64,
    /// Percentage of accesses with an address masked to the access's alignment.
    pub aligned_percent: u64,
    /// Bytes of data memory: a power of two from 4096 to 2^20.
    pub data_bytes: u64,
    /// Whether a loop at the end digests the data; 5 instructions per 8 bytes of it and of 8 KiB.
    pub digest: bool,
}

impl Default for Mix {
    /// Everything, often aligned, four pages of data with margins, digested.
    fn default() -> Self {
        let ops = Op::ALL.iter().copied().filter(|&op| op != Op::Ecall).collect();
        Self { ops, body: 150, rounds: 4, aligned_percent: 60, data_bytes: 8192, digest: true }
    }
}

impl Mix {
    /// Only the given operations, otherwise as the default.
    #[must_use]
    pub fn only(ops: &[Op]) -> Self {
        Self { ops: ops.to_vec(), ..Self::default() }
    }
}

/// Values at which arithmetic tends to go wrong.
pub(super) const EDGES: [u64; 20] = [
    0,
    1,
    2,
    u64::MAX,
    u64::MAX - 1,
    0x7f,
    0x80,
    0x7fff,
    0x8000,
    0xffff,
    0x1_0000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    0xffff_ffff_7fff_ffff,
    0xffff_ffff_8000_0000,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0x8000_0000_0000_0001,
];

/// Accessed addresses stay within the data, whatever the offset: it starts this far in, ...
const OFFSET_REACH: u64 = 2048;
/// ... and ends this far after the masked part.
const MARGIN: u64 = 4096;

/// Registers with a fixed role; the body does not write them.
const RESERVED: [u8; 5] = [ZERO, GP, TP, S10, S11];
/// Base of the accessed data.
const DATA: u8 = GP;
/// Base of the text, for loads from it.
const TEXT: u8 = TP;
/// Scratch for addresses.
const SCRATCH: u8 = S10;
/// Rounds left.
const ROUNDS: u8 = S11;

/// A random program of the default [`Mix`]: some 1,500 instructions executed, and 10,000 of the
/// loop that digests the data. The output is all registers and the digest.
#[must_use]
pub fn random_program(seed: u64) -> TestProgram {
    random_program_with(seed, &Mix::default())
}

/// A random program of a given [`Mix`].
#[must_use]
pub fn random_program_with(seed: u64, mix: &Mix) -> TestProgram {
    let mut generator = Generator { rng: Rng::new(seed), mix, asm: Assembler::new(TEXT_BASE) };
    generator.prologue();
    generator.rounds();
    generator.epilogue();
    let data = generator.data();
    let mut program = TestProgram::new(format!("random {seed}"), generator.asm, mix.data_bytes + 2 * MARGIN);
    program.data = data;
    program
}

struct Generator<'m> {
    rng: Rng,
    mix: &'m Mix,
    asm: Assembler,
}

impl Generator<'_> {
    fn prologue(&mut self) {
        for register in 1..32 {
            let value = self.value();
            self.asm.li(register, value);
        }
        self.asm.li(DATA, DATA_BASE + OFFSET_REACH);
        self.asm.li(TEXT, TEXT_BASE);
        self.asm.li(ROUNDS, self.mix.rounds);
    }

    fn value(&mut self) -> u64 {
        match self.rng.below(4) {
            0 => self.rng.pick(&EDGES),
            1 => self.rng.bits() >> self.rng.below(64),
            2 => ((self.rng.bits() as i64) >> self.rng.below(64)) as u64,
            _ => self.rng.bits(),
        }
    }

    fn rounds(&mut self) {
        let start = self.asm.here_label();
        for _ in 0..self.mix.body {
            self.group();
        }
        self.asm.i(Op::Addi, ROUNDS, ROUNDS, -1);
        let done = self.asm.label();
        // The body may be longer than a branch reaches.
        self.asm.branch(Op::Beq, ROUNDS, ZERO, done).jal(ZERO, start).bind(done);
    }

    fn source(&mut self) -> u8 {
        self.rng.below(32) as u8
    }

    fn destination(&mut self) -> u8 {
        let register = self.source();
        let free = register == ZERO || !RESERVED.contains(&register);
        if free { register } else { T0 }
    }

    /// One drawn operation with all that it needs. Now and then a fresh value, because many
    /// operations have small results and soon all registers would hold 0, 1 or -1.
    fn group(&mut self) {
        if self.rng.chance(8) {
            let (rd, value) = (self.destination(), self.value());
            self.asm.li(rd, value);
        }
        let op = self.rng.pick(&self.mix.ops);
        let (rd, rs1, rs2) = (self.destination(), self.source(), self.source());
        match op.format() {
            Format::Register => {
                self.asm.r(op, rd, rs1, rs2);
            }
            Format::Immediate => self.immediate(op, rd, rs1),
            Format::Upper => self.upper(op, rd),
            Format::Load => self.load(op, rd, rs1),
            Format::Store => self.store(op, rs1, rs2),
            Format::Branch => self.branch(op, rs1, rs2),
            Format::Jump => self.jump(rd),
            Format::JumpRegister => self.jump_register(rd),
            Format::Fence | Format::Ecall => {
                self.asm.raw(0x0ff0_000f);
            }
        }
    }

    fn immediate(&mut self, op: Op, rd: u8, rs1: u8) {
        let imm = match op {
            Op::Slli | Op::Srli | Op::Srai => self.rng.below(64) as i64,
            Op::Slliw | Op::Srliw | Op::Sraiw => self.rng.below(32) as i64,
            _ => self.imm12(),
        };
        self.asm.i(op, rd, rs1, imm);
    }

    fn imm12(&mut self) -> i64 {
        match self.rng.below(3) {
            0 => self.rng.pick(&[-2048, -1, 0, 1, 7, 2047]),
            _ => self.rng.between(-2048, 2047),
        }
    }

    fn upper(&mut self, op: Op, rd: u8) {
        let imm = self.rng.between(-(1 << 19), (1 << 19) - 1);
        self.asm.u(op, rd, imm << 12);
    }

    /// Leaves an address inside the data in the scratch register and returns an offset for it.
    fn address(&mut self, op: Op, random: u8) -> i64 {
        let bytes = u64::from(op.access_bytes());
        let aligned = self.rng.chance(self.mix.aligned_percent);
        let step = if aligned { bytes } else { 1 };
        self.asm.li(SCRATCH, self.mix.data_bytes - step);
        self.asm.r(Op::And, SCRATCH, SCRATCH, random).r(Op::Add, SCRATCH, SCRATCH, DATA);
        let offset = self.rng.between(-(OFFSET_REACH as i64), OFFSET_REACH as i64 - 1);
        offset & -(step as i64)
    }

    fn load(&mut self, op: Op, rd: u8, random: u8) {
        if self.rng.chance(10) {
            let offset = self.rng.between(0, 512);
            self.asm.load(op, rd, offset, TEXT);
            return;
        }
        let offset = self.address(op, random);
        self.asm.load(op, rd, offset, SCRATCH);
    }

    fn store(&mut self, op: Op, random: u8, value: u8) {
        let offset = self.address(op, random);
        self.asm.store(op, value, offset, SCRATCH);
    }

    /// A few harmless instructions for a jump to skip.
    fn filler(&mut self) {
        for _ in 0..self.rng.below(4) {
            let (rd, rs1, rs2) = (self.destination(), self.source(), self.source());
            let op = self.rng.pick(&[Op::Add, Op::Xor, Op::Sub]);
            self.asm.r(op, rd, rs1, rs2);
        }
    }

    fn branch(&mut self, op: Op, rs1: u8, rs2: u8) {
        let target = self.asm.label();
        let rs2 = if self.rng.chance(20) { rs1 } else { rs2 };
        self.asm.branch(op, rs1, rs2, target);
        self.filler();
        self.asm.bind(target);
    }

    fn jump(&mut self, rd: u8) {
        let target = self.asm.label();
        self.asm.jal(rd, target);
        self.filler();
        self.asm.bind(target);
    }

    /// A call forward and back again, through a link register with an odd bit now and then.
    fn jump_register(&mut self, rd: u8) {
        let (function, after) = (self.asm.label(), self.asm.label());
        self.asm.jal(RA, function).jal(ZERO, after);
        self.asm.bind(function);
        self.filler_keeping_ra();
        let odd = self.rng.below(2) as i64;
        let offset = self.rng.between(-1023, 1023) * 2;
        self.asm.i(Op::Addi, RA, RA, -offset).i(Op::Jalr, rd, RA, offset + odd);
        self.asm.bind(after);
    }

    fn filler_keeping_ra(&mut self) {
        for _ in 0..self.rng.below(3) {
            let (rs1, rs2) = (self.source(), self.source());
            self.asm.r(Op::Add, SP, rs1, rs2);
        }
    }

    /// Writes all registers and a digest of the data, and exits with some bits of the digest.
    fn epilogue(&mut self) {
        self.asm.li(SCRATCH, OUTPUT_BASE + 8);
        for register in 1..32 {
            self.asm.store(Op::Sd, register, 8 * (i64::from(register) - 1), SCRATCH);
        }
        let (asm, hash) = (&mut self.asm, T0);
        asm.li(hash, 0xcbf2_9ce4_8422_2325);
        if self.mix.digest {
            digest_data(asm, hash, self.mix.data_bytes + 2 * MARGIN);
        }
        asm.store(Op::Sd, hash, 8 * 31, SCRATCH);
        asm.i(Op::Srli, ROUNDS, hash, 56).i(Op::Addi, SCRATCH, SCRATCH, 8 * 32);
        asm.write_output(SCRATCH).i(Op::Addi, A0, ROUNDS, 0).exit_a0();
    }

    /// Contents for the first half of the data; the rest is zero.
    fn data(&mut self) -> Vec<u8> {
        let words = self.mix.data_bytes / 16;
        (0..words).flat_map(|_| self.value().to_le_bytes()).collect()
    }
}

/// Folds `bytes` bytes of data into `hash`. Uses a0, a1, t1 and the data register.
fn digest_data(asm: &mut Assembler, hash: u8, bytes: u64) {
    let (end, word, prime) = (A0, A1, T1);
    asm.li(DATA, DATA_BASE).li(end, DATA_BASE + bytes).li(prime, 0x0100_0000_01b3);
    let again = asm.here_label();
    asm.load(Op::Ld, word, 0, DATA).r(Op::Xor, hash, hash, word).r(Op::Mul, hash, hash, prime);
    asm.i(Op::Addi, DATA, DATA, 8).branch(Op::Bltu, DATA, end, again);
}
