//! The verifier: every rule that makes proofs of segments a proof of the run.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use proofloom_field::{Challenge, Digest, Val};
use proofloom_stark::VerifyInput;

use crate::accelerators::Accelerators;
use crate::cross::{CrossPair, Token, batch_inverse};
use crate::error::VerifyError;
use crate::gamma::{self, PhaseOneCommitment, SegmentPublics};
use crate::key::VerifyingKey;
use crate::layout::{
    HALT_INDEX, INDEX_BITS, LOG_MAX_HEIGHT, LOG_MIN_HEIGHT, MAX_SEGMENT_CYCLES, MAX_SEGMENTS, SPACE_OUT, limbs,
};
use crate::proofs::{BoundaryProof, Composite, Header, SegmentProof};
use crate::prover::BOUNDARY;
use crate::publics;
use crate::statement::{Statement, output_word, output_words};
use crate::system::{boundary_machine, segment_machine};
use crate::tables::VmTable;

/// Most tokens a row can put on the cross-segment bus.
pub const TOKENS_PER_ROW: u64 = 3;
/// Most tokens of all parts together: as many as the field has elements would wrap.
pub const MAX_TOKENS: u64 = Val::ORDER_U32 as u64 - 1;

/// Digest as lower-case hex, four little-endian bytes per element.
pub fn hex(digest: &Digest) -> String {
    digest.iter().flat_map(|x| x.as_canonical_u32().to_le_bytes()).map(|byte| format!("{byte:02x}")).collect()
}

/// What all parts of a job's proof are checked against.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    pub key: &'a VerifyingKey,
    pub gamma: Digest,
    pub pair: CrossPair,
}

impl<'a> Context<'a> {
    /// The context of a job: its key and its global challenge.
    pub fn new(key: &'a VerifyingKey, gamma: Digest) -> Self {
        Self { key, gamma, pair: gamma::cross_pair(&gamma) }
    }
}

fn check_height(part: &str, phase_one: &PhaseOneCommitment) -> Result<(), VerifyError> {
    let got = phase_one.log_height;
    if (LOG_MIN_HEIGHT..=LOG_MAX_HEIGHT).contains(&usize::from(got)) {
        return Ok(());
    }
    Err(VerifyError::Height { part: part.to_owned(), min: LOG_MIN_HEIGHT, max: LOG_MAX_HEIGHT, got })
}

/// Ranges of a segment's public values: what the proof itself takes modulo the field's order.
///
/// # Errors
/// [`VerifyError::Public`].
pub fn check_publics(publics: &SegmentPublics) -> Result<(), VerifyError> {
    let refuse = |what, expected: String, got: u32| {
        Err(VerifyError::Public { segment: publics.number, what, expected, got: got.to_string() })
    };
    if !(1..=MAX_SEGMENTS).contains(&publics.number) {
        return refuse("the number", format!("1 to {MAX_SEGMENTS}"), publics.number);
    }
    if !(1..=MAX_SEGMENT_CYCLES).contains(&u64::from(publics.cycles)) {
        return refuse("the cycle count", format!("1 to {MAX_SEGMENT_CYCLES}"), publics.cycles);
    }
    let slots = 1u32 << INDEX_BITS;
    if publics.pc_in >= slots {
        return refuse("the first index", format!("below {slots}"), publics.pc_in);
    }
    if publics.pc_out >= slots && publics.pc_out != HALT_INDEX {
        return refuse("the last index", format!("below {slots}, or the halt"), publics.pc_out);
    }
    Ok(())
}

/// log2 heights of the phase-one columns: only `table` has any.
fn phase_one_heights(tables: &[VmTable], table: VmTable, phase_one: &PhaseOneCommitment) -> Vec<Option<usize>> {
    tables.iter().map(|&name| (name == table).then_some(usize::from(phase_one.log_height))).collect()
}

/// How errors call a part of a job.
fn part_name(number: u32) -> String {
    match number {
        BOUNDARY => "boundary".to_owned(),
        number => format!("segment {number}"),
    }
}

fn commitment_error(part: &str, expected: &Digest, got: &Digest) -> VerifyError {
    VerifyError::Commitment { part: part.to_owned(), expected: hex(expected), got: hex(got) }
}

