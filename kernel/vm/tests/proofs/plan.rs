//! What a plan says of a run, and what it refuses.

use proofloom_executor::map::{INPUT_BASE, OUTPUT_BASE};
use proofloom_executor::testkit::reg::{A0, A1, A7, S0, SP, T0, T1, ZERO};
use proofloom_executor::testkit::{Assembler, DATA_BASE, TEXT_BASE, elf};
use proofloom_executor::{Accelerator, Limits, Op, PAGE_BYTES, Program, load_elf};
use proofloom_stark::{MAX_PROOF_BYTES, Progress};
use proofloom_vm::layout::LOG_MAX_HEIGHT;
use proofloom_vm::{
    Accelerators, BOUNDARY, KernelError, Limit, Measures, OverLimit, Start, Unprovable, boundary_machine,
    segment_machine,
};

use crate::job::{job, proven};

const SEGMENT_CYCLES: u64 = (1 << 18) - 1;

fn start<'a>(program: &'a Program, input: &'a [u8], segment_cycles: u64) -> Start<'a> {
    Start { program, input, limits: Limits::default(), segment_cycles }
}

fn measures(elf: &[u8], segment_cycles: u64) -> Result<Measures, OverLimit> {
    let program = load_elf(elf).expect("ELF");
    let start = start(&program, &[], segment_cycles);
    start.execute().expect("the limits are those of proofs");
    match start.plan(elf.len() as u64) {
        Ok((_, measures)) => Ok(measures),
        Err(Unprovable::OverLimit(over)) => Err(over),
        Err(Unprovable::Stopped(stopped)) => panic!("{}", stopped.trap),
    }
}

/// What was refused: name, segment, value; and that the message has the value and what is allowed.
fn refused(result: Result<Measures, OverLimit>) -> (&'static str, Option<u32>, u64) {
    let over = result.expect_err("it is over a limit");
    let message = over.to_string();
    assert!(
        message.contains(&over.value.to_string()) && message.contains(&over.limit.allowed().to_string()),
        "{message}"
    );
    (over.limit.name(), over.segment, over.value)
}

/// Stores to `words` words, one after another, `unrolled` in each round of the loop.
fn touch(words: u64, unrolled: u64) -> Vec<u8> {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(SP, DATA_BASE).li(T0, words / unrolled);
    let again = asm.here_label();
    for i in 0..unrolled {
        asm.store(Op::Sd, ZERO, 8 * i as i64, SP);
    }
    asm.i(Op::Addi, SP, SP, 8 * unrolled as i64).i(Op::Addi, T0, T0, -1).branch(Op::Bne, T0, ZERO, again);
    asm.exit(0);
    elf(asm, 64)
}

/// Calls accelerators so often, one after another.
fn calls_of(calls: &[(Accelerator, u64)]) -> Vec<u8> {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(A0, DATA_BASE);
    for &(accelerator, times) in calls {
        asm.li(A7, accelerator.call()).li(T0, times);
        let again = asm.here_label();
        asm.ecall().i(Op::Addi, T0, T0, -1).branch(Op::Bne, T0, ZERO, again);
    }
    asm.exit(0);
    elf(asm, 4096)
}

/// Calls an accelerator so often.
pub fn calls(accelerator: Accelerator, times: u64) -> Vec<u8> {
    calls_of(&[(accelerator, times)])
}

/// Stores to one word on each of so many pages.
fn pages(count: u64) -> Vec<u8> {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(SP, DATA_BASE).li(T0, count).li(T1, PAGE_BYTES);
    let again = asm.here_label();
    asm.store(Op::Sd, ZERO, 0, SP).r(Op::Add, SP, SP, T1).i(Op::Addi, T0, T0, -1).branch(Op::Bne, T0, ZERO, again);
    asm.exit(0);
    elf(asm, 64)
}

/// Text and the word of the output's length are in the proof as well; that of the input's is not, where none is read.
fn other_words(elf: &[u8]) -> u64 {
    load_elf(elf).expect("ELF").image_words() as u64 + 1
}

#[test]
fn memory_is_counted_to_the_word_and_refused_beyond_what_can_be_proven() {
    let others = other_words(&touch((1 << 20) - 100, 1));
    let most = (1 << 20) - 32 - others;
    let measured = measures(&touch(most, 1), SEGMENT_CYCLES).expect("as much as can be proven");
    assert_eq!(measured.words, (1 << 20) - 32);
    let over = refused(measures(&touch(most + 1, 1), SEGMENT_CYCLES));
    assert_eq!(over, ("memory_words", None, (1 << 20) - 31));
    let nine_mib = touch(9 << 17, 1);
    let over = refused(measures(&nine_mib, SEGMENT_CYCLES));
    assert_eq!(over, ("memory_words", None, (9 << 17) + other_words(&nine_mib)));
}

