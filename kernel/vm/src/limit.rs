//! What the proof system admits, and what is over it.

use std::fmt;

use proofloom_executor::Accelerator;

use crate::accelerators::table;
use crate::layout::{LOG_MAX_HEIGHT, MAX_SEGMENTS};
use crate::memory::{MAX_BYTES, log_max_height};
use crate::tables::{VmTable, keccak, sha256};

/// Rows that the highest table has.
pub const MAX_ROWS: u64 = 1 << LOG_MAX_HEIGHT;
/// Rows that the boundary has for registers.
pub const REGISTER_ROWS: u64 = 32;

/// Something of which a proof has only so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Segments of a run.
    Segments,
    /// Words of memory that a run touches, those of program file and output included.
    Words,
    /// Calls of an accelerator in one segment.
    Calls(Accelerator),
    /// Renewed stamps in one segment: of words that were not accessed for long.
    Renewals,
    /// Tokens that go from segment to segment.
    Tokens,
    /// Rows of a table.
    Rows(&'static str),
    /// Bytes of memory that the kernel needs: for a segment, or for the boundary.
    Memory,
}

impl Limit {
    /// The most that is admitted.
    pub fn allowed(self) -> u64 {
        match self {
            Self::Segments => u64::from(MAX_SEGMENTS),
            Self::Words => MAX_ROWS - REGISTER_ROWS,
            Self::Calls(accelerator) => (1 << log_max_height(table(accelerator))) / call_rows(accelerator),
            Self::Renewals | Self::Rows(_) => MAX_ROWS,
            Self::Memory => MAX_BYTES,
            Self::Tokens => crate::verifier::MAX_TOKENS,
        }
    }

    /// A stable name, for programs to compare.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Segments => "segments",
            Self::Words => "memory_words",
            Self::Calls(Accelerator::KeccakF) => "keccak_calls_per_segment",
            Self::Calls(Accelerator::Sha256) => "sha256_calls_per_segment",
            Self::Renewals => "renewals_per_segment",
            Self::Tokens => "cross_segment_tokens",
            Self::Rows(_) => "table_rows",
            Self::Memory => "kernel_memory_bytes",
        }
    }
}

/// Rows of one call of an accelerator.
pub const fn call_rows(accelerator: Accelerator) -> u64 {
    match table(accelerator) {
        VmTable::Keccak => keccak::ROUNDS as u64,
        _ => sha256::ROUNDS as u64,
    }
}

/// A run, or a part of it, that is too large to be proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverLimit {
    pub limit: Limit,
    /// The segment that has too much, where the limit is one of a segment.
    pub segment: Option<u32>,
    pub value: u64,
}

impl OverLimit {
    /// `value`, if it is over the limit.
    pub fn check(limit: Limit, segment: Option<u32>, value: u64) -> Result<(), Self> {
        if value <= limit.allowed() {
            return Ok(());
        }
        Err(Self { limit, segment, value })
    }
}

impl fmt::Display for OverLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MIB_WORDS: u64 = 1 << 17;
        let (value, allowed) = (self.value, self.limit.allowed());
        if let Some(segment) = self.segment {
            write!(f, "segment {segment}: ")?;
        }
        match self.limit {
            Limit::Segments => {
                write!(f, "the run has {value} segments, a proof has at most {allowed}: use more cycles per segment")
            }
            Limit::Words => write!(
                f,
                "the run needs {value} words of memory ({:.1} MiB; touched words, program file and output), at \
                 most {allowed} ({} MiB) can be proven: touch less memory, or read less of the input",
                value as f64 / MIB_WORDS as f64,
                MAX_ROWS / MIB_WORDS
            ),
            Limit::Calls(accelerator) => write!(
                f,
                "{value} calls of {accelerator:?}, a segment holds at most {allowed}: use fewer cycles per segment"
            ),
            Limit::Renewals => write!(
                f,
                "up to {value} accesses to memory that was not accessed for long, a segment holds at most \
                 {allowed}: use fewer cycles per segment"
            ),
            Limit::Tokens => write!(
                f,
                "the segments touch {value} words in all, a proof holds at most {allowed}: use more cycles per \
                 segment, or touch less memory"
            ),
            Limit::Memory => {
                const MIB: u64 = 1 << 20;
                let (part, remedy) = match self.segment {
                    Some(_) => ("its proof", "use fewer cycles per segment"),
                    None => ("the proof of first and last memory", "touch less memory, or read less of the input"),
                };
                write!(
                    f,
                    "{part} takes up to {value} bytes of memory ({} MiB), the kernel has at most {allowed} ({} MiB): \
                     {remedy}",
                    value.div_ceil(MIB),
                    allowed / MIB
                )
            }
            Limit::Rows(table) => write!(f, "table {table} has {value} rows, at most {allowed} can be proven"),
        }
    }
}

impl std::error::Error for OverLimit {}
