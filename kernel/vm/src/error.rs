//! Everything that can go wrong, with a stable code for each kind.

use proofloom_executor::{ElfError, Trap};
use proofloom_stark::{DecodeError, ProveError, StarkError, TraceError};
use thiserror::Error;

use crate::limit::{Limit, OverLimit};
use crate::plan::Unprovable;

/// Why a proof was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum VerifyError {
    #[error("not a proof: {reason}")]
    Malformed { reason: String },
    #[error("proof format version {got}, this verifier knows version {expected}")]
    Version { expected: u16, got: u16 },
    #[error(
        "the proof was made by {} kernel: it is about revision {got} of the tables, this verifier knows revision \
         {expected}; verify it with a release whose `proofloom kernel info` shows tables revision {got}, or prove the \
         program again with this one",
        if got < expected { "an earlier" } else { "a later" }
    )]
    Tables { expected: u16, got: u16 },
    #[error(
        "the proof is for another program: verifying key {got}, expected {expected} (a key's digest is also another \
         one in a kernel with other tables: take it from the program with this kernel)"
    )]
    Key { expected: String, got: String },
    #[error("{got} segments, expected {expected}")]
    SegmentCount { expected: String, got: String },
    #[error("segment {segment}: numbered {got}")]
    Number { segment: u32, got: u32 },
    #[error("segment {segment} starts at index {got}, expected {expected}")]
    ProgramCounter { segment: u32, expected: u32, got: u32 },
    #[error("segment {segment}: {what} is {got}, expected {expected}")]
    Public { segment: u32, what: &'static str, expected: String, got: String },
    #[error("segment {segment} {problem}")]
    Halt { segment: u32, problem: &'static str },
    #[error("the segments have {got} cycles in all, the statement says {expected}")]
    Cycles { expected: u64, got: u64 },
    #[error("exit code {got}, the statement says {expected}")]
    ExitCode { expected: u32, got: u32 },
    #[error("{part}: commitment {got}, expected {expected}")]
    Commitment { part: String, expected: String, got: String },
    #[error("{part}: height 2^{got} of the phase-one table, allowed are 2^{min} to 2^{max}")]
    Height { part: String, min: usize, max: usize, got: u8 },
    #[error("too many tokens on the cross-segment bus: {got}, the limit is {limit}")]
    TokenCount { limit: u64, got: u64 },
    #[error("{part}: {source}")]
    Stark { part: String, source: StarkError },
    #[error("the segments' memory does not fit together: the cross-segment sums do not cancel")]
    CrossSum,
}

impl VerifyError {
    /// Stable name of the kind of error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "MALFORMED_PROOF",
            Self::Version { .. } => "UNKNOWN_PROOF_VERSION",
            Self::Tables { .. } => "OTHER_TABLES",
            Self::Key { .. } => "WRONG_PROGRAM",
            Self::SegmentCount { .. } => "SEGMENT_COUNT",
            Self::Number { .. } => "SEGMENT_NUMBER",
            Self::ProgramCounter { .. } => "PROGRAM_COUNTER",
            Self::Public { .. } => "SEGMENT_PUBLICS",
            Self::Halt { .. } => "HALT",
            Self::Cycles { .. } => "CYCLES",
            Self::ExitCode { .. } => "EXIT_CODE",
            Self::Commitment { .. } => "COMMITMENT",
            Self::Height { .. } => "TABLE_HEIGHT",
            Self::TokenCount { .. } => "TOKEN_COUNT",
            Self::Stark { .. } => "INVALID_PROOF",
            Self::CrossSum => "CROSS_SEGMENT_SUM",
        }
    }
}

impl VerifyError {
    /// (expected, got), where the rule compares.
    pub fn compared(&self) -> Option<(String, String)> {
        let pair = |expected: &dyn ToString, got: &dyn ToString| Some((expected.to_string(), got.to_string()));
        match self {
            Self::Version { expected, got } | Self::Tables { expected, got } => pair(expected, got),
            Self::Key { expected, got }
            | Self::SegmentCount { expected, got }
            | Self::Public { expected, got, .. }
            | Self::Commitment { expected, got, .. } => pair(expected, got),
            Self::Number { segment, got } => pair(segment, got),
            Self::ProgramCounter { expected, got, .. } => pair(expected, got),
            Self::Cycles { expected, got } => pair(expected, got),
            Self::ExitCode { expected, got } => pair(expected, got),
            Self::Height { min, max, got, .. } => pair(&format!("2^{min} to 2^{max}"), &format!("2^{got}")),
            Self::TokenCount { limit, got } => pair(&format!("at most {limit}"), got),
            Self::Malformed { .. } | Self::Halt { .. } | Self::Stark { .. } | Self::CrossSum => None,
        }
    }
}

/// Why a kernel call failed.
#[derive(Clone, Debug, Error)]
pub enum KernelError {
    #[error("the program file cannot be used: {0}")]
    Elf(#[from] ElfError),
    #[error("{0}")]
    Trap(#[from] Trap),
    #[error("{0}")]
    Verify(#[from] VerifyError),
    #[error("{what}: {got}, allowed is {allowed}")]
    Argument { what: &'static str, allowed: String, got: String },
    #[error("{0}")]
    OverLimit(#[from] OverLimit),
    #[error("the run does not match the statement: {what} is {got}, the statement says {expected}")]
    StatementMismatch { what: &'static str, expected: String, got: String },
    #[error("the prover failed: {0}")]
    Prover(String),
}

impl KernelError {
    /// Stable name of the kind of error.
    pub fn code(&self) -> String {
        match self {
            Self::Elf(_) => "INVALID_PROGRAM".to_owned(),
            Self::Trap(trap) => trap.code().to_owned(),
            Self::Verify(error) => error.code().to_owned(),
            Self::Argument { .. } => "INVALID_ARGUMENT".to_owned(),
            Self::OverLimit(over) => over.limit.name().to_owned(),
            Self::StatementMismatch { .. } => "STATEMENT_MISMATCH".to_owned(),
            Self::Prover(_) => "PROVER_FAILED".to_owned(),
        }
    }
}

impl From<Unprovable> for KernelError {
    fn from(why: Unprovable) -> Self {
        match why {
            Unprovable::Stopped(stopped) => stopped.trap.into(),
            Unprovable::OverLimit(over) => over.into(),
        }
    }
}

impl From<TraceError> for KernelError {
    fn from(error: TraceError) -> Self {
        match error {
            TraceError::Height { table, got, max, .. } if got >> max > 1 => {
                let (limit, value) = (Limit::Rows(table), got as u64);
                OverLimit { limit, segment: None, value }.into()
            }
            _ => Self::Prover(error.to_string()),
        }
    }
}

impl From<ProveError> for KernelError {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::Trace(error) => error.into(),
            _ => Self::Prover(error.to_string()),
        }
    }
}

impl From<DecodeError> for VerifyError {
    fn from(error: DecodeError) -> Self {
        Self::Malformed { reason: error.to_string() }
    }
}
