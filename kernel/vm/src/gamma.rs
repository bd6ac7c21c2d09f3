//! Leaves, the job's global challenge, and the transcripts that follow from it.

use p3_challenger::FieldChallenger;
use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, Challenger, Digest, Val};
use proofloom_stark::PROOF_PARAMETERS;
use serde::{Deserialize, Serialize};

use crate::accelerators::Accelerators;
use crate::cross::CrossPair;
use crate::encoding::Encoder;
use crate::statement::Statement;

/// What a segment proof says of its segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentPublics {
    /// Number of the segment, from 1.
    pub number: u32,
    /// Index of the first instruction.
    pub pc_in: u32,
    /// Index after the last instruction.
    pub pc_out: u32,
    pub cycles: u32,
    /// Exit code of the segment that halts, else 0.
    pub exit: u32,
}

/// What a contribution commits to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseOneCommitment {
    /// log2 height of the one table with phase-one columns.
    pub log_height: u8,
    /// Root of the phase-one columns.
    pub root: Digest,
}

impl PhaseOneCommitment {
    fn encode(&self, encoder: Encoder) -> Encoder {
        encoder.number(u64::from(self.log_height)).elements(&self.root)
    }
}

/// What a segment commits to before gamma is drawn: a leaf of the tree below.
pub fn segment_commitment(publics: &SegmentPublics, phase_one: &PhaseOneCommitment) -> Digest {
    let numbers = [publics.number, publics.pc_in, publics.pc_out, publics.cycles, publics.exit];
    let encoder = numbers.into_iter().fold(Encoder::default(), |encoder, number| encoder.number(u64::from(number)));
    phase_one.encode(encoder).digest("proofloom/leaf/v1")
}

/// The same of the boundary.
pub fn boundary_commitment(phase_one: &PhaseOneCommitment) -> Digest {
    phase_one.encode(Encoder::default()).digest("proofloom/boundary-leaf/v1")
}

/// Root of the ordered tree over the segment commitments. A level of odd length passes its last node
/// up as it is; leaves and nodes have different domains, and gamma absorbs the count.
fn leaf_root(leaves: &[Digest]) -> Digest {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => Encoder::default().elements(left).elements(right).digest("proofloom/node/v1"),
                _ => pair[0],
            })
            .collect();
    }
    level.first().copied().unwrap_or([Val::ZERO; 8])
}

/// The global challenge of a job: drawn from the statement and all commitments in order.
pub fn gamma(vk: &Digest, statement: &Statement, boundary: &Digest, segments: &[Digest]) -> Digest {
    let output = Encoder::default().bytes(&statement.output).digest("proofloom/output/v1");
    Encoder::default()
        .bytes(PROOF_PARAMETERS.id.as_bytes())
        .elements(vk)
        .number(u64::from(statement.exit_code))
        .number(statement.cycles)
        .number(statement.output.len() as u64)
        .elements(&output)
        .number(u64::from(statement.segments))
        .elements(boundary)
        .number(segments.len() as u64)
        .elements(&leaf_root(segments))
        .digest("proofloom/gamma/v1")
}

/// The challenges of the cross-segment bus.
pub fn cross_pair(gamma: &Digest) -> CrossPair {
    let mut challenger = Encoder::default().elements(gamma).challenger("proofloom/cross/v1");
    let alpha: Challenge = challenger.sample_algebra_element();
    let beta: Challenge = challenger.sample_algebra_element();
    CrossPair::new(alpha, beta)
}

/// The transcript of a segment proof before the proof itself; number 0 is the boundary, which has
/// no accelerators.
pub fn transcript(gamma: &Digest, number: u32, accelerators: Accelerators, commitment: &Digest) -> Challenger {
    Encoder::default()
        .elements(gamma)
        .number(u64::from(number))
        .number(accelerators.index() as u64)
        .elements(commitment)
        .challenger("proofloom/segment/v2")
}