/// Checks one segment proof by itself: its commitment, its ranges, its tables and its segment buses.
///
/// # Errors
/// [`VerifyError`] naming the first check that failed.
pub fn verify_segment(context: &Context<'_>, commitment: &Digest, proof: &SegmentProof) -> Result<(), VerifyError> {
    let part = part_name(proof.publics.number);
    check_publics(&proof.publics)?;
    check_height(&part, &proof.phase_one)?;
    let own = gamma::segment_commitment(&proof.publics, &proof.phase_one);
    if own != *commitment {
        return Err(commitment_error(&part, commitment, &own));
    }
    let machine = segment_machine(proof.accelerators);
    let publics = publics::segment(machine.tables(), context.key, &proof.publics, &context.pair, proof.sum);
    let input = VerifyInput {
        fixed_root: Some(context.key.segment_root),
        fixed_log_heights: &context.key.fixed_log_heights(machine),
        shared_root: Some(proof.phase_one.root),
        shared_log_heights: &phase_one_heights(machine.tables(), VmTable::Local, &proof.phase_one),
        publics: &publics,
    };
    let challenger = gamma::transcript(&context.gamma, proof.publics.number, proof.accelerators, commitment);
    machine.verify(&input, challenger, &proof.proof).map_err(|source| VerifyError::Stark { part, source })
}

/// Checks the boundary proof by itself.
///
/// # Errors
/// [`VerifyError`] naming the first check that failed.
pub fn verify_boundary(context: &Context<'_>, commitment: &Digest, proof: &BoundaryProof) -> Result<(), VerifyError> {
    let part = part_name(BOUNDARY);
    check_height(&part, &proof.phase_one)?;
    let own = gamma::boundary_commitment(&proof.phase_one);
    if own != *commitment {
        return Err(commitment_error(&part, commitment, &own));
    }
    let machine = boundary_machine();
    let publics = publics::boundary(machine, context.key, &context.pair, proof.sum);
    let input = VerifyInput {
        fixed_root: Some(context.key.boundary_root),
        fixed_log_heights: &context.key.fixed_log_heights(machine),
        shared_root: Some(proof.phase_one.root),
        shared_log_heights: &phase_one_heights(machine.tables(), VmTable::Initfin, &proof.phase_one),
        publics: &publics,
    };
    let challenger = gamma::transcript(&context.gamma, BOUNDARY, Accelerators::NONE, commitment);
    machine.verify(&input, challenger, &proof.proof).map_err(|source| VerifyError::Stark { part, source })
}

/// Checks that segments follow one another from the entry to the halt (rule 1).
///
/// # Errors
/// [`VerifyError`] of the first segment that does not.
pub fn check_chain(key: &VerifyingKey, statement: &Statement, segments: &[SegmentPublics]) -> Result<(), VerifyError> {
    let mut expected = key.entry;
    let mut cycles = 0u64;
    for (number, publics) in (1u32..).zip(segments) {
        if publics.number != number {
            return Err(VerifyError::Number { segment: number, got: publics.number });
        }
        if publics.pc_in != expected {
            return Err(VerifyError::ProgramCounter { segment: number, expected, got: publics.pc_in });
        }
        let last = number == statement.segments;
        match (publics.pc_out == HALT_INDEX, last) {
            (true, false) => {
                return Err(VerifyError::Halt { segment: number, problem: "halts before the last one" });
            }
            (false, true) => {
                return Err(VerifyError::Halt { segment: number, problem: "is the last one and does not halt" });
            }
            _ => {}
        }
        let exit = if last { statement.exit_code } else { 0 };
        if publics.exit != exit {
            return Err(VerifyError::ExitCode { expected: exit, got: publics.exit });
        }
        expected = publics.pc_out;
        cycles += u64::from(publics.cycles);
    }
    if cycles != statement.cycles {
        return Err(VerifyError::Cycles { expected: statement.cycles, got: cycles });
    }
    Ok(())
}

/// The verifier's own terms: it takes the tokens of the public output.
pub fn output_terms(pair: &CrossPair, output: &[u8]) -> Challenge {
    let denominators: Vec<Challenge> = (0u32..)
        .zip(output_words(output))
        .map(|(i, word)| {
            pair.denominator(Token {
                space: Val::from_u32(SPACE_OUT),
                address: Val::from_u32(output_word(i)),
                value: limbs(word).map(Val::from_u32),
                segment: Val::ZERO,
            })
        })
        .collect();
    batch_inverse(&denominators).into_iter().sum()
}

fn check_count(statement: &Statement, got: usize) -> Result<(), VerifyError> {
    if !(1..=MAX_SEGMENTS).contains(&statement.segments) {
        let expected = format!("1 to {MAX_SEGMENTS}");
        return Err(VerifyError::SegmentCount { expected, got: statement.segments.to_string() });
    }
    if got != statement.segments as usize {
        return Err(VerifyError::SegmentCount { expected: statement.segments.to_string(), got: got.to_string() });
    }
    Ok(())
}

