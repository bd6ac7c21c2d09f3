//! Checks tables row by row, without a proof: for tests and for work on the tables.

mod claimed_execution;
mod tables;

use std::fmt;

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_executor::{Limits, Program};
use proofloom_field::{Challenge, Val};
use proofloom_stark::{DebugError, DebugReport};

pub use self::claimed_execution::ClaimedExecution;
pub(crate) use self::tables::{PreprocessedTables, Tables};
use crate::cross::CrossPair;
use crate::engine::Engine;
use crate::error::{KernelError, VerifyError};
use crate::gamma::{self, SegmentPublics};
use crate::key::VerifyingKey;
use crate::plan::Start;
use crate::program::ProgramRow;
use crate::prover::BOUNDARY;
use crate::statement::Statement;
use crate::tables::initfin::rows::{self as boundary, BoundaryTrace};
use crate::tables::local::rows as local;
use crate::trace::record::{Finish, Record, Run, Runner, program_rows};
use crate::trace::segment;
use crate::verifier::{check_chain, output_terms};

/// log2 rows of the shards that are checked.
const LOG_SHARD: usize = 6;

/// What is wrong with a run's tables.
#[derive(Debug)]
pub enum Violation {
    /// The run itself failed.
    Kernel(KernelError),
    /// Violated constraints or unbalanced buses of a segment, or of the boundary (segment 0).
    Tables { segment: u32, report: Box<DebugReport> },
    /// The contribution of a segment would commit to other rows than its proof.
    Contribution { segment: u32 },
    /// The segments do not follow one another from the entry to the halt.
    Chain(VerifyError),
    /// The cross-segment sums do not cancel.
    Sum,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kernel(error) => write!(f, "{error}"),
            Self::Tables { segment: BOUNDARY, report } => write!(f, "boundary: {report}"),
            Self::Tables { segment, report } => write!(f, "segment {segment}: {report}"),
            Self::Contribution { segment } => write!(f, "segment {segment}: its contribution has other rows"),
            Self::Chain(error) => write!(f, "{error}"),
            Self::Sum => f.write_str("the cross-segment sums do not cancel"),
        }
    }
}

impl<E: Into<KernelError>> From<E> for Violation {
    fn from(error: E) -> Self {
        Self::Kernel(error.into())
    }
}

/// Size of a run whose tables hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    pub segments: u32,
    pub cycles: u64,
}

/// A program whose runs can be checked, but not proven: nothing is committed.
pub struct Inspector {
    pub(crate) program: Program,
    pub(crate) rows: Vec<Option<ProgramRow>>,
    /// Without roots.
    pub(crate) key: VerifyingKey,
    pub(crate) preprocessed: PreprocessedTables,
    pub(crate) engine: Engine,
}

impl Inspector {
    /// Decodes a program's rows.
    pub fn new(program: Program) -> Self {
        let engine = Engine::default();
        let rows = program_rows(&program);
        let preprocessed = PreprocessedTables::new(&program, &rows);
        let [program_log_height, image_log_height] = preprocessed.log_heights();
        let key = VerifyingKey {
            entry: program.entry_index(),
            text_base: program.text_base(),
            writable_word: (program.writable_start() / 8) as u32,
            program_log_height,
            image_log_height,
            segment_root: Default::default(),
            boundary_root: Default::default(),
        };
        Self { program, rows, key, preprocessed, engine }
    }

    pub(crate) fn run<'a>(&'a self, input: &'a [u8], segment_cycles: u64) -> Run<'a> {
        let start = Start { program: &self.program, input, limits: Limits::default(), segment_cycles };
        Run { start, rows: &self.rows }
    }

    /// The boundary's table, or its shards: low ones, so that there are several.
    pub(crate) fn boundary(&self, run: &Run<'_>, finish: &Finish) -> Vec<BoundaryTrace> {
        match self.engine {
            Engine::Univariate => vec![boundary::build(run, finish)],
            Engine::Multilinear => boundary::shards(run, finish, LOG_SHARD),
        }
    }

    /// Runs the program and checks the tables that a proof of the run would be made of.
    ///
    /// # Errors
    /// [`Violation`]; none for a program that halts.
    pub fn check(&self, input: &[u8], segment_cycles: u64) -> Result<Checked, Violation> {
        let run = self.run(input, segment_cycles);
        let (mut runner, mut toucher) = (Runner::new(run)?, Runner::new(run)?);
        let mut check = Check::new(self, run);
        while runner.exit().is_none() {
            let record = runner.record()?;
            let contributed = toucher.touch(|touched, history| local::phase_one(&touched.words, history))?;
            check.segment(&record, |rows| *rows == contributed)?;
        }
        let exit_code = runner.exit().unwrap_or(0);
        let finish = runner.finish().ok_or_else(|| KernelError::Prover("the run did not halt".to_owned()))?;
        check.end(&finish, exit_code)
    }

