//! All rows of one segment.

use p3_air::BaseAir;
use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_executor::{Accelerator, Step, WordAccess, alu};
use proofloom_field::Val;

use crate::accelerators::{Accelerators, table};
use crate::engine::Engine;
use crate::heights::RowCounts;
use crate::layout::{STAMP_MEM, STAMP_RD, STAMP_RS1, STAMP_RS2, STAMPS};
use crate::limit::OverLimit;
use crate::opcode;
use crate::program::ProgramRow;
use crate::tables::aligned::Aligned;
use crate::tables::byte::Byte;
use crate::tables::compare::{self, Compare};
use crate::tables::cpu::{Cpu, Cycle, Operands, flag};
use crate::tables::div::Div;
use crate::tables::jump::{Jump, Jumping};
use crate::tables::keccak::Keccak;
use crate::tables::local::{self, DISTANCE_BITS};
use crate::tables::logic::Logic;
use crate::tables::mul::Mul;
use crate::tables::mulh::Mulh;
use crate::tables::not::Not;
use crate::tables::program::Program;
use crate::tables::range::{LogRange, Range};
use crate::tables::refresh::{Refresh, Renewal};
use crate::tables::sha256::Sha256;
use crate::tables::shift::Shift;
use crate::tables::sub_word::SubWord;
use crate::tables::unaligned::Unaligned;
use crate::tables::word::Word;
use crate::tables::{Definition, VmTable};
use crate::trace::accelerated::Call;
use crate::trace::chain::{Place, Touch, Words};
use crate::trace::counts::Counts;
use crate::trace::memory::Request;
use crate::trace::operation::Operation;
use crate::trace::record::{Record, Run, next_index};
use crate::trace::rows::{Ending, Rows};
use crate::trace::values::{bit, val};

/// The rows of a segment, before the columns that depend on gamma.
pub struct SegmentTrace {
    /// Phase-one columns of LOCAL.
    pub local: RowMajorMatrix<Val>,
    /// Stamps of the last accesses, by row of LOCAL.
    pub lasts: Vec<u32>,
    /// Which engine the tables are for.
    pub engine: Engine,
    /// What the segment uses.
    pub accelerators: Accelerators,
    /// Main columns of every table but LOCAL.
    mains: Vec<(VmTable, RowMajorMatrix<Val>)>,
}

impl SegmentTrace {
    /// Main columns of a table; `None` for LOCAL, whose columns depend on gamma.
    pub fn take_main(&mut self, table: VmTable) -> Option<RowMajorMatrix<Val>> {
        let at = self.mains.iter().position(|(name, _)| *name == table)?;
        Some(self.mains.swap_remove(at).1)
    }
}

/// Builds the rows of a recorded segment.
///
/// # Errors
/// A table would be higher than the highest that can be proven.
pub fn build(run: &Run<'_>, record: &Record, engine: Engine) -> Result<SegmentTrace, OverLimit> {
    let counts = RowCounts::of(record, run.rows);
    counts.check(record.number)?;
    let mut builder = Builder::new(run, record, &counts);
    for step in &record.steps {
        if let Some(row) = run.rows.get(step.index as usize).copied().flatten() {
            builder.step(&row, step);
        }
    }
    Ok(builder.finish(record, engine))
}

struct Builder<'a> {
    run: &'a Run<'a>,
    /// The words of the calls of accelerators that are still to come.
    calls: std::slice::Iter<'a, Vec<WordAccess>>,
    text_base: u64,
    writable: u32,
    clk: u32,
    counts: Counts,
    touched: Words<Touch>,
    /// Registers before the step.
    registers: [u64; 32],
    /// By table.
    rows: [Rows; VmTable::COUNT],
}

impl<'a> Builder<'a> {
    fn new(run: &'a Run<'a>, record: &'a Record, counts: &RowCounts) -> Self {
        let program = run.start.program;
        let mut rows = core::array::from_fn(|_| Rows::new(0));
        for table in Accelerators::ALL.tables() {
            rows[table as usize] = Rows::with_room(BaseAir::<Val>::width(&table), counts.get(table) as usize);
        }
        Self {
            run,
            calls: record.replaced.iter(),
            text_base: program.text_base(),
            writable: (program.writable_start() / 8) as u32,
            clk: STAMPS,
            counts: Counts::new(program.text().len()),
            touched: Words::default(),
            registers: record.registers,
            rows,
        }
    }

    /// Appends what a source gives a table.
    fn fill<T: Definition>(&mut self, source: &T::Source<'_>) {
        T::fill(&mut self.rows[T::TABLE.base() as usize], &mut self.counts, source);
    }

