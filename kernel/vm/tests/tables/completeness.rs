//! Whatever halts within the limits can be proven: the tables hold for every run.

use std::collections::BTreeSet;

use proofloom_executor::map::{INPUT_BASE, INPUT_MAX_BYTES};
use proofloom_executor::testkit::reg::{A0, RA, T0, ZERO};
use proofloom_executor::testkit::{
    Assembler, ElfFile, ElfSegment, Mix, TEXT_BASE, TestProgram, accelerator_calls, random_program, random_program_with,
};
use proofloom_executor::{Accelerator, Op, load_elf};
use proofloom_vm::{Checked, Inspector};
use serde_json::Value;

use crate::support::{check_all, guests, inspector_of};

/// Random programs of some hundred cycles, of some ten thousand, and of each kind of operation.
const SHORT_PROGRAMS: u64 = 300;
const LONG_PROGRAMS: u64 = 4;
const PROGRAMS_OF_A_KIND: u64 = 40;
/// Ways to cut one program into segments.
const CUTS: usize = 9;
/// Text bases and jump offsets of the programs that jump.
const TEXT_BASES: [u64; 4] = [0, 0xeffc, 0xf000, 0xfffc];
const JUMP_OFFSETS: [i64; 5] = [-2048, -1, 0, 1, 2047];

/// One run of a prebuilt program, as the recorded expectations list it.
struct Sample {
    name: String,
    elf: String,
    input: Option<String>,
    /// Unless the program calls accelerators.
    cycles: Option<u64>,
}

/// The runs of a list of expectations that halt.
fn samples(list: &str) -> Vec<Sample> {
    let text = std::fs::read_to_string(guests().join(list)).expect("a list of expectations");
    let list: serde_json::Map<String, Value> = serde_json::from_str(&text).expect("a JSON object");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    list.iter()
        .filter_map(|(name, run)| {
            // Where the oracle had no accelerators, it counted other instructions.
            let cycles = run["instructions"].as_u64();
            run["exitCode"].as_u64()?;
            let elf = text(&run["elf"]).expect("every run has a program");
            Some(Sample { name: name.clone(), elf, input: text(&run["input"]), cycles })
        })
        .collect()
}

fn check_sample(sample: &Sample, segment_cycles: u64) -> Result<Checked, String> {
    let read = |path: &String| std::fs::read(guests().join(path)).map_err(|error| format!("{path}: {error}"));
    let program = load_elf(&read(&sample.elf)?).map_err(|error| error.to_string())?;
    let input = sample.input.as_ref().map_or(Ok(Vec::new()), read)?;
    let checked = Inspector::new(program).check(&input, segment_cycles).map_err(|violation| violation.to_string())?;
    if sample.cycles.is_none_or(|cycles| checked.cycles == cycles) {
        Ok(checked)
    } else {
        Err(format!("{} cycles", checked.cycles))
    }
}

/// The recorded instruction tests.
fn instruction_tests() -> Vec<Sample> {
    samples("tests/expected.json")
}

/// The runs of guests that take little time. Every guest has one, but for the two that take no input.
fn small_samples() -> Vec<Sample> {
    const SMALL: u64 = 32_000;
    let mut samples = samples("expected.json");
    samples.retain(|sample| {
        sample.cycles.is_none_or(|cycles| cycles < SMALL)
            || ["memory-heavy-64k", "unaligned-ok"].contains(&&*sample.name)
    });
    samples
}

#[test]
fn the_tables_hold_for_every_instruction_test() {
    let samples = instruction_tests();
    let checked = check_all(&samples, |sample| sample.name.clone(), |sample| check_sample(sample, 400));
    println!("{} instruction tests: {checked:?}", samples.len());
    assert_eq!((samples.len(), checked.cycles), (146, 130_312));
}

#[test]
fn the_tables_hold_for_every_guest_on_its_small_samples() {
    let samples = small_samples();
    let mut programs: Vec<&str> = samples.iter().map(|sample| &*sample.elf).collect();
    programs.sort_unstable();
    programs.dedup();
    assert_eq!(programs.len(), 15, "{programs:?}");
    let checked = check_all(&samples, |sample| sample.name.clone(), |sample| check_sample(sample, 1 << 16));
    println!("{} samples of {} guests: {checked:?}", samples.len(), programs.len());
    assert_eq!(samples.len(), 34);
}

