//! Limits, to the exact cycle, page and byte; halt and exit code.

use proofloom_executor::testkit::reg::{A0, A1, A7, SP, ZERO};
use proofloom_executor::testkit::{Assembler, DATA_BASE, TEXT_BASE, elf};
use proofloom_executor::{
    Execution, HALT_INDEX, Limits, Machine, NoObserver, Op, PAGE_BYTES, SegmentEnd, Trap, execute, load_elf, map,
};

fn assemble(build: impl FnOnce(&mut Assembler) -> &mut Assembler) -> Vec<u8> {
    let mut asm = Assembler::new(TEXT_BASE);
    build(&mut asm);
    elf(asm, 4096)
}

fn run(elf: &[u8], input: &[u8], limits: Limits) -> Result<Execution, Trap> {
    execute(&load_elf(elf).expect("ELF"), input, limits, 100)
}

#[test]
fn cycles_are_limited_to_the_exact_number() {
    let elf = assemble(|asm| asm.li(A0, 1).li(A0, 2).li(A0, 7).li(A7, 93).ecall());
    let limits = |max_cycles| Limits { max_cycles, ..Limits::default() };
    let execution = run(&elf, b"", limits(5)).expect("just enough");
    assert_eq!((execution.cycles, execution.exit_code), (5, 7));
    let trap = run(&elf, b"", limits(4)).expect_err("one too few");
    assert_eq!(trap, Trap::CycleLimit { pc: TEXT_BASE + 16, limit: 4 });
    assert!(trap.to_string().contains("4 cycles"), "{trap}");
    assert_eq!(run(&elf, b"", limits(0)).expect_err("none").code(), "CYCLE_LIMIT");
}

#[test]
fn endless_loops_end() {
    let elf = assemble(|asm| {
        let again = asm.here_label();
        asm.jal(ZERO, again)
    });
    let limits = Limits { max_cycles: 1_000_003, ..Limits::default() };
    let trap = run(&elf, b"", limits).expect_err("a limit");
    assert_eq!(trap, Trap::CycleLimit { pc: TEXT_BASE, limit: 1_000_003 });
}

/// Touches `pages` pages by loads and stores in turn.
fn touching(pages: u64) -> Vec<u8> {
    assemble(|asm| {
        for page in 0..pages {
            asm.li(SP, DATA_BASE + page * PAGE_BYTES);
            match page % 2 {
                0 => asm.load(Op::Ld, A0, 0, SP),
                _ => asm.store(Op::Sd, A0, 0, SP),
            };
        }
        asm.exit(0)
    })
}

#[test]
fn touched_memory_is_limited_to_the_exact_page() {
    let limits = |pages| Limits { max_memory_bytes: pages * PAGE_BYTES, ..Limits::default() };
    let execution = run(&touching(5), b"", limits(5)).expect("just enough");
    assert_eq!(execution.memory_bytes, 5 * PAGE_BYTES);
    let trap = run(&touching(5), b"", limits(4)).expect_err("one too few");
    let (addr, limit) = (DATA_BASE + 4 * PAGE_BYTES, 4 * PAGE_BYTES);
    assert!(matches!(trap, Trap::MemoryLimit { addr: a, limit: l, .. } if (a, l) == (addr, limit)));
    assert!(trap.to_string().contains(&format!("{addr:#x}")), "{trap}");
}

/// Writes `first` to the output and halts with a length of `len`.
fn output_with(len: u64, first: u64) -> Vec<u8> {
    assemble(|asm| {
        asm.li(SP, map::OUTPUT_BASE).li(A0, len).store(Op::Sd, A0, 0, SP);
        asm.li(A0, first).store(Op::Sd, A0, 8, SP).exit(3)
    })
}

fn output_of(len: u64) -> Vec<u8> {
    output_with(len, 0x05_0403_0201)
}

#[test]
fn output_is_limited_to_the_exact_byte() {
    let limits = |max_output_bytes| Limits { max_output_bytes, ..Limits::default() };
    let execution = run(&output_of(5), b"", limits(5)).expect("just enough");
    assert_eq!((execution.output, execution.exit_code), (vec![1, 2, 3, 4, 5], 3));
    let trap = run(&output_of(6), b"", limits(5)).expect_err("one too many");
    assert_eq!(trap, Trap::OutputTooLong { len: 6, limit: 5 });
    assert!(trap.to_string().contains("6 bytes"), "{trap}");

    let limit = map::OUTPUT_MAX_BYTES;
    let trap = run(&output_of(u64::MAX), b"", limits(u64::MAX)).expect_err("beyond all memory");
    assert_eq!(trap, Trap::OutputTooLong { len: u64::MAX, limit });
}

