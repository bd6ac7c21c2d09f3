//! Programs for tests: an assembler, an ELF writer, directed and random programs.
//!
//! Every program made here also runs unmodified under a user-mode RISC-V emulator of Linux
//! programs: output goes to the output region and, by the same bytes, through `ecall` 64.

mod asm;
mod calls;
pub mod directed;
mod elf_file;
mod encode;
pub mod oracle;
mod program;
mod random;
pub mod reg;
mod rng;
mod workload;

pub use asm::{Assembler, Label};
pub use calls::{CALL_WORDS, accelerator_calls};
pub use elf_file::{ElfFile, ElfSegment};
pub use encode::encode;
pub use program::{DATA_BASE, TEXT_BASE, TestProgram, elf};
pub use random::{Mix, random_program, random_program_with};
pub use rng::Rng;
pub use workload::workloads;