/// Checks one random program per seed.
fn check_random(seeds: u64, segment_cycles: u64, program: impl Fn(u64) -> TestProgram + Sync) -> Checked {
    let seeds: Vec<u64> = (0..seeds).collect();
    let check = |seed: &u64| {
        let test = program(*seed);
        inspector_of(&test).check(&test.input, segment_cycles).map_err(|violation| violation.to_string())
    };
    check_all(&seeds, |seed| format!("seed {seed}"), check)
}

/// Programs of a few hundred cycles: what matters is how different they are.
fn short(ops: &[Op]) -> Mix {
    Mix { body: 60, rounds: 2, digest: false, data_bytes: 4096, ..Mix::only(ops) }
}

#[test]
fn the_tables_hold_for_random_programs() {
    let checked = check_random(SHORT_PROGRAMS, 97, |seed| random_program_with(seed, &short(&Mix::default().ops)));
    println!("{SHORT_PROGRAMS} short random programs: {checked:?}");
    assert!(checked.segments > 900, "{checked:?}");
    let checked = check_random(LONG_PROGRAMS, 5000, random_program);
    println!("{LONG_PROGRAMS} long random programs: {checked:?}");
    assert!(checked.cycles > 40_000, "{checked:?}");
}

#[test]
fn the_tables_hold_for_calls_of_accelerators() {
    for accelerator in Accelerator::ALL {
        for (distance, segment_cycles) in [(0, 1 << 20), (8, 7), (-16, 1), (-64, 12)] {
            let test = accelerator_calls(accelerator, distance);
            let checked = inspector_of(&test).check(&test.input, segment_cycles);
            let checked = checked.unwrap_or_else(|violation| panic!("{}: {violation}", test.name));
            println!("{}: {checked:?}", test.name);
        }
    }
}

/// Operations of one kind, for programs that do hardly anything else.
fn kinds() -> Vec<(&'static str, Vec<Op>)> {
    use Op::*;
    vec![
        ("divisions", vec![Div, Divu, Rem, Remu, Divw, Divuw, Remw, Remuw]),
        ("multiplications", vec![Mul, Mulh, Mulhsu, Mulhu, Mulw]),
        ("shifts", vec![Sll, Srl, Sra, Sllw, Srlw, Sraw, Slli, Srli, Srai, Slliw, Srliw, Sraiw]),
        ("comparisons", vec![Slt, Sltu, Slti, Sltiu, Beq, Bne, Blt, Bge, Bltu, Bgeu]),
        ("jumps", vec![Jal, Jalr]),
        ("loads and stores", vec![Lb, Lbu, Lh, Lhu, Lw, Lwu, Ld, Sb, Sh, Sw, Sd]),
    ]
}

#[test]
fn the_tables_hold_for_programs_of_one_kind_of_operation() {
    for (name, ops) in kinds() {
        let checked = check_random(PROGRAMS_OF_A_KIND, 1000, |seed| random_program_with(seed, &short(&ops)));
        println!("{PROGRAMS_OF_A_KIND} programs of {name}: {checked:?}");
        assert!(checked.cycles > PROGRAMS_OF_A_KIND * 100, "{name}: {checked:?}");
    }
}

#[test]
fn the_tables_hold_for_accesses_at_every_alignment() {
    use Op::*;
    let ops = [Lh, Lhu, Lw, Lwu, Ld, Sh, Sw, Sd];
    let misaligned = |seed| random_program_with(seed, &Mix { aligned_percent: 0, ..short(&ops) });
    let checked = check_random(PROGRAMS_OF_A_KIND, 1000, misaligned);
    println!("{PROGRAMS_OF_A_KIND} programs of misaligned accesses: {checked:?}");
}

