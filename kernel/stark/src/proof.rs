//! The proof on the wire.

use p3_commit::Mmcs;
use p3_fri::BatchMultiOpening;
use proofloom_field::{Challenge, Digest, Val};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::config::{CHALLENGE_DEGREE, FriProof, PROOF_PARAMETERS};
use crate::lift::QUOTIENT_CHUNKS;
use crate::machine::Machine;
use crate::merkle::ValMmcs;
use crate::opening::{RoundKind, round_matrices};
use crate::table::Table;

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
        Self { rows: opening.opened_values.into_iter().flatten().flatten().collect(), path: opening.opening_proof }
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
        bcs::to_bytes(self).map_err(|error| DecodeError::Malformed { reason: error.to_string() })
    }

    /// Reads canonical bytes. Lengths are not yet checked against a machine: `verify` does.
    ///
    /// Memory stays below 24 times [`MAX_PROOF_BYTES`].
    ///
    /// # Errors
    /// [`DecodeError`] for anything but the output of [`StarkProof::encode`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > MAX_PROOF_BYTES {
            return Err(DecodeError::TooLong { limit: MAX_PROOF_BYTES, got: bytes.len() });
        }
        bcs::from_bytes(bytes).map_err(|error| DecodeError::Malformed { reason: error.to_string() })
    }
}

/// Bytes of elements and digests on the wire.
const ELEMENT: u64 = 4;
const CHALLENGE: u64 = ELEMENT * CHALLENGE_DEGREE as u64;
const DIGEST: u64 = ELEMENT * proofloom_field::DIGEST_ELEMS as u64;
/// Most bytes of a list's length.
const LENGTH: u64 = 5;
/// Lists of values that an opening has for each table.
const OPENING_LISTS: u64 = 8;

impl<T: Table> Machine<T> {
    /// Most bytes of a proof whose tallest table has this log2 height, or the one it cannot be below.
    pub fn proof_bytes(&self, log_tallest: usize) -> u64 {
        let least = self.shapes.iter().map(|shape| shape.height_range.0);
        let log_tallest = least.fold(log_tallest, usize::max);
        let depth = log_tallest + PROOF_PARAMETERS.log_blowup;
        let tables = self.shapes.len() as u64;
        let queries = PROOF_PARAMETERS.queries as u64;
        let opened = RoundKind::ALL.into_iter().map(|kind| {
            let widths = round_matrices(&self.shapes, kind).into_iter().map(|matrix| matrix.width as u64);
            queries * widths.sum::<u64>() * ELEMENT + path_bytes(depth) + LENGTH
        });
        let values = self.opened_columns() as u64 * CHALLENGE + tables * (OPENING_LISTS * LENGTH + CHALLENGE + 1);
        let folds = depth - PROOF_PARAMETERS.log_blowup - PROOF_PARAMETERS.log_final_poly_len;
        let layers = (0..folds).step_by(PROOF_PARAMETERS.max_log_arity).map(|folded| {
            let arity = PROOF_PARAMETERS.max_log_arity.min(folds - folded);
            let siblings = (1 << arity) - 1;
            let rows = queries * (siblings * CHALLENGE + LENGTH) + LENGTH;
            // A root, a nonce, rows and their path.
            LENGTH + DIGEST + ELEMENT + rows + path_bytes(depth - folded - arity)
        });
        let final_poly = CHALLENGE << PROOF_PARAMETERS.log_final_poly_len;
        // Roots, nonces, and the lengths of the lists around everything.
        let rest = 3 * (DIGEST + LENGTH) + 2 * ELEMENT + (8 + QUOTIENT_CHUNKS as u64) * LENGTH;
        opened.sum::<u64>() + values + layers.sum::<u64>() + final_poly + rest
    }
}

/// Most digests that lead from the rows of all queries to a root: on each level one for each pair
/// of nodes of which one is known.
fn path_bytes(depth: usize) -> u64 {
    let level = |level: usize| (PROOF_PARAMETERS.queries as u64).min(1 << level);
    (0..depth).map(level).sum::<u64>() * DIGEST + LENGTH
}
