//! The RISC-V machine that proofs are about: RV64IM with misaligned accesses.
//!
//! [`load_elf`] checks an executable against the memory map ([`map`]) and decodes it;
//! [`execute`] runs it; [`Machine`] runs it segment by segment, with [`Snapshot`]s in between and
//! an [`Observer`] that receives every retired instruction as a [`Step`].
//!
//! Execution is deterministic: program, input and limits fix every event, on every target.
//!
//! ```
//! use proofloom_executor::testkit::{Assembler, TEXT_BASE, elf};
//! use proofloom_executor::{Limits, execute, load_elf};
//!
//! let mut asm = Assembler::new(TEXT_BASE);
//! asm.exit(7);
//! let program = load_elf(&elf(asm, 0))?;
//! let execution = execute(&program, b"input", Limits::default(), 1 << 18)?;
//! assert_eq!((execution.exit_code, execution.cycles, execution.segments), (7, 3, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod accelerator;
pub mod alu;
mod control;
mod decode;
mod elf;
mod emulator;
mod execution;
mod initial;
mod isa;
mod limits;
pub mod map;
mod memory;
mod observer;
mod program;
mod snapshot;
#[cfg(feature = "testkit")]
pub mod testkit;
mod trap;

pub use accelerator::Accelerator;
pub use decode::decode;
pub use elf::{ElfError, load_elf};
pub use emulator::{Machine, PERIOD_CYCLES, SegmentEnd};
pub use execution::{Execution, execute, execute_observed};
pub use initial::{InitialMemory, WordOrigin};
pub use isa::{Format, Instr, Op, REGISTER_NAMES};
pub use limits::Limits;
pub use memory::{PAGE_BYTES, Touched, Unaligned};
pub use observer::{HALT_INDEX, MemAccess, NoObserver, Observer, Step, WordAccess};
pub use program::{ImageInterval, Program};
pub use snapshot::{Snapshot, SnapshotMismatch};
pub use trap::Trap;
