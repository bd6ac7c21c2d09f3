//! Proofs that the tests share.

use std::sync::{Arc, OnceLock};

use proofloom_executor::map::{INPUT_BASE, OUTPUT_BASE};
use proofloom_executor::testkit::reg::{A0, A1, S0, S1, SP, ZERO};
use proofloom_executor::testkit::{Assembler, DATA_BASE, TEXT_BASE, elf};
use proofloom_executor::{Limits, Op, Program, execute, load_elf};
use proofloom_vm::{Statement, VerifyingKey};
use proofloom_weave_vm::{
    Contribution, Job, Leaves, ProvingKey, SegmentProof, ShardProof, challenge, key_digest, setup,
};

/// What a verifier has of a key.
#[derive(Clone)]
pub struct Key {
    pub verifying: VerifyingKey,
    pub proving: Arc<ProvingKey>,
}

/// A run with the proofs of all its parts.
#[derive(Clone)]
pub struct Proven {
    pub key: Key,
    pub statement: Statement,
    pub segments: Vec<SegmentProof>,
    pub shards: Vec<ShardProof>,
}

const SEGMENT_CYCLES: u64 = 60;
const LOG_SHARD: usize = 5;

fn input() -> Vec<u8> {
    (0..=255).collect()
}

/// The job of [`counter`].
pub fn job(key: &Key) -> Job<'_> {
    static INPUT: OnceLock<Vec<u8>> = OnceLock::new();
    key.proving.job(INPUT.get_or_init(input), Limits::default(), SEGMENT_CYCLES).with_log_shard(LOG_SHARD)
}

/// Two segments and more than two shards, with input that goes on from shard to shard.
pub fn counter() -> &'static Proven {
    static PROVEN: OnceLock<Proven> = OnceLock::new();
    PROVEN.get_or_init(|| {
        let mut asm = Assembler::new(TEXT_BASE);
        asm.li(SP, DATA_BASE).li(S0, INPUT_BASE).li(S1, OUTPUT_BASE).li(A0, 0);
        for word in 1..=32 {
            asm.load(Op::Ld, A1, 8 * word, S0).r(Op::Add, A0, A0, A1);
        }
        asm.store(Op::Sd, A0, 64, SP).load(Op::Ld, A1, 64, SP).store(Op::Sd, A1, 8, S1);
        asm.i(Op::Addi, A0, ZERO, 8).store(Op::Sd, A0, 0, S1).exit(0);
        prove(load_elf(&elf(asm, 128)).expect("ELF"), &input(), SEGMENT_CYCLES, LOG_SHARD)
    })
}

/// Proves all parts of a run.
pub fn prove(program: Program, input: &[u8], segment_cycles: u64, log_shard: usize) -> Proven {
    let outcome = execute(&program, input, Limits::default(), segment_cycles).expect("a run that halts");
    let proving = Arc::new(setup(program).expect("a small program"));
    let job = proving.job(input, Limits::default(), segment_cycles).with_log_shard(log_shard);
    let contributed = job.contribute().expect("a run that halts");
    let mut leaves = Leaves::default();
    for contribution in &contributed {
        match contribution {
            Contribution::Segment(leaf) => leaves.segments.push(leaf.digest()),
            Contribution::Shard(leaf) => leaves.shards.push(leaf.digest()),
        }
    }
    let statement = Statement {
        exit_code: outcome.exit_code,
        cycles: outcome.cycles,
        output: outcome.output,
        segments: leaves.segments.len() as u32,
    };
    let gamma = challenge(&key_digest(&proving.verifying), &statement, &leaves);
    let numbers = |parts: &[_]| 1..=parts.len() as u32;
    let segments = numbers(&leaves.segments).map(|number| job.prove_segment(number, &gamma).expect("a proof"));
    let segments = segments.collect();
    let shards = numbers(&leaves.shards).map(|number| job.prove_shard(number, &gamma).expect("a proof")).collect();
    let key = Key { verifying: proving.verifying.clone(), proving };
    Proven { key, statement, segments, shards }
}
