//! How much memory the kernel needs to prove a run.
//!
//! What ships runs on addresses of 32 bits. A run that its proof has no room for has to be refused when it
//! is planned: every prover would fail with it. The figures here are what is alive at once at most, as the
//! prover's code has it; tests and `test/kernel/memory.spec.ts` compare them with what was measured.

use p3_air::BaseAir;
use proofloom_executor::{Accelerator, Instr, PAGE_BYTES, Program, Step, WordAccess};
use proofloom_field::Val;
use proofloom_stark::TableStats;

use crate::accelerators::{Accelerators, table};
use crate::heights::{RowCounts, log_height};
use crate::layout::LOG_MAX_HEIGHT;
use crate::limit::{MAX_ROWS, call_rows};
use crate::program::ProgramRow;
use crate::system::{boundary_machine, segment_machine};
use crate::tables::VmTable;
use crate::trace::chain::{Touch, WordMap};

/// Most bytes of one allocation: addresses of 32 bits have distances of 31.
pub const MAX_ALLOCATION: u64 = i32::MAX as u64;
/// Most bytes that a call may need. What is missing to 4 GiB is for code, stack, and the holes that allocations
/// leave between them.
pub const MAX_BYTES: u64 = 3840 << 20;
/// Most bytes that are kept of a run, for the next call about it.
pub const MAX_KEPT: u64 = 128 << 20;

const CELL: u64 = 4;
/// Bytes of a value of the challenge field.
const CHALLENGE: u64 = 5 * CELL;
/// Bytes of a tree by leaves: digests of 32 bytes on all levels.
const TREE: u64 = 2 * 32;
/// Bytes by points of the evaluation domain that opening needs: the points, their inverses, weights, codeword
/// and the low-degree test's layers with their trees.
const OPENING: u64 = 200;
/// Bytes by row of LOCAL or INITFIN for the cross-segment sum: tokens, inverses, sums.
const CROSS_SUM: u64 = 320;
/// Bytes by word of the boundary: a row before it is one, its place in order, with room to grow.
const BOUNDARY_WORD: u64 = 160;
/// Bytes of a frame besides its contents: marks, and what the allocator adds.
const FRAME: u64 = 640;
/// Bytes that every call needs: code's data, tables of pages, buffers of fixed size, RANGE and BYTE with
/// their trees.
const BASE: u64 = 64 << 20;

/// log2 of the most rows that a table can have: its main columns with their extension are one allocation.
pub fn log_max_height(table: VmTable) -> usize {
    let row = 2 * CELL * BaseAir::<Val>::width(&table) as u64;
    LOG_MAX_HEIGHT.min((MAX_ALLOCATION / row).ilog2() as usize)
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Words touched.
    pub words: u64,
    /// Bytes of the pages touched.
    pub page_bytes: u64,
}

impl Extent {
    const fn pages(self) -> u64 {
        self.page_bytes / PAGE_BYTES
    }

    /// The machine and the history of its words.
    fn run(self) -> u64 {
        self.page_bytes + self.pages() * FRAME + self.map::<u32>(self.words)
    }

    /// A map of words that lie on the run's pages.
    fn map<T: Copy + Default>(self, words: u64) -> u64 {
        WordMap::<T>::most_bytes(words, self.pages())
    }
}

/// What the calls about one program and its input need.
pub struct MemoryNeeds {
    /// Bytes that are there whatever is proven: program, key, request.
    held: u64,
    segment: Vec<TableStats>,
    boundary: Vec<TableStats>,
    image_words: u64,
}

impl MemoryNeeds {
    /// Of a program whose requests have so many bytes, its file among them.
    pub fn new(program: &Program, request: u64) -> Self {
        let slots = program.text().len() as u64;
        let image_words = program.image_words() as u64;
        let decoded = slots * (size_of::<Option<ProgramRow>>() + size_of::<Option<Instr>>()) as u64;
        let (segment, boundary) = (segment_machine(Accelerators::ALL).stats(), boundary_machine().stats());
        let preprocessed = |stats: &[TableStats], tables: &[VmTable], table: VmTable, rows: u64| {
            let columns =
                tables.iter().zip(stats).filter(|(own, _)| **own == table).map(|(_, stats)| stats.fixed as u64);
            (columns.sum::<u64>() * 3 * CELL + 2 * TREE) << log_height(table, rows)
        };
        let committed = preprocessed(&segment, segment_machine(Accelerators::ALL).tables(), VmTable::Program, slots)
            + preprocessed(&boundary, boundary_machine().tables(), VmTable::Image, image_words);
        Self {
            // The file is kept beside the request's.
            held: BASE + 2 * request + decoded + 8 * image_words + committed,
            segment,
            boundary,
            image_words,
        }
    }

