//! Every trap and limit, with its place and its words.

use proofloom_executor::testkit::reg::{A0, A1, A7, RA, S0, SP, T0};
use proofloom_executor::testkit::{Assembler, DATA_BASE, TEXT_BASE, elf};
use proofloom_executor::{Execution, Limits, Machine, NoObserver, Op, Trap, execute, load_elf, map};

fn assemble(build: impl FnOnce(&mut Assembler) -> &mut Assembler) -> Vec<u8> {
    let mut asm = Assembler::new(TEXT_BASE);
    build(&mut asm);
    elf(asm, 4096)
}

fn run(elf: &[u8], input: &[u8], limits: Limits) -> Result<Execution, Trap> {
    execute(&load_elf(elf).expect("ELF"), input, limits, 100)
}

fn trap_of(build: impl FnOnce(&mut Assembler) -> &mut Assembler) -> Trap {
    run(&assemble(build), b"input", Limits::default()).expect_err("a trap")
}

/// Code, pc and the text that a user reads.
fn assert_trap(trap: Trap, code: &str, pc: u64, text: &str) {
    assert_eq!((trap.code(), trap.pc()), (code, Some(pc)), "{trap}");
    let shown = trap.to_string();
    assert!(shown.contains(text) && shown.contains(&format!("{pc:#x}")), "{shown}");
}

#[test]
fn illegal_instructions_trap_when_reached() {
    let kinds = [
        (0x0000_0000, "all-zero"),
        (0x0000_4501, "compressed"),
        (0xc000_2573, "CSR"),
        (0x0000_100f, "fence.i"),
        (0x1005_252f, "atomic"),
        (0x0000_7053, "floating point"),
        (0xffff_ffff, "no RV64IM encoding"),
    ];
    for (word, text) in kinds {
        let trap = trap_of(|asm| asm.li(A0, 1).raw(word));
        assert_eq!(trap, Trap::IllegalInstruction { pc: TEXT_BASE + 4, word });
        assert_trap(trap, "ILLEGAL_INSTRUCTION", TEXT_BASE + 4, text);
    }
}

#[test]
fn breakpoints_and_unknown_calls_trap() {
    let trap = trap_of(|asm| asm.raw(0x0010_0073));
    assert_trap(trap, "BREAKPOINT", TEXT_BASE, "ebreak");
    let trap = trap_of(|asm| asm.li(A7, 63).ecall());
    assert_eq!(trap, Trap::UnknownEcall { pc: TEXT_BASE + 4, a7: 63 });
    assert_trap(trap, "UNKNOWN_ECALL", TEXT_BASE + 4, "63");
}

#[test]
fn control_cannot_leave_the_text() {
    let trap = trap_of(|asm| asm.li(A0, 1).li(A0, 2));
    assert_eq!(trap, Trap::FetchOutOfText { pc: TEXT_BASE + 8, from: None });
    assert_trap(trap, "FETCH_OUT_OF_TEXT", TEXT_BASE + 8, "ran past");

    for target in [0, TEXT_BASE - 4, TEXT_BASE + 4096, DATA_BASE, u64::MAX - 3] {
        let mut from = 0;
        let trap = trap_of(|asm| {
            asm.li(T0, target);
            from = asm.here();
            asm.i(Op::Jalr, RA, T0, 0)
        });
        assert_eq!(trap, Trap::FetchOutOfText { pc: target, from: Some(from) });
        assert!(trap.to_string().contains(&format!("{from:#x}")), "{trap}");
    }
}

#[test]
fn misaligned_targets_trap_at_the_jump_only_when_taken() {
    let jump_by_6 = 0x0060_006f;
    let trap = trap_of(|asm| asm.raw(jump_by_6).exit(0));
    let expected = Trap::FetchMisaligned { pc: TEXT_BASE + 6, from: TEXT_BASE };
    assert_eq!(trap, expected);
    assert_trap(trap, "FETCH_MISALIGNED", TEXT_BASE + 6, "multiple of 4");

    let not_equal_by_6 = 0x0000_1363;
    let elf = assemble(|asm| asm.raw(not_equal_by_6).exit(0));
    run(&elf, b"", Limits::default()).expect("a branch that is not taken");
    let trap = trap_of(|asm| asm.li(T0, TEXT_BASE + 3).i(Op::Jalr, RA, T0, 0));
    assert_eq!(trap.code(), "FETCH_MISALIGNED");
}

