//! All rows of one segment.

use p3_air::BaseAir;
use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_executor::{Accelerator, Step, WordAccess, alu};
use proofloom_field::Val;

use crate::accelerators::{Accelerators, table};
use crate::heights::RowCounts;
use crate::layout::{STAMP_MEM, STAMP_RD, STAMP_RS1, STAMP_RS2, STAMPS, limbs};
use crate::limit::OverLimit;
use crate::opcode;
use crate::program::ProgramRow;
use crate::tables::cpu::rows::{Cycle, Operands};
use crate::tables::cpu::{CpuCols, flag};
use crate::tables::jump::JumpCols;
use crate::tables::local::DISTANCE_BITS;
use crate::tables::refresh::{EPOCH_BITS, RefreshCols};
use crate::tables::{
    VmTable, compare, cpu, div, jump, keccak, local, logic, mul, mulh, not, refresh, sha256, shift, word,
};
use crate::trace::accelerated::Call;
use crate::trace::chain::{Place, Touch, Words};
use crate::trace::counts::Counts;
use crate::trace::memory::{MemoryRows, Request};
use crate::trace::record::{Record, Run, next_index};
use crate::trace::rows::Rows;
use crate::trace::values::{bit, val};

/// The rows of a segment, before the columns that depend on gamma.
pub struct SegmentTrace {
    /// Phase-one columns of LOCAL.
    pub local: RowMajorMatrix<Val>,
    /// Stamps of the last accesses, by row of LOCAL.
    pub lasts: Vec<u32>,
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
pub fn build(run: &Run<'_>, record: &Record) -> Result<SegmentTrace, OverLimit> {
    let counts = RowCounts::of(record, run.rows);
    counts.check(record.number)?;
    let mut builder = Builder::new(run, record, &counts);
    for step in &record.steps {
        if let Some(row) = run.rows.get(step.index as usize).copied().flatten() {
            builder.step(&row, step);
        }
    }
    Ok(builder.finish(record))
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
    cpu: Rows,
    logic: Rows,
    not: Rows,
    word: Rows,
    compare: Rows,
    shift: Rows,
    jump: Rows,
    memory: MemoryRows,
    mul: Rows,
    mulh: Rows,
    div: Rows,
    refresh: Rows,
    keccak: Rows,
    sha256: Rows,
}

impl<'a> Builder<'a> {
    fn new(run: &'a Run<'a>, record: &'a Record, counts: &RowCounts) -> Self {
        let program = run.start.program;
        let room = |table: VmTable| Rows::with_room(BaseAir::<Val>::width(&table), counts.get(table) as usize);
        Self {
            run,
            calls: record.replaced.iter(),
            text_base: program.text_base(),
            writable: (program.writable_start() / 8) as u32,
            clk: STAMPS,
            counts: Counts::new(program.text().len()),
            touched: Words::default(),
            registers: record.registers,
            cpu: room(VmTable::Cpu),
            logic: room(VmTable::Logic),
            not: room(VmTable::Not),
            word: room(VmTable::Word),
            compare: room(VmTable::Compare),
            shift: room(VmTable::Shift),
            jump: room(VmTable::Jump),
            memory: MemoryRows {
                aligned: room(VmTable::Aligned),
                sub_word: room(VmTable::SubWord),
                unaligned: room(VmTable::Unaligned),
            },
            mul: room(VmTable::Mul),
            mulh: room(VmTable::Mulh),
            div: room(VmTable::Div),
            refresh: Rows::new(RefreshCols::<Val>::WIDTH),
            keccak: room(VmTable::Keccak),
            sha256: room(VmTable::Sha256),
        }
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
        self.counts.fetch(step.index);
        if row.has(flag::ADD) || row.has(flag::SUB) {
            self.counts.u16s(limbs(ops.c));
        }
        let cycle = Cycle { row, index: step.index, clk: self.clk, operands: ops, x, old, previous };
        cpu::rows::push(&mut self.cpu, &cycle);
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
        let (code, counts) = (row.opcode, &mut self.counts);
        match code {
            opcode::INLINE => return bit(row.has(flag::BRANCH)),
            opcode::AND | opcode::OR | opcode::XOR => logic::rows::push(&mut self.logic, counts, code, a, b),
            opcode::NOT => not::rows::push(&mut self.not, a),
            opcode::ADDW | opcode::SUBW => word::rows::push(&mut self.word, counts, code, a, b, c),
            opcode::CMP..opcode::SHIFT => {
                let verdict = compare::rows::push(&mut self.compare, counts, code, a, b, Val::from_i64(row.t));
                return bit(verdict && row.has(flag::BRANCH));
            }
            opcode::SHIFT..opcode::JALR => shift::rows::push(&mut self.shift, counts, code, a, b, c),
            opcode::JALR => {
                let target = next_index(step);
                jump::rows::jalr(&mut self.jump, counts, a, b, row.t, target);
                return val(target);
            }
            opcode::ECALL if let Some(accelerator) = Accelerator::of_call(a) => {
                self.accelerate(accelerator, step.index + 1);
                return val(step.index + 1);
            }
            opcode::ECALL => {
                let (next, target) = (step.index + 1, next_index(step));
                let clk = self.clk;
                jump::rows::ecall(&mut self.jump, self.text_base, [a, b], [next, target], clk);
                return val(target);
            }
            opcode::LD..opcode::MUL => {
                self.memory_access(row, step, ops);
                return val(self.clk);
            }
            opcode::MUL | opcode::MULW => mul::rows::push(&mut self.mul, counts, code, a, b),
            opcode::MULH..opcode::DIV => mulh::rows::push(&mut self.mulh, counts, code, a, b),
            _ => div::rows::push(&mut self.div, counts, code, a, b, c),
        }
        Val::ZERO
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
        call.count(&mut self.counts);
        match accelerator {
            Accelerator::KeccakF => keccak::rows::push(&mut self.keccak, &call),
            Accelerator::Sha256 => sha256::rows::push(&mut self.sha256, &mut self.counts, &call),
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
        self.memory.push(&mut self.counts, &request);
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
        let epoch = (previous >> 16) + 1;
        let stamp = epoch << 16;
        self.counts.range(epoch, EPOCH_BITS);
        self.counts.u16(stamp - previous - 1);
        let (space, address) = local::rows::coordinates(place);
        refresh::rows::push(&mut self.refresh, (space, address), value, previous, epoch);
        stamp
    }

    fn finish(mut self, record: &Record) -> SegmentTrace {
        for (place, touch) in self.touched.iter() {
            if touch.last != 0 {
                self.counts.range(record.number.wrapping_sub(record.history.get(place) + 1), DISTANCE_BITS);
            }
        }
        let local = local::rows::phase_one(&self.touched, &record.history);
        let lasts = local::rows::lasts(&self.touched);
        let (clk, pc_out) = (val(self.clk), val(record.pc_out));
        let pad_cpu = |row: &mut [Val]| {
            let cols = CpuCols { clk, pc: pc_out, ..CpuCols::<Val>::default() };
            cols.write(row);
        };
        // The CPU table needs a last row of padding.
        if self.cpu.len().is_power_of_two() {
            pad_cpu(self.cpu.push());
        }
        let distance = jump::rows::idle_distance(self.text_base);
        let pad_jump = |row: &mut [Val]| {
            let cols = JumpCols { distance, ..JumpCols::<Val>::default() };
            cols.write(row);
        };
        let mut mains = vec![
            (VmTable::Cpu, self.cpu.finish_with(pad_cpu)),
            (VmTable::Program, self.counts.program_main(self.run.rows)),
            (VmTable::Range, self.counts.range_main()),
            (VmTable::Byte, self.counts.byte_main()),
            (VmTable::Logic, self.logic.finish()),
            (VmTable::Not, self.not.finish()),
            (VmTable::Word, self.word.finish()),
            (VmTable::Compare, self.compare.finish()),
            (VmTable::Shift, self.shift.finish()),
            (VmTable::Jump, self.jump.finish_with(pad_jump)),
            (VmTable::Aligned, self.memory.aligned.finish()),
            (VmTable::SubWord, self.memory.sub_word.finish()),
            (VmTable::Unaligned, self.memory.unaligned.finish()),
            (VmTable::Mul, self.mul.finish()),
            (VmTable::Mulh, self.mulh.finish()),
            (VmTable::Div, self.div.finish()),
            (VmTable::Refresh, self.refresh.finish()),
        ];
        let mut accelerators = Accelerators::NONE;
        for (accelerator, rows) in [(Accelerator::KeccakF, self.keccak), (Accelerator::Sha256, self.sha256)] {
            if rows.len() > 0 {
                accelerators = accelerators.with(accelerator);
                mains.push((table(accelerator), rows.finish()));
            }
        }
        SegmentTrace { local, lasts, accelerators, mains }
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
