//! Why an execution ended without a result.

use core::fmt;

use crate::accelerator::Accelerator;
use crate::isa::Instr;

/// The reason an execution cannot go on. Everything except the limits is a property of program and
/// input, so it is the same on every machine; no proof exists for such an execution.
///
/// [`Display`](fmt::Display) says what happened, where, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trap {
    /// The slot at `pc` holds no RV64IM instruction.
    IllegalInstruction {
        /// Address of the slot.
        pc: u64,
        /// The undecodable 32 bits.
        word: u32,
    },
    /// Control reached an address without executable code.
    FetchOutOfText {
        /// The address without code.
        pc: u64,
        /// The jump or branch that led there; `None` when execution ran on into it.
        from: Option<u64>,
    },
    /// A jump or branch to an address that is not a multiple of 4.
    FetchMisaligned {
        /// The target address.
        pc: u64,
        /// Address of the jump or branch.
        from: u64,
    },
    /// A load touched a byte outside the memory map.
    UnmappedLoad {
        /// Address of the load.
        pc: u64,
        /// The load.
        instr: Instr,
        /// Address accessed.
        addr: u64,
    },
    /// A store touched a byte outside the memory map.
    UnmappedStore {
        /// Address of the store.
        pc: u64,
        /// The store.
        instr: Instr,
        /// Address accessed.
        addr: u64,
    },
    /// A store touched a mapped byte of text, rodata or input.
    StoreToReadOnly {
        /// Address of the store.
        pc: u64,
        /// The store.
        instr: Instr,
        /// Address accessed.
        addr: u64,
    },
    /// An access to the program's stack below the start of RAM, where no store has a proof: the stack
    /// has outgrown its place. See [`Machine`](crate::Machine) for when an access counts as such.
    StackOverflow {
        /// Address of the load, the store or the `ecall`.
        pc: u64,
        /// Address accessed.
        addr: u64,
        /// x2, the stack pointer.
        sp: u64,
        /// [`Program::writable_start`](crate::Program::writable_start).
        writable_start: u64,
    },
    /// An `ecall` with a number other than 64 (write), 93 (exit) and those of the accelerators.
    UnknownEcall {
        /// Address of the `ecall`.
        pc: u64,
        /// The call number.
        a7: u64,
    },
    /// An accelerator's words are not all writable memory, or do not begin at a multiple of 8.
    AcceleratorMemory {
        /// Address of the `ecall`.
        pc: u64,
        /// What was asked for.
        accelerator: Accelerator,
        /// a0, the address of the words.
        addr: u64,
    },
    /// An `ebreak`, usually from an abort or a compiler's "unreachable".
    Breakpoint {
        /// Address of the `ebreak`.
        pc: u64,
    },
    /// `limit` instructions were retired and the program has not halted.
    CycleLimit {
        /// Address of the next instruction.
        pc: u64,
        /// [`Limits::max_cycles`](crate::Limits::max_cycles).
        limit: u64,
    },
    /// An access to a further page would pass the memory limit.
    MemoryLimit {
        /// Address of the load or store.
        pc: u64,
        /// Address accessed.
        addr: u64,
        /// [`Limits::max_memory_bytes`](crate::Limits::max_memory_bytes).
        limit: u64,
    },
    /// At the halt, the output region's length word is above the limit.
    OutputTooLong {
        /// The length word.
        len: u64,
        /// Most bytes allowed.
        limit: u64,
    },
    /// At the halt, the output's last word has bytes other than zero after the output's end. A
    /// proof shows whole words, so such a run could not be proven.
    OutputPadding {
        /// The length word.
        len: u64,
    },
    /// The input does not fit; nothing was executed.
    InputTooLong {
        /// Bytes of input.
        len: u64,
        /// Most bytes allowed.
        limit: u64,
    },
}