/// Accesses with at least one byte outside the map, most of them just barely.
fn unmapped() -> Vec<(u64, Op)> {
    let input_end = map::INPUT_BASE + 16;
    vec![
        (0, Op::Lb),
        (u64::MAX, Op::Lb),
        (u64::MAX, Op::Lh),
        (map::INPUT_BASE - 1, Op::Lbu),
        (input_end, Op::Lb),
        (input_end - 7, Op::Ld),
        (map::PROGRAM_BASE - 1, Op::Lb),
        (map::PROGRAM_BASE + 4096, Op::Lb),
        (DATA_BASE - 1, Op::Lh),
        (map::ADDRESS_SPACE_END - 1, Op::Lh),
        (map::ADDRESS_SPACE_END, Op::Ld),
        (0xffff_ffff_8000_0000, Op::Ld),
    ]
}

#[test]
fn unmapped_loads_trap() {
    for (address, op) in unmapped() {
        let mut pc = 0;
        let trap = trap_of(|asm| {
            asm.li(S0, address.wrapping_add(8));
            pc = asm.here();
            asm.load(op, A0, -8, S0).exit(0)
        });
        let text = format!("({} a0, -8(s0))", op.mnemonic());
        assert_trap(trap, "UNMAPPED_LOAD", pc, &text);
        assert!(matches!(trap, Trap::UnmappedLoad { addr, .. } if addr == address), "{trap}");
    }
}

/// The input region ends with the word that holds the last byte of input.
#[test]
fn the_input_region_is_as_long_as_the_input() {
    for (len, words) in [(0, 1), (1, 2), (7, 2), (8, 2), (9, 3), (4088, 512), (4096, 513)] {
        let load_at = |addr: u64| {
            let elf = assemble(|asm| asm.li(S0, addr).load(Op::Lbu, A0, 0, S0).exit(0));
            run(&elf, &vec![1; len], Limits::default())
        };
        let end = map::INPUT_BASE + 8 * words;
        load_at(end - 1).expect("the last byte of padding");
        assert_eq!(load_at(end).expect_err("a trap").code(), "UNMAPPED_LOAD");
    }
}

#[test]
fn stores_outside_ram_trap() {
    let cases = [
        (0, Op::Sb, "UNMAPPED_STORE"),
        (map::INPUT_BASE, Op::Sd, "STORE_TO_READ_ONLY"),
        (map::INPUT_BASE + 15, Op::Sb, "STORE_TO_READ_ONLY"),
        (map::INPUT_BASE + 16, Op::Sb, "UNMAPPED_STORE"),
        (map::INPUT_BASE + 12, Op::Sd, "UNMAPPED_STORE"),
        (TEXT_BASE, Op::Sw, "STORE_TO_READ_ONLY"),
        (TEXT_BASE + 2048, Op::Sw, "UNMAPPED_STORE"),
        (DATA_BASE - 1, Op::Sb, "UNMAPPED_STORE"),
        (DATA_BASE - 4, Op::Sd, "UNMAPPED_STORE"),
        (map::ADDRESS_SPACE_END - 4, Op::Sd, "UNMAPPED_STORE"),
        (u64::MAX - 2, Op::Sd, "UNMAPPED_STORE"),
    ];
    for (address, op, code) in cases {
        let mut pc = 0;
        let trap = trap_of(|asm| {
            asm.li(S0, address);
            pc = asm.here();
            asm.store(op, A1, 0, S0).exit(0)
        });
        assert_trap(trap, code, pc, &format!("({} a1, 0(s0))", op.mnemonic()));
    }
}

/// Read-only memory directly below RAM: a store across the border changes neither side.
#[test]
fn a_store_across_the_border_of_ram_changes_nothing() {
    use proofloom_executor::testkit::{ElfFile, ElfSegment};
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(A0, u64::MAX).li(S0, TEXT_BASE + 60).store(Op::Sd, A0, 0, S0);
    let text = asm.pad_to(TEXT_BASE + 64).clone().finish();
    let data = ElfSegment::data(TEXT_BASE + 64, vec![7; 8], 64);
    let segments = vec![ElfSegment::text(TEXT_BASE, &text), data];
    let program = load_elf(&ElfFile { entry: TEXT_BASE, segments }.to_bytes()).expect("ELF");
    let mut machine = Machine::new(&program, b"", Limits::default()).expect("machine");
    let trap = machine.run_segment(100, &mut NoObserver).expect_err("a trap");
    assert_eq!(trap.code(), "STORE_TO_READ_ONLY");
    assert_eq!(machine.read_word(TEXT_BASE + 56), Some(0));
    assert_eq!(machine.read_word(TEXT_BASE + 64), Some(0x0707_0707_0707_0707));
    assert_eq!(machine.run_segment(100, &mut NoObserver), Err(trap), "the trap is lasting");
}

