//! Programs that are really proven, and what the prover's calls refuse.

use std::path::Path;

use proofloom_executor::testkit::reg::{A0, A7, T0, ZERO};
use proofloom_executor::testkit::{
    Assembler, CALL_WORDS, Mix, TEXT_BASE, TestProgram, accelerator_calls, elf, random_program_with,
};
use proofloom_executor::{Accelerator, Limits, Op, load_elf};
use proofloom_field::Digest;
use proofloom_stark::{Group, ProveError, Silent, TraceError};
use proofloom_vm::{
    BOUNDARY, KernelError, Limit, OverLimit, Statement, VerifyError, aggregate, aggregate_verified, setup, verify,
};

use crate::job::{encode_final, fibonacci, job, key, key_of, prove, proven};
use crate::plan::calls;

/// Proves and verifies a program in `segments` segments; returns its cycles.
fn prove_and_verify(elf: &[u8], input: &[u8], segments: u64) -> u64 {
    let key = key_of(elf);
    let job = |segment_cycles| key.job(input, Limits::default(), segment_cycles);
    let cycles = job(1 << 18).plan().expect("it halts").0.statement.cycles;
    let job = job(cycles.div_ceil(segments));
    let made = prove(&job, job.plan().expect("it halts").0.statement);
    assert_eq!(made.segments.len() as u64, segments);
    let bytes = encode_final(&key.verifying, &made.statement, &made.boundary, &made.segments);
    let verified = verify(&key.verifying.digest(), &bytes).expect("an honest proof");
    assert_eq!(verified.statement, made.statement);
    assert_eq!(verified.key, key.verifying);
    let sizes: Vec<usize> = made.segments.iter().map(Vec::len).collect();
    println!("{cycles} cycles, segment proofs of {sizes:?} bytes, {} in all", bytes.len());
    cycles
}

#[test]
fn calls_of_accelerators_are_proven_and_verified() {
    // Segments with one accelerator and without any; then both in one segment.
    for accelerator in Accelerator::ALL {
        prove_and_verify(&accelerator_calls(accelerator, -16).elf(), &[], 3);
    }
    let cycles = prove_and_verify(&all_accelerators().elf(), &[], 1);
    println!("{cycles} cycles");
}

/// A program that calls every accelerator on the same words.
fn all_accelerators() -> TestProgram {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(A0, CALL_WORDS);
    for accelerator in Accelerator::ALL {
        asm.li(A7, accelerator.call()).ecall();
    }
    asm.exit(0);
    TestProgram::new("all accelerators", asm, 4096)
}

fn guest(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests").join(path)).expect("a prebuilt program")
}

/// What qemu counted, from the record that `guests/oracle.sh` makes anew with every change of a guest.
fn recorded_instructions(name: &str) -> Option<u64> {
    let record: serde_json::Value = serde_json::from_slice(&guest("expected.json")).expect("JSON");
    record[name]["instructions"].as_u64()
}

#[test]
fn a_program_of_all_operations_is_proven_and_verified() {
    let mix = Mix { body: 400, rounds: 1, digest: false, data_bytes: 4096, ..Mix::default() };
    prove_and_verify(&random_program_with(7, &mix).elf(), &[], 3);
}

#[test]
fn an_instruction_test_with_misaligned_accesses_is_proven_and_verified() {
    prove_and_verify(&guest("tests/elf/misaligned-sd-a0030000.elf"), &[], 2);
}

#[test]
fn a_guest_that_fails_is_proven_to_fail() {
    let cycles = prove_and_verify(&guest("elf/exit-nonzero.elf"), &[], 1);
    assert_eq!(Some(cycles), recorded_instructions("exit-nonzero"));
}

fn refused<T>(result: Result<T, KernelError>) -> String {
    result.err().expect("it is refused").code()
}

#[test]
fn segments_that_the_run_does_not_have_are_refused() {
    let job = job(1 << 18);
    assert_eq!(refused(job.contribute(&[2])), "INVALID_ARGUMENT");
    assert_eq!(refused(job.contribute(&[BOUNDARY, 1, 9])), "INVALID_ARGUMENT");
    assert_eq!(refused(job.prove(2, proven().gamma, &mut Silent)), "INVALID_ARGUMENT");
    for segment_cycles in [0, 1 << 20] {
        assert_eq!(refused(crate::job::job(segment_cycles).plan()), "INVALID_ARGUMENT");
    }
}

#[test]
fn more_segments_than_a_proof_has_are_refused_by_every_call() {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(T0, 8300);
    let again = asm.here_label();
    asm.i(Op::Addi, T0, T0, -1).branch(Op::Bne, T0, ZERO, again).exit(0);
    let key = key_of(&elf(asm, 64));
    let job = key.job(&[], Limits::default(), 1);
    assert_eq!(refused(job.plan()), "segments");
    assert_eq!(refused(job.contribute(&[BOUNDARY])), "segments");
    for number in [16_385, BOUNDARY] {
        assert_eq!(refused(job.prove(number, Default::default(), &mut Silent)), "segments", "{number}");
    }
}

