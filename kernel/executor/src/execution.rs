//! A whole execution in one call.

use crate::emulator::{Machine, SegmentEnd};
use crate::limits::Limits;
use crate::observer::{NoObserver, Observer};
use crate::program::Program;
use crate::trap::Trap;

/// What a halted execution shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// Retired instructions, the halting `ecall` included.
    pub cycles: u64,
    /// Segments, all but the last of them full.
    pub segments: u32,
    /// Low 32 bits of a0 at the halt; 0 means success by convention.
    pub exit_code: u32,
    /// The public output.
    pub output: Vec<u8>,
    /// Loads and stores whose address was no multiple of their size.
    pub misaligned_accesses: u64,
    /// Bytes of all pages touched by loads and stores.
    pub memory_bytes: u64,
}

/// Runs a program to its halt in segments of `segment_cycles` instructions.
///
/// # Errors
/// [`Trap`], if the program does not halt properly within the limits.
pub fn execute(program: &Program, input: &[u8], limits: Limits, segment_cycles: u64) -> Result<Execution, Trap> {
    execute_observed(program, input, limits, segment_cycles, &mut NoObserver)
}

/// [`execute`] with an observer of every instruction.
///
/// # Errors
/// [`Trap`], if the program does not halt properly within the limits.
pub fn execute_observed<O: Observer>(
    program: &Program,
    input: &[u8],
    limits: Limits,
    segment_cycles: u64,
    observer: &mut O,
) -> Result<Execution, Trap> {
    let mut machine = Machine::new(program, input, limits)?;
    loop {
        if let SegmentEnd::Halted { exit_code } = machine.run_segment(segment_cycles, observer)? {
            return Ok(Execution {
                cycles: machine.cycles(),
                segments: machine.segment(),
                exit_code,
                output: machine.output(),
                misaligned_accesses: machine.misaligned_accesses(),
                memory_bytes: machine.memory_bytes(),
            });
        }
    }
}
