//! A second machine that knows only the initial memory and the events: it checks every event
//! against what the events before it imply, and in the end agrees with the machine.

use std::collections::HashMap;

use proofloom_executor::testkit::directed::directed_programs;
use proofloom_executor::testkit::{TestProgram, random_program};
use proofloom_executor::{Format, InitialMemory, Limits, Machine, MemAccess, Observer, Op, Program, Step, load_elf};

struct Replay<'p> {
    initial: InitialMemory<'p>,
    registers: [u64; 32],
    words: HashMap<u32, u64>,
    next: u32,
}

impl Replay<'_> {
    fn register(&self, number: u8) -> u64 {
        self.registers[usize::from(number)]
    }

    fn check_control(&mut self, step: &Step) {
        let Step { index, instr, .. } = *step;
        assert_eq!(index, self.next);
        let program = self.initial.program();
        assert_eq!(program.text()[index as usize], Some(instr));
        self.next = match instr.op.format() {
            Format::Jump => program.index(jump_target(program, step)).expect("a slot"),
            Format::JumpRegister => {
                let target = step.rs1.wrapping_add(instr.imm as u64) & !1;
                program.index(target).expect("a slot")
            }
            Format::Branch if taken(step) => program.index(jump_target(program, step)).expect("a slot"),
            Format::Ecall if step.rs1 == 93 => u32::MAX,
            _ => index + 1,
        };
        assert_eq!(step.next_index, self.next);
    }

    fn check_registers(&mut self, step: &Step) {
        let instr = step.instr;
        assert_eq!(step.rs1, self.register(instr.rs1));
        assert_eq!(step.rs2, self.register(instr.rs2));
        if instr.writes_rd() {
            self.registers[usize::from(instr.rd)] = step.rd;
        } else {
            assert_eq!(step.rd, 0);
        }
    }

    fn check_memory(&mut self, step: &Step) {
        let bytes = step.instr.op.access_bytes();
        let Some(access) = step.mem else {
            assert_eq!(bytes, 0);
            return;
        };
        assert_eq!(access.size, bytes);
        assert_eq!(access.addr, step.rs1.wrapping_add(step.instr.imm as u64));
        let last = (access.addr + u64::from(bytes) - 1) / 8;
        assert_eq!(u64::from(access.words[0].word), access.addr / 8);
        assert_eq!(u64::from(access.touched().last().expect("a word").word), last);
        for touched in access.touched() {
            let initial = self.initial.word(touched.word).expect("a mapped word").1;
            let current = self.words.insert(touched.word, touched.after).unwrap_or(initial);
            assert_eq!(touched.before, current, "word {:#x}", touched.word);
        }
        match step.instr.op.format() {
            Format::Store => check_store(step, &access),
            _ => check_load(step, &access),
        }
    }
}

fn jump_target(program: &Program, step: &Step) -> u64 {
    program.pc(step.index).wrapping_add(step.instr.imm as u64)
}

fn taken(step: &Step) -> bool {
    let (a, b) = (i128::from(step.rs1), i128::from(step.rs2));
    let (signed_a, signed_b) = (i128::from(step.rs1 as i64), i128::from(step.rs2 as i64));
    match step.instr.op {
        Op::Beq => a == b,
        Op::Bne => a != b,
        Op::Blt => signed_a < signed_b,
        Op::Bge => signed_a >= signed_b,
        Op::Bltu => a < b,
        _ => a >= b,
    }
}

/// The bytes of the words touched, before or after.
fn bytes(access: &MemAccess, value: impl Fn(usize) -> u64) -> Vec<u8> {
    (0..access.touched().len()).flat_map(|at| value(at).to_le_bytes()).collect()
}

fn check_load(step: &Step, access: &MemAccess) {
    let start = (access.addr % 8) as usize;
    let memory = bytes(access, |at| access.words[at].before);
    assert_eq!(memory, bytes(access, |at| access.words[at].after), "a load changes nothing");
    let loaded = &memory[start..start + usize::from(access.size)];
    let signed = matches!(step.instr.op, Op::Lb | Op::Lh | Op::Lw);
    let negative = signed && loaded.last().is_some_and(|&byte| byte >= 0x80);
    let mut value = [if negative { 0xff } else { 0 }; 8];
    value[..loaded.len()].copy_from_slice(loaded);
    if step.instr.rd != 0 {
        assert_eq!(step.rd, u64::from_le_bytes(value));
    }
}

fn check_store(step: &Step, access: &MemAccess) {
    let (start, size) = ((access.addr % 8) as usize, usize::from(access.size));
    let mut expected = bytes(access, |at| access.words[at].before);
    expected[start..start + size].copy_from_slice(&step.rs2.to_le_bytes()[..size]);
    assert_eq!(expected, bytes(access, |at| access.words[at].after));
}

impl Observer for Replay<'_> {
    fn step(&mut self, step: &Step) {
        self.check_memory(step);
        self.check_registers(step);
        self.check_control(step);
    }
}

fn replay(test: &TestProgram) {
    let program = load_elf(&test.elf()).expect(&test.name);
    let initial = InitialMemory::new(&program, &test.input);
    let next = program.entry_index();
    let (registers, words) = ([0; 32], HashMap::new());
    let mut replay = Replay { initial, registers, words, next };
    let mut machine = Machine::new(&program, &test.input, Limits::default()).expect("machine");
    machine.run_segment(u64::MAX, &mut replay).expect("halt");
    assert_eq!(&replay.registers, machine.registers());
    for (word, value) in replay.words {
        assert_eq!(machine.read_word(8 * u64::from(word)), Some(value));
    }
}

#[test]
fn events_of_directed_programs_are_consistent_and_complete() {
    directed_programs().iter().for_each(replay);
}

#[test]
fn events_of_random_programs_are_consistent_and_complete() {
    (0..150).map(random_program).for_each(|program| replay(&program));
}
