//! The verifier: every rule that makes proofs of segments and shards a proof of the run.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, Digest, Val};
use proofloom_vm::rows::{
    CrossPair, MAX_TOKENS, ShardPublics, TOKENS_PER_ROW, check_chain, check_publics, output_terms, segment_publics,
    shard_publics,
};
use proofloom_vm::{Statement, VerifyingKey, VmTable, hex};
use proofloom_weave::{Instance, Machine, WeaveProof, Work, verify_proof};

use crate::challenge::{Leaves, challenge, cross_pair};
use crate::error::VerifyError;
use crate::key::key_digest;
use crate::leaf::or_none;
use crate::machine::{segment_machine, shard_machine};
use crate::parts::{SegmentProof, ShardProof};
use crate::table::MachineTable;

/// Most shards of one proof.
pub const MAX_SHARDS: usize = 1 << 10;
/// Number of segments among the kinds of parts.
pub(crate) const KIND_SEGMENT: Val = Val::ONE;
/// Number of shards among the kinds of parts.
pub(crate) const KIND_SHARD: Val = Val::TWO;

/// What all parts of a job's proof are checked against.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    pub key: &'a VerifyingKey,
    pub gamma: Digest,
    pair: CrossPair,
}

impl<'a> Context<'a> {
    /// The context of a job: its key and its global challenge.
    pub fn new(key: &'a VerifyingKey, gamma: Digest) -> Self {
        Self { key, gamma, pair: cross_pair(&gamma) }
    }
}

fn check_leaf(part: &str, expected: &Digest, got: &Digest) -> Result<(), VerifyError> {
    if expected == got {
        return Ok(());
    }
    Err(VerifyError::Leaf { part: part.to_owned(), expected: hex(expected), got: hex(got) })
}

/// The height of a table is what key or leaf say.
fn check_height(
    part: &str,
    machine: &Machine<MachineTable>,
    proof: &WeaveProof,
    table: VmTable,
    expected: u8,
) -> Result<(), VerifyError> {
    let heights = machine.tables().iter().zip(&proof.log_heights);
    for (own, &got) in heights.filter(|(own, _)| **own == MachineTable::new(table)) {
        if got != expected {
            return Err(VerifyError::Height { part: part.to_owned(), table: own.rows().name(), expected, got });
        }
    }
    Ok(())
}

/// Checks one segment proof by itself: its leaf, its ranges, its tables and its segment buses.
///
/// # Errors
/// [`VerifyError`] naming the first check that failed.
pub fn verify_segment(context: &Context<'_>, leaf: &Digest, proof: &SegmentProof) -> Result<Work, VerifyError> {
    let SegmentProof { publics, shared, accelerators, .. } = proof;
    let part = format!("segment {}", publics.number);
    check_publics(publics)?;
    check_leaf(&part, leaf, &proof.leaf().digest())?;
    let machine = segment_machine(*accelerators);
    check_height(&part, machine, &proof.proof, VmTable::Local, shared.log_height)?;
    check_height(&part, machine, &proof.proof, VmTable::Program, context.key.program_log_height)?;
    let tables: Vec<VmTable> = machine.tables().iter().map(|table| table.rows()).collect();
    let instance = Instance {
        gamma: context.gamma,
        kind: KIND_SEGMENT,
        number: Val::from_u32(publics.number),
        set: Val::from_usize(accelerators.index()),
        leaf: *leaf,
        fixed_root: context.key.segment_root,
        shared_root: shared.root,
        publics: segment_publics(&tables, context.key, publics, &context.pair, proof.sum),
    };
    verify_proof(machine, &instance, &proof.proof).map_err(|source| VerifyError::Proof { part, source })
}