    /// Appends the rows of one cycle. Accesses come in the order of their stamps.
    fn step(&mut self, row: &ProgramRow, step: &Step) {
        let ops = self.operands(row, step);
        let mut previous = [0; 3];
        previous[0] = self.access(Place::Register(row.rs1), ops.a, ops.a, STAMP_RS1);
        if row.has(flag::USES_RS2) {
            previous[1] = self.access(Place::Register(row.rs2), ops.b, ops.b, STAMP_RS2);
        }
        let x = self.operate(row, step, &ops);
        let mut old = 0;
        if row.has(flag::WRITES_RD) {
            old = core::mem::replace(&mut self.registers[usize::from(row.rd)], ops.c);
            previous[2] = self.access(Place::Register(row.rd), old, ops.c, STAMP_RD);
        }
        self.fill::<Cpu>(&Cycle { row, index: step.index, clk: self.clk, operands: ops, x, old, previous });
        self.clk += STAMPS;
    }

    fn operands(&self, row: &ProgramRow, step: &Step) -> Operands {
        let a = if row.rs1 == 0 { 0 } else { step.rs1 };
        let b = if row.has(flag::USES_RS2) { step.rs2 } else { row.imm };
        let c = if row.has(flag::WRITES_RD) {
            step.rd
        } else if row.has(flag::ADD) {
            a.wrapping_add(b)
        } else if row.has(flag::SUB) {
            a.wrapping_sub(b)
        } else if row.has(flag::DYNAMIC) {
            b
        } else if row.has(flag::MEMORY) {
            loaded(row, step)
        } else if row.has(flag::BRANCH) {
            0
        } else {
            // A result that x0 swallows.
            alu::result(&step.instr, self.run.start.program.pc(step.index), step.rs1, step.rs2)
        };
        Operands { a, b, c }
    }

    /// Appends the row of the operation table; returns the CPU's `x`.
    fn operate(&mut self, row: &ProgramRow, step: &Step, ops: &Operands) -> Val {
        let &Operands { a, b, c } = ops;
        let operation = Operation { code: row.opcode, a, b, c, t: row.t };
        match opcode::table_of(row.opcode) {
            None => return bit(row.has(flag::BRANCH)),
            Some(VmTable::Logic) => self.fill::<Logic>(&operation),
            Some(VmTable::Not) => self.fill::<Not>(&operation),
            Some(VmTable::Word) => self.fill::<Word>(&operation),
            Some(VmTable::Compare) => {
                self.fill::<Compare>(&operation);
                return bit(compare::rows::taken(&operation));
            }
            Some(VmTable::Shift) => self.fill::<Shift>(&operation),
            Some(VmTable::Mul) => self.fill::<Mul>(&operation),
            Some(VmTable::Mulh) => self.fill::<Mulh>(&operation),
            Some(VmTable::Jump) => return val(self.jump(row, step, ops)),
            Some(VmTable::Aligned | VmTable::SubWord) => {
                self.memory_access(row, step, ops);
                return val(self.clk);
            }
            Some(_) => self.fill::<Div>(&operation),
        }
        Val::ZERO
    }

    /// Appends the row of a jump or the rows of a call; returns the index after it.
    fn jump(&mut self, row: &ProgramRow, step: &Step, &Operands { a, b, .. }: &Operands) -> u32 {
        let (next, target) = (step.index + 1, next_index(step));
        if row.opcode == opcode::JALR {
            self.fill::<Jump>(&Jumping::Jalr { a, link: b, offset: row.t, target });
        } else if let Some(accelerator) = Accelerator::of_call(a) {
            self.accelerate(accelerator, next);
            return next;
        } else {
            let (clk, text_base) = (self.clk, self.text_base);
            self.fill::<Jump>(&Jumping::Ecall { registers: [a, b], next, target, clk, text_base });
        }
        target
    }

    /// Appends the rows of an accelerator's call; `next` is the index after it.
    fn accelerate(&mut self, accelerator: Accelerator, next: u32) {
        let words = self.calls.next();
        // A claimed execution that leaves the words out has no rows that could be proven.
        let Some(words) = words.filter(|words| words.len() == accelerator.words()) else {
            return;
        };
        let access = |word: &WordAccess| self.access(Place::Memory(word.word), word.before, word.after, STAMP_MEM);
        let previous: Vec<u32> = words.iter().map(access).collect();
        let call = Call { words, previous: &previous, clk: self.clk, next, writable: self.writable };
        match accelerator {
            Accelerator::KeccakF => self.fill::<Keccak>(&call),
            Accelerator::Sha256 => self.fill::<Sha256>(&call),
        }
    }

