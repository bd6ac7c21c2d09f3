//! Programs that call accelerators.

use super::asm::Assembler;
use super::program::{DATA_BASE, TEXT_BASE, TestProgram};
use super::reg::{A0, A1, A7, S0, SP};
use crate::accelerator::Accelerator;
use crate::isa::Op;
use crate::map::OUTPUT_BASE;

/// Where the words of the calls begin, unless a distance is added.
pub const CALL_WORDS: u64 = DATA_BASE + 64;

/// Five calls of an accelerator, on words that are looked at before, between and after them. The first
/// two are at `distance` from the others. The output is the first word of the last call.
#[must_use]
pub fn accelerator_calls(accelerator: Accelerator, distance: i64) -> TestProgram {
    let mut asm = Assembler::new(TEXT_BASE);
    let last = 8 * (accelerator.words() as i64 - 1);
    asm.li(SP, CALL_WORDS).li(S0, OUTPUT_BASE);
    asm.load(Op::Ld, A1, last, SP).li(A7, accelerator.call());
    for _ in 0..2 {
        asm.i(Op::Addi, A0, SP, distance).ecall();
        asm.load(Op::Ld, A1, 0, SP).i(Op::Addi, A1, A1, 1).store(Op::Sd, A1, 8, SP);
    }
    asm.i(Op::Addi, A0, SP, 0).ecall().ecall().ecall();
    asm.load(Op::Ld, A1, 0, SP).store(Op::Sd, A1, 8, S0);
    asm.li(A1, 8).store(Op::Sd, A1, 0, S0).exit(0);
    let mut test = TestProgram::new(format!("{accelerator:?} at {distance}"), asm, 4096);
    test.data = (0..=255u8).map(|i| i.wrapping_mul(151) ^ 0x39).collect();
    test
}
