//! Directed programs: each walks the edge cases of one operation or one feature and writes every
//! single result to the output.

mod arithmetic;
mod control;
mod memory;

use super::asm::Assembler;
use super::program::{DATA_BASE, TEXT_BASE, TestProgram};
use super::reg::S11;
use crate::isa::Op;
use crate::map::OUTPUT_BASE;

/// All directed programs; names are unique.
#[must_use]
pub fn directed_programs() -> Vec<TestProgram> {
    let mut programs = arithmetic::programs();
    programs.extend(memory::programs());
    programs.extend(control::programs());
    programs
}

/// Bytes at [`DATA_BASE`] of every directed program.
const DATA_BYTES: u64 = 4 * 4096;

/// Next free address of the output; no directed program uses it otherwise.
const OUT: u8 = S11;

/// An assembler that collects results.
struct Case {
    asm: Assembler,
}

impl Case {
    fn new() -> Self {
        Self::after(Assembler::new(TEXT_BASE))
    }

    /// Continues a text that has begun otherwise.
    fn after(mut asm: Assembler) -> Self {
        asm.li(OUT, OUTPUT_BASE + 8);
        Self { asm }
    }

    /// Appends a register to the output.
    fn put(&mut self, register: u8) -> &mut Self {
        self.asm.store(Op::Sd, register, 0, OUT).i(Op::Addi, OUT, OUT, 8);
        self
    }

    fn finish(self, name: impl Into<String>) -> TestProgram {
        self.finish_with(name, 0)
    }

    fn finish_with(mut self, name: impl Into<String>, exit_code: u64) -> TestProgram {
        self.asm.write_output(OUT).exit(exit_code);
        TestProgram::new(name, self.asm, DATA_BYTES)
    }

    /// As [`Self::finish`], with initial data.
    fn finish_on(self, name: impl Into<String>, words: &[u64]) -> TestProgram {
        let mut program = self.finish(name);
        program.data = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        program
    }
}

/// Address of word `position` of the data.
fn data(position: u64) -> u64 {
    DATA_BASE + 8 * position
}