#[test]
fn bytes_after_the_outputs_end_in_its_last_word_must_be_zero() {
    for len in 1..8u64 {
        let bytes: Vec<u8> = (0..len as u8).map(|i| 0xf0 + i).collect();
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(&bytes);
        let clean = u64::from_le_bytes(word);
        let halted = run(&output_with(len, clean), b"", Limits::default()).expect("clean");
        assert_eq!(halted.output, bytes);
        for dirty in [clean | 1 << (8 * len), clean | 1 << 63] {
            let trap = run(&output_with(len, dirty), b"", Limits::default()).expect_err("dirty");
            assert_eq!(trap, Trap::OutputPadding { len });
            assert_eq!((trap.code(), trap.pc()), ("OUTPUT_PADDING", None));
            assert!(trap.to_string().contains("clear them"), "{trap}");
        }
    }
    let whole = run(&output_with(8, u64::MAX), b"", Limits::default()).expect("a whole word");
    assert_eq!(whole.output, [0xff; 8]);
    let after = run(&output_with(0, 0x0123_4567), b"", Limits::default()).expect("no last word");
    assert_eq!(after.output, []);
}

#[test]
fn a_machine_with_too_long_an_output_has_not_halted() {
    let elf = output_of(1 << 40);
    let program = load_elf(&elf).expect("ELF");
    let mut machine = Machine::new(&program, b"", Limits::default()).expect("machine");
    let trap = machine.run_segment(1000, &mut NoObserver).expect_err("a trap");
    assert_eq!(trap.code(), "OUTPUT_TOO_LONG");
    assert_eq!(machine.exit_code(), None);
    assert_eq!(machine.output().len() as u64, Limits::default().max_output_bytes);
}

#[test]
fn input_is_limited() {
    let limits = Limits { max_input_bytes: 4, ..Limits::default() };
    let elf = output_of(0);
    run(&elf, b"four", limits).expect("just enough");
    let trap = run(&elf, b"fives", limits).expect_err("too long");
    assert_eq!(trap, Trap::InputTooLong { len: 5, limit: 4 });
    assert_eq!(trap.code(), "INPUT_TOO_LONG");
}

#[test]
fn the_halt_keeps_32_bits_of_the_exit_code_and_lasts() {
    let elf = assemble(|asm| asm.li(A0, 0xdead_beef_8765_4321).li(A7, 93).ecall());
    let program = load_elf(&elf).expect("ELF");
    let mut machine = Machine::new(&program, b"", Limits::default()).expect("machine");
    let halted = Ok(SegmentEnd::Halted { exit_code: 0x8765_4321 });
    assert_eq!(machine.run_segment(1000, &mut NoObserver), halted);
    let (cycles, segment) = (machine.cycles(), machine.segment());
    assert_eq!(machine.run_segment(1000, &mut NoObserver), halted);
    assert_eq!((machine.cycles(), machine.segment()), (cycles, segment));
    assert_eq!(machine.pc_index(), HALT_INDEX);
    assert_eq!(machine.exit_code(), Some(0x8765_4321));
}

#[test]
fn the_write_call_changes_nothing() {
    let elf = assemble(|asm| asm.li(A0, 77).li(A1, DATA_BASE).li(A7, 64).ecall().li(A7, 93).ecall());
    let execution = run(&elf, b"", Limits::default()).expect("halt");
    assert_eq!((execution.exit_code, execution.output), (77, vec![]));
}

#[test]
fn reading_a_word_needs_no_access_and_touches_nothing() {
    let elf = assemble(|asm| asm.exit(0));
    let program = load_elf(&elf).expect("ELF");
    let machine = Machine::new(&program, b"abcdefghi", Limits::default()).expect("machine");
    let input = map::INPUT_BASE;
    assert_eq!(machine.read_word(input + 3), Some(9), "the word around the address");
    assert_eq!(machine.read_word(input + 8), Some(u64::from_le_bytes(*b"abcdefgh")));
    assert_eq!(machine.read_word(input + 16), Some(u64::from(b'i')));
    assert_eq!(machine.read_word(map::ADDRESS_SPACE_END - 1), Some(0));
    for unmapped in [0, input + 24, map::ADDRESS_SPACE_END, input + (1 << 35), u64::MAX] {
        assert_eq!(machine.read_word(unmapped), None, "{unmapped:#x}");
    }
    assert_eq!(machine.memory_bytes(), 0);
}
