//! Whole runs: contributed, proven in parts, verified together.

mod support;

use p3_field::PrimeCharacteristicRing;
use proofloom_executor::testkit::{accelerator_calls, workloads};
use proofloom_executor::{Accelerator, load_elf};
use proofloom_field::{Challenge, Val};
use proofloom_vm::rows::ShardPublics;
use proofloom_weave_vm::{Contribution, SegmentProof, ShardProof, VerifyError, verify};

use support::{Proven, counter, prove};

fn code(proven: &Proven) -> &'static str {
    let Proven { key, statement, segments, shards } = proven;
    verify(&key.verifying, statement, segments, shards).expect_err("a broken rule").code()
}

/// Several segments and shards, input in them, words that go from segment to segment.
#[test]
fn a_run_of_several_segments_and_shards_is_proven() {
    let proven = counter();
    let Proven { key, statement, segments, shards } = &proven;
    assert!(segments.len() >= 2 && shards.len() >= 2, "{} segments, {} shards", segments.len(), shards.len());
    assert_eq!(statement.segments as usize, segments.len());
    verify(&key.verifying, statement, segments, shards).expect("an honest run");
    for proof in segments {
        let bytes = proof.encode();
        assert_eq!(SegmentProof::decode(&bytes).as_ref(), Ok(proof));
        assert!(SegmentProof::decode(&bytes[..bytes.len() - 1]).is_err());
        assert!(SegmentProof::decode(&[&bytes[..], &[0]].concat()).is_err());
    }
    for proof in shards {
        assert_eq!(ShardProof::decode(&proof.encode()).as_ref(), Ok(proof));
    }
}

/// What a part commits to is what its proof has.
#[test]
fn proofs_have_the_leaves_that_were_contributed() {
    let proven = counter();
    let contributed = support::job(&proven.key).contribute().expect("a run that halts");
    let segments = proven.segments.iter().map(|proof| Contribution::Segment(proof.leaf()));
    let shards = proven.shards.iter().map(|proof| Contribution::Shard(proof.leaf()));
    assert_eq!(contributed, segments.chain(shards).collect::<Vec<_>>());
}

#[test]
fn proofs_of_another_statement_are_refused() {
    let change = |change: &dyn Fn(&mut Proven)| {
        let mut proven = counter().clone();
        change(&mut proven);
        code(&proven)
    };
    assert_eq!(change(&|p| p.statement.exit_code ^= 1), "EXIT_CODE");
    assert_eq!(change(&|p| p.statement.cycles += 1), "CYCLES");
    assert_eq!(change(&|p| p.statement.segments += 1), "SEGMENT_COUNT");
    // The challenge is another one: no proof was made for it.
    assert_eq!(change(&|p| p.statement.output[0] ^= 1), "INVALID_PROOF");
    assert_eq!(change(&|p| p.segments.swap(0, 1)), "SEGMENT_NUMBER");
    assert_eq!(change(&|p| drop(p.segments.pop())), "SEGMENT_COUNT");
}

/// Shards that do not follow one another are refused before any proof is looked at.
#[test]
fn shards_follow_one_another() {
    let change = |change: &dyn Fn(&mut Vec<ShardProof>)| {
        let mut proven = counter().clone();
        change(&mut proven.shards);
        code(&proven)
    };
    let last = counter().shards.len() - 1;
    assert_eq!(change(&|shards| shards.swap(0, 1)), "SHARD_NUMBER");
    assert_eq!(change(&|shards| drop(shards.remove(0))), "SHARD_NUMBER");
    assert_eq!(change(&|shards| shards.push(shards[last].clone())), "SHARD_NUMBER");
    assert_eq!(change(&|shards| shards.clear()), "SHARD_COUNT");
    let publics = |shards: &mut Vec<ShardProof>, at: usize, edit: fn(&mut ShardPublics)| edit(&mut shards[at].publics);
    assert_eq!(change(&|shards| publics(shards, 0, |p| p.lo = Some(0))), "SHARD_CHAIN");
    assert_eq!(change(&|shards| publics(shards, 1, |p| p.lo = None)), "SHARD_CHAIN");
    assert_eq!(change(&|shards| publics(shards, 1, |p| p.lo = p.lo.map(|lo| lo - 1))), "SHARD_CHAIN");
    assert_eq!(change(&|shards| publics(shards, 0, |p| p.hi += 1)), "SHARD_CHAIN");
    assert_eq!(change(&|shards| publics(shards, 1, |p| p.input_before = Some(7))), "SHARD_CHAIN");
    // A shard left out, the next with its number: the words between are missing.
    assert_eq!(
        change(&|shards| {
            shards.remove(1);
            (1..).zip(&mut *shards).for_each(|(number, shard)| shard.publics.number = number);
        }),
        "SHARD_CHAIN"
    );
    // The last shard not there at all: another challenge.
    assert_eq!(change(&|shards| drop(shards.pop())), "INVALID_PROOF");
}

