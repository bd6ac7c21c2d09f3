//! CPU: one row a cycle. Fetch, register reads and write, ADD and SUB, program counter.
//!
//! Row r is cycle r of the segment; rows after the last cycle are padding (`real` = 0), and the
//! last row always is. LUI, AUIPC, JAL and FENCE are additions of x0 and an immediate.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::Definition;

/// The table as a whole.
pub struct Cpu;

impl Definition for Cpu {
    const NAME: &str = "CPU";
    const MAIN: usize = CpuCols::<u8>::WIDTH;
    const PUBLICS: usize = public::COUNT;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
