//! The proof on the wire.

use p3_commit::Mmcs;
use p3_fri::BatchMultiOpening;
use proofloom_field::{Challenge, Digest, Val};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::config::FriProof;
use crate::merkle::ValMmcs;

/// Encoded proofs beyond this size are refused unread.
///
/// Decoding can take up to 24 times the memory of its input (a list of empty lists), so this bounds
/// what hostile bytes cost. Proofs of the widest machine at the largest heights stay far below.
pub const MAX_PROOF_BYTES: usize = 8 << 20;

/// Digests that lead from the rows of all queries to a root.
type Path = <ValMmcs as Mmcs<Val>>::MultiProof;

/// Values of one table's columns at the out-of-domain point and, where needed, at the next row.
///
/// A group the table does not have is empty. Of the next row, there are only the columns that the
/// table reads there, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableOpening {
    pub fixed: Vec<Challenge>,
    pub fixed_next: Vec<Challenge>,
    pub shared: Vec<Challenge>,
    pub shared_next: Vec<Challenge>,
    pub main: Vec<Challenge>,
    pub main_next: Vec<Challenge>,
    /// Base-field auxiliary columns: five per challenge-field column.
    pub aux: Vec<Challenge>,
    /// The accumulator: the first five.
    pub aux_next: Vec<Challenge>,
}

/// The rows that one commitment opens at the queries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RowOpenings {
    /// Rows of all its matrices side by side, query by query. Widths and count follow from the
    /// machine and the profile.
    #[serde(with = "crate::words")]
    pub rows: Vec<Val>,
    /// What leads from them to the root, for all of them together.
    pub path: Path,
}

/// One proof of a [`crate::Machine`].
#[derive(Clone, Serialize, Deserialize)]
pub struct StarkProof {
    /// log2 height per table.
    pub log_heights: Vec<u8>,
    pub main_root: Digest,
    /// Absent exactly when no table has interactions.
    pub aux_root: Option<Digest>,
    pub quotient_root: Digest,
    /// One per table with interactions, in table order: the sum of its fractions.
    pub terminals: Vec<Challenge>,
    /// One per table.
    pub openings: Vec<TableOpening>,
    /// Of the one quotient: five base-field columns per chunk.
    pub quotient: Vec<Vec<Challenge>>,
    /// FRI proof that the openings are right.
    pub fri: FriProof,
}

impl From<BatchMultiOpening<Val, ValMmcs>> for RowOpenings {
    fn from(opening: BatchMultiOpening<Val, ValMmcs>) -> Self {
        Self {
            rows: opening.opened_values.into_iter().flatten().flatten().collect(),
            path: opening.opening_proof,
        }
    }
}

impl std::fmt::Debug for StarkProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StarkProof")
            .field("log_heights", &self.log_heights)
            .field("main_root", &self.main_root)
            .finish_non_exhaustive()
    }
}

/// Bytes that are not a proof.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// Refused before reading.
    #[error("encoded proof has {got} bytes, the limit is {limit}")]
    TooLong { limit: usize, got: usize },
    /// Truncated, trailing bytes, a field element that is not reduced, or a length beyond the end.
    #[error("encoded proof is malformed: {reason}")]
    Malformed { reason: String },
}

impl StarkProof {
    /// Canonical bytes (BCS): every proof has exactly one encoding.
    ///
    /// # Errors
    /// [`DecodeError::Malformed`] if a list is longer than BCS allows, which no proof's is.
    pub fn encode(&self) -> Result<Vec<u8>, DecodeError> {
        bcs::to_bytes(self).map_err(|error| DecodeError::Malformed {
            reason: error.to_string(),
        })
    }

    /// Reads canonical bytes. Lengths are not yet checked against a machine: `verify` does.
    ///
    /// Memory stays below 24 times [`MAX_PROOF_BYTES`].
    ///
    /// # Errors
    /// [`DecodeError`] for anything but the output of [`StarkProof::encode`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > MAX_PROOF_BYTES {
            return Err(DecodeError::TooLong {
                limit: MAX_PROOF_BYTES,
                got: bytes.len(),
            });
        }
        bcs::from_bytes(bytes).map_err(|error| DecodeError::Malformed {
            reason: error.to_string(),
        })
    }
}
