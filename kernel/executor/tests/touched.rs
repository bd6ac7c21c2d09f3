//! Which words a run touches, and in which periods of its segments.

use proofloom_executor::map::OUTPUT_BASE;
use proofloom_executor::testkit::reg::{A0, A1, A7, S0, SP, T0, ZERO};
use proofloom_executor::testkit::{Assembler, DATA_BASE, TEXT_BASE, elf};
use proofloom_executor::{Accelerator, Limits, Machine, NoObserver, Op, PERIOD_CYCLES, SegmentEnd, Touched, load_elf};

const CYCLES: u64 = 3 * PERIOD_CYCLES;

/// Touches words in the first period of the first segment, one again in the third, and some in the second segment.
fn program() -> Vec<u8> {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(SP, DATA_BASE).store(Op::Sd, A1, 0, SP).load(Op::Lb, A0, 9, SP);
    // Two words by an access that crosses.
    asm.load(Op::Lw, A0, 22, SP);
    // Twelve words by an accelerator, from the sixth on.
    asm.i(Op::Addi, A0, SP, 40).li(A7, Accelerator::Sha256.call()).ecall();
    idle_to(&mut asm, 2 * PERIOD_CYCLES);
    asm.load(Op::Ld, A0, 0, SP);
    idle_to(&mut asm, CYCLES);
    asm.store(Op::Sd, A1, 0, SP).li(S0, OUTPUT_BASE).store(Op::Sd, ZERO, 0, S0).exit(0);
    elf(asm, 4096)
}

/// Lets at least so many cycles go by: straight code, as its length is known.
fn idle_to(asm: &mut Assembler, cycles: u64) {
    while (asm.here() - TEXT_BASE) / 4 < cycles {
        asm.i(Op::Addi, T0, T0, 1);
    }
}

#[test]
fn each_segment_tells_its_words_and_the_periods_of_their_last_accesses() {
    let program = load_elf(&program()).expect("ELF");
    let mut machine = Machine::new(&program, &[], Limits::default()).expect("machine");
    let mut segment = || {
        let end = machine.run_segment(CYCLES, &mut NoObserver).expect("no trap");
        (end, machine.take_touched(), machine.touched_words())
    };
    // Words 0, 1, 2, 3 and 5 to 16: word 0 in period 2 last.
    assert_eq!(segment(), (SegmentEnd::Cut, Touched { words: 16, periods: 2 }, 16));
    let end = SegmentEnd::Halted { exit_code: 0 };
    assert_eq!(segment(), (end, Touched { words: 2, periods: 0 }, 17));
    let word = (DATA_BASE / 8) as u32;
    let touched = (word..word + 20).filter(|&word| machine.is_touched(word)).map(|found| found - word);
    assert!(touched.eq((0..=3).chain(5..=16)));
    assert!(machine.is_touched((OUTPUT_BASE / 8) as u32) && !machine.is_touched(0));
    assert_eq!(Accelerator::ALL.map(|accelerator| machine.calls(accelerator)), [0, 1]);
}

/// Cycle n, from 1, is in period n / 2^14.
#[test]
fn a_period_begins_where_it_should() {
    for (at, period) in [(PERIOD_CYCLES - 1, 0), (PERIOD_CYCLES, 1), (2 * PERIOD_CYCLES - 1, 1), (2 * PERIOD_CYCLES, 2)]
    {
        let mut asm = Assembler::new(TEXT_BASE);
        asm.li(SP, DATA_BASE);
        idle_to(&mut asm, at - 1);
        asm.load(Op::Ld, A0, 0, SP).exit(0);
        let program = load_elf(&elf(asm, 64)).expect("ELF");
        let mut machine = Machine::new(&program, &[], Limits::default()).expect("machine");
        machine.run_segment(u64::MAX, &mut NoObserver).expect("no trap");
        assert_eq!(machine.take_touched(), Touched { words: 1, periods: period }, "cycle {at}");
    }
}

#[test]
fn a_fault_touches_nothing() {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(SP, DATA_BASE).store(Op::Sd, A1, -4, SP);
    let program = load_elf(&elf(asm, 64)).expect("ELF");
    let mut machine = Machine::new(&program, &[], Limits::default()).expect("machine");
    machine.run_segment(100, &mut NoObserver).expect_err("a trap");
    assert_eq!(machine.take_touched(), Touched::default());
    assert_eq!(machine.touched_words(), 0);
}
