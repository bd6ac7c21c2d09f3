//! Events for the prover: one [`Step`] per retired instruction.

use crate::isa::Instr;

/// The `next_index` of the halting instruction: no program has that many slots.
pub const HALT_INDEX: u32 = u32::MAX;

/// One 8-byte word touched by an access, before and after it (equal for loads).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordAccess {
    /// Word index, address / 8, below 2^29.
    pub word: u32,
    /// Value before the instruction.
    pub before: u64,
    /// Value after the instruction.
    pub after: u64,
}

/// The memory access of one load or store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemAccess {
    /// Byte address, any alignment.
    pub addr: u64,
    /// Bytes accessed: 1, 2, 4 or 8.
    pub size: u8,
    /// The words touched, lower address first; only the first `count` are meaningful.
    pub words: [WordAccess; 2],
    /// 1, or 2 when the access crosses into the next word.
    pub count: u8,
}

impl MemAccess {
    /// The words touched, lower address first.
    #[must_use]
    pub fn touched(&self) -> &[WordAccess] {
        &self.words[..usize::from(self.count)]
    }
}

/// One retired instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Slot of the instruction: (pc - text base) / 4.
    pub index: u32,
    /// Slot of the next instruction; [`HALT_INDEX`] for the halting `ecall`. It may lie outside
    /// the text only when execution runs off its end, and then the next step traps.
    pub next_index: u32,
    /// The instruction.
    pub instr: Instr,
    /// Value of register `instr.rs1` before the instruction.
    pub rs1: u64,
    /// Value of register `instr.rs2` before the instruction.
    pub rs2: u64,
    /// Value written to `instr.rd`; 0 when nothing is written (no destination, or x0).
    pub rd: u64,
    /// The memory access of a load or store.
    pub mem: Option<MemAccess>,
}

/// Receives every retired instruction, in order. Execution is compiled once per observer type.
pub trait Observer {
    /// `false` lets the machine leave out all event building.
    const ENABLED: bool = true;

    /// Called after each retired instruction.
    fn step(&mut self, step: &Step);

    /// Called after each retired instruction with its slot, whether or not events are built.
    #[inline(always)]
    fn retired(&mut self, _index: u32) {}

    /// Called before the [`Self::step`] of an `ecall` that asked for an accelerator, with the words
    /// that it replaced, lowest address first.
    fn replaced(&mut self, _words: &[WordAccess]) {}
}

/// Observes nothing, at no cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    const ENABLED: bool = false;

    #[inline(always)]
    fn step(&mut self, _: &Step) {}
}

impl<F: FnMut(&Step)> Observer for F {
    #[inline(always)]
    fn step(&mut self, step: &Step) {
        self(step);
    }
}
