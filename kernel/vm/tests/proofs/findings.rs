//! Promises that a reader who tried to break them found broken, or held.

use proofloom_machine::map::MAX_TEXT_SPAN;
use proofloom_machine::testkit::reg::{A0, RA, SP, T0, T1, ZERO};
use proofloom_machine::testkit::{Assembler, DATA_BASE, ElfFile, ElfSegment, TEXT_BASE, elf};
use proofloom_machine::{Accelerator, Limits, Op, execute, load_elf};
use proofloom_stark::{Group, MAX_PROOF_BYTES, ProveError, Silent, TraceError};
use proofloom_vm::layout::LOG_MAX_HEIGHT;
use proofloom_vm::{
    Accelerators, BOUNDARY, Inspector, Job, KernelError, Limit, Start, boundary_machine, segment_machine, setup,
};

/// Bytes of one allocation in 32 bits: what the shipped kernel can have.
const LARGEST_ALLOCATION: u64 = i32::MAX as u64;

/// BROKEN: a plan admits more calls than the shipped kernel can prove. The extension of a table's main columns is one allocation.
#[test]
fn calls_that_a_plan_admits_fit_the_address_space_of_the_shipped_kernel() {
    let machine = segment_machine(Accelerators::ALL);
    let mut broken = Vec::new();
    for (table, stats) in machine.tables().iter().zip(machine.stats()) {
        let bytes = |rows: u64| rows.next_power_of_two() * 2 * stats.main as u64 * 4;
        let largest = bytes(1 << stats.height_range.1);
        if largest > LARGEST_ALLOCATION {
            let rows = (4..=20).map(|log| 1u64 << log).filter(|&rows| bytes(rows) <= LARGEST_ALLOCATION).max();
            broken.push(format!("{table:?}: {largest} bytes, {rows:?} rows would fit"));
        }
    }
    for accelerator in Accelerator::ALL {
        println!("{accelerator:?}: {} calls admitted", Limit::Calls(accelerator).allowed());
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// BROKEN: kernel-abi.md: "`contribute` and `prove` have the limits `segments` and `table_rows`".
#[test]
fn a_table_that_is_too_high_for_a_proof_is_a_limit_not_the_kernels_fault() {
    let error = TraceError::Height { table: "REFRESH", group: Group::Main, got: 1 << 21, min: 4, max: LOG_MAX_HEIGHT };
    assert_eq!(KernelError::from(error.clone()).code(), "table_rows");
    assert_eq!(KernelError::from(ProveError::from(error)).code(), "table_rows");
}

/// BROKEN: as above, for `segments`.
#[test]
fn prove_refuses_more_segments_than_a_proof_has() {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(T0, 8300);
    let again = asm.here_label();
    asm.i(Op::Addi, T0, T0, -1).branch(Op::Bne, T0, ZERO, again).exit(0);
    let key = setup(load_elf(&elf(asm, 64)).expect("ELF")).expect("a small program");
    let job = Job { key: &key, input: &[], limits: Limits::default(), segment_cycles: 1 };
    let code = |result: Result<(), KernelError>| result.err().map(|error| error.code());
    let segments = Some("segments".to_owned());
    assert_eq!(code(job.contribute(&[BOUNDARY]).map(drop)), segments);
    for number in [16_385, BOUNDARY] {
        assert_eq!(code(job.prove(number, Default::default(), &mut Silent).map(drop)), segments, "{number}");
    }
}

/// BROKEN: `wordsTouched` "counts the words that have a row in the boundary"; that of the input's length has none here.
#[test]
fn words_that_have_no_row_are_not_counted() {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.exit(0);
    let program = load_elf(&elf(asm, 64)).expect("ELF");
    let start = Start { program: &program, input: &[], limits: Limits::default(), segment_cycles: 100 };
    let (_, measured) = start.plan().expect("it halts");
    assert_eq!(measured.words, program.image_words() as u64 + 1);
}

/// HELD, as long as the text is one that admits it: no proof is longer than what is decoded.
#[test]
fn no_proof_is_longer_than_what_is_decoded() {
    let segment = segment_machine(Accelerators::ALL).proof_bytes(LOG_MAX_HEIGHT);
    let boundary = boundary_machine().proof_bytes(LOG_MAX_HEIGHT);
    println!("{segment} {boundary}");
    assert!(segment.max(boundary) + 128 <= MAX_PROOF_BYTES as u64);
}

/// HELD: calls between texts at both ends of the widest span, at every alignment of the base.
#[test]
fn jumps_reach_across_the_widest_text() {
    for (base, offset) in [0u64, 0xeffc, 0xf000, 0xfffc].into_iter().flat_map(|b| [-2048i64, -4, 0, 1, 2047].map(|o| (b, o))) {
        let near = TEXT_BASE + base;
        let text_base = near / 4096 * 4096;
        // The last two slots of the span.
        let far = text_base + 4 * (MAX_TEXT_SPAN - 2);
        let mut asm = Assembler::new(near);
        // Bit 0 of the sum is cleared.
        asm.li(T1, far.wrapping_add_signed(1 - offset)).i(Op::Jalr, RA, T1, offset).exit(3);
        let mut there = Assembler::new(far);
        there.i(Op::Addi, A0, A0, 1).i(Op::Jalr, ZERO, RA, 0);
        let file = ElfFile {
            entry: near,
            segments: vec![
                ElfSegment::text(near, &asm.finish()),
                ElfSegment::text(far, &there.finish()),
                ElfSegment::data(DATA_BASE, Vec::new(), 64),
            ],
        };
        let inspector = Inspector::new(load_elf(&file.to_bytes()).expect("ELF"));
        for cycles in [1, 7, 1000] {
            inspector.check(&[], cycles).unwrap_or_else(|finding| panic!("{base:#x} {offset}: {finding}"));
        }
    }
}

/// BROKEN: `STACK_OVERFLOW` needs a stack pointer "not zero and below the start of RAM" (kernel-abi.md). A program that
/// never had a stack is told that it recurses too deeply, and so is a null pointer in it.
#[test]
fn a_program_without_a_stack_does_not_overflow_it() {
    let code = |asm: Assembler| execute(&load_elf(&elf(asm, 64)).expect("ELF"), &[], Limits::default(), 100).expect_err("a trap").code();
    let mut prologue = Assembler::new(TEXT_BASE);
    prologue.i(Op::Addi, SP, SP, -16).store(Op::Sd, RA, 8, SP).exit(0);
    let mut null = Assembler::new(TEXT_BASE);
    null.i(Op::Addi, SP, SP, -16).load(Op::Ld, A0, 0, ZERO).exit(0);
    assert_eq!([code(prologue), code(null)], ["UNMAPPED_STORE", "UNMAPPED_LOAD"]);
}

/// How long a plan takes where pages are many and segments short: run by hand, with `--ignored --nocapture`.
#[test]
#[ignore = "measures"]
fn a_plan_looks_at_every_page_after_every_segment() {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(SP, DATA_BASE).li(T0, 131_000).li(T1, 4096);
    let again = asm.here_label();
    asm.store(Op::Sd, ZERO, 0, SP).r(Op::Add, SP, SP, T1).i(Op::Addi, T0, T0, -1).branch(Op::Bne, T0, ZERO, again).exit(0);
    let program = load_elf(&elf(asm, 64)).expect("ELF");
    for segment_cycles in [(1 << 18) - 1, 1024, 128, 32] {
        let start = Start { program: &program, input: &[], limits: Limits::default(), segment_cycles };
        let begin = std::time::Instant::now();
        let plan = start.execute().expect("it halts");
        let executed = begin.elapsed();
        let planned = start.plan().is_ok();
        println!("{} segments: execute {executed:?}, plan {:?} ({planned})", plan.statement.segments, begin.elapsed() - executed);
    }
}
