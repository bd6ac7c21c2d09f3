//! Proofs on the wire: segment, boundary, and the final proof that aggregates them.

use proofloom_field::Challenge;
use proofloom_stark::{MAX_PROOF_BYTES, StarkProof};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::accelerators::Accelerators;
use crate::error::VerifyError;
use crate::gamma::{PhaseOneCommitment, SegmentPublics};
use crate::key::{FORMAT_VERSION, TABLES_REVISION, VerifyingKey};
use crate::statement::Statement;
use crate::tables::VmTable;

/// First bytes of a final proof, before the format version and the revision of the tables.
const MAGIC: &[u8; 4] = b"PLMP";
/// Largest header of a final proof: key, statement with its output, and lengths.
const MAX_HEADER: usize = 32 << 20;

/// The proof of one segment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SegmentProof {
    pub publics: SegmentPublics,
    pub phase_one: PhaseOneCommitment,
    /// The segment's share of the cross-segment bus.
    pub sum: Challenge,
    /// Which tables the proof has.
    pub accelerators: Accelerators,
    pub proof: StarkProof,
}

/// The proof of initial and final memory.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BoundaryProof {
    pub phase_one: PhaseOneCommitment,
    /// The boundary's share of the cross-segment bus.
    pub sum: Challenge,
    pub proof: StarkProof,
}

fn malformed(reason: impl ToString) -> VerifyError {
    VerifyError::Malformed { reason: reason.to_string() }
}

/// Canonical bytes.
fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    // Lists longer than BCS allows (2^31) do not fit the memory they come from.
    bcs::to_bytes(value).unwrap_or_else(|error| panic!("{error}"))
}

/// Decodes at most `limit` bytes; trailing bytes and unreduced field elements are refused.
fn decode<T: DeserializeOwned>(bytes: &[u8], limit: usize) -> Result<T, VerifyError> {
    if bytes.len() > limit {
        return Err(malformed(format!("{} bytes, the limit is {limit}", bytes.len())));
    }
    bcs::from_bytes(bytes).map_err(malformed)
}

impl SegmentProof {
    /// log2 height of every table there is; `None` for those that the proof does not have.
    pub fn all_log_heights(&self) -> Vec<Option<u8>> {
        let own = self.accelerators.tables();
        let heights = own.iter().zip(&self.proof.log_heights);
        let height = |table: &VmTable| heights.clone().find(|(own, _)| *own == table).map(|(_, &h)| h);
        Accelerators::ALL.tables().iter().map(height).collect()
    }

    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }

    /// # Errors
    /// [`VerifyError::Malformed`].
    pub fn decode(bytes: &[u8]) -> Result<Self, VerifyError> {
        decode(bytes, MAX_PROOF_BYTES)
    }
}

impl BoundaryProof {
    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }

    /// # Errors
    /// [`VerifyError::Malformed`].
    pub fn decode(bytes: &[u8]) -> Result<Self, VerifyError> {
        decode(bytes, MAX_PROOF_BYTES)
    }
}

/// What stands before the proofs in a final proof.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Header {
    pub key: VerifyingKey,
    pub statement: Statement,
    /// Lengths of the boundary proof and of the segment proofs, in order.
    lengths: Vec<u32>,
}

/// A final proof whose parts are still encoded: they are decoded one at a time.
#[derive(Clone, Debug)]
pub struct Composite<'a> {
    pub header: Header,
    pub boundary: &'a [u8],
    pub segments: Vec<&'a [u8]>,
}

/// Most bytes of a segment's or the boundary's proof besides the STARK proof in it.
const PART: u64 = 128;

/// Most bytes of what a final proof of a statement has besides STARK proofs.
pub fn header_bytes(statement: &Statement) -> u64 {
    // Magic, version, lengths of header and lists, key, and the statement's numbers.
    const HEADER: u64 = 256;
    HEADER + statement.output.len() as u64 + (PART + 4) * (u64::from(statement.segments) + 1)
}

/// The bytes of a final proof, from those of its parts.
pub fn encode_final(key: &VerifyingKey, statement: &Statement, boundary: &[u8], segments: &[Vec<u8>]) -> Vec<u8> {
    let parts = || [boundary].into_iter().chain(segments.iter().map(Vec::as_slice));
    let lengths = parts().map(|part| part.len() as u32).collect();
    let header = encode(&Header { key: key.clone(), statement: statement.clone(), lengths });
    let mut bytes = [
        MAGIC.as_slice(),
        &FORMAT_VERSION.to_le_bytes(),
        &TABLES_REVISION.to_le_bytes(),
        &(header.len() as u32).to_le_bytes(),
    ]
    .concat();
    bytes.extend_from_slice(&header);
    for part in parts() {
        bytes.extend_from_slice(part);
    }
    bytes
}

/// Takes the first `n` bytes.
fn take<'a>(bytes: &mut &'a [u8], n: usize, what: &str) -> Result<&'a [u8], VerifyError> {
    let (head, tail) = bytes
        .split_at_checked(n)
        .ok_or_else(|| malformed(format!("ends inside {what}: {n} bytes expected, {} left", bytes.len())))?;
    *bytes = tail;
    Ok(head)
}

fn take_u32(bytes: &mut &[u8], what: &str) -> Result<u32, VerifyError> {
    let head = take(bytes, 4, what)?;
    Ok(head.iter().rev().fold(0, |x, &byte| x << 8 | u32::from(byte)))
}

impl<'a> Composite<'a> {
    /// Splits a final proof into its parts.
    ///
    /// # Errors
    /// [`VerifyError::Malformed`], [`VerifyError::Version`].
    pub fn split(mut bytes: &'a [u8]) -> Result<Self, VerifyError> {
        if take(&mut bytes, MAGIC.len(), "the file type")? != MAGIC {
            return Err(malformed("the file does not begin like a proof"));
        }
        let version = take_u32(&mut bytes, "the version")?;
        let [format, tables] = [version as u16, (version >> 16) as u16];
        if format != FORMAT_VERSION {
            return Err(VerifyError::Version { expected: FORMAT_VERSION, got: format });
        }
        if tables != TABLES_REVISION {
            return Err(VerifyError::Tables { expected: TABLES_REVISION, got: tables });
        }
        let length = take_u32(&mut bytes, "the header length")? as usize;
        let header: Header = decode(take(&mut bytes, length, "the header")?, MAX_HEADER)?;
        let mut parts = Vec::new();
        for (i, &length) in header.lengths.iter().enumerate() {
            parts.push(take(&mut bytes, length as usize, &format!("part {i}"))?);
        }
        if !bytes.is_empty() {
            return Err(malformed(format!("{} bytes after the end", bytes.len())));
        }
        let Some((&boundary, segments)) = parts.split_first() else {
            return Err(malformed("no boundary proof"));
        };
        Ok(Self { boundary, segments: segments.to_vec(), header })
    }
}