impl Trap {
    /// A stable name of the reason, for programs to compare.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::IllegalInstruction { .. } => "ILLEGAL_INSTRUCTION",
            Self::FetchOutOfText { .. } => "FETCH_OUT_OF_TEXT",
            Self::FetchMisaligned { .. } => "FETCH_MISALIGNED",
            Self::UnmappedLoad { .. } => "UNMAPPED_LOAD",
            Self::UnmappedStore { .. } => "UNMAPPED_STORE",
            Self::StoreToReadOnly { .. } => "STORE_TO_READ_ONLY",
            Self::StackOverflow { .. } => "STACK_OVERFLOW",
            Self::UnknownEcall { .. } => "UNKNOWN_ECALL",
            Self::AcceleratorMemory { .. } => "ACCELERATOR_MEMORY",
            Self::Breakpoint { .. } => "BREAKPOINT",
            Self::CycleLimit { .. } => "CYCLE_LIMIT",
            Self::MemoryLimit { .. } => "MEMORY_LIMIT",
            Self::OutputTooLong { .. } => "OUTPUT_TOO_LONG",
            Self::OutputPadding { .. } => "OUTPUT_PADDING",
            Self::InputTooLong { .. } => "INPUT_TOO_LONG",
        }
    }

    /// Address of the instruction at fault, where there is one.
    #[must_use]
    pub const fn pc(&self) -> Option<u64> {
        match *self {
            Self::IllegalInstruction { pc, .. }
            | Self::FetchOutOfText { pc, .. }
            | Self::FetchMisaligned { pc, .. }
            | Self::UnmappedLoad { pc, .. }
            | Self::UnmappedStore { pc, .. }
            | Self::StoreToReadOnly { pc, .. }
            | Self::StackOverflow { pc, .. }
            | Self::UnknownEcall { pc, .. }
            | Self::AcceleratorMemory { pc, .. }
            | Self::Breakpoint { pc }
            | Self::CycleLimit { pc, .. }
            | Self::MemoryLimit { pc, .. } => Some(pc),
            Self::OutputTooLong { .. } | Self::OutputPadding { .. } | Self::InputTooLong { .. } => None,
        }
    }
}

/// What kind of foreign encoding a word is, as far as that helps its author.
fn illegal_kind(word: u32) -> &'static str {
    match (word & 0x7f, word >> 12 & 7) {
        _ if word == 0 => "the all-zero word, data rather than code",
        _ if word & 3 != 3 => "a compressed (RVC) encoding: build for rv64im without c",
        (0x73, 1..) => "a CSR access: the machine has no CSRs",
        (0x0f, 1) => "fence.i: text is never writable",
        (0x2f, _) => "an atomic: build for rv64im without a",
        (0x07 | 0x27 | 0x43 | 0x47 | 0x4b | 0x4f | 0x53, _) => "floating point: build for rv64im with soft float",
        _ => "no RV64IM encoding",
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::IllegalInstruction { pc, word } => {
                let kind = illegal_kind(word);
                write!(f, "illegal instruction {word:#010x} at pc {pc:#x} ({kind})")
            }
            Self::FetchOutOfText { pc, from: Some(from) } => {
                write!(f, "jump at pc {from:#x} leaves the text: no code at {pc:#x}")
            }
            Self::FetchOutOfText { pc, from: None } => {
                write!(f, "execution ran past the text: no code at pc {pc:#x}")
            }
            Self::FetchMisaligned { pc, from } => {
                write!(f, "jump at pc {from:#x} to {pc:#x}, which is no multiple of 4")
            }
            Self::UnmappedLoad { pc, instr, addr } => {
                write!(f, "load from unmapped address {addr:#x} at pc {pc:#x} ({instr})")
            }
            Self::UnmappedStore { pc, instr, addr } => {
                write!(f, "store to unmapped address {addr:#x} at pc {pc:#x} ({instr})")
            }
            Self::StoreToReadOnly { pc, instr, addr } => {
                write!(f, "store to read-only address {addr:#x} at pc {pc:#x} ({instr})")
            }
            Self::StackOverflow { pc, addr, sp, writable_start } => write!(
                f,
                "stack overflow: access to {addr:#x} at pc {pc:#x} with the stack pointer at {sp:#x}, below the \
                 writable memory from {writable_start:#x} on: the program recurses too deeply or has too large \
                 local variables for its stack"
            ),
            Self::UnknownEcall { pc, a7 } => {
                write!(f, "unknown ecall {a7} at pc {pc:#x}: only 64 (write), 93 (exit)")?;
                for accelerator in Accelerator::ALL {
                    write!(f, ", {} ({accelerator:?})", accelerator.call())?;
                }
                f.write_str(" exist")
            }
            Self::AcceleratorMemory { pc, accelerator, addr } => write!(
                f,
                "{accelerator:?} at pc {pc:#x} needs {} writable bytes at a multiple of 8, not at \
                 {addr:#x}",
                8 * accelerator.words()
            ),
            Self::Breakpoint { pc } => write!(f, "ebreak at pc {pc:#x}: the program aborted"),
            Self::CycleLimit { pc, limit } => {
                write!(f, "no halt within the limit of {limit} cycles, stopped at pc {pc:#x}")
            }
            Self::MemoryLimit { pc, addr, limit } => {
                write!(f, "access to {addr:#x} at pc {pc:#x} would touch more than the limit of {limit} bytes")
            }
            Self::OutputTooLong { len, limit } => {
                write!(f, "the output is {len} bytes long, the limit is {limit}")
            }
            Self::OutputPadding { len } => write!(
                f,
                "the output ends after {len} bytes, but the bytes that follow in its last 8-byte \
                 word are not zero: clear them before halting"
            ),
            Self::InputTooLong { len, limit } => {
                write!(f, "the input is {len} bytes long, the limit is {limit}")
            }
        }
    }
}

impl core::error::Error for Trap {}
