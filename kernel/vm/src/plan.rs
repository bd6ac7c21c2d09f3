//! One run of a program from its start to its halt, and whether it can be proven.

use proofloom_executor::map::{INPUT_BASE, OUTPUT_BASE, WORD_BYTES};
use proofloom_executor::{
    Accelerator, InitialMemory, Limits, Machine, NoObserver, Observer, PERIOD_CYCLES, Program, SegmentEnd, Trap,
};

use crate::heights::{RowCounter, log_height};
use crate::layout::STAMPS;
use crate::limit::{Limit, OverLimit, REGISTER_ROWS};
use crate::memory::{Extent, MemoryNeeds};
use crate::proofs::header_bytes;
use crate::statement::{Statement, output_words};
use crate::system::{boundary_machine, segment_machine};
use crate::tables::VmTable;
use crate::verifier::TOKENS_PER_ROW;

// A period is as long as the difference of stamps that needs no renewal.
const _: () = assert!(STAMPS as u64 * PERIOD_CYCLES == 1 << 16);

/// A program, its input, and how its run is cut.
#[derive(Clone, Copy)]
pub struct Start<'a> {
    pub program: &'a Program,
    pub input: &'a [u8],
    pub limits: Limits,
    pub segment_cycles: u64,
}

/// A run's statement with what is not part of it.
#[derive(Clone, Debug)]
pub struct Plan {
    pub statement: Statement,
    pub misaligned_accesses: u64,
}

/// How much a proof of a run has to carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measures {
    /// Words of memory that the run touches, those of program file and output included.
    pub words: u64,
    /// Calls of all accelerators.
    pub calls: u64,
    /// Most bytes that the final proof can have.
    pub proof_bytes: u64,
    /// Most bytes of memory that a call of the kernel about the run takes.
    pub memory_bytes: u64,
}

/// A run that did not halt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    pub trap: Trap,
    /// Instructions retired before.
    pub cycles: u64,
}

/// Why a run has no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unprovable {
    Stopped(Stopped),
    OverLimit(OverLimit),
}

impl From<Stopped> for Unprovable {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped)
    }
}

impl From<OverLimit> for Unprovable {
    fn from(over: OverLimit) -> Self {
        Self::OverLimit(over)
    }
}

impl<'a> Start<'a> {
    /// Runs the program, whether the run can be proven or not.
    ///
    /// # Errors
    /// [`Stopped`].
    pub fn execute(&self) -> Result<Plan, Stopped> {
        self.walk(&mut NoObserver, |_, _, _| ()).map(|machine| plan_of(&machine))
    }

    /// Runs the program and measures what a proof of the run has to carry. The requests to prove it have so
    /// many bytes, program and input among them.
    ///
    /// # Errors
    /// [`Stopped`], or the first limit that the run is over.
    pub fn plan(&self, request: u64) -> Result<(Plan, Measures), Unprovable> {
        let mut counter = RowCounter::new(self.program.text());
        let mut meter = Meter::new(self, request);
        let mut machine =
            self.walk(&mut counter, |machine, counter, cycles| meter.segment(machine, counter, cycles))?;
        let plan = plan_of(&machine);
        let measures = meter.finish(&mut machine, &plan.statement)?;
        Ok((plan, measures))
    }

    /// Runs to the halt; `after` sees machine and observer after each segment, and the segment's cycles.
    fn walk<O: Observer>(
        &self,
        observer: &mut O,
        mut after: impl FnMut(&mut Machine<'a>, &mut O, u64),
    ) -> Result<Machine<'a>, Stopped> {
        let stopped = |trap, cycles| Stopped { trap, cycles };
        let mut machine = Machine::new(self.program, self.input, self.limits).map_err(|trap| stopped(trap, 0))?;
        loop {
            let before = machine.cycles();
            let end = machine.run_segment(self.segment_cycles, observer);
            let end = end.map_err(|trap| stopped(trap, machine.cycles()))?;
            let cycles = machine.cycles() - before;
            after(&mut machine, observer, cycles);
            if let SegmentEnd::Halted { .. } = end {
                return Ok(machine);
            }
        }
    }
}

fn plan_of(machine: &Machine<'_>) -> Plan {
    Plan {
        statement: Statement {
            exit_code: machine.exit_code().unwrap_or(0),
            cycles: machine.cycles(),
            output: machine.output(),
            segments: machine.segment(),
        },
        misaligned_accesses: machine.misaligned_accesses(),
    }
}