    /// Runs the program and tells what happened.
    ///
    /// # Errors
    /// The program's trap.
    pub fn execution(&self, input: &[u8], segment_cycles: u64) -> Result<ClaimedExecution, KernelError> {
        let mut runner = Runner::new(self.run(input, segment_cycles))?;
        let (mut segments, mut replaced) = (Vec::new(), Vec::new());
        while runner.exit().is_none() {
            let record = runner.record()?;
            segments.push(record.steps);
            replaced.extend(record.replaced);
        }
        let exit_code = runner.exit().unwrap_or(0);
        let output = runner.finish().map_or_else(Vec::new, |finish| finish.output);
        Ok(ClaimedExecution { segments, replaced, exit_code, output, program: None })
    }

    /// Checks the tables that a prover would make of a claimed execution, true or not. Multiplicities of
    /// preprocessed tables are taken to be whatever makes their buses balance: the prover chooses them.
    ///
    /// # Errors
    /// [`Violation`]: no proof can say this.
    pub fn check_claimed(&self, input: &[u8], claimed: &ClaimedExecution) -> Result<Checked, Violation> {
        let other = claimed.program.as_ref().map(program_rows);
        let rows = other.as_ref().unwrap_or(&self.rows);
        let (records, finish) = claimed.records(rows, self.program.entry_index());
        let run = Run { rows, ..self.run(input, 1) };
        let mut check = Check { any_counts: true, ..Check::new(self, run) };
        for record in &records {
            check.segment(record, |_| true)?;
        }
        check.end(&finish, claimed.exit_code)
    }
}

/// A check in progress.
struct Check<'a> {
    inspector: &'a Inspector,
    run: Run<'a>,
    pair: CrossPair,
    /// Multiplicities of preprocessed tables may be wrong.
    any_counts: bool,
    sum: Challenge,
    segments: Vec<SegmentPublics>,
}

impl<'a> Check<'a> {
    fn new(inspector: &'a Inspector, run: Run<'a>) -> Self {
        // Any pair that the tables do not depend on.
        let pair = gamma::cross_pair(&gamma::boundary_commitment(&Default::default()));
        Self { inspector, run, pair, any_counts: false, sum: Challenge::ZERO, segments: Vec::new() }
    }

    /// `expects` judges the phase-one columns.
    fn segment(
        &mut self,
        record: &Record,
        expects: impl FnOnce(&RowMajorMatrix<Val>) -> bool,
    ) -> Result<(), Violation> {
        let trace = segment::build(&self.run, record, self.inspector.engine)?;
        if !expects(&trace.local) {
            return Err(Violation::Contribution { segment: record.number });
        }
        let publics = record.publics();
        let tables = Tables::segment(trace, &self.inspector.key, &publics, &self.pair);
        self.tables(record.number, &tables)?;
        self.segments.push(publics);
        Ok(())
    }

    fn end(mut self, finish: &Finish, exit_code: u32) -> Result<Checked, Violation> {
        for trace in self.inspector.boundary(&self.run, finish) {
            let Inspector { key, preprocessed, .. } = self.inspector;
            self.tables(BOUNDARY, &Tables::boundary(trace, key, preprocessed, &self.pair))?;
        }
        let cycles = self.segments.iter().map(|publics| u64::from(publics.cycles)).sum();
        let segments = self.segments.len() as u32;
        let statement = Statement { exit_code, cycles, output: finish.output.clone(), segments };
        check_chain(&self.inspector.key, &statement, &self.segments).map_err(Violation::Chain)?;
        if self.sum == output_terms(&self.pair, &statement.output) {
            Ok(Checked { segments, cycles })
        } else {
            Err(Violation::Sum)
        }
    }

    fn tables(&mut self, segment: u32, tables: &Tables) -> Result<(), Violation> {
        self.sum += tables.sum;
        match tables.check(&self.inspector.preprocessed) {
            Ok(()) => Ok(()),
            Err(DebugError::Report(report)) if self.any_counts && self.inspector.preprocessed.can_balance(&report) => {
                Ok(())
            }
            Err(DebugError::Report(report)) => Err(Violation::Tables { segment, report }),
            Err(DebugError::Input(error)) => Err(error.into()),
        }
    }
}
