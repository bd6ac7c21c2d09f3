//! The two machines: the tables of a segment proof and those of the boundary proof.

use std::sync::OnceLock;

use proofloom_stark::Machine;

use crate::tables::{BOUNDARY_TABLES, SEGMENT_TABLES, VmTable};

fn build(tables: &[VmTable]) -> Machine<VmTable> {
    // A table list that cannot be analysed is a mistake in this crate; its tests build both.
    Machine::new(tables.to_vec()).unwrap_or_else(|error| panic!("{error}"))
}

/// Tables of a segment proof.
pub fn segment_machine() -> &'static Machine<VmTable> {
    static MACHINE: OnceLock<Machine<VmTable>> = OnceLock::new();
    MACHINE.get_or_init(|| build(&SEGMENT_TABLES))
}

/// Tables of the boundary proof.
pub fn boundary_machine() -> &'static Machine<VmTable> {
    static MACHINE: OnceLock<Machine<VmTable>> = OnceLock::new();
    MACHINE.get_or_init(|| build(&BOUNDARY_TABLES))
}