#[test]
fn calls_of_accelerators_are_counted_and_refused_beyond_a_segments_table() {
    for (accelerator, most, name) in [
        (Accelerator::KeccakF, 2_730, "keccak_calls_per_segment"),
        (Accelerator::Sha256, 8_192, "sha256_calls_per_segment"),
    ] {
        let measured = measures(&calls(accelerator, most), SEGMENT_CYCLES).expect("as many as can be proven");
        assert_eq!(measured.calls, most);
        let over = refused(measures(&calls(accelerator, most + 1), SEGMENT_CYCLES));
        assert_eq!(over, (name, Some(1), most + 1));
        // The limit is one of a segment: two of them hold more.
        let measured = measures(&calls(accelerator, most + 1), most * 2).expect("in two segments");
        assert_eq!(measured.calls, most + 1);
    }
}

/// What the shipped kernel has no room for is refused, although no table alone is too high.
#[test]
fn calls_of_both_accelerators_have_a_bound_together() {
    let both = |keccak, sha256| calls_of(&[(Accelerator::KeccakF, keccak), (Accelerator::Sha256, sha256)]);
    measures(&both(2730, 4096), SEGMENT_CYCLES).expect("tables of 2^16 and 2^18 rows");
    let (name, segment, value) = refused(measures(&both(2730, 4097), SEGMENT_CYCLES));
    assert_eq!((name, segment), ("kernel_memory_bytes", Some(1)));
    assert!(value > Limit::Memory.allowed() && value < 5 << 30, "{value}");
    measures(&both(2730, 4097), 10_000).expect("in two segments");
}

/// Memory that a guest touches sparsely, as much as there is, is no more than the kernel has room for.
#[test]
fn pages_are_counted_against_the_kernels_memory() {
    let plan = |count, max_memory_bytes| {
        let file = pages(count);
        let program = load_elf(&file).expect("ELF");
        let limits = Limits { max_memory_bytes, ..Limits::default() };
        let planned = Start { limits, ..start(&program, &[], SEGMENT_CYCLES) }.plan(file.len() as u64);
        planned.expect("it can be proven").1
    };
    let (some, most) = (plan(131_000, 512 << 20), plan(390_000, 2 << 30));
    assert!(some.words > 131_000 && most.words > 390_000);
    // Frames and maps of every page, and what proves a million rows.
    assert!(some.memory_bytes > 131_000 * PAGE_BYTES && most.memory_bytes > 390_000 * PAGE_BYTES);
    assert!(most.memory_bytes <= Limit::Memory.allowed(), "{}", most.memory_bytes);
}

/// Looking at what a segment touched takes as long as the segment touched much, not the run.
#[test]
fn a_plan_looks_at_the_pages_of_a_segment_alone() {
    let file = pages(50_000);
    let program = load_elf(&file).expect("ELF");
    let (plan, _) = start(&program, &[], 32).plan(0).expect("it halts");
    assert_eq!(plan.statement.segments, (4 * 50_000_u32 + 8).div_ceil(32));
}

#[test]
fn words_that_renew_too_many_stamps_are_refused_where_segments_are_long() {
    // 2^17 words at 19/16 cycles each are last accessed in periods 0 to 9 of a segment; four times as many, in 0 to 38.
    measures(&touch(1 << 17, 16), SEGMENT_CYCLES).expect("few periods");
    let (name, segment, value) = refused(measures(&touch(1 << 19, 16), (1 << 20) - 1));
    assert_eq!((name, segment), ("renewals_per_segment", Some(1)));
    assert!(value > 9 << 20 && value < 10 << 20, "{value}");
    measures(&touch(1 << 19, 16), 1 << 17).expect("shorter segments");
}

#[test]
fn too_many_segments_are_refused_before_anything_is_proven() {
    let over = refused(measures(&touch(8192, 1), 1));
    assert_eq!(over, ("segments", None, 4 * 8192 + 6));
    measures(&touch(8192, 1), 3).expect("a third of them");
}

#[test]
fn tokens_that_could_wrap_are_refused() {
    // Each segment of 2^14 - 1 cycles has about 2^14 words, so 2^15 rows; 2^14 segments have 2^29 and three tokens each.
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(T1, 16_400);
    let (outer, inner) = (asm.here_label(), asm.label());
    asm.li(SP, DATA_BASE).li(T0, 64).bind(inner);
    for i in 0..250 {
        asm.store(Op::Sd, ZERO, 8 * i, SP);
    }
    asm.i(Op::Addi, SP, SP, 2000).i(Op::Addi, T0, T0, -1).branch(Op::Bne, T0, ZERO, inner);
    asm.i(Op::Addi, T1, T1, -1).branch(Op::Bne, T1, ZERO, outer).exit(0);
    let measured = measures(&elf(asm, 64), (1 << 14) + 200).expect("2^14 segments of 2^14 rows");
    assert!(measured.proof_bytes > 16_000 << 20);
}

