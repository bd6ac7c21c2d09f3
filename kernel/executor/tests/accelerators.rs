//! What calls of accelerators do, and where they are refused.

use proofloom_executor::testkit::reg::{A0, A7};
use proofloom_executor::testkit::{Assembler, CALL_WORDS, DATA_BASE, TEXT_BASE, TestProgram, accelerator_calls, elf};
use proofloom_executor::{
    Accelerator, Limits, Machine, NoObserver, Observer, Step, Trap, WordAccess, execute, load_elf, map,
};

/// The words of the first call at `addr`, or the trap it leads to.
fn call(accelerator: Accelerator, addr: u64, limits: Limits) -> Result<Vec<WordAccess>, Trap> {
    #[derive(Default)]
    struct Seen(Vec<WordAccess>);
    impl Observer for Seen {
        fn step(&mut self, _: &Step) {}
        fn replaced(&mut self, words: &[WordAccess]) {
            self.0 = words.to_vec();
        }
    }
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(A7, accelerator.call()).li(A0, addr).ecall().exit(0);
    let program = load_elf(&elf(asm, 4096)).expect("ELF");
    let mut seen = Seen::default();
    let mut machine = Machine::new(&program, b"input of a few words", limits).expect("short input");
    machine.run_segment(100, &mut seen)?;
    assert_eq!(machine.registers()[usize::from(A0)], 0, "the exit code");
    Ok(seen.0)
}

#[test]
fn keccak_f_of_zeros_is_that_of_the_standards_examples() {
    let words = call(Accelerator::KeccakF, DATA_BASE, Limits::default()).expect("writable words");
    assert_eq!(words.len(), 25);
    assert!(words.iter().all(|word| word.before == 0));
    let [first, last] = [words[0].after, words[24].after];
    assert_eq!((first, last), (0xf125_8f79_40e1_dde7, 0xeaf1_ff7b_5cec_a249));
}

#[test]
fn sha256_of_abc_is_that_of_the_standards_example() {
    let hash: [u32; 8] =
        [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
    let mut block = [0u8; 64];
    block[..4].copy_from_slice(b"abc\x80");
    block[63] = 24;
    let mut words: Vec<u64> =
        hash.as_chunks::<2>().0.iter().map(|&[low, high]| u64::from(high) << 32 | u64::from(low)).collect();
    words.extend(block.as_chunks::<8>().0.iter().map(|&bytes| u64::from_le_bytes(bytes)));
    Accelerator::Sha256.apply(&mut words);
    let digest: Vec<String> =
        words[..4].iter().flat_map(|&word| [word as u32, (word >> 32) as u32]).map(|x| format!("{x:08x}")).collect();
    assert_eq!(digest.concat(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn calls_outside_of_writable_memory_trap_and_change_nothing() {
    for accelerator in Accelerator::ALL {
        let bytes = 8 * accelerator.words() as u64;
        let refused = [
            0,
            map::INPUT_BASE,
            TEXT_BASE,
            DATA_BASE - 8,
            DATA_BASE + 1,
            DATA_BASE + 4,
            (1 << 32) - bytes + 8,
            (1 << 40) + DATA_BASE,
            u64::MAX - 7,
        ];
        for addr in refused {
            let trap = call(accelerator, addr, Limits::default()).expect_err("a trap");
            assert_eq!(trap.code(), "ACCELERATOR_MEMORY", "{trap}");
            assert!(trap.pc().is_some(), "{trap}");
            let shown = trap.to_string();
            assert!(shown.contains(&format!("{addr:#x}")) && shown.contains(&format!("{bytes} ")), "{shown}");
        }
        // The last words before the output region belong to writable memory, as all behind it do.
        call(accelerator, (1 << 32) - bytes, Limits::default()).expect("the last words");
    }
}

#[test]
fn calls_keep_to_the_memory_limit() {
    let limits = Limits { max_memory_bytes: 4096, ..Limits::default() };
    call(Accelerator::KeccakF, DATA_BASE, limits).expect("one page");
    let trap = call(Accelerator::KeccakF, DATA_BASE + 4096 - 8, limits).expect_err("two pages");
    assert_eq!(trap.code(), "MEMORY_LIMIT");
}

#[test]
fn numbers_of_no_accelerator_are_unknown_calls() {
    for accelerator in Accelerator::ALL {
        assert_eq!(Accelerator::of_call(accelerator.call()), Some(accelerator));
        for a7 in [accelerator.call() - 1, accelerator.call() + (1 << 32)] {
            let mut asm = Assembler::new(TEXT_BASE);
            asm.li(A7, a7).li(A0, DATA_BASE).ecall().exit(0);
            let program = load_elf(&elf(asm, 4096)).expect("ELF");
            let trap = execute(&program, &[], Limits::default(), 100).expect_err("a trap");
            assert_eq!(trap.code(), "UNKNOWN_ECALL", "{trap}");
            assert!(trap.to_string().contains("1600"), "{trap}");
        }
    }
}

/// Observed or not, in one piece or in many, from a snapshot or from the start.
#[test]
fn calls_are_the_same_however_a_run_is_cut() {
    for accelerator in Accelerator::ALL {
        let test: TestProgram = accelerator_calls(accelerator, 8);
        let program = load_elf(&test.elf()).expect("ELF");
        let whole = execute(&program, &[], Limits::default(), 1 << 20).expect("it halts");
        let mut machine = Machine::new(&program, &[], Limits::default()).expect("no input");
        let mut calls = 0;
        for _ in 0..whole.cycles - 1 {
            let snapshot = machine.snapshot();
            machine.run_segment(1, &mut NoObserver).expect("no trap");
            let after = machine.read_word(CALL_WORDS);
            machine.restore(&snapshot).expect("its own snapshot");
            machine
                .run_segment(1, &mut |step: &Step| calls += usize::from(step.rs1 == accelerator.call()))
                .expect("no trap");
            assert_eq!(machine.read_word(CALL_WORDS), after);
        }
        machine.run_segment(1, &mut NoObserver).expect("the halt");
        assert_eq!(machine.output(), whole.output);
        assert!(calls >= 5, "{calls}");
    }
}