/// The stack pointer has left RAM at its lower end, and the access is one to a frame there.
#[test]
fn an_access_below_ram_at_or_above_the_stack_pointer_is_a_stack_overflow() {
    let guard = DATA_BASE - 0x1_0000;
    // (stack pointer, address)
    let overflows = [
        (guard, guard),
        (guard, DATA_BASE - 8),
        (guard, DATA_BASE - 4),
        (DATA_BASE - 1, DATA_BASE - 1),
        // A frame so large that the pointer is in the text, in the input, or has gone below zero.
        (TEXT_BASE - 64, TEXT_BASE + 8),
        (map::INPUT_BASE + 8, map::INPUT_BASE + 8),
        (0_u64.wrapping_sub(1 << 40), 0_u64.wrapping_sub(1 << 40)),
        (0_u64.wrapping_sub(1 << 40), 8),
    ];
    for (sp, addr) in overflows {
        let mut pc = 0;
        let trap = trap_of(|asm| {
            asm.li(SP, sp).li(T0, addr);
            pc = asm.here();
            asm.store(Op::Sd, A1, 0, T0).exit(0)
        });
        let writable_start = DATA_BASE;
        assert_eq!(trap, Trap::StackOverflow { pc, addr, sp, writable_start });
        assert_trap(trap, "STACK_OVERFLOW", pc, "stack overflow: access to");
    }
    let load = trap_of(|asm| asm.li(SP, guard).load(Op::Ld, A0, 8, SP).exit(0));
    assert_eq!(load.code(), "STACK_OVERFLOW");
    let call = trap_of(|asm| asm.li(SP, guard).li(A0, guard + 64).li(A7, 1600).ecall());
    assert_eq!(call.code(), "STACK_OVERFLOW");
}

#[test]
fn a_wild_pointer_is_no_stack_overflow() {
    let guard = DATA_BASE - 0x1_0000;
    // (stack pointer, address)
    let wild = [
        // The stack is where it should be.
        (DATA_BASE, DATA_BASE - 8),
        (DATA_BASE + 64, guard),
        (map::ADDRESS_SPACE_END, guard),
        // There never was one, or it counts down from zero.
        (0, guard),
        (0, 0),
        (0_u64.wrapping_sub(16), 0_u64.wrapping_sub(8)),
        (0_u64.wrapping_sub(16), 0),
        (0_u64.wrapping_sub(map::ADDRESS_SPACE_END - 1), guard),
        // Below the stack, and above all memory.
        (guard, guard - 8),
        (guard, 0),
        (guard, map::ADDRESS_SPACE_END),
    ];
    for (sp, addr) in wild {
        let trap = trap_of(|asm| asm.li(SP, sp).li(T0, addr).store(Op::Sd, A1, 0, T0).exit(0));
        assert_eq!(trap.code(), "UNMAPPED_STORE", "{sp:#x} {addr:#x}");
    }
    let read_only = trap_of(|asm| asm.li(SP, DATA_BASE).li(T0, TEXT_BASE).store(Op::Sb, A1, 0, T0));
    assert_eq!(read_only.code(), "STORE_TO_READ_ONLY");
    // Words at an odd address are refused wherever they are.
    let odd = trap_of(|asm| asm.li(SP, guard).li(A0, guard + 4).li(A7, 1600).ecall());
    assert_eq!(odd.code(), "ACCELERATOR_MEMORY");
    // Running out of memory is no fault of the stack.
    let limits = Limits { max_memory_bytes: 4096, ..Limits::default() };
    let elf = assemble(|asm| asm.li(SP, guard).li(T0, DATA_BASE).store(Op::Sd, A1, 0, T0).load(Op::Ld, A0, 0, RA));
    assert_eq!(run(&elf, b"", limits).expect_err("a trap").code(), "UNMAPPED_LOAD");
    let elf = assemble(|asm| {
        asm.li(SP, guard).li(T0, TEXT_BASE).load(Op::Ld, A0, 0, T0).li(T0, DATA_BASE).load(Op::Ld, A0, 0, T0)
    });
    assert_eq!(run(&elf, b"", limits).expect_err("a trap").code(), "MEMORY_LIMIT");
}