    /// To contribute a segment that touches so many words, and to prove it.
    pub fn segment(&self, extent: Extent, rows: &RowCounts, segment_cycles: u64) -> u64 {
        let local = rows.get(VmTable::Local);
        let tables = rows.accelerators().tables();
        let stats = self.segment.iter().zip(Accelerators::ALL.tables());
        let stats: Vec<_> = stats.filter(|(_, table)| tables.contains(table)).map(|(stats, _)| stats).collect();
        let steps = segment_cycles.min(MAX_ROWS) * size_of::<Step>() as u64;
        // The run goes on from where it was left, and the segment has a history of its own.
        let histories = extent.run() + extent.map::<u32>(extent.words);
        let recorded = histories + steps + replaced(rows) + extent.map::<Touch>(local);
        let sums = CROSS_SUM << log_height(VmTable::Local, local);
        self.held + self.kept(extent) + recorded + sums + proof(&stats, &rows.log_heights(&tables))
    }

    /// To contribute the boundary of a run, and to prove it; `words` have a row in it.
    pub fn boundary(&self, extent: Extent, words: u64) -> u64 {
        let rows = |table: &VmTable| match table {
            VmTable::Initfin => words,
            VmTable::Image => self.image_words,
            _ => 0,
        };
        let tables = boundary_machine().tables();
        let log_heights: Vec<_> = tables.iter().map(|table| log_height(*table, rows(table))).collect();
        let ended = extent.run() + extent.map::<u64>(extent.words) + words * BOUNDARY_WORD;
        let sums = CROSS_SUM << log_height(VmTable::Initfin, words);
        let stats: Vec<_> = self.boundary.iter().collect();
        self.held + self.kept(extent) + ended + sums + proof(&stats, &log_heights)
    }

    /// What is kept of a run for the next call.
    fn kept(&self, extent: Extent) -> u64 {
        MAX_KEPT.min(extent.run() + extent.page_bytes)
    }
}

/// The words that calls of accelerators replaced.
fn replaced(rows: &RowCounts) -> u64 {
    let bytes = |accelerator: Accelerator| {
        let calls = rows.get(table(accelerator)) / call_rows(accelerator);
        calls * (accelerator.words() * size_of::<WordAccess>() + size_of::<Vec<WordAccess>>()) as u64
    };
    Accelerator::ALL.into_iter().map(bytes).sum()
}

/// Most bytes that are alive at once while the proof of these tables is made, their rows included.
fn proof(stats: &[&TableStats], log_heights: &[usize]) -> u64 {
    let bytes = |columns: fn(&TableStats) -> usize| -> u64 {
        stats.iter().zip(log_heights).map(|(stats, &log)| (CELL * columns(stats) as u64) << log).sum()
    };
    let (traces, aux) = (bytes(|stats| stats.main + stats.shared), bytes(|stats| stats.aux));
    let domain = 2u64 << log_heights.iter().copied().max().unwrap_or(0);
    let tree = TREE * domain;
    // Every trace is there until the auxiliary columns of its table are.
    let extended = 2 * traces + 2 * tree;
    let (mut left, mut made, mut most) = (traces, 0, extended + traces);
    for (stats, &log) in stats.iter().zip(log_heights) {
        made += (2 * CELL * stats.aux as u64) << log;
        most = most.max(extended + left + made + (CHALLENGE << log));
        left -= (CELL * (stats.main + stats.shared) as u64) << log;
    }
    most.max(extended + 2 * aux + 2 * tree + OPENING * domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The columns of a table, of one kind and with their extension, are one allocation.
    #[test]
    fn the_columns_of_every_table_fit_into_one_allocation() {
        let machines = [segment_machine(Accelerators::ALL), boundary_machine()];
        for (table, stats) in machines.iter().flat_map(|machine| machine.tables().iter().zip(machine.stats())) {
            let log = log_max_height(*table);
            for columns in [stats.main, stats.aux, stats.shared, stats.fixed] {
                assert!((2 * CELL * columns as u64) << log <= MAX_ALLOCATION, "{table:?}");
            }
            let one_higher = (2 * CELL * stats.main as u64) << (log + 1);
            assert!(log == LOG_MAX_HEIGHT || one_higher > MAX_ALLOCATION, "{table:?}");
        }
        assert_eq!([VmTable::Keccak, VmTable::Sha256, VmTable::Cpu].map(log_max_height), [16, 19, 20]);
    }
}
