//! How many rows each table of a segment has, before the tables are there.

use proofloom_executor::{Accelerator, Instr, Observer, Step, Unaligned};

use crate::accelerators::{self, Accelerators};
use crate::limit::{Limit, MAX_ROWS, OverLimit, call_rows};
use crate::opcode;
use crate::program::ProgramRow;
use crate::tables::VmTable;
use crate::trace::record::Record;

/// Name of the table beside CPU that gets a row from an instruction (aligned accesses assumed).
pub fn table_of(instr: &Instr) -> Option<&'static str> {
    opcode::table_of(opcode::code(instr)).map(|table| table.name())
}

/// Rows of each table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts([u64; VmTable::COUNT]);

impl RowCounts {
    /// Those of CPU and of the tables that do its work, as a recorded segment needs them. REFRESH and LOCAL
    /// are not counted: what they hold is known when the rows are made.
    pub fn of(record: &Record, rows: &[Option<ProgramRow>]) -> Self {
        let mut counts = Self::default();
        for step in &record.steps {
            let row = rows.get(step.index as usize).copied().flatten();
            let crosses = step.mem.as_ref().is_some_and(|mem| mem.count == 2);
            match row.and_then(|row| opcode::table_of(row.opcode)) {
                _ if crosses => *counts.entry(VmTable::Unaligned) += 1,
                Some(VmTable::Jump) if let Some(accelerator) = call(row, step) => counts.add_calls(accelerator, 1),
                Some(table) => *counts.entry(table) += 1,
                None => {}
            }
        }
        counts.add_cycles(record.steps.len() as u64);
        counts
    }

    /// Rows of a table.
    pub const fn get(&self, table: VmTable) -> u64 {
        self.0[table as usize]
    }

    pub const fn entry(&mut self, table: VmTable) -> &mut u64 {
        &mut self.0[table as usize]
    }

    /// The CPU table has a row for each cycle and a last one of padding.
    fn add_cycles(&mut self, cycles: u64) {
        *self.entry(VmTable::Cpu) += cycles + 1;
    }

    pub fn add_calls(&mut self, accelerator: Accelerator, calls: u64) {
        *self.entry(accelerators::table(accelerator)) += calls * call_rows(accelerator);
    }

    /// The accelerators that are called.
    pub fn accelerators(&self) -> Accelerators {
        let called = |accelerator: &Accelerator| self.get(accelerators::table(*accelerator)) > 0;
        Accelerator::ALL.into_iter().filter(called).fold(Accelerators::NONE, Accelerators::with)
    }

    /// log2 heights of these tables.
    pub fn log_heights(&self, tables: &[VmTable]) -> Vec<usize> {
        tables.iter().map(|&table| log_height(table, self.get(table))).collect()
    }

    /// No table may be higher than the highest there is.
    ///
    /// # Errors
    /// The first table that is too high.
    pub fn check(&self, segment: u32) -> Result<(), OverLimit> {
        for accelerator in Accelerator::ALL {
            let calls = self.get(accelerators::table(accelerator)) / call_rows(accelerator);
            OverLimit::check(Limit::Calls(accelerator), Some(segment), calls)?;
        }
        let check = |table: VmTable| OverLimit::check(Limit::Rows(table.name()), Some(segment), self.get(table));
        Accelerators::ALL.tables().into_iter().try_for_each(check)
    }
}

/// The accelerator that a step calls.
fn call(row: Option<ProgramRow>, step: &Step) -> Option<Accelerator> {
    row.filter(|row| row.opcode == opcode::ECALL).and_then(|_| Accelerator::of_call(step.rs1))
}

/// log2 of the height of a table with so many rows. Over all heights there are, the highest.
pub fn log_height(table: VmTable, rows: u64) -> usize {
    let (least, _) = table.height_range();
    (rows.min(MAX_ROWS).next_power_of_two().ilog2() as usize).max(least)
}

/// Counts the instructions that give each table a row, at little more than the cost of running them.
pub struct RowCounter {
    /// For each slot the place of its table's count.
    tables: Vec<u8>,
    /// By table; the last counts what gives a row to none.
    counts: [u64; VmTable::COUNT + 1],
    unaligned: Unaligned,
}

