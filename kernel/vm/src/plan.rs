//! One run of a program from its start to its halt, and whether it can be proven.

use proofloom_machine::map::{INPUT_BASE, OUTPUT_BASE, WORD_BYTES};
use proofloom_machine::{
    Accelerator, Limits, Machine, NoObserver, PERIOD_CYCLES, Program, SegmentEnd, Trap,
};

use crate::accelerators::Accelerators;
use crate::layout::{LOG_MIN_HEIGHT, STAMPS};
use crate::limit::{Limit, MAX_ROWS, OverLimit, REGISTER_ROWS, call_rows};
use crate::proofs::header_bytes;
use crate::statement::{Statement, output_words};
use crate::system::{boundary_machine, segment_machine};
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
        self.walk(|_, _| ()).map(|machine| plan_of(&machine))
    }

    /// Runs the program and measures what a proof of the run has to carry.
    ///
    /// # Errors
    /// [`Stopped`], or the first limit that the run is over.
    pub fn plan(&self) -> Result<(Plan, Measures), Unprovable> {
        let mut meter = Meter::new(self.program);
        let mut machine = self.walk(|machine, cycles| meter.segment(machine, cycles))?;
        let plan = plan_of(&machine);
        let measures = meter.finish(self.program, &mut machine, &plan.statement)?;
        Ok((plan, measures))
    }

    /// Runs to the halt; `after` sees the machine after each segment, and the segment's cycles.
    fn walk(&self, mut after: impl FnMut(&mut Machine<'a>, u64)) -> Result<Machine<'a>, Stopped> {
        let stopped = |trap, cycles| Stopped { trap, cycles };
        let mut machine = Machine::new(self.program, self.input, self.limits).map_err(|trap| stopped(trap, 0))?;
        loop {
            let before = machine.cycles();
            let end = machine.run_segment(self.segment_cycles, &mut NoObserver);
            let end = end.map_err(|trap| stopped(trap, machine.cycles()))?;
            let cycles = machine.cycles() - before;
            after(&mut machine, cycles);
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
struct Meter {
    program_rows: u64,
    /// Calls of each accelerator before the segment.
    calls: [u64; Accelerator::ALL.len()],
    /// Rows of the tables with shared columns, padding included.
    shared_rows: u64,
    proof_bytes: u64,
    /// The first segment's limit that was passed.
    over: Option<OverLimit>,
}

impl Meter {
    fn new(program: &Program) -> Self {
        Self {
            program_rows: program.text().iter().flatten().count() as u64,
            calls: Default::default(),
            shared_rows: 0,
            proof_bytes: 0,
            over: None,
        }
    }

    fn segment(&mut self, machine: &mut Machine<'_>, cycles: u64) {
        let number = machine.segment();
        // A run of too many segments is refused anyway, and counting words takes time.
        if self.over.is_none() && u64::from(number) <= Limit::Segments.allowed() {
            self.over = self.add(machine, number, cycles).err();
        }
    }

    fn add(&mut self, machine: &mut Machine<'_>, number: u32, cycles: u64) -> Result<(), OverLimit> {
        let touched = machine.take_touched();
        let mut rows = vec![cycles + 1, self.program_rows];
        let mut used = Accelerators::NONE;
        for (accelerator, before) in Accelerator::ALL.into_iter().zip(&mut self.calls) {
            let after = machine.calls(accelerator);
            let calls = after - std::mem::replace(before, after);
            OverLimit::check(Limit::Calls(accelerator), Some(number), calls)?;
            rows.push(calls * call_rows(accelerator));
            if calls > 0 {
                used = used.with(accelerator);
            }
        }
        // A word is renewed at most once in each period up to the one of its last access.
        let renewals = touched.periods + REGISTER_ROWS * (cycles / PERIOD_CYCLES);
        OverLimit::check(Limit::Renewals, Some(number), renewals)?;
        let local = touched.words + REGISTER_ROWS;
        self.shared_rows += 1 << log_height(local);
        rows.extend([renewals, local]);
        let log_tallest = rows.into_iter().map(log_height).max().unwrap_or(0);
        self.proof_bytes += segment_machine(used).proof_bytes(log_tallest);
        Ok(())
    }

    fn finish(
        self,
        program: &Program,
        machine: &mut Machine<'_>,
        statement: &Statement,
    ) -> Result<Measures, OverLimit> {
        OverLimit::check(Limit::Segments, None, u64::from(statement.segments))?;
        machine.take_touched();
        let words = words(program, machine, statement);
        OverLimit::check(Limit::Words, None, words)?;
        self.over.map_or(Ok(()), Err)?;
        let log_rows = log_height(words + REGISTER_ROWS);
        OverLimit::check(Limit::Tokens, None, TOKENS_PER_ROW * (self.shared_rows + (1 << log_rows)))?;
        let boundary = boundary_machine().proof_bytes(log_rows);
        Ok(Measures {
            words,
            calls: Accelerator::ALL.map(|accelerator| machine.calls(accelerator)).iter().sum(),
            proof_bytes: header_bytes(statement) + boundary + self.proof_bytes,
        })
    }
}

/// Words that the boundary has a row for.
fn words(program: &Program, machine: &Machine<'_>, statement: &Statement) -> u64 {
    let word = |addr: u64| (addr / WORD_BYTES) as u32;
    let image = program.image().iter().flat_map(|interval| interval.start..interval.end());
    let output = word(OUTPUT_BASE)..word(OUTPUT_BASE) + output_words(&statement.output).len() as u32;
    // The length of the input has a row if the input has any.
    let untouched = image.chain(output).chain([word(INPUT_BASE)]).filter(|&word| !machine.is_touched(word));
    machine.touched_words() + untouched.count() as u64
}

/// log2 of the height of a table with so many rows. Over all heights there are, the highest.
fn log_height(rows: u64) -> usize {
    (rows.min(MAX_ROWS).next_power_of_two().ilog2() as usize).max(LOG_MIN_HEIGHT)
}
