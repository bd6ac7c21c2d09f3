//! Small loops for measuring speed, one for each kind of work.

use super::asm::Assembler;
use super::program::{DATA_BASE, TEXT_BASE, TestProgram};
use super::reg::{A0, A1, A2, A3, A4, A5, RA, S0, S1, SP, T0, T1, T2, ZERO};
use crate::isa::Op;

const DATA_BYTES: u64 = 1 << 20;
const DATA_MASK: u64 = DATA_BYTES / 2 - 8;

/// Emits one round of a loop, given the assembler.
type Body = fn(&mut Assembler);

/// Name and body of every workload. Bodies leave s0, the loop counter, alone; they find
/// the data's address in sp, [`DATA_MASK`] in s1, and odd values in a0 to a5.
const BODIES: [(&str, Body); 6] = [
    ("fibonacci", fibonacci),
    ("rotate-xor-add", rotate_xor_add),
    ("memory", memory),
    ("calls and branches", calls),
    ("multiply and divide", multiply_divide),
    ("misaligned", misaligned),
];

/// All workloads, each looping `rounds` times.
#[must_use]
pub fn workloads(rounds: u64) -> Vec<TestProgram> {
    BODIES.iter().map(|&(name, body)| workload(name, body, rounds)).collect()
}

fn workload(name: &str, body: Body, rounds: u64) -> TestProgram {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(S0, rounds).li(S1, DATA_MASK).li(SP, DATA_BASE);
    for (register, value) in [A0, A1, A2, A3, A4, A5].into_iter().zip(0x1357..) {
        asm.li(register, value | 1);
    }
    let again = asm.here_label();
    body(&mut asm);
    asm.i(Op::Addi, S0, S0, -1).branch(Op::Bne, S0, ZERO, again).exit(0);
    TestProgram::new(name, asm, DATA_BYTES)
}

fn fibonacci(asm: &mut Assembler) {
    asm.r(Op::Add, A2, A0, A1).i(Op::Addi, A0, A1, 0).i(Op::Addi, A1, A2, 0);
}

/// What hash functions do most.
fn rotate_xor_add(asm: &mut Assembler) {
    for (a, b) in [(A0, A1), (A2, A3), (A4, A5)] {
        asm.i(Op::Slliw, T0, a, 7).i(Op::Srliw, T1, a, 25).r(Op::Or, T0, T0, T1);
        asm.r(Op::Xor, T0, T0, b).r(Op::And, T1, a, b).r(Op::Addw, a, T0, T1);
    }
}

/// Loads and stores all over half a MiB, in the sizes that compilers emit most.
fn memory(asm: &mut Assembler) {
    asm.r(Op::Mul, A0, A0, A1).i(Op::Srli, T0, A0, 23).r(Op::And, T0, T0, S1);
    asm.r(Op::Add, T0, T0, SP);
    asm.load(Op::Ld, T1, 0, T0).load(Op::Lwu, T2, 8, T0).load(Op::Lbu, A2, 17, T0);
    asm.r(Op::Add, T1, T1, T2).r(Op::Xor, T1, T1, A2);
    asm.store(Op::Sd, T1, 8, T0).store(Op::Sw, A0, 4, T0).store(Op::Sb, A2, 0, T0);
}

/// A call, a return, and two branches that depend on bits that look random.
fn calls(asm: &mut Assembler) {
    let (function, after, odd, join) = (asm.label(), asm.label(), asm.label(), asm.label());
    asm.jal(RA, function).jal(ZERO, after);
    asm.bind(function).r(Op::Mul, A0, A0, A1).i(Op::Srli, T0, A0, 40).i(Op::Andi, T0, T0, 1);
    asm.i(Op::Jalr, ZERO, RA, 0).bind(after).branch(Op::Bne, T0, ZERO, odd);
    asm.i(Op::Addi, A2, A2, 3).jal(ZERO, join).bind(odd).i(Op::Addi, A3, A3, 5).bind(join);
    asm.r(Op::Slt, T1, A2, A3);
}

fn multiply_divide(asm: &mut Assembler) {
    asm.r(Op::Mul, A0, A0, A1).r(Op::Mulhu, T0, A0, A2).r(Op::Divu, T1, A0, A3);
    asm.r(Op::Remw, T2, T0, A4).r(Op::Xor, A2, A2, T1).r(Op::Add, A2, A2, T2);
}

/// Accesses that cross words.
fn misaligned(asm: &mut Assembler) {
    asm.r(Op::Mul, A0, A0, A1).i(Op::Srli, T0, A0, 23).r(Op::And, T0, T0, S1);
    asm.r(Op::Add, T0, T0, SP).load(Op::Ld, T1, 5, T0).load(Op::Lhu, T2, 7, T0);
    asm.r(Op::Add, T1, T1, T2).store(Op::Sd, T1, 11, T0);
}