impl RowCounter {
    /// Nothing counted yet, for the slots of a program.
    pub fn new(text: &[Option<Instr>]) -> Self {
        let table = |slot: &Option<Instr>| {
            let table = slot.and_then(|instr| opcode::table_of(opcode::code(&instr)));
            table.map_or(VmTable::COUNT, |table| table as usize) as u8
        };
        Self {
            tables: text.iter().map(table).collect(),
            counts: [0; VmTable::COUNT + 1],
            unaligned: Unaligned::default(),
        }
    }

    /// Takes the rows since the last time. `unaligned` are all accesses so far that reach into two words,
    /// `calls` what was called of each accelerator since the last time.
    pub fn take(&mut self, unaligned: Unaligned, calls: [u64; Accelerator::ALL.len()]) -> RowCounts {
        let counts = std::mem::replace(&mut self.counts, [0; VmTable::COUNT + 1]);
        let before = std::mem::replace(&mut self.unaligned, unaligned);
        let (wide, narrow) = (unaligned.wide - before.wide, unaligned.narrow - before.narrow);
        let mut rows = RowCounts::default();
        rows.0.copy_from_slice(&counts[..VmTable::COUNT]);
        rows.add_cycles(counts.iter().sum());
        *rows.entry(VmTable::Aligned) -= wide;
        *rows.entry(VmTable::SubWord) -= narrow;
        *rows.entry(VmTable::Unaligned) += wide + narrow;
        for (accelerator, calls) in Accelerator::ALL.into_iter().zip(calls) {
            *rows.entry(VmTable::Jump) -= calls;
            rows.add_calls(accelerator, calls);
        }
        rows
    }
}

impl Observer for RowCounter {
    const ENABLED: bool = false;

    #[inline(always)]
    fn step(&mut self, _: &Step) {}

    #[inline(always)]
    fn retired(&mut self, index: u32) {
        self.counts[usize::from(self.tables[index as usize])] += 1;
    }
}

#[cfg(test)]
mod tests {
    use p3_matrix::Matrix;
    use proofloom_executor::testkit::{Mix, accelerator_calls, random_program_with, workloads};
    use proofloom_executor::{Machine, load_elf};

    use super::*;
    use crate::debug::Inspector;
    use crate::engine::Engine;
    use crate::trace::record::Runner;
    use crate::trace::segment;

    /// Compares, segment by segment, what a plan counts with what was recorded, and with the tables.
    fn counts_agree(elf: &[u8], segment_cycles: u64) -> u32 {
        let inspector = Inspector::new(load_elf(elf).expect("ELF"));
        let run = inspector.run(&[], segment_cycles);
        let mut runner = Runner::new(run).expect("a short input");
        let mut machine = Machine::new(run.start.program, &[], run.start.limits).expect("a short input");
        let mut counter = RowCounter::new(run.start.program.text());
        let mut before = [0; Accelerator::ALL.len()];
        while runner.exit().is_none() {
            let record = runner.record().expect("no trap");
            machine.run_segment(segment_cycles, &mut counter).expect("no trap");
            let after = Accelerator::ALL.map(|accelerator| machine.calls(accelerator));
            let planned = counter.take(machine.unaligned_accesses(), std::array::from_fn(|i| after[i] - before[i]));
            before = after;
            assert_eq!(planned, RowCounts::of(&record, run.rows), "segment {}", record.number);
            let mut trace = segment::build(&run, &record, Engine::Univariate).expect("low tables");
            let tables = planned.accelerators().tables();
            let not_counted = [VmTable::Program, VmTable::Range, VmTable::Byte, VmTable::Refresh, VmTable::Local];
            for table in tables.into_iter().filter(|table| !not_counted.contains(table)) {
                let made = trace.take_main(table).expect("each table has columns").height();
                assert_eq!(1 << log_height(table, planned.get(table)), made, "{table:?}");
            }
        }
        runner.segments()
    }

    #[test]
    fn rows_are_counted_as_the_tables_have_them() {
        for seed in 0..20 {
            let elf = random_program_with(seed, &Mix { rounds: 3, ..Mix::default() }).elf();
            assert!(counts_agree(&elf, 500) > 1);
        }
        for workload in workloads(500) {
            counts_agree(&workload.elf(), 1 << 12);
        }
    }

    #[test]
    fn calls_of_accelerators_are_counted_as_rows_of_their_tables() {
        for accelerator in Accelerator::ALL {
            let elf = accelerator_calls(accelerator, 8).elf();
            assert!(counts_agree(&elf, 20) > 1);
            assert_eq!(counts_agree(&elf, 1 << 12), 1);
        }
    }
}
