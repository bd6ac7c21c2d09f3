//! An executor into which faults are injected, and which goes on from each as if it were true.
//!
//! A prover who wants to cheat does the same: one false step, everything else around it honest, so
//! that only the rule that the step breaks can give it away.

use std::collections::BTreeMap;

use super::ClaimedExecution;
use proofloom_executor::map::OUTPUT_BASE;
use proofloom_executor::{Format, HALT_INDEX, InitialMemory, Instr, MemAccess, Op, Program, Step, WordAccess, alu};

/// a0, the exit code.
const A0: usize = 10;
const HALT_CALL: u64 = 93;

/// What becomes of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It happens, as it is told.
    Happens,
    /// It leaves no trace and has no effect; the next instruction follows.
    Vanishes,
    /// It happens twice.
    Repeats,
}

/// State of the emulated machine.
#[derive(Clone)]
pub struct FaultyExecutor<'p> {
    program: &'p Program,
    initial: InitialMemory<'p>,
    pub registers: [u64; 32],
    /// Words (address / 8) that were written.
    pub memory: BTreeMap<u32, u64>,
    index: u32,
}

impl<'p> FaultyExecutor<'p> {
    pub fn new(program: &'p Program, input: &'p [u8]) -> Self {
        let initial = InitialMemory::new(program, input);
        Self { program, initial, registers: [0; 32], memory: BTreeMap::new(), index: program.entry_index() }
    }

    /// Runs to the halt. `fault` sees the machine before each step, and may change the step.
    ///
    /// Panics if the program does not halt within a few thousand steps, or leaves its text.
    pub fn run(
        mut self,
        segment_cycles: usize,
        mut fault: impl FnMut(usize, &mut Self, &mut Step) -> Effect,
    ) -> ClaimedExecution {
        let mut steps = Vec::new();
        for number in 0..20_000 {
            let mut step = self.next_step();
            match fault(number, &mut self, &mut step) {
                Effect::Happens => steps.push(step),
                Effect::Vanishes => {
                    self.index += 1;
                    continue;
                }
                Effect::Repeats => {
                    steps.push(step);
                    self.apply(&step);
                    self.index = step.index;
                    step = self.next_step();
                    steps.push(step);
                }
            }
            self.apply(&step);
            if self.index == HALT_INDEX {
                return self.execution(&steps, segment_cycles);
            }
        }
        panic!("the program does not halt");
    }

    fn execution(&self, steps: &[Step], segment_cycles: usize) -> ClaimedExecution {
        let segments = steps.chunks(segment_cycles).map(<[Step]>::to_vec).collect();
        ClaimedExecution {
            segments,
            replaced: vec![],
            exit_code: self.registers[A0] as u32,
            output: self.output(),
            program: None,
        }
    }

    fn output(&self) -> Vec<u8> {
        let first = (OUTPUT_BASE / 8) as u32;
        let length = self.word(first) as usize;
        let words = 1..=length.div_ceil(8) as u32;
        let mut bytes: Vec<u8> = words.flat_map(|i| self.word(first + i).to_le_bytes()).collect();
        bytes.truncate(length);
        bytes
    }

    /// Current value of a word; zero if it is not mapped.
    pub fn word(&self, word: u32) -> u64 {
        let initial = || self.initial.word(word).map_or(0, |(_, value)| value);
        self.memory.get(&word).copied().unwrap_or_else(initial)
    }

    fn apply(&mut self, step: &Step) {
        if step.instr.rd != 0 {
            self.registers[usize::from(step.instr.rd)] = step.rd;
        }
        for word in step.mem.iter().flat_map(MemAccess::touched) {
            self.memory.insert(word.word, word.after);
        }
        self.index = step.next_index;
    }

    /// The next step as it is.
    pub fn next_step(&self) -> Step {
        let instr = self.program.text()[self.index as usize].expect("an instruction");
        let [rs1, rs2] = [instr.rs1, instr.rs2].map(|register| self.registers[usize::from(register)]);
        self.step(self.index, instr, rs1, rs2)
    }

    /// What an instruction does with given operands.
    pub fn step(&self, index: u32, instr: Instr, rs1: u64, rs2: u64) -> Step {
        let size = instr.op.access_bytes();
        let mem = (size > 0).then(|| self.access(rs1.wrapping_add(instr.imm as u64), size));
        let mut step = Step { index, next_index: index + 1, instr, rs1, rs2, rd: 0, mem };
        self.finish(&mut step);
        step
    }

    /// The words of an access, as memory has them.
    pub fn access(&self, addr: u64, size: u8) -> MemAccess {
        let [first, last] = [addr, addr + u64::from(size) - 1].map(|addr| (addr / 8) as u32);
        let touch = |word| WordAccess { word, before: self.word(word), after: self.word(word) };
        let count = if first == last { 1 } else { 2 };
        let second = if count == 2 { touch(last) } else { WordAccess::default() };
        MemAccess { addr, size, words: [touch(first), second], count }
    }

    /// Fills in what follows from operands and memory found: results, words stored, next index.
    pub fn finish(&self, step: &mut Step) {
        let Step { index, instr, rs1, rs2, .. } = *step;
        let pc = self.program.pc(index);
        let jump = |target: u64| (target.wrapping_sub(self.program.text_base()) / 4) as u32;
        step.rd = match (instr.op.format(), &mut step.mem) {
            (Format::Load, Some(mem)) => alu::extend(instr.op, loaded(mem)),
            (Format::Store, Some(mem)) => {
                store(mem, rs2);
                0
            }
            _ => alu::result(&instr, pc, rs1, rs2),
        };
        if instr.rd == 0 {
            step.rd = 0;
        }
        step.next_index = match instr.op {
            op if alu::taken(op, rs1, rs2) => jump(pc.wrapping_add_signed(instr.imm)),
            Op::Jal => jump(pc.wrapping_add_signed(instr.imm)),
            Op::Jalr => jump(rs1.wrapping_add_signed(instr.imm) & !1),
            Op::Ecall if rs1 == HALT_CALL => HALT_INDEX,
            _ => index + 1,
        };
    }
}

/// Bits of the two words that an access covers.
pub fn covered(mem: &MemAccess) -> u128 {
    let bits = 8 * u32::from(mem.size);
    (u128::MAX >> (128 - bits)) << (8 * (mem.addr % 8))
}

/// Both words of an access side by side.
fn pair(mem: &MemAccess, value: impl Fn(&WordAccess) -> u64) -> u128 {
    u128::from(value(&mem.words[0])) | u128::from(value(&mem.words[1])) << 64
}

/// The accessed bytes, zero-extended.
fn loaded(mem: &MemAccess) -> u64 {
    ((pair(mem, |word| word.before) & covered(mem)) >> (8 * (mem.addr % 8))) as u64
}

fn store(mem: &mut MemAccess, value: u64) {
    let covered = covered(mem);
    let after = pair(mem, |word| word.before) & !covered | u128::from(value) << (8 * (mem.addr % 8)) & covered;
    mem.words[0].after = after as u64;
    if mem.count == 2 {
        mem.words[1].after = (after >> 64) as u64;
    }
}
