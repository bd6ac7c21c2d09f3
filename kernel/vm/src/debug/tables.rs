//! All columns of one proof, put together but not committed.

use std::sync::OnceLock;

use p3_field::PrimeField32;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_executor::Program;
use proofloom_field::{Challenge, Val};
use proofloom_stark::{DebugError, DebugReport, Machine, Traces};

use crate::bus;
use crate::cross::CrossPair;
use crate::engine::Engine;
use crate::gamma::SegmentPublics;
use crate::key::{VerifyingKey, by_table};
use crate::program::{Decoded, ProgramRow};
use crate::publics::{self, ShardSums};
use crate::tables::initfin::ShardPublics;
use crate::tables::initfin::rows::BoundaryTrace;
use crate::tables::{VmTable, byte, image, local, range};
use crate::trace::segment::SegmentTrace;

type Matrix = RowMajorMatrix<Val>;

/// The tables that the key fixes, uncommitted.
pub struct PreprocessedTables {
    program: Matrix,
    image: Matrix,
}

impl PreprocessedTables {
    /// Of a program whose decoded rows are `rows`.
    pub fn new(program: &Program, rows: &[Option<ProgramRow>]) -> Self {
        let decoded = Decoded { program, rows };
        let fixed = |table: VmTable| table.fixed(&decoded).expect("the key fixes columns of PROGRAM and of IMAGE");
        Self { program: fixed(VmTable::Program), image: fixed(VmTable::Image) }
    }

    /// Preprocessed columns of IMAGE.
    #[cfg(all(test, feature = "multilinear"))]
    pub const fn image(&self) -> &Matrix {
        &self.image
    }

    /// log2 heights of PROGRAM and IMAGE.
    pub fn log_heights(&self) -> [u8; 2] {
        use p3_matrix::Matrix as _;
        [&self.program, &self.image].map(|table| table.height().ilog2() as u8)
    }

    /// Whether other multiplicities of the preprocessed tables would put everything right.
    ///
    /// Only the violations that the report keeps are judged.
    pub fn can_balance(&self, report: &DebugReport) -> bool {
        let fine = report.violation_count == 0 && report.bad_flags.is_empty();
        fine && report.imbalances.iter().all(|found| self.has(&found.bus, &found.tuple))
    }

    /// Whether a tuple is a row of PROGRAM, RANGE or BYTE.
    pub fn has(&self, bus: &str, tuple: &[u32]) -> bool {
        match (bus, tuple) {
            (bus::NARROW, &[bus::KIND_RANGE, value, bits, power]) => bits <= 16 && power == 1 << bits && value < power,
            (bus::NARROW, &[bus::KIND_AND, x, y, z]) => x < 256 && y < 256 && z == x & y,
            (bus::NARROW, &[bus::KIND_BYTES, x, y, 0]) => x < 256 && y < 256,
            (bus::WIDE, &[bus::KIND_PROGRAM, index, ..]) => self.has_instruction(index, &tuple[1..]),
            _ => false,
        }
    }

    fn has_instruction(&self, index: u32, tuple: &[u32]) -> bool {
        // Rows are in the order of their indices; that of padding is the largest there is.
        let row = |at: usize| &self.program.values[at * self.program.width..][..self.program.width];
        let height = self.program.values.len() / self.program.width;
        let (mut low, mut high) = (0, height);
        while low < high {
            let middle = low.midpoint(high);
            if row(middle)[0].as_canonical_u32() < index { low = middle + 1 } else { high = middle }
        }
        if low == height {
            return false;
        }
        let (fields, rest) = tuple.split_at(self.program.width);
        fields.iter().copied().eq(row(low).iter().map(PrimeField32::as_canonical_u32)) && rest.iter().all(|&x| x == 0)
    }