/// What a proof says of itself is what it is about.
#[test]
fn public_values_heights_and_sums_are_the_proofs_own() {
    let change = |change: &dyn Fn(&mut Proven)| {
        let mut proven = counter().clone();
        change(&mut proven);
        code(&proven)
    };
    assert_eq!(change(&|p| p.segments[0].shared.log_height += 1), "TABLE_HEIGHT");
    assert_eq!(change(&|p| p.segments[0].shared.root[0] += Val::ONE), "INVALID_PROOF");
    assert_eq!(change(&|p| p.segments[0].publics.number = 0), "SEGMENT_NUMBER");
    // Sums are drawn into nothing but their own proof; opposite lies cancel in the total.
    assert_eq!(change(&|p| p.segments[0].sum += Challenge::ONE), "INVALID_PROOF");
    assert_eq!(
        change(&|p| {
            p.segments[0].sum += Challenge::ONE;
            p.segments[1].sum -= Challenge::ONE;
        }),
        "INVALID_PROOF"
    );
    assert_eq!(
        change(&|p| {
            p.shards[0].sums.words += Challenge::ONE;
            p.shards[0].sums.image -= Challenge::ONE;
        }),
        "INVALID_PROOF"
    );
    assert_eq!(change(&|p| p.shards[1].sums.image += Challenge::ONE), "INVALID_PROOF");
    // A key of another program.
    assert_eq!(change(&|p| p.key.verifying.writable_word += 1), "INVALID_PROOF");
    assert_eq!(change(&|p| p.key.verifying.program_log_height += 1), "TABLE_HEIGHT");
    assert_eq!(change(&|p| p.key.verifying.image_log_height += 1), "INVALID_PROOF");
}

#[test]
fn runs_with_accelerators_are_proven() {
    for accelerator in Accelerator::ALL {
        let program = load_elf(&accelerator_calls(accelerator, 8).elf()).expect("ELF");
        let Proven { key, statement, segments, shards } = prove(program, &[], 1 << 18, 18);
        assert!(segments[0].accelerators.has(accelerator));
        verify(&key.verifying, &statement, &segments, &shards).expect("an honest run");
    }
}

/// A proof without the table of an accelerator that the segment uses, or with one more, is not its proof.
#[test]
fn the_set_of_accelerators_is_part_of_a_proof() {
    let proven = counter();
    let bytes = proven.segments[0].encode();
    let set = bytes.len() - proven.segments[0].proof.encode().len() - 1;
    for other in 1..=3 {
        let mut bytes = bytes.clone();
        bytes[set] = other;
        assert!(SegmentProof::decode(&bytes).is_err(), "the other machine has other lengths");
    }
    let mut unknown = bytes.clone();
    unknown[set] = 4;
    assert!(SegmentProof::decode(&unknown).is_err());
}

/// The programs that the machine's tests are measured with.
#[test]
fn all_kinds_of_instructions_are_proven() {
    for workload in workloads(20) {
        let program = load_elf(&workload.elf()).expect("ELF");
        let Proven { key, statement, segments, shards } = prove(program, &workload.input, 1 << 18, 18);
        let verified = verify(&key.verifying, &statement, &segments, &shards);
        assert_eq!(verified, Ok::<(), VerifyError>(()), "{}", workload.name);
    }
}