/// A program that executes every operation.
fn medley() -> TestProgram {
    random_program_with(7, &Mix { body: 400, rounds: 1, digest: false, data_bytes: 4096, ..Mix::default() })
}

#[test]
fn a_run_may_be_cut_after_any_instruction() {
    let test = medley();
    let inspector = inspector_of(&test);
    let whole = inspector.execution(&test.input, 1 << 20).expect("an honest run");
    let executed: BTreeSet<Op> = whole.segments[0].iter().map(|step| step.instr.op).collect();
    assert_eq!(executed.len(), Op::ALL.len(), "every operation is executed");
    let cycles = whole.cycles();
    // One cycle per segment puts a cut after every operation, the others shift the cuts.
    let lengths: [u64; CUTS] = [1, 2, 3, 50, 101, 333, cycles - 1, cycles, cycles + 1];
    let check = |&cycles: &u64| inspector.check(&test.input, cycles).map_err(|violation| violation.to_string());
    let checked = check_all(&lengths, |cycles| format!("{cycles} cycles per segment"), check);
    println!("{} ways to cut {cycles} cycles: {checked:?}", lengths.len());
    assert_eq!(checked.cycles, cycles * lengths.len() as u64);
}

/// The proof adds a jump's offset to limbs of the text base: jumps across the whole range of
/// offsets, with the text at both ends of what a 64 KiB block admits.
#[test]
fn jumps_hold_wherever_the_text_lies() {
    for base in TEXT_BASES.map(|low| TEXT_BASE + low) {
        for offset in JUMP_OFFSETS {
            let mut asm = Assembler::new(base);
            let (function, after) = (asm.label(), asm.label());
            asm.jal(RA, function).jal(ZERO, after).bind(function);
            asm.li(T0, offset as u64).r(Op::Sub, RA, RA, T0).i(Op::Jalr, A0, RA, offset).bind(after);
            let far = base + 4 * 20_000;
            asm.li(T0, far.wrapping_add_signed(-offset)).i(Op::Jalr, ZERO, T0, offset);
            asm.pad_to(far).exit(0);
            let file = ElfFile { entry: base, segments: vec![ElfSegment::text(base, &asm.finish())] };
            let inspector = Inspector::new(load_elf(&file.to_bytes()).expect("ELF"));
            inspector.check(&[], 1000).unwrap_or_else(|violation| panic!("text at {base:#x}, {offset}: {violation}"));
        }
    }
}

/// What the tests of this file execute and check, counted from the same numbers.
#[test]
fn the_number_of_checked_programs_is_known() {
    // Misaligned accesses are one more kind.
    let random = SHORT_PROGRAMS + LONG_PROGRAMS + PROGRAMS_OF_A_KIND * (kinds().len() as u64 + 1);
    let recorded = instruction_tests().len() + small_samples().len();
    let total = random as usize + recorded + CUTS + TEXT_BASES.len() * JUMP_OFFSETS.len();
    println!("{total} programs are executed and their tables checked: {random} random, {recorded} recorded");
    assert_eq!(total, 793);
}

/// The length of the input has a row whether the program looks at it or not, up to the largest there is.
#[test]
fn the_tables_hold_for_inputs_of_any_length() {
    for length in [0, 1, 7, 8, 9, 16, (1 << 16) + 8, INPUT_MAX_BYTES - 1, INPUT_MAX_BYTES] {
        let input = vec![0; length as usize];
        let last = INPUT_BASE + 8 * length.div_ceil(8);
        for words in [&[][..], &[INPUT_BASE], &[last], &[INPUT_BASE, last], &[last - last % 4096, last]] {
            let mut asm = Assembler::new(TEXT_BASE);
            for addr in words.iter().filter(|&&addr| addr >= INPUT_BASE) {
                asm.li(T0, *addr).load(Op::Ld, A0, 0, T0);
            }
            let test = TestProgram::new(
                "input",
                {
                    asm.exit(0);
                    asm
                },
                64,
            );
            let checked = inspector_of(&test).check(&input, 1000);
            checked.unwrap_or_else(|violation| panic!("{length} bytes, words {words:x?}: {violation}"));
        }
    }
}
