//! Everything that can go wrong, with a stable code for each kind.

use proofloom_executor::Trap;
use proofloom_vm::{KernelError, OverLimit};
use proofloom_weave::{DecodeError, LayoutError, ProofError};
use thiserror::Error;

/// Why a part has no proof.
#[derive(Clone, Debug, Error)]
pub enum ProveError {
    #[error(transparent)]
    Run(#[from] KernelError),
    #[error(transparent)]
    OverLimit(#[from] OverLimit),
    #[error("columns do not fit their stack: {0}")]
    Layout(#[from] LayoutError),
    #[error("the run has no {0}")]
    NoSuchPart(String),
    #[error("the prover failed: {0}")]
    Prover(#[from] proofloom_weave_prover::ProveError),
}

impl From<Trap> for ProveError {
    fn from(trap: Trap) -> Self {
        Self::Run(trap.into())
    }
}

/// Bytes that are no proof of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PartError {
    #[error(transparent)]
    Malformed(#[from] DecodeError),
    #[error(transparent)]
    Proof(#[from] ProofError),
    #[error("{what} is {got}, allowed is {allowed}")]
    Number { what: &'static str, allowed: &'static str, got: u32 },
}

/// Why proofs were not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// Segments that do not make the run of the statement.
    #[error(transparent)]
    Run(#[from] proofloom_vm::VerifyError),
    #[error("{got} shards, expected {expected}")]
    ShardCount { expected: String, got: usize },
    #[error("shard {shard}: numbered {got}")]
    ShardNumber { shard: u32, got: u32 },
    #[error("shard {shard}: {what} is {got}, the shard before ends with {expected}")]
    ShardChain { shard: u32, what: &'static str, expected: String, got: String },
    #[error("{part}: the leaf is {got}, expected {expected}")]
    Leaf { part: String, expected: String, got: String },
    #[error("{part}: height 2^{got} of {table}, expected 2^{expected}")]
    Height { part: String, table: &'static str, expected: u8, got: u8 },
    #[error("{part}: {source}")]
    Proof { part: String, source: proofloom_weave::VerifyError },
}

impl VerifyError {
    /// Stable name of the kind of error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Run(error) => error.code(),
            Self::ShardCount { .. } => "SHARD_COUNT",
            Self::ShardNumber { .. } => "SHARD_NUMBER",
            Self::ShardChain { .. } => "SHARD_CHAIN",
            Self::Leaf { .. } => "COMMITMENT",
            Self::Height { .. } => "TABLE_HEIGHT",
            Self::Proof { .. } => "INVALID_PROOF",
        }
    }
}