    fn memory_access(&mut self, row: &ProgramRow, step: &Step, ops: &Operands) {
        let Some(mem) = &step.mem else { return };
        let mut previous = [0; 2];
        for (word, previous) in mem.touched().iter().zip(&mut previous) {
            *previous = self.access(Place::Memory(word.word), word.before, word.after, STAMP_MEM);
        }
        let request = Request {
            code: row.opcode,
            a: ops.a,
            b: ops.b,
            c: ops.c,
            t: row.t,
            clk: self.clk,
            mem,
            previous,
            writable: self.writable,
        };
        if mem.count == 2 {
            self.fill::<Unaligned>(&request);
        } else if matches!(row.opcode, opcode::LD | opcode::SD) {
            self.fill::<Aligned>(&request);
        } else {
            self.fill::<SubWord>(&request);
        }
    }

    /// Notes an access and returns the stamp of the one before, renewed if it is too old.
    fn access(&mut self, place: Place, before: u64, after: u64, sub_step: u32) -> u32 {
        let stamp = self.clk + sub_step;
        let touch = self.touched.entry(place);
        if touch.last == 0 {
            touch.entering = before;
            touch.leaving = before;
        }
        let (mut previous, value) = (touch.last, touch.leaving);
        touch.last = stamp;
        touch.leaving = after;
        while stamp - previous > 1 << 16 {
            previous = self.renew(place, value, previous);
        }
        self.counts.u16(stamp - previous - 1);
        previous
    }

    /// A REFRESH row that brings the stamp of a word up to a multiple of 2^16.
    fn renew(&mut self, place: Place, value: u64, previous: u32) -> u32 {
        let renewal = Renewal { place, value, previous };
        self.fill::<Refresh>(&renewal);
        renewal.stamp()
    }

    fn finish(mut self, record: &Record, engine: Engine) -> SegmentTrace {
        for (place, touch) in self.touched.iter() {
            if touch.last != 0 {
                self.counts.range(record.number.wrapping_sub(record.history.get(place) + 1), DISTANCE_BITS);
            }
        }
        self.fill_counted(engine);
        let local = local::rows::phase_one(&self.touched, &record.history);
        let lasts = local::rows::lasts(&self.touched);
        let ending = Ending { clk: self.clk, pc: record.pc_out, text_base: self.text_base };
        // The CPU table needs a last row of padding.
        Cpu::pad(self.rows[VmTable::Cpu as usize].push(), &ending);
        let used = |accelerator: &Accelerator| self.rows[table(*accelerator) as usize].len() > 0;
        let accelerators = Accelerator::ALL.into_iter().filter(used).fold(Accelerators::NONE, Accelerators::with);
        let mut finish = |table: VmTable| table.finish(core::mem::take(&mut self.rows[table.base() as usize]), &ending);
        let tables = engine.segment_tables(accelerators).into_iter().filter(|&table| table != VmTable::Local);
        let mains = tables.map(|table| (table, finish(table))).collect();
        SegmentTrace { local, lasts, accelerators, engine, mains }
    }

    /// The rows that say how often others look something up.
    fn fill_counted(&mut self, engine: Engine) {
        let counts = core::mem::take(&mut self.counts);
        counts.program_times(self.run.rows).iter().for_each(|times| self.fill::<Program>(times));
        match engine {
            Engine::Univariate => counts.range_times().for_each(|times| self.fill::<Range>(&times)),
            Engine::Multilinear => counts.log_range_times().for_each(|times| self.fill::<LogRange>(&times)),
        }
        counts.byte_times().for_each(|times| self.fill::<Byte>(&times));
    }
}

/// What a load brings when x0 swallows it; 0 for stores.
fn loaded(row: &ProgramRow, step: &Step) -> u64 {
    let Some(mem) = step.mem.filter(|_| !row.has(flag::USES_RS2)) else {
        return 0;
    };
    let both = u128::from(mem.words[0].before) | u128::from(mem.words[1].before) << 64;
    let raw = (both >> (8 * (mem.addr % 8))) as u64;
    let unused = 64 - 8 * u32::from(mem.size);
    let unsigned = row.opcode >= opcode::SUB_WORD && (row.opcode - opcode::SUB_WORD) & opcode::SUB_WORD_UNSIGNED != 0;
    if unsigned { raw << unused >> unused } else { ((raw << unused) as i64 >> unused) as u64 }
}
