//! Runs a program and records what one segment, or the boundary, needs to know of the run.

use proofloom_executor::{Machine, Observer, Program, SegmentEnd, Snapshot, Step, Trap, WordAccess};

use crate::gamma::SegmentPublics;
use crate::layout::HALT_INDEX;
use crate::plan::Start;
use crate::program::{self, ProgramRow};
use crate::tables::cpu::flag;
use crate::trace::chain::{Place, Touch, Words};

/// One execution: who makes it again gets the same segments.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    pub start: Start<'a>,
    /// Decoded rows of the program's slots.
    pub rows: &'a [Option<ProgramRow>],
}

/// Program rows of all slots.
pub fn program_rows(program: &Program) -> Vec<Option<ProgramRow>> {
    (0u32..).zip(program.text()).map(|(index, instr)| instr.map(|instr| program::row(program, index, &instr))).collect()
}

/// Everything a segment's tables are built from.
#[derive(Clone, Debug)]
pub struct Record {
    /// Number of the segment, from 1.
    pub number: u32,
    pub steps: Vec<Step>,
    /// The words that each call of an accelerator replaced, in order.
    pub replaced: Vec<Vec<WordAccess>>,
    /// Registers when the segment begins.
    pub registers: [u64; 32],
    /// Index of the first instruction.
    pub pc_in: u32,
    /// Index after the last instruction, [`HALT_INDEX`] after the halting one.
    pub pc_out: u32,
    /// Exit code, if the segment ends with the halting ecall.
    pub exit: Option<u32>,
    /// For each word the last earlier segment that touched it, 0 for none.
    pub history: Words<u32>,
}

impl Record {
    /// The segment's public values.
    pub fn publics(&self) -> SegmentPublics {
        SegmentPublics {
            number: self.number,
            pc_in: self.pc_in,
            pc_out: self.pc_out,
            cycles: self.steps.len() as u32,
            exit: self.exit.unwrap_or(0),
        }
    }
}

/// What a segment touched: enough for its contribution.
#[derive(Clone, Debug)]
pub struct Touched {
    pub number: u32,
    pub cycles: u32,
    pub pc_in: u32,
    pub pc_out: u32,
    pub exit: Option<u32>,
    pub words: Words<Touch>,
}

impl Touched {
    /// The segment's public values.
    pub fn publics(&self) -> SegmentPublics {
        SegmentPublics {
            number: self.number,
            pc_in: self.pc_in,
            pc_out: self.pc_out,
            cycles: self.cycles,
            exit: self.exit.unwrap_or(0),
        }
    }
}

/// The end of a run: what the boundary is built from.
pub struct Finish {
    pub output: Vec<u8>,
    /// For each word the last segment that touched it, 0 for none.
    pub history: Words<u32>,
    /// Final value of a word.
    pub last: Words<u64>,
}

/// Where a step reads and writes tokens: (place, value before, value after), in the order of their
/// stamps. `replaced` are the words of an accelerator that the step calls.
pub fn accesses(row: &ProgramRow, step: &Step, replaced: &[WordAccess], mut visit: impl FnMut(Place, u64, u64)) {
    let a = if row.rs1 == 0 { 0 } else { step.rs1 };
    visit(Place::Register(row.rs1), a, a);
    if row.has(flag::USES_RS2) {
        visit(Place::Register(row.rs2), step.rs2, step.rs2);
    }
    if let Some(mem) = &step.mem {
        for word in mem.touched() {
            visit(Place::Memory(word.word), word.before, word.after);
        }
    }
    for word in replaced {
        visit(Place::Memory(word.word), word.before, word.after);
    }
    if row.has(flag::WRITES_RD) {
        visit(Place::Register(row.rd), 0, step.rd);
    }
}

/// The index after a step, in the proof's numbering.
pub const fn next_index(step: &Step) -> u32 {
    if step.next_index == proofloom_executor::HALT_INDEX { HALT_INDEX } else { step.next_index }
}

/// Hands every step on with its program row and the words that an accelerator replaced in it.
struct Visitor<'a, F> {
    rows: &'a [Option<ProgramRow>],
    /// Index after the last step.
    next: u32,
    replaced: Vec<WordAccess>,
    visit: F,
}

impl<F: FnMut(&ProgramRow, &Step, &mut Vec<WordAccess>)> Observer for Visitor<'_, F> {
    #[inline(always)]
    fn step(&mut self, step: &Step) {
        self.next = next_index(step);
        if let Some(row) = &self.rows[step.index as usize] {
            (self.visit)(row, step, &mut self.replaced);
        }
        self.replaced.clear();
    }

    fn replaced(&mut self, words: &[WordAccess]) {
        self.replaced.extend_from_slice(words);
    }
}

/// Where a run stands between two segments.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    machine: Snapshot,
    history: Words<u32>,
    next: u32,
    exit: Option<u32>,
}

impl Checkpoint {
    /// Segments that lie behind.
    pub fn segments(&self) -> u32 {
        self.machine.segment()
    }

    /// Cycles that lie behind.
    pub fn cycles(&self) -> u64 {
        self.machine.cycles()
    }
}

/// A run that stops after each segment.
pub struct Runner<'a> {
    run: Run<'a>,
    machine: Machine<'a>,
    history: Words<u32>,
    next: u32,
    exit: Option<u32>,
}