/// Checks the proof of one shard by itself.
///
/// # Errors
/// [`VerifyError`] naming the first check that failed.
pub fn verify_shard(context: &Context<'_>, leaf: &Digest, proof: &ShardProof) -> Result<Work, VerifyError> {
    let ShardProof { publics, shared, sums, .. } = proof;
    let part = format!("shard {}", publics.number);
    check_leaf(&part, leaf, &proof.leaf().digest())?;
    let machine = shard_machine();
    check_height(&part, machine, &proof.proof, VmTable::Initfin, shared.log_height)?;
    check_height(&part, machine, &proof.proof, VmTable::Image, context.key.image_log_height)?;
    let instance = Instance {
        gamma: context.gamma,
        kind: KIND_SHARD,
        number: Val::from_u32(publics.number),
        set: Val::ZERO,
        leaf: *leaf,
        fixed_root: context.key.boundary_root,
        shared_root: shared.root,
        publics: shard_publics(context.key, &context.pair, publics, sums),
    };
    verify_proof(machine, &instance, &proof.proof).map_err(|source| VerifyError::Proof { part, source })
}

/// Shards follow one another: so each key has one row in all of them, and the input one end.
fn check_shards(shards: &[ShardPublics]) -> Result<(), VerifyError> {
    if !(1..=MAX_SHARDS).contains(&shards.len()) {
        return Err(VerifyError::ShardCount { expected: format!("1 to {MAX_SHARDS}"), got: shards.len() });
    }
    let (mut hi, mut input) = (None, None);
    for (shard, publics) in (1..).zip(shards) {
        if publics.number != shard {
            return Err(VerifyError::ShardNumber { shard, got: publics.number });
        }
        for (what, expected, got) in
            [("the largest key before it", hi, publics.lo), ("the end of the input", input, publics.input_before)]
        {
            if expected != got {
                let [expected, got] = [expected, got].map(|x| or_none(x).to_string());
                return Err(VerifyError::ShardChain { shard, what, expected, got });
            }
        }
        (hi, input) = (Some(publics.hi), publics.input_after);
    }
    Ok(())
}

/// No multiplicity of a token wraps.
fn check_tokens(
    key: &VerifyingKey,
    statement: &Statement,
    log_heights: impl Iterator<Item = u8>,
) -> Result<(), VerifyError> {
    const HIGHEST: u8 = 20;
    let rows: u64 = log_heights.map(|log_height| 1u64 << log_height.min(HIGHEST)).sum();
    let shown = 1 + (statement.output.len() as u64).div_ceil(8);
    let got = TOKENS_PER_ROW * rows + (1 << key.image_log_height.min(HIGHEST)) + shown;
    if got <= MAX_TOKENS {
        return Ok(());
    }
    Err(proofloom_vm::VerifyError::TokenCount { limit: MAX_TOKENS, got }.into())
}

/// Checks the proofs of all parts of a job, each kind in order.
///
/// # Errors
/// [`VerifyError`] naming the first check that failed.
pub fn verify(
    key: &VerifyingKey,
    statement: &Statement,
    segments: &[SegmentProof],
    shards: &[ShardProof],
) -> Result<(), VerifyError> {
    if statement.segments as usize != segments.len() || segments.is_empty() {
        let (expected, got) = (statement.segments.to_string(), segments.len().to_string());
        return Err(proofloom_vm::VerifyError::SegmentCount { expected, got }.into());
    }
    let publics: Vec<_> = segments.iter().map(|segment| segment.publics).collect();
    check_chain(key, statement, &publics)?;
    check_shards(&shards.iter().map(|shard| shard.publics).collect::<Vec<_>>())?;
    let heights = segments.iter().map(|segment| segment.shared).chain(shards.iter().map(|shard| shard.shared));
    check_tokens(key, statement, heights.map(|shared| shared.log_height))?;
    let leaves = Leaves {
        segments: segments.iter().map(|segment| segment.leaf().digest()).collect(),
        shards: shards.iter().map(|shard| shard.leaf().digest()).collect(),
    };
    let context = Context::new(key, challenge(&key_digest(key), statement, &leaves));
    for (leaf, segment) in leaves.segments.iter().zip(segments) {
        verify_segment(&context, leaf, segment)?;
    }
    for (leaf, shard) in leaves.shards.iter().zip(shards) {
        verify_shard(&context, leaf, shard)?;
    }
    let sums = segments.iter().map(|segment| segment.sum);
    let sums = sums.chain(shards.iter().map(|shard| shard.sums.words + shard.sums.image));
    if sums.sum::<Challenge>() == output_terms(&context.pair, &statement.output) {
        Ok(())
    } else {
        Err(proofloom_vm::VerifyError::CrossSum.into())
    }
}