/// Adds up what the segments of a run need. Rows are counted exactly or from above.
struct Meter<'a> {
    start: Start<'a>,
    needs: MemoryNeeds,
    program_rows: u64,
    /// Calls of each accelerator before the segment.
    calls: [u64; Accelerator::ALL.len()],
    /// Words that the segments touch, those of one after another.
    touched: u64,
    /// Rows of the tables with phase-one columns, padding included.
    phase_one_rows: u64,
    proof_bytes: u64,
    memory_bytes: u64,
    /// The first segment's limit that was passed.
    over: Option<OverLimit>,
}

impl<'a> Meter<'a> {
    fn new(start: &Start<'a>, request: u64) -> Self {
        Self {
            start: *start,
            needs: MemoryNeeds::new(start.program, request),
            program_rows: start.program.text().iter().flatten().count() as u64,
            calls: Default::default(),
            touched: 0,
            phase_one_rows: 0,
            proof_bytes: 0,
            memory_bytes: 0,
            over: None,
        }
    }

    fn segment(&mut self, machine: &mut Machine<'_>, counter: &mut RowCounter, cycles: u64) {
        let number = machine.segment();
        // A run of too many segments is refused anyway, and counting words takes time.
        if self.over.is_none() && u64::from(number) <= Limit::Segments.allowed() {
            self.over = self.add(machine, counter, number, cycles).err();
        }
    }

    fn add(
        &mut self,
        machine: &mut Machine<'_>,
        counter: &mut RowCounter,
        number: u32,
        cycles: u64,
    ) -> Result<(), OverLimit> {
        let touched = machine.take_touched();
        let before = std::mem::replace(&mut self.calls, Accelerator::ALL.map(|called| machine.calls(called)));
        let calls = std::array::from_fn(|i| self.calls[i] - before[i]);
        let mut rows = counter.take(machine.unaligned_accesses(), calls);
        // A word is renewed at most once in each period up to the one of its last access.
        let renewals = touched.periods + REGISTER_ROWS * (cycles / PERIOD_CYCLES);
        OverLimit::check(Limit::Renewals, Some(number), renewals)?;
        *rows.entry(VmTable::Refresh) = renewals;
        *rows.entry(VmTable::Local) = touched.words + REGISTER_ROWS;
        *rows.entry(VmTable::Program) = self.program_rows;
        rows.check(number)?;
        self.touched += touched.words;
        let extent = Extent { words: self.touched, page_bytes: machine.memory_bytes() };
        let bytes = self.needs.segment(extent, &rows, self.start.segment_cycles);
        OverLimit::check(Limit::Memory, Some(number), bytes)?;
        self.memory_bytes = self.memory_bytes.max(bytes);
        self.phase_one_rows += 1 << log_height(VmTable::Local, rows.get(VmTable::Local));
        let proof = segment_machine(rows.accelerators());
        let log_heights = rows.log_heights(proof.tables());
        self.proof_bytes += proof.proof_bytes(log_heights.into_iter().max().unwrap_or(0));
        Ok(())
    }

    fn finish(self, machine: &mut Machine<'_>, statement: &Statement) -> Result<Measures, OverLimit> {
        OverLimit::check(Limit::Segments, None, u64::from(statement.segments))?;
        machine.take_touched();
        let words = self.words(machine, statement);
        OverLimit::check(Limit::Words, None, words)?;
        self.over.map_or(Ok(()), Err)?;
        let extent = Extent { words: machine.touched_words(), page_bytes: machine.memory_bytes() };
        let rows = words + REGISTER_ROWS;
        let bytes = self.needs.boundary(extent, rows);
        OverLimit::check(Limit::Memory, None, bytes)?;
        let log_rows = log_height(VmTable::Initfin, rows);
        OverLimit::check(Limit::Tokens, None, TOKENS_PER_ROW * (self.phase_one_rows + (1 << log_rows)))?;
        let boundary = boundary_machine().proof_bytes(log_rows);
        Ok(Measures {
            words,
            calls: Accelerator::ALL.map(|accelerator| machine.calls(accelerator)).iter().sum(),
            proof_bytes: header_bytes(statement) + boundary + self.proof_bytes,
            memory_bytes: self.memory_bytes.max(bytes),
        })
    }

    /// Words that the boundary has a row for.
    fn words(&self, machine: &Machine<'_>, statement: &Statement) -> u64 {
        let word = |addr: u64| (addr / WORD_BYTES) as u32;
        let program = self.start.program;
        let image = program.image().iter().flat_map(|interval| interval.start..interval.end());
        let output = word(OUTPUT_BASE)..word(OUTPUT_BASE) + output_words(&statement.output).len() as u32;
        // The length of the input has a row if the input has any.
        let input = InitialMemory::new(program, self.start.input).input_words();
        let length = machine.is_any_touched(input).then_some(word(INPUT_BASE));
        let untouched = image.chain(output).chain(length).filter(|&word| !machine.is_touched(word));
        machine.touched_words() + untouched.count() as u64
    }
}
