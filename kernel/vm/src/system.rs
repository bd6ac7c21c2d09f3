//! The machines: the tables of a segment proof, for each set of accelerators, and those of the
//! boundary proof.

use std::sync::OnceLock;

use proofloom_stark::Machine;

use crate::accelerators::Accelerators;
use crate::tables::{BOUNDARY_TABLES, VmTable};

fn build(tables: Vec<VmTable>) -> Machine<VmTable> {
    // A table list that cannot be analysed is a mistake in this crate; its tests build all.
    Machine::new(tables).unwrap_or_else(|error| panic!("{error}"))
}

/// Tables of the proof of a segment that uses these accelerators.
pub fn segment_machine(used: Accelerators) -> &'static Machine<VmTable> {
    static MACHINES: [OnceLock<Machine<VmTable>>; Accelerators::SETS] =
        [const { OnceLock::new() }; Accelerators::SETS];
    MACHINES[used.index()].get_or_init(|| build(used.tables()))
}

/// Tables of the boundary proof.
pub fn boundary_machine() -> &'static Machine<VmTable> {
    static MACHINE: OnceLock<Machine<VmTable>> = OnceLock::new();
    MACHINE.get_or_init(|| build(BOUNDARY_TABLES.to_vec()))
}