    /// Preprocessed columns of a table. RANGE and BYTE are the same for all programs.
    fn of(&self, table: VmTable) -> Option<&Matrix> {
        static RANGE: OnceLock<Matrix> = OnceLock::new();
        static LOG_RANGE: OnceLock<Matrix> = OnceLock::new();
        static BYTE: OnceLock<Matrix> = OnceLock::new();
        match table {
            VmTable::Program => Some(&self.program),
            VmTable::Image | VmTable::SentImage => Some(&self.image),
            VmTable::Range => Some(RANGE.get_or_init(range::rows::fixed)),
            VmTable::LogRange => Some(LOG_RANGE.get_or_init(range::rows::fixed_by_logarithm)),
            VmTable::Byte => Some(BYTE.get_or_init(byte::rows::fixed)),
            _ => None,
        }
    }
}

/// All but the preprocessed columns of a segment proof or of the boundary proof.
pub struct Tables {
    pub machine: &'static Machine<VmTable>,
    pub phase_one: Vec<Option<Matrix>>,
    pub main: Vec<Matrix>,
    pub publics: Vec<Vec<Val>>,
    /// Share of the cross-segment bus.
    pub sum: Challenge,
}

impl Tables {
    /// The tables of a segment.
    pub fn segment(mut trace: SegmentTrace, key: &VerifyingKey, publics: &SegmentPublics, pair: &CrossPair) -> Self {
        let machine = trace.engine.segment(trace.accelerators);
        let (local, sum) = local::rows::main(&trace.local, &trace.lasts, publics.number, pair);
        let mut local = Some(local);
        let main = |&table: &VmTable| if table == VmTable::Local { local.take() } else { trace.take_main(table) };
        let main = machine.tables().iter().filter_map(main).collect();
        let phase_one = by_table(machine, &mut vec![(VmTable::Local, trace.local)]);
        Self { machine, phase_one, main, publics: publics::segment(machine.tables(), key, publics, pair, sum), sum }
    }

    /// The tables of the boundary, or of a shard of it.
    pub fn boundary(
        trace: BoundaryTrace,
        key: &VerifyingKey,
        preprocessed: &PreprocessedTables,
        pair: &CrossPair,
    ) -> Self {
        let (contents, words) = trace.mains(pair);
        let shard = trace.shard().copied();
        Self::of_boundary(contents, trace.phase_one, words, shard, key, preprocessed, pair)
    }

    /// The same from main columns of INITFIN and RANGE, and phase-one columns and sum of INITFIN.
    pub fn of_boundary(
        mut contents: Vec<(VmTable, Matrix)>,
        phase_one: Matrix,
        words: Challenge,
        shard: Option<ShardPublics>,
        key: &VerifyingKey,
        preprocessed: &PreprocessedTables,
        pair: &CrossPair,
    ) -> Self {
        let (engine, image, publics, sum);
        match shard {
            None => {
                engine = Engine::Univariate;
                image = image::rows::main(1 << key.image_log_height);
                sum = words;
                publics = publics::boundary(engine.boundary(), key, pair, sum);
            }
            Some(shard) => {
                engine = Engine::Multilinear;
                let (main, total) = image::rows::sent(&preprocessed.image, shard.number == 1, pair);
                image = main;
                sum = words + total;
                publics = publics::shard(key, pair, &shard, &ShardSums { words, image: total });
            }
        }
        let machine = engine.boundary();
        contents.push((VmTable::Image.of(engine), image));
        let main = by_table(machine, &mut contents).into_iter().flatten().collect();
        let phase_one = by_table(machine, &mut vec![(VmTable::Initfin.of(engine), phase_one)]);
        Self { machine, phase_one, main, publics, sum }
    }

    /// Calls `use_them` with the columns of all tables.
    pub fn with<R>(&self, preprocessed: &PreprocessedTables, use_them: impl FnOnce(&Traces<'_>) -> R) -> R {
        let preprocessed: Vec<_> = self.machine.tables().iter().map(|&table| preprocessed.of(table)).collect();
        let phase_one: Vec<_> = self.phase_one.iter().map(Option::as_ref).collect();
        use_them(&Traces { fixed: &preprocessed, shared: &phase_one, main: &self.main, publics: &self.publics })
    }

    /// Checks every row and every tuple.
    ///
    /// # Errors
    /// [`DebugError`].
    pub fn check(&self, preprocessed: &PreprocessedTables) -> Result<(), DebugError> {
        self.with(preprocessed, |traces| self.machine.debug_check(traces))
    }
}
