//! Forgeries of memory: each breaks one rule, everything else is made to agree, and that one rule
//! is what gives it away.

use std::collections::BTreeSet;

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use proofloom_executor::load_elf;
use proofloom_executor::map::{INPUT_BASE, OUTPUT_BASE};
use proofloom_executor::testkit::reg::{A0, A1, A2, A3, A4, A5, S0, S1, SP, T0, T1, T2, ZERO};
use proofloom_executor::testkit::{Assembler, DATA_BASE, TEXT_BASE, TestProgram};
use proofloom_executor::{Op, Step};
use proofloom_field::Val;

use super::claim::{Claim, WordRow, address};
use crate::debug::{ClaimedExecution, Inspector};
use crate::layout::LIMBS;

mod boundary;
mod chains;
#[path = "../../tests/tables/faulty_executor.rs"]
#[expect(dead_code, reason = "the tests of whole runs inject more faults")]
mod faulty_executor;
mod input;
mod limbs;
mod refresh;
mod rows;

use faulty_executor::{Effect, FaultyExecutor};

/// Whether the boundary's tables are those of shards, with the image's words on the bus of all parts.
const SHARDS: bool = cfg!(feature = "multilinear");

/// Instructions of a segment of [`counter`].
const CYCLES: usize = 40;
const INPUT: &[u8] = b"12345678";

const fn word(addr: u64) -> u32 {
    (addr / 8) as u32
}

/// A word that every segment changes.
const COUNTER: u32 = word(DATA_BASE + 64);
/// A word of RAM, an image word, and a word of the input, each read by the second segment only.
const READ: u32 = word(DATA_BASE + 72);
const FILE: u32 = word(DATA_BASE);
const GIVEN: u32 = word(INPUT_BASE + 8);
/// A word that the second segment reads before it writes.
const SWAPPED: u32 = word(DATA_BASE + 80);
/// First word of the output's contents.
const SHOWN: u32 = word(OUTPUT_BASE + 8);

/// Three segments without branches; what the second reads is not shown.
fn counter() -> TestProgram {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(SP, DATA_BASE).li(S0, OUTPUT_BASE).li(S1, INPUT_BASE).li(T1, 0xc000).li(T2, 0x1_5000);
    asm.li(A0, 5).store(Op::Sd, A0, 64, SP);
    fill(&mut asm);
    count(&mut asm);
    asm.load(Op::Ld, A1, 72, SP).load(Op::Ld, A2, 0, SP).load(Op::Ld, A4, 8, S1);
    asm.load(Op::Ld, A3, 80, SP).li(T0, 0x7777).store(Op::Sd, T0, 80, SP).r(Op::Add, A5, T1, T2);
    fill(&mut asm);
    count(&mut asm);
    asm.store(Op::Sd, A0, 8, S0).li(A0, 8).store(Op::Sd, A0, 0, S0).exit(0);
    let mut test = TestProgram::new("counter", asm, 128);
    (test.data, test.input) = (vec![3; 16], INPUT.to_vec());
    test
}

fn count(asm: &mut Assembler) {
    asm.load(Op::Ld, A0, 64, SP).i(Op::Addi, A0, A0, 1).store(Op::Sd, A0, 64, SP);
}

/// Idles to the end of the segment.
fn fill(asm: &mut Assembler) {
    while !((asm.here() - TEXT_BASE) / 4).is_multiple_of(CYCLES as u64) {
        asm.i(Op::Addi, ZERO, ZERO, 0);
    }
}

fn inspector() -> Inspector {
    Inspector::new(load_elf(&counter().elf()).expect("ELF"))
}

/// The claimed execution of a run in which `drift` may change the machine before each instruction.
fn execution(
    inspector: &Inspector,
    mut drift: impl FnMut(usize, &mut FaultyExecutor<'_>, &mut Step),
) -> ClaimedExecution {
    FaultyExecutor::new(&inspector.program, INPUT).run(CYCLES, |at, machine, step| {
        let before = (machine.memory.clone(), machine.registers);
        drift(at, machine, step);
        // What changed by itself is there before the instruction reads it.
        if before != (machine.memory.clone(), machine.registers) {
            *step = machine.next_step();
        }
        Effect::Happens
    })
}

/// The claim of such a claimed execution, by the rules.
fn claim<'a>(inspector: &'a Inspector, drift: impl FnMut(usize, &mut FaultyExecutor<'_>, &mut Step)) -> Claim<'a> {
    Claim::of(inspector, INPUT, &execution(inspector, drift))
}

fn honest(inspector: &Inspector) -> Claim<'_> {
    claim(inspector, |_, _, _| {})
}

/// Asserts that these rules and no others are broken.
fn assert_broken(broken: &BTreeSet<String>, expected: &[&str]) {
    let broken: Vec<&str> = broken.iter().map(String::as_str).collect();
    assert_eq!(broken, expected);
}

fn limbs_of(x: u64) -> [Val; LIMBS] {
    crate::layout::limbs(x).map(Val::from_u32)
}

/// A row of INITFIN for a word of RAM.
fn ram(word: u32, first: u64, last: u64, segment: u32) -> WordRow {
    WordRow {
        ram: Val::ONE,
        low: Val::from_u32(word & 0xffff),
        high: Val::from_u32(word >> 16),
        first: limbs_of(first),
        last: limbs_of(last),
        segment: Val::from_u32(segment),
        ..WordRow::default()
    }
}

/// Where a memory word's row stands in INITFIN.
fn position(claim: &Claim<'_>, word: u32) -> usize {
    let is_it = |row: &WordRow| address(row) == Val::from_u32(word) && row.register == Val::ZERO;
    claim.words.iter().position(is_it).expect("the word is in the table")
}

#[test]
fn the_honest_claim_breaks_nothing() {
    let inspector = inspector();
    let claim = honest(&inspector);
    assert_eq!(claim.segments.len(), 3);
    assert_eq!(claim.output, 7u64.to_le_bytes());
    assert_broken(&claim.broken(), &[]);
}