/// A final proof that was accepted.
#[derive(Clone, Debug)]
pub struct Verified {
    pub key: VerifyingKey,
    pub statement: Statement,
}

/// A final proof of which everything was checked but the proofs in it.
struct ProofHeader<'a> {
    header: Header,
    boundary: BoundaryProof,
    boundary_commitment: Digest,
    /// Still encoded, in order: decoded segment proofs are large, so one at a time is held.
    segments: Vec<&'a [u8]>,
    commitments: Vec<Digest>,
    /// Of boundary and segments, on the cross-segment bus.
    sum: Challenge,
}

impl<'a> ProofHeader<'a> {
    /// Reads a final proof and checks it against the digest of the expected verifying key: counts,
    /// the chain of segments, the statement.
    fn check(vk: &Digest, bytes: &'a [u8]) -> Result<Self, VerifyError> {
        let Composite { header, boundary, segments } = Composite::split(bytes)?;
        let got = header.key.digest();
        if got != *vk {
            return Err(VerifyError::Key { expected: hex(vk), got: hex(&got) });
        }
        check_count(&header.statement, segments.len())?;
        let boundary = BoundaryProof::decode(boundary)?;
        let mut publics = Vec::with_capacity(segments.len());
        let mut commitments = Vec::with_capacity(segments.len());
        let mut sum = boundary.sum;
        let mut rows = 1u64 << boundary.phase_one.log_height.min(LOG_MAX_HEIGHT as u8);
        for bytes in &segments {
            let segment = SegmentProof::decode(bytes)?;
            rows += 1 << segment.phase_one.log_height.min(LOG_MAX_HEIGHT as u8);
            commitments.push(gamma::segment_commitment(&segment.publics, &segment.phase_one));
            publics.push(segment.publics);
            sum += segment.sum;
        }
        check_chain(&header.key, &header.statement, &publics)?;
        let tokens = rows * TOKENS_PER_ROW;
        if tokens > MAX_TOKENS {
            return Err(VerifyError::TokenCount { limit: MAX_TOKENS, got: tokens });
        }
        Ok(Self {
            boundary_commitment: gamma::boundary_commitment(&boundary.phase_one),
            header,
            boundary,
            segments,
            commitments,
            sum,
        })
    }

    /// The challenge that the proofs have to be made for.
    fn gamma(&self, vk: &Digest) -> Digest {
        gamma::gamma(vk, &self.header.statement, &self.boundary_commitment, &self.commitments)
    }

    /// The cross-segment sums and the verifier's own terms cancel.
    fn check_sum(&self, pair: &CrossPair) -> Result<(), VerifyError> {
        if self.sum == output_terms(pair, &self.header.statement.output) { Ok(()) } else { Err(VerifyError::CrossSum) }
    }
}

/// Checks a final proof against the digest of the expected verifying key.
///
/// # Errors
/// [`VerifyError`] naming the first check that failed.
pub fn verify(vk: &Digest, bytes: &[u8]) -> Result<Verified, VerifyError> {
    let checked = ProofHeader::check(vk, bytes)?;
    let context = Context::new(&checked.header.key, checked.gamma(vk));
    verify_boundary(&context, &checked.boundary_commitment, &checked.boundary)?;
    for (bytes, commitment) in checked.segments.iter().zip(&checked.commitments) {
        verify_segment(&context, commitment, &SegmentProof::decode(bytes)?)?;
    }
    checked.check_sum(&context.pair)?;
    Ok(Verified { key: checked.header.key, statement: checked.header.statement })
}

/// Checks of a final proof everything that [`verify`] does, but not the proofs in it: each must have
/// been verified by itself for this job, boundary first, against these commitments and their challenge.
///
/// # Errors
/// [`VerifyError`] naming the first check that failed.
pub fn verify_header(key: &VerifyingKey, bytes: &[u8], commitments: &[Digest]) -> Result<(), VerifyError> {
    let vk = key.digest();
    let checked = ProofHeader::check(&vk, bytes)?;
    let own = [&[checked.boundary_commitment], &checked.commitments[..]].concat();
    if own.len() != commitments.len() {
        return Err(VerifyError::SegmentCount {
            expected: commitments.len().saturating_sub(1).to_string(),
            got: checked.commitments.len().to_string(),
        });
    }
    for (number, (own, commitment)) in (BOUNDARY..).zip(own.iter().zip(commitments)) {
        if own != commitment {
            return Err(commitment_error(&part_name(number), commitment, own));
        }
    }
    checked.check_sum(&gamma::cross_pair(&checked.gamma(&vk)))
}
