//! CPU: one row a cycle. Fetch, register reads and write, ADD and SUB, program counter.
//!
//! Row r is cycle r of the segment; rows after the last cycle are padding (`real` = 0), and the
//! last row always is. LUI, AUIPC, JAL and FENCE are additions of x0 and an immediate.

mod columns;
mod constraints;
mod rows;

pub use self::columns::*;
pub use self::rows::{Cycle, Operands};
use proofloom_field::Val;

use crate::bus::VmBuilder;
use crate::tables::{Definition, VmTable};
use crate::trace::counts::Counts;
use crate::trace::rows::{Ending, Rows};

/// The table as a whole.
pub struct Cpu;

impl Definition for Cpu {
    type Source<'a> = Cycle<'a>;

    const TABLE: VmTable = VmTable::Cpu;
    const NAME: &str = "CPU";
    const MAIN: usize = CpuCols::<u8>::WIDTH;
    const PUBLICS: usize = public::COUNT;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }

    fn pad(row: &mut [Val], ending: &Ending) {
        rows::pad(row, ending);
    }
}

/// The table as the multilinear engine proves it.
pub struct CyclicCpu;

impl Definition for CyclicCpu {
    type Source<'a> = Cycle<'a>;

    const TABLE: VmTable = VmTable::CyclicCpu;
    const NAME: &str = Cpu::NAME;
    const MAIN: usize = Cpu::MAIN;
    const PUBLICS: usize = Cpu::PUBLICS;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval_cyclic(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }

    fn pad(row: &mut [Val], ending: &Ending) {
        rows::pad(row, ending);
    }
}