impl<'a> Runner<'a> {
    /// At the start of segment 1.
    ///
    /// # Errors
    /// [`Trap`] if the input is too long.
    pub fn new(run: Run<'a>) -> Result<Self, Trap> {
        let Start { program, input, limits, .. } = run.start;
        let machine = Machine::new(program, input, limits)?;
        let next = program.entry_index();
        Ok(Self { run, machine, history: Words::default(), next, exit: None })
    }

    /// Where the same run was before.
    ///
    /// # Errors
    /// [`Trap`] if the input is too long.
    pub fn resume(run: Run<'a>, checkpoint: &Checkpoint) -> Result<Self, Trap> {
        let mut runner = Self::new(run)?;
        // Refused for another program or input: then the run begins at its beginning.
        if runner.machine.restore(&checkpoint.machine).is_ok() {
            runner.history = checkpoint.history.clone();
            runner.next = checkpoint.next;
            runner.exit = checkpoint.exit;
        }
        Ok(runner)
    }

    /// A copy of where the run stands.
    pub fn checkpoint(&mut self) -> Checkpoint {
        Checkpoint { machine: self.machine.snapshot(), history: self.history.clone(), next: self.next, exit: self.exit }
    }

    /// Most bytes that a checkpoint takes now.
    pub fn bytes(&self) -> u64 {
        self.memory_bytes() + self.history.memory.bytes()
    }

    /// Bytes of the pages touched so far.
    pub fn memory_bytes(&self) -> u64 {
        self.machine.memory_bytes()
    }

    pub const fn run(&self) -> Run<'a> {
        self.run
    }

    /// Segments that lie behind.
    pub fn segments(&self) -> u32 {
        self.machine.segment()
    }

    /// Exit code, once the program has halted.
    pub const fn exit(&self) -> Option<u32> {
        self.exit
    }

    /// Runs one segment; `visit` sees each step with its program row and the words it replaced.
    fn segment(&mut self, visit: impl FnMut(&ProgramRow, &Step, &mut Vec<WordAccess>)) -> Result<u32, Trap> {
        let mut visitor = Visitor { rows: self.run.rows, next: self.next, replaced: Vec::new(), visit };
        let end = self.machine.run_segment(self.run.start.segment_cycles, &mut visitor)?;
        if let SegmentEnd::Halted { exit_code } = end {
            self.exit = Some(exit_code);
        }
        self.next = visitor.next;
        Ok(self.machine.segment())
    }

    /// Runs a segment that is not asked for, noting only what it touches.
    pub fn skip(&mut self) -> Result<(), Trap> {
        let mut history = core::mem::take(&mut self.history);
        let number = self.machine.segment() + 1;
        let done = self.segment(|row, step, replaced| {
            accesses(row, step, replaced, |place, _, _| *history.entry(place) = number);
        });
        self.history = history;
        done.map(|_| ())
    }

    /// Runs the next segment and records all of it.
    pub fn record(&mut self) -> Result<Record, Trap> {
        let (history, pc_in) = (self.history.clone(), self.next);
        let registers = *self.machine.registers();
        let mut steps = Vec::with_capacity(self.run.start.segment_cycles.min(1 << 20) as usize);
        let mut calls = Vec::new();
        let mut later = core::mem::take(&mut self.history);
        let number = self.machine.segment() + 1;
        let done = self.segment(|row, step, replaced| {
            steps.push(*step);
            accesses(row, step, replaced, |place, _, _| *later.entry(place) = number);
            if !replaced.is_empty() {
                calls.push(core::mem::take(replaced));
            }
        });
        self.history = later;
        done?;
        Ok(Record { number, steps, replaced: calls, registers, pc_in, pc_out: self.next, exit: self.exit, history })
    }

    /// Runs the next segment and shows `visit` what it touches, with the history before it.
    pub fn touch<R>(&mut self, visit: impl FnOnce(&Touched, &Words<u32>) -> R) -> Result<R, Trap> {
        let pc_in = self.next;
        let mut words = Words::<Touch>::default();
        let mut registers = *self.machine.registers();
        let mut cycles = 0;
        let number = self.segment(|row, step, replaced| {
            cycles += 1;
            accesses(row, step, replaced, |place, before, after| {
                let entering = match place {
                    Place::Register(register) => registers[usize::from(register)],
                    Place::Memory(_) => before,
                };
                let touch = words.entry(place);
                if touch.last == 0 {
                    touch.entering = entering;
                }
                touch.last = 1;
                touch.leaving = after;
                if let Place::Register(register) = place {
                    registers[usize::from(register)] = after;
                }
            });
        })?;
        let touched = Touched { number, cycles, pc_in, pc_out: self.next, exit: self.exit, words };
        let seen = visit(&touched, &self.history);
        for (place, touch) in touched.words.iter() {
            if touch.last != 0 {
                *self.history.entry(place) = number;
            }
        }
        Ok(seen)
    }

    /// The end of the run; `None` while the program has not halted.
    pub fn finish(self) -> Option<Finish> {
        self.exit?;
        let mut last = Words::<u64>::default();
        last.registers = *self.machine.registers();
        for (place, segment) in self.history.iter() {
            if let (Place::Memory(word), 1..) = (place, segment) {
                *last.entry(place) = self.machine.read_word(u64::from(word) * 8).unwrap_or(0);
            }
        }
        Some(Finish { output: self.machine.output(), history: self.history, last })
    }
}