/// A segment with more calls than a table has rows for, in a run that no plan has seen.
#[test]
fn a_table_that_would_be_too_high_is_a_limit_and_says_how_high() {
    let key = key_of(&calls(Accelerator::KeccakF, 2731));
    let job = key.job(&[], Limits::default(), 1 << 18);
    match job.prove(1, Default::default(), &mut Silent).map(|_| ()) {
        Err(KernelError::OverLimit(over)) => {
            let expected = OverLimit { limit: Limit::Calls(Accelerator::KeccakF), segment: Some(1), value: 2731 };
            assert_eq!(over, expected);
        }
        other => panic!("{other:?}"),
    }
    // Should a table pass unnoticed, the engine's refusal is a limit as well.
    let error = TraceError::Height { table: "REFRESH", group: Group::Main, got: 1 << 21, min: 4, max: 20 };
    assert_eq!(KernelError::from(error.clone()).code(), "table_rows");
    assert_eq!(KernelError::from(ProveError::from(error)).code(), "table_rows");
}

#[test]
fn contributions_do_not_depend_on_what_else_is_asked_for() {
    let made = proven();
    let cycles = u64::from(made.segment(1).publics.cycles);
    for number in 0..=3u32 {
        let found = job(cycles).contribute(&[number]).expect("it halts");
        let found: Vec<_> =
            found.into_iter().map(|contribution| (contribution.segment, contribution.commitment)).collect();
        assert_eq!(found, [(number, made.commitments[number as usize])]);
    }
}

/// One key remembers where its last run was left; what was proven from there is what a run from the
/// beginning gives.
#[test]
fn proofs_do_not_depend_on_what_was_run_before() {
    let made = proven();
    let cycles = u64::from(made.segment(1).publics.cycles);
    let key = key_of(&fibonacci().elf());
    let input = fibonacci().input;
    let job = key.job(&input, Limits::default(), cycles);
    for asked in [&[3][..], &[2, 3], &[BOUNDARY], &[1], &[BOUNDARY, 2], &[3]] {
        let found = job.contribute(asked).expect("it halts");
        let expected = asked.iter().map(|&number| made.commitments[number as usize]);
        assert!(found.iter().map(|contribution| contribution.commitment).eq(expected), "{asked:?}");
    }
    for number in [3, 1, 2] {
        let proven = job.prove(number, made.gamma, &mut Silent).expect("it halts");
        assert!(proven.bytes == made.segments[number as usize - 1], "segment {number}");
    }
    assert_eq!(refused(job.prove(4, made.gamma, &mut Silent)), "INVALID_ARGUMENT");
}

#[test]
fn traps_come_through_with_their_code() {
    let key = setup(load_elf(&guest("elf/trap.elf")).expect("ELF")).expect("a small program");
    let job = key.job(&[], Limits::default(), 50);
    let trap = refused(job.plan());
    assert_eq!(refused(job.contribute(&[BOUNDARY])), trap);
    assert_eq!(refused(job.prove(BOUNDARY, proven().gamma, &mut Silent)), trap);
    assert_ne!(trap, "PROVER_FAILED");
}

#[test]
fn aggregate_refuses_what_does_not_verify() {
    let made = proven();
    let (key, statement) = (&key().verifying, &made.statement);
    let error = aggregate(key, statement, &made.boundary, &made.segments[..2]).expect_err("a segment is missing");
    assert_eq!(error.code(), "SEGMENT_COUNT");
    let bytes = aggregate(key, statement, &made.boundary, &made.segments).expect("honest proofs");
    assert_eq!(bytes, made.final_proof());
}

/// What was verified part by part is aggregated without verifying it again; what the parts have to be together is checked.
#[test]
fn aggregation_checks_what_verified_proofs_are_together() {
    let made = proven();
    let (key, statement, commitments) = (&key().verifying, &made.statement, &made.commitments);
    let aggregate_verified = |statement: &Statement, commitments: &[Digest], segments: &[Vec<u8>]| {
        aggregate_verified(key, statement, commitments, &made.boundary, segments)
    };
    assert_eq!(aggregate_verified(statement, commitments, &made.segments).expect("honest proofs"), made.final_proof());
    let code = |aggregated: Result<Vec<u8>, VerifyError>| aggregated.expect_err("not the job's proofs").code();
    assert_eq!(code(aggregate_verified(statement, commitments, &made.segments[..2])), "SEGMENT_COUNT");
    assert_eq!(code(aggregate_verified(statement, &commitments[..3], &made.segments)), "SEGMENT_COUNT");
    let mut others = commitments.clone();
    others.swap(1, 2);
    assert_eq!(code(aggregate_verified(statement, &others, &made.segments)), "COMMITMENT");
    let mut swapped = made.segments.clone();
    swapped.swap(0, 1);
    assert_eq!(code(aggregate_verified(statement, commitments, &swapped)), "SEGMENT_NUMBER");
    let exit = Statement { exit_code: 1, ..statement.clone() };
    assert_eq!(code(aggregate_verified(&exit, commitments, &made.segments)), "EXIT_CODE");
    let mut output = statement.output.clone();
    output[0] ^= 1;
    let other = Statement { output, ..statement.clone() };
    assert_eq!(code(aggregate_verified(&other, commitments, &made.segments)), "CROSS_SEGMENT_SUM");
}
