//! What a prover makes of a run that was not as it says, everything else made to agree: no proof, or proofs
//! that do not fit together. `kernel/vm` has each kind of lie, row by row; here are some as whole proofs.

use proofloom_executor::map::OUTPUT_BASE;
use proofloom_executor::testkit::reg::{A0, A1, S0, SP, T0, T1, ZERO};
use proofloom_executor::testkit::{Assembler, DATA_BASE, TEXT_BASE, elf};
use proofloom_executor::{Limits, Op, Program, Step, load_elf};
use proofloom_field::Digest;
use proofloom_vm::rows::{BoundaryTrace, Engine as Tables, LOG_MAX_SHARD, Record, Run, segment, shards};
use proofloom_vm::{Accelerators, ClaimedExecution, Start, Statement, VmTable};
use proofloom_weave_prover::ProveError as Engine;

use crate::challenge::{Leaves, challenge};
use crate::error::ProveError;
use crate::job::{prove_record, prove_shard, share};
use crate::key::{ProvingKey, key_digest, setup};
use crate::leaf::{SegmentLeaf, ShardLeaf};
use crate::machine::{segment_machine, shard_machine};
use crate::parts::{SegmentProof, ShardProof};
use crate::verifier::verify;

#[path = "../../vm/tests/tables/faulty_executor.rs"]
#[expect(dead_code, reason = "the tests of rows inject more faults")]
mod faulty_executor;
use faulty_executor::{Effect, FaultyExecutor};

/// Instructions of a segment: the run has two.
const CYCLES: usize = 20;

/// Adds, compares, branches, stores and loads; shows a word.
fn program() -> Program {
    let mut asm = Assembler::new(TEXT_BASE);
    let end = asm.label();
    asm.li(SP, DATA_BASE).li(S0, OUTPUT_BASE).li(T0, 40).li(T1, 2);
    asm.r(Op::Mul, A0, T0, T1).store(Op::Sd, A0, 64, SP).r(Op::Xor, A1, A0, T0);
    asm.branch(Op::Bltu, T0, T1, end);
    while ((asm.here() - TEXT_BASE) / 4) < CYCLES as u64 {
        asm.i(Op::Addi, ZERO, ZERO, 0);
    }
    asm.load(Op::Ld, A0, 64, SP).bind(end).store(Op::Sd, A0, 8, S0);
    asm.li(A0, 8).store(Op::Sd, A0, 0, S0).exit(0);
    load_elf(&elf(asm, 128)).expect("ELF")
}

/// What is proven of a claimed execution.
struct Parts<'a> {
    run: Run<'a>,
    records: Vec<Record>,
    shards: Vec<BoundaryTrace>,
}

impl<'a> Parts<'a> {
    fn new(key: &'a ProvingKey, claimed: &ClaimedExecution) -> Self {
        let (records, finish) = claimed.records(&key.rows, key.program.entry_index());
        let start = Start { program: &key.program, input: &[], limits: Limits::default(), segment_cycles: 1 };
        let run = Run { start, rows: &key.rows };
        Self { run, records, shards: shards(&run, &finish, LOG_MAX_SHARD) }
    }

    /// What the prover would have contributed.
    fn leaves(&self) -> Result<Leaves, ProveError> {
        let of_segment = |record: &Record| {
            let trace = segment(&self.run, record, Tables::Multilinear)?;
            let (shared, _) = share(segment_machine(Accelerators::NONE), VmTable::Local, &trace.local)?;
            Ok(SegmentLeaf { publics: record.publics(), shared }.digest())
        };
        let of_shard = |trace: &BoundaryTrace| {
            let (shared, _) = share(shard_machine(), VmTable::Initfin, &trace.phase_one)?;
            Ok(ShardLeaf { publics: *trace.shard().expect("a shard"), shared }.digest())
        };
        let segments: Result<_, ProveError> = self.records.iter().map(of_segment).collect();
        let shards: Result<_, ProveError> = self.shards.iter().map(of_shard).collect();
        Ok(Leaves { segments: segments?, shards: shards? })
    }

    fn prove(self, key: &ProvingKey, gamma: &Digest) -> Result<(Vec<SegmentProof>, Vec<ShardProof>), ProveError> {
        let segments = self.records.into_iter().map(|record| prove_record(key, &self.run, record, gamma));
        let segments: Vec<_> = segments.collect::<Result<_, _>>()?;
        let shards: Result<_, _> = self.shards.iter().map(|trace| prove_shard(key, trace, gamma)).collect();
        Ok((segments, shards?))
    }
}

/// Why a claim has no proof that is believed.
fn refusal(key: &ProvingKey, claimed: &ClaimedExecution) -> String {
    let parts = Parts::new(key, claimed);
    let statement = Statement {
        exit_code: claimed.exit_code,
        cycles: claimed.cycles(),
        output: claimed.output.clone(),
        segments: parts.records.len() as u32,
    };
    let leaves = parts.leaves().expect("low tables");
    match parts.prove(key, &challenge(&key_digest(&key.verifying), &statement, &leaves)) {
        Err(ProveError::Prover(Engine::Violated(violated))) => format!("constraint of {}", violated.table),
        Err(ProveError::Prover(Engine::Unbalanced(_))) => "bus".to_owned(),
        Err(error) => panic!("{error}"),
        Ok((segments, shards)) => match verify(&key.verifying, &statement, &segments, &shards) {
            Ok(()) => "believed".to_owned(),
            Err(error) => error.code().to_owned(),
        },
    }
}

/// The claim of a run in which `fault` changes a step of `op`.
fn claim(key: &ProvingKey, op: Op, fault: impl Fn(&mut FaultyExecutor<'_>, &mut Step)) -> ClaimedExecution {
    FaultyExecutor::new(&key.program, &[]).run(CYCLES, |_, machine, step| {
        if step.instr.op == op && step.instr.rd != 0 {
            fault(machine, step);
        }
        Effect::Happens
    })
}

#[test]
fn lies_about_a_run_have_no_proof_that_is_believed() {
    let key = setup(program()).expect("a small program");
    let branch = |key: &ProvingKey| {
        FaultyExecutor::new(&key.program, &[]).run(CYCLES, |_, _, step| {
            if step.instr.op == Op::Bltu {
                step.next_index += 1;
            }
            Effect::Happens
        })
    };
    let cases: [(&str, ClaimedExecution, &str); 6] = [
        ("nothing", claim(&key, Op::Mul, |_, _| {}), "believed"),
        ("a product", claim(&key, Op::Mul, |_, step| step.rd += 1), "bus"),
        ("a sum", claim(&key, Op::Addi, |_, step| step.rd ^= u64::from(step.instr.rd == T0)), "constraint of CPU"),
        ("a branch", branch(&key), "constraint of CPU"),
        (
            "memory between two segments",
            claim(&key, Op::Ld, |machine, step| {
                machine.memory.insert((DATA_BASE + 64) as u32 / 8, 81);
                *step = machine.next_step();
            }),
            "CROSS_SEGMENT_SUM",
        ),
        ("the exit code", ClaimedExecution { exit_code: 1, ..claim(&key, Op::Mul, |_, _| {}) }, "constraint of JUMP"),
    ];
    for (lie, claimed, expected) in cases {
        assert_eq!(refusal(&key, &claimed), expected, "{lie}");
    }
    let mut shown = claim(&key, Op::Mul, |_, _| {});
    shown.output[0] ^= 1;
    assert_eq!(refusal(&key, &shown), "CROSS_SEGMENT_SUM");
}