/// What a plan says is no less than what the proof has, and not much more.
#[test]
fn a_proof_has_at_most_the_bytes_of_the_plan() {
    let made = proven();
    let (_, measured) = job(u64::from(made.segment(1).publics.cycles)).plan().expect("it halts");
    let bytes = made.final_proof().len() as u64;
    println!("{bytes} bytes, at most {}", measured.proof_bytes);
    assert!(bytes <= measured.proof_bytes && measured.proof_bytes < bytes * 3 / 2);
}

/// Accesses of the input touch words as well, whether they are of its length or not.
#[test]
fn words_of_the_input_are_touched_words() {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(S0, INPUT_BASE).load(Op::Ld, A0, 16, S0).load(Op::Ld, A1, 24, S0);
    asm.li(S0, OUTPUT_BASE).store(Op::Sd, A0, 8, S0).li(A0, 8).store(Op::Sd, A0, 0, S0).exit(0);
    let elf = elf(asm, 64);
    let program = load_elf(&elf).expect("ELF");
    let (plan, measured) = start(&program, &[7; 30], 100).plan(0).expect("it halts");
    assert_eq!(plan.statement.output, [7; 8]);
    assert_eq!(measured.words, program.image_words() as u64 + 3 + 2);
}

/// The word of the input's length has a row only beside others of the input, or if it is read itself.
#[test]
fn a_program_that_reads_no_input_has_no_word_of_it() {
    let words = |read: Option<i64>| {
        let mut asm = Assembler::new(TEXT_BASE);
        asm.li(S0, INPUT_BASE);
        if let Some(offset) = read {
            asm.load(Op::Ld, A0, offset, S0);
        }
        let program = load_elf(&elf(
            {
                asm.exit(0);
                asm
            },
            64,
        ))
        .expect("ELF");
        let (_, measured) = start(&program, &[7; 30], 100).plan(0).expect("it halts");
        measured.words - program.image_words() as u64
    };
    assert_eq!([None, Some(0), Some(8)].map(words), [1, 2, 3]);
}

/// No proof is longer than what is decoded.
#[test]
fn the_longest_proofs_can_be_decoded() {
    let segment = segment_machine(Accelerators::ALL).proof_bytes(LOG_MAX_HEIGHT);
    let boundary = boundary_machine().proof_bytes(LOG_MAX_HEIGHT);
    assert!(segment.max(boundary) + 128 <= MAX_PROOF_BYTES as u64, "{segment} {boundary}");
}

#[test]
fn a_run_that_stops_says_how_far_it_came() {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(T0, 1000);
    let again = asm.here_label();
    asm.i(Op::Addi, T0, T0, -1).branch(Op::Bne, T0, ZERO, again).load(Op::Ld, A0, 0, ZERO);
    let program = load_elf(&elf(asm, 64)).expect("ELF");
    for segment_cycles in [1, 7, 2001, 1 << 18] {
        let stopped = start(&program, &[], segment_cycles).execute().expect_err("a trap");
        assert_eq!((stopped.trap.code(), stopped.cycles), ("UNMAPPED_LOAD", 2001));
    }
    let too_long = Limits { max_input_bytes: 0, ..Limits::default() };
    let stopped = Start { limits: too_long, ..start(&program, &[0], 9) }.execute().expect_err("a trap");
    assert_eq!((stopped.trap.code(), stopped.cycles), ("INPUT_TOO_LONG", 0));
}

/// The parts of a proof that were reported.
struct Parts(Vec<&'static str>);

impl Progress for Parts {
    fn phase(&mut self, name: &'static str, _: f64) {
        self.0.push(name);
    }
}

#[test]
fn another_commitment_is_noticed_before_the_proof_is_made() {
    let made = proven();
    let job = job(u64::from(made.segment(1).publics.cycles));
    for number in [BOUNDARY, 2] {
        let mut parts = Parts(Vec::new());
        let wrong = &made.commitments[1];
        let error = job.prove_for(number, made.gamma, wrong, &mut parts).expect_err("another commitment");
        assert!(matches!(error, KernelError::StatementMismatch { what: "the segment's commitment", .. }), "{error}");
        assert!(parts.0.iter().all(|&part| part == "execute"), "{:?}", parts.0);
        let right = &made.commitments[number as usize];
        let proven = job.prove_for(number, made.gamma, right, &mut parts).expect("its own commitment");
        assert!(parts.0.len() > 3, "{:?}", parts.0);
        assert_eq!(proven.commitment, *right);
    }
}
