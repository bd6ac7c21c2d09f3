//! What several calls are asked about: statements, and the commitments of a run.

use proofloom_field::Digest;
use proofloom_vm::{BOUNDARY, Statement, VerifyingKey, hex};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::envelope::{DIGEST_BYTES, parse_digest};
use crate::fault::Fault;

/// A 64-bit number as decimal text.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub struct Decimal(pub u64);

impl TryFrom<String> for Decimal {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|error| format!("{text:?}: {error}"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StatementFields {
    pub program_digest: String,
    pub vk_digest: String,
    pub exit_code: u32,
    pub cycles: Decimal,
    pub segments: u32,
}

impl StatementFields {
    pub fn statement(&self, output: &[u8]) -> Statement {
        Statement { exit_code: self.exit_code, cycles: self.cycles.0, output: output.to_vec(), segments: self.segments }
    }

    /// The statement must be about the program at hand.
    pub fn check_key(&self, key: &VerifyingKey) -> Result<Digest, Fault> {
        let digest = key.digest();
        let got = [
            (&self.vk_digest, hex(&digest), "vkDigest"),
            (&self.program_digest, hex(&key.program_digest()), "programDigest"),
        ];
        for (said, is, field) in got {
            if *said != is {
                return Err(Fault::request(format!("statement.{field} is {said}, the program's is {is}")));
            }
        }
        Ok(digest)
    }
}

pub fn statement_json(statement: &Statement, program_digest: String, vk_digest: String) -> Value {
    json!({
        "programDigest": program_digest,
        "vkDigest": vk_digest,
        "exitCode": statement.exit_code,
        "cycles": statement.cycles.to_string(),
        "segments": statement.segments,
    })
}

/// Bytes of all commitments of a statement, however many segments it claims: in 32 bits they would wrap.
pub const fn commitments_bytes(segments: u32) -> u64 {
    (segments as u64 + 1) * DIGEST_BYTES as u64
}

/// The boundary's commitment and the segments' commitments.
pub fn parse_commitments(bytes: &[u8], segments: u32) -> Result<(Digest, Vec<Digest>), Fault> {
    let expected = commitments_bytes(segments);
    if bytes.len() as u64 != expected {
        return Err(Fault::request(format!("commitments: {} bytes, expected {expected}", bytes.len())));
    }
    let mut commitments = bytes.chunks(DIGEST_BYTES).map(|bytes| parse_digest(bytes, "commitment"));
    let boundary = commitments.next().ok_or_else(|| Fault::request("commitments: none"))??;
    Ok((boundary, commitments.collect::<Result<_, _>>()?))
}

pub fn parse_key(bytes: &[u8]) -> Result<VerifyingKey, Fault> {
    bcs::from_bytes(bytes).map_err(|error| Fault::request(format!("vk: {error}")))
}

pub fn commitment_of(segment: u32, boundary: &Digest, segments: &[Digest]) -> Result<Digest, Fault> {
    let commitment = match segment.checked_sub(BOUNDARY + 1) {
        None => Some(*boundary),
        Some(before) => segments.get(before as usize).copied(),
    };
    commitment.ok_or_else(|| Fault::request(format!("segment {segment} of {}", segments.len())))
}

#[cfg(test)]
mod tests {
    use p3_field::PrimeCharacteristicRing;

    use super::*;

    /// On a machine of 32 bits, 2^27 segments would need 2^32 bytes, that is none.
    #[test]
    fn no_number_of_segments_makes_the_commitments_look_short() {
        assert_eq!(commitments_bytes(0), 32);
        assert_eq!(commitments_bytes((1 << 27) - 1), 1 << 32);
        assert_eq!(commitments_bytes(u32::MAX), 1 << 37);
        for segments in [1, (1 << 27) - 1, (1 << 27) - 2, u32::MAX] {
            let refused = parse_commitments(&[], segments).map(|_| ());
            assert!(refused.is_err(), "{segments}");
        }
    }

    #[test]
    fn a_segment_beyond_the_last_has_no_commitment() {
        let commitment = |x| [proofloom_field::Val::from_u32(x); 8];
        let segments = [commitment(1), commitment(2)];
        let found = |segment| commitment_of(segment, &commitment(0), &segments).ok();
        assert_eq!([0, 1, 2].map(found), [Some(commitment(0)), Some(commitment(1)), Some(commitment(2))]);
        assert_eq!([3, u32::MAX].map(found), [None, None]);
    }
}
