//! Calls, halt, traps, and what can be asked of a machine.

use core::ops::Range;

use crate::accelerator::Accelerator;
use crate::emulator::{Machine, SegmentEnd, Stop};
use crate::isa::Instr;
use crate::map::{ADDRESS_SPACE_END, OUTPUT_BASE, OUTPUT_MAX_BYTES, WORD_BYTES};
use crate::memory::{Fault, Touched, Unaligned};
use crate::observer::{HALT_INDEX, Observer};
use crate::program::Program;
use crate::trap::Trap;

/// Writes to a file descriptor under Linux. Here the output region already has the bytes.
const ECALL_WRITE: u64 = 64;
const ECALL_EXIT: u64 = 93;
const EBREAK: u32 = 0x0010_0073;
const SP: usize = 2;
const A0: usize = 10;
const A7: usize = 17;

impl<'p> Machine<'p> {
    /// The program.
    #[must_use]
    pub fn program(&self) -> &'p Program {
        self.initial.program()
    }

    /// x0 to x31.
    #[must_use]
    pub fn registers(&self) -> &[u64; 32] {
        &self.state.registers
    }

    /// Slot of the next instruction; [`HALT_INDEX`] after the halt.
    #[must_use]
    pub fn pc_index(&self) -> u32 {
        self.state.index
    }

    /// Instructions retired so far.
    #[must_use]
    pub fn cycles(&self) -> u64 {
        self.state.cycles
    }

    /// Number of the segment begun last, from 1; 0 before the first.
    #[must_use]
    pub fn segment(&self) -> u32 {
        self.state.segment
    }

    /// Exit code, once halted.
    #[must_use]
    pub fn exit_code(&self) -> Option<u32> {
        self.state.exit_code
    }

    /// Loads and stores so far whose address was no multiple of their size.
    #[must_use]
    pub fn misaligned_accesses(&self) -> u64 {
        self.memory.misaligned()
    }

    /// Loads and stores since this machine was made that reached into two words.
    #[must_use]
    pub fn unaligned_accesses(&self) -> Unaligned {
        self.memory.unaligned()
    }

    /// Bytes of all pages touched by loads and stores so far.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        self.memory.touched_bytes()
    }

    /// What was touched since this was asked last, or since the start. Asked after each segment, the
    /// periods are those of the segment.
    pub fn take_touched(&mut self) -> Touched {
        self.memory.take_touched()
    }

    /// Words touched ever, up to when [`Self::take_touched`] was called last.
    #[must_use]
    pub fn touched_words(&self) -> u64 {
        self.memory.touched_words()
    }

    /// Whether any word (address / 8) of a range was ever touched. [`Self::restore`] forgets.
    #[must_use]
    pub fn is_any_touched(&self, words: Range<u32>) -> bool {
        self.memory.is_any_touched(words)
    }

    /// Whether a word (address / 8) was ever touched. [`Self::restore`] forgets.
    #[must_use]
    pub fn is_touched(&self, word: u32) -> bool {
        self.memory.is_touched(word)
    }

    /// Calls of an accelerator so far.
    #[must_use]
    pub fn calls(&self, accelerator: Accelerator) -> u64 {
        self.state.calls[accelerator as usize]
    }

    /// Current value of the 8-byte word that contains an address; `None` if it is not mapped.
    /// Reading touches nothing.
    #[must_use]
    pub fn read_word(&self, addr: u64) -> Option<u64> {
        let word = (addr < ADDRESS_SPACE_END).then_some(addr / WORD_BYTES)?;
        self.memory.peek(word as u32)
    }

    /// The public output as of now: as many bytes as the output region's length word says, at most
    /// as many as the limits allow.
    #[must_use]
    pub fn output(&self) -> Vec<u8> {
        let len = self.output_len().min(self.output_limit());
        let words = (0..len.div_ceil(WORD_BYTES)).map(|position| {
            let addr = OUTPUT_BASE + WORD_BYTES * (1 + position);
            self.read_word(addr).unwrap_or(0).to_le_bytes()
        });
        let mut bytes: Vec<u8> = words.flatten().collect();
        bytes.truncate(len as usize);
        bytes
    }

    fn output_len(&self) -> u64 {
        self.read_word(OUTPUT_BASE).unwrap_or(0)
    }

    fn output_limit(&self) -> u64 {
        self.limits.max_output_bytes.min(OUTPUT_MAX_BYTES)
    }

    /// Where an `ecall` with number `a7` leads; `next` is the following slot.
    pub(crate) fn ecall<O: Observer>(&mut self, a7: u64, next: u32, observer: &mut O) -> Result<u32, Stop> {
        match (a7, Accelerator::of_call(a7)) {
            (ECALL_WRITE, _) => Ok(next),
            (ECALL_EXIT, _) => self.check_output().map(|()| HALT_INDEX),
            (_, Some(accelerator)) => self.accelerate(accelerator, observer).map(|()| next),
            _ => Err(Stop::Ecall),
        }
    }

    fn accelerate<O: Observer>(&mut self, accelerator: Accelerator, observer: &mut O) -> Result<(), Stop> {
        let addr = self.state.registers[A0];
        let touched = self.memory.replace(addr, accelerator.words(), |words| accelerator.apply(words));
        let touched = touched.map_err(|fault| Stop::Accelerator(accelerator, fault))?;
        self.state.calls[accelerator as usize] += 1;
        if O::ENABLED {
            observer.replaced(&touched);
        }
        Ok(())
    }

    /// A halt shows whole words: the output's last word must be zero after its last byte.
    fn check_output(&self) -> Result<(), Stop> {
        let len = self.output_len();
        if len > self.output_limit() {
            return Err(Stop::OutputTooLong { len });
        }
        let beyond = len % WORD_BYTES;
        let addr = OUTPUT_BASE + WORD_BYTES * (1 + len / WORD_BYTES);
        if beyond > 0 && self.read_word(addr).unwrap_or(0) >> (8 * beyond) != 0 {
            return Err(Stop::OutputPadding { len });
        }
        Ok(())
    }

    pub(crate) fn halt(&mut self) -> SegmentEnd {
        let exit_code = self.state.registers[A0] as u32;
        self.state.exit_code = Some(exit_code);
        SegmentEnd::Halted { exit_code }
    }

    /// Address of the next instruction.
    pub(crate) fn pc(&self) -> u64 {
        self.program().pc(self.state.index)
    }

    /// Why `instr`, the next instruction, was not retired.
    #[cold]
    pub(crate) fn stop_trap(&self, stop: Stop, instr: Instr) -> Trap {
        let pc = self.pc();
        match stop {
            Stop::Access(fault) => self.access_trap(fault, instr),
            Stop::Jump { position } => {
                let target = self.program().text_base().wrapping_add(position);
                match position % 4 {
                    0 => Trap::FetchOutOfText { pc: target, from: Some(pc) },
                    _ => Trap::FetchMisaligned { pc: target, from: pc },
                }
            }
            Stop::Ecall => Trap::UnknownEcall { pc, a7: self.state.registers[A7] },
            Stop::Accelerator(accelerator, fault) => self.accelerator_trap(accelerator, fault),
            Stop::OutputTooLong { len } => Trap::OutputTooLong { len, limit: self.output_limit() },
            Stop::OutputPadding { len } => Trap::OutputPadding { len },
        }
    }

    fn access_trap(&self, fault: Fault, instr: Instr) -> Trap {
        let pc = self.pc();
        let base = self.state.registers[usize::from(instr.rs1)];
        let addr = base.wrapping_add(instr.imm as u64);
        if fault != Fault::MemoryLimit
            && let Some(overflow) = self.stack_overflow(addr)
        {
            return overflow;
        }
        match fault {
            Fault::Unmapped if instr.op.has_rd() => Trap::UnmappedLoad { pc, instr, addr },
            Fault::Unmapped => Trap::UnmappedStore { pc, instr, addr },
            Fault::ReadOnly => Trap::StoreToReadOnly { pc, instr, addr },
            Fault::MemoryLimit => Trap::MemoryLimit { pc, addr, limit: self.limits.max_memory_bytes },
        }
    }

    fn accelerator_trap(&self, accelerator: Accelerator, fault: Fault) -> Trap {
        let (pc, addr) = (self.pc(), self.state.registers[A0]);
        if fault == Fault::MemoryLimit {
            let limit = self.limits.max_memory_bytes;
            return Trap::MemoryLimit { pc, addr, limit };
        }
        let aligned = addr.is_multiple_of(WORD_BYTES);
        let overflow = aligned.then(|| self.stack_overflow(addr)).flatten();
        overflow.unwrap_or(Trap::AcceleratorMemory { pc, accelerator, addr })
    }

    /// Whether an access that cannot be done was one to the stack, which has left RAM at its lower end.
    ///
    /// Compilers keep everything of a frame at or above the stack pointer. So it was one if the stack
    /// pointer lies below the start of RAM and the address between the two. A stack pointer above RAM's
    /// start says nothing about a wild pointer, nor does a wild pointer to below the stack. The stack
    /// pointer of a program that never had a stack counts down from zero. A frame of more than the
    /// whole address space takes that of another far below zero: distances are compared, not addresses.
    fn stack_overflow(&self, addr: u64) -> Option<Trap> {
        let (pc, sp) = (self.pc(), self.state.registers[SP]);
        let writable_start = self.program().writable_start();
        let depth = writable_start.wrapping_sub(sp);
        let never_set = sp.wrapping_neg() < ADDRESS_SPACE_END;
        let is_below = !never_set && (depth as i64) > 0;
        (is_below && addr.wrapping_sub(sp) < depth).then_some(Trap::StackOverflow { pc, addr, sp, writable_start })
    }

    /// Why the next slot cannot be executed.
    #[cold]
    pub(crate) fn fetch_trap(&self) -> Trap {
        let pc = self.pc();
        match self.program().text_word(self.state.index) {
            None => Trap::FetchOutOfText { pc, from: None },
            Some(EBREAK) => Trap::Breakpoint { pc },
            Some(word) => Trap::IllegalInstruction { pc, word },
        }
    }
}
